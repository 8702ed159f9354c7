import { and, asc, eq, gt, inArray, isNull, lt, notExists, type SQL, sql } from "drizzle-orm";
import { factsOfPilots } from "#app/features/pilots/facts.server.ts";
import { reportOwedOn } from "#app/features/pilots/pilots.view.server.ts";
import { addDays, lastDay } from "#app/platform/days.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { askedBreakGlass } from "#app/features/identity/break-glass.server.ts";
import { may } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import { documents, grants, pilots, pilotScores, projects, sites } from "#db/schema/index.ts";
import { type PilotFacts, withAuthorStates } from "#workflows/index.ts";
import { documentTasks } from "./document-tasks.server.ts";
import { pilotTasks, projectTasks } from "./machine-tasks.server.ts";
import { measureTasks } from "./measure-tasks.server.ts";
import { nationalTasks } from "./national-tasks.server.ts";
import { expertTasks, objectionTasks, officeSeatTasks } from "./selection-tasks.server.ts";
import { joined, listed, type TaskSource } from "./task-source.ts";
import { ofSite, plainTask, type Task } from "./tasks.rules.ts";

/*
 * What waits for a person, read from the states of things: nothing is stored that could fall out of step. Counts are exact; lists
 * are sorted before they are cut and paged by cursor.
 */

const reportHorizonDays = 14;

const owedReport = {
  id: pilots.id,
  name: sql<string>`${pilots.code} || ' ' || ${pilots.name}`.as("pilot"),
  site: sites.name,
  due: reportOwedOn.as("due"),
};
/** Pilots whose next report is due before a day: what a site is told of as its own is, once late, what its sector waits for. */
const reportsOwed = (tx: Tx, actor: Actor, before: string, also?: SQL) =>
  tx
    .select(owedReport)
    .from(pilots)
    .innerJoin(sites, and(eq(sites.tenantId, pilots.tenantId), eq(sites.id, pilots.siteId)))
    .where(and(eq(pilots.tenantId, actor.tenantId), sql`${reportOwedOn} < ${before}`, also));

/** Reports of the sector's pilots that are late and not even begun; one that was begun stands in the list as the document it is. */
async function lateReports(tx: Tx, actor: Actor): Promise<Task[]> {
  const day = today(actor);
  const begun = tx
    .select({ one: sql`1` })
    .from(documents)
    .where(
      and(
        eq(documents.tenantId, pilots.tenantId),
        eq(documents.pilotId, pilots.id),
        eq(documents.kind, "progressReport"),
        inArray(documents.state, [...withAuthorStates]),
        lt(documents.dueOn, day),
      ),
    );
  const rows = await reportsOwed(tx, actor, day, notExists(begun));
  return rows.map(({ id, name, site, due }) => ({
    ...plainTask(
      {
        id: `${id}:progress_report_late`,
        group: "waiting",
        kind: "progressReport_missing",
        subject: ofSite(name, site),
        href: `/pilots/${id}`,
      },
      day,
      due,
    ),
    waitsFor: "site",
  }));
}

/** Reports of months that are owed or will soon be, and nominations of which nothing is stated: what a site's pilots ask beside their events. */
async function siteObligations(tx: Tx, actor: Actor): Promise<Task[]> {
  const day = today(actor);
  const own = eq(pilots.tenantId, actor.tenantId);
  const [reports, nominated] = await Promise.all([
    reportsOwed(tx, actor, addDays(day, reportHorizonDays)),
    tx
      .select({ id: pilots.id, name: owedReport.name })
      .from(pilots)
      .where(and(own, eq(pilots.stage, "nominated"), isNull(pilots.nomination))),
  ]);
  const of = (kind: string, { id, name }: { id: string; name: string }, dueOn: string | null) =>
    plainTask({ id: `${id}:${kind}`, group: "due", kind, subject: name, href: `/pilots/${id}` }, day, dueOn);
  return [
    ...reports.map((p) => of("progress_report_due", p, p.due)),
    ...nominated.map((p) => of("pilot_nomination", p, null)),
  ];
}

/** Nominations that the caller is to score: a member of the panel who has declared and not finished. */
async function scoringTasks(tx: Tx, actor: Actor): Promise<Task[]> {
  const mayScore = sql`${pilots.id} = any ((select auth.panel_pilots())::uuid[]) and not exists (select 1 from ${pilotScores}
    where ${pilotScores.tenantId} = ${pilots.tenantId} and ${pilotScores.pilotId} = ${pilots.id} and ${pilotScores.membershipId} = ${actor.membershipId}
      and ${pilotScores.round} = ${pilots.scoringRound} and (${pilotScores.recused} or ${pilotScores.totalCenti} is not null))`;
  const rows = await tx
    .select({ id: pilots.id, name: pilots.name })
    .from(pilots)
    .where(and(eq(pilots.tenantId, actor.tenantId), eq(pilots.stage, "scoring"), mayScore));
  return rows.map(({ id, name }) =>
    plainTask(
      { id: `${id}:pilot_scoring`, group: "due", kind: "pilot_scoring", subject: name, href: `/pilots/${id}` },
      today(actor),
    ),
  );
}

