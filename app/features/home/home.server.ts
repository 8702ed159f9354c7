import { and, asc, count, desc, eq, gt, gte, inArray, isNull, max, ne, sql } from "drizzle-orm";
import { addDays } from "#app/platform/days.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import { history, type HistoryEntry } from "#app/features/workflow/history.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { inCodeOrder } from "#db/codes.ts";
import { type Tx, withActor, type Database } from "#db/client.server.ts";
import { inRegisterOrder } from "#db/register-order.ts";
import { declaredWalls } from "#db/policies.ts";
import { actionPlanView } from "#app/features/national/action-plan.server.ts";
import { nationalView } from "#app/features/national/national.view.server.ts";
import {
  answers,
  controls,
  comments,
  documents,
  grants,
  indicators,
  measures,
  pilots,
  projects,
  risks,
  sites,
  specifications,
  systems,
  tenants,
  visits,
  workflowEvents,
} from "#db/schema/index.ts";
import { healthNow, reportOwedOn } from "#app/features/pilots/pilots.view.server.ts";
import { lateMeasures, openMeasures } from "#app/features/plan/measures-done.server.ts";
import { type PhaseStep, phaseSteps } from "#app/features/project/phases.server.ts";
import { loadInstance } from "#app/features/workflow/instance.server.ts";
import type { Task } from "./tasks.rules.ts";
import { workOf } from "./tasks.server.ts";
import { withAuthorStates } from "#workflows/index.ts";

/* The first page of each role: what is due, then where things stand, then what changed since the last visit. */

export interface ProjectPhases {
  projectId: string;
  nameZh: string;
  nameEn: string;
  steps: PhaseStep[];
}

async function projectPhases(tx: Tx, actor: Actor): Promise<ProjectPhases | null> {
  if (actor.tenantKind !== "sector" || !may(actor.role, "project.read")) return null;
  const [project] = await tx
    .select()
    .from(projects)
    .where(eq(projects.tenantId, actor.tenantId))
    .orderBy(desc(projects.createdAt))
    .limit(1);
  if (!project) return null;
  const steps = await phaseSteps(tx, actor, project, await loadInstance(tx, project.id));
  return { projectId: project.id, nameZh: project.nameZh, nameEn: project.nameEn, steps };
}

type ChangeEntry = HistoryEntry & { subject: string };

/** Names of what the entries are about, in the reader's language; nothing for what the caller cannot see by now. */
async function subjectsOf(
  tx: Tx,
  actor: Actor,
  entries: readonly HistoryEntry[],
  locale: Locale,
): Promise<ReadonlyMap<string, string>> {
  const ids = (machine: HistoryEntry["machine"]) => [
    ...new Set(entries.filter((e) => e.machine === machine).map((e) => e.objectId)),
  ];
  const nameOf = locale === "en" ? projects.nameEn : projects.nameZh;
  const titleOf = locale === "en" ? specifications.titleEn : specifications.titleZh;
  const [ofProjects, ofPilots, ofDocuments, ofSpecifications] = (
    ["project", "pilot", "document", "specification"] as const
  ).map(ids);
  // A level is refused a whole table that is not its own: only tables that it may read are asked.
  const may = (table: string) => declaredWalls().get(table)?.access[actor.level]?.select !== undefined;
  const named = await Promise.all([
    ofProjects?.length && may("projects")
      ? tx.select({ id: projects.id, name: nameOf }).from(projects).where(inArray(projects.id, ofProjects))
      : [],
    ofPilots?.length && may("pilots")
      ? tx.select({ id: pilots.id, name: pilots.name }).from(pilots).where(inArray(pilots.id, ofPilots))
      : [],
    ofDocuments?.length && may("documents")
      ? tx.select({ id: documents.id, name: documents.title }).from(documents).where(inArray(documents.id, ofDocuments))
      : [],
    ofSpecifications?.length && may("specifications")
      ? tx
          .select({ id: specifications.id, name: titleOf })
          .from(specifications)
          .where(inArray(specifications.id, ofSpecifications))
      : [],
  ]);
  return new Map(named.flat().map((one) => [one.id, one.name]));
}

const shownChanges = 8;
/** A visit lasts this long: what changed before it stays in sight while one walks about. */
const visitMs = 30 * 60_000;
interface Changes {
  /** The last visit before this one; null at the first. */
  since: Date | null;
  entries: ChangeEntry[];
  /** When this page was last opened at all. */
  seenAt: Date | null;
}

