import { and, desc, eq } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { openIn, type StatefulPermission } from "#app/request/permissions.ts";
import { startInstance } from "#app/features/workflow/instance.server.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { AppError, conflict, notFound, staleRevision } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { type DocumentKind, documents, drafts, reviewMarks, submissions, workflowInstances } from "#db/schema/index.ts";

/*
 * What survey responses, risk reports, plans, progress reports, batch reviews and specification drafts have in common:
 * a draft that only its authors see, and sealed submissions that cross the walls.
 */

export type DocumentRow = typeof documents.$inferSelect;
export type SubmissionRow = typeof submissions.$inferSelect;

export interface NewDocument {
  kind: DocumentKind;
  projectId: string;
  title: string;
  siteId?: string | null;
  systemId?: string | null;
  pilotId?: string | null;
  period?: string;
  dueOn?: string | null;
  /** First text of the draft; kinds whose content lives in tables of their own give {}. */
  body?: unknown;
}

/** A new draft with its state machine, in the caller's sector. The site of a site's document must be the caller's own or the sector's. */
export async function createDocument(tx: Tx, actor: Actor, wanted: NewDocument): Promise<DocumentRow> {
  const id = uuidv7();
  const [row] = await tx
    .insert(documents)
    .values({
      tenantId: actor.tenantId,
      id,
      projectId: wanted.projectId,
      kind: wanted.kind,
      title: wanted.title,
      siteId: wanted.siteId ?? null,
      systemId: wanted.systemId ?? null,
      pilotId: wanted.pilotId ?? null,
      period: wanted.period ?? "",
      dueOn: wanted.dueOn ?? null,
      createdAt: actor.now,
      updatedAt: actor.now,
    })
    .returning();
  if (!row) throw new AppError("internal", 500, "document was not stored");
  await startInstance(tx, actor, {
    machine: "document",
    tenantId: actor.tenantId,
    objectId: id,
    projectId: wanted.projectId,
    siteId: wanted.siteId ?? null,
    input: { at: actor.now.toISOString(), kind: wanted.kind },
  });
  return row;
}

/** @throws notFound, also for somebody else's. */
export async function loadDocument(tx: Tx, documentId: string): Promise<DocumentRow> {
  const [row] = await tx.select().from(documents).where(eq(documents.id, documentId));
  if (!row) throw notFound({ logMessage: `document ${documentId}` });
  return row;
}

/** Nothing hands it in while the caller adds to what would be sealed: to be held before its state is asked. */
export async function lockDocument(tx: Tx, id: string): Promise<void> {
  await tx.select({ id: documents.id }).from(documents).where(eq(documents.id, id)).for("no key update");
}

/** The documents of a kind that belong to a project: of most kinds one, of a site's one each, of a batch's one each. */
export const projectDocuments = (tx: Tx, projectId: string, kind: DocumentKind): Promise<DocumentRow[]> =>
  tx
    .select()
    .from(documents)
    .where(and(eq(documents.projectId, projectId), eq(documents.kind, kind)))
    .orderBy(documents.period, documents.id);

/** The one document of a kind (and period) that belongs to a project and no site, or null. */
export async function projectDocument(
  tx: Tx,
  projectId: string,
  kind: DocumentKind,
  period = "",
): Promise<DocumentRow | null> {
  const rows = await tx
    .select()
    .from(documents)
    .where(and(eq(documents.projectId, projectId), eq(documents.kind, kind), eq(documents.period, period)));
  return rows.find((r) => r.siteId === null) ?? null;
}

export interface Draft<T> {
  body: T;
  /** 0 while nothing was saved. */
  rev: number;
  updatedAt: Date | null;
  updatedByName: string;
}

/** The working text; an author's eyes only. */
export async function loadDraft<T>(tx: Tx, documentId: string, empty: T): Promise<Draft<T>> {
  const [row] = await tx.select().from(drafts).where(eq(drafts.documentId, documentId));
  return row
    ? { body: row.body as T, rev: row.rev, updatedAt: row.updatedAt, updatedByName: row.updatedByName }
    : { body: empty, rev: 0, updatedAt: null, updatedByName: "" };
}

const writing = {
  surveyResponse: "survey.answer",
  riskReport: "report.write",
  pilotPlan: "plan.write",
  progressReport: "progress.write",
  batchReview: "review.write",
  specDraft: "specification.draft",
} as const satisfies Record<DocumentRow["kind"], StatefulPermission>;
/** Whether authors may change the text now: not while it is being reviewed, and never once superseded. */
export const isEditable = (d: Pick<DocumentRow, "kind" | "state">): boolean => openIn(writing[d.kind], d.state);

/**
 * Saves the working text. `rev` is the one the author began from.
 * @throws conflict `stale_revision` with the other text in `extra`, so that nothing typed is lost; `sealed` while in review.
 */
