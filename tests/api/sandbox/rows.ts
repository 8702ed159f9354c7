import { sql } from "drizzle-orm";
import { rowsOf } from "#db/rows.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Sandbox } from "./sandbox.ts";

/** Tables that an event of a document may change, each with how its rows belong to a project. */
const tables = {
  documents: "project_id = $",
  drafts: "document_id in (select id from documents where project_id = $)",
  submissions: "project_id = $",
  review_marks: "document_id in (select id from documents where project_id = $)",
  evidence: "document_id in (select id from documents where project_id = $)",
  workflow_instances: "project_id = $ or object_id = $",
  workflow_events: "project_id = $ or object_id = $",
  projects: "id = $",
  pilots: "project_id = $",
  indicator_values: "project_id = $",
  pilot_effects: "project_id = $",
  measures: "project_id = $",
  lessons: "project_id = $",
} as const;

/** Ids of rows that are made, and numbers of a sequence, which no rollback takes back, differ from one time to the next. */
const made = ["id", "no", "submission_id", "instance_id"];

const row = `to_jsonb(t) - array['${made.join("','")}']::text[]`;
/** Of a sealed content its digest says all. */
const sealed = `(select to_jsonb(x) from (select t.document_id, t.kind, t.seq, t.national, t.summary, t.sha256, t.sealed_at,
  t.sealed_by_name, t.sealed_by_role) x)`;
const rowsIn = ([table, of]: readonly [string, string]) =>
  `select '${table}' as of, (${table === "submissions" ? sealed : row})::text as r from ${table} t where ${of}`;
const latest = `select 'latest' as of, concat(d.id, ' ', d.submission_id is not distinct from
  (select s.id from submissions s where s.document_id = d.id order by s.seq desc limit 1)) as r
  from documents d where d.project_id = $`;
const trail = `select act, object_type, role, count(*)::int as entries from audit_entries
  where xact = (pg_current_xact_id()::text)::bigint and act <> 'refusal' group by 1, 2, 3 order by 1, 2, 3`;

const readable = new Map<string, Promise<string>>();
/** Of the tables those that a level may read whole. */
function statementFor(sandbox: Sandbox, actor: Actor): Promise<string> {
  const known = readable.get(actor.level);
  if (known) return known;
  const found = sandbox.as(actor, async (tx) => {
    const names = sql.raw(`array['${Object.keys(tables).join("','")}']`);
    const granted = await tx.execute(sql`select n from unnest(${names}) n where has_table_privilege(n, 'select')`);
    const may = new Set(rowsOf<{ n: string }>(granted).map(({ n }) => n));
    const parts = Object.entries(tables)
      .filter(([table]) => may.has(table))
      .map(rowsIn);
    return `${[...parts, latest].join(" union all ")} order by 1, 2`;
  });
  readable.set(actor.level, found);
  return found;
}

/**
 * What stands in the rows of a project as one person sees them, for who reads the trail, what it
 * tells of this transaction.
 * @param projectId a UUID that the product gave
 */
export async function rowsFor(sandbox: Sandbox, actor: Actor, projectId: string): Promise<unknown[]> {
  const asked =
    actor.level === "auditor" ? trail : (await statementFor(sandbox, actor)).replaceAll("$", `'${projectId}'::uuid`);
  return sandbox.as(actor, async (tx) => rowsOf(await tx.execute(sql.raw(asked))));
}
