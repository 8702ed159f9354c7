import { and, asc, desc, eq, isNull, lt } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { clauseEvidence, clauses, disclosures, specifications, tenants, type ToldLine } from "#db/schema/index.ts";
import { lineWords } from "./tellings.server.ts";

/*
 * What editions that everybody has tell of groups smaller than the programme tells of now: those of before figures were told by
 * a rule, and those of before the number was raised. Their files keep every byte, so a later edition has to take their place.
 */

interface SmallGroup {
  /** Heading of the clause, or what was told. */
  clause: { zh: string; en: string };
  sector: { zh: string; en: string } | null;
  batches: number[];
  /** Sites where they are known, else pilots. */
  n: number;
}
export interface ToldEdition {
  id: string;
  number: string;
  state: string;
  groups: SmallGroup[];
}

const statementOf = (line: ToldLine) => ({
  zh: lineWords(line, "zh-CN").statement,
  en: lineWords(line, "en").statement,
});

/** By edition, the newest first; those that tell of no small group are left out. For the national office. */
export async function toldBelow(
  tx: Tx,
  actor: Actor,
  { id: programmeId, kThreshold: k }: { id: string; kThreshold: number },
): Promise<ToldEdition[]> {
  const [told, legacy] = await Promise.all([
    tx
      .select({ specificationId: specifications.id, members: disclosures.members, line: disclosures.line })
      .from(disclosures)
      .innerJoin(
        specifications,
        and(eq(specifications.tenantId, disclosures.tenantId), eq(specifications.id, disclosures.specificationId)),
      )
      .where(and(eq(disclosures.tenantId, actor.tenantId), eq(specifications.programmeId, programmeId))),
    // Named one by one, whatever their number.
    tx
      .select({
        specificationId: clauses.specificationId,
        clause: { zh: clauses.headingZh, en: clauses.headingEn },
        sector: { zh: tenants.nameZh, en: tenants.nameEn },
        batchNo: clauseEvidence.batchNo,
        n: clauseEvidence.pilots,
      })
      .from(clauseEvidence)
      .innerJoin(clauses, and(eq(clauses.tenantId, clauseEvidence.tenantId), eq(clauses.id, clauseEvidence.clauseId)))
      .innerJoin(
        disclosures,
        and(
          eq(disclosures.tenantId, clauses.tenantId),
          eq(disclosures.specificationId, clauses.specificationId),
          eq(disclosures.subject, "*"),
        ),
      )
      .innerJoin(tenants, eq(tenants.id, clauseEvidence.sectorTenantId))
      .where(
        and(eq(clauseEvidence.tenantId, actor.tenantId), isNull(clauseEvidence.basis), lt(clauseEvidence.pilots, k)),
      )
      .orderBy(asc(clauseEvidence.id)),
  ]);
  const groups = new Map<string, SmallGroup[]>();
  const add = (id: string, group: SmallGroup) => groups.set(id, [...(groups.get(id) ?? []), group]);
  for (const { specificationId, clause, sector, batchNo, n } of legacy)
    add(specificationId, { clause, sector, batches: [batchNo], n });
  for (const { specificationId, members, line } of told) {
    const n = new Set(members.map((m) => `${m.sector}/${m.site}`)).size;
    if (line && n < k)
      add(specificationId, { clause: statementOf(line), sector: line.sector, batches: line.batches, n });
  }
  if (groups.size === 0) return [];
  const rows = await tx
    .select({ id: specifications.id, number: specifications.number, state: specifications.state })
    .from(specifications)
    .where(and(eq(specifications.tenantId, actor.tenantId), eq(specifications.programmeId, programmeId)))
    .orderBy(desc(specifications.edition), desc(specifications.number));
  return rows.flatMap((s) => {
    const own = groups.get(s.id);
    return own ? [{ ...s, groups: own }] : [];
  });
}
