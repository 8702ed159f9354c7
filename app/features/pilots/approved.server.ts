import { and, eq, type SQL, sql } from "drizzle-orm";
import { notFound } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { pilots } from "#db/schema/index.ts";
import { currentStates } from "#workflows/index.ts";
import { operationBegan } from "./operation.server.ts";
import { firstUnreported, monthOf } from "./periods.rules.ts";
import type { PilotRow } from "./facts.server.ts";
import { summaryPeriod } from "./pilots.schema.ts";

/*
 * What a pilot's reports say, as rows that lists and comparisons read. Each follows from the seals alone, and is written anew
 * from all of them: so the rows are the same whatever was returned, taken back or handed in again on the way.
 */

/** The seal of each report of these pilots that was approved last: `document_id`, `period`, `sealed_at`, `content`. */
const approvedSeals = (tenantId: string, ofPilot: SQL): SQL => sql`
  select distinct on (d.id) d.id as document_id, d.period, s.sealed_at, s.content
  from documents d
    join workflow_instances w on w.tenant_id = d.tenant_id and w.object_id = d.id
    join submissions s on s.tenant_id = d.tenant_id and s.document_id = d.id and s.sha256 = w.snapshot #>> '{context,sealedHash}'
  where d.tenant_id = ${tenantId} and ${ofPilot} and d.kind = 'progressReport'
  order by d.id, s.seq desc`;

const itsSeals = ({ tenantId, id }: PilotRow): SQL => approvedSeals(tenantId, sql`d.pilot_id = ${id}`);

/** The sector's: figures of approved reports, and none besides. */
export async function settleValues(tx: Tx, pilot: PilotRow): Promise<void> {
  const wanted = sql`select a.document_id, a.period, (v ->> 'indicatorId')::uuid as indicator_id, (v ->> 'valueMilli')::bigint as value_milli
    from (${itsSeals(pilot)}) a, jsonb_array_elements(a.content -> 'values') v`;
  // Only what differs is touched.
  await tx.execute(sql`
    delete from indicator_values i where i.tenant_id = ${pilot.tenantId} and i.pilot_id = ${pilot.id}
      and not exists (select 1 from (${wanted}) w where w.period = i.period and w.indicator_id = i.indicator_id)`);
  await tx.execute(sql`
    insert into indicator_values as i (tenant_id, id, project_id, pilot_id, site_id, indicator_id, document_id, period, value_milli)
    select ${pilot.tenantId}, gen_random_uuid(), ${pilot.projectId}, ${pilot.id}, ${pilot.siteId}, w.indicator_id, w.document_id, w.period, w.value_milli
    from (${wanted}) w where exists (select 1 from indicators n where n.tenant_id = ${pilot.tenantId} and n.id = w.indicator_id)
    on conflict (tenant_id, pilot_id, indicator_id, period) do update set value_milli = excluded.value_milli, document_id = excluded.document_id
      where (i.value_milli, i.document_id) is distinct from (excluded.value_milli, excluded.document_id)`);
}

/**
 * The sector's: since when each measure is in place, by what the site said last, directly or in an approved report. Measures
 * are a system's, and a system may have a pilot in either batch: the reports of both speak of them.
 */
export async function settleMeasures(tx: Tx, pilot: PilotRow): Promise<void> {
  const seals = approvedSeals(
    pilot.tenantId,
    sql`d.pilot_id in (select p.id from pilots p where p.tenant_id = ${pilot.tenantId} and p.project_id = ${pilot.projectId} and p.system_id = ${pilot.systemId})`,
  );
  await tx.execute(sql`
    with own as (
      select m.id, m.said_on, m.said_at from measures m join risks r on r.tenant_id = m.tenant_id and r.id = m.risk_id
      where m.tenant_id = ${pilot.tenantId} and m.project_id = ${pilot.projectId} and r.system_id = ${pilot.systemId}
    ), said as (
      select (m ->> 'measureId')::uuid as id, (m ->> 'doneOn')::date as done_on, a.sealed_at as at
      from (${seals}) a, jsonb_array_elements(a.content -> 'measures') m
      union all select id, said_on, said_at from own where said_at is not null
    ), last as (select distinct on (id) id, done_on from said order by id, at desc, done_on)
    update measures t set done_on = last.done_on
    from own left join last on last.id = own.id
    where t.tenant_id = ${pilot.tenantId} and t.id = own.id and t.done_on is distinct from last.done_on`);
}

interface HandedIn {
  period: string;
  at: Date;
}
/** When the pilot last reported, and by when it does next: what was returned or taken back is not handed in. */
export async function settleReporting(tx: Tx, actor: Actor, pilot: PilotRow): Promise<void> {
  const rows = await tx.execute<{ period: string; at: Date | string }>(sql`
    select period, max(at) as at from (
      select period, sealed_at as at from (${itsSeals(pilot)}) a
      union all
      select d.period, s.sealed_at from documents d join submissions s on s.tenant_id = d.tenant_id and s.document_id = d.id
      where d.tenant_id = ${pilot.tenantId} and d.pilot_id = ${pilot.id} and d.kind = 'progressReport'
        and d.state in (${sql.join(
          currentStates.map((state) => sql`${state}`),
          sql`, `,
        )})
    ) x group by period`);
  const handedIn = [...(rows as Iterable<{ period: string; at: Date | string }>)].map(
    ({ period, at }): HandedIn => ({ period, at: new Date(at) }),
  );
  const since = (await operationBegan(tx, pilot))?.day ?? null;
  const months = handedIn.map((one) => one.period).filter((period) => period !== summaryPeriod);
  const nextReportDue =
    pilot.nextReportDue === null || since === null ? pilot.nextReportDue : firstUnreported(monthOf(since), months);
  const last = Math.max(...handedIn.map((one) => one.at.getTime()));
  const done = await tx
    .update(pilots)
    .set({ lastReportAt: handedIn.length === 0 ? null : new Date(last), nextReportDue, updatedAt: actor.now })
    .where(and(eq(pilots.tenantId, pilot.tenantId), eq(pilots.id, pilot.id)))
    .returning({ id: pilots.id });
  if (done.length !== 1) throw notFound({ logMessage: `pilot ${pilot.id}` });
}
