/** Figures of a whole register, and what a risk report still lacks. */
import reportChapters from "#seeds/catalogue/report-chapters.json" with { type: "json" };
import { type Reason, reason, reasonFor } from "#app/domain/reasons.ts";
import { type Dimension, dimensions, HIGH_LEVEL, type Level, levels } from "#app/domain/vocabulary.ts";

export type RegisterRow = {
  id: string;
  dimension: Dimension;
  level: Level;
  likelihoodLevel: Level;
  lossLevel: Level;
  residualLevel?: Level | null;
  ownerId?: string | null;
};
type ByLevel = Record<Level, number>;
export type RegisterStatistics = {
  total: number;
  high: number;
  byLevel: ByLevel;
  /** Of rows without a residual level the level itself counts. */
  byResidualLevel: ByLevel;
  byDimension: Record<Dimension, { total: number; high: number; byLevel: ByLevel }>;
  /** 25 cells, loss from 5 down to 1 and likelihood from 1 to 5, as the map is drawn. */
  heat: { likelihood: Level; loss: Level; count: number; ids: string[]; level: Level | null }[];
};
const countLevels = (of: readonly Level[]): ByLevel => {
  const counts: ByLevel = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 };
  for (const level of of) counts[level] += 1;
  return counts;
};
const highestOf = (rows: readonly RegisterRow[]): Level | null =>
  rows.reduce<Level | null>((top, r) => (top === null || r.level > top ? r.level : top), null);

/** Counts of a register by level, dimension and cell of the heat map. */
export function registerStatistics(rows: readonly RegisterRow[]): RegisterStatistics {
  const dimension = (d: Dimension) => {
    const own = rows.filter((r) => r.dimension === d);
    return {
      total: own.length,
      high: own.filter((r) => r.level >= HIGH_LEVEL).length,
      byLevel: countLevels(own.map((r) => r.level)),
    };
  };
  return {
    total: rows.length,
    high: rows.filter((r) => r.level >= HIGH_LEVEL).length,
    byLevel: countLevels(rows.map((r) => r.level)),
    byResidualLevel: countLevels(rows.map((r) => r.residualLevel ?? r.level)),
    byDimension: Object.fromEntries(dimensions.map((d) => [d, dimension(d)])) as RegisterStatistics["byDimension"],
    heat: levels.toReversed().flatMap((loss) =>
      levels.map((likelihood) => {
        const own = rows.filter((r) => r.lossLevel === loss && r.likelihoodLevel === likelihood);
        return { likelihood, loss, count: own.length, ids: own.map((r) => r.id), level: highestOf(own) };
      }),
    ),
  };
}

/** Written text by section key of the catalogue (`1.1` … `9`, `annex.1`); sections drawn from the register need none. */
export type ReportBody = Readonly<Record<string, string>>;
export interface SectionBlanks {
  section: string;
  language: "zh" | "en";
  blanks: readonly string[];
}
export type ReportFacts = {
  assets: number;
  threats: number;
  vulnerabilities: number;
  risks: number;
  answers: number;
  /** Ids of risks of level 4 or 5 that nobody owns. */
  highRisksWithoutOwner?: readonly string[];
  /** What is still to be stated, by section and by the language of the text. */
  blanks?: readonly SectionBlanks[];
};
export type ChapterShape = { key: string; no: string; sections: readonly { key: string; from: string }[] };
export type MissingChapter = { chapter: string; no: string; sections: string[] };

/**
 * Required chapters (发改高技〔2008〕2071号) that lack something: a section to be written that is blank, or one drawn from
 * the register when the register has no such rows. Blanks inside a text are told by `reportGaps`. The annexes of measures stand on the survey's answers.
 */
export function missingChapters(
  body: ReportBody,
  facts: ReportFacts,
  chapters: readonly ChapterShape[] = reportChapters.chapters,
): MissingChapter[] {
  const rows = new Map<string, number>([
    ["assets", facts.assets],
    ["threats", facts.threats],
    ["vulnerabilities", facts.vulnerabilities],
    ["risks", facts.risks],
    ["answers", facts.answers],
  ]);
  const filled = (s: { key: string; from: string }) =>
    s.from === "text" ? (body[s.key] ?? "").trim() !== "" : (rows.get(s.from) ?? 0) > 0;
  return chapters.flatMap(({ key, no, sections }) => {
    const open = sections.filter((s) => !filled(s)).map((s) => s.key);
    return open.length === 0 ? [] : [{ chapter: key, no, sections: open }];
  });
}
/** Why a risk report cannot be approved yet; empty when it can. */
export function reportGaps(body: ReportBody, facts: ReportFacts, chapters?: readonly ChapterShape[]): Reason[] {
  const missing = missingChapters(body, facts, chapters);
  return [
    ...missing.map((m) =>
      reason(
        "blocking",
        "rule_risk_chapter_missing",
        { chapter: m.no, sections: m.sections.join(" · "), count: m.sections.length },
        [{ kind: "chapter", id: m.chapter }, ...m.sections.map((id) => ({ kind: "section" as const, id }))],
      ),
    ),
    ...(facts.blanks ?? []).map(({ section, language, blanks }) =>
      language === "zh"
        ? reason("blocking", "rule_risk_section_blank", { section, blanks: blanks.join("；") }, [
            { kind: "section", id: section },
          ])
        : reason("blocking", "rule_risk_section_blank_en", { section, blanks: blanks.join("; ") }, [
            { kind: "section", id: section },
          ]),
    ),
    ...reasonFor("blocking", "rule_risk_high_without_owner", "risk", facts.highRisksWithoutOwner ?? []),
  ];
}
