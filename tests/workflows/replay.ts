import { apply, type EventRequest, type MachineDefinition, start, type StoredInstance } from "#workflows/index.ts";

/** Runs recorded events from the start. Throws at the first one that the machine refuses: log and machine disagree. */
export function replay<F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
  input: I,
  events: readonly EventRequest<F>[],
): StoredInstance {
  return replayFrom(def, start(def, input), events);
}
function replayFrom<F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
  from: StoredInstance,
  events: readonly EventRequest<F>[],
): StoredInstance {
  return events.reduce((stored, event, index) => {
    const outcome = apply(def, stored, event);
    if (outcome.ok) return outcome.stored;
    const codes = outcome.reasons.map((reason) => reason.code).join(", ");
    throw new Error(`${def.id}: event ${index} ${event.type} from ${stored.state}: ${outcome.kind} (${codes})`);
  }, from);
}

/**
 * The same of a log that was written through several versions of a machine: each event is judged by the rules of its time, and
 * the instance is taken up by the next version as it stood.
 *
 * @param version in which the instance stands at the end
 */
export function replayVersions(
  defOf: (version: number) => MachineDefinition,
  version: number,
  input: object,
  events: readonly (EventRequest & { version: number })[],
): StoredInstance {
  let last = start(defOf(events[0]?.version ?? version), input);
  for (const { version: of, ...event } of events) {
    const taken: StoredInstance = { ...last, version: of };
    last = replayFrom(defOf(of), taken, [event]);
  }
  return { ...last, version };
}
