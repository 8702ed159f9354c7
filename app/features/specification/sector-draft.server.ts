import { isBlocking, type Reason } from "#app/domain/reasons.ts";
import { saveText } from "#app/features/document/approval.server.ts";
import {
  type DocumentRow,
  type Draft,
  latestSubmission,
  loadDraft,
  projectDocument,
  type SubmissionRow,
} from "#app/features/document/document.server.ts";
import { ensureDocument } from "#app/features/document/transition.server.ts";
import { loadProject, type ProjectRow } from "#app/features/project/project.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { pickField } from "#app/i18n/pick.ts";
import type { AppError } from "#app/platform/errors.ts";
import { invalid, notFound, staleRevision } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { specificationSkeleton } from "#seeds/catalogue/index.ts";
import { checkVerbs, verbOf } from "./verbs.rules.ts";
import { type DraftClause, emptySpecDraft, type SpecDraftBody, type SpecDraftSummary } from "./specification.schema.ts";

/* A sector's draft of the specification, clause by clause. What moves it is said in `sector-draft.kind.ts`. */

export interface SectorDraft {
  project: ProjectRow;
  document: DocumentRow | null;
  /** The working text; the sector's alone. Null for the national office. */
  draft: Draft<SpecDraftBody> | null;
  /** What was sealed last, as far as the caller may see it. */
  submission: SubmissionRow | null;
}

/** Everything a page about the draft needs, for either side of the wall. */
export async function loadSectorDraft(tx: Tx, actor: Actor, projectId: string): Promise<SectorDraft> {
  const [project, document] = await Promise.all([
    loadProject(tx, projectId),
    projectDocument(tx, projectId, "specDraft"),
  ]);
  if (!document) return { project, document: null, draft: null, submission: null };
  const [draft, submission] = await Promise.all([
    actor.level === "sector" ? loadDraft<SpecDraftBody>(tx, document.id, emptySpecDraft) : null,
    latestSubmission(tx, document.id),
  ]);
  return { project, document, draft, submission };
}

/** Clauses of a sealed draft. */
export const sealedClauses = (submission: Pick<SubmissionRow, "content"> | null): DraftClause[] =>
  (submission?.content as SpecDraftBody | undefined)?.clauses ?? [];

const own = async (tx: Tx, actor: Actor, projectId: string) => {
  const document = await ensureDocument(tx, actor, { projectId, kind: "specDraft" });
  return { document, draft: await loadDraft<SpecDraftBody>(tx, document.id, emptySpecDraft) };
};

/** Title of a chapter of the edition, by its key. */
export function chapterTitle(key: string, locale: Locale): string {
  const found = specificationSkeleton.find((x) => x.key === key);
  return found ? `${found.no ?? ""} ${pickField(found, "title", locale)}` : key;
}

/** What is sealed of a draft. */
export interface SealedDraft {
  kind: "specDraft";
  project: { code: string; nameZh: string; nameEn: string };
  clauses: DraftClause[];
}
const saveClauses = (tx: Tx, actor: Actor, document: DocumentRow, body: SpecDraftBody, rev: number): Promise<number> =>
  saveText(tx, actor, document, { body, rev });

/** Somebody else's text of the same clause, for the one who came second. */
function staleClause(draft: Draft<SpecDraftBody>, key: string): AppError {
  return staleRevision(draft.updatedByName, {
    rev: draft.rev,
    theirs: draft.body.clauses.find((c) => c.key === key) ?? null,
    updatedAt: draft.updatedAt,
  });
}

export interface SaveClause {
  projectId: string;
  /** Revision of the draft the author began from; 0 for the first save. */
  rev: number;
  /** `key` empty: a new clause. The verb is read from the text. */
  clause: Omit<DraftClause, "verb">;
}
/**
 * Stores one clause of the draft, new or changed, and gives it its key.
 * @throws conflict `stale_revision` with the other text, `sealed` while in review; invalid for evidence and «none» at once.
 */
