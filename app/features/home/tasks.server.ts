import { and, asc, eq, gt, inArray, isNotNull, isNull, like, lt, ne, or, sql } from "drizzle-orm";
import { addDays, lastDay } from "#app/platform/days.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { askedBreakGlass } from "#app/features/identity/break-glass.server.ts";
import { may } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import {
  actionMilestones,
  comments,
  documents,
  grants,
  pilots,
  pilotScores,
  projects,
  specifications,
  verifications,
} from "#db/schema/index.ts";
import { maySend } from "#workflows/authority.ts";
import { expertTasks, objectionTasks, officeSeatTasks } from "./selection-tasks.server.ts";
import { type DocumentTask, documentTask, pilotTask, plainTask, type Task, type TaskGroup } from "./tasks.rules.ts";
import { stagesWhere, withAuthorStates } from "#workflows/index.ts";

/*
 * What waits for a person, read from the states of things: nothing is stored that could fall out of step. Each role's
 * list is a handful of queries sent together, however long the list is.
 */

const limit = 200;

const documentColumns = {
  id: documents.id,
  projectId: documents.projectId,
  kind: documents.kind,
  siteId: documents.siteId,
  pilotId: documents.pilotId,
  period: documents.period,
  title: documents.title,
  dueOn: documents.dueOn,
  state: documents.state,
};
const own = (actor: Actor) => eq(documents.tenantId, actor.tenantId);
const pilotColumns = {
  id: pilots.id,
  name: pilots.name,
  stage: pilots.stage,
  nextReportDue: pilots.nextReportDue,
  noticeTo: pilots.noticeTo,
};

/** What brings a pilot on while the site has the next word, by stage. */
const nextOfSite: Readonly<Record<string, string>> = {
  selected: "START_DESIGN",
  design: "COMPLETE_DESIGN",
  construction: "REQUEST_ACCEPTANCE",
};
const siteStages = Object.keys(nextOfSite);
const movesOn = ({ role }: Actor, stage: string): boolean => maySend(role, "pilot", nextOfSite[stage] ?? "", stage);
const reportHorizonDays = 14;

async function siteTasks(tx: Tx, actor: Actor): Promise<Task[]> {
  const day = today(actor);
  const mine = siteStages;
  const [docs, built, reports, nominated] = await Promise.all([
    tx
      .select(documentColumns)
      .from(documents)
      .where(and(own(actor), or(inArray(documents.state, [...withAuthorStates]), like(documents.state, "submitted.%"))))
      .orderBy(asc(documents.dueOn))
      .limit(limit),
    tx
      .select(pilotColumns)
      .from(pilots)
      .where(and(eq(pilots.tenantId, actor.tenantId), inArray(pilots.stage, mine)))
      .limit(limit),
    tx
      .select(pilotColumns)
      .from(pilots)
      .where(
        and(
          eq(pilots.tenantId, actor.tenantId),
          eq(pilots.stage, "operation"),
          lt(pilots.nextReportDue, addDays(day, reportHorizonDays)),
        ),
      )
      .limit(limit),
    tx
      .select(pilotColumns)
      .from(pilots)
      .where(and(eq(pilots.tenantId, actor.tenantId), eq(pilots.stage, "nominated"), isNull(pilots.nomination)))
      .limit(limit),
  ]);
  return [
    ...docs.map((d) =>
      d.state === "returned"
        ? documentTask(d, day, "returned", `${d.kind}_returned`)
        : d.state === "draft"
          ? documentTask(d, day, "due", `${d.kind}_draft`)
          : documentTask(d, day, "waiting", `${d.kind}_in_review`, "regulator"),
    ),
    ...built.filter((p) => movesOn(actor, p.stage)).map((p) => pilotTask(p, day, `pilot_${p.stage}`, null)),
    ...reports.map((p) => pilotTask(p, day, "progress_report_due", p.nextReportDue)),
    ...nominated.map((p) => pilotTask(p, day, "pilot_nomination", null)),
  ];
}

