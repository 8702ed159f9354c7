import { type Ledger, type Member, type Statement, tell } from "#app/features/disclosure/disclosure.rules.ts";
import { groupBy } from "#app/platform/collections.ts";
import type { EvidenceBasis, ToldLine } from "#db/schema/index.ts";
import { type Strength, toldStrength } from "./evidence.rules.ts";

/* What everybody may know of the evidence under the clauses of an edition. Pure; what was told before comes in the ledger. */

/** One piece of evidence, as the national office holds it. */
export interface Evidence {
  id: string;
  clauseId: string;
  sector: { code: string; zh: string; en: string };
  sectorTenantId: string;
  submissionSha256: string;
  batchNo: number;
  pilots: number;
  effectMilli: number | null;
  dissent: boolean;
  /** What kind it is follows from it; null: words without a number of pilots. */
  basis: EvidenceBasis | null;
}
export interface Clause {
  id: string;
  evidence: readonly Evidence[];
  /** The authors say that there is none. */
  evidenceNone: boolean;
}
export interface ClauseTelling {
  clauseId: string;
  strength: Strength;
  /** Subjects of evidence that there is, sorted: `effect`, `weakness`, `other`. */
  kinds: string[];
  lines: ToldLine[];
}

type Based = Evidence & { basis: EvidenceBasis };
const kinds = { effect: "effect", weak: "weakness" } as const;
const parse = (subject: string): { kind: ToldLine["kind"]; of: string } | null => {
  const at = subject.indexOf(":");
  const kind = kinds[subject.slice(0, at) as keyof typeof kinds] as ToldLine["kind"] | undefined;
  return kind ? { kind, of: subject.slice(at + 1) } : null;
};

/** Of one sector, batch and subject the newest alone: an older seal speaks of the same pilots. */
function newest(evidence: readonly Evidence[]): Based[] {
  const rows = new Map<string, Based>();
  for (const e of evidence) {
    if (e.basis === null) continue;
    const key = `${e.basis.subject} ${e.sectorTenantId} ${e.batchNo}`;
    const known = rows.get(key);
    if (!known || known.id < e.id) rows.set(key, { ...e, basis: e.basis });
  }
  return [...rows.values()];
}

/** Members as the ledger takes them; clauses speak of the same pilots, so each is made once. */
type Known = Map<string, Member>;
const membersOf = (e: Based, known: Known): Member[] =>
  e.basis.members.map((m) => {
    const key = `${e.sectorTenantId} ${e.batchNo} ${m.site} ${m.pilot} ${m.version}`;
    const member = known.get(key) ?? { sector: e.sectorTenantId, batch: e.batchNo, ...m };
    known.set(key, member);
    return member;
  });

function lineOf(rows: readonly Based[], { kind, of }: { kind: ToldLine["kind"]; of: string }): ToldLine {
  const sum = (name: string) => rows.reduce((n, e) => n + (e.basis.sums[name] ?? 0), 0);
  const pilots = rows.reduce((n, e) => n + e.basis.members.length, 0);
  const [first] = rows;
  const single = new Set(rows.map((e) => e.sectorTenantId)).size === 1;
  return {
    kind,
    of,
    sector: single && first ? { code: first.sector.code, zh: first.sector.zh, en: first.sector.en } : null,
    batches: [...new Set(rows.map((e) => e.batchNo))].sort((a, b) => a - b),
    pilots,
    effectMilli: kind === "effect" ? Math.round(sum("change") / pilots) : null,
    known: kind !== "effect" ? null : sum("verified") === pilots ? "verified" : "reported",
    // How many of them are high is not told: where it is one, it is one system's.
    weak: kind === "weakness" ? { systems: pilots, risks: sum("risks") } : null,
    atLeast: false,
    dissent: single && rows.some((e) => e.dissent),
    submissionSha256:
      first && rows.every((e) => e.submissionSha256 === first.submissionSha256) ? first.submissionSha256 : null,
  };
}

interface Wanted extends Statement<ToldLine> {
  clauseId: string;
}
/** Everything that a clause would tell: all sectors together, and of k members or more each sector, each batch of it. */
function wantedOf(clause: Clause, known: Known, k: number): { all: Wanted[]; pools: Wanted[] } {
  const bySubject = new Map<string, Based[]>();
  for (const e of newest(clause.evidence))
    bySubject.set(e.basis.subject, [...(bySubject.get(e.basis.subject) ?? []), e]);
  const all: Wanted[] = [];
  const pools: Wanted[] = [];
  for (const [subject, rows] of [...bySubject].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const what = parse(subject);
    if (!what) continue;
    const members = new Map(rows.map((e) => [e, membersOf(e, known)]));
    const want = (part: string, some: readonly Based[]): Wanted => ({
      key: `${clause.id} ${subject} ${part}`,
      clauseId: clause.id,
      subject,
      members: some.flatMap((e) => members.get(e) ?? []),
      figures: lineOf(some, what),
    });
    const pool = want("", rows);
    pools.push(pool);
    all.push(pool);
    const sectors = groupBy(rows, (e) => e.sectorTenantId);
    const add = (part: string, some: readonly Based[]): void => {
      if (some.reduce((n, e) => n + e.basis.members.length, 0) >= k) all.push(want(part, some));
    };
    if (sectors.size > 1) for (const [sector, own] of sectors) add(sector, own);
    for (const [sector, own] of sectors) if (own.length > 1) for (const e of own) add(`${sector} ${e.batchNo}`, [e]);
  }
  return { all, pools };
}

const order = (a: ToldLine, b: ToldLine): number =>
  a.kind < b.kind
    ? -1
    : a.kind > b.kind
      ? 1
      : b.pilots - a.pilots || ((a.sector?.code ?? "") < (b.sector?.code ?? "") ? -1 : 1);

/**
 * What is told under each clause of an edition, and what of it is to be noted. The ledger takes up what is told.
 *
 * @param k sites that a group must have
 */
export function planTellings(
  clauses: readonly Clause[],
  ledger: Ledger<ToldLine>,
  k: number,
): { tellings: ClauseTelling[]; told: Wanted[] } {
  const known: Known = new Map();
  const wanted = new Map(clauses.map((c) => [c.id, wantedOf(c, known, k)]));
  const told = tell(
    ledger,
    [...wanted.values()].flatMap((w) => w.all),
    k,
  );
  const byClause = groupBy(told, (t) => t.clauseId);
  const tellings = clauses.map((c): ClauseTelling => {
    const own = byClause.get(c.id) ?? [];
    const lines = [
      ...own.map((t) => t.figures),
      ...(wanted.get(c.id)?.pools ?? []).flatMap((pool) => {
        if (own.some((t) => t.subject === pool.subject)) return [];
        // The clause rests on them and on others, who cannot be told without telling of a small group.
        const part = ledger.within(pool.subject, pool.members);
        return part && part.pilots >= k ? [{ ...part, atLeast: true }] : [];
      }),
    ].sort(order);
    const has = new Set(c.evidence.map((e) => (e.basis ? (parse(e.basis.subject)?.kind ?? "other") : "other")));
    return { clauseId: c.id, strength: toldStrength(c, lines), kinds: [...has].sort(), lines };
  });
  return { tellings, told };
}

/** The strength that everybody reads. Editions of before figures were told by this rule hold tellings of clauses with evidence alone. */
export const strengthOf = (
  clause: { grade: unknown; evidenceNone: boolean },
  telling: ClauseTelling | undefined,
): Strength | null =>
  clause.grade === null ? null : (telling?.strength ?? (clause.evidenceNone ? "declaredNone" : "missing"));