export async function saveDraft<T>(tx: Tx, actor: Actor, document: DocumentRow, body: T, rev: number): Promise<number> {
  if (!isEditable(document))
    throw conflict({ code: "sealed", logMessage: `document ${document.id} is ${document.state}` });
  const values = { body, updatedAt: actor.now, updatedByName: actor.name };
  const key = { tenantId: document.tenantId, documentId: document.id, siteId: document.siteId };
  const done =
    rev === 0
      ? await tx
          .insert(drafts)
          .values({ ...key, ...values, rev: 1 })
          .onConflictDoNothing()
          .returning({ rev: drafts.rev })
      : await tx
          .update(drafts)
          .set({ ...values, rev: rev + 1 })
          .where(and(eq(drafts.tenantId, key.tenantId), eq(drafts.documentId, key.documentId), eq(drafts.rev, rev)))
          .returning({ rev: drafts.rev });
  const saved = done[0];
  if (saved) return saved.rev;
  const theirs = await loadDraft<T | null>(tx, document.id, null);
  throw staleRevision(theirs.updatedByName, { rev: theirs.rev, theirs: theirs.body, updatedAt: theirs.updatedAt });
}

export interface Sealing {
  /** What is fixed for ever, as JSON. */
  content: unknown;
  /** What lists and comparisons need without opening it. */
  summary: unknown;
}

/** Adds a sealed submission and names it as the document's latest. */
export async function seal(
  tx: Tx,
  actor: Actor,
  document: DocumentRow,
  { content, summary }: Sealing,
  national: boolean,
): Promise<SubmissionRow> {
  const [last] = await tx
    .select({ seq: submissions.seq })
    .from(submissions)
    .where(eq(submissions.documentId, document.id))
    .orderBy(desc(submissions.seq))
    .limit(1);
  const [row] = await tx
    .insert(submissions)
    .values({
      tenantId: document.tenantId,
      id: uuidv7(),
      documentId: document.id,
      projectId: document.projectId,
      kind: document.kind,
      siteId: document.siteId,
      national,
      seq: (last?.seq ?? 0) + 1,
      content,
      summary,
      sha256: sealOf(content),
      sealedAt: actor.now,
      sealedByName: actor.name,
      sealedByRole: actor.role,
    })
    .returning();
  if (!row) throw new AppError("internal", 500, "submission was not stored");
  const changed = await tx
    .update(documents)
    .set({ submissionId: row.id, updatedAt: actor.now, ...(national ? { national: true } : {}) })
    .where(and(eq(documents.tenantId, document.tenantId), eq(documents.id, document.id)))
    .returning({ id: documents.id });
  if (changed.length !== 1)
    throw notFound({ logMessage: `document ${document.id} may not be changed by ${actor.role}` });
  return row;
}

/** The latest sealed submission the caller may see, or null. */
export async function latestSubmission(tx: Tx, documentId: string): Promise<SubmissionRow | null> {
  const [row] = await tx
    .select()
    .from(submissions)
    .where(eq(submissions.documentId, documentId))
    .orderBy(desc(submissions.seq))
    .limit(1);
  return row ?? null;
}

export interface Completeness {
  /** Percent, 0–100. */
  completeness: number;
  /** Required parts that are missing, named in the reader's language. */
  missingParts: string[];
}

export interface PartReason {
  part: string;
  reason: string;
}

/** Notes a verdict on single parts of the latest submission; the last word counts. */
export async function markParts(
  tx: Tx,
  actor: Actor,
  document: DocumentRow,
  marks: readonly (PartReason & { verdict: "returned" | "accepted" })[],
): Promise<void> {
  if (marks.length === 0) return;
  const submission = await latestSubmission(tx, document.id);
  if (!submission) throw conflict({ code: "nothing_submitted" });
  const national = actor.level === "national";
  const values = marks.map((m) => ({
    tenantId: document.tenantId,
    id: uuidv7(),
    documentId: document.id,
    submissionId: submission.id,
    siteId: document.siteId,
    national,
    part: m.part,
    verdict: m.verdict,
    reason: m.reason,
    byName: actor.name,
    byRole: actor.role,
    at: actor.now,
  }));
  for (const v of values) {
    const set = { verdict: v.verdict, reason: v.reason, byName: v.byName, byRole: v.byRole, at: v.at };
    const target = [reviewMarks.tenantId, reviewMarks.submissionId, reviewMarks.part];
    if (national) await tx.insert(reviewMarks).values(v);
    else await tx.insert(reviewMarks).values(v).onConflictDoUpdate({ target, set });
  }
}

/** All verdicts on a document, newest submission's last. */
export const marksOf = (tx: Tx, documentId: string) =>
  tx.select().from(reviewMarks).where(eq(reviewMarks.documentId, documentId)).orderBy(reviewMarks.at);

/** Makes a sealed submission (a copy under the same digest) and the document's state visible to the national office. */
export async function shareNationally(
  tx: Tx,
  actor: Actor,
  document: DocumentRow,
  submission: SubmissionRow,
): Promise<SubmissionRow> {
  const copy = await seal(tx, actor, document, { content: submission.content, summary: submission.summary }, true);
  const shared = await tx
    .update(workflowInstances)
    .set({ national: true })
    .where(and(eq(workflowInstances.tenantId, document.tenantId), eq(workflowInstances.objectId, document.id)))
    .returning({ id: workflowInstances.id });
  if (shared.length !== 1) throw notFound({ logMessage: `instance of document ${document.id}` });
  return copy;
}
