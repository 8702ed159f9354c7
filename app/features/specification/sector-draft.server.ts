import {
  approveDocument,
  createDocument,
  type DocumentRow,
  type Draft,
  endorseDocument,
  latestSubmission,
  loadDraft,
  projectDocument,
  returnDocument,
  saveDraft,
  submitDocument,
  type SubmissionRow,
} from "#app/features/document/document.server.ts";
import { stepOf } from "#app/features/document/paired-acts.server.ts";
import { afterNote, noteChange, type Working } from "#app/features/document/reapproval.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { projectFacts } from "#app/features/project/facts.server.ts";
import { loadProject, type ProjectRow } from "#app/features/project/project.server.ts";
import { documentContext, loadInstance } from "#app/features/workflow/workflow.server.ts";
import { isBlocking, type Reason } from "#app/domain/reasons.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import type { AppError } from "#app/platform/errors.ts";
import { conflict, invalid, notFound, staleRevision } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { pickField } from "#app/i18n/pick.ts";
import type { Tx } from "#db/client.server.ts";
import { specificationSkeleton } from "#seeds/catalogue/index.ts";
import { draftShape } from "./content-shapes.rules.ts";
import { sideOf } from "./sides.ts";
import { checkVerbs, verbOf } from "./specification.rules.ts";
import { type DraftClause, emptySpecDraft, type SpecDraftBody, type SpecDraftSummary } from "./specification.schema.ts";

/*
 * A sector's draft of the specification: written by the regulator, submitted to the lead, handed on to the national office.
 * Document and project move together, in one transaction.
 */

/** The sector's draft; begun when it is first asked for by somebody who may write it. */
export async function ensureSectorDraft(
  tx: Tx,
  actor: Actor,
  projectId: string,
  locale: Locale = "zh-CN",
): Promise<DocumentRow> {
  const [project, found] = await Promise.all([loadProject(tx, projectId), projectDocument(tx, projectId, "specDraft")]);
  if (found) return found;
  return createDocument(tx, actor, {
    kind: "specDraft",
    projectId,
    title: m.specification_draft_title({ project: project.nameZh }, { locale }),
    dueOn: project.dueOn.specification ?? null,
  });
}

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
  const document = await ensureSectorDraft(tx, actor, projectId);
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
const contentOf = (project: ProjectRow, body: SpecDraftBody): SealedDraft => ({
  kind: "specDraft",
  project: { code: project.code, nameZh: project.nameZh, nameEn: project.nameEn },
  clauses: body.clauses,
});

/** A draft's content ready to be compared with the sealed one. */
export const asWorking = (content: SealedDraft): Working => ({
  content,
  shape: draftShape,
  words: { side: sideOf, chapter: (key, locale) => chapterTitle(key, locale) },
});
/** The draft as it would be sealed now. For the sector. */
export const draftAsNow = async (
  tx: Tx,
  project: ProjectRow,
  document: Pick<DocumentRow, "id">,
): Promise<SealedDraft> => contentOf(project, (await loadDraft<SpecDraftBody>(tx, document.id, emptySpecDraft)).body);

async function noteDraft(tx: Tx, actor: Actor, document: DocumentRow, locale: Locale): Promise<boolean> {
  return noteChange(
    tx,
    actor,
    document,
    async (own) => asWorking(await draftAsNow(tx, await loadProject(tx, own.projectId), own)),
    locale,
  );
}
async function store(tx: Tx, actor: Actor, document: DocumentRow, body: SpecDraftBody, rev: number): Promise<number> {
  const saved = await saveDraft(tx, actor, document, body, rev);
  await noteDraft(tx, actor, document, "zh-CN");
  return saved;
}

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
  return { rev: await store(tx, actor, document, { ...draft.body, clauses }, rev), key };
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
  return store(tx, actor, document, { ...draft.body, clauses }, rev);
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
    rev: await store(tx, actor, document, { ...draft.body, clauses: [...draft.body.clauses, ...fresh] }, rev),
    added: fresh.length,
  };
}

/** Verb discipline of one clause (GB/T 1.1-2020, annex C), in both languages. */
export const clauseReasons = (c: Pick<DraftClause, "key" | "text" | "textEn">): Reason[] =>
  checkVerbs({ id: c.key, textZh: c.text, textEn: c.textEn }).reasons;
const nameOf = (c: DraftClause): string => c.title || [...c.text].slice(0, 12).join("");

