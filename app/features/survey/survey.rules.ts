/**
 * Scores, completeness and differences of survey answers. Pure; every fraction is kept as two integers until it is
 * shown, so that a score never depends on the order of the answers.
 */
import {
  type AnswerValue,
  type Dimension,
  dimensions,
  type ObjectKind,
  objects,
  type TagName,
  type Tags,
  tagValues,
} from "#app/domain/vocabulary.ts";
import { type Reason, reasonFor } from "#app/domain/reasons.ts";

/** What the rules need of a control; the catalogue's `Control` fits. */
export type ControlFacts = Tags & { id: string; weight: number };
export type AnswerFacts = {
  controlId: string;
  /** null: not answered yet. */
  value: AnswerValue | null;
  note?: string | null;
  evidenceCount?: number;
  /** The text of the regulator's reason when this question was sent back, else null. */
  returnedReason?: string | null;
};
export type AnswerMap = ReadonlyMap<string, AnswerFacts>;

/** Half points per answer, so that weighted sums stay integers; null takes the question out of the score. */
const HALF_POINTS: Record<AnswerValue, 0 | 1 | 2 | null> = {
  compliant: 2,
  partial: 1,
  non_compliant: 0,
  not_applicable: null,
};

/** `gained / possible` in weighted half points; both 0 when nothing that counts was answered. */
export type Score = {
  gained: number;
  possible: number;
  /** 0..100 to two decimals, rounded half up from the exact fraction; null when `possible` is 0. */
  percent: number | null;
  /** The same in hundredths of a percent, an integer 0..10000. */
  basisPoints: number | null;
  /** Questions counted, those not applicable left out. */
  counted: number;
};
/** null is «not answered»: it neither counts nor costs, completeness tells about it. */
export function scoreOf(controls: readonly ControlFacts[], answers: AnswerMap): Score {
  let gained = 0;
  let possible = 0;
  let counted = 0;
  for (const control of controls) {
    const value = answers.get(control.id)?.value ?? null;
    const half = value === null ? null : HALF_POINTS[value];
    if (half === null) continue;
    gained += half * control.weight;
    possible += 2 * control.weight;
    counted += 1;
  }
  const basisPoints = possible === 0 ? null : roundHalfUp(gained * 10_000, possible);
  return { gained, possible, percent: basisPoints === null ? null : basisPoints / 100, basisPoints, counted };
}
/** Integer division rounded half up, for non-negative integers. */
export function roundHalfUp(numerator: number, denominator: number): number {
  return Math.floor((2 * numerator + denominator) / (2 * denominator));
}

export type ScoreTable = {
  overall: Score;
  dimension: Record<Dimension, Score>;
  object: Record<ObjectKind, Score>;
  lifecycle: Record<Tags["lifecycle"], Score>;
  mechanism: Record<Tags["mechanism"], Score>;
  /** One entry per cell of dimension × object, in catalogue order. */
  cells: { dimension: Dimension; object: ObjectKind; score: Score }[];
};
/**
 * Scores overall, by each tag and by each cell of dimension × object. An answer to no control of the list is left
 * out.
 */
export function scoreTable(controls: readonly ControlFacts[], answers: AnswerMap): ScoreTable {
  const by = <K extends TagName>(tag: K) =>
    Object.fromEntries(
      tagValues[tag].map((value) => [
        value,
        scoreOf(
          controls.filter((c) => c[tag] === value),
          answers,
        ),
      ]),
    ) as Record<Tags[K], Score>;
  return {
    overall: scoreOf(controls, answers),
    dimension: by("dimension"),
    object: by("object"),
    lifecycle: by("lifecycle"),
    mechanism: by("mechanism"),
    cells: cellsOf((dimension, object) => ({
      dimension,
      object,
      score: scoreOf(
        controls.filter((c) => c.dimension === dimension && c.object === object),
        answers,
      ),
    })),
  };
}
function cellsOf<T>(make: (dimension: Dimension, object: ObjectKind) => T): T[] {
  return dimensions.flatMap((dimension) => objects.map((object) => make(dimension, object)));
}

