import { and, asc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { type Actor, today } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import { currentProgramme } from "#app/features/programme/programme.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { pick } from "#app/i18n/pick.ts";
import { notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { sites, systems } from "#db/schema/index.ts";
import { phases } from "#db/vocabulary.ts";
import { phaseDueDates } from "./project.rules.ts";
import { loadProject, ownProject } from "./project.server.ts";
import { divisionMark, sitesInOrder } from "./site.view.server.ts";
import { snake } from "#workflows/labels.ts";
import { verbatim } from "#app/platform/fields.ts";

/* What a sector sets up before its survey: the project with proposed dates, its sites and their systems. */

/** Why there is no project, and for the lead what the form begins with. Null once there is one, and for other levels. */
export async function projectStart(tx: Tx, actor: Actor, locale: Locale) {
  // Who reads trails alone is not told that there is nothing.
  if (actor.level === "auditor") return { missing: "right" as const, proposal: null };
  if (actor.level !== "sector" || (await ownProject(tx, actor))) return null;
  const programme = await currentProgramme(tx);
  if (!programme) return { missing: "programme" as const, proposal: null };
  if (!may(actor.role, "project.create")) return { missing: "lead" as const, proposal: null };
  const due = phaseDueDates(programme.startsOn, programme.endsOn);
  const proposal = {
    programmeId: programme.id,
    programme: pick({ zh: programme.titleZh, en: programme.titleEn }, locale),
    code: `${actor.tenantCode}-${programme.startsOn.slice(0, 4)}`,
    nameZh: translate("project_new_name", { sector: actor.tenantName.zh }, "zh-CN"),
    nameEn: translate("project_new_name", { sector: actor.tenantName.en }, "en"),
    phases: phases.map((key) => ({
      key,
      label: translate(`wf_project_state_${snake(key)}`, {}, locale),
      dueOn: due[key],
    })),
  };
  return { missing: null, proposal };
}
export type ProjectProposal = NonNullable<NonNullable<Awaited<ReturnType<typeof projectStart>>>["proposal"]>;

export const sitesQuery = z.object({ cursor: verbatim(40).optional(), site: verbatim(40).optional() });

/**
 * A sector's sites with their systems, by division and name, a page at a time; the cursor is the last one's id.
 * @throws notFound for a project or a chosen site out of reach; bad_cursor
 */
export async function sitesPage(
  tx: Tx,
  actor: Actor,
  projectId: string,
  query: z.output<typeof sitesQuery>,
  limit = 50,
) {
  const [project, { items: shown, next }, chosen] = await Promise.all([
    loadProject(tx, projectId),
    sitesInOrder(tx, actor, { cursor: query.cursor, limit }),
    query.site ? chosenSite(tx, actor, query.site) : Promise.resolve(null),
  ]);
  if (project.tenantId !== actor.tenantId) throw notFound({ logMessage: "project of another sector" });
  const found = await tx
    .select({
      id: systems.id,
      siteId: systems.siteId,
      name: systems.name,
      grade: systems.grade,
      devices: systems.devices,
    })
    .from(systems)
    .where(
      and(
        eq(systems.tenantId, actor.tenantId),
        inArray(
          systems.siteId,
          shown.map((s) => s.id),
        ),
      ),
    )
    .orderBy(asc(systems.id));
  return {
    projectId,
    surveyOpen: project.state === "survey.collecting" || project.state === "survey.closing",
    addsPeople: may(actor.role, "members.write"),
    sites: shown.map((s) => ({
      ...s,
      ...divisionMark({ divisionCode: s.divisionCode || null, region: s.region }, today(actor)),
      systems: found.filter((one) => one.siteId === s.id),
    })),
    next,
    chosen,
  };
}
export type SitesPage = Awaited<ReturnType<typeof sitesPage>>;

async function chosenSite(tx: Tx, actor: Actor, id: string) {
  if (!z.uuid().safeParse(id).success) throw notFound({ logMessage: "site id" });
  const [row] = await tx
    .select({ id: sites.id, name: sites.name })
    .from(sites)
    .where(and(eq(sites.tenantId, actor.tenantId), eq(sites.id, id)));
  if (!row) throw notFound({ logMessage: `site ${id}` });
  return row;
}