/** What each purpose of a grant is given for, and the fact that says it was done in this round. */
const verified: Readonly<Record<string, { stages: readonly string[]; by: keyof PilotFacts }>> = {
  design: { stages: ["design"], by: "designVerified" },
  acceptance: { stages: ["acceptance"], by: "acceptanceTested" },
  operation: { stages: ["operation"], by: "operationChecked" },
};
/** Grants that are alive and whose verification the pilot waits for, by the very facts of its gate: done once is not done this round. */
async function assessorTasks(tx: Tx, actor: Actor): Promise<Task[]> {
  const day = today(actor);
  const rows = await tx
    .select({ id: grants.id, purpose: grants.purpose, endsAt: grants.endsAt, pilot: pilots })
    .from(grants)
    .innerJoin(pilots, and(eq(pilots.tenantId, grants.tenantId), eq(pilots.id, grants.pilotId)))
    .where(and(eq(grants.institutionId, actor.tenantId), isNull(grants.revokedAt), gt(grants.endsAt, actor.now)))
    .orderBy(asc(grants.endsAt));
  const facts = await factsOfPilots(
    tx,
    actor,
    [...new Map(rows.map((r) => [r.pilot.id, r.pilot])).values()],
    getLocale(),
  );
  return rows.flatMap(({ id, purpose, endsAt, pilot }): Task[] => {
    const asked = verified[purpose];
    const waits = asked?.stages.includes(pilot.stage) && facts.get(pilot.id)?.[asked.by] === false;
    return waits
      ? [
          plainTask(
            {
              id: `verify:${id}`,
              group: "due",
              kind: `verify_${purpose}`,
              subject: pilot.name,
              href: `/pilots/${pilot.id}`,
            },
            day,
            lastDay(endsAt),
          ),
        ]
      : [];
  });
}

const asked = new WeakMap<Tx, Promise<TaskSource>>();
/** What waits for this person, and what waits for others. The frame and the page ask for the same: it is found once in a transaction, which is one person's. */
export function workOf(tx: Tx, actor: Actor): Promise<TaskSource> {
  const found = asked.get(tx) ?? findWork(tx, actor);
  asked.set(tx, found);
  return found;
}
async function findWork(tx: Tx, actor: Actor): Promise<TaskSource> {
  const day = today(actor);
  const lists: Readonly<Record<Actor["level"], () => Promise<Task[]>[]>> = {
    site: () => [pilotTasks(tx, actor), siteObligations(tx, actor)],
    sector: () => [
      projectTasks(tx, actor),
      pilotTasks(tx, actor),
      scoringTasks(tx, actor),
      objectionTasks(tx, actor, day),
      officeSeatTasks(tx, actor, day),
      lateReports(tx, actor),
    ],
    national: () => [nationalTasks(tx, actor)],
    assessor: () => [assessorTasks(tx, actor)],
    expert: () => [expertTasks(tx, actor)],
    auditor: () => [],
    operator: () => [],
  };
  const writes = actor.level === "site" || actor.level === "sector";
  const [few, ...many] = await Promise.all([
    Promise.all([...lists[actor.level](), accessTasks(tx, actor)]),
    ...(writes || actor.level === "national" ? [documentTasks(tx, actor)] : []),
    ...(writes ? [measureTasks(tx, actor)] : []),
  ]);
  return joined([listed(few.flat()), ...many]);
}

/** An operator asks to be let in: the lead's to answer. */
async function accessTasks(tx: Tx, actor: Actor): Promise<Task[]> {
  if (!may(actor.role, "glass.answer")) return [];
  const rows = await askedBreakGlass(tx, actor);
  return rows.map(({ id, operatorName }) =>
    plainTask(
      {
        id: `break_glass_asked:${id}`,
        group: "review",
        kind: "break_glass_asked",
        subject: operatorName,
        href: "/break-glass",
      },
      today(actor),
    ),
  );
}
/** The sector's project, for links in the frame. Null at levels that have none. */
export async function frameProject(tx: Tx, actor: Actor): Promise<string | null> {
  if (actor.tenantKind !== "sector" || !may(actor.role, "project.read")) return null;
  const rows = await tx
    .select({ id: projects.id, createdAt: projects.createdAt })
    .from(projects)
    .where(eq(projects.tenantId, actor.tenantId));
  return rows.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0]?.id ?? null;
}