export async function saveSectorClause(
  tx: Tx,
  actor: Actor,
  { projectId, rev, clause }: SaveClause,
): Promise<{ rev: number; key: string }> {
  if (clause.evidenceNone && clause.evidence.length > 0)
    throw invalid({ evidenceNone: ["specification_error_evidence_and_none"] });
  const { document, draft } = await own(tx, actor, projectId);
  const key = clause.key || uuidv7();
  if (draft.rev !== rev) throw staleClause(draft, key);
  const saved: DraftClause = { ...clause, key, verb: verbOf(clause.text) };
  const at = draft.body.clauses.findIndex((c) => c.key === key);
  if (clause.key && at < 0) throw notFound({ logMessage: `clause ${key} of draft ${document.id}` });
  const clauses = at < 0 ? [...draft.body.clauses, saved] : draft.body.clauses.with(at, saved);
  return { rev: await saveClauses(tx, actor, document, { ...draft.body, clauses }, rev), key };
}

/** Takes a clause out of the draft. */
export async function removeSectorClause(
  tx: Tx,
  actor: Actor,
  { projectId, rev, key }: { projectId: string; rev: number; key: string },
): Promise<number> {
  const { document, draft } = await own(tx, actor, projectId);
  if (draft.rev !== rev) throw staleClause(draft, key);
  const clauses = draft.body.clauses.filter((c) => c.key !== key);
  if (clauses.length === draft.body.clauses.length)
    throw notFound({ logMessage: `clause ${key} of draft ${document.id}` });
  return saveClauses(tx, actor, document, { ...draft.body, clauses }, rev);
}

/** Adds clauses whose key is not there yet; used by the proposals and by imports. */
export async function addSectorClauses(
  tx: Tx,
  actor: Actor,
  { projectId, rev, clauses }: { projectId: string; rev: number; clauses: readonly DraftClause[] },
): Promise<{ rev: number; added: number }> {
  const { document, draft } = await own(tx, actor, projectId);
  if (draft.rev !== rev) throw staleClause(draft, "");
  const known = new Set(draft.body.clauses.map((c) => c.key));
  const fresh = clauses.filter((c) => !known.has(c.key));
  if (fresh.length === 0) return { rev, added: 0 };
  return {
    rev: await saveClauses(tx, actor, document, { ...draft.body, clauses: [...draft.body.clauses, ...fresh] }, rev),
    added: fresh.length,
  };
}

/** Verb discipline of one clause (GB/T 1.1-2020, annex C), in both languages. */
export const clauseReasons = (c: Pick<DraftClause, "key" | "text" | "textEn">): Reason[] =>
  checkVerbs({ id: c.key, textZh: c.text, textEn: c.textEn }).reasons;
/** What a reader knows a clause by. */
export const clauseName = (c: DraftClause): string => c.title || [...c.text].slice(0, 12).join("");

/** What keeps a draft from going up: names of clauses whose wording the standard rules out. */
export function unsoundClauses(body: SpecDraftBody): string[] {
  return body.clauses.filter((c) => clauseReasons(c).some(isBlocking)).map(clauseName);
}

const tally = (
  clauses: readonly DraftClause[],
  tag: "dimension" | "lifecycle" | "mechanism",
): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const c of clauses) if (c.tags[tag]) counts[c.tags[tag]] = (counts[c.tags[tag]] ?? 0) + 1;
  return counts;
};
/** Figures sealed beside a draft, for the national guards and lists. */
export function draftSummary({ clauses }: SpecDraftBody): SpecDraftSummary {
  return {
    clauseCount: clauses.length,
    clausesWithoutEvidence: clauses.filter((c) => !c.evidenceNone && c.evidence.length === 0).length,
    evidenceCount: clauses.reduce((n, c) => n + c.evidence.length, 0),
    pilots: Math.max(0, ...clauses.flatMap((c) => c.evidence.map((e) => e.pilots))),
    byDimension: tally(clauses, "dimension"),
    byLifecycle: tally(clauses, "lifecycle"),
    byMechanism: tally(clauses, "mechanism"),
  };
}