/** Entries since the visit before this one, others' only; the visit is noted afterwards. */
async function changes(tx: Tx, actor: Actor, locale: Locale): Promise<Changes> {
  // The operator and an outside expert read nobody's record of events.
  if (actor.level === "operator" || actor.level === "expert") return { since: null, entries: [], seenAt: actor.now };
  const [[seen], { entries }] = await Promise.all([
    tx
      .select({ at: visits.seenAt, before: visits.previousAt })
      .from(visits)
      .where(and(eq(visits.tenantId, actor.tenantId), eq(visits.membershipId, actor.membershipId))),
    history(tx, { limit: 40 }, locale),
  ]);
  const lasting = seen && actor.now.getTime() - seen.at.getTime() < visitMs;
  const since = (lasting ? seen.before : seen?.at) ?? null;
  const others = entries.filter((e) => e.actorName !== actor.name && (since === null || e.at > since));
  const shown = others.slice(0, shownChanges);
  const subjects = await subjectsOf(tx, actor, shown, locale);
  return {
    since,
    entries: shown.map((e) => ({ ...e, subject: subjects.get(e.objectId) ?? "" })),
    seenAt: seen?.at ?? null,
  };
}

/** Notes that a new visit began; nothing while one lasts. */
export async function noteVisit(db: Database, actor: Actor, seenAt: Date | null): Promise<void> {
  if (seenAt && actor.now.getTime() - seenAt.getTime() < visitMs) return;
  const values = { tenantId: actor.tenantId, membershipId: actor.membershipId, seenAt: actor.now, previousAt: seenAt };
  await withActor(db.write, actor, (tx) =>
    tx
      .insert(visits)
      .values(values)
      .onConflictDoUpdate({
        target: [visits.tenantId, visits.membershipId],
        set: { seenAt: actor.now, previousAt: seenAt },
      }),
  );
}

/** A site's questionnaires: how many questions its version has, and how many of them are answered. */
function responsesOf(tx: Tx, actor: Actor) {
  const asked = tx
    .select({ version: controls.version, questions: sql<number>`count(*)::int`.as("questions") })
    .from(controls)
    .groupBy(controls.version)
    .as("asked");
  return tx
    .select({
      id: documents.id,
      projectId: documents.projectId,
      title: documents.title,
      state: documents.state,
      system: systems.name,
      questions: sql<number>`coalesce(${asked.questions}, 0)`,
      answered: sql<number>`(select count(*)::int from ${answers} a where a.tenant_id = ${documents.tenantId} and a.document_id = ${documents.id} and a.value is not null)`,
    })
    .from(documents)
    .innerJoin(systems, and(eq(systems.tenantId, documents.tenantId), eq(systems.id, documents.systemId)))
    .innerJoin(projects, and(eq(projects.tenantId, documents.tenantId), eq(projects.id, documents.projectId)))
    .leftJoin(asked, eq(asked.version, projects.questionnaireVersion))
    .where(and(eq(documents.tenantId, actor.tenantId), eq(documents.kind, "surveyResponse")))
    .orderBy(asc(systems.name))
    .limit(20);
}

async function siteExtras(tx: Tx, actor: Actor) {
  const [responses, topRisks, todo, pilotRows] = await Promise.all([
    responsesOf(tx, actor),
    tx
      .select({
        id: risks.id,
        code: risks.code,
        projectId: risks.projectId,
        level: risks.level,
        threat: risks.threatCode,
        vulnerability: risks.vulnerabilityCode,
        owner: risks.owner,
      })
      .from(risks)
      .where(and(eq(risks.tenantId, actor.tenantId), gte(risks.level, 4)))
      .orderBy(desc(risks.level), ...inCodeOrder(risks.code))
      .limit(5),
    tx
      .select({
        id: measures.id,
        code: measures.code,
        projectId: measures.projectId,
        title: measures.title,
        endsOn: measures.endsOn,
      })
      .from(measures)
      .where(and(eq(measures.tenantId, actor.tenantId), openMeasures(today(actor))))
      .orderBy(asc(measures.endsOn))
      .limit(6),
    tx
      .select({
        id: pilots.id,
        name: pilots.name,
        stage: pilots.stage,
        health: healthNow(today(actor)).as("health_now"),
        nextReportDue: reportOwedOn.as("report_owed_on"),
      })
      .from(pilots)
      .where(eq(pilots.tenantId, actor.tenantId))
      .limit(10),
  ]);
  return { kind: "site" as const, siteId: actor.siteId, responses, topRisks, openMeasures: todo, pilots: pilotRows };
}

