/** The sealed form of a response: what goes in, and what lists read of it. Pure. */
import type { ResponseSummary, SummaryScore } from "#app/features/project/summaries.schema.ts";
import { type Dimension, dimensions } from "#app/domain/vocabulary.ts";
import type { ResponseContent, SealedAnswer } from "./survey.schema.ts";
import {
  type AnswerMap,
  type AnswerFacts,
  answerMap,
  completeness,
  type ControlFacts,
  type Score,
  scoreTable,
} from "./survey.rules.ts";

/** Evidence is named one a line. */
const evidenceCount = (evidenceRef: string): number =>
  evidenceRef.split("\n").filter((line) => line.trim() !== "").length;

/** Answers as the rules of the survey read them. `reasons`: why a question came back, by control. */
export function factsOf(answers: readonly SealedAnswer[], reasons: ReadonlyMap<string, string> = new Map()): AnswerMap {
  const facts = answers.map(
    (a): AnswerFacts => ({
      controlId: a.controlCode,
      value: a.value,
      note: a.note,
      evidenceCount: evidenceCount(a.evidenceRef),
      returnedReason: reasons.get(a.controlCode) ?? null,
    }),
  );
  return answerMap(facts);
}

const flat = (s: Score): SummaryScore => ({ gained: s.gained, possible: s.possible, bp: s.basisPoints });
const flatAll = (of: Record<string, Score>) => Object.fromEntries(Object.entries(of).map(([k, s]) => [k, flat(s)]));

/** The figures that are sealed beside a response, so that comparisons need not open it. */
export function summaryOfResponse(content: ResponseContent, controls: readonly ControlFacts[]): ResponseSummary {
  const facts = factsOf(content.answers);
  const table = scoreTable(controls, facts);
  const isWeak = (id: string) => facts.get(id)?.value === "partial" || facts.get(id)?.value === "non_compliant";
  const weak = (d: Dimension) => controls.filter((c) => c.dimension === d && isWeak(c.id)).length;
  return {
    systemId: content.system.id,
    systemName: content.system.name,
    grade: content.system.grade,
    completeness: completeness(controls, facts).percent,
    overall: flat(table.overall),
    dimension: flatAll(table.dimension),
    object: flatAll(table.object),
    lifecycle: flatAll(table.lifecycle),
    mechanism: flatAll(table.mechanism),
    cells: Object.fromEntries(table.cells.map((c) => [`${c.dimension}/${c.object}`, flat(c.score)])),
    weak: Object.fromEntries(dimensions.map((d) => [d, weak(d)])),
    assets: content.assets.length,
    singleSource: content.assets.filter((a) => a.singleSource).length,
  };
}
