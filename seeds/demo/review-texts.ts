/** What a sector concludes of a batch: as much as the figures beside it bear, for they stand on the same page. */
import type { Dimension } from "#app/domain/vocabulary.ts";
import type { Effect } from "#app/features/effect/effects.rules.ts";

const words: Record<Dimension, string> = { supervision: "监管", identity: "身份", network: "网络", privacy: "隐私" };

/** @param effects of each dimension of which anything is known, as the page computes them */
export function conclusionOf(
  batchNo: 1 | 2,
  effects: Partial<Record<Dimension, Pick<Effect, "n" | "verdict">>>,
): string {
  const begin = `第${batchNo === 1 ? "一" : "二"}批试点已经结束。`;
  const of = (verdict: Effect["verdict"]) =>
    (Object.keys(words) as Dimension[]).filter((d) => effects[d]?.verdict === verdict).map((d) => words[d]);
  const [fell, rose] = [of("fell"), of("rose")];
  const most = Math.max(0, ...Object.values(effects).map((e) => e.n));
  const changed = [
    ...(fell.length > 0 ? [`${fell.join("、")}维度的风险下降，区间不含零`] : []),
    ...(rose.length > 0 ? [`${rose.join("、")}维度的风险上升，区间不含零`] : []),
  ];
  if (changed.length > 0) return `${begin}${changed.join("；")}；其余维度尚看不出变化。做法可在领域内继续试用。`;
  return most === 0
    ? `${begin}没有可据以判断风险变化的数据。做法是否推广，待第二批验证。`
    : `${begin}纳入测算的试点至多 ${most} 个，各维度的区间都含零或无法给出，尚不能判断风险是否变化。做法可在领域内继续试用。`;
}
