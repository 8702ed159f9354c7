import { and, eq, inArray, sql } from "drizzle-orm";
import type { z } from "zod";
import { sharedPart } from "#app/domain/organisation-code.ts";
import { noteChange, noteCorrection } from "#app/features/document/approval.server.ts";
import { demandInProgramme } from "#app/features/programme/programme.server.ts";
import { demandVersion, differing, noteCorrected } from "./corrections.server.ts";
import { siteFields, sitesWithCode } from "./project.server.ts";
import type { correctSiteSchema, correctSystemSchema, extensionSchema } from "./project.schema.ts";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { documents, pilots, projects, sites, systems } from "#db/schema/index.ts";
import { stagesWhere, withAuthorStates } from "#workflows/index.ts";

/*
 * The register put right: sites, their systems, and the days they were given. Each correction has its reason and stays readable;
 * what was sealed keeps what it says, and an approval that rested on the old facts is marked.
 */

type SiteRow = typeof sites.$inferSelect;
type SystemRow = typeof systems.$inferSelect;

/** What of a site can be put right, as its page shows it. */
export const correctableSite = ({ code, name, divisionCode, region, size, contact }: SiteRow) => ({
  code,
  name,
  divisionCode: divisionCode ?? "",
  region,
  size: size as string,
  contact,
});
export const correctableSystem = ({ name, description, grade, devices }: SystemRow) => ({
  name,
  description,
  grade,
  devices,
});

/** A site does not change its own code or name, nor those and the grade of a system: sealed files, pilots and rankings know it by them. */
function demandSector(actor: Actor, fields: readonly { field: string }[], kept: readonly string[]): void {
  const taken = actor.level === "sector" ? [] : fields.filter(({ field }) => kept.includes(field));
  if (taken.length > 0) throw invalid(Object.fromEntries(taken.map(({ field }) => [field, ["project_error_sector"]])));
}

/** @throws notFound, also for another sector's or another site's */
async function lockSite(tx: Tx, siteId: string): Promise<SiteRow> {
  const [row] = await tx.select().from(sites).where(eq(sites.id, siteId)).for("update");
  if (!row) throw notFound({ logMessage: `site ${siteId}` });
  return row;
}

/**
 * Puts a site right. Its pilots and documents follow the register where they are not sealed.
 * @throws invalid for a code that another site has; conflict `stale_revision`, `nothing_corrected`; notFound
 */
export async function correctSite(tx: Tx, actor: Actor, input: z.output<typeof correctSiteSchema>): Promise<void> {
  const row = await lockSite(tx, input.siteId);
  const before = correctableSite(row);
  demandVersion(before, input.expectedVersion);
  const changed = siteFields(actor, input);
  const fields = differing(before, correctableSite({ ...row, ...changed }));
  demandSector(actor, fields, ["code", "name", "size"]);
  if (changed.code !== row.code) {
    const others = await sitesWithCode(tx, actor, sharedPart(changed.code));
    if (others.some((id) => id !== row.id)) throw invalid({ code: ["project_site_known"] });
  }
  await noteCorrected(tx, actor, { thing: "site", objectId: row.id, siteId: row.id, fields, reason: input.reason });
  const own = and(eq(sites.tenantId, actor.tenantId), eq(sites.id, row.id));
  const { code, name, size, ...open } = changed;
  await tx
    .update(sites)
    .set(actor.level === "sector" ? { code, name, size, ...open } : open)
    .where(own);
  await noteProjects(tx, actor);
}

/**
 * Puts a system right, its grade among it. Pilots that are not over bear the new name and grade; approved responses, reports
 * and plans that took the old ones over are marked.
 * @throws conflict `stale_revision`, `nothing_corrected`; invalid; notFound
 */
