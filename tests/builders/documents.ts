import {
  type Completeness,
  type DocumentRow,
  latestSubmission,
  markParts,
  type PartReason,
  seal,
  shareNationally,
  type SubmissionRow,
} from "#app/features/document/document.server.ts";
import { fire, type Fired } from "#app/features/workflow/workflow.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";

/*
 * Documents of any content, moved by their machine alone: for worlds in which a test needs something sealed and does not
 * care what. What the product does stands in `transition`.
 */

interface Move {
  document: DocumentRow;
  expectedVersion?: number | undefined;
  locale: Locale;
}

export async function submitDocument(
  tx: Tx,
  actor: Actor,
  move: Move & { sealing: { content: unknown; summary: unknown }; completeness: Completeness },
): Promise<Fired & { submission: SubmissionRow }> {
  const { document, expectedVersion, locale, sealing, completeness } = move;
  const contentHash = sealOf(sealing.content);
  const type = document.state === "draft" ? "SUBMIT" : "RESUBMIT";
  const facts = { ...completeness, contentHash };
  const fired = await fire(tx, actor, { objectId: document.id, type, facts, expectedVersion, contentHash }, locale);
  return { ...fired, submission: await seal(tx, actor, document, sealing, false) };
}

export async function returnDocument(
  tx: Tx,
  actor: Actor,
  { document, expectedVersion, locale, parts }: Move & { parts: readonly PartReason[] },
): Promise<Fired> {
  const firing = { objectId: document.id, type: "RETURN", payload: { parts }, facts: {}, expectedVersion };
  const fired = await fire(tx, actor, firing, locale);
  const marks = parts.map((p) => ({ ...p, verdict: "returned" as const }));
  await markParts(tx, actor, document, marks);
  return fired;
}

async function fix(tx: Tx, actor: Actor, type: "ENDORSE" | "APPROVE", { document, expectedVersion, locale }: Move) {
  const submission = await latestSubmission(tx, document.id);
  const contentHash = submission?.sha256 ?? "";
  const firing = { objectId: document.id, type, facts: { contentHash }, expectedVersion, contentHash };
  const fired = await fire(tx, actor, firing, locale);
  return { fired, submission };
}
export async function endorseDocument(tx: Tx, actor: Actor, move: Move): Promise<Fired> {
  const { fired, submission } = await fix(tx, actor, "ENDORSE", move);
  if (submission) await shareNationally(tx, actor, move.document, submission);
  return fired;
}
export const approveDocument = async (tx: Tx, actor: Actor, move: Move): Promise<Fired> =>
  (await fix(tx, actor, "APPROVE", move)).fired;

/** Notes that the content is another one than the one approved. */
export const noteOther = (
  tx: Tx,
  actor: Actor,
  document: DocumentRow,
  content: unknown,
  locale: Locale,
): Promise<Fired> => {
  const contentHash = sealOf(content);
  const firing = { objectId: document.id, type: "NOTE_CHANGE", facts: { contentHash }, contentHash } as const;
  return fire(tx, actor, { ...firing, as: "system" }, locale);
};
