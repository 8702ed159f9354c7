import { and, desc, eq, gte, ilike, isNotNull, lt, or } from "drizzle-orm";
import { dayEnd, dayStart } from "#app/platform/days.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { containing } from "#db/like.ts";
import { auditEntries, auditHeads, auditLeaves, auditRoots } from "#db/schema/index.ts";
import type { AuditEntryKind, AuditSearch } from "./audit.schema.ts";

/* The trail as its tenant reads it: filtered, newest first. As a whole, with its proofs, it leaves by `export.server.ts`. */

/** Only what has its place in the chain; one's own tenant's alone, which the policies say as well. */
function conditions(actor: Actor, f: AuditSearch) {
  const who = f.who ? containing(f.who) : null;
  return and(
    eq(auditEntries.tenantId, actor.tenantId),
    isNotNull(auditEntries.seq),
    f.act ? eq(auditEntries.act, f.act) : undefined,
    f.object ? eq(auditEntries.objectId, f.object.toLowerCase()) : undefined,
    who ? or(ilike(auditEntries.name, who), ilike(auditEntries.role, who)) : undefined,
    f.from ? gte(auditEntries.at, dayStart(f.from)) : undefined,
    f.to ? lt(auditEntries.at, dayEnd(f.to)) : undefined,
    f.before ? lt(auditEntries.seq, f.before) : undefined,
  );
}

/** An entry with its place. `details` as the trigger or function wrote them. */
export interface AuditEntry {
  seq: number;
  at: Date;
  act: AuditEntryKind;
  objectType: string;
  objectId: string | null;
  name: string;
  role: string;
  request: string;
  details: Readonly<Record<string, unknown>>;
  hash: string;
}

/** One page, newest first. `next` is the cursor of the following one, null at the end. */
export async function auditPage(
  tx: Tx,
  actor: Actor,
  filter: AuditSearch,
  limit = 50,
): Promise<{ entries: AuditEntry[]; next: number | null }> {
  const rows = await tx
    .select()
    .from(auditEntries)
    .where(conditions(actor, filter))
    .orderBy(desc(auditEntries.seq))
    .limit(limit + 1);
  const entries = rows.slice(0, limit).map(
    ({ seq, at, act, objectType, objectId, name, role, request, details, hash }): AuditEntry => ({
      seq: seq ?? 0,
      at,
      act: act as AuditEntryKind,
      objectType,
      objectId,
      name,
      role,
      request,
      details: details as Record<string, unknown>,
      hash: hash ?? "",
    }),
  );
  return { entries, next: rows.length > limit ? (entries.at(-1)?.seq ?? null) : null };
}

export interface ChainState {
  /** Last entry; 0 before the first. */
  seq: number;
  /** Up to which entry the national tree vouches for the chain. */
  sealed: number;
  sealedAt: Date | null;
  /** Newest root of the national tree: what an auditor writes down. */
  root: { size: number; root: string; at: Date } | null;
}
/** How far the caller's chain goes, and how far it is sealed. */
export async function chainState(tx: Tx, actor: Actor): Promise<ChainState> {
  const [heads, leaves, roots] = await Promise.all([
    tx.select({ seq: auditHeads.seq }).from(auditHeads).where(eq(auditHeads.tenantId, actor.tenantId)),
    tx
      .select({ seq: auditLeaves.seq, at: auditLeaves.at })
      .from(auditLeaves)
      .where(eq(auditLeaves.tenantId, actor.tenantId))
      .orderBy(desc(auditLeaves.seq))
      .limit(1),
    tx.select().from(auditRoots).orderBy(desc(auditRoots.size)).limit(1),
  ]);
  return {
    seq: heads[0]?.seq ?? 0,
    sealed: leaves[0]?.seq ?? 0,
    sealedAt: leaves[0]?.at ?? null,
    root: roots[0] ?? null,
  };
}
