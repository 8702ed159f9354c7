import { apply, type EventRequest, type MachineDefinition, start, type StoredInstance } from "#workflows/index.ts";

/** Runs recorded events from the start. Throws at the first one that the machine refuses: log and machine disagree. */
export function replay<F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
  input: I,
  events: readonly EventRequest<F>[],
): StoredInstance {
  return events.reduce(
    (stored, event, index) => {
      const outcome = apply(def, stored, event);
      if (outcome.ok) return outcome.stored;
      const codes = outcome.reasons.map((reason) => reason.code).join(", ");
      throw new Error(`${def.id}: event ${index} ${event.type} from ${stored.state}: ${outcome.kind} (${codes})`);
    },
    start(def, input),
  );
}
