import { isDeepStrictEqual } from "node:util";
import { asc, eq, is, isNotNull, sql } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { auditRow } from "#app/features/audit/audit.view.server.ts";
import { auditEntryKinds } from "#app/features/audit/audit.schema.ts";
import { chainVerifier } from "#app/features/audit/chain.server.ts";
import { chainLines } from "#app/features/audit/export.server.ts";
import { isIntact } from "#app/features/document/approval.server.ts";
import { kindOf, readContent } from "#app/features/document/kinds.server.ts";
import { mailTask } from "#app/features/identity/mail.server.ts";
import { webhookTasks } from "#app/features/webhooks/tasks.server.ts";
import { bodyOf } from "#app/features/webhooks/webhooks.rules.ts";
import { eventLabel, stateLabel } from "#app/features/workflow/labels.server.ts";
import { locales } from "#app/i18n/paraglide/runtime.js";
import { hasMessage } from "#app/i18n/translate.server.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { groupBy } from "#app/platform/collections.ts";
import type { Tx } from "#db/client.server.ts";
import { memberRoles } from "#db/roles.ts";
import { rowsOf } from "#db/rows.ts";
import * as schema from "#db/schema/index.ts";
import { replayVersions } from "#tests/workflows/replay.ts";
import { machineOf } from "#workflows/index.ts";

/*
 * What is amiss with a database that an earlier release wrote, read by this release's code: each answers in words, with
 * nothing where all holds. @param tx a connection past the walls
 */

type Row = Record<string, unknown>;
const ask = async <T>(tx: Tx, query: ReturnType<typeof sql>): Promise<T[]> => rowsOf<T>(await tx.execute(query));

/** Every log, played through the machine that it was written for, ends where its instance stands. */
export async function replayFaults(tx: Tx): Promise<string[]> {
  const [instances, events, members, mirrored] = await Promise.all([
    tx.select().from(schema.workflowInstances),
    tx.select().from(schema.workflowEvents).orderBy(asc(schema.workflowEvents.seq)),
    ask<{ id: string; tenant: string }>(tx, sql`select id::text, tenant_id::text as tenant from auth.memberships`),
    ask<{ id: string; state: string }>(
      tx,
      sql`select id::text, state from projects union all select id::text, stage from pilots
        union all select id::text, state from documents union all select id::text, state from specifications`,
    ),
  ]);
  const home = new Map(members.map((m) => [m.id, m.tenant]));
  const shown = new Map(mirrored.map((m) => [m.id, m.state]));
  const logs = groupBy(events, (e) => e.instanceId);
  return instances.flatMap((i) => {
    const name = `${i.machine}@${i.version} ${i.objectId}`;
    const log = logs.get(i.id) ?? [];
    const defOf = (version: number) => {
      const def = machineOf(i.machine, version);
      if (!def) throw new Error(`no machine ${i.machine}@${version}`);
      return def;
    };
    const requests = log.map((e) => ({
      type: e.type,
      version: e.version,
      actor: {
        role: e.actorRole as (typeof memberRoles)[number] | "system",
        membershipId: e.actorMembershipId,
        name: e.actorName,
        tenantId: home.get(e.actorMembershipId ?? "") ?? null,
      },
      facts: e.facts as Row,
      payload: e.payload as Row,
      at: e.at.toISOString(),
    }));
    if (log.length !== i.lockVersion) return [`${name}: ${log.length} events, version ${i.lockVersion}`];
    if (shown.get(i.objectId) !== i.state) return [`${name}: ${i.state}, its row says ${shown.get(i.objectId)}`];
    try {
      const end = replayVersions(defOf, i.version, i.input as Row, requests);
      const stored = { machine: i.machine, version: i.version, state: i.state, snapshot: i.snapshot };
      return isDeepStrictEqual(end, stored) ? [] : [`${name}: replayed to ${end.state}, stored in ${i.state}`];
    } catch (error) {
      return [`${name}: ${(error as Error).message}`];
    }
  });
}