/** What keeps a draft from going up: names of clauses whose wording the standard rules out. */
export function unsoundClauses(body: SpecDraftBody): string[] {
  return body.clauses.filter((c) => clauseReasons(c).some(isBlocking)).map(nameOf);
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

/** Acts on a sector's draft, named by the project's events; each moves the document as well. */
export const sectorDraftActs = [
  "SUBMIT_SPECIFICATION_DRAFT",
  "RETURN_SPECIFICATION",
  "APPROVE_SPECIFICATION_SECTOR",
  "RETURN_SPECIFICATION_NATIONAL",
  "ACCEPT_SPECIFICATION",
] as const;
/** The same of a draft that was approved before: it moves alone, and its acts are the document's own. */
export const approvedDraftActs = ["RESUBMIT", "RETURN", "ENDORSE", "APPROVE"] as const;
export type SectorDraftAct = (typeof sectorDraftActs)[number] | (typeof approvedDraftActs)[number];
/** Event of the document → the project's step whose conditions hold for it. */
export const draftPairs = {
  RESUBMIT: ["SUBMIT_SPECIFICATION_DRAFT"],
  RETURN: ["RETURN_SPECIFICATION", "RETURN_SPECIFICATION_NATIONAL"],
  ENDORSE: ["APPROVE_SPECIFICATION_SECTOR"],
  APPROVE: ["ACCEPT_SPECIFICATION"],
};

interface Move {
  projectId: string;
  /** Version that the person saw: of the project's instance, or of the document's once it was approved. */
  expectedVersion?: number | undefined;
  locale: Locale;
}
export interface Return extends Move {
  reason: string;
  /** Keys of clauses with what is wrong; the reason stands for the whole draft when there are none. */
  parts?: readonly { part: string; reason: string }[] | undefined;
}

/** Project and draft, and the step of the project that goes with the coming event of the draft. */
async function standing(tx: Tx, actor: Actor, { projectId, expectedVersion, locale }: Move) {
  const [project, document] = await Promise.all([
    loadProject(tx, projectId),
    projectDocument(tx, projectId, "specDraft"),
  ]);
  if (!document)
    throw conflict({ code: "nothing_submitted", logMessage: `project ${projectId} has no specification draft` });
  const alone = documentContext(await loadInstance(tx, document.id)).seals.length > 0;
  const take = await stepOf(tx, actor, project, document, locale);
  return {
    project,
    document,
    /** Of the document; none where the project's is the one the person saw. */
    version: alone ? expectedVersion : undefined,
    step: async (type: (typeof sectorDraftActs)[number], more: { reason?: string; contentHash?: string } = {}) =>
      take({
        type,
        payload: more.reason === undefined ? {} : { reason: more.reason },
        facts: await projectFacts(tx, actor, project),
        expectedVersion: alone ? undefined : expectedVersion,
        contentHash: more.contentHash ?? null,
      }),
  };
}

/** Regulator: seals the draft and submits it to the lead. */
export async function submitSectorDraft(tx: Tx, actor: Actor, move: Move): Promise<SubmissionRow> {
  const { project, document, version, step } = await standing(tx, actor, move);
  const content = await draftAsNow(tx, project, document);
  const missingParts = unsoundClauses(content);
  const completeness =
    content.clauses.length === 0
      ? 0
      : Math.floor(((content.clauses.length - missingParts.length) * 100) / content.clauses.length);
  const noted = await noteDraft(tx, actor, document, move.locale);
  const done = await submitDocument(tx, actor, {
    document,
    locale: move.locale,
    expectedVersion: afterNote(version, noted),
    sealing: { content, summary: draftSummary(content) },
    completeness: { completeness, missingParts },
  });
  await step("SUBMIT_SPECIFICATION_DRAFT", { contentHash: done.submission.sha256 });
  return done.submission;
}

async function sendBack(
  tx: Tx,
  actor: Actor,
  type: "RETURN_SPECIFICATION" | "RETURN_SPECIFICATION_NATIONAL",
  move: Return,
): Promise<void> {
  const { document, version, step } = await standing(tx, actor, move);
  const given = (move.parts ?? []).filter((p) => p.reason.trim() !== "");
  await returnDocument(tx, actor, {
    document,
    locale: move.locale,
    expectedVersion: version,
    parts: given.length > 0 ? given : [{ part: "*", reason: move.reason }],
  });
  await step(type, { reason: move.reason });
}
/** Lead: back to the regulator. */
export const returnSectorDraft = (tx: Tx, actor: Actor, move: Return): Promise<void> =>
  sendBack(tx, actor, "RETURN_SPECIFICATION", move);
/** Director: back to the sector. */
export const returnNational = (tx: Tx, actor: Actor, move: Return): Promise<void> =>
  sendBack(tx, actor, "RETURN_SPECIFICATION_NATIONAL", move);

/** Lead: hands the draft on to the national office under the same digest. */
export async function endorse(tx: Tx, actor: Actor, move: Move): Promise<void> {
  const { document, version, step } = await standing(tx, actor, move);
  const { instance } = await endorseDocument(tx, actor, { document, locale: move.locale, expectedVersion: version });
  const sealed = await latestSubmission(tx, instance.objectId);
  await step("APPROVE_SPECIFICATION_SECTOR", sealed ? { contentHash: sealed.sha256 } : {});
}
/** Director: takes the draft; the sector's project is then completed. */
export async function accept(tx: Tx, actor: Actor, move: Move): Promise<void> {
  const { document, version, step } = await standing(tx, actor, move);
  await approveDocument(tx, actor, { document, locale: move.locale, expectedVersion: version });
  const sealed = await latestSubmission(tx, document.id);
  await step("ACCEPT_SPECIFICATION", sealed ? { contentHash: sealed.sha256 } : {});
}

/** The act of a page by its event. */
export async function actOnSectorDraft(
  tx: Tx,
  actor: Actor,
  { type, ...move }: Return & { type: SectorDraftAct },
): Promise<void> {
  const acts = {
    SUBMIT_SPECIFICATION_DRAFT: submitSectorDraft,
    RESUBMIT: submitSectorDraft,
    RETURN_SPECIFICATION: returnSectorDraft,
    RETURN: actor.level === "national" ? returnNational : returnSectorDraft,
    APPROVE_SPECIFICATION_SECTOR: endorse,
    ENDORSE: endorse,
    RETURN_SPECIFICATION_NATIONAL: returnNational,
    ACCEPT_SPECIFICATION: accept,
    APPROVE: accept,
  } as const satisfies Record<SectorDraftAct, (tx: Tx, actor: Actor, move: Return) => Promise<unknown>>;
  await acts[type](tx, actor, move);
}
