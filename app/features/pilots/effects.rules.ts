/** What a pilot did to its risks: register values before, residual of what is in place after. */
import { type Attainment, attainment, type IndicatorFacts, meanAttainment } from "./course.rules.ts";
import { measureEffects, residualRisk } from "#app/features/risk/risk-method.rules.ts";
import { toScaled } from "#app/platform/fields.ts";
import { type Dimension, dimensions, type RiskMethod, toLevel } from "#app/domain/vocabulary.ts";

export type EffectRisk = {
  id: string;
  dimension: Dimension;
  method: RiskMethod;
  assetValue: number;
  threat: number;
  vulnerability: number;
  value: string;
  /** Measures in place against it. */
  done: readonly { id: string; threatCut: number; vulnerabilityCut: number }[];
};
export type EffectIndicator = IndicatorFacts & { dimension: Dimension };
export type DimensionEffect = { dimension: Dimension; beforeMilli: number; afterMilli: number; risks: number };

/** A risk value as the method writes it, in whole thousandths; more decimals are cut. */
const valueMilli = (value: string): number => {
  const [whole = "0", part = ""] = value.split(".");
  return toScaled(`${whole}.${part.slice(0, 3)}`, 3);
};
/** Mean of whole thousandths, rounded half up. */
const mean = (values: readonly number[]): number =>
  Math.floor((2 * values.reduce((a, b) => a + b, 0) + values.length) / (2 * values.length));

/**
 * Mean risk of each dimension before and after. A measure in place takes its levels off; how much of that is believed is
 * what the dimension's indicators have reached of their way (all of it where none is reported), so that a measure on paper
 * does not pass for an effect.
 */
export function pilotEffect(risks: readonly EffectRisk[], indicators: readonly EffectIndicator[]): DimensionEffect[] {
  return dimensions.flatMap((dimension) => {
    const own = risks.filter((r) => r.dimension === dimension);
    if (own.length === 0) return [];
    const share = reachedBp(indicators, dimension);
    const before = own.map((r) => valueMilli(r.value));
    const after = own.map((r, i) => {
      const was = before[i] ?? 0;
      const inputs = {
        asset: toLevel(r.assetValue),
        threat: toLevel(r.threat),
        vulnerability: toLevel(r.vulnerability),
      };
      const residual = valueMilli(residualRisk(r.method, inputs, r.done.flatMap(measureEffects)).risk.value);
      return was - Math.floor(((was - residual) * share + 5_000) / 10_000);
    });
    return [{ dimension, beforeMilli: mean(before), afterMilli: mean(after), risks: own.length }];
  });
}
function reachedBp(indicators: readonly EffectIndicator[], dimension: Dimension): number {
  const reached: Attainment[] = indicators.filter((i) => i.dimension === dimension).map(attainment);
  return meanAttainment(reached) ?? 10_000;
}
