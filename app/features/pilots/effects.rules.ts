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
  /** Measures of the plan against it, and whether each is in place. */
  measures: readonly { id: string; threatCut: number; vulnerabilityCut: number; done: boolean }[];
};
export type EffectIndicator = IndicatorFacts & { dimension: Dimension };
/** Mean risk of a dimension in whole thousandths. */
export type DimensionEffect = {
  dimension: Dimension;
  beforeMilli: number;
  /** With every measure of the plan in place. */
  promisedMilli: number;
  /** As reported; null where nothing was: see `pilotEffect`. */
  afterMilli: number | null;
  risks: number;
};

/** A risk value as the method writes it, in whole thousandths; more decimals are cut. */
const valueMilli = (value: string): number => {
  const [whole = "0", part = ""] = value.split(".");
  return toScaled(`${whole}.${part.slice(0, 3)}`, 3);
};
/** Mean of whole thousandths, rounded half up. */
const mean = (values: readonly number[]): number =>
  Math.floor((2 * values.reduce((a, b) => a + b, 0) + values.length) / (2 * values.length));
/** What is left of a risk when these measures are in place, thousandths. */
function residual({ method, assetValue, threat, vulnerability }: EffectRisk, inPlace: EffectRisk["measures"]): number {
  const inputs = { asset: toLevel(assetValue), threat: toLevel(threat), vulnerability: toLevel(vulnerability) };
  return valueMilli(residualRisk(method, inputs, inPlace.flatMap(measureEffects)).risk.value);
}

/**
 * Mean risk of each dimension before, as promised by the plan, and as reported. Reported: the measures in place take their
 * levels off, and of that so much is believed as the dimension's indicators have come of their way. Where the plan has no
 * indicator for a dimension, an approved report vouches for the measures in place; where it has some and none of them is
 * reported, or where no report was approved at all, nothing is known after, and silence is no effect.
 *
 * @param indicators with the figures of approved reports
 * @param reported whether any report of the pilot was approved
 */
export function pilotEffect(
  risks: readonly EffectRisk[],
  indicators: readonly EffectIndicator[],
  reported: boolean,
): DimensionEffect[] {
  return dimensions.flatMap((dimension) => {
    const own = risks.filter((r) => r.dimension === dimension);
    if (own.length === 0) return [];
    const share = reported ? believedBp(indicators, dimension) : null;
    const before = own.map((r) => valueMilli(r.value));
    const after = (r: EffectRisk, was: number, of: number) =>
      was -
      Math.floor(
        ((was -
          residual(
            r,
            r.measures.filter((one) => one.done),
          )) *
          of +
          5_000) /
          10_000,
      );
    return [
      {
        dimension,
        beforeMilli: mean(before),
        promisedMilli: mean(own.map((r) => residual(r, r.measures))),
        afterMilli: share === null ? null : mean(own.map((r, i) => after(r, before[i] ?? 0, share))),
        risks: own.length,
      },
    ];
  });
}
/** Basis points of the way that the indicators of a dimension have come; all of it where the plan has none, null where none is reported. */
function believedBp(indicators: readonly EffectIndicator[], dimension: Dimension): number | null {
  const own = indicators.filter((i) => i.dimension === dimension);
  if (own.length === 0) return 10_000;
  const reached: Attainment[] = own.map(attainment);
  return meanAttainment(reached);
}
