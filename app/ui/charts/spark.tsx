import { extent } from "d3-array";
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { formatNumber } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";

export interface SparkProps {
  /** Oldest first; null where nothing was reported. */
  values: readonly (number | null)[];
  /** What it shows, for those who do not see it: «近六期风险值». */
  label: string;
  digits?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
}

/**
 * A trend as small as a word, for cells: the line, and a dot on the last value. The value itself stands beside it; of fewer than two
 * there is no trend and nothing is drawn.
 */
export function Spark({ values, label, digits = 0, width = 72, height = 18 }: SparkProps) {
  const locale = getLocale();
  const known = values.filter((value): value is number => value !== null);
  const last = known.at(-1);
  if (last === undefined) return <span className="ui-none">{m.ui_none()}</span>;
  if (known.length < 2) return null;
  const x = scaleLinear([0, values.length - 1], [3, width - 4]);
  const [low = last, high = last] = extent(known);
  // values that are all alike make a line half way up
  const y = scaleLinear(low === high ? [low - 1, low + 1] : [low, high], [height - 3, 3]);
  const path = line<number | null>(
    (_, index) => x(index),
    (value) => y(value ?? 0),
  ).defined((value) => value !== null);
  const words = `${label}: ${values.map((value) => (value === null ? "—" : formatNumber(value, locale, digits))).join(" → ")}`;
  return (
    <span className="ui-chart ui-spark">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
        <title>{words}</title>
        <path className="c-line" d={path(values) ?? ""} strokeWidth="1.5" />
        <circle className="c-series" cx={x(values.lastIndexOf(last))} cy={y(last)} r="2.5" />
      </svg>
    </span>
  );
}
