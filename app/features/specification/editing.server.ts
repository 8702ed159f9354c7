import { and, eq, inArray, isNull, max, sql } from "drizzle-orm";
import type { z } from "zod";
import { type Actor, today } from "#app/request/actor.ts";
import { openIn } from "#app/request/permissions.ts";
import { startInstance } from "#app/features/workflow/instance.server.ts";
import { conflict, invalid, notFound, staleRevision } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { clauseEvidence, clauses, type SpecificationBody, specifications } from "#db/schema/index.ts";
import { specificationSkeleton, specificationTexts } from "#seeds/catalogue/index.ts";
import { loadSpecification, seriesOf, type SpecificationRow } from "./edition.server.ts";
import { firstBody } from "./front-matter.server.ts";
import { verbOf } from "./verbs.rules.ts";
import {
  clauseChapters,
  type editClauseSchema,
  type frontMatterSchema,
  type nationalClauseSchema,
  type newSpecificationSchema,
} from "./specification.schema.ts";

/* The national edition while it is written: its tree of clauses, their order, their text. */

const SERIES = "WLW-GF";
/** Whether the editors may change the text now: while it is drafted, and while comments are being worked in. */
export const isEditable = (s: Pick<SpecificationRow, "state">): boolean => openIn("edition.text", s.state);

/** @throws conflict `sealed` when it is out for consultation, approved or published. */
export async function editableSpecification(tx: Tx, id: string): Promise<SpecificationRow> {
  const row = await loadSpecification(tx, id);
  if (!isEditable(row)) throw conflict({ code: "sealed", logMessage: `specification ${id} is ${row.state}` });
  return row;
}

