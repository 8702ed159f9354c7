import { and, asc, desc, eq, sql } from "drizzle-orm";
import { type EntryProof, transitionProofs } from "#app/features/audit/inclusion.server.ts";
import { isIntact } from "#app/features/document/approval.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import { documentContext, loadInstance } from "#app/features/workflow/instance.server.ts";
import { eventLabel, stateLabel } from "#app/features/workflow/labels.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { translate } from "#app/i18n/translate.server.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import type { Tx } from "#db/client.server.ts";
import {
  artifacts,
  documents,
  type MachineId,
  specifications,
  specificationSeals,
  submissions,
  tenants,
  workflowEvents,
} from "#db/schema/index.ts";
import { placeOf } from "./places.rules.ts";

/*
 * What a digest stands for. Anybody learns that it is known, of which kind and since when, from one function of the database
 * that tells nothing else; who sees the document under the policies reads the whole course of its seals.
 */

export const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** Kinds of what is sealed; `specification` is a national edition. */
export type SealedKind = (typeof submissions.$inferSelect)["kind"] | "specification";
export interface KnownSeal {
  kind: SealedKind;
  /** First sealed; business time. */
  sealedAt: Date;
}
/** Whether a digest is that of something sealed, for everybody. */
export async function knownSeal(tx: Tx, sha256: string): Promise<KnownSeal | null> {
  if (!isDigest(sha256)) return null;
  const rows = await tx.execute<{ kind: SealedKind; sealed_at: string | Date }>(
    sql`select kind, sealed_at from auth.known_seal(${sha256})`,
  );
  const [row] = [...(rows as Iterable<{ kind: SealedKind; sealed_at: string | Date }>)];
  return row ? { kind: row.kind, sealedAt: new Date(row.sealed_at) } : null;
}

export interface SealStep {
  no: number;
  label: string;
  from: string;
  to: string;
  who: string;
  role: string;
  at: Date;
  reason: string;
  /** What it sealed or passed on; null for a step that sealed nothing. */
  sha256: string | null;
  /** The digest sealed before it, where it was another. */
  previous: string | null;
  /** It is about the digest that was asked for. */
  asked: boolean;
  /** Its entry in the audit chain, of the asked digest's steps and for who may read the trail. */
  entry: EntryProof | null;
}
export interface SealChain {
  kind: SealedKind;
  /** A printed copy was asked for, not the content itself. */
  printed: boolean;
  title: string;
  tenant: { zh: string; en: string };
  sha256: string;
  state: string;
  /** Where the asked content stands: approved and current, waiting, or replaced by a later one. */
  standing: "approved" | "changed" | "submitted" | "earlier" | "returned";
  /** Whether the stored content has the digest; null where it is not stored for this reader. */
  intact: boolean | null;
  steps: SealStep[];
  /** Page of the document for this reader. */
  to: string | null;
}

interface Found {
  machine: MachineId;
  tenantId: string;
  objectId: string;
  kind: SealedKind;
  sha256: string;
  printed: boolean;
  intact: boolean | null;
}

/** Levels with a grant on what is sealed; the others have none to ask with. */
const readers = {
  documents: ["site", "sector", "national", "auditor"],
  printed: ["sector", "national"],
  editions: ["national"],
} as const;
const reads = ({ level }: Pick<Actor, "level">, what: keyof typeof readers): boolean =>
  readers[what].some((l) => l === level);

async function findDocument(tx: Tx, sha256: string): Promise<Found | null> {
  const [row] = await tx
    .select()
    .from(submissions)
    .where(eq(submissions.sha256, sha256))
    .orderBy(desc(submissions.sealedAt), desc(submissions.seq))
    .limit(1);
  return row
    ? {
        machine: "document",
        tenantId: row.tenantId,
        objectId: row.documentId,
        kind: row.kind,
        sha256,
        printed: false,
        intact: isIntact(row),
      }
    : null;
}
async function findEdition(tx: Tx, sha256: string): Promise<Found | null> {
  const [row] = await tx
    .select()
    .from(specificationSeals)
    .where(eq(specificationSeals.sha256, sha256))
    .orderBy(desc(specificationSeals.seq))
    .limit(1);
  return row
    ? {
        machine: "specification",
        tenantId: row.tenantId,
        objectId: row.specificationId,
        kind: "specification",
        sha256,
        printed: false,
        intact: sealOf(row.content) === row.sha256,
      }
    : null;
}
/** A printed file of a document, by the digest of its bytes: what it was printed from is the document's latest seal. */
async function findPrinted(tx: Tx, sha256: string): Promise<Found | null> {
  const [file] = await tx
    .select({ sha256: submissions.sha256 })
    .from(artifacts)
    .innerJoin(
      submissions,
      and(eq(submissions.tenantId, artifacts.tenantId), eq(submissions.documentId, artifacts.objectId)),
    )
    .where(eq(artifacts.sha256, sha256))
    .orderBy(desc(submissions.seq))
    .limit(1);
  const found = file ? await findDocument(tx, file.sha256) : null;
  return found && { ...found, printed: true };
}

