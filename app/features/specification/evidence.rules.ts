/** Strength of the evidence behind a clause, and which places of the four tags the clauses cover. */
import type { ToldLine } from "#db/schema/specification.ts";
import { type Reason, reason, reasonFor } from "#app/domain/reasons.ts";
import { dimensions, lifecycles, mechanisms, objects, type strengths, type Tags } from "#app/domain/vocabulary.ts";

export type EvidenceFacts = {
  id: string;
  sectorId: string;
  batchNo: number;
  pilots: number;
  /** Change of the dimension's risk, thousandths; negative is better, null when not measured. */
  effectMilli: number | null;
  dissent: boolean;
};
export type Strength = (typeof strengths)[number];
export type EvidenceGrade = {
  strength: Strength;
  pilots: number;
  sectors: number;
  batches: number;
  /** Statements whose measured effect is better, worse, or nil. */
  better: number;
  worse: number;
  level: number;
  dissent: number;
  /** Why it is not graded higher. */
  reasons: Reason[];
};
/** Own thresholds: «strong» asks for two sectors, both batches and six pilots, all of one mind; «moderate» for three pilots from two places. */
const STRONG_PILOTS = 6;
const MODERATE_PILOTS = 3;

/**
 * How strong the evidence of a clause is, and why it is not stronger.
 *
 * @param declaredNone the authors say that there is none: a warning, where nothing at all blocks
 */
export function gradeEvidence(
  clauseId: string,
  evidence: readonly EvidenceFacts[],
  declaredNone = false,
): EvidenceGrade {
  const sum = {
    pilots: evidence.reduce((n, e) => n + e.pilots, 0),
    sectors: new Set(evidence.map((e) => e.sectorId)).size,
    batches: new Set(evidence.map((e) => e.batchNo)).size,
    better: evidence.filter((e) => (e.effectMilli ?? 0) < 0).length,
    worse: evidence.filter((e) => (e.effectMilli ?? 0) > 0).length,
    level: evidence.filter((e) => e.effectMilli === 0).length,
    dissent: evidence.filter((e) => e.dissent).length,
  };
  const ref = [{ kind: "clause" as const, id: clauseId }];
  if (evidence.length === 0) {
    return declaredNone
      ? {
          ...sum,
          strength: "declaredNone",
          reasons: [reason("warning", "rule_specification_evidence_declared_none", {}, ref)],
        }
      : { ...sum, strength: "missing", reasons: [reason("blocking", "rule_specification_evidence_missing", {}, ref)] };
  }
  const contested = (sum.worse > 0 && sum.worse >= sum.better) || sum.dissent * 2 > evidence.length;
  const broad = sum.sectors >= 2 || sum.batches >= 2;
  const agreed = sum.better > 0 && sum.better >= 2 * sum.worse;
  const moderate = sum.pilots >= MODERATE_PILOTS && broad && agreed;
  const strong =
    moderate &&
    sum.sectors >= 2 &&
    sum.batches >= 2 &&
    sum.pilots >= STRONG_PILOTS &&
    sum.worse === 0 &&
    sum.dissent === 0;
  const lacks: Reason[] = [
    ...(sum.pilots < STRONG_PILOTS
      ? [reason("warning", "rule_specification_evidence_few_pilots", { pilots: sum.pilots, min: STRONG_PILOTS }, ref)]
      : []),
    ...(sum.sectors < 2 ? [reason("warning", "rule_specification_evidence_one_sector", {}, ref)] : []),
    ...(sum.batches < 2 ? [reason("warning", "rule_specification_evidence_one_batch", {}, ref)] : []),
    ...(sum.better === 0 ? [reason("warning", "rule_specification_evidence_no_effect", {}, ref)] : []),
    ...(sum.worse > 0 ? [reason("warning", "rule_specification_evidence_worse", { count: sum.worse }, ref)] : []),
    ...(sum.dissent > 0 ? [reason("warning", "rule_specification_evidence_dissent", { count: sum.dissent }, ref)] : []),
  ];
  return {
    ...sum,
    strength: contested ? "contested" : strong ? "strong" : moderate ? "moderate" : "limited",
    reasons: lacks,
  };
}

