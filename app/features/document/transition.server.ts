import { eq } from "drizzle-orm";
import { eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import { fire, type Fired } from "#app/features/workflow/workflow.server.ts";
import { loadInstance } from "#app/features/workflow/instance.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { joinList } from "#app/i18n/pick.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { AppError, conflict, invalid, notFound } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { projects } from "#db/schema/index.ts";
import { stepWith } from "#workflows/index.ts";
import { maxReasonLength, partsOf } from "#workflows/rules.ts";
import { noteDependents, noteDocument } from "./approval.server.ts";
import {
  createDocument,
  type DocumentRow,
  latestSubmission,
  loadDocument,
  lockDocument,
  markParts,
  type PartReason,
  projectDocument,
  seal,
  shareNationally,
  type SubmissionRow,
} from "./document.server.ts";
import type { DocumentKindOf, Moved, Sealable } from "./kind.ts";
import { kindOf, readContent } from "./kinds.server.ts";
import { demandStep, demandTime, movesWithoutProject } from "./project-step.server.ts";
import { takes, type Verb, verbOf } from "./verbs.rules.ts";

/*
 * The one door for every event of a document, whoever sends it: page, API, the project's own page, a job, the demonstration.
 * Document, project, seals, marks and what the kind says of the event move in one transaction.
 */

export interface Transition {
  documentId: string;
  /** An event of the document's machine. SUBMIT and RESUBMIT mean the same here: the state says which it is. */
  type: string;
  /** `parts`: `{part, reason}[]` for RETURN; `reason` alone stands for the whole. */
  payload?: Readonly<Record<string, unknown>>;
  /** Version of the document's machine the person saw; undefined where nobody looked at a page before. */
  expectedVersion?: number | undefined;
  /** Version of the project's machine, for who acts on the project. */
  projectVersion?: number | undefined;
  locale: Locale;
}
export interface Transitioned extends Fired {
  /** What the event was about; null before anything was handed in. */
  submission: SubmissionRow | null;
  /** The project's step that went with it, where one did. */
  project: Fired | null;
}

interface Moving {
  kind: DocumentKindOf<unknown>;
  document: DocumentRow;
  move: Transition;
  /** The content as it is now, where its author hands it in. */
  now: Sealable<unknown> | null;
  /** The latest that was handed in before. */
  latest: SubmissionRow | null;
}
interface Done {
  fired: Fired;
  submission: SubmissionRow | null;
  /** The reviewer's reasons in one text. */
  reason?: string;
}

/**
 * Sends one event to a document, with everything that goes with it.
 * @throws notFound; conflict `stale_version`; `workflow_refused` with the reasons of either machine; AppError `unknown_intent`
 *   for what is no event of a document; invalid for a part that the document does not have.
 */
export async function transition(tx: Tx, actor: Actor, move: Transition): Promise<Transitioned> {
  const document = await loadDocument(tx, move.documentId);
  const verb = verbOf(move.type, document.state);
  if (verb === null || !takes(document.kind, verb))
    throw new AppError("unknown_intent", 400, `no event ${move.type.slice(0, 40)} of a document`);
  const kind = kindOf(document.kind);
  const handsIn = (verb === "SUBMIT" || verb === "RESUBMIT") && actor.level === kind.author;
  if (handsIn) await lockDocument(tx, document.id);
  const now = handsIn ? await kind.now(tx, actor, document) : null;
  const moving: Moving = { kind, document, move, now, latest: await latestSubmission(tx, document.id) };
  const takeStep = await projectStep(tx, actor, verb, moving);
  const done = await verbs[verb](tx, actor, moving);
  const project = await takeStep(done);
  await follow(tx, actor, verb, { kind, documentId: document.id, submission: done.submission, locale: move.locale });
  return { ...done.fired, submission: done.submission, project };
}

/** The document of a project, of which there is one of that kind; begun where there is none yet. */
export async function ensureDocument(
  tx: Tx,
  actor: Actor,
  { projectId, kind }: { projectId: string; kind: DocumentRow["kind"] },
): Promise<DocumentRow> {
  const known = await projectDocument(tx, projectId, kind);
  if (known) return known;
  const beginning = kindOf(kind).begin?.(await projectOf(tx, projectId));
  if (!beginning) throw notBegun(kind, projectId);
  return createDocument(tx, actor, { kind, projectId, ...beginning });
}

/**
 * The same for the document of a project, of which there is one of that kind; handing in begins it where there is none yet.
 * @throws conflict `nothing_submitted` where there is none
 */
export async function transitionOfProject(
  tx: Tx,
  actor: Actor,
  { projectId, kind, ...move }: Omit<Transition, "documentId"> & { projectId: string; kind: DocumentRow["kind"] },
): Promise<Transitioned> {
  const document =
    move.type === "SUBMIT" && actor.level === kindOf(kind).author
      ? await ensureDocument(tx, actor, { projectId, kind })
      : await projectDocument(tx, projectId, kind);
  if (!document) {
    await projectOf(tx, projectId);
    throw notBegun(kind, projectId);
  }
  return transition(tx, actor, { ...move, documentId: document.id });
}

async function projectOf(tx: Tx, projectId: string): Promise<typeof projects.$inferSelect> {
  const [project] = await tx.select().from(projects).where(eq(projects.id, projectId));
  if (!project) throw notFound({ logMessage: `project ${projectId}` });
  return project;
}
const notBegun = (kind: string, projectId: string) =>
  conflict({ code: "nothing_submitted", logMessage: `no ${kind} of project ${projectId}` });

const verbs: Record<Verb, (tx: Tx, actor: Actor, moving: Moving) => Promise<Done>> = {
  SUBMIT: handIn,
  RESUBMIT: handIn,
  WITHDRAW: plain,
  START_REVIEW: plain,
  RETURN: sendBack,
  ENDORSE: endorse,
  APPROVE: approve,
};

/** Author: seals the content as it is now and hands it in. */
async function handIn(tx: Tx, actor: Actor, { document, move, now }: Moving): Promise<Done> {
  const { locale } = move;
  // What nobody noted yet is noted now: names and grades change elsewhere.
  const noted = now !== null && (await noteDocument(tx, actor, document, { locale, now: now.content }));
  const expectedVersion = move.expectedVersion === undefined ? undefined : move.expectedVersion + Number(noted);
  const type = document.state === "draft" ? "SUBMIT" : "RESUBMIT";
  const contentHash = now ? sealOf(now.content) : "";
  const facts = { ...(now?.completeness(locale) ?? { completeness: 0, missingParts: [] }), contentHash };
  const fired = await fire(tx, actor, { objectId: document.id, type, facts, expectedVersion, contentHash }, locale);
  return { fired, submission: now && (await seal(tx, actor, document, now, false)) };
}

/** What changes the state and nothing else. */
async function plain(tx: Tx, actor: Actor, { document, move, latest }: Moving): Promise<Done> {
  const { type, expectedVersion, locale } = move;
  const fired = await fire(tx, actor, { objectId: document.id, type, facts: {}, expectedVersion }, locale);
  return { fired, submission: latest };
}

/** Reviewer: back to the author with a reason for each part; the reasons stand beside the parts from then on. */
async function sendBack(tx: Tx, actor: Actor, { kind, document, move, latest }: Moving): Promise<Done> {
  const { payload = {}, expectedVersion, locale } = move;
  const parts = returned(payload);
  if (latest) {
    const known = new Set(["*", ...kind.parts(readContent(kind, latest.content), locale).map((p) => p.part)]);
    if (parts.some((p) => !known.has(p.part))) throw invalid({ parts: ["error_field_unknown_id"] });
  }
  const firing = { objectId: document.id, type: "RETURN", payload: { parts }, facts: {}, expectedVersion };
  const fired = await fire(tx, actor, firing, locale);
  const marks = parts.map((p) => ({ ...p, verdict: "returned" as const }));
  await markParts(tx, actor, document, marks);
  const reasons = parts.map((p) => p.reason);
  const reason = joinList(reasons, locale, "clauses");
  return { fired, submission: latest, reason: [...reason].slice(0, maxReasonLength).join("") };
}
function returned(payload: Readonly<Record<string, unknown>>): readonly PartReason[] {
  const parts = partsOf(payload);
  if (parts && parts.length > 0) return parts;
  const { reason } = payload;
  return typeof reason === "string" && reason.trim() !== "" ? [{ part: "*", reason: reason.trim() }] : [];
}

/** Fixes what was handed in, by its digest. */
async function sealing(tx: Tx, actor: Actor, type: "ENDORSE" | "APPROVE", { document, move, latest }: Moving) {
  if (!latest) throw conflict({ code: "nothing_submitted" });
  const { expectedVersion, locale } = move;
  const contentHash = latest.sha256;
  const firing = { objectId: document.id, type, facts: { contentHash }, expectedVersion, contentHash };
  return { fired: await fire(tx, actor, firing, locale), submission: latest };
}
/** Sector lead: hands an own document on to the national office. A copy of the same seal becomes visible there. */
async function endorse(tx: Tx, actor: Actor, moving: Moving): Promise<Done> {
  const done = await sealing(tx, actor, "ENDORSE", moving);
  await shareNationally(tx, actor, moving.document, done.submission);
  return done;
}
/** The last reviewer. */
async function approve(tx: Tx, actor: Actor, moving: Moving): Promise<Done> {
  const done = await sealing(tx, actor, "APPROVE", moving);
  if (moving.kind.handedOnWhenApproved) await shareNationally(tx, actor, moving.document, done.submission);
  return done;
}

/**
 * The project's step that goes with an event; to be prepared before that event, for approving is what makes a document one
 * that moves alone.
 */
async function projectStep(
  tx: Tx,
  actor: Actor,
  verb: Verb,
  { kind, document, move }: Moving,
): Promise<(done: Done) => Promise<Fired | null>> {
  const step = stepWith(document.kind, verb, document.state);
  if (step === null) return async () => null;
  const own = await loadInstance(tx, document.id);
  const alone = movesWithoutProject(own);
  const { locale, projectVersion: expectedVersion } = move;
  // Who is late, or may not send it at all, hears that from the document.
  const current = move.expectedVersion === undefined || move.expectedVersion === own.lockVersion;
  const listed = eventOptions(own, actor, {}, locale).some((act) => verbOf(act.type, own.state) === verb);
  if (!alone && current && listed) await demandTime(tx, actor, { projectId: document.projectId, step, locale });
  return async ({ submission, reason }) => {
    const facts = kind.gate?.(submission?.summary) ?? {};
    if (alone) {
      await demandStep(tx, actor, { projectId: document.projectId, step, facts, locale });
      return null;
    }
    const payload = reason === undefined ? {} : { reason };
    const contentHash = step.event === "RETURN" ? null : (submission?.sha256 ?? null);
    const firing = { objectId: document.projectId, type: step.project, payload, facts, contentHash, expectedVersion };
    return fire(tx, actor, firing, locale);
  };
}

interface Followed {
  kind: DocumentKindOf<unknown>;
  documentId: string;
  submission: SubmissionRow | null;
  locale: Locale;
}
/** What the event entails: the kind's own, then what the document rests on and what rests on it. */
async function follow(
  tx: Tx,
  actor: Actor,
  verb: Verb,
  { kind, documentId, submission, locale }: Followed,
): Promise<void> {
  const event = verb === "RESUBMIT" ? "SUBMIT" : verb;
  const after = event === "START_REVIEW" || event === "ENDORSE" ? undefined : kind.after?.[event];
  const document = after || verb === "APPROVE" ? await loadDocument(tx, documentId) : null;
  if (after && document && submission) {
    const content = readContent(kind, submission.content);
    const moved: Moved<unknown> = { document, submission, content, locale };
    await after(tx, actor, moved);
  }
  if (verb !== "APPROVE" || !document) return;
  // What it rests on may have moved on while it was read, and others rest on it by its digest.
  await noteDocument(tx, actor, document, { locale });
  await noteDependents(tx, actor, document.kind, { projectId: document.projectId, locale });
}
