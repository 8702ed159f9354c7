import { and, asc, eq } from "drizzle-orm";
import {
  type DocumentRow,
  isEditable,
  latestSubmission,
  loadDocument,
  marksOf,
  type SubmissionRow,
} from "#app/features/document/document.server.ts";
import { type DocumentStanding, standingOf } from "#app/features/document/standing.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { notFound } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { answers, submissions } from "#db/schema/index.ts";
import { assetContent, listAssets } from "./assets.server.ts";
import { factsOf } from "./content.rules.ts";
import { questionnaire } from "./locked.server.ts";
import { sealedContent, workingContent } from "./response-content.server.ts";
import { sealableResponse } from "./response.kind.ts";
import { completeness, type Completeness } from "./survey.rules.ts";
import type { SealedAnswer, SealedAsset } from "./survey.schema.ts";

interface ViewCell extends SealedAnswer {
  /** 0 in a sealed submission, which nobody changes. */
  rev: number;
  updatedByName: string;
  updatedAt: Date | null;
}
interface ViewMark {
  part: string;
  verdict: "returned" | "accepted";
  reason: string;
  byName: string;
  at: Date;
  /** Number of the submission it was said of. */
  seq: number;
  /** It is about the submission that stands now, and nothing was changed there since. */
  open: boolean;
}
export interface ResponseView {
  document: Pick<DocumentRow, "id" | "projectId" | "title" | "state" | "dueOn"> & { siteId: string };
  /** State, version, events, and what the approval no longer covers. */
  standing: DocumentStanding;
  site: { id: string; name: string };
  system: { name: string; grade: number; devices: number };
  questionnaireVersion: number;
  /** `edit`: the site's own sheet. `locked`: the same while it is in review. `review`: the sector reads what was sealed and may decide. `read`: it only reads. */
  mode: "edit" | "locked" | "review" | "read";
  submission: Pick<SubmissionRow, "id" | "seq" | "sha256" | "sealedAt" | "sealedByName"> | null;
  cells: ViewCell[];
  assets: (SealedAsset & { rev: number })[];
  marks: ViewMark[];
  completeness: Completeness;
}

/**
 * One response as the caller may see it: the site its working sheet, the sector the last sealed submission.
 * @throws notFound also for a sector while nothing was submitted, and for anybody else's.
 */
export async function responseView(
  tx: Tx,
  actor: Actor,
  { documentId, locale }: { documentId: string; locale: Locale },
): Promise<ResponseView> {
  const [document, marks, submission] = await Promise.all([
    loadDocument(tx, documentId),
    marksOf(tx, documentId),
    latestSubmission(tx, documentId),
  ]);
  if (document.kind !== "surveyResponse" || document.siteId === null)
    throw notFound({ logMessage: `document ${documentId} is no response` });
  const own = { ...document, siteId: document.siteId };
  return actor.level === "site"
    ? siteView(tx, actor, { document: own, marks, submission, locale })
    : sectorView(tx, actor, { document: own, marks, submission, locale });
}

interface Loaded {
  document: DocumentRow & { siteId: string };
  marks: Awaited<ReturnType<typeof marksOf>>;
  submission: SubmissionRow | null;
  locale: Locale;
}

const head = ({ document, submission }: Loaded) => ({
  document: {
    id: document.id,
    projectId: document.projectId,
    title: document.title,
    state: document.state,
    dueOn: document.dueOn,
    siteId: document.siteId,
  },
  submission: submission && {
    id: submission.id,
    seq: submission.seq,
    sha256: submission.sha256,
    sealedAt: submission.sealedAt,
    sealedByName: submission.sealedByName,
  },
});