/**
 * How strong everybody may say that the evidence is: by the told figure of most pilots alone. Where no group is large enough to be
 * told the evidence is «limited», whatever it says; else the grade would tell of it.
 */
export function toldStrength(
  clause: { evidence: readonly unknown[]; evidenceNone: boolean },
  lines: readonly ToldLine[],
): Strength {
  if (clause.evidence.length === 0) return clause.evidenceNone ? "declaredNone" : "missing";
  const [most] = lines.filter((l) => l.effectMilli !== null).sort((a, b) => b.pilots - a.pilots);
  if (!most?.effectMilli) return "limited";
  if (most.effectMilli > 0) return "contested";
  const [severalSectors, bothBatches] = [most.sector === null, most.batches.length > 1];
  if (severalSectors && bothBatches && most.pilots >= STRONG_PILOTS && !most.dissent) return "strong";
  return (severalSectors || bothBatches) && most.pilots >= MODERATE_PILOTS ? "moderate" : "limited";
}

export type TaggedClause = { id: string } & { [K in keyof Tags]: Tags[K] | null };
export type ClauseCoverage = {
  /** All 108 cells, `expected` where the catalogue asks a question. */
  cells: (Tags & { count: number; expected: boolean; clauseIds: string[] })[];
  /** Expected cells without a clause. */
  open: Tags[];
  expected: number;
  covered: number;
  untagged: string[];
};
/** The four tags as one word: the place of a clause among the 108. */
export const cellKey = (t: { [K in keyof Tags]: Tags[K] | null }): string =>
  `${t.dimension}/${t.object}/${t.lifecycle}/${t.mechanism}`;
const cells = new Map(
  dimensions.flatMap((dimension) =>
    objects.flatMap((object) =>
      lifecycles.flatMap((lifecycle) =>
        mechanisms.map((mechanism) => {
          const tags: Tags = { dimension, object, lifecycle, mechanism };
          return [cellKey(tags), tags] as const;
        }),
      ),
    ),
  ),
);
/** @throws Error for what `cellKey` has not made of four tags */
export function tagsOfCell(key: string): Tags {
  const tags = cells.get(key);
  if (!tags) throw new Error(`no place ${key} among the tags`);
  return tags;
}
const tagsOf = ({ dimension, object, lifecycle, mechanism }: TaggedClause): Tags | null =>
  dimension && object && lifecycle && mechanism ? { dimension, object, lifecycle, mechanism } : null;

/** `expected`: the tags of the catalogue's controls; other cells may hold clauses but need none. */
export function clauseCoverage(clauses: readonly TaggedClause[], expected: readonly Tags[]): ClauseCoverage {
  const asked = new Set(expected.map(cellKey));
  const byCell = new Map<string, string[]>();
  const untagged: string[] = [];
  for (const clause of clauses) {
    const tags = tagsOf(clause);
    if (tags) byCell.set(cellKey(tags), [...(byCell.get(cellKey(tags)) ?? []), clause.id]);
    else untagged.push(clause.id);
  }
  const places = [...cells].map(([key, tags]) => {
    const clauseIds = byCell.get(key) ?? [];
    return { ...tags, count: clauseIds.length, expected: asked.has(key), clauseIds };
  });
  const open = places
    .filter((c) => c.expected && c.count === 0)
    .map(({ dimension, object, lifecycle, mechanism }) => ({ dimension, object, lifecycle, mechanism }));
  return { cells: places, open, expected: asked.size, covered: asked.size - open.length, untagged };
}
/** Adoption of clauses in words that block nothing but should be known before publication. */
export function coverageReasons(coverage: ClauseCoverage): Reason[] {
  return [
    ...(coverage.open.length > 0
      ? [
          reason("warning", "rule_specification_cells_open", {
            count: coverage.open.length,
            expected: coverage.expected,
          }),
        ]
      : []),
    ...reasonFor("warning", "rule_specification_clauses_untagged", "clause", coverage.untagged),
  ];
}
