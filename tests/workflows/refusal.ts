import { readFileSync } from "node:fs";
import {
  apply,
  type MachineDefinition,
  type Outcome,
  type Payload,
  type Reason,
  type Role,
  type StoredInstance,
} from "#workflows/index.ts";
import { actor, at } from "./scenarios.ts";

const root = new URL("../../", import.meta.url);
const text = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), "utf8"));

/** The golden instance of a machine in a leaf. */
export function golden(machine: string, state: string, version = 1): StoredInstance {
  const found = (text(`workflows/${machine}/fixtures/v${version}.json`) as Record<string, StoredInstance>)[state];
  if (!found) throw new Error(`no golden snapshot of ${machine} in ${state}`);
  return found;
}

const zh = text("app/i18n/messages/zh-CN/workflow.json") as Record<string, string>;

/** The reason in words; throws when the text wants a parameter that the reason does not carry, or carries one that it does not say. */
export function inWords(reason: Reason): string {
  const message = zh[reason.code];
  if (!message) throw new Error(`no text for ${reason.code}`);
  const given = reason.params ?? {};
  const asked = [...message.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  for (const name of asked) if (!(name in given)) throw new Error(`${reason.code} says {${name}} and is not given it`);
  return message.replace(/\{(\w+)\}/g, (_, name: string) => String(given[name]));
}

export interface Attempt<F extends object> {
  readonly type: string;
  readonly from: StoredInstance;
  readonly role: Role;
  readonly facts: F;
  readonly payload?: Payload;
}

export function attempt<F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
  one: Attempt<F>,
): Outcome {
  return apply(def, one.from, {
    type: one.type,
    actor: actor(one.role),
    facts: one.facts,
    payload: one.payload ?? {},
    at,
  });
}

/** `ok TO` or the codes of the refusal, after checking that each can be put in words. */
export function answer(outcome: Outcome): string {
  if (outcome.ok) return `ok ${outcome.to}`;
  for (const reason of outcome.reasons) inWords(reason);
  return outcome.kind === "guard" ? outcome.reasons.map((reason) => reason.code).join(" ") : outcome.kind;
}