/** The next number of our own series: never one of a national standard. */
async function nextNumber(tx: Tx, year: string): Promise<string> {
  // Two who begin one at the same moment get two numbers, not one of them «exists already».
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('specification number', 0))`);
  const rows = await tx.select({ number: specifications.number }).from(specifications);
  const used = rows.map((r) => Number(new RegExp(`^${SERIES} (\\d{3})-`).exec(r.number)?.[1] ?? 0));
  return `${SERIES} ${String(Math.max(0, ...used) + 1).padStart(3, "0")}-${year}`;
}

/** A new specification with the skeleton's chapters and annexes, its front matter and the general clauses. Returns its id. */
export async function createSpecification(
  tx: Tx,
  actor: Actor,
  input: z.output<typeof newSpecificationSchema>,
): Promise<string> {
  const number = input.number || (await nextNumber(tx, today(actor).slice(0, 4)));
  if (/^GB/i.test(number)) throw invalid({ number: ["specification_error_gb_number"] });
  const id = await insertSpecification(tx, actor, {
    programmeId: input.programmeId,
    number,
    edition: 1,
    titleZh: input.titleZh,
    titleEn: input.titleEn,
    body: firstBody(actor),
  });
  const base = { tenantId: actor.tenantId, specificationId: id, updatedAt: actor.now };
  const parts = specificationSkeleton.filter(
    (s) => s.kind === "annex" || (clauseChapters as readonly string[]).includes(s.key),
  );
  const chapters = parts.map((s, position) => ({
    ...base,
    id: uuidv7(),
    position,
    kind: s.kind === "annex" ? ("annex" as const) : ("chapter" as const),
    headingZh: s.title_zh,
    headingEn: s.title_en,
  }));
  await tx.insert(clauses).values(chapters);
  const general = chapters[0];
  if (general)
    await tx.insert(clauses).values(
      specificationTexts.general.map((g, position) => ({
        ...base,
        id: uuidv7(),
        parentId: general.id,
        position,
        kind: "clause" as const,
        headingZh: g.title_zh,
        headingEn: g.title_en,
        textZh: g.text_zh,
        textEn: g.text_en,
        verb: verbOf(g.text_zh),
        evidenceNone: true,
      })),
    );
  return id;
}

async function insertSpecification(
  tx: Tx,
  actor: Actor,
  values: {
    programmeId: string;
    number: string;
    edition: number;
    titleZh: string;
    titleEn: string;
    body: SpecificationBody;
  },
): Promise<string> {
  const id = uuidv7();
  await tx
    .insert(specifications)
    .values({ tenantId: actor.tenantId, id, ...values, createdAt: actor.now, updatedAt: actor.now });
  await startInstance(tx, actor, {
    machine: "specification",
    tenantId: actor.tenantId,
    objectId: id,
    input: { at: actor.now.toISOString() },
  });
  return id;
}

/** A next edition that begins as a copy of a published one. Returns its id. */
export async function createEdition(
  tx: Tx,
  actor: Actor,
  { specificationId }: { specificationId: string },
): Promise<string> {
  const old = await loadSpecification(tx, specificationId);
  if (!openIn("edition.renew", old.state)) throw conflict({ code: "specification_not_published" });
  const number = `${seriesOf(old.number)}-${today(actor).slice(0, 4)}`;
  const id = await insertSpecification(tx, actor, {
    programmeId: old.programmeId,
    number,
    edition: old.edition + 1,
    titleZh: old.titleZh,
    titleEn: old.titleEn,
    body: old.body,
  });
  const [rows, evidence] = await Promise.all([
    tx
      .select()
      .from(clauses)
      .where(and(eq(clauses.tenantId, old.tenantId), eq(clauses.specificationId, old.id))),
    tx
      .select({ e: clauseEvidence })
      .from(clauseEvidence)
      .innerJoin(clauses, and(eq(clauses.tenantId, clauseEvidence.tenantId), eq(clauses.id, clauseEvidence.clauseId)))
      .where(eq(clauses.specificationId, old.id)),
  ]);
  const ids = new Map(rows.map((r) => [r.id, uuidv7()]));
  const copied = rows.map((r) => ({
    ...r,
    id: ids.get(r.id) ?? uuidv7(),
    specificationId: id,
    parentId: r.parentId && (ids.get(r.parentId) ?? null),
    public: false,
    rev: 1,
    updatedAt: actor.now,
  }));
  for (const top of [true, false]) {
    const part = copied.filter((c) => (c.parentId === null) === top);
    if (part.length > 0) await tx.insert(clauses).values(part);
  }
  if (evidence.length > 0)
    await tx.insert(clauseEvidence).values(
      evidence.map(({ e }) => ({
        ...e,
        id: uuidv7(),
        clauseId: ids.get(e.clauseId) ?? e.clauseId,
        createdAt: actor.now,
      })),
    );
  return id;
}

async function ownClause(tx: Tx, clauseId: string) {
  const [row] = await tx.select().from(clauses).where(eq(clauses.id, clauseId));
  if (!row) throw notFound({ logMessage: `clause ${clauseId}` });
  await editableSpecification(tx, row.specificationId);
  return row;
}

async function nextPosition(tx: Tx, specificationId: string, parentId: string | null): Promise<number> {
  const [row] = await tx
    .select({ last: max(clauses.position) })
    .from(clauses)
    .where(
      and(
        eq(clauses.specificationId, specificationId),
        parentId ? eq(clauses.parentId, parentId) : isNull(clauses.parentId),
      ),
    );
  return (row?.last ?? -1) + 1;
}

/** Adds a clause at the end of its parent; a chapter without one. Returns its id. */
export async function addClause(
  tx: Tx,
  actor: Actor,
  { specificationId, ...input }: z.output<typeof nationalClauseSchema> & { specificationId: string },
): Promise<string> {
  const s = await editableSpecification(tx, specificationId);
  if (input.parentId) {
    const [parent] = await tx
      .select({ id: clauses.id })
      .from(clauses)
      .where(and(eq(clauses.tenantId, s.tenantId), eq(clauses.specificationId, s.id), eq(clauses.id, input.parentId)));
    if (!parent) throw invalid({ parentId: ["error_field_unknown_id"] });
  }
  const id = uuidv7();
  const position = await nextPosition(tx, s.id, input.parentId);
  await tx.insert(clauses).values({
    tenantId: s.tenantId,
    id,
    specificationId: s.id,
    position,
    kind: input.parentId ? "clause" : "chapter",
    verb: verbOf(input.textZh),
    updatedAt: actor.now,
    ...input,
  });
  return id;
}

/** @throws conflict `stale_revision` with the other text. */
export async function saveClause(
  tx: Tx,
  actor: Actor,
  { clauseId, rev, parentId: _stays, ...input }: z.output<typeof editClauseSchema>,
): Promise<number> {
  const row = await ownClause(tx, clauseId);
  const saved = await tx
    .update(clauses)
    .set({ ...input, verb: verbOf(input.textZh), rev: rev + 1, updatedAt: actor.now })
    .where(and(eq(clauses.tenantId, row.tenantId), eq(clauses.id, clauseId), eq(clauses.rev, rev)))
    .returning({ rev: clauses.rev });
  const done = saved[0];
  if (done) return done.rev;
  throw staleRevision(actor.tenantName.zh, {
    rev: row.rev,
    theirs: { headingZh: row.headingZh, headingEn: row.headingEn, textZh: row.textZh, textEn: row.textEn },
  });
}

/** One place up or down among its siblings. At the end nothing happens. */
export async function moveClause(
  tx: Tx,
  actor: Actor,
  { clauseId, direction }: { clauseId: string; direction: "up" | "down" },
): Promise<void> {
  const row = await ownClause(tx, clauseId);
  const siblings = await tx
    .select({ id: clauses.id, position: clauses.position, kind: clauses.kind })
    .from(clauses)
    .where(
      and(
        eq(clauses.tenantId, row.tenantId),
        eq(clauses.specificationId, row.specificationId),
        row.parentId ? eq(clauses.parentId, row.parentId) : isNull(clauses.parentId),
      ),
    )
    .orderBy(clauses.position, clauses.id);
  const same = siblings.filter((s) => (s.kind === "annex") === (row.kind === "annex"));
  const at = same.findIndex((s) => s.id === clauseId);
  const other = same[direction === "up" ? at - 1 : at + 1];
  if (!other) return;
  const order = same
    .map((s) => s.id)
    .with(at, other.id)
    .with(direction === "up" ? at - 1 : at + 1, clauseId);
  const places = siblings.filter((s) => same.some((x) => x.id === s.id)).map((s) => s.position);
  // One statement for all: two rows with equal positions would otherwise never part.
  const first = Math.min(...places);
  const pairs = sql.join(
    order.map((id, i) => sql`(${id}::uuid, ${first + i}::int)`),
    sql`, `,
  );
  await tx.execute(
    sql`update clauses set position = v.place, updated_at = ${actor.now.toISOString()}::timestamptz from (values ${pairs}) as v(id, place) where clauses.id = v.id and clauses.tenant_id = ${row.tenantId}`,
  );
}

/** Takes a clause out with what hangs on it. @throws conflict when comments refer to it. */
export async function removeClause(tx: Tx, _actor: Actor, { clauseId }: { clauseId: string }): Promise<void> {
  const row = await ownClause(tx, clauseId);
  const tree = await tx.execute<{ id: string; commented: boolean; depth: number }>(sql`
    with recursive t(id, depth) as (
      select id, 0 from clauses where tenant_id = ${row.tenantId} and id = ${clauseId}
      union all select c.id, t.depth + 1 from clauses c join t on c.parent_id = t.id where c.tenant_id = ${row.tenantId})
    select t.id, t.depth, exists (select 1 from comments m where m.tenant_id = ${row.tenantId} and m.clause_id = t.id) as commented from t order by t.depth desc`);
  const found = [...(tree as Iterable<{ id: string; commented: boolean }>)];
  if (found.some((f) => f.commented)) throw conflict({ code: "specification_clause_commented" });
  // Key checks wait for the end of the statement: parents and children may go together.
  await tx.delete(clauses).where(
    and(
      eq(clauses.tenantId, row.tenantId),
      inArray(
        clauses.id,
        found.map((f) => f.id),
      ),
    ),
  );
}

const lines = (text: string) =>
  text
    .split("\n")
    .map((l) => l.trim())
    .filter((l) => l !== "");
/** Title, foreword, scope and the rest around the clauses. @throws conflict `stale_revision` */
export async function saveFrontMatter(
  tx: Tx,
  actor: Actor,
  { specificationId, rev, ...input }: z.output<typeof frontMatterSchema> & { specificationId: string },
): Promise<number> {
  const row = await editableSpecification(tx, specificationId);
  const body: SpecificationBody = {
    ...row.body,
    foreword: input.foreword,
    introduction: input.introduction,
    scope: input.scope,
    references: lines(input.references),
    bibliography: lines(input.bibliography),
    issuedBy: input.issuedBy,
    ...(input.lists
      ? {
          terms: input.terms ?? [],
          abbreviations: input.abbreviations ?? [],
          ics: input.ics ?? "",
          ccs: input.ccs ?? "",
        }
      : {}),
  };
  const saved = await tx
    .update(specifications)
    .set({ titleZh: input.titleZh, titleEn: input.titleEn, body, rev: rev + 1, updatedAt: actor.now })
    .where(and(eq(specifications.tenantId, row.tenantId), eq(specifications.id, row.id), eq(specifications.rev, rev)))
    .returning({ rev: specifications.rev });
  const done = saved[0];
  if (!done) throw staleRevision(actor.tenantName.zh, { rev: row.rev, theirs: row.body });
  return done.rev;
}

/** Removes one piece of evidence from a clause. */
export async function removeEvidence(tx: Tx, _actor: Actor, { evidenceId }: { evidenceId: string }): Promise<void> {
  const [row] = await tx
    .select({ clauseId: clauseEvidence.clauseId })
    .from(clauseEvidence)
    .where(eq(clauseEvidence.id, evidenceId));
  if (!row) throw notFound({ logMessage: `evidence ${evidenceId}` });
  await ownClause(tx, row.clauseId);
  await tx.delete(clauseEvidence).where(eq(clauseEvidence.id, evidenceId));
}
