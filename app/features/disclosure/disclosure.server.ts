import { and, asc, eq, sql } from "drizzle-orm";
import { uuidv7 } from "#app/platform/id.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { disclosures, type ToldLine } from "#db/schema/index.ts";
import { Ledger, type Member, type Statement } from "./disclosure.rules.ts";

/* What was told to everybody so far, and the noting of what is told now. Figures that leave a sector are asked here first. */

export type Telling = Statement<ToldLine>;
export type ToldLedger = Ledger<ToldLine>;

const isMember = (m: Partial<Member>): m is Member => m.pilot !== undefined;

/** Everything that was told to everybody, in the order in which it was. For the national office, who alone tells. */
export async function toldBefore(tx: Tx, tenantId: string): Promise<ToldLedger> {
  const rows = await tx
    .select()
    .from(disclosures)
    .where(eq(disclosures.tenantId, tenantId))
    .orderBy(asc(disclosures.toldAt), asc(disclosures.id));
  const ledger: ToldLedger = new Ledger();
  for (const { members } of rows)
    for (const m of members) if (!isMember(m)) ledger.burn({ sector: m.sector, batch: m.batch });
  for (const { subject, members, line } of rows) if (line) ledger.record(subject, members.filter(isMember), line);
  return ledger;
}

/** Held until the transaction ends: two who publish at once would each not know of what the other tells. */
export const beginTelling = (tx: Tx): Promise<unknown> =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('disclosures', 0))`);

/** Notes what an edition tells from now on; what was told of the same pilots in the same words before is not noted twice. */
export async function noteTold(
  tx: Tx,
  actor: Actor,
  { specificationId, k }: { specificationId: string; k: number },
  told: readonly Telling[],
): Promise<void> {
  const keyOf = (subject: string, members: unknown, line: unknown) => JSON.stringify([subject, members, line]);
  const before = await tx
    .select({ subject: disclosures.subject, members: disclosures.members, line: disclosures.line })
    .from(disclosures)
    .where(and(eq(disclosures.tenantId, actor.tenantId), eq(disclosures.specificationId, specificationId)));
  const known = new Set(before.map((r) => keyOf(r.subject, r.members, r.line)));
  const rows = told.flatMap(({ subject, members, figures }) => {
    const key = keyOf(subject, members, figures);
    if (known.has(key)) return [];
    known.add(key);
    return [
      {
        tenantId: actor.tenantId,
        id: uuidv7(),
        specificationId,
        subject,
        members: [...members],
        line: figures,
        k,
        toldAt: actor.now,
      },
    ];
  });
  if (rows.length > 0) await tx.insert(disclosures).values(rows);
}