/** Every sealed content has its digest, and this release's declaration of its kind still reads it. */
export async function sealFaults(tx: Tx): Promise<string[]> {
  const [submissions, editions] = await Promise.all([
    tx.select().from(schema.submissions),
    tx.select().from(schema.specificationSeals),
  ]);
  return [
    ...submissions.flatMap((s) => {
      const name = `${s.kind} ${s.documentId} ${s.seq}`;
      if (!isIntact(s)) return [`${name}: altered`];
      try {
        const kind = kindOf(s.kind);
        const content = readContent(kind, s.content);
        kind.shape(content);
        kind.gate?.(s.summary);
        return kind.parts(content, "en").some((p) => p.label === "") ? [`${name}: a part without a name`] : [];
      } catch (error) {
        return [`${name}: ${(error as Error).message}`];
      }
    }),
    ...editions.flatMap((e) => (sealOf(e.content) === e.sha256 ? [] : [`edition ${e.specificationId}: altered`])),
  ];
}

/** The chain of each tenant, as its auditor takes it out. */
export async function chainFaults(tx: Tx): Promise<string[]> {
  const found: string[] = [];
  for (const { tenantId: id } of await tx.select().from(schema.auditHeads)) {
    const verifier = chainVerifier();
    for await (const lines of chainLines((work) => work(tx), { id, name: id }, new Date()))
      for (const line of lines.split("\n")) verifier.line(line);
    const { problem } = verifier.end();
    if (problem) found.push(`chain of ${id}: ${problem.code} at ${problem.seq}`);
  }
  return found;
}

const unknown = (name: string, stored: readonly string[], known: readonly string[]): string[] =>
  [...new Set(stored)].filter((word) => !known.includes(word)).map((word) => `${name}: ${word}`);

/** Columns that hold one of a list of words hold none that the list of this release lacks. */
async function columnWords(tx: Tx): Promise<string[]> {
  const tables = Object.values(schema as Row).filter((t): t is PgTable => is(t, PgTable));
  const found: string[] = [];
  for (const table of tables) {
    const { name, columns } = getTableConfig(table);
    for (const column of columns) {
      if (!column.enumValues?.length || column.getSQLType() !== "text") continue;
      const rows = await tx
        .selectDistinct({ word: sql<string>`${column}` })
        .from(table)
        .where(isNotNull(column));
      found.push(
        ...unknown(
          `${name}.${column.name}`,
          rows.map((r) => r.word),
          column.enumValues,
        ),
      );
    }
  }
  return found;
}

/** Words in the logs: events and states of machines, kinds of entries, roles, what webhooks hear of and are told. */
async function loggedWords(tx: Tx): Promise<string[]> {
  const [moves, acts, roles, scopes, heard] = await Promise.all([
    tx
      .selectDistinct({
        machine: schema.workflowEvents.machine,
        version: schema.workflowInstances.version,
        type: schema.workflowEvents.type,
        from: schema.workflowEvents.fromState,
        to: schema.workflowEvents.toState,
      })
      .from(schema.workflowEvents)
      .innerJoin(schema.workflowInstances, eq(schema.workflowInstances.id, schema.workflowEvents.instanceId)),
    tx.selectDistinct({ act: schema.auditEntries.act }).from(schema.auditEntries),
    ask<{ role: string }>(tx, sql`select distinct role from auth.memberships`),
    ask<{ scope: string }>(tx, sql`select distinct unnest(scopes)::text as scope from auth.api_tokens`),
    tx.select({ events: schema.webhookEndpoints.events }).from(schema.webhookEndpoints),
  ]);
  const worded = moves.flatMap(({ machine, version, type, from, to }) => {
    const def = machineOf(machine, version);
    const states = def?.states.map((s) => s.path) ?? [];
    const raw = locales.flatMap((locale) => [
      ...(eventLabel(machine, type, locale) === type ? [`${machine} ${type}: no words in ${locale}`] : []),
      ...[from, to].flatMap((s) =>
        stateLabel(machine, s, locale) === s ? [`${machine} ${s}: none in ${locale}`] : [],
      ),
    ]);
    const events = Object.keys(def?.events ?? {});
    return [...unknown(`event of ${machine}`, [type], events), ...unknown(machine, [from, to], states), ...raw];
  });
  return [
    ...worded,
    ...unknown(
      "entry",
      acts.map((a) => a.act),
      auditEntryKinds,
    ),
    ...unknown(
      "role",
      roles.map((r) => r.role),
      memberRoles,
    ),
    ...unknown(
      "scope",
      scopes.map((s) => s.scope),
      ["read", "write", "seal"],
    ),
    ...unknown(
      "heard",
      heard.flatMap((h) => h.events),
      schema.machineIds,
    ),
  ];
}

