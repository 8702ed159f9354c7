import { and, asc, desc, eq, gt, gte, lte, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { auditEntries, auditLeaves, auditRoots } from "#db/schema/index.ts";
import { entryHash, type LeafContent, leafHashOf } from "./chain.server.ts";
import { entryContent, nodesOf } from "./export.server.ts";
import { inclusionPath, rootFromInclusion } from "./merkle.server.ts";

/*
 * One entry of the trail and the way from it to the national root: the entry to the head that was sealed by the digests
 * between, the head as a leaf of the tree by its audit path (RFC 9162, 2.1.3). Recomputed here, not believed.
 */

export interface EntryProof {
  seq: number;
  hash: string;
  /** Time of recording, by the machine's clock. */
  at: Date;
  /** Whether its digest is that of what stands in it. */
  intact: boolean;
  /** Null until the tree is sealed beyond it. */
  inclusion: {
    leaf: { no: number; seq: number; head: string };
    root: { size: number; root: string; at: Date };
    path: string[];
    /** Whether the path leads from the leaf to the root. */
    proven: boolean;
    /** Entries from this one to the head; `linked` null where the reader may not see all of them. */
    between: number;
    linked: boolean | null;
  } | null;
}

/** Beyond this many the links are not read for a page; the exported chain holds them. */
const most = 5000;

async function linkedTo(tx: Tx, entry: { tenantId: string; seq: number; hash: string }, leaf: { seq: number; head: string }): Promise<boolean | null> {
  if (leaf.seq - entry.seq > most) return null;
  const rows = await tx
    .select()
    .from(auditEntries)
    .where(and(eq(auditEntries.tenantId, entry.tenantId), gt(auditEntries.seq, entry.seq), lte(auditEntries.seq, leaf.seq)))
    .orderBy(asc(auditEntries.seq));
  if (rows.length !== leaf.seq - entry.seq) return null;
  let last = entry.hash;
  for (const row of rows) {
    if (row.prev !== last || row.hash === null || entryHash(entryContent(row)) !== row.hash) return false;
    last = row.hash;
  }
  return last === leaf.head;
}

async function inclusionOf(tx: Tx, entry: { tenantId: string; seq: number; hash: string }): Promise<EntryProof["inclusion"]> {
  const [[leaf], [root]] = await Promise.all([
    tx.select().from(auditLeaves).where(and(eq(auditLeaves.tenantId, entry.tenantId), gte(auditLeaves.seq, entry.seq))).orderBy(asc(auditLeaves.seq)).limit(1),
    tx.select().from(auditRoots).orderBy(desc(auditRoots.size)).limit(1),
  ]);
  if (!leaf || !root || leaf.no >= root.size) return null;
  const nodes = await nodesOf(tx, (at) => inclusionPath(leaf.no, root.size, at));
  const path = inclusionPath(leaf.no, root.size, nodes);
  const content: LeafContent = { v: 1, tenant: leaf.tenantId, seq: leaf.seq, head: leaf.head, at: leaf.at.toISOString() };
  return {
    leaf: { no: leaf.no, seq: leaf.seq, head: leaf.head },
    root: { size: root.size, root: root.root, at: root.at },
    path,
    proven: rootFromInclusion(leafHashOf(content), leaf.no, root.size, path) === root.root,
    between: leaf.seq - entry.seq,
    linked: await linkedTo(tx, entry, leaf),
  };
}

/** The entry of a transition of an object, by the number it has there; null where the caller does not see it or it has no place yet. */
export async function transitionProof(tx: Tx, { tenantId, objectId, seq }: { tenantId: string; objectId: string; seq: number }): Promise<EntryProof | null> {
  const [row] = await tx
    .select()
    .from(auditEntries)
    .where(and(eq(auditEntries.tenantId, tenantId), eq(auditEntries.objectId, objectId), eq(auditEntries.act, "transition"), sql`${auditEntries.details} ->> 'seq' = ${String(seq)}`))
    .orderBy(desc(auditEntries.no))
    .limit(1);
  if (!row || row.seq === null || row.hash === null) return null;
  const entry = { tenantId, seq: row.seq, hash: row.hash };
  return { seq: row.seq, hash: row.hash, at: row.at, intact: entryHash(entryContent(row)) === row.hash, inclusion: await inclusionOf(tx, entry) };
}
