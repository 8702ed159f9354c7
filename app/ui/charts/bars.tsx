import { formatNumber, formatRange } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LyingAxis } from "./axis.tsx";
import { Figure, type Picture } from "./figure.tsx";
import { middleInside } from "./labels.ts";
import { Mark } from "./mark.tsx";
import { type Axis, domainOf, linearAxis } from "./scale.ts";
import { fitText, textWidth } from "./text.ts";

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
  /** The values are counts: the axis has whole numbers only. */
  whole?: boolean | undefined;
  /** A line to measure against. */
  threshold?: { value: number; label: string } | undefined;
}

const toneClass = (tone: Bar["tone"]): string =>
  tone === undefined || tone === "accent" ? "c-series" : typeof tone === "number" ? `c-risk-${tone}` : `c-${tone}`;

const whisker = (from: number, to: number, y: number) => `M${from} ${y - 4}v8M${from} ${y}H${to}M${to} ${y - 4}v8`;

/** Where the parts of each row stand; `stacked` puts the label above its bar, where it would take too much beside it. */
interface Layout {
  width: number;
  left: number;
  row: number;
  stacked: boolean;
  axis: Axis;
}

const numbersOf = (bars: readonly Bar[]) =>
  bars.flatMap((bar) => [bar.value, bar.low, bar.high].filter((v): v is number => typeof v === "number"));

function layout({ bars, threshold, whole }: BarsProps, text: (bar: Bar) => string, width: number): Layout {
  const longest = Math.max(...bars.map((bar) => textWidth(bar.label))) + 12;
  const stacked = longest > width * 0.36;
  const left = stacked ? 0 : longest;
  const known = numbersOf(bars);
  const tip = Math.max(...bars.map((bar) => (bar.value === null ? 0 : textWidth(text(bar))))) + 10;
  const range = [left + (known.some((v) => v < 0) ? tip : 2), width - Math.max(tip, 12)] as const;
  const domain = domainOf([...known, ...(threshold ? [threshold.value] : [])]);
  return { width, left, stacked, row: stacked ? 42 : 26, axis: linearAxis(domain, range, { whole, across: true }) };
}

interface RowProps {
  bar: Bar;
  y: number;
  at: Layout;
  text: string;
}

/** The figure, or the words that stand for it, behind the bar and its interval; words go where there is more room. */
function Tip({ bar, y, at, text }: RowProps) {
  const { axis, left, width } = at;
  const zero = axis.at(0);
  const turned = bar.value === null ? zero - left > width - zero : bar.value < 0;
  const ends = [0, bar.value ?? 0, bar.low ?? 0, bar.high ?? 0].map(axis.at);
  const x = turned ? Math.min(...ends) - 6 : Math.max(...ends) + 6;
  return (
    <text
      className={bar.value === null ? "c-hint c-over" : "c-ink c-over"}
      x={x}
      y={y + 17}
      textAnchor={turned ? "end" : "start"}
    >
      {fitText(text, turned ? x - left : width - x)}
    </text>
  );
}

function BarRow({ bar, y, at, text }: RowProps) {
  const { axis, left, width, stacked, row } = at;
  const [from, to] = [axis.at(Math.min(0, bar.value ?? 0)), axis.at(Math.max(0, bar.value ?? 0))];
  const line = stacked ? y + 16 : y;
  return (
    <Mark told={`${bar.label}: ${text}`} href={bar.to} focus={{ x: 0, y, width, height: row }}>
      <text x={stacked ? 0 : left - 8} y={y + (stacked ? 14 : 17)} textAnchor={stacked ? "start" : "end"}>
        {fitText(bar.label, stacked ? width : left)}
      </text>
      <rect className={toneClass(bar.tone)} x={from} y={line + 5} width={Math.max(0, to - from)} height={16} />
      {bar.low !== undefined && bar.high !== undefined ? (
        <>
          <path className="c-halo" d={whisker(axis.at(bar.low), axis.at(bar.high), line + 13)} />
          <path className="c-whisker" d={whisker(axis.at(bar.low), axis.at(bar.high), line + 13)} />
        </>
      ) : null}
      <Tip bar={bar} y={line} at={at} text={text} />
    </Mark>
  );
}

function picture(props: BarsProps, text: (bar: Bar) => string, width: number): Picture | null {
  const { bars, threshold, measure, unit } = props;
  if (bars.every((bar) => bar.value === null)) return null;
  const at = layout(props, text, width);
  const top = threshold ? 22 : 4;
  const bottom = top + bars.length * at.row + 4;
  const line = threshold ? at.axis.at(threshold.value) : 0;
  return {
    height: bottom + 36,
    marks: (
      <>
        <LyingAxis
          axis={at.axis}
          width={width}
          top={top}
          bottom={bottom}
          name={unit ? `${measure} (${unit})` : measure}
        />
        {bars.map((bar, index) => (
          <BarRow key={index} bar={bar} y={top + index * at.row} at={at} text={text(bar)} />
        ))}
        {threshold ? (
          <g>
            <line className="c-today" x1={line} x2={line} y1={top - 4} y2={bottom} />
            <text x={middleInside(threshold.label, line, width)} y={14} textAnchor="middle">
              {threshold.label}
            </text>
          </g>
        ) : null}
      </>
    ),
  };
}

/** Lying bars with the figure at each end: comparison of a few, or a distribution over the five levels. */
export function Bars(props: BarsProps) {
  const { title, note, bars, of, measure, unit, digits } = props;
  const locale = getLocale();
  const text = (bar: Bar) =>
    bar.text ?? (bar.value === null ? m.ui_chart_hidden() : formatNumber(bar.value, locale, digits));
  const intervals = bars.some((bar) => bar.low !== undefined);
  const interval = ({ low, high }: Bar) =>
    low !== undefined && high !== undefined ? formatRange(low, high, locale, digits ?? 1) : "—";
  return (
    <Figure
      title={title}
      note={note}
      table={{
        heads: [of, unit ? `${measure} (${unit})` : measure, ...(intervals ? [m.ui_chart_interval()] : [])],
        rows: bars.map((bar) => [bar.label, text(bar), ...(intervals ? [interval(bar)] : [])]),
      }}
      draw={(width) => picture(props, text, width)}
    />
  );
}