async function sectorTasks(tx: Tx, actor: Actor): Promise<Task[]> {
  const day = today(actor);
  const selects = maySend(actor.role, "pilot", "SELECT", "publicNotice");
  // A member of the panel who has not finished: whoever has no seat, or has not declared their interests, scores nothing.
  const mayScore = sql`${pilots.id} = any ((select auth.panel_pilots())::uuid[]) and not exists (select 1 from ${pilotScores}
    where ${pilotScores.tenantId} = ${pilots.tenantId} and ${pilotScores.pilotId} = ${pilots.id} and ${pilotScores.membershipId} = ${actor.membershipId}
      and ${pilotScores.round} = ${pilots.scoringRound} and (${pilotScores.recused} or ${pilotScores.totalCenti} is not null))`;
  const stage = (...stages: string[]) => and(eq(pilots.tenantId, actor.tenantId), inArray(pilots.stage, stages));
  const [docs, screening, scoring, notice, handling, objected, seats] = await Promise.all([
    tx
      .select(documentColumns)
      .from(documents)
      .where(and(own(actor), ne(documents.state, "approved"), ne(documents.state, "superseded")))
      .orderBy(asc(documents.dueOn))
      .limit(limit),
    tx
      .select(pilotColumns)
      .from(pilots)
      .where(stage(...stagesWhere("unscored")))
      .limit(limit),
    tx
      .select(pilotColumns)
      .from(pilots)
      .where(and(stage("scoring"), mayScore))
      .limit(limit),
    tx
      .select(pilotColumns)
      .from(pilots)
      .where(and(stage("publicNotice"), lt(pilots.noticeTo, day)))
      .limit(limit),
    tx
      .select(pilotColumns)
      .from(pilots)
      .where(stage(...stagesWhere("awaitsDecision")))
      .limit(limit),
    objectionTasks(tx, actor, day),
    officeSeatTasks(tx, actor, day),
  ]);
  return [
    ...docs.flatMap((d) => sectorDocumentTask(d, day, actor)),
    ...screening.map((p) => pilotTask(p, day, "pilot_screening", null)),
    ...scoring.map((p) => pilotTask(p, day, "pilot_scoring", null)),
    ...(selects ? notice.map((p) => pilotTask(p, day, "pilot_select", p.noticeTo)) : []),
    ...handling.map((p) => pilotTask(p, day, `pilot_${p.stage}_review`, null)),
    ...objected,
    ...seats,
  ];
}

function sectorDocumentTask(d: DocumentTask, day: string, { role }: Actor): Task[] {
  const reviews = maySend(role, "document", "RETURN", "submitted.sector", d.kind);
  if (d.siteId !== null) {
    if (d.state === "submitted.sector") return [documentTask(d, day, "review", `${d.kind}_review`)];
    const overdue = d.dueOn !== null && d.dueOn < day;
    return overdue ? [documentTask(d, day, "waiting", `${d.kind}_missing`, "site")] : [];
  }
  if (d.state === "submitted.national") return [documentTask(d, day, "waiting", `${d.kind}_national`, "national")];
  if (d.state === "submitted.sector")
    return [
      documentTask(
        d,
        day,
        reviews ? "review" : "waiting",
        reviews ? `${d.kind}_approve` : `${d.kind}_in_review`,
        reviews ? null : "lead",
      ),
    ];
  if (!maySend(role, "document", "SUBMIT", "draft", d.kind)) return [];
  return [
    documentTask(
      d,
      day,
      d.state === "returned" ? "returned" : "due",
      d.state === "returned" ? `${d.kind}_returned` : `${d.kind}_draft`,
    ),
  ];
}

async function nationalTasks(tx: Tx, actor: Actor): Promise<Task[]> {
  const day = today(actor);
  const [docs, specs, milestones, claimed] = await Promise.all([
    tx
      .select(documentColumns)
      .from(documents)
      .where(and(eq(documents.national, true), eq(documents.state, "submitted.national")))
      .limit(limit),
    specificationTasks(tx, actor, day),
    tx
      .select({ id: actionMilestones.id, dueOn: actionMilestones.dueOn })
      .from(actionMilestones)
      .where(and(isNull(actionMilestones.doneOn), lt(actionMilestones.dueOn, addDays(day, 90))))
      .orderBy(asc(actionMilestones.dueOn))
      .limit(limit),
    may(actor.role, "actionPlan.accept")
      ? tx
          .select({ id: actionMilestones.id, dueOn: actionMilestones.dueOn })
          .from(actionMilestones)
          .where(and(isNotNull(actionMilestones.doneOn), isNull(actionMilestones.acceptedAt)))
          .orderBy(asc(actionMilestones.dueOn))
      : [],
  ]);
  return [
    ...docs.map((d) => documentTask(d, day, "review", `${d.kind}_national_approve`)),
    ...specs,
    ...claimed.map(({ id, dueOn }) =>
      plainTask(
        { id: `accept:${id}`, group: "review", kind: "milestone_accept", subject: id, href: `/action-plan#${id}` },
        day,
        dueOn,
      ),
    ),
    ...milestones.map(({ id, dueOn }) =>
      plainTask(
        { id: `milestone:${id}`, group: "due", kind: "milestone", subject: id, href: `/action-plan#${id}` },
        day,
        dueOn,
      ),
    ),
  ];
}

