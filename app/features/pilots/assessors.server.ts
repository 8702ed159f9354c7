import { stageIs } from "#workflows/index.ts";
import { and, asc, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { tellGranted } from "#app/features/notices/tell.server.ts";
import { lastDay } from "#app/platform/days.ts";
import { loadPilot } from "./facts.server.ts";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { grants, pilots, tenants, verifications } from "#db/schema/index.ts";
import type { Purpose } from "./assessors.schema.ts";

/*
 * Testing institutions: a sector lead gives one a time-boxed right to one pilot; within it, and no longer, the institution
 * sees the pilot and records what it found. The database decides by the same clock.
 */

export interface GrantInput {
  pilotId: string;
  institutionId: string;
  purpose: Purpose;
  startsAt: Date;
  endsAt: Date;
}

/** Gives a testing institution the right to one pilot for a time. Returns the grant's id. */
export async function grantAccess(
  tx: Tx,
  actor: Actor,
  { pilotId, institutionId, purpose, startsAt, endsAt }: GrantInput,
): Promise<string> {
  const pilot = await loadPilot(tx, pilotId);
  const [institution] = await tx.select({ kind: tenants.kind }).from(tenants).where(eq(tenants.id, institutionId));
  if (institution?.kind !== "institution") throw invalid({ institutionId: ["error_field_choice"] });
  if (endsAt <= startsAt) throw invalid({ to: ["error_field_day_order"] });
  if (endsAt <= actor.now) throw invalid({ to: ["error_field_day_past"] });
  const id = uuidv7();
  await tx.insert(grants).values({
    tenantId: pilot.tenantId,
    id,
    institutionId,
    pilotId: pilot.id,
    siteId: pilot.siteId,
    purpose,
    startsAt,
    endsAt,
    grantedByName: actor.name,
    createdAt: actor.now,
  });
  await tellGranted(tx, actor, {
    institutionId,
    pilotId: pilot.id,
    subject: `${pilot.code} ${pilot.name}`,
    purpose,
    until: lastDay(endsAt),
  });
  return id;
}

/** Ends a grant at once. @throws conflict `grant_ended`; notFound. */
export async function revokeGrant(tx: Tx, actor: Actor, { grantId }: { grantId: string }): Promise<void> {
  const done = await tx
    .update(grants)
    .set({ revokedAt: actor.now })
    .where(and(eq(grants.tenantId, actor.tenantId), eq(grants.id, grantId), isNull(grants.revokedAt)))
    .returning({ id: grants.id });
  if (done.length === 1) return;
  const [present] = await tx
    .select({ id: grants.id })
    .from(grants)
    .where(and(eq(grants.tenantId, actor.tenantId), eq(grants.id, grantId)));
  throw present ? conflict({ code: "grant_ended" }) : notFound({ logMessage: `grant ${grantId}` });
}

/** Grants of a pilot with the institution's name, newest first. */
export const grantsOf = (tx: Tx, pilot: Pick<typeof pilots.$inferSelect, "tenantId" | "id">) =>
  tx
    .select({
      id: grants.id,
      purpose: grants.purpose,
      startsAt: grants.startsAt,
      endsAt: grants.endsAt,
      revokedAt: grants.revokedAt,
      grantedByName: grants.grantedByName,
      institutionZh: tenants.nameZh,
      institutionEn: tenants.nameEn,
    })
    .from(grants)
    .innerJoin(tenants, eq(tenants.id, grants.institutionId))
    .where(and(eq(grants.tenantId, pilot.tenantId), eq(grants.pilotId, pilot.id)))
    .orderBy(desc(grants.startsAt));

/** Testing institutions there are to choose from. */
export const institutions = (tx: Tx) =>
  tx
    .select({ id: tenants.id, nameZh: tenants.nameZh, nameEn: tenants.nameEn })
    .from(tenants)
    .where(eq(tenants.kind, "institution"))
    .orderBy(asc(tenants.code));

export interface VerificationInput {
  pilotId: string;
  kind: Purpose;
  result: "passed" | "failed";
  reportNumber: string;
  note: string;
}

/** What the institution found at a stage; needs a live grant for that purpose. Returns its id. @throws conflict `no_grant`, `pilot_over`. */
export async function recordVerification(tx: Tx, actor: Actor, input: VerificationInput): Promise<string> {
  const pilot = await loadPilot(tx, input.pilotId);
  if (stageIs(pilot.stage, "failed")) throw conflict({ code: "pilot_over" });
  const [grant] = await tx
    .select({ id: grants.id })
    .from(grants)
    .where(
      and(
        eq(grants.pilotId, pilot.id),
        eq(grants.purpose, input.kind),
        isNull(grants.revokedAt),
        sql`${grants.startsAt} <= ${actor.now.toISOString()}`,
        gt(grants.endsAt, actor.now),
      ),
    )
    .limit(1);
  if (!grant) throw conflict({ code: "no_grant" });
  const id = uuidv7();
  await tx.insert(verifications).values({
    tenantId: pilot.tenantId,
    id,
    pilotId: pilot.id,
    siteId: pilot.siteId,
    institutionId: actor.tenantId,
    kind: input.kind,
    result: input.result,
    reportNumber: input.reportNumber,
    note: input.note,
    byName: actor.name,
    at: actor.now,
  });
  return id;
}

/** Verifications of a pilot the caller may see, newest first. */
export const verificationsOf = (tx: Tx, pilot: Pick<typeof pilots.$inferSelect, "tenantId" | "id">) =>
  tx
    .select({
      id: verifications.id,
      kind: verifications.kind,
      result: verifications.result,
      reportNumber: verifications.reportNumber,
      note: verifications.note,
      byName: verifications.byName,
      at: verifications.at,
      institutionZh: tenants.nameZh,
      institutionEn: tenants.nameEn,
    })
    .from(verifications)
    .innerJoin(tenants, eq(tenants.id, verifications.institutionId))
    .where(and(eq(verifications.tenantId, pilot.tenantId), eq(verifications.pilotId, pilot.id)))
    .orderBy(desc(verifications.at), desc(verifications.id));

/** The institution's work: live grants with their pilots and what was recorded under them, those that end first on top. */
export const assessorJobs = (tx: Tx, actor: Actor) =>
  tx
    .select({
      grantId: grants.id,
      pilotId: pilots.id,
      code: pilots.code,
      name: pilots.name,
      stage: pilots.stage,
      grade: pilots.grade,
      direction: pilots.direction,
      purpose: grants.purpose,
      startsAt: grants.startsAt,
      endsAt: grants.endsAt,
      sectorZh: tenants.nameZh,
      sectorEn: tenants.nameEn,
      lastResult: sql<
        "passed" | "failed" | null
      >`(select v.result from verifications v where v.tenant_id = ${grants.tenantId} and v.pilot_id = ${grants.pilotId} and v.kind = ${grants.purpose} order by v.at desc limit 1)`,
    })
    .from(grants)
    .innerJoin(pilots, and(eq(pilots.tenantId, grants.tenantId), eq(pilots.id, grants.pilotId)))
    .innerJoin(tenants, eq(tenants.id, grants.tenantId))
    .where(and(eq(grants.institutionId, actor.tenantId), isNull(grants.revokedAt), gt(grants.endsAt, actor.now)))
    .orderBy(asc(grants.endsAt));
