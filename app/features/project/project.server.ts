import { sharedPart } from "#app/domain/organisation-code.ts";
import { and, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { demandInProgramme } from "#app/features/programme/programme.server.ts";
import { divisionOn, divisionsNamed } from "./divisions.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { startInstance } from "#app/features/workflow/instance.server.ts";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import { asDigits } from "#app/platform/fields.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { projects, sites, systems } from "#db/schema/index.ts";
import { phases } from "#db/vocabulary.ts";
import { catalogueVersion } from "#seeds/catalogue/load.server.ts";
import type { newProjectSchema, newSiteSchema, newSystemSchema } from "./project.schema.ts";

export type ProjectRow = typeof projects.$inferSelect;

/**
 * The sector's run through the programme, at the start of its survey. Returns its id.
 * @throws invalid when phases end out of order; conflict `project_exists` for a second one in the programme
 */
export async function createProject(tx: Tx, actor: Actor, input: z.output<typeof newProjectSchema>): Promise<string> {
  const id = uuidv7();
  const early = phases.find((p, i) => i > 0 && input.dueOn[p] < input.dueOn[phases[i - 1] ?? p]);
  if (early) throw invalid({ [`dueOn.${early}`]: ["project_error_due_order"] });
  const days = Object.fromEntries(phases.map((p) => [`dueOn.${p}`, input.dueOn[p]]));
  await demandInProgramme(tx, input.programmeId, days);
  const made = await tx
    .insert(projects)
    .values({
      tenantId: actor.tenantId,
      id,
      ...input,
      state: "survey.preparing",
      questionnaireVersion: catalogueVersion,
      createdAt: actor.now,
      updatedAt: actor.now,
    })
    .onConflictDoNothing()
    .returning({ id: projects.id });
  if (made.length !== 1) throw conflict({ code: "project_exists", messageKey: "project_exists" });
  await startInstance(tx, actor, {
    machine: "project",
    tenantId: actor.tenantId,
    objectId: id,
    projectId: id,
    national: true,
    input: { at: actor.now.toISOString() },
  });
  return id;
}

/** @throws notFound, also for another sector's. */
export async function loadProject(tx: Tx, projectId: string): Promise<ProjectRow> {
  const [row] = await tx.select().from(projects).where(eq(projects.id, projectId));
  if (!row) throw notFound({ logMessage: `project ${projectId}` });
  return row;
}

/** The same, locked: two people who number, build or correct at once come one after the other. @throws notFound */
export async function lockProject(tx: Tx, projectId: string): Promise<ProjectRow> {
  const [row] = await tx.select().from(projects).where(eq(projects.id, projectId)).for("update");
  if (!row) throw notFound({ logMessage: `project ${projectId}` });
  return row;
}

/** A sector has one project a programme: the one the caller's own tenant runs, or null. */
export async function ownProject(tx: Tx, actor: Actor): Promise<ProjectRow | null> {
  const rows = await tx.select().from(projects).where(eq(projects.tenantId, actor.tenantId));
  return rows.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0] ?? null;
}

/** Ids of the sector's sites with this organisation code; the code of before and the one that took its place are one organisation's. */
export async function sitesWithCode(tx: Tx, actor: Actor, shared: string): Promise<string[]> {
  const rows = await tx
    .select({ id: sites.id })
    .from(sites)
    .where(
      and(
        eq(sites.tenantId, actor.tenantId),
        sql`case when length(${sites.code}) = 18 then substr(${sites.code}, 9, 9) else ${sites.code} end = ${shared}`,
      ),
    );
  return rows.map((r) => r.id);
}

type SiteInput = z.output<typeof newSiteSchema>;
/**
 * A site's columns from what was typed. A division may be given by its code or by its full name; a code that is in no list is
 * taken with the name beside it, never guessed. @throws invalid for such a code without a name
 */
export function siteFields(actor: Actor, { division: written, region, code, name, size, contact }: SiteInput) {
  const rest = { code, name, size, contact };
  const day = today(actor);
  const division = asDigits(written);
  if (division === "") return { ...rest, divisionCode: null, region };
  if (!/^\d{6}$/.test(division)) {
    const [only, other] = divisionsNamed(division, day);
    return { ...rest, divisionCode: only !== undefined && other === undefined ? only : null, region: division };
  }
  const known = divisionOn(division, day);
  if (known.known !== "unknown") return { ...rest, divisionCode: division, region: known.name };
  if (region === "") throw invalid({ region: ["project_error_division_name"] });
  return { ...rest, divisionCode: division, region };
}

/** Registers an organisation in the sector. Returns its id. @throws invalid for a credit code that the sector has already */
export async function registerSite(tx: Tx, actor: Actor, input: SiteInput): Promise<string> {
  const id = uuidv7();
  const fields = siteFields(actor, input);
  if ((await sitesWithCode(tx, actor, sharedPart(input.code))).length > 0)
    throw invalid({ code: ["project_site_known"] });
  const made = await tx
    .insert(sites)
    .values({ tenantId: actor.tenantId, id, ...fields, createdAt: actor.now })
    .onConflictDoNothing()
    .returning({ id: sites.id });
  if (made.length !== 1) throw invalid({ code: ["project_site_known"] });
  return id;
}

/** Registers an application system of a site. Returns its id. */
export async function registerSystem(tx: Tx, actor: Actor, input: z.output<typeof newSystemSchema>): Promise<string> {
  const id = uuidv7();
  await tx
    .insert(systems)
    .values({ tenantId: actor.tenantId, id, ...input, createdAt: actor.now, updatedAt: actor.now });
  return id;
}
