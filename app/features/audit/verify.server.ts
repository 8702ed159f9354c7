import { createReadStream } from "node:fs";
import { and, asc, eq, isNull, ne, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { heard } from "#app/platform/streams.server.ts";
import { auditEntries, auditHeads, auditLeaves, auditNodes, auditRoots, tenants } from "#db/schema/index.ts";
import type { Tx } from "#db/client.server.ts";
import { chainVerifier, leafHashOf, type Verdict } from "./chain.server.ts";
import { chainLines } from "./export.server.ts";
import { nodeHash, nodesFrom, treeRoot } from "./merkle.server.ts";

/* Holding the trail against itself: an exported file with nothing but the file, or a database with its owner's rights. */

/** @param root hexadecimal, as written down earlier. Reads the file line by line, whatever its size. */
export async function verifyFile(path: string, root?: string): Promise<Verdict> {
  const verifier = chainVerifier(root);
  let rest = "";
  // Not by node:readline, which never hears that a file could not be read.
  for await (const chunk of heard(createReadStream(path, "utf8")) as AsyncIterable<string>) {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) verifier.line(line);
  }
  if (rest !== "") verifier.line(rest);
  return verifier.end();
}

interface TenantVerdict extends Verdict {
  name: string;
}
export interface DatabaseVerdict {
  tenants: TenantVerdict[];
  /** What is amiss with the tree itself; null when each node and root follows from the leaves. */
  tree: { problem: { what: "leaf" | "node" | "root"; no: number } | null; size: number };
}

/** Every tenant's chain and the national tree, recomputed. @param url of the owner, who sees all of the trail. */
export async function verifyDatabase(url: string): Promise<DatabaseVerdict> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const db = drizzle(sql) as unknown as Tx;
  const read = async <T>(work: (tx: Tx) => Promise<T>) => work(db);
  try {
    const names = new Map(
      (await db.select({ id: tenants.id, name: tenants.nameZh }).from(tenants)).map((t) => [t.id, t.name]),
    );
    const known = await sql<
      { id: string }[]
    >`select tenant_id::text as id from audit_heads union select distinct tenant_id::text from audit_entries order by 1`;
    const found: TenantVerdict[] = [];
    for (const { id } of known) {
      const verifier = chainVerifier();
      for await (const lines of chainLines(read, { id, name: names.get(id) ?? id }, new Date()))
        for (const line of lines.split("\n")) verifier.line(line);
      found.push({ ...(await withHead(db, id, verifier.end())), name: names.get(id) ?? id });
    }
    return { tenants: found, tree: await verifyTree(db) };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The stored head must be the last entry, and every sealed head an entry: a chain written anew from the middle shows here. */
async function withHead(db: Tx, tenantId: string, verdict: Verdict): Promise<Verdict> {
  if (verdict.problem) return verdict;
  const [[head], leaves] = await Promise.all([
    db.select().from(auditHeads).where(eq(auditHeads.tenantId, tenantId)),
    db
      .select({ seq: auditLeaves.seq })
      .from(auditLeaves)
      .leftJoin(
        auditEntries,
        and(eq(auditEntries.tenantId, auditLeaves.tenantId), eq(auditEntries.seq, auditLeaves.seq)),
      )
      .where(
        and(eq(auditLeaves.tenantId, tenantId), or(isNull(auditEntries.hash), ne(auditEntries.hash, auditLeaves.head))),
      )
      .orderBy(asc(auditLeaves.seq))
      .limit(1),
  ]);
  const wrong = leaves[0];
  if (wrong) return { ...verdict, sealed: 0, problem: { code: "edited", line: 0, seq: wrong.seq } };
  if (!head && verdict.entries > 0)
    return { ...verdict, problem: { code: "truncated", line: 0, seq: verdict.head?.seq ?? 0 } };
  if (head && (head.seq !== (verdict.head?.seq ?? 0) || head.hash !== verdict.head?.hash))
    return { ...verdict, problem: { code: "relinked", line: 0, seq: head.seq } };
  return verdict;
}

async function verifyTree(db: Tx): Promise<DatabaseVerdict["tree"]> {
  const [leaves, nodes, roots] = await Promise.all([
    db.select().from(auditLeaves).orderBy(asc(auditLeaves.no)),
    db.select().from(auditNodes),
    db.select().from(auditRoots).orderBy(asc(auditRoots.size)),
  ]);
  const size = leaves.length;
  const at = nodesFrom(nodes);
  const amiss = (what: "leaf" | "node" | "root", no: number) => ({ problem: { what, no }, size });
  for (const [n, l] of leaves.entries()) {
    if (
      l.no !== n ||
      at({ level: 0, no: n }) !==
        leafHashOf({ v: 1, tenant: l.tenantId, seq: l.seq, head: l.head, at: l.at.toISOString() })
    )
      return amiss("leaf", n);
  }
  for (const { level, no, hash } of nodes) {
    if (
      level === 0
        ? no >= size
        : hash !== nodeHash(at({ level: level - 1, no: no * 2 }), at({ level: level - 1, no: no * 2 + 1 }))
    )
      return amiss("node", no);
  }
  const wrong = roots.find((r) => r.size > size || treeRoot(r.size, at) !== r.root);
  return wrong ? amiss("root", wrong.size) : { problem: null, size };
}
