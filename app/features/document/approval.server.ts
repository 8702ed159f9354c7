import { and, desc, eq } from "drizzle-orm";
import { documentContext, type Instance, loadInstance } from "#app/features/workflow/instance.server.ts";
import { fire, withEvent } from "#app/features/workflow/workflow.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { documents, submissions, workflowEvents } from "#db/schema/index.ts";
import type { DocumentKind } from "#db/vocabulary.ts";
import { compare } from "./difference.rules.ts";
import { type ChangeLine, changeLines } from "./difference.server.ts";
import { type DocumentRow, projectDocuments, saveDraft, type SubmissionRow } from "./document.server.ts";
import type { DocumentKindOf, RegisteredSystem } from "./kind.ts";
import { allKinds, kindOf, readContent } from "./kinds.server.ts";

/*
 * What an approval still covers. The content that was approved is a submission under the digest that the machine remembers;
 * it is held against the content as it would be sealed now, made by the same derivation.
 */

/** The submission that was last approved, as far as the caller sees it; null before the first approval. */
async function approvedSubmission(
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

export interface Approval {
  /** Approved once, and different now in what the approval judged. */
  needed: boolean;
  changes: ChangeLine[];
  /** False where the sealed content no longer has its digest: somebody went past the product. */
  intact: boolean;
  /** By whom it was approved, where the caller sees that; ISO instant. */
  approved: { sha256: string; at: string; by: string | null } | null;
}
const unapproved: Approval = { needed: false, changes: [], intact: true, approved: null };

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

/**
 * What differs from the approval. `content`: what is held against it; null where the caller has none.
 * Of a document that was never approved, nothing.
 */
export async function approvalOf(
  tx: Tx,
  document: DocumentRow,
  instance: Instance,
  content: unknown,
  locale: Locale,
): Promise<Approval> {
  const sealed = await approvedSubmission(tx, document, instance);
  if (!sealed) return unapproved;
  const approved = {
    sha256: sealed.sha256,
    at: documentContext(instance).seals.at(-1)?.at ?? sealed.sealedAt.toISOString(),
    by: await approverOf(tx, document, sealed.sha256),
  };
  const intact = isIntact(sealed);
  if (content === null) {
    const needed = document.state === "approved" && documentContext(instance).reapprovalNeeded;
    return { ...unapproved, needed, intact, approved };
  }
  const kind = kindOf(document.kind);
  const shape = kind.shape(content);
  const before = readContent(kind, sealed.content);
  const words = kind.words?.(content, before) ?? {};
  const { changes, material } = compare(before, content, shape);
  return {
    needed: material && document.state === "approved",
    changes: changeLines(changes, { shape, words, before, after: content, locale }),
    intact,
    approved,
  };
}

/**
 * Notes on the machine of one approved document whether its approval still covers the content, and takes the note away
 * when the change was undone. True when it had to. Does nothing for a document that is not approved.
 */
export async function noteDocument(
  tx: Tx,
  actor: Actor,
  document: DocumentRow,
  { locale, now }: { locale: Locale; now?: unknown },
): Promise<boolean> {
  const kind = kindOf(document.kind);
  if (document.state !== "approved" || actor.level !== kind.author) return false;
  return markApproval(tx, actor, document, {
    locale,
    contentOf: async () => now ?? (await kind.now(tx, actor, document)).content,
  });
}

/**
 * Notes on the machine whether the approval covers a content, or takes the note away. True when it had to.
 * @param contentOf the content that is held against the sealed one, which it is given
 */
async function markApproval(
  tx: Tx,
  actor: Actor,
  document: DocumentRow,
  { locale, contentOf }: { locale: Locale; contentOf: (sealed: unknown) => unknown },
): Promise<boolean> {
  const kind = kindOf(document.kind);
  const instance = await loadInstance(tx, document.id);
  const sealed = await approvedSubmission(tx, document, instance);
  if (!sealed) return false;
  const before = readContent(kind, sealed.content);
  const content = await contentOf(before);
  const { material } = compare(before, content, kind.shape(content));
  if (material === documentContext(instance).reapprovalNeeded) return false;
  const contentHash = material ? sealOf(content) : sealed.sha256;
  const facts = { contentHash };
  await fire(tx, actor, { objectId: document.id, type: "NOTE_CHANGE", facts, contentHash, as: "system" }, locale);
  return true;
}

const dependents = (kind: DocumentKind): DocumentKindOf<unknown>[] =>
  Object.values(allKinds()).filter((k) => k.restsOn?.includes(kind));

/** After a change of what the documents of a project are made of, of one kind: those that rest on it are asked as well. */
export async function noteChange(
  tx: Tx,
  actor: Actor,
  kind: DocumentKind,
  { projectId, locale = "zh-CN" }: { projectId: string; locale?: Locale },
): Promise<void> {
  for (const document of await projectDocuments(tx, projectId, kind))
    await noteDocument(tx, actor, document, { locale });
  await noteDependents(tx, actor, kind, { projectId, locale });
}

/** The same for what rests on a kind alone. */
export async function noteDependents(
  tx: Tx,
  actor: Actor,
  kind: DocumentKind,
  at: { projectId: string; locale: Locale },
): Promise<void> {
  for (const { kind: above } of dependents(kind)) await noteChange(tx, actor, above, at);
}

/**
 * After a system was corrected in the register: approved documents of its site that took the old facts over are marked, by whom
 * ever it was corrected. What of the project rests on the register is its sector's to note (`noteChange`).
 */
export async function noteCorrection(
  tx: Tx,
  actor: Actor,
  { systemId, system, locale = "zh-CN" }: { systemId: string; system: RegisteredSystem; locale?: Locale },
): Promise<void> {
  const approved = await tx
    .select()
    .from(documents)
    .where(
      and(eq(documents.tenantId, actor.tenantId), eq(documents.systemId, systemId), eq(documents.state, "approved")),
    )
    .orderBy(documents.id);
  for (const document of approved) {
    const { registered } = kindOf(document.kind);
    if (registered)
      await markApproval(tx, actor, document, { locale, contentOf: (sealed) => registered(sealed, system) });
  }
}

/** After a change of one document's rows. */
export async function noteDocumentChange(
  tx: Tx,
  actor: Actor,
  document: DocumentRow,
  locale: Locale = "zh-CN",
): Promise<void> {
  await noteDocument(tx, actor, document, { locale });
  await noteDependents(tx, actor, document.kind, { projectId: document.projectId, locale });
}

/**
 * Saves the working text and, of an approved document, notes whether the approval still covers it. Returns the new `rev`.
 * @throws conflict `stale_revision` with the other text in `extra.theirs`; `sealed` while in review
 */
export async function saveText<T>(
  tx: Tx,
  actor: Actor,
  document: DocumentRow,
  { body, rev, locale = "zh-CN" }: { body: T; rev: number; locale?: Locale },
): Promise<number> {
  const saved = await saveDraft(tx, actor, document, body, rev);
  await noteDocumentChange(tx, actor, document, locale);
  return saved;
}

/**
 * The instance as it stands once the difference is noted: what changed by somebody who could not note it (a site's name, a
 * grade) is noted when the document is next handed in, and its author is offered that act now.
 */
export function withChangeNoted(instance: Instance, actor: Actor, needed: boolean, content: unknown): Instance {
  const { sealedHash, reapprovalNeeded } = documentContext(instance);
  if (instance.state !== "approved" || sealedHash === null || needed === reapprovalNeeded) return instance;
  const contentHash = needed ? sealOf(content) : sealedHash;
  return withEvent(instance, { ...actor, role: "system" }, { type: "NOTE_CHANGE", facts: { contentHash } });
}