type Section = { dimension: Dimension; object: ObjectKind };
type SectionCompleteness = Section & { total: number; answered: number; missing: string[]; needsNote: string[] };
export type Completeness = {
  total: number;
  answered: number;
  /** 0..100, floored: 100 only when nothing is missing. */
  percent: number;
  /** Ids in catalogue order: no answer; partial, non_compliant or not_applicable without a note; compliant without evidence; sent back and untouched. */
  missing: string[];
  needsNote: string[];
  withoutEvidence: string[];
  returned: string[];
  sections: SectionCompleteness[];
  /** What submission must know; blocking for missing answers and notes, warning for evidence. */
  reasons: Reason[];
};
const blank = (text: string | null | undefined): boolean => (text ?? "").trim() === "";

/** How far the answers are, and what keeps them from being submitted. */
export function completeness(controls: readonly ControlFacts[], answers: AnswerMap): Completeness {
  const pick = (test: (answer: AnswerFacts | undefined) => boolean, of = controls) =>
    of.filter((c) => test(answers.get(c.id))).map((c) => c.id);
  const isMissing = (a: AnswerFacts | undefined) => (a?.value ?? null) === null;
  const lacksNote = (a: AnswerFacts | undefined) =>
    (a?.value === "partial" || a?.value === "non_compliant" || a?.value === "not_applicable") && blank(a.note);
  const missing = pick(isMissing);
  const needsNote = pick(lacksNote);
  const withoutEvidence = pick((a) => a?.value === "compliant" && (a.evidenceCount ?? 0) === 0);
  const returned = pick((a) => !blank(a?.returnedReason));
  const answered = controls.length - missing.length;
  const reasons = [
    ...reasonFor("blocking", "rule_survey_unanswered", "control", missing),
    ...reasonFor("blocking", "rule_survey_note_missing", "control", needsNote),
    ...reasonFor("warning", "rule_survey_evidence_missing", "control", withoutEvidence),
    ...reasonFor("warning", "rule_survey_returned_open", "control", returned),
  ];
  return {
    total: controls.length,
    answered,
    percent: controls.length === 0 ? 100 : Math.floor((answered * 100) / controls.length),
    missing,
    needsNote,
    withoutEvidence,
    returned,
    sections: cellsOf((dimension, object) => {
      const own = controls.filter((c) => c.dimension === dimension && c.object === object);
      const gaps = pick(isMissing, own);
      return {
        dimension,
        object,
        total: own.length,
        answered: own.length - gaps.length,
        missing: gaps,
        needsNote: pick(lacksNote, own),
      };
    }),
    reasons,
  };
}

export type ResponseRate = {
  invited: number;
  submitted: number;
  approved: number;
  /** Submitted of invited, 0..10000, floored: the threshold is met only when it really is. */
  basisPoints: number;
  met: boolean;
};
/** `thresholdBp` in basis points. A response counts once it was submitted; one sent back does not count until it comes again. */
export function responseRate(
  sites: readonly { siteId: string; state: "none" | "draft" | "submitted" | "returned" | "approved" | "superseded" }[],
  thresholdBp: number,
): ResponseRate {
  const isIn = (state: string) => state === "submitted" || state === "approved" || state === "superseded";
  const submitted = sites.filter((s) => isIn(s.state)).length;
  const basisPoints = sites.length === 0 ? 0 : Math.floor((submitted * 10_000) / sites.length);
  return {
    invited: sites.length,
    submitted,
    approved: sites.filter((s) => s.state === "approved").length,
    basisPoints,
    met: sites.length > 0 && submitted * 10_000 >= thresholdBp * sites.length,
  };
}
/** Answers as a map by control; a control answered twice is a programming error and throws. */
export function answerMap(answers: readonly AnswerFacts[]): Map<string, AnswerFacts> {
  const map = new Map(answers.map((a) => [a.controlId, a]));
  if (map.size !== answers.length) throw new RangeError("two answers for one control");
  return map;
}
