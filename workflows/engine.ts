import { createActor, getNextTransitions, initialTransition, transition } from "xstate";
import type { AnyMachineSnapshot, AnyTransitionDefinition, StateValue } from "xstate";
import { isRecord, judge, refusals, roleAllowed, ruleOf } from "./rules.ts";
import {
  WorkflowRestoreError,
  type Actor,
  type AvailableEvent,
  type EventRequest,
  type EventRule,
  type Json,
  type MachineDefinition,
  type Need,
  type Outcome,
  type Payload,
  type Reason,
  type RefusalKind,
  type Role,
  type StoredInstance,
} from "./types.ts";

export * from "./types.ts";

/** The leaf of a state value as a dotted path. Our machines have no parallel states: there is exactly one. */
export function pathOf(value: StateValue): string {
  if (typeof value === "string") return value;
  const [key, inner] = Object.entries(value)[0] ?? [];
  if (key === undefined) return "";
  return inner === undefined ? key : `${key}.${pathOf(inner)}`;
}

function store(def: MachineDefinition, snapshot: AnyMachineSnapshot): StoredInstance {
  // Through JSON at once, so that what is compared now is what will be read back later.
  const kept = JSON.parse(JSON.stringify(def.machine.getPersistedSnapshot(snapshot))) as Json;
  return { machine: def.id, version: def.version, state: pathOf(snapshot.value), snapshot: kept };
}

/** A new instance. Throws WorkflowInputError when the input is not one of this machine. */
export function start<F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
  input: I,
): StoredInstance {
  const checked = def.input(input);
  const [snapshot] = initialTransition(def.machine, checked);
  return store(base(def), snapshot);
}

/** One view for the inside of the engine: rules are bivariant methods, so that a definition fits whatever its facts are. */
function base<F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
): MachineDefinition {
  return def as unknown as MachineDefinition;
}

function fail(problem: WorkflowRestoreError["problem"], message: string): never {
  throw new WorkflowRestoreError(problem, message);
}

function revive(def: MachineDefinition, snapshot: Json): AnyMachineSnapshot {
  try {
    // An actor that is never started: it only rebuilds the snapshot, with no side effect and no timer.
    const options = { snapshot: structuredClone(snapshot) } as unknown as { snapshot: AnyMachineSnapshot };
    return createActor(def.machine, options).getSnapshot() as AnyMachineSnapshot;
  } catch (error) {
    return fail(
      "snapshot",
      `${def.id}@${def.version}: ${error instanceof Error ? error.message : "unreadable snapshot"}`,
    );
  }
}

/**
 * The live snapshot of a stored instance. XState neither checks versions nor throws for an unknown state, so both are checked here.
 * Throws WorkflowRestoreError.
 */
export function restore<F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
  stored: StoredInstance,
): AnyMachineSnapshot {
  if (stored.machine !== def.id) fail("machine", `an instance of ${stored.machine} is not one of ${def.id}`);
  if (stored.version !== def.version) fail("version", `${def.id}@${stored.version} cannot be read as @${def.version}`);
  const raw = stored.snapshot;
  if (!isRecord(raw) || !("value" in raw) || !isRecord(raw["context"])) fail("snapshot", `${def.id}: not a snapshot`);
  const snapshot = revive(base(def), raw);
  if (snapshot.status !== "active" && snapshot.status !== "done")
    fail("snapshot", `${def.id}: status ${snapshot.status}`);
  const path = pathOf(snapshot.value);
  if (path !== stored.state || !def.states.some((state) => state.path === path)) {
    fail("state", `${def.id}: stored as ${stored.state}, snapshot says ${path}`);
  }
  return snapshot;
}

/** The remembered context of an instance. The caller names its type, which is the machine's own. */
export function contextOf<F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
  stored: StoredInstance,
): C {
  return restore(def, stored).context as C;
}

function transitionsFor(snapshot: AnyMachineSnapshot, type: string): AnyTransitionDefinition[] {
  if (snapshot.status !== "active") return [];
  return getNextTransitions(snapshot).filter((one) => one.eventType === type);
}

function refused(kind: RefusalKind, reasons: readonly Reason[]): Outcome {
  return { ok: false, kind, reasons };
}

/**
 * Applies one event. Refusals come back as values with their reasons; nothing a client can forge makes it throw. Only a stored
 * instance that cannot be restored throws (WorkflowRestoreError).
 */
