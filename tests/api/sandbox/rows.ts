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

/**
 * Ids of rows that are made, and numbers of a sequence, which no rollback takes back, differ from one time to the next; of a
 * sealed content its digest says all.
 */
const left = new Set(["id", "no", "submission_id", "instance_id", "content"]);
const latest = `select 'latest' as of, concat(d.id, ' ', d.submission_id is not distinct from
  (select s.id from submissions s where s.document_id = d.id order by s.seq desc limit 1)) as r
  from documents d where d.project_id = $`;
const trail = `select act, object_type, role, count(*)::int as entries from audit_entries
  where xact = (pg_current_xact_id()::text)::bigint and act <> 'refusal' group by 1, 2, 3 order by 1, 2, 3`;

const statements = new Map<string, Promise<string>>();
/** All that a level may read of the tables; rights are given column by column. */
function statementFor(sandbox: Sandbox, actor: Actor): Promise<string> {
  const known = statements.get(actor.level);
  if (known) return known;
  const found = sandbox.as(actor, async (tx) => {
    const names = sql.raw(`array['${Object.keys(tables).join("','")}']::regclass[]`);
    const granted = rowsOf<{ table: keyof typeof tables; column: string }>(
      await tx.execute(sql`select attrelid::regclass::text as table, attname as column from pg_attribute
        where attrelid = any(${names}) and attnum > 0 and not attisdropped and has_column_privilege(attrelid, attnum, 'select')
        order by 1, 2`),
    );
    const columns = new Map<keyof typeof tables, string[]>();
    for (const { table, column } of granted)
      if (!left.has(column)) columns.set(table, [...(columns.get(table) ?? []), column]);
    const parts = [...columns].map(([table, list]) => {
      const members = list.map((column) => `'${column}', t.${column}`).join(", ");
      return `select '${table}' as of, jsonb_build_object(${members})::text as r from ${table} t where ${tables[table]}`;
    });
    return `${[...parts, latest].join(" union all ")} order by 1, 2`;
  });
  statements.set(actor.level, found);
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