export async function correctSystem(tx: Tx, actor: Actor, input: z.output<typeof correctSystemSchema>): Promise<void> {
  const [row] = await tx.select().from(systems).where(eq(systems.id, input.systemId)).for("update");
  if (!row) throw notFound({ logMessage: `system ${input.systemId}` });
  const before = correctableSystem(row);
  demandVersion(before, input.expectedVersion);
  const { name, description, grade, devices } = input;
  const changed = { name, description, grade, devices };
  const fields = differing(before, changed);
  demandSector(actor, fields, ["name", "grade"]);
  await noteCorrected(tx, actor, {
    thing: "system",
    objectId: row.id,
    siteId: row.siteId,
    fields,
    reason: input.reason,
  });
  const own = and(eq(systems.tenantId, actor.tenantId), eq(systems.id, row.id));
  const { name: _name, grade: _grade, ...open } = changed;
  await tx
    .update(systems)
    .set({ ...(actor.level === "sector" ? changed : open), updatedAt: actor.now })
    .where(own);
  if (actor.level === "sector")
    await tx
      .update(pilots)
      .set({ name, grade, updatedAt: actor.now })
      .where(
        and(
          eq(pilots.tenantId, actor.tenantId),
          eq(pilots.systemId, row.id),
          sql`${pilots.stage} not in ${stagesWhere("over")}`,
        ),
      );
  await noteCorrection(tx, actor, { systemId: row.id, system: changed });
  await noteProjects(tx, actor);
}

/** Reports and plans of the sector name sites and grades; only the sector makes them anew and can tell the difference. */
async function noteProjects(tx: Tx, actor: Actor): Promise<void> {
  if (actor.level !== "sector") return;
  const own = await tx.select({ id: projects.id }).from(projects).where(eq(projects.tenantId, actor.tenantId));
  for (const { id: projectId } of own)
    for (const kind of ["riskReport", "pilotPlan"] as const) await noteChange(tx, actor, kind, { projectId });
}

/**
 * Gives a site longer for what it has not handed in of the survey, or puts such a day right. Returns how many responses it concerns.
 * @throws invalid for a day that is past, no later than the sector's own, or beyond the programme; conflict `nothing_outstanding`; notFound
 */
export async function extendSite(tx: Tx, actor: Actor, input: z.output<typeof extensionSchema>): Promise<number> {
  const site = await lockSite(tx, input.siteId);
  if (input.dueOn < today(actor)) throw invalid({ dueOn: ["error_field_day_past"] });
  const open = await tx
    .select({ id: documents.id, dueOn: documents.dueOn, ofAll: projects.dueOn, programmeId: projects.programmeId })
    .from(documents)
    .innerJoin(projects, and(eq(projects.tenantId, documents.tenantId), eq(projects.id, documents.projectId)))
    .where(
      and(
        eq(documents.tenantId, actor.tenantId),
        eq(documents.siteId, site.id),
        eq(documents.kind, "surveyResponse"),
        inArray(documents.state, [...withAuthorStates]),
        sql`${documents.dueOn} is distinct from ${input.dueOn}`,
      ),
    );
  if (open.length === 0) throw conflict({ code: "nothing_outstanding" });
  const latest =
    open
      .map((d) => d.dueOn ?? "")
      .toSorted()
      .at(-1) ?? "";
  if (open.some((d) => input.dueOn <= d.ofAll.survey)) throw invalid({ dueOn: ["project_error_no_later"] });
  for (const programmeId of new Set(open.map((d) => d.programmeId)))
    await demandInProgramme(tx, programmeId, { dueOn: input.dueOn });
  const ids = open.map((d) => d.id);
  await tx
    .update(documents)
    .set({ dueOn: input.dueOn })
    .where(and(eq(documents.tenantId, actor.tenantId), inArray(documents.id, ids)));
  await noteCorrected(tx, actor, {
    thing: "extension",
    objectId: site.id,
    siteId: site.id,
    fields: [{ field: "dueOn", before: latest, after: input.dueOn }],
    reason: input.reason,
  });
  return ids.length;
}
