import { and, asc, desc, eq, gt, lte, or } from "drizzle-orm";
import { canonicalJson } from "#app/platform/canonical.server.ts";
import { auditEntries, auditHeads, auditLeaves, auditNodes, auditRoots } from "#db/schema/index.ts";
import { AppError } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import type { EntryContent, EntryLine, HeaderLine, LeafContent, ProofLine } from "./chain.server.ts";
import { consistencyPath, inclusionPath, type NodeAt, nodesFrom, placesFor } from "./merkle.server.ts";

/* A tenant's whole chain as a file that proves itself (chain.server.ts says how), read in pieces: a chain only grows. */

type EntryRow = typeof auditEntries.$inferSelect;

/** What an entry's digest is taken of, from its row; `auth.audit_text` says the same in SQL. */
export function entryContent(e: EntryRow): EntryContent {
  return {
    v: 1,
    tenant: e.tenantId,
    seq: e.seq ?? 0,
    at: e.at.toISOString(),
    act: e.act,
    object: { type: e.objectType, id: e.objectId },
    site: e.siteId,
    actor: { user: e.userId, membership: e.membershipId, role: e.role, name: e.name },
    request: e.request,
    details: e.details,
    prev: e.prev ?? "",
  };
}

/** Digests that a proof asks for, fetched in one query. */
export async function nodesOf(tx: Tx, ask: (at: NodeAt) => unknown): Promise<NodeAt> {
  const places = placesFor(ask);
  if (places.length === 0) return nodesFrom([]);
  const rows = await tx
    .select()
    .from(auditNodes)
    .where(or(...places.map((p) => and(eq(auditNodes.level, p.level), eq(auditNodes.no, p.no)))));
  return nodesFrom(rows);
}

interface ExportFrame {
  header: HeaderLine;
  /** Absent before the chain was first sealed. */
  proof: ProofLine | null;
}

/**
 * Header and proof of a tenant's chain as it now stands.
 * @param since size of an earlier tree, whose root the reader holds. @throws AppError bad_query when there was none of that size.
 */
async function exportFrame(
  tx: Tx,
  tenant: { id: string; name: string },
  now: Date,
  since?: number,
): Promise<ExportFrame> {
  const [[root], [head], [leaf]] = await Promise.all([
    tx.select().from(auditRoots).orderBy(desc(auditRoots.size)).limit(1),
    tx.select().from(auditHeads).where(eq(auditHeads.tenantId, tenant.id)),
    tx.select().from(auditLeaves).where(eq(auditLeaves.tenantId, tenant.id)).orderBy(desc(auditLeaves.seq)).limit(1),
  ]);
  const last = head?.seq ?? 0;
  const header: HeaderLine = {
    kind: "header",
    v: 1,
    tenant: tenant.id,
    name: tenant.name,
    exportedAt: now.toISOString(),
    first: last === 0 ? 0 : 1,
    last,
    tree: root ? { size: root.size, root: root.root, at: root.at.toISOString() } : null,
  };
  if (!root) return { header, proof: null };
  if (since !== undefined) header.since = await earlier(tx, since, root.size);
  if (!leaf || leaf.no >= root.size) return { header, proof: null };
  const ask = (at: NodeAt) => inclusionPath(leaf.no, root.size, at);
  const content: LeafContent = {
    v: 1,
    tenant: leaf.tenantId,
    seq: leaf.seq,
    head: leaf.head,
    at: leaf.at.toISOString(),
  };
  return { header, proof: { kind: "proof", no: leaf.no, leaf: content, path: ask(await nodesOf(tx, ask)) } };
}

async function earlier(tx: Tx, size: number, now: number): Promise<NonNullable<HeaderLine["since"]>> {
  const [known] = await tx.select().from(auditRoots).where(eq(auditRoots.size, size));
  if (!known || size > now) throw new AppError("bad_query", 400, `no tree of ${size} leaves`);
  const ask = (at: NodeAt) => consistencyPath(size, now, at);
  return { size, root: known.root, path: ask(await nodesOf(tx, ask)) };
}

const pieceSize = 1000;
/** Entries after number `after`, at most a piece of them, as lines. */
async function piece(tx: Tx, tenantId: string, after: number, last: number): Promise<{ lines: string[]; seq: number }> {
  const rows = await tx
    .select()
    .from(auditEntries)
    .where(and(eq(auditEntries.tenantId, tenantId), gt(auditEntries.seq, after), lte(auditEntries.seq, last)))
    .orderBy(asc(auditEntries.seq))
    .limit(pieceSize);
  const lines = rows.map((e) =>
    canonicalJson({ kind: "entry", hash: e.hash ?? "", entry: entryContent(e) } satisfies EntryLine),
  );
  return { lines, seq: rows.at(-1)?.seq ?? last };
}

/**
 * The file, line by line, each with its line feed. @param read opens a transaction that sees the tenant's chain; one for
 * the frame, one for each thousand entries, none held between.
 */
export async function* chainLines(
  read: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  tenant: { id: string; name: string },
  now: Date,
  since?: number,
): AsyncGenerator<string> {
  const { header, proof } = await read((tx) => exportFrame(tx, tenant, now, since));
  yield `${canonicalJson(header)}\n`;
  for (let after = 0; after < header.last; ) {
    const { lines, seq } = await read((tx) => piece(tx, tenant.id, after, header.last));
    if (lines.length > 0) yield `${lines.join("\n")}\n`;
    after = seq;
  }
  if (proof) yield `${canonicalJson(proof)}\n`;
}
