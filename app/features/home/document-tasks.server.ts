import { and, eq, lt, or, type SQL, sql } from "drizzle-orm";
import { kindOf } from "#app/features/document/kinds.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { documents, projects, sites, workflowInstances } from "#db/schema/index.ts";
import { type DocumentKind, documentKinds } from "#db/vocabulary.ts";
import { maySend, sendersOf } from "#workflows/authority.ts";
import { type ProjectPhase, phaseOfDocument } from "#workflows/index.ts";
import { noTasks, type TaskSource } from "./task-source.ts";
import { documentTask, rankOf, type Side, sideOf, sides, type TaskGroup, type TaskKey } from "./tasks.rules.ts";

/*
 * Documents that wait: which of them for whom is read off their machine, kind by kind and state by state, and asked of the
 * database as conditions, so that thousands are counted and paged without being read.
 */

interface Case {
  group: TaskGroup;
  /** Ending of the message key, behind the kind. */
  word: string;
  waitsFor: string | null;
  when: SQL | undefined;
}

const at = (state: string) => eq(documents.state, state);
const overdue = (day: string) => lt(documents.dueOn, day);
/** An approval that no longer covers what is written now. */
const changedSince = sql`exists (select 1 from ${workflowInstances} w where w.tenant_id = ${documents.tenantId}
  and w.object_id = ${documents.id} and w.snapshot #>> '{context,reapprovalNeeded}' = 'true')`;
/** A draft of a phase is due while the project stands in it. */
const inPhase = (phase: ProjectPhase) =>
  sql`exists (select 1 from ${projects} p where p.tenant_id = ${documents.tenantId} and p.id = ${documents.projectId}
    and starts_with(p.state, ${`${phase}.`}))`;

/** What of a kind waits for the caller, or for others of what the caller sees. */
function casesOf(kind: DocumentKind, actor: Actor): Case[] {
  const { role, level } = actor;
  const day = today(actor);
  const sends = (event: string, state: string) => maySend(role, "document", event, state, kind);
  const judges = (state: string) => sends("APPROVE", state) || sends("ENDORSE", state);
  const mine = (group: TaskGroup, when: SQL | undefined, word: string = group): Case => ({
    group,
    word,
    waitsFor: null,
    when,
  });
  const theirs = (waitsFor: string, word: string, when: SQL | undefined): Case => ({
    group: "waiting",
    word,
    waitsFor,
    when,
  });
  const writes = level === kindOf(kind).author && (level === "site" || sends("SUBMIT", "draft"));
  const phase = phaseOfDocument(kind);
  const [author = "regulator"] = sendersOf("document", kind, "SUBMIT");
  const cases: Case[] = writes
    ? [
        mine("returned", at("returned")),
        mine("due", and(at("draft"), phase ? inPhase(phase) : undefined), "draft"),
        mine("due", and(at("approved"), changedSince), "again"),
      ]
    : level === "sector" && kindOf(kind).author === "site"
      ? // What is not late yet is the site's own affair.
        [theirs("site", "missing", and(or(at("draft"), at("returned")), overdue(day)))]
      : level === "sector"
        ? [theirs(author, "draft", or(at("returned"), and(at("draft"), phase ? inPhase(phase) : undefined)))]
        : [];
  for (const [state, who] of [
    ["submitted.sector", "lead"],
    ["submitted.national", "national"],
  ] as const) {
    if (judges(state)) cases.push(mine("review", at(state), word(kind, level)));
    else if (level !== "national")
      cases.push(
        theirs(kindOf(kind).author === "site" && who === "lead" ? "regulator" : who, waitingWord(state), at(state)),
      );
  }
  return cases;
}
const waitingWord = (state: string) => (state === "submitted.national" ? "national" : "in_review");
const word = (kind: DocumentKind, level: string): string =>
  level === "national" ? "national_approve" : kindOf(kind).author === "site" ? "review" : "approve";

const columns = {
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

/** Whose a document is, for a sector alone: a site's are its own, and the national office may not ask that table at all. */
const siteName = ({ level }: Actor): SQL<string | null> =>
  level === "sector"
    ? sql`(select s.name from ${sites} s where s.tenant_id = ${documents.tenantId} and s.id = ${documents.siteId})`
    : sql`null::text`;

/** Everything of documents that waits, for the caller and for others. */
export async function documentTasks(tx: Tx, actor: Actor): Promise<TaskSource> {
  const cases = documentKinds.flatMap((kind) => casesOf(kind, actor).map((one) => ({ ...one, kind })));
  // A case by its number: which one a row is, is told by the query that found it.
  const nth =
    cases.length === 0
      ? sql`null::int`
      : sql`case ${sql.join(
          cases.map((c, i) => sql`when ${and(eq(documents.kind, c.kind), c.when)} then ${i}::int`),
          sql` `,
        )} end`;
  const reach = actor.level === "national" ? eq(documents.national, true) : eq(documents.tenantId, actor.tenantId);
  if (cases.length === 0) return { counts: noTasks, page: () => Promise.resolve([]) };
  const counted = await tx
    .select({ nth: sql<number | null>`${nth}`.as("nth"), n: sql<number>`count(*)::int` })
    .from(documents)
    .where(reach)
    .groupBy(sql`1`);
  const total = (side: Side) =>
    counted.reduce((n, r) => n + (r.nth !== null && sideOf(cases[r.nth]?.group ?? "soon") === side ? r.n : 0), 0);
  const counts = Object.fromEntries(sides.map((side) => [side, total(side)])) as TaskSource["counts"];
  return { counts, page };

  async function page(side: Side, after: TaskKey | null, limit: number) {
    const wanted = cases.filter((c) => sideOf(c.group) === side);
    if (wanted.length === 0) return [];
    const rank = sql`case ${sql.join(
      wanted.map((c) => sql`when ${and(eq(documents.kind, c.kind), c.when)} then ${rankOf(c.group)}::int`),
      sql` `,
    )} end`;
    // As `keyOf` has it: the id of a task is that of its document, then its kind.
    const due = sql`coalesce(${documents.dueOn}::text, '9999-12-31')`;
    const behind = after
      ? sql`(${rank}, ${due} collate "C", ${documents.id}::text collate "C") > (${after[0]}::int, ${after[1]} collate "C", ${after[2].split(":")[0] ?? ""} collate "C")`
      : undefined;
    const rows = await tx
      .select({ ...columns, site: siteName(actor), nth: sql<number>`${nth}`.as("nth") })
      .from(documents)
      .where(and(reach, or(...wanted.map((c) => and(eq(documents.kind, c.kind), c.when))), behind))
      .orderBy(rank, sql`${due} collate "C"`, sql`${documents.id}::text collate "C"`)
      .limit(limit);
    return rows.flatMap(({ nth: n, site, ...d }) => {
      const c = cases[n];
      return c ? [documentTask(d, today(actor), c.group, `${d.kind}_${c.word}`, c.waitsFor, site)] : [];
    });
  }
}