async function siteView(tx: Tx, actor: Actor, loaded: Loaded): Promise<ResponseView> {
  const { document, submission, locale } = loaded;
  const [content, cells, list, numbers] = await Promise.all([
    workingContent(tx, document),
    tx
      .select()
      .from(answers)
      .where(and(eq(answers.tenantId, document.tenantId), eq(answers.documentId, document.id))),
    listAssets(tx, document),
    sequence(tx, document),
  ]);
  const sealed = submission ? sealedContent(submission) : null;
  const untouched = unchangedParts(sealed?.answers ?? [], content.answers);
  const marks = viewMarks(
    loaded.marks,
    numbers,
    submission,
    (part) => document.state === "returned" && (untouched.has(part) || part === "assets"),
  );
  const reasons = new Map(
    marks.flatMap((m) => (m.open && m.verdict === "returned" ? [[m.part, m.reason] as const] : [])),
  );
  const known = { now: sealableResponse(content), latest: submission };
  return {
    ...head(loaded),
    site: { id: content.site.id, name: content.site.name },
    system: { name: content.system.name, grade: content.system.grade, devices: content.system.devices },
    questionnaireVersion: content.questionnaireVersion,
    standing: await standingOf(tx, actor, document, locale, known),
    mode: isEditable(document) ? "edit" : "locked",
    cells: cells.map((c) => ({
      controlCode: c.controlCode,
      value: c.value,
      note: c.note,
      evidenceRef: c.evidenceRef,
      rev: c.rev,
      updatedByName: c.updatedByName,
      updatedAt: c.updatedAt,
    })),
    assets: list.map((a) => ({ ...assetContent(a), rev: a.rev })),
    marks,
    completeness: completeness(questionnaire(content.questionnaireVersion), factsOf(content.answers, reasons)),
  };
}

async function sectorView(tx: Tx, actor: Actor, loaded: Loaded): Promise<ResponseView> {
  const { document, submission, locale } = loaded;
  if (!submission) throw notFound({ logMessage: `response ${document.id} was never submitted` });
  const numbers = await sequence(tx, document);
  const content = sealedContent(submission);
  const marks = viewMarks(loaded.marks, numbers, submission, () => document.state === "returned");
  return {
    ...head(loaded),
    site: { id: content.site.id, name: content.site.name },
    system: { name: content.system.name, grade: content.system.grade, devices: content.system.devices },
    questionnaireVersion: content.questionnaireVersion,
    standing: await standingOf(tx, actor, document, locale, { latest: submission }),
    mode: document.state === "submitted.sector" ? "review" : "read",
    cells: content.answers.map((a) => ({ ...a, rev: 0, updatedByName: "", updatedAt: null })),
    assets: content.assets.map((a) => ({ ...a, rev: 0 })),
    marks,
    completeness: completeness(questionnaire(content.questionnaireVersion), factsOf(content.answers)),
  };
}

const sequence = (tx: Tx, document: DocumentRow) =>
  tx
    .select({ id: submissions.id, seq: submissions.seq })
    .from(submissions)
    .where(and(eq(submissions.tenantId, document.tenantId), eq(submissions.documentId, document.id)))
    .orderBy(asc(submissions.seq));

function viewMarks(
  marks: Loaded["marks"],
  numbers: readonly { id: string; seq: number }[],
  latest: SubmissionRow | null,
  stillOpen: (part: string) => boolean,
): ViewMark[] {
  const seqOf = new Map(numbers.map((n) => [n.id, n.seq]));
  return marks.map((k) => ({
    part: k.part,
    verdict: k.verdict,
    reason: k.reason,
    byName: k.byName,
    at: k.at,
    seq: seqOf.get(k.submissionId) ?? 0,
    open: k.submissionId === latest?.id && stillOpen(k.part),
  }));
}

/** Codes whose answer is still as it was sealed. */
function unchangedParts(before: readonly SealedAnswer[], now: readonly SealedAnswer[]): Set<string> {
  const text = (a: SealedAnswer) => JSON.stringify([a.value, a.note, a.evidenceRef]);
  const was = new Map(before.map((a) => [a.controlCode, text(a)]));
  const is = new Map(now.map((a) => [a.controlCode, text(a)]));
  return new Set([...was.keys(), ...is.keys()].filter((code) => was.get(code) === is.get(code)));
}
