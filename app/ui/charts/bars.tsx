import { formatNumber, formatRange } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Figure } from "./figure.tsx";
import { Mark } from "./mark.tsx";
import { fitText, linear, textWidth, ticks } from "./scale.ts";

export interface Bar {
  label: string;
  /** null: suppressed or unknown; says so instead of a bar. */
  value: number | null;
  /** Interval, drawn as a whisker. */
  low?: number | undefined;
  high?: number | undefined;
  tone?: "accent" | "muted" | "late" | "due" | "done" | 1 | 2 | 3 | 4 | 5 | undefined;
  to?: string | undefined;
  /** Instead of the number at the end: «n < 5». */
  text?: string | undefined;
}

export interface BarsProps {
  title: string;
  note?: string | undefined;
  bars: readonly Bar[];
  /** Head of the label column in the table, and of the values. */
  of: string;
  measure: string;
  unit?: string | undefined;
  digits?: number | undefined;
  /** Lower and upper end of the axis; from the data otherwise, always with zero. */
  max?: number | undefined;
  min?: number | undefined;
  /** A line to measure against. */
  threshold?: { value: number; label: string } | undefined;
  width?: number | undefined;
  bare?: boolean | undefined;
}

const toneClass = (tone: Bar["tone"]): string =>
  tone === undefined || tone === "accent" ? "c-series" : typeof tone === "number" ? `c-risk-${tone}` : `c-${tone}`;

const ROW = 26;

const whisker = (from: number, to: number, y: number) => `M${from} ${y - 4}v8M${from} ${y}H${to}M${to} ${y - 4}v8`;

interface RowProps {
  bar: Bar;
  y: number;
  x: (value: number) => number;
  left: number;
  text: string;
}

function BarRow({ bar, y, x, left, text }: RowProps) {
  const [from, to] = [x(Math.min(0, bar.value ?? 0)), x(Math.max(0, bar.value ?? 0))];
  const negative = (bar.value ?? 0) < 0;
  const ends = [bar.low, bar.high].flatMap((end) => (end === undefined ? [] : [x(end)]));
  const tip = negative ? Math.min(from, ...ends) - 6 : Math.max(to, ...ends) + 6;
  return (
    <Mark told={`${bar.label}: ${text}`} href={bar.to}>
      <text x={left - 8} y={y + 17} textAnchor="end">
        {fitText(bar.label, left - 10)}
      </text>
      <rect className={toneClass(bar.tone)} x={from} y={y + 5} width={Math.max(0, to - from)} height={ROW - 10} />
      {bar.low !== undefined && bar.high !== undefined ? (
        <>
          <path className="c-halo" d={whisker(x(bar.low), x(bar.high), y + 13)} />
          <path className="c-whisker" d={whisker(x(bar.low), x(bar.high), y + 13)} />
        </>
      ) : null}
      <text className="c-ink" x={tip} y={y + 17} textAnchor={negative ? "end" : "start"}>
        {text}
      </text>
    </Mark>
  );
}

/** Lying bars with the figure at each end: comparison of a few, or a distribution over the five levels. */
export function Bars({
  title,
  note,
  bars,
  of,
  measure,
  unit,
  digits,
  max,
  min,
  threshold,
  width = 520,
  bare,
}: BarsProps) {
  const locale = getLocale();
  const known = bars.flatMap((bar) => [bar.value, bar.low, bar.high].filter((v): v is number => typeof v === "number"));
  const steps = ticks(
    min ?? Math.min(0, ...known),
    max ?? Math.max(0, threshold?.value ?? 0, ...known, min === undefined ? 1 : 0),
  );
  const left = Math.min(150, Math.max(40, ...bars.map((bar) => textWidth(bar.label)))) + 12;
  const text = (bar: Bar) =>
    bar.text ?? (bar.value === null ? m.ui_chart_hidden() : formatNumber(bar.value, locale, digits));
  const right = Math.max(40, ...bars.map((bar) => textWidth(text(bar)))) + 10;
  const x = linear([steps[0] ?? 0, steps.at(-1) ?? 1], [left + (known.some((v) => v < 0) ? right : 0), width - right]);
  const [top, height] = [threshold ? 20 : 4, bars.length * ROW + (threshold ? 20 : 4) + 22];
  const intervals = bars.some((bar) => bar.low !== undefined);
  return (
    <Figure
      title={title}
      note={note}
      bare={bare}
      table={{
        heads: [of, unit ? `${measure} (${unit})` : measure, ...(intervals ? [m.ui_chart_interval()] : [])],
        rows: bars.map((bar) => [
          bar.label,
          text(bar),
          ...(intervals
            ? [
                bar.low !== undefined && bar.high !== undefined
                  ? formatRange(bar.low, bar.high, locale, digits ?? 1)
                  : "—",
              ]
            : []),
        ]),
      }}
    >
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={title}>
        {steps.map((step) => (
          <g key={step}>
            <line className={step === 0 ? "c-axis" : "c-grid"} x1={x(step)} x2={x(step)} y1={top} y2={height - 18} />
            <text className="c-hint" x={x(step)} y={height - 4} textAnchor="middle">
              {formatNumber(step, locale)}
            </text>
          </g>
        ))}
        {unit ? (
          <text className="c-hint" x={left - 8} y={height - 4} textAnchor="end">
            {unit}
          </text>
        ) : null}
        {bars.map((bar, index) => (
          <BarRow key={index} bar={bar} y={top + index * ROW} x={x} left={left} text={text(bar)} />
        ))}
        {threshold ? (
          <g>
            <line className="c-today" x1={x(threshold.value)} x2={x(threshold.value)} y1={top - 4} y2={height - 18} />
            <text x={x(threshold.value)} y={12} textAnchor="middle">
              {threshold.label}
            </text>
          </g>
        ) : null}
      </svg>
    </Figure>
  );
}
