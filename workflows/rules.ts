import type { Actor, EventRule, FactKind, Need, PartReason, Payload, Reason, RuleSet } from "./types.ts";

/** Longest text that a person may write as a reason, in UTF-16 units. */
export const maxReasonLength = 2000;
const maxParts = 200;

/** Whether a value that nobody vouches for is an object with members. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The trimmed text under a key, or `""` when it is missing, not text, or blank. */
export function textOf(payload: unknown, key: string): string {
  if (!isRecord(payload) || !Object.hasOwn(payload, key)) return "";
  const value = payload[key];
  return typeof value === "string" ? value.trim() : "";
}

/** The same as stored in a context: null rather than empty. */
export function textOrNull(payload: unknown, key: string): string | null {
  return textOf(payload, key) || null;
}

/** Length as people and fields count it: a sign beyond the first plane is one. */
const signs = (text: string): number => [...text].length;

/** The parts sent back with their reasons; null when the list is malformed or holds a part without a reason. */
export function partsOf(payload: unknown): PartReason[] | null {
  if (!isRecord(payload) || !Array.isArray(payload["parts"])) return null;
  if (payload["parts"].length > maxParts) return null;
  const parts: PartReason[] = [];
  for (const entry of payload["parts"]) {
    const part = textOf(entry, "part");
    const reason = textOf(entry, "reason");
    if (!part || !reason || signs(reason) > maxReasonLength) return null;
    parts.push({ part, reason });
  }
  return parts;
}

/** True for an ISO 8601 instant with its zone; a date alone does not say when something happened. */
export function isInstant(value: unknown): value is string {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) &&
    /(Z|[+-]\d\d:?\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function hasKind(value: unknown, kind: FactKind): boolean {
  if (kind === "number") return typeof value === "number" && Number.isFinite(value);
  if (kind === "boolean") return typeof value === "boolean";
  if (kind === "text") return typeof value === "string";
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function missingFacts(
  rule: EventRule,
  shape: Readonly<Record<string, FactKind>>,
  facts: Record<string, unknown>,
): Reason[] {
  const missing = (rule.facts ?? []).filter((name) => {
    const kind = shape[name];
    return !kind || !Object.hasOwn(facts, name) || !hasKind(facts[name], kind);
  });
  return missing.length === 0 ? [] : [{ code: "reason_fact_missing", params: { facts: missing.join(" · ") } }];
}

function unmetNeed(need: Need, payload: Payload): Reason[] {
  if (need === "parts") return (partsOf(payload)?.length ?? 0) > 0 ? [] : [{ code: "reason_parts_required" }];
  if (need === "result") return textOf(payload, "result") ? [] : [{ code: "reason_result_required" }];
  return textOf(payload, "reason") ? [] : [{ code: "reason_text_required" }];
}

function overlong(payload: Payload): Reason[] {
  return signs(textOf(payload, "reason")) > maxReasonLength
    ? [{ code: "reason_text_too_long", params: { max: maxReasonLength } }]
    : [];
}

/** Rules are looked up by own keys only: `constructor` or `__proto__` is not an event. */
export function ruleOf(set: RuleSet, type: unknown): EventRule | null {
  return typeof type === "string" && Object.hasOwn(set.events, type) ? (set.events[type] ?? null) : null;
}

/**
 * Whether the actor's role may send the event of an instance: one of the rule's roles, and of those that the
 * context leaves.
 */
export function roleAllowed(rule: EventRule, context: object, actor: unknown): boolean {
  if (!isRecord(actor)) return false;
  const role = actor["role"];
  const listed = rule.roles.some((one) => one === role);
  return listed && (rule.rolesIn?.(context).some((one) => one === role) ?? true);
}

export interface Verdict {
  /** What refuses the event whatever is written. */
  readonly hard: readonly Reason[];
  /** What a written reason lifts. */
  readonly waivable: readonly Reason[];
}

/** Judges facts alone, as far as they are there; a needed text is judged by `refusals`. */
export function judge(
  set: RuleSet,
  rule: EventRule,
  context: object,
  facts: unknown,
  payload: Payload,
  actor: Actor,
): Verdict {
  const known = isRecord(facts) ? facts : {};
  const missing = missingFacts(rule, set.factShape, known);
  if (missing.length > 0) return { hard: missing, waivable: [] };
  return {
    hard: rule.reasons?.(context, known, payload, actor) ?? [],
    waivable: rule.waivable?.(context, known) ?? [],
  };
}

/** Everything that refuses this very event, empty when it may pass. Total: never throws, whatever it is given. */
export function refusals(set: RuleSet, context: object, event: unknown): readonly Reason[] {
  if (!isRecord(event)) return [{ code: "reason_event_malformed" }];
  const rule = ruleOf(set, event["type"]);
  if (!rule) return [{ code: "reason_unknown_event" }];
  if (!roleAllowed(rule, context, event["actor"])) return [{ code: "reason_role_not_allowed" }];
  if (!isInstant(event["at"])) return [{ code: "reason_event_malformed" }];
  const payload = isRecord(event["payload"]) ? event["payload"] : {};
  const actor = event["actor"] as Actor;
  const { hard, waivable } = judge(set, rule, context, event["facts"], payload, actor);
  const lifted = waivable.length === 0 || textOf(payload, "reason") !== "";
  const needs = (rule.needs ?? []).flatMap((need) => unmetNeed(need, payload));
  return [...hard, ...(lifted ? [] : waivable), ...needs, ...overlong(payload)];
}

/** The guard of every transition: the machine's own rules, seen by the engine without the types of its facts. */
export function allows<C extends object, F extends object, T extends string>(
  set: RuleSet<C, F, T>,
  context: C,
  event: unknown,
): boolean {
  return refusals(set as unknown as RuleSet, context, event).length === 0;
}

/** A reason when the condition does not hold. */
export function unless(holds: boolean, code: string, params?: Readonly<Record<string, string | number>>): Reason[] {
  if (holds) return [];
  return [params ? { code, params } : { code }];
}

/** A rule that asks more besides: its facts and reasons, and those given. */
export const also = <C extends object, F extends object>(
  rule: EventRule<C, F>,
  facts: readonly (keyof F & string)[],
  reasons: NonNullable<EventRule<C, F>["reasons"]>,
): EventRule<C, F> => ({
  ...rule,
  facts: [...(rule.facts ?? []), ...facts],
  reasons: (context, known, payload, actor) => [
    ...(rule.reasons?.(context, known, payload, actor) ?? []),
    ...reasons(context, known, payload, actor),
  ],
});
