import { formatNumber } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Figure } from "./figure.tsx";
import { Mark } from "./mark.tsx";
import { fitText, linear, spread, ticks } from "./scale.ts";

interface SlopeItem {
  label: string;
  before: number;
  after: number;
  /** One to look at; the others step back when any is marked. */
  marked?: boolean | undefined;
  to?: string | undefined;
}

export interface SlopeProps {
  title: string;
  note?: string | undefined;
  items: readonly SlopeItem[];
  beforeLabel: string;
  afterLabel: string;
  unit?: string | undefined;
  digits?: number | undefined;
  height?: number | undefined;
  bare?: boolean | undefined;
}

/** Before and after as one line each: direction and size of the change at a glance, labelled at its end. */
export function Slope({
  title,
  note,
  items,
  beforeLabel,
  afterLabel,
  unit,
  digits = 1,
  height = 240,
  bare,
}: SlopeProps) {
  const locale = getLocale();
  const values = items.flatMap((item) => [item.before, item.after]);
  const steps = ticks(Math.min(...values), Math.max(...values, Math.min(...values) + 1));
  const [top, bottom, x1, x2, width] = [34, height - 12, 56, 220, 400];
  const y = linear([steps[0] ?? 0, steps.at(-1) ?? 1], [bottom, top]);
  const text = (value: number) => formatNumber(value, locale, digits);
  const ends = spread(
    items.map((item) => y(item.after)),
    14,
    top,
    bottom,
  );
  const starts = spread(
    items.map((item) => y(item.before)),
    14,
    top,
    bottom,
  );
  const anyMarked = items.some((item) => item.marked);
  return (
    <Figure
      title={title}
      note={note}
      bare={bare}
      table={{
        heads: [m.ui_chart_case(), beforeLabel, afterLabel, m.ui_chart_change()],
        rows: items.map((item) => [item.label, text(item.before), text(item.after), text(item.after - item.before)]),
      }}
    >
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={title}>
        <text className="c-hint" x={x1} y={14} textAnchor="middle">
          {beforeLabel}
        </text>
        <text className="c-hint" x={x2} y={14} textAnchor="middle">
          {unit ? `${afterLabel} (${unit})` : afterLabel}
        </text>
        <line className="c-axis" x1={x1} x2={x1} y1={top - 8} y2={bottom} />
        <line className="c-axis" x1={x2} x2={x2} y1={top - 8} y2={bottom} />
        {items.map((item, index) => {
          const strong = item.marked || !anyMarked;
          return (
            <Mark key={index} told={`${item.label}: ${text(item.before)} → ${text(item.after)}`} href={item.to}>
              <line
                className={strong ? "c-line" : "c-line-quiet"}
                x1={x1}
                y1={y(item.before)}
                x2={x2}
                y2={y(item.after)}
              />
              <circle className={strong ? "c-series" : "c-muted"} cx={x1} cy={y(item.before)} r="3" />
              <circle className={strong ? "c-series" : "c-muted"} cx={x2} cy={y(item.after)} r="3" />
              <text x={x1 - 8} y={(starts[index] ?? 0) + 4} textAnchor="end" className={strong ? "" : "c-hint"}>
                {text(item.before)}
              </text>
              <text x={x2 + 8} y={(ends[index] ?? 0) + 4} className={strong ? "c-ink" : "c-hint"}>
                {`${text(item.after)}  ${fitText(item.label, width - x2 - 48)}`}
              </text>
            </Mark>
          );
        })}
      </svg>
    </Figure>
  );
}
