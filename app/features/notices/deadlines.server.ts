import { and, between, eq, inArray, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { hrefOf } from "#app/domain/hrefs.ts";
import { kindOf } from "#app/features/document/kinds.server.ts";
import { openMeasures } from "#app/features/plan/measures-done.server.ts";
import { type Day, dayAt, dayEnd, dayStart, lastDay } from "#app/platform/days.ts";
import { jobTask, type TaskContext } from "#app/platform/jobs.server.ts";
import type { WorkerDb } from "#db/jobs.server.ts";
import { documents, grants, measures, pilots, projects } from "#db/schema/index.ts";
import { documentKinds } from "#db/vocabulary.ts";
import { phaseOfDocument, withAuthorStates } from "#workflows/index.ts";
import { usualChannel } from "./channels.rules.ts";
import { type Duty, isSure, ladder, rungsOn, workingDaysBetween } from "./ladder.rules.ts";

/*
 * What is due soon or late, told to whom the ladder names, once for each rung. The worker reads due days and titles across sectors,
 * and nothing of what stands in the things; `auth.tell_deadlines` notes the rung with the notices, in one transaction.
 */

/** A thing with a day, and whose affair it is. */
interface Owed {
  tenantId: string;
  type: "document" | "pilot" | "measure" | "grant";
  id: string;
  dueOn: Day;
  duty: Duty;
  siteId: string | null;
  /** Of the people that it concerns, where that is not the tenant of the thing. */
  toTenantId?: string;
  subject: string;
  href: string;
}
/** Due days told of, at once. */
const chunk = 500;

/** The project stands in what the thing is of: nothing of one that is suspended, over, or past it is asked for. */
const projectIn = (table: typeof documents | typeof measures | typeof pilots, states: SQL) =>
  sql`exists (select 1 from ${projects} p where p.tenant_id = ${table.tenantId} and p.id = ${table.projectId} and (${states}))`;
const inBatch = sql`starts_with(p.state, 'batch')`;

async function documentsDue(db: WorkerDb, from: Day, to: Day): Promise<Owed[]> {
  const ofKind = documentKinds.map((kind) => {
    const phase = kind === "surveyResponse" ? "survey" : phaseOfDocument(kind);
    const open = inArray(documents.state, [...withAuthorStates]);
    return and(
      eq(documents.kind, kind),
      open,
      projectIn(documents, phase ? sql`starts_with(p.state, ${`${phase}.`})` : inBatch),
    );
  });
  const rows = await db
    .select({
      tenantId: documents.tenantId,
      id: documents.id,
      projectId: documents.projectId,
      kind: documents.kind,
      siteId: documents.siteId,
      pilotId: documents.pilotId,
      period: documents.period,
      title: documents.title,
      dueOn: documents.dueOn,
    })
    .from(documents)
    .where(and(isNotNull(documents.dueOn), between(documents.dueOn, from, to), or(...ofKind)));
  return rows.map((d) => ({
    tenantId: d.tenantId,
    type: "document",
    id: d.id,
    dueOn: d.dueOn ?? to,
    duty: kindOf(d.kind).author === "site" ? "site" : "office",
    siteId: d.siteId,
    subject: d.title,
    href: hrefOf({ is: "document", ...d }),
  }));
}

/** Reports of months that nobody began: those begun are documents, with the same day. */
async function reportsDue(db: WorkerDb, from: Day, to: Day): Promise<Owed[]> {
  const rows = await db
    .select({
      tenantId: pilots.tenantId,
      id: pilots.id,
      siteId: pilots.siteId,
      code: pilots.code,
      name: pilots.name,
      dueOn: pilots.nextReportDue,
    })
    .from(pilots)
    .where(
      and(
        eq(pilots.stage, "operation"),
        between(pilots.nextReportDue, from, to),
        projectIn(pilots, inBatch),
        sql`not exists (select 1 from ${documents} d where d.tenant_id = ${pilots.tenantId} and d.pilot_id = ${pilots.id}
          and d.kind = 'progressReport' and d.due_on = ${pilots.nextReportDue})`,
      ),
    );
  return rows.map((p) => ({
    tenantId: p.tenantId,
    type: "pilot",
    id: p.id,
    dueOn: p.dueOn ?? to,
    duty: "site",
    siteId: p.siteId,
    subject: `${p.code} ${p.name}`,
    href: hrefOf({ is: "pilot", id: p.id }),
  }));
}

async function measuresDue(db: WorkerDb, from: Day, to: Day, day: Day): Promise<Owed[]> {
  const rows = await db
    .select({
      tenantId: measures.tenantId,
      id: measures.id,
      projectId: measures.projectId,
      siteId: measures.siteId,
      code: measures.code,
      title: measures.title,
      dueOn: measures.endsOn,
    })
    .from(measures)
    .where(
      and(
        between(measures.endsOn, from, to),
        openMeasures(day),
        projectIn(measures, sql`${inBatch} or starts_with(p.state, 'specification.')`),
      ),
    );
  return rows.map((one) => ({
    tenantId: one.tenantId,
    type: "measure",
    id: one.id,
    dueOn: one.dueOn ?? to,
    duty: "site",
    siteId: one.siteId,
    subject: `${one.code} ${one.title}`,
    href: hrefOf({ is: "measure", id: one.id, projectId: one.projectId }),
  }));
}

async function grantsDue(db: WorkerDb, from: Day, to: Day): Promise<Owed[]> {
  const rows = await db
    .select({
      tenantId: grants.tenantId,
      id: grants.id,
      toTenantId: grants.institutionId,
      endsAt: grants.endsAt,
      pilotId: grants.pilotId,
      code: pilots.code,
      name: pilots.name,
    })
    .from(grants)
    .innerJoin(pilots, and(eq(pilots.tenantId, grants.tenantId), eq(pilots.id, grants.pilotId)))
    // A grant ends at the first instant after its last day.
    .where(and(isNull(grants.revokedAt), between(grants.endsAt, dayStart(from), dayEnd(to))));
  return rows.map((g) => ({
    tenantId: g.tenantId,
    type: "grant",
    id: g.id,
    dueOn: lastDay(g.endsAt),
    duty: "institution",
    siteId: null,
    toTenantId: g.toTenantId,
    subject: `${g.code} ${g.name}`,
    href: hrefOf({ is: "pilot", id: g.pilotId }),
  }));
}

/** Everything that stands on a rung on a day. */
async function owedOn(db: WorkerDb, day: Day): Promise<(Owed & { rung: number })[]> {
  const rungs = rungsOn(day).filter(({ from, to }) => from <= to);
  const [first, last] = [
    rungs.map((r) => r.from).sort()[0] ?? day,
    rungs
      .map((r) => r.to)
      .sort()
      .at(-1) ?? day,
  ];
  const found = await Promise.all(
    [documentsDue, reportsDue, measuresDue, grantsDue].map((of) => of(db, first, last, day)),
  );
  return found.flat().flatMap((one) => {
    const on = rungs.find(({ from, to }) => from <= one.dueOn && one.dueOn <= to);
    return on ? [{ ...one, rung: on.rung }] : [];
  });
}

/**
 * Tells what stands on a rung on a day and was not told of it. Again, or by another process, tells nothing more; a day that was missed
 * leaves out rungs that are over, and none that holds.
 * @returns how many notices were put
 */
export async function tellDeadlines({ db, signal }: Pick<TaskContext, "db" | "signal">, now: Date): Promise<number> {
  const day = dayAt(now);
  const owed = await owedOn(db, day);
  // What was handed in or done meanwhile, or has another day, needs nobody's eyes any more.
  await db.execute(
    sql`select auth.clear_deadlines(${JSON.stringify([...new Set(owed.map((one) => one.href))])}::text::jsonb, ${now.toISOString()}::timestamptz)`,
  );
  let told = 0;
  for (let from = 0; from < owed.length; from += chunk) {
    signal.throwIfAborted();
    const rows = owed.slice(from, from + chunk).flatMap((one) => {
      const step = ladder[one.rung];
      const roles = step?.to[one.duty] ?? [];
      if (!step || roles.length === 0) return [];
      const days = step.days > 0 ? workingDaysBetween(day, one.dueOn) : workingDaysBetween(one.dueOn, day);
      // The office above a sector is another tenant: it is found by its kind.
      const up = one.duty === "office" && one.rung === ladder.length - 1;
      return {
        tenant: one.tenantId,
        type: one.type,
        object: one.id,
        due: one.dueOn,
        rung: one.rung,
        to_tenant: up ? null : (one.toTenantId ?? one.tenantId),
        site: one.siteId,
        roles,
        kind: step.kind,
        subject: one.subject.slice(0, 300),
        href: one.href,
        params: { day: one.dueOn, n: days, ...(isSure(day, one.dueOn) ? {} : { unsure: 1 }) },
        usual: usualChannel[step.kind],
      };
    });
    const { rows: answer } = await db.execute<{ n: number }>(
      sql`select auth.tell_deadlines(${JSON.stringify(rows)}::text::jsonb, ${now.toISOString()}::timestamptz) as n`,
    );
    told += answer[0]?.n ?? 0;
  }
  return told;
}

/** By the clock of the programme, which the demonstration has set back. */
export const deadlineTask = jobTask({
  name: "notices.deadlines",
  schema: z.looseObject({}),
  run: async (_, context) => {
    const { rows } = await context.db.execute<{ now: Date | string }>(sql`select auth.worker_now() as now`);
    const told = await tellDeadlines(context, new Date(rows[0]?.now ?? Date.now()));
    context.log.info({ told }, "due days were told");
  },
});
