/**
 * The closed word lists of the domain (PRODUCT.md «Words»), as data that rules, forms and pages share.
 * Plain values, safe in the browser; the words a reader sees are messages `rule_word_<list>_<code>`.
 */
import {
  type Dimension,
  dimensions,
  type Lifecycle,
  lifecycles,
  type Mechanism,
  mechanisms,
  type ObjectKind,
  objects,
} from "#db/vocabulary.ts";

export * from "#db/vocabulary.ts";

/** Risk, asset, threat and vulnerability all use the five levels 很低 低 中 高 很高 (GB/T 20984-2022). */
export type Level = 1 | 2 | 3 | 4 | 5;
export const levels = [1, 2, 3, 4, 5] as const satisfies readonly Level[];
/** From this level on a risk is «high»: it needs an owner and a measure before a report or plan is approved. */
export const HIGH_LEVEL: Level = 4;

/** The four tags of every question, measure, finding and clause. */
export type Tags = { dimension: Dimension; object: ObjectKind; lifecycle: Lifecycle; mechanism: Mechanism };
export type TagName = keyof Tags;
export const tagValues = {
  dimension: dimensions,
  object: objects,
  lifecycle: lifecycles,
  mechanism: mechanisms,
} as const;

function isLevel(value: number): value is Level {
  return Number.isInteger(value) && value >= 1 && value <= 5;
}
/** Throws RangeError for anything but 1, 2, 3, 4, 5: a level from outside is never rounded in silence. */
export function toLevel(value: number): Level {
  if (!isLevel(value)) throw new RangeError(`not a level 1..5: ${value}`);
  return value;
}
