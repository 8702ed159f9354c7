import { and, asc, desc, eq, getTableColumns, gt, inArray, lte, or, sql } from "drizzle-orm";
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

type Entry = typeof auditEntries.$inferSelect & { seq: number; hash: string };
type Leaf = typeof auditLeaves.$inferSelect;
const isPlaced = <T extends typeof auditEntries.$inferSelect>(row: T): row is T & Entry =>
  row.seq !== null && row.hash !== null;
const isIntact = (row: Entry): boolean => entryHash(entryContent(row)) === row.hash;

/** Beyond this many between an entry and its head the links are not read for a page; the exported chain holds them. */
const most = 5000;

/** The head that was sealed first at or after each entry, by the entry's number in its chain. */
async function leavesOf(tx: Tx, tenantId: string, seqs: readonly number[]): Promise<(seq: number) => Leaf | undefined> {
  const leaves = await tx
    .select()
    .from(auditLeaves)
    .where(
      and(
        eq(auditLeaves.tenantId, tenantId),
        sql`${auditLeaves.seq} = any(array(select (select min(l.seq) from ${auditLeaves} l where l.tenant_id = ${tenantId} and l.seq >= s) from unnest(${sql.param([...seqs])}::bigint[]) s))`,
      ),
    )
    .orderBy(asc(auditLeaves.seq));
  return (seq) => leaves.find((leaf) => leaf.seq >= seq);
}

/** @returns whether the digests lead from an entry to its leaf's head; null where the reader may not see all between, or they are too many. */
async function linksOf(
  tx: Tx,
  tenantId: string,
  ways: readonly { from: Entry; leaf: Leaf }[],
): Promise<(from: Entry, leaf: Leaf) => boolean | null> {
  const near = ways.filter(({ from, leaf }) => leaf.seq > from.seq && leaf.seq - from.seq <= most);
  const rows =
    near.length === 0
      ? []
      : await tx
          .select()
          .from(auditEntries)
          .where(
            and(
              eq(auditEntries.tenantId, tenantId),
              or(...near.map(({ from, leaf }) => and(gt(auditEntries.seq, from.seq), lte(auditEntries.seq, leaf.seq)))),
            ),
          );
  const bySeq = new Map(
    rows.filter(isPlaced).map((row) => [row.seq, { prev: row.prev, hash: isIntact(row) ? row.hash : null }]),
  );
  return (from, leaf) => {
    if (leaf.seq - from.seq > most) return null;
    let last: string = from.hash;
    for (let seq = from.seq + 1; seq <= leaf.seq; seq += 1) {
      const row = bySeq.get(seq);
      if (!row) return null;
      if (row.prev !== last || row.hash === null) return false;
      last = row.hash;
    }
    return last === leaf.head;
  };
}

/** The way of each entry to the root, however many they are: heads, root, links and nodes of the tree are read once. */
async function inclusionsOf(
  tx: Tx,
  tenantId: string,
  entries: readonly Entry[],
): Promise<(entry: Entry) => EntryProof["inclusion"]> {
  const [leafOf, [root]] = await Promise.all([
    leavesOf(
      tx,
      tenantId,
      entries.map((e) => e.seq),
    ),
    tx.select().from(auditRoots).orderBy(desc(auditRoots.size)).limit(1),
  ]);
  if (!root) return () => null;
  const ways = entries.flatMap((from) => {
    const leaf = leafOf(from.seq);
    return leaf && leaf.no < root.size ? [{ from, leaf }] : [];
  });
  const [linked, nodes] = await Promise.all([
    linksOf(tx, tenantId, ways),
    nodesOf(tx, (at) => ways.map(({ leaf }) => inclusionPath(leaf.no, root.size, at))),
  ]);
  return (entry) => {
    const leaf = ways.find(({ from }) => from === entry)?.leaf;
    if (!leaf) return null;
    const path = inclusionPath(leaf.no, root.size, nodes);
    const content: LeafContent = {
      v: 1,
      tenant: leaf.tenantId,
      seq: leaf.seq,
      head: leaf.head,
      at: leaf.at.toISOString(),
    };
    return {
      leaf: { no: leaf.no, seq: leaf.seq, head: leaf.head },
      root: { size: root.size, root: root.root, at: root.at },
      path,
      proven: rootFromInclusion(leafHashOf(content), leaf.no, root.size, path) === root.root,
      between: leaf.seq - entry.seq,
      linked: linked(entry, leaf),
    };
  };
}

/** The entries of transitions of an object, by the numbers they have there; without those that the caller does not see or that have no place yet. */
export async function transitionProofs(
  tx: Tx,
  { tenantId, objectId, seqs }: { tenantId: string; objectId: string; seqs: readonly number[] },
): Promise<Map<number, EntryProof>> {
  if (seqs.length === 0) return new Map();
  const step = sql<string>`${auditEntries.details} ->> 'seq'`;
  const rows = await tx
    .select({ ...getTableColumns(auditEntries), step })
    .from(auditEntries)
    .where(
      and(
        eq(auditEntries.tenantId, tenantId),
        eq(auditEntries.objectId, objectId),
        eq(auditEntries.act, "transition"),
        inArray(step, seqs.map(String)),
      ),
    )
    .orderBy(asc(auditEntries.no));
  const entries = rows.filter(isPlaced);
  const inclusionOf = await inclusionsOf(tx, tenantId, entries);
  return new Map(
    entries.map((e) => [
      Number(e.step),
      { seq: e.seq, hash: e.hash, at: e.at, intact: isIntact(e), inclusion: inclusionOf(e) },
    ]),
  );
}