/** Every step of an object as the caller sees it, oldest first; those whose digest is asked for with their entry in the trail. */
async function stepsOf(tx: Tx, actor: Actor, found: Found, locale: Locale): Promise<SealStep[]> {
  const events = await tx
    .select()
    .from(workflowEvents)
    .where(and(eq(workflowEvents.tenantId, found.tenantId), eq(workflowEvents.objectId, found.objectId)))
    .orderBy(asc(workflowEvents.seq))
    .limit(500);
  // A change that is noted names a content that nobody sealed.
  const sealed = events.map((e) => (e.type === "NOTE_CHANGE" ? null : e.contentHash));
  const asked = events.filter((_, i) => sealed[i] === found.sha256);
  const entries = may(actor.role, "audit.read")
    ? await transitionProofs(tx, { tenantId: found.tenantId, objectId: found.objectId, seqs: asked.map((e) => e.seq) })
    : null;
  return events.map((e, i): SealStep => {
    const sha256 = sealed[i] ?? null;
    const before = sealed.slice(0, i).findLast((digest) => digest !== null) ?? null;
    return {
      no: e.seq,
      label: eventLabel(e.machine, e.type, locale),
      from: stateLabel(e.machine, e.fromState, locale),
      to: stateLabel(e.machine, e.toState, locale),
      who: e.actorName,
      role: translate(e.actorRole === "system" ? "audit_role_system" : `identity_role_${e.actorRole}`, {}, locale),
      at: e.at,
      reason: e.reason,
      sha256,
      previous: sha256 === null || sha256 === before ? null : before,
      asked: sha256 === found.sha256,
      entry: entries?.get(e.seq) ?? null,
    };
  });
}

const tenantOf = async (tx: Tx, id: string) => {
  const [row] = await tx.select({ zh: tenants.nameZh, en: tenants.nameEn }).from(tenants).where(eq(tenants.id, id));
  return row ?? { zh: "", en: "" };
};

async function documentChain(tx: Tx, actor: Actor, found: Found, locale: Locale): Promise<SealChain | null> {
  const [[document], instance, tenant, steps] = await Promise.all([
    tx
      .select()
      .from(documents)
      .where(and(eq(documents.tenantId, found.tenantId), eq(documents.id, found.objectId))),
    loadInstance(tx, found.objectId),
    tenantOf(tx, found.tenantId),
    stepsOf(tx, actor, found, locale),
  ]);
  if (!document) return null;
  const { sealedHash, submittedHash, reapprovalNeeded } = documentContext(instance);
  const standing =
    sealedHash === found.sha256
      ? reapprovalNeeded
        ? "changed"
        : "approved"
      : submittedHash === found.sha256
        ? "submitted"
        : document.state === "returned"
          ? "returned"
          : "earlier";
  const { kind, sha256, printed, intact } = found;
  return {
    kind,
    printed,
    title: document.title,
    tenant,
    sha256,
    state: stateLabel("document", document.state, locale),
    standing,
    intact,
    steps,
    to: placeOf(actor, document),
  };
}

async function editionChain(tx: Tx, actor: Actor, found: Found, locale: Locale): Promise<SealChain | null> {
  const [[s], [last], tenant, steps] = await Promise.all([
    tx
      .select()
      .from(specifications)
      .where(and(eq(specifications.tenantId, found.tenantId), eq(specifications.id, found.objectId))),
    tx
      .select({ sha256: specificationSeals.sha256 })
      .from(specificationSeals)
      .where(
        and(eq(specificationSeals.tenantId, found.tenantId), eq(specificationSeals.specificationId, found.objectId)),
      )
      .orderBy(desc(specificationSeals.seq))
      .limit(1),
    tenantOf(tx, found.tenantId),
    stepsOf(tx, actor, found, locale),
  ]);
  if (!s) return null;
  const standing =
    s.contentSha256 === found.sha256 ? "approved" : last?.sha256 === found.sha256 ? "changed" : "earlier";
  const { kind, sha256, printed, intact } = found;
  return {
    kind,
    printed,
    title: `${s.number} ${locale === "en" ? s.titleEn : s.titleZh}`,
    tenant,
    sha256,
    state: stateLabel("specification", s.state, locale),
    standing,
    intact,
    steps,
    to: `/national/specifications/${s.id}`,
  };
}

/** The course of the seals of what a digest stands for; null for who does not see it, as for one that is unknown. */
export async function sealChain(tx: Tx, actor: Actor, sha256: string, locale: Locale): Promise<SealChain | null> {
  if (!isDigest(sha256)) return null;
  const found =
    (reads(actor, "documents") ? await findDocument(tx, sha256) : null) ??
    (reads(actor, "editions") ? await findEdition(tx, sha256) : null) ??
    (reads(actor, "printed") ? await findPrinted(tx, sha256) : null);
  if (!found) return null;
  return found.machine === "document"
    ? documentChain(tx, actor, found, locale)
    : editionChain(tx, actor, found, locale);
}

/** The sealed content itself, for who sees it. */
export async function sealedContent(tx: Tx, actor: Pick<Actor, "level">, sha256: string): Promise<unknown> {
  const [submission] = reads(actor, "documents")
    ? await tx.select({ content: submissions.content }).from(submissions).where(eq(submissions.sha256, sha256)).limit(1)
    : [];
  const [edition] = reads(actor, "editions")
    ? await tx
        .select({ content: specificationSeals.content })
        .from(specificationSeals)
        .where(eq(specificationSeals.sha256, sha256))
        .limit(1)
    : [];
  return (submission ?? edition)?.content;
}
