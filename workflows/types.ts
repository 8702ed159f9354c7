import type { AnyStateMachine } from "xstate";

/** Who may send an event. `system` is a job or another machine of ours, never a person. */
export const roles = [
  "site_officer",
  "site_lead",
  "regulator",
  "regulator_lead",
  "assessor",
  "expert",
  "national_editor",
  "national_director",
  "auditor",
  "operator",
  "system",
] as const;
export type Role = (typeof roles)[number];

/** The membership that acts; `system` has neither membership nor, sometimes, a tenant. */
export interface Actor {
  readonly role: Role;
  readonly membershipId: string | null;
  readonly name: string;
  readonly tenantId: string | null;
}

/** Why something cannot be done and what would help: a message key and its parameters. */
export interface Reason {
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What the database keeps of one instance. `state` is the leaf as a dotted path: `survey.collecting`. */
export interface StoredInstance {
  readonly machine: string;
  readonly version: number;
  readonly state: string;
  readonly snapshot: Json;
}

/** What an event asks of the person who sends it, beyond the facts: the interface shows a field for each. */
export type Need = "reason" | "parts" | "result";

/** What a person wrote: `reason` text, `parts` as `{part, reason}[]`, `result` one of the words of the machine. Not trusted. */
export type Payload = Readonly<Record<string, unknown>>;

export interface PartReason {
  readonly part: string;
  readonly reason: string;
}

/** An event as the machine and its guards see it. */
export interface WorkflowEvent<T extends string = string, F extends object = Record<string, unknown>> {
  readonly type: T;
  readonly actor: Actor;
  readonly facts: F;
  readonly payload: Payload;
  /** ISO 8601 instant at which it happened; passed in, machines have no clock. */
  readonly at: string;
}

/** What a caller hands to `apply`: facts may be partial, an event refuses when one that it reads is missing. */
export interface EventRequest<F extends object = Record<string, unknown>> {
  readonly type: string;
  readonly actor: Actor;
  readonly facts: Partial<F>;
  readonly payload?: Payload | undefined;
  readonly at: string;
}

export type FactKind = "number" | "boolean" | "text" | "texts";

/** The kind of each fact, checked at run time because facts cross a log and come back as JSON. */
export type FactShape<F> = {
  readonly [K in keyof F]: F[K] extends number
    ? "number"
    : F[K] extends boolean
      ? "boolean"
      : F[K] extends string
        ? "text"
        : "texts";
};

/**
 * The one place that says who may send an event and when. The guard of every transition of that event in the machine and
 * the reasons shown beside a disabled button are both computed from it.
 */
export interface EventRule<C extends object = object, F extends object = Record<string, unknown>> {
  /** Everyone who may ever send it. */
  readonly roles: readonly Role[];
  /** States it leads out of, for the reader; the machine decides, a test compares. */
  readonly from: readonly string[];
  /** It fixes content for ever: the interface says so and asks once. */
  readonly sealing?: boolean;
  /** It ends or interrupts something and is hard to take back. */
  readonly destructive?: boolean;
  readonly needs?: readonly Need[];
  /** Facts that the rule reads; absent or of the wrong kind, the event is refused with `reason_fact_missing`. */
  readonly facts?: readonly (keyof F & string)[];
  /** Narrower than `roles` when the instance itself decides, e.g. by the kind of a document. */
  rolesIn?(context: C): readonly Role[];
  /** What stands in the way; empty when nothing does. */
  reasons?(context: C, facts: F, payload: Payload, actor: Actor): readonly Reason[];
  /** What stands in the way unless a written reason lifts it. */
  waivable?(context: C, facts: F): readonly Reason[];
}

export interface RuleSet<
  C extends object = object,
  F extends object = Record<string, unknown>,
  T extends string = string,
> {
  readonly events: Readonly<Record<T, EventRule<C, F>>>;
  readonly factShape: Readonly<Record<string, FactKind>>;
}

export interface StateInfo {
  /** Dotted path of a leaf. */
  readonly path: string;
  /** Place in reading order, from 0. */
  readonly order: number;
  /** On the line that leads from the start to the good end. */
  readonly main: boolean;
  readonly labelKey: string;
  /** The phase around it, where the machine has phases. */
  readonly group: string | null;
  readonly groupLabelKey: string | null;
}

/** How far an instance came, for instances that have left the main line or jumped over a part of it. */
export interface MainLinePosition {
  /** The leaf of the main line at which it left, or null to take the present one. */
  readonly reached: string | null;
  /** That leaf itself was brought to its end: a withdrawn edition had been published, a failed pilot did not finish its stage. */
  readonly finished: boolean;
  /** Leaves of the main line that this instance does not pass through. */
  readonly skipped: readonly string[];
}

export interface MachineDefinition<
  F extends object = Record<string, unknown>,
  I extends object = object,
  C extends object = object,
> {
  readonly id: string;
  readonly version: number;
  readonly labelKey: string;
  readonly machine: AnyStateMachine;
  readonly events: Readonly<Record<string, EventRule<C, F>>>;
  readonly eventLabelKeys: Readonly<Record<string, string>>;
  readonly factShape: Readonly<Record<string, FactKind>>;
  readonly states: readonly StateInfo[];
  /** Checks what an instance starts from; throws WorkflowInputError. */
  input(raw: I): I;
  standing(context: C): MainLinePosition;
}

export type RefusalKind = "unknown_event" | "not_in_this_state" | "role_not_allowed" | "guard";

export type Outcome =
  | { readonly ok: true; readonly stored: StoredInstance; readonly from: string; readonly to: string }
  | { readonly ok: false; readonly kind: RefusalKind; readonly reasons: readonly Reason[] };

/** An event that the role may send from the present state. */
export interface AvailableEvent {
  readonly type: string;
  readonly labelKey: string;
  readonly enabled: boolean;
  /** When disabled: what stands in the way. When enabled: what the written reason will have to answer. */
  readonly reasons: readonly Reason[];
  readonly needs: readonly Need[];
  readonly sealing: boolean;
  readonly destructive: boolean;
  readonly to?: string;
}

/** A stored instance that this version of the machine cannot take up again. */
export class WorkflowRestoreError extends Error {
  override readonly name = "WorkflowRestoreError";
  readonly code = "workflow_restore_failed";
  constructor(
    readonly problem: "machine" | "version" | "snapshot" | "state",
    message: string,
  ) {
    super(message);
  }
}

/** An instance was started from something it cannot start from. */
export class WorkflowInputError extends Error {
  override readonly name = "WorkflowInputError";
  readonly code = "workflow_input_invalid";
}
