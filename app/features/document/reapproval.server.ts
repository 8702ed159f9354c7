import { and, desc, eq } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import {
  documentContext,
  fire,
  type Instance,
  loadInstance,
  withEvent,
} from "#app/features/workflow/workflow.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import type { Tx } from "#db/client.server.ts";
import { submissions, workflowEvents } from "#db/schema/index.ts";
import { compare, type ContentShape } from "./difference.rules.ts";
import { type ChangeLine, changeLines, type OwnWords } from "./difference.server.ts";
import type { DocumentRow, SubmissionRow } from "./document.server.ts";

/*
 * What an approval still covers. The content that was approved is a submission under the digest that the machine remembers;
 * it is held against the content as it would be sealed now, made by the same derivation.
 */

/** The submission that was last approved, as far as the caller sees it; null before the first approval. */
export async function approvedSubmission(
  tx: Tx,
  document: Pick<DocumentRow, "tenantId" | "id">,
  instance: Instance,
): Promise<SubmissionRow | null> {
  const { sealedHash } = documentContext(instance);
  if (sealedHash === null) return null;
  const [row] = await tx
    .select()
    .from(submissions)
    .where(
      and(
        eq(submissions.tenantId, document.tenantId),
        eq(submissions.documentId, document.id),
        eq(submissions.sha256, sealedHash),
      ),
    )
    .orderBy(desc(submissions.seq))
    .limit(1);
  return row ?? null;
}

/** Whether what is stored still is what was sealed; the digest cannot be made to fit. */
export const isIntact = (sealed: Pick<SubmissionRow, "content" | "sha256">): boolean =>
  sealOf(sealed.content) === sealed.sha256;

/** What a kind brings to the comparison. `content`: as it would be sealed now. */
export interface Working {
  content: unknown;
  shape: ContentShape;
  words?: OwnWords;
}
export interface Standing {
  /** Approved once, and different now in what the approval judged. */
  needed: boolean;
  changes: ChangeLine[];
  /** False where the sealed content no longer has its digest: somebody went past the product. */
  intact: boolean;
  /** By whom it was approved, where the caller sees that; ISO instant. */
  approved: { sha256: string; at: string; by: string | null } | null;
}
const unapproved: Standing = { needed: false, changes: [], intact: true, approved: null };

async function approverOf(
  tx: Tx,
  document: Pick<DocumentRow, "tenantId" | "id">,
  sha256: string,
): Promise<string | null> {
  const [event] = await tx
    .select({ name: workflowEvents.actorName })
    .from(workflowEvents)
    .where(
      and(
        eq(workflowEvents.tenantId, document.tenantId),
        eq(workflowEvents.objectId, document.id),
        eq(workflowEvents.type, "APPROVE"),
        eq(workflowEvents.contentHash, sha256),
      ),
    )
    .orderBy(desc(workflowEvents.no))
    .limit(1);
  return event?.name ?? null;
}

/** What differs from the approval; of a document that was never approved, or whose working content the caller has not, nothing. */
export async function standingOf(
  tx: Tx,
  document: DocumentRow,
  instance: Instance,
  working: Working | null,
  locale: Locale,
): Promise<Standing> {
  const sealed = await approvedSubmission(tx, document, instance);
  if (!sealed) return unapproved;
  const approved = {
    sha256: sealed.sha256,
    at: documentContext(instance).seals.at(-1)?.at ?? sealed.sealedAt.toISOString(),
    by: await approverOf(tx, document, sealed.sha256),
  };
  if (!working)
    return {
      ...unapproved,
      needed: document.state === "approved" && documentContext(instance).reapprovalNeeded,
      intact: isIntact(sealed),
      approved,
    };
  const { changes, material } = compare(sealed.content, working.content, working.shape);
  return {
    needed: material && document.state === "approved",
    changes: changeLines(changes, { ...working, before: sealed.content, after: working.content, locale }),
    intact: isIntact(sealed),
    approved,
  };
}

/** Notes on the machine whether the approval still covers the content, and takes the note away when the change was undone. True when it had to. */
export async function noteMark(
  tx: Tx,
  actor: Actor,
  document: DocumentRow,
  { material, content }: { material: boolean; content: unknown },
  locale: Locale,
): Promise<boolean> {
  const { sealedHash, reapprovalNeeded } = documentContext(await loadInstance(tx, document.id));
  if (document.state !== "approved" || sealedHash === null || material === reapprovalNeeded) return false;
  const contentHash = material ? sealOf(content) : sealedHash;
  await fire(
    tx,
    actor,
    { objectId: document.id, type: "NOTE_CHANGE", facts: { contentHash }, contentHash, as: "system" },
    locale,
  );
  return true;
}

/** The same for a kind with a shape. Does nothing for a document that is not approved. */
export async function noteChange(
  tx: Tx,
  actor: Actor,
  document: DocumentRow | null,
  working: (document: DocumentRow) => Promise<Working>,
  locale: Locale,
): Promise<boolean> {
  if (document?.state !== "approved") return false;
  const sealed = await approvedSubmission(tx, document, await loadInstance(tx, document.id));
  if (!sealed) return false;
  const { content, shape } = await working(document);
  return noteMark(tx, actor, document, { material: compare(sealed.content, content, shape).material, content }, locale);
}

/** The version a person saw, moved on where his own act noted a change first. */
export const afterNote = (expectedVersion: number | undefined, noted: boolean): number | undefined =>
  expectedVersion === undefined ? undefined : expectedVersion + Number(noted);

/**
 * The instance as it stands once the difference is noted: what changed by somebody who could not note it (a site's name, a
 * grade) is noted when the document is next handed in, and its author is offered that act now.
 */
export function asNoted(instance: Instance, actor: Actor, needed: boolean, content: unknown): Instance {
  const { sealedHash, reapprovalNeeded } = documentContext(instance);
  if (instance.state !== "approved" || sealedHash === null || needed === reapprovalNeeded) return instance;
  const contentHash = needed ? sealOf(content) : sealedHash;
  return withEvent(instance, { ...actor, role: "system" }, { type: "NOTE_CHANGE", facts: { contentHash } });
}
