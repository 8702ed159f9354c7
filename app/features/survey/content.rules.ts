/** The sealed form of a response: what goes in, what lists read of it, and how two of them differ. Pure. */
import type { ResponseSummary, SummaryScore } from "#app/features/project/summaries.schema.ts";
import { type Dimension, dimensions } from "#app/domain/vocabulary.ts";
import type { ResponseContent, SealedAnswer, SealedAsset } from "./survey.schema.ts";
import {
  type AnswerMap,
  type AnswerFacts,
  answerChanges,
  answerMap,
  completeness,
  type ControlFacts,
  type FieldChange,
  type Score,
  scoreTable,
} from "./survey.rules.ts";

/** Evidence is named one a line. */
export const evidenceCount = (evidenceRef: string): number =>
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

export type AssetField = Exclude<keyof SealedAsset, "id">;
export interface AssetChange {
  assetId: string;
  name: string;
  kind: "added" | "removed" | "changed";
  /** Changed fields with both values; empty for an added or removed asset. */
  fields: { field: AssetField; before: string; after: string }[];
}
const assetFields: readonly AssetField[] = [
  "name",
  "object",
  "supplier",
  "singleSource",
  "replacementTested",
  "c",
  "i",
  "a",
  "note",
];

/** Difference of two lists of assets, by id. Every field counts: what an asset is worth decides its risks. */
export function assetChanges(before: readonly SealedAsset[], after: readonly SealedAsset[]): AssetChange[] {
  const was = new Map(before.map((a) => [a.id, a]));
  const is = new Map(after.map((a) => [a.id, a]));
  const changes: AssetChange[] = [];
  for (const [id, b] of is) {
    const a = was.get(id);
    if (!a) {
      changes.push({ assetId: id, name: b.name, kind: "added", fields: [] });
      continue;
    }
    const fields = assetFields
      .filter((f) => a[f] !== b[f])
      .map((field) => ({ field, before: String(a[field]), after: String(b[field]) }));
    if (fields.length > 0) changes.push({ assetId: id, name: b.name, kind: "changed", fields });
  }
  for (const [id, a] of was) if (!is.has(id)) changes.push({ assetId: id, name: a.name, kind: "removed", fields: [] });
  return changes;
}

export interface ContentChanges {
  answers: FieldChange[];
  assets: AssetChange[];
  /** The approval given on the first no longer covers the second. */
  material: boolean;
}
export function contentChanges(
  before: Pick<ResponseContent, "answers" | "assets">,
  after: Pick<ResponseContent, "answers" | "assets">,
): ContentChanges {
  const answers = answerChanges(factsOf(before.answers), factsOf(after.answers));
  const assets = assetChanges(before.assets, after.assets);
  return { answers, assets, material: assets.length > 0 || answers.some((c) => c.material) };
}
