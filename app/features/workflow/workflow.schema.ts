import { z } from "zod";
import { expectedVersion, optionalText, text } from "#app/platform/fields.ts";
import { isIrreversible, type MachineId } from "#workflows/registry.ts";
import { maxReasonLength } from "#workflows/rules.ts";

/** Reason for one part; rows left blank in a form are dropped before they are judged. */
const part = z.object({ part: optionalText(100), reason: optionalText(maxReasonLength) });

/** What `Acts` posts: one event of a machine. Whether a reason, parts or a result are needed the machine says. */
export const eventSchema = z.object({
  type: text(60),
  expectedVersion: expectedVersion(),
  reason: optionalText(maxReasonLength).optional(),
  result: optionalText(40).optional(),
  parts: z.array(part).max(200).optional(),
});
/** For `stepUp` of an intent that sends one machine's events: what cannot be undone asks its sender to prove who they are. */
export const irreversible =
  (machine: MachineId) =>
  ({ type }: { type: string }): boolean =>
    isIrreversible(machine, type);

export type EventInput = z.output<typeof eventSchema>;

/** The payload of an event from what was posted; nothing that was left empty is in it. */
export function payloadOf({
  reason,
  result,
  parts,
}: Pick<EventInput, "reason" | "result" | "parts">): Record<string, unknown> {
  const written = (parts ?? [])
    .map((p) => ({ part: p.part, reason: p.reason.trim() }))
    .filter((p) => p.part !== "" && p.reason !== "");
  return {
    ...(reason ? { reason } : {}),
    ...(result ? { result } : {}),
    ...(written.length > 0 ? { parts: written } : {}),
  };
}

/** What was posted as an event of any machine. */
export const eventOf = (input: EventInput) => ({
  type: input.type,
  payload: payloadOf(input),
  expectedVersion: input.expectedVersion,
});
