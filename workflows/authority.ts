import { documentKinds, type DocumentContext, type DocumentFacts, type DocumentKind } from "./document/facts.ts";
import { isTwoLevel } from "./document/guards.ts";
import { current, type MachineId } from "./registry.ts";
import type { EventRule, MachineDefinition, Role } from "./types.ts";

/*
 * Who may send which event from which state, read off the machines themselves: for the table that an auditor reads, for
 * the permissions of pages and endpoints that send events, and for tests. Nothing is said a second time here.
 */

/** Everybody but the product itself. */
export type PersonRole = Exclude<Role, "system">;

/** One event from one or more states in which the same people may send it. */
export interface Authority {
  readonly machine: MachineId;
  /** Documents of each kind go through other hands; null for machines whose instances are all alike. */
  readonly kind: DocumentKind | null;
  readonly event: string;
  /** Leaves, as dotted paths, in reading order. */
  readonly states: readonly string[];
  /** In the order of the rule; empty where the product alone sends it. */
  readonly roles: readonly PersonRole[];
  readonly sealing: boolean;
  readonly destructive: boolean;
}

const isPerson = (role: Role): role is PersonRole => role !== "system";
const hash = "0".repeat(64);

/** A document in a state as little as possible stands in the way of: what refuses even here refuses always. */
function bestCase(kind: DocumentKind, state: string): { context: DocumentContext; facts: DocumentFacts } {
  const level = state === "submitted.national" ? "national" : state === "submitted.sector" ? "sector" : null;
  return {
    context: {
      kind,
      enteredAt: {},
      submissions: 1,
      level,
      submittedHash: hash,
      reviewStartedAt: null,
      endorsedAt: null,
      returnedParts: [],
      sealedHash: null,
      seals: [],
      reapprovalNeeded: false,
    },
    facts: { completeness: 100, missingParts: [], contentHash: hash },
  };
}

const actorOf = (role: Role) => ({ role, membershipId: null, name: "", tenantId: null });

function documentSenders(
  rule: EventRule<DocumentContext, DocumentFacts>,
  kind: DocumentKind,
  state: string,
): readonly PersonRole[] {
  const { context, facts } = bestCase(kind, state);
  const narrowed = rule.rolesIn?.(context) ?? rule.roles;
  return rule.roles
    .filter(isPerson)
    .filter(
      (role) => narrowed.includes(role) && (rule.reasons?.(context, facts, {}, actorOf(role)) ?? []).length === 0,
    );
}

/** Leaves that an instance of the kind can be in: the national office sees two-level documents alone. */
const reached = (kind: DocumentKind, from: readonly string[]): readonly string[] =>
  from.filter((state) => state !== "submitted.national" || isTwoLevel(kind));

/** States in which the same people may send the event, one entry for each set of people. */
function grouped(
  states: readonly string[],
  senders: (state: string) => readonly PersonRole[],
): { states: string[]; roles: readonly PersonRole[] }[] {
  const groups = new Map<string, { states: string[]; roles: readonly PersonRole[] }>();
  for (const state of states) {
    const roles = senders(state);
    const key = roles.join();
    const known = groups.get(key);
    if (known) known.states.push(state);
    else groups.set(key, { states: [state], roles });
  }
  return [...groups.values()];
}

function ofEvent(machine: MachineId, event: string, rule: EventRule): Authority[] {
  const marks = { sealing: rule.sealing ?? false, destructive: rule.destructive ?? false };
  if (machine !== "document")
    return [{ machine, kind: null, event, states: rule.from, roles: rule.roles.filter(isPerson), ...marks }];
  const own = rule as unknown as EventRule<DocumentContext, DocumentFacts>;
  return documentKinds.flatMap((kind) =>
    grouped(reached(kind, rule.from), (state) => documentSenders(own, kind, state))
      // A kind that nobody ever sends the event of has no line; what the product alone sends is told.
      .filter(({ roles }) => roles.length > 0 || rule.roles.every((role) => !isPerson(role)))
      .map((group) => ({ machine, kind, event, ...group, ...marks })),
  );
}

const all = (Object.entries(current) as [MachineId, unknown][]).flatMap(([machine, def]) =>
  Object.entries((def as MachineDefinition).events).flatMap(([event, rule]) => ofEvent(machine, event, rule)),
);

/** Every event of every machine in its present version. */
export const authorities: readonly Authority[] = all;

/** People who may send at least one event of a machine, or of documents of one kind; or that one event. */
export function sendersOf(
  machine: MachineId,
  kind: DocumentKind | null = null,
  event: string | null = null,
): readonly PersonRole[] {
  const found = new Set(
    all
      .filter(
        (a) => a.machine === machine && (kind === null || a.kind === kind) && (event === null || a.event === event),
      )
      .flatMap((a) => a.roles),
  );
  return [...found];
}

/** Whether the role may send the event from the state, whatever else stands in the way. */
export function maySend(
  role: string,
  machine: MachineId,
  event: string,
  state: string,
  kind: DocumentKind | null = null,
): boolean {
  return all.some(
    (a) =>
      a.machine === machine &&
      a.kind === kind &&
      a.event === event &&
      a.states.includes(state) &&
      a.roles.some((one) => one === role),
  );
}
