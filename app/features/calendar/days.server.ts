import { and, eq, gt, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { hrefOf } from "#app/domain/hrefs.ts";
import { kindOf } from "#app/features/document/kinds.server.ts";
import { openMeasures } from "#app/features/plan/measures-done.server.ts";
import { type Day, lastDay } from "#app/platform/days.ts";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { actionMilestones, batches, documents, grants, measures, pilots, projects } from "#db/schema/index.ts";
import { withAuthorStates } from "#workflows/index.ts";

/*
 * The days of a membership: what is due of it, what ends, which windows open and close. Read as its reader, so that the walls decide;
 * what was handed in or done stands here no more.
 */

/** What a day is about; its words are `calendar_…`. */
type DayKind = "document" | "report" | "measure" | "phase" | "opens" | "closes" | "grant" | "milestone";
export interface CalendarDay {
  /** The same for the same thing whatever becomes of it: a calendar changes what it has and adds no second. */
  uid: string;
  kind: DayKind;
  /** The phase, or the number of the batch. */
  of?: string;
  day: Day;
  subject: string;
  href: string;
}

async function documentDays(tx: Tx, actor: Actor): Promise<CalendarDay[]> {
  const rows = await tx
    .select()
    .from(documents)
    .where(
      and(
        eq(documents.tenantId, actor.tenantId),
        isNotNull(documents.dueOn),
        inArray(documents.state, [...withAuthorStates]),
        // The office's calendar holds what is the office's to write; five hundred sites' days would bury it.
        actor.level === "site" ? undefined : isNull(documents.siteId),
      ),
    );
  return rows.flatMap((d) =>
    d.dueOn === null || kindOf(d.kind).author !== actor.level
      ? []
      : [
          {
            uid: `document-${d.id}`,
            kind: "document",
            day: d.dueOn,
            subject: d.title,
            href: hrefOf({ is: "document", ...d }),
          },
        ],
  );
}
async function reportDays(tx: Tx, actor: Actor): Promise<CalendarDay[]> {
  const rows = await tx
    .select({ id: pilots.id, code: pilots.code, name: pilots.name, day: pilots.nextReportDue })
    .from(pilots)
    .where(
      and(
        eq(pilots.tenantId, actor.tenantId),
        eq(pilots.stage, "operation"),
        isNotNull(pilots.nextReportDue),
        sql`not exists (select 1 from ${documents} d where d.tenant_id = ${pilots.tenantId} and d.pilot_id = ${pilots.id}
          and d.kind = 'progressReport' and d.due_on = ${pilots.nextReportDue})`,
      ),
    );
  return rows.flatMap(({ id, code, name, day }) =>
    day === null
      ? []
      : [
          {
            uid: `report-${id}-${day}`,
            kind: "report",
            day,
            subject: `${code} ${name}`,
            href: hrefOf({ is: "pilot", id }),
          },
        ],
  );
}
async function measureDays(tx: Tx, actor: Actor): Promise<CalendarDay[]> {
  const rows = await tx
    .select()
    .from(measures)
    .where(
      and(
        eq(measures.tenantId, actor.tenantId),
        isNotNull(measures.endsOn),
        openMeasures(today(actor)),
        sql`exists (select 1 from ${projects} p where p.tenant_id = ${measures.tenantId} and p.id = ${measures.projectId}
          and (starts_with(p.state, 'batch') or starts_with(p.state, 'specification.')))`,
      ),
    );
  return rows.flatMap((one) =>
    one.endsOn === null
      ? []
      : [
          {
            uid: `measure-${one.id}`,
            kind: "measure",
            day: one.endsOn,
            subject: `${one.code} ${one.title}`,
            href: hrefOf({ is: "measure", ...one }),
          },
        ],
  );
}
async function phaseDays(tx: Tx, actor: Actor, locale: "zh" | "en"): Promise<CalendarDay[]> {
  const rows = await tx.select().from(projects).where(eq(projects.tenantId, actor.tenantId));
  return rows.flatMap((p) =>
    Object.entries(p.dueOn).map(([phase, day]) => ({
      uid: `phase-${p.id}-${phase}`,
      kind: "phase" as const,
      of: phase,
      day,
      subject: locale === "en" ? p.nameEn : p.nameZh,
      href: hrefOf({ is: "project", id: p.id }),
    })),
  );
}
async function windowDays(tx: Tx): Promise<CalendarDay[]> {
  const rows = await tx.select().from(batches);
  return rows.flatMap(({ programmeId, no, opensOn, closesOn }) =>
    (
      [
        ["opens", opensOn],
        ["closes", closesOn],
      ] as const
    ).map(([kind, day]) => ({
      uid: `batch-${programmeId}-${no}-${kind}`,
      kind,
      of: String(no),
      day,
      subject: "",
      href: "/",
    })),
  );
}
async function grantDays(tx: Tx, actor: Actor): Promise<CalendarDay[]> {
  const own =
    actor.level === "assessor" ? eq(grants.institutionId, actor.tenantId) : eq(grants.tenantId, actor.tenantId);
  const rows = await tx
    .select({ id: grants.id, endsAt: grants.endsAt, pilotId: grants.pilotId, code: pilots.code, name: pilots.name })
    .from(grants)
    .innerJoin(pilots, and(eq(pilots.tenantId, grants.tenantId), eq(pilots.id, grants.pilotId)))
    .where(and(own, isNull(grants.revokedAt), gt(grants.endsAt, actor.now)));
  return rows.map((g) => ({
    uid: `grant-${g.id}`,
    kind: "grant",
    day: lastDay(g.endsAt),
    subject: `${g.code} ${g.name}`,
    href: hrefOf({ is: "pilot", id: g.pilotId }),
  }));
}
async function milestoneDays(tx: Tx): Promise<CalendarDay[]> {
  const rows = await tx.select().from(actionMilestones).where(isNull(actionMilestones.acceptedAt));
  return rows.map(({ programmeId, id, dueOn }) => ({
    uid: `milestone-${programmeId}-${id}`,
    kind: "milestone",
    of: id,
    day: dueOn,
    subject: "",
    href: "/action-plan",
  }));
}

/** All days of a membership, in their order. */
export async function daysOf(tx: Tx, actor: Actor, locale: "zh" | "en"): Promise<CalendarDay[]> {
  const of: Readonly<Record<Actor["level"], () => Promise<CalendarDay[]>[]>> = {
    site: () => [
      documentDays(tx, actor),
      reportDays(tx, actor),
      measureDays(tx, actor),
      phaseDays(tx, actor, locale),
      windowDays(tx),
    ],
    sector: () => [documentDays(tx, actor), phaseDays(tx, actor, locale), windowDays(tx), grantDays(tx, actor)],
    national: () => [windowDays(tx), milestoneDays(tx)],
    assessor: () => [grantDays(tx, actor)],
    expert: () => [],
    auditor: () => [],
    operator: () => [],
  };
  const found = (await Promise.all(of[actor.level]())).flat();
  return found.toSorted((a, b) => a.day.localeCompare(b.day) || a.uid.localeCompare(b.uid));
}
