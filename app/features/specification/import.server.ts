import { and, asc, desc, eq, inArray } from "drizzle-orm";
import type { z } from "zod";
import type { Actor } from "#app/request/actor.ts";
import { invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { clauseEvidence, clauses, documents, projects, submissions, tenants } from "#db/schema/index.ts";
import { specificationSkeleton } from "#seeds/catalogue/index.ts";
import { editableSpecification } from "./editing.server.ts";
import { sealedClauses } from "./sector-draft.server.ts";
import type { DraftClause, importSchema, SpecDraftSummary } from "./specification.schema.ts";

/* From the sectors' sealed drafts into the national edition; what a clause rests on comes with it. */

export interface SealedDraft {
  submissionId: string;
  sha256: string;
  sealedAt: Date;
  state: string;
  sector: { id: string; code: string; zh: string; en: string };
  summary: SpecDraftSummary;
  clauses: DraftClause[];
}

/** The newest sealed draft of every sector of a programme that has handed one on. */
export async function sealedDrafts(tx: Tx, programmeId: string): Promise<SealedDraft[]> {
  const rows = await tx
    .selectDistinctOn([submissions.documentId], {
      submission: submissions,
      state: documents.state,
      sector: { id: tenants.id, code: tenants.code, zh: tenants.nameZh, en: tenants.nameEn },
    })
    .from(submissions)
    .innerJoin(documents, and(eq(documents.tenantId, submissions.tenantId), eq(documents.id, submissions.documentId)))
    .innerJoin(projects, and(eq(projects.tenantId, submissions.tenantId), eq(projects.id, submissions.projectId)))
    .innerJoin(tenants, eq(tenants.id, submissions.tenantId))
    .where(
      and(eq(submissions.kind, "specDraft"), eq(submissions.national, true), eq(projects.programmeId, programmeId)),
    )
    .orderBy(asc(submissions.documentId), desc(submissions.seq));
  return rows
    .filter((r) => r.state !== "returned")
    .map(({ submission: s, state, sector }) => ({
      submissionId: s.id,
      sha256: s.sha256,
      sealedAt: s.sealedAt,
      state,
      sector,
      summary: s.summary as SpecDraftSummary,
      clauses: sealedClauses(s),
    }))
    .sort((a, b) => (a.sector.code < b.sector.code ? -1 : 1));
}

type Row = typeof clauses.$inferSelect;
const squeeze = (text: string) => text.replace(/\s+/g, "");
const sameTags = (c: DraftClause, row: Row) =>
  c.tags.dimension !== null &&
  c.tags.dimension === row.dimension &&
  c.tags.object === row.object &&
  c.tags.lifecycle === row.lifecycle &&
  c.tags.mechanism === row.mechanism;

/** Another sector's clause of the same text, or on the same matter under the same heading: their evidence goes together. */
function partner(c: DraftClause, rows: readonly Row[]): Row | undefined {
  return rows.find(
    (r) =>
      r.kind === "clause" &&
      (squeeze(r.textZh) === squeeze(c.text) || (c.title !== "" && r.headingZh === c.title && sameTags(c, r))),
  );
}
const chapterTitle = (key: string) => specificationSkeleton.find((s) => s.key === key)?.title_zh ?? "";

interface Picked {
  draft: SealedDraft;
  clause: DraftClause;
}
function resolve(drafts: readonly SealedDraft[], picks: readonly string[]): Picked[] {
  return picks.map((pick) => {
    const at = pick.indexOf("/");
    const draft = drafts.find((d) => d.submissionId === pick.slice(0, at));
    const clause = draft?.clauses.find((c) => c.key === pick.slice(at + 1));
    if (!draft || !clause) throw notFound({ logMessage: `sealed clause ${pick}` });
    return { draft, clause };
  });
}

export interface Imported {
  created: number;
  merged: number;
  evidence: number;
}
/**
 * Takes clauses of sealed drafts into the edition. One that says the same as a clause already there adds its evidence to it.
 * Each piece of evidence keeps the digest of the submission it comes from.
 */
export async function importFromDrafts(
  tx: Tx,
  actor: Actor,
  { specificationId, picks, intoClauseId }: z.output<typeof importSchema> & { specificationId: string },
): Promise<Imported> {
  const s = await editableSpecification(tx, specificationId);
  const [drafts, rows] = await Promise.all([
    sealedDrafts(tx, s.programmeId),
    tx
      .select()
      .from(clauses)
      .where(and(eq(clauses.tenantId, s.tenantId), eq(clauses.specificationId, s.id))),
  ]);
  const picked = resolve(drafts, picks);
  const into = intoClauseId ? rows.find((r) => r.id === intoClauseId && r.kind === "clause") : undefined;
  if (intoClauseId && !into) throw invalid({ intoClauseId: ["error_field_unknown_id"] });
  const tree = [...rows];
  const fresh: Row[] = [];
  const targets = picked.map(({ clause }) => {
    const found = into ?? partner(clause, tree);
    if (found) return found;
    const made = newRow(actor, s, clause, tree);
    tree.push(made);
    fresh.push(made);
    return made;
  });
  if (fresh.length > 0) await tx.insert(clauses).values(fresh);
  const evidence = await addEvidence(tx, actor, s.tenantId, picked, targets);
  return { created: fresh.length, merged: picked.length - fresh.length, evidence };
}

function newRow(actor: Actor, s: { tenantId: string; id: string }, c: DraftClause, tree: readonly Row[]): Row {
  const chapters = tree.filter((r) => r.parentId === null && r.kind === "chapter");
  const parent = chapters.find((r) => r.headingZh === chapterTitle(c.chapter)) ?? chapters[0];
  if (!parent) throw invalid({}, { code: "specification_no_chapter" });
  const position = Math.max(-1, ...tree.filter((r) => r.parentId === parent.id).map((r) => r.position)) + 1;
  return {
    tenantId: s.tenantId,
    id: uuidv7(),
    specificationId: s.id,
    parentId: parent.id,
    position,
    kind: "clause",
    headingZh: c.title,
    headingEn: c.titleEn,
    textZh: c.text,
    textEn: c.textEn,
    verb: c.verb,
    dimension: c.tags.dimension,
    object: c.tags.object,
    lifecycle: c.tags.lifecycle,
    mechanism: c.tags.mechanism,
    evidenceNone: c.evidenceNone,
    public: false,
    rev: 1,
    updatedAt: actor.now,
  };
}

async function addEvidence(
  tx: Tx,
  actor: Actor,
  tenantId: string,
  picked: readonly Picked[],
  targets: readonly Row[],
): Promise<number> {
  const present = await tx
    .select({
      clauseId: clauseEvidence.clauseId,
      submissionId: clauseEvidence.submissionId,
      statement: clauseEvidence.statement,
    })
    .from(clauseEvidence)
    .where(
      inArray(
        clauseEvidence.clauseId,
        targets.map((t) => t.id),
      ),
    );
  const known = new Set(present.map((e) => `${e.clauseId}/${e.submissionId}/${e.statement}`));
  const values = picked.flatMap(({ draft, clause }, i) =>
    clause.evidence.flatMap((e) => {
      const clauseId = targets[i]?.id ?? "";
      const key = `${clauseId}/${draft.submissionId}/${e.statement}`;
      if (known.has(key)) return [];
      known.add(key);
      return [
        {
          tenantId,
          id: uuidv7(),
          clauseId,
          sectorTenantId: draft.sector.id,
          submissionId: draft.submissionId,
          submissionSha256: draft.sha256,
          batchNo: e.batchNo,
          pilots: e.pilots,
          effectMilli: e.effectMilli,
          dissent: e.dissent,
          statement: e.statement,
          // Seals of before this was recorded have none.
          basis: e.basis ?? null,
          createdAt: actor.now,
        },
      ];
    }),
  );
  if (values.length > 0) await tx.insert(clauseEvidence).values(values);
  return values.length;
}