export function apply<F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
  stored: StoredInstance,
  request: EventRequest<F>,
): Outcome {
  const plain = base(def);
  const snapshot = restore(def, stored);
  const type: unknown = isRecord(request) ? request.type : null;
  const rule = ruleOf(plain, type);
  if (!rule || typeof type !== "string") return refused("unknown_event", [{ code: "reason_unknown_event" }]);
  if (transitionsFor(snapshot, type).length === 0) {
    return refused("not_in_this_state", [{ code: "reason_not_in_this_state" }]);
  }
  const context = snapshot.context as object;
  if (!roleAllowed(rule, context, request.actor)) {
    return refused("role_not_allowed", [{ code: "reason_role_not_allowed" }]);
  }
  const event = eventFrom(request);
  const reasons = refusals(plain, context, event);
  if (reasons.length > 0) return refused("guard", reasons);
  if (!snapshot.can(event)) return refused("guard", [{ code: "reason_not_in_this_state" }]);
  const [next] = transition(def.machine, snapshot, event);
  return {
    ok: true,
    stored: store(plain, next as AnyMachineSnapshot),
    from: stored.state,
    to: pathOf((next as AnyMachineSnapshot).value),
  };
}

function eventFrom<F extends object>(request: EventRequest<F>) {
  return {
    type: request.type,
    actor: request.actor,
    facts: isRecord(request.facts) ? request.facts : {},
    payload: isRecord(request.payload) ? request.payload : {},
    at: request.at,
  };
}

/** Stands in for what a person has yet to write, so that an event can be judged before the form is filled in. */
const probe: Payload = { reason: "…", parts: [{ part: "…", reason: "…" }], result: "normal" };
const probeInstant = "1970-01-01T00:00:00.000Z";

/** Where the event leads; for a disabled one, only where all its transitions agree. */
function targetOf(
  def: MachineDefinition,
  snapshot: AnyMachineSnapshot,
  type: string,
  actor: Actor,
  facts: object,
): string | null {
  const event = { type, actor, facts, payload: probe, at: probeInstant };
  if (snapshot.can(event)) {
    const [next] = transition(def.machine, snapshot, event);
    return pathOf((next as AnyMachineSnapshot).value);
  }
  const targets = new Set(transitionsFor(snapshot, type).map((one) => targetPath(def, one) ?? pathOf(snapshot.value)));
  const [only] = targets;
  return targets.size === 1 && only !== undefined ? only : null;
}

/** Dotted path of the leaf that a transition enters, or null when it stays where it is. */
export function targetPath(def: MachineDefinition, one: AnyTransitionDefinition): string | null {
  let node = one.target?.[0];
  if (!node) return null;
  while (node.initial?.target[0]) node = node.initial.target[0];
  return node.path.join(".");
}

function needsOf(rule: EventRule, waivable: readonly Reason[]): readonly Need[] {
  const own = rule.needs ?? [];
  return waivable.length > 0 && !own.includes("reason") ? [...own, "reason"] : own;
}

/** An event that leads on from the present state, whoever may send it. */
export interface Ahead {
  readonly type: string;
  readonly labelKey: string;
  /** Who may send it of this instance. */
  readonly senders: readonly Role[];
  /** What the facts have against it; empty where a sender may send it now, if with a written reason. */
  readonly reasons: readonly Reason[];
}
/** Every event of the present state with its senders and what stands in its way, in the order of the definition. */
export function ahead<F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
  stored: StoredInstance,
  facts: Partial<F>,
): Ahead[] {
  const plain = base(def);
  const snapshot = restore(def, stored);
  const context = snapshot.context as object;
  return Object.entries(plain.events).flatMap(([type, rule]): Ahead[] => {
    if (transitionsFor(snapshot, type).length === 0) return [];
    const senders = rule.rolesIn?.(context).filter((role) => rule.roles.includes(role)) ?? rule.roles;
    const [first] = senders;
    if (first === undefined) return [];
    const sender: Actor = { role: first, membershipId: null, name: "", tenantId: null };
    const { hard } = judge(plain, rule, context, facts, probe, sender);
    return [{ type, labelKey: plain.eventLabelKeys[type] ?? type, senders, reasons: hard }];
  });
}

/**
 * The events this actor's role may send from the present state, in the order of the definition; those that the facts refuse are
 * disabled and carry their reasons.
 */
export function available<F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
  stored: StoredInstance,
  actor: Actor,
  facts: Partial<F>,
): AvailableEvent[] {
  const plain = base(def);
  const snapshot = restore(def, stored);
  const context = snapshot.context as object;
  const found: AvailableEvent[] = [];
  for (const [type, rule] of Object.entries(plain.events)) {
    if (transitionsFor(snapshot, type).length === 0 || !roleAllowed(rule, context, actor)) continue;
    const { hard, waivable } = judge(plain, rule, context, facts, probe, actor);
    const to = targetOf(plain, snapshot, type, actor, facts);
    found.push({
      type,
      labelKey: plain.eventLabelKeys[type] ?? type,
      enabled: hard.length === 0,
      reasons: hard.length > 0 ? [...hard, ...waivable] : waivable,
      needs: needsOf(rule, waivable),
      sealing: rule.sealing ?? false,
      destructive: rule.destructive ?? false,
      ...(to === null ? {} : { to }),
    });
  }
  return found;
}