/** Messages that were on their way are the ones that this release would send, and the queue's jobs those that it takes. */
async function messageFaults(tx: Tx): Promise<string[]> {
  const told = await tx
    .select({ delivery: schema.webhookDeliveries, event: schema.workflowEvents })
    .from(schema.webhookDeliveries)
    .leftJoin(schema.workflowEvents, eq(schema.workflowEvents.id, schema.webhookDeliveries.eventId));
  const bodies = told.flatMap(({ delivery: { id, body }, event }) => {
    // A test's message is made as it goes out, and stands in no row.
    if (!event) return isDeepStrictEqual(body, {}) ? [] : [`delivery ${id} tells of nothing`];
    const now = bodyOf(event.id, event, new Date((body as { timestamp: string }).timestamp));
    return isDeepStrictEqual(body, now) ? [] : [`delivery ${id} would be told otherwise`];
  });
  const tasks = new Map([mailTask({ mailer: null }), ...webhookTasks({ targets: "any" })].map((t) => [t.name, t]));
  const jobs = await ask<{ task: string; payload: unknown }>(
    tx,
    sql`select t.identifier as task, j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id`,
  );
  const refused = jobs.filter((j) => tasks.get(j.task)?.schema.safeParse(j.payload).success !== true);
  return [...bodies, ...refused.map((j) => `nobody takes the job ${j.task}`)];
}

/** Where the members of a content are, whatever they hold: `risks[].level`. */
export function membersOf(content: unknown, at = ""): Set<string> {
  if (Array.isArray(content)) return new Set(content.flatMap((one) => [...membersOf(one, `${at}[]`)]));
  if (typeof content !== "object" || content === null) return new Set([at]);
  return new Set([at, ...Object.entries(content).flatMap(([name, one]) => [...membersOf(one, `${at}.${name}`)])]);
}

/** Every word that is stored is one that this release knows, with words for people in both languages. */
export const wordFaults = async (tx: Tx): Promise<string[]> => [
  ...(await columnWords(tx)),
  ...(await loggedWords(tx)),
  ...(await messageFaults(tx)),
];

/** Every entry of the trail as its auditor reads it: no name of ours is left where a word should be. */
export async function trailFaults(tx: Tx): Promise<string[]> {
  const rows = await tx.select().from(schema.auditEntries).where(isNotNull(schema.auditEntries.seq));
  const found = new Set<string>();
  for (const row of rows) {
    const entry = { ...row, details: row.details as Row, seq: row.seq ?? 0, hash: row.hash ?? "" };
    if (!hasMessage(`identity_role_${row.role}`) && !hasMessage(`audit_role_${row.role}`))
      found.add(`role ${row.role}`);
    for (const locale of locales) {
      const { actLabel, objectLabel, text } = auditRow(entry as Parameters<typeof auditRow>[0], locale);
      if (actLabel === row.act) found.add(`${locale} entry ${row.act}`);
      if (objectLabel !== "" && objectLabel === row.objectType) found.add(`${locale} object ${row.objectType}`);
      for (const [word] of text.matchAll(/\b[a-z]+(?:_[a-z0-9]+)+\b/g))
        if (hasMessage(word)) found.add(`${locale} ${row.act}: ${word}`);
      if (/undefined|\{\w+\}|\bNaN\b|Invalid Date/.test(text)) found.add(`${locale} ${row.act}: ${text.slice(0, 80)}`);
    }
  }
  return [...found];
}