/** Editions that are worked on, and the comments on them that nobody has answered. */
async function specificationTasks(tx: Tx, actor: Actor, day: string): Promise<Task[]> {
  const [specs, open] = await Promise.all([
    tx
      .select({
        id: specifications.id,
        title: specifications.titleZh,
        state: specifications.state,
        consultTo: specifications.consultTo,
      })
      .from(specifications)
      .where(
        and(
          eq(specifications.tenantId, actor.tenantId),
          inArray(specifications.state, ["drafting", "consultation", "reviewing", "approved"]),
        ),
      )
      .limit(limit),
    tx
      .select({ specificationId: comments.specificationId, n: sql<number>`count(*)::int` })
      .from(comments)
      .where(and(eq(comments.tenantId, actor.tenantId), eq(comments.disposition, "open")))
      .groupBy(comments.specificationId),
  ]);
  const openBySpecification = new Map(open.map((o) => [o.specificationId, o.n]));
  const editingHref = (id: string) => `/national/specifications/${id}`;
  return [
    ...specs.map(({ id, title, state, consultTo }) =>
      plainTask(
        {
          id: `specification:${id}`,
          group: "due",
          kind: `specification_${state}`,
          subject: title,
          href: editingHref(id),
        },
        day,
        state === "consultation" ? consultTo : null,
      ),
    ),
    ...specs
      .filter(({ id }) => openBySpecification.has(id))
      .map(({ id, title }) =>
        plainTask(
          {
            id: `comments:${id}`,
            group: "review",
            kind: "comments_open",
            subject: `${title} (${openBySpecification.get(id) ?? 0})`,
            href: `${editingHref(id)}?view=comments`,
          },
          day,
        ),
      ),
  ];
}

async function assessorTasks(tx: Tx, actor: Actor): Promise<Task[]> {
  const day = today(actor);
  const rows = await tx
    .select({
      id: grants.id,
      pilotId: grants.pilotId,
      purpose: grants.purpose,
      endsAt: grants.endsAt,
      name: pilots.name,
      stage: pilots.stage,
      done: verifications.id,
    })
    .from(grants)
    .innerJoin(pilots, and(eq(pilots.tenantId, grants.tenantId), eq(pilots.id, grants.pilotId)))
    .leftJoin(
      verifications,
      and(
        eq(verifications.tenantId, grants.tenantId),
        eq(verifications.pilotId, grants.pilotId),
        eq(verifications.kind, grants.purpose),
      ),
    )
    .where(and(eq(grants.institutionId, actor.tenantId), isNull(grants.revokedAt), gt(grants.endsAt, actor.now)))
    .orderBy(asc(grants.endsAt))
    .limit(limit);
  return rows
    .filter((r) => r.done === null)
    .map(({ id, purpose, name, pilotId, endsAt }) =>
      plainTask(
        { id: `verify:${id}`, group: "due", kind: `verify_${purpose}`, subject: name, href: `/pilots/${pilotId}` },
        day,
        lastDay(endsAt),
      ),
    );
}

const asked = new WeakMap<Tx, Promise<readonly Task[]>>();
/**
 * What waits for this person, the most pressing first; what waits for others comes last. The frame and the page ask for the same:
 * it is read once in a transaction, which is one person's.
 */
export function tasksOf(tx: Tx, actor: Actor): Promise<readonly Task[]> {
  const found = asked.get(tx) ?? readTasks(tx, actor);
  asked.set(tx, found);
  return found;
}
async function readTasks(tx: Tx, actor: Actor): Promise<readonly Task[]> {
  const byLevel = {
    site: siteTasks,
    sector: sectorTasks,
    national: nationalTasks,
    assessor: assessorTasks,
    expert: expertTasks,
    auditor: none,
    operator: none,
  } as const;
  const found = (await Promise.all([byLevel[actor.level](tx, actor), accessTasks(tx, actor)])).flat();
  const order: Record<TaskGroup, number> = { returned: 0, due: 1, review: 1, waiting: 2 };
  return found.sort(
    (a, b) =>
      order[a.group] - order[b.group] ||
      (a.dueOn ?? "9999").localeCompare(b.dueOn ?? "9999") ||
      a.id.localeCompare(b.id),
  );
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
const none = async (): Promise<Task[]> => [];

/** How many of them are the person's own to do. */
export const ownTasks = (tasks: readonly Task[]): number => tasks.filter((t) => t.group !== "waiting").length;

/** The sector's project, for links in the frame. Null at levels that have none. */
export async function frameProject(tx: Tx, actor: Actor): Promise<string | null> {
  if (actor.tenantKind !== "sector" || !may(actor.role, "project.read")) return null;
  const rows = await tx
    .select({ id: projects.id, createdAt: projects.createdAt })
    .from(projects)
    .where(eq(projects.tenantId, actor.tenantId));
  return rows.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0]?.id ?? null;
}