async function sectorExtras(tx: Tx, actor: Actor) {
  const day = today(actor);
  const own = actor.tenantId;
  const [missing, board, heat, overdue, replace] = await Promise.all([
    tx
      .select({
        id: documents.id,
        projectId: documents.projectId,
        site: sites.name,
        title: documents.title,
        dueOn: documents.dueOn,
      })
      .from(documents)
      .innerJoin(sites, and(eq(sites.tenantId, documents.tenantId), eq(sites.id, documents.siteId)))
      .where(and(eq(documents.tenantId, own), inArray(documents.state, [...withAuthorStates])))
      .orderBy(asc(documents.dueOn), ...inRegisterOrder)
      .limit(12),
    tx
      .select({ stage: pilots.stage, batchNo: pilots.batchNo, n: count() })
      .from(pilots)
      .where(eq(pilots.tenantId, own))
      .groupBy(pilots.stage, pilots.batchNo),
    tx
      .select({
        likelihood: risks.likelihoodLevel,
        loss: risks.lossLevel,
        n: count(),
        level: max(risks.level),
        high: sql<number>`count(*) filter (where ${risks.level} >= 4)::int`,
      })
      .from(risks)
      .where(and(eq(risks.tenantId, own), ne(risks.status, "dismissed")))
      .groupBy(risks.likelihoodLevel, risks.lossLevel),
    tx
      .select({
        id: measures.id,
        code: measures.code,
        title: measures.title,
        endsOn: measures.endsOn,
        site: sites.name,
        projectId: measures.projectId,
        level: risks.level,
      })
      .from(measures)
      .innerJoin(risks, and(eq(risks.tenantId, measures.tenantId), eq(risks.id, measures.riskId)))
      .innerJoin(sites, and(eq(sites.tenantId, measures.tenantId), eq(sites.id, measures.siteId)))
      .where(and(eq(measures.tenantId, own), lateMeasures(day), gte(risks.level, 4)))
      .orderBy(asc(measures.endsOn))
      .limit(8),
    tx.select({ n: count() }).from(indicators).where(eq(indicators.tenantId, own)),
  ]);
  return { kind: "sector" as const, missing, board, heat, overdue, indicators: replace[0]?.n ?? 0 };
}

async function assessorExtras(tx: Tx, actor: Actor) {
  const jobs = await tx
    .select({
      id: grants.id,
      pilotId: grants.pilotId,
      purpose: grants.purpose,
      endsAt: grants.endsAt,
      pilot: pilots.name,
      stage: pilots.stage,
      sectorZh: tenants.nameZh,
      sectorEn: tenants.nameEn,
    })
    .from(grants)
    .innerJoin(pilots, and(eq(pilots.tenantId, grants.tenantId), eq(pilots.id, grants.pilotId)))
    .innerJoin(tenants, eq(tenants.id, grants.tenantId))
    .where(and(eq(grants.institutionId, actor.tenantId), isNull(grants.revokedAt), gt(grants.endsAt, actor.now)))
    .orderBy(asc(grants.endsAt))
    .limit(50);
  return { kind: "assessor" as const, jobs, soon: addDays(today(actor), 14) };
}

async function operatorExtras(tx: Tx) {
  const rows = await tx
    .select({
      id: tenants.id,
      code: tenants.code,
      kind: tenants.kind,
      nameZh: tenants.nameZh,
      nameEn: tenants.nameEn,
      createdAt: tenants.createdAt,
    })
    .from(tenants)
    .orderBy(asc(tenants.kind), asc(tenants.code))
    .limit(200);
  return { kind: "operator" as const, tenants: rows };
}

async function auditorExtras(tx: Tx, actor: Actor) {
  const rows = await tx
    .select({ machine: workflowEvents.machine, n: count() })
    .from(workflowEvents)
    .where(eq(workflowEvents.tenantId, actor.tenantId))
    .groupBy(workflowEvents.machine);
  return { kind: "auditor" as const, counts: rows };
}

/** The office's first look: the country's matrix, and how the plan stands to its dates. */
async function nationalExtras(tx: Tx, actor: Actor, locale: Locale) {
  const [overview, plan, open] = await Promise.all([
    nationalView(tx, actor, locale),
    actionPlanView(tx, actor),
    tx
      .select({ disposition: comments.disposition, n: count() })
      .from(comments)
      .where(eq(comments.tenantId, actor.tenantId))
      .groupBy(comments.disposition),
  ]);
  return {
    kind: "national" as const,
    overview,
    plan,
    comments: Object.fromEntries(open.map((o) => [o.disposition, o.n])),
  };
}

function extrasOf(tx: Tx, actor: Actor, locale: Locale) {
  switch (actor.level) {
    case "site":
      return siteExtras(tx, actor);
    case "sector":
      return sectorExtras(tx, actor);
    case "assessor":
      return assessorExtras(tx, actor);
    // What an expert has to do is all among their tasks.
    case "expert":
      return { kind: "expert" as const };
    case "operator":
      return operatorExtras(tx);
    case "auditor":
      return auditorExtras(tx, actor);
    case "national":
      return nationalExtras(tx, actor, locale);
  }
}

/** How many tasks the first page shows of each list. */
const shownTasks = 12;
async function firstTasks(tx: Tx, actor: Actor) {
  const work = await workOf(tx, actor);
  const [own, waiting] = await Promise.all([
    work.page("own", null, shownTasks),
    work.page("waiting", null, shownTasks),
  ]);
  return { counts: work.counts, own, waiting };
}

/** All of the first page, in one round of queries. */
export async function homeView(tx: Tx, actor: Actor, locale: Locale) {
  const [tasks, line, changed, extras] = await Promise.all([
    firstTasks(tx, actor),
    projectPhases(tx, actor),
    changes(tx, actor, locale),
    extrasOf(tx, actor, locale),
  ]);
  return { role: actor.role, name: actor.name, today: today(actor), tasks, standing: line, changed, extras };
}
export type HomeView = Awaited<ReturnType<typeof homeView>>;
export type { Task };
