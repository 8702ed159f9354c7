import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import { entryHash } from "#app/features/audit/chain.server.ts";
import { entryContent } from "#app/features/audit/export.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { AppError, notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { auditEntries } from "#db/schema/index.ts";
import { type SealedRecord, sealedRecord } from "#app/features/audit/check-record.schema.ts";

/* What checks found, kept as entries of the tenant's audit trail and read back from there. */

/** A check as the trail has it. `at`: when the entry was written. */
export interface Check {
  id: string;
  seq: number;
  at: Date;
  hash: string;
  name: string;
  record: SealedRecord;
}

/** Puts a finding into the trail as the caller's act. @throws postgres error 42501 for who is no auditor. */
export const recordCheck = (tx: Tx, checkId: string, record: SealedRecord): Promise<unknown> =>
  tx.execute(sql`select auth.audit_isolation(${checkId}::uuid, ${JSON.stringify(record)}::jsonb)`);

type Row = typeof auditEntries.$inferSelect;
const ofTenant = (actor: Actor, checkId?: string) =>
  and(
    eq(auditEntries.tenantId, actor.tenantId),
    eq(auditEntries.act, "isolation"),
    isNotNull(auditEntries.seq),
    checkId === undefined ? undefined : eq(auditEntries.objectId, checkId),
  );

/** An entry that no longer has its digest, or whose finding has not, says nothing any more. */
function checkOf(row: Row): Check | null {
  const parsed = sealedRecord.safeParse(row.details);
  if (!parsed.success || row.objectId === null || row.seq === null || row.hash === null) return null;
  const { sha256, ...rest } = parsed.data;
  if (entryHash(entryContent(row)) !== row.hash || sealOf(rest) !== sha256) return null;
  return { id: row.objectId, seq: row.seq, at: row.at, hash: row.hash, name: row.name, record: parsed.data };
}

/** The newest checks of the caller's tenant, newest first. Those that were altered are left out; verifying the chain names them. */
export async function lastChecks(tx: Tx, actor: Actor, limit = 20): Promise<Check[]> {
  const rows = await tx.select().from(auditEntries).where(ofTenant(actor)).orderBy(desc(auditEntries.seq)).limit(limit);
  return rows.map(checkOf).filter((c) => c !== null);
}

/** One check. @throws AppError not_found (404) when there is none of the caller's tenant, isolation_altered (409) when it does not have its digest. */
export async function findCheck(tx: Tx, actor: Actor, checkId: string): Promise<Check> {
  const [row] = await tx
    .select()
    .from(auditEntries)
    .where(ofTenant(actor, checkId))
    .orderBy(desc(auditEntries.seq))
    .limit(1);
  if (!row) throw notFound({ logMessage: `no isolation check ${checkId}` });
  const check = checkOf(row);
  if (!check) throw new AppError("isolation_altered", 409, `entry ${row.seq} does not have its digest`);
  return check;
}
