import { and, eq } from "drizzle-orm";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { openIn } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import { type NominationForm, pilots } from "#db/schema/index.ts";
import { demandVersion } from "#app/features/project/corrections.server.ts";
import { loadPilot } from "./facts.server.ts";

/**
 * The applicant states what a nomination must tell besides what is registered; while it is with them.
 * @throws conflict `nomination_closed`, `stale_revision`; invalid for a day ahead
 */
export async function stateNomination(
  tx: Tx,
  actor: Actor,
  {
    pilotId,
    expectedVersion,
    ...form
  }: { pilotId: string; expectedVersion?: string | null | undefined } & NominationForm,
): Promise<void> {
  const pilot = await loadPilot(tx, pilotId);
  if (!openIn("nomination.write", pilot.stage))
    throw conflict({ code: "nomination_closed", logMessage: `pilot ${pilot.id} is in ${pilot.stage}` });
  // As the form showed it: what a colleague stated meanwhile is not overwritten unseen.
  if (expectedVersion) demandVersion({ nomination: pilot.nomination }, expectedVersion);
  if (form.builtOn !== null && form.builtOn > today(actor)) throw invalid({ builtOn: ["error_field_day_ahead"] });
  const done = await tx
    .update(pilots)
    .set({ nomination: form, updatedAt: actor.now })
    .where(and(eq(pilots.tenantId, pilot.tenantId), eq(pilots.id, pilot.id)))
    .returning({ id: pilots.id });
  if (done.length !== 1) throw notFound({ logMessage: `pilot ${pilot.id} may not be changed` });
}
