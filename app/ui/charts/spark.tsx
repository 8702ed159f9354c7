import { formatNumber } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { linear } from "./scale.ts";

export interface SparkProps {
  /** Oldest first; null where nothing was reported. */
  values: readonly (number | null)[];
  /** What it shows, for those who do not see it: «近六期风险值». */
  label: string;
  digits?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
}

/** A trend as small as a word, for cells: the line, and a dot on the last value. The value itself stands beside it. */
export function Spark({ values, label, digits = 0, width = 72, height = 18 }: SparkProps) {
  const locale = getLocale();
  const known = values.filter((value): value is number => value !== null);
  const last = known.at(-1);
  if (last === undefined) return <span className="ui-none">{m.ui_none()}</span>;
  const x = linear([0, Math.max(1, values.length - 1)], [3, width - 4]);
  const y = linear(
    [Math.min(...known), Math.max(...known) === Math.min(...known) ? Math.min(...known) + 1 : Math.max(...known)],
    [height - 3, 3],
  );
  let path = "";
  let pen = false;
  for (const [index, value] of values.entries()) {
    if (value !== null) path += `${pen ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = value !== null;
  }
  const words = `${label}: ${values.map((value) => (value === null ? "—" : formatNumber(value, locale, digits))).join(" → ")}`;
  return (
    <span className="ui-chart ui-spark">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
        <title>{words}</title>
        <path className="c-line" d={path} strokeWidth="1.5" />
        <circle className="c-series" cx={x(values.lastIndexOf(last))} cy={y(last)} r="2.5" />
      </svg>
    </span>
  );
}
