import { formatNumber } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Figure, type Picture } from "./figure.tsx";
import { middleInside, spread } from "./labels.ts";
import { Mark } from "./mark.tsx";
import { domainOf, linearAxis } from "./scale.ts";
import { fitText, textWidth } from "./text.ts";

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
}

const [LINE, TOP] = [15, 38];

/** A head as near above its line as the stretch it may fill lets it stand. */
function headAt(head: string, line: number, from: number, to: number): { text: string; x: number } {
  const text = fitText(head, to - from);
  return { text, x: from + middleInside(text, line - from, to - from) };
}

function picture(props: SlopeProps, text: (value: number) => string, width: number): Picture | null {
  const { items, beforeLabel, afterLabel, unit, height = 240 } = props;
  if (items.length === 0) return null;
  const bottom = Math.max(height - 12, TOP + items.length * LINE);
  const axis = linearAxis(
    domainOf(
      items.flatMap((item) => [item.before, item.after]),
      false,
    ),
    [bottom, TOP],
  );
  const last = (item: SlopeItem) => `${text(item.after)}  ${item.label}`;
  const left = Math.max(...items.map((item) => textWidth(text(item.before)))) + 10;
  const room = Math.min(width * 0.56, Math.max(...items.map((item) => textWidth(last(item)))) + 2);
  const right = Math.min(width - room - 8, left + 320);
  const ends = spread(
    items.map((item) => axis.at(item.after)),
    LINE,
    TOP,
    bottom,
  );
  const starts = spread(
    items.map((item) => axis.at(item.before)),
    LINE,
    TOP,
    bottom,
  );
  const whole = right + 8 + room;
  const middle = (left + right) / 2;
  const heads = [
    { line: left, ...headAt(beforeLabel, left, 0, middle - 4) },
    { line: right, ...headAt(unit ? `${afterLabel} (${unit})` : afterLabel, right, middle + 4, whole) },
  ];
  const anyMarked = items.some((item) => item.marked);
  return {
    width: whole,
    height: bottom + 12,
    marks: (
      <>
        {heads.map(({ line, text, x }) => (
          <g key={line}>
            <text className="c-hint" x={x} y={14} textAnchor="middle">
              {text}
            </text>
            <line className="c-axis" x1={line} x2={line} y1={TOP - 12} y2={bottom + 4} />
          </g>
        ))}
        {items.map((item, index) => {
          const strong = item.marked || !anyMarked;
          const [from, to] = [axis.at(item.before), axis.at(item.after)];
          return (
            <Mark key={index} told={`${item.label}: ${text(item.before)} → ${text(item.after)}`} href={item.to}>
              <line className={strong ? "c-line" : "c-line-quiet"} x1={left} y1={from} x2={right} y2={to} />
              <circle className={strong ? "c-series" : "c-muted"} cx={left} cy={from} r="3" />
              <circle className={strong ? "c-series" : "c-muted"} cx={right} cy={to} r="3" />
              <text x={left - 8} y={(starts[index] ?? 0) + 4} textAnchor="end" className={strong ? "" : "c-hint"}>
                {text(item.before)}
              </text>
              <text x={right + 8} y={(ends[index] ?? 0) + 4} className={strong ? "c-ink" : "c-hint"}>
                {fitText(last(item), room)}
              </text>
            </Mark>
          );
        })}
      </>
    ),
  };
}

/** Before and after as one line each: direction and size of the change at a glance, labelled at its end. */
export function Slope(props: SlopeProps) {
  const { title, note, items, beforeLabel, afterLabel, digits = 1 } = props;
  const locale = getLocale();
  const text = (value: number) => formatNumber(value, locale, digits);
  return (
    <Figure
      title={title}
      note={note}
      table={{
        heads: [m.ui_chart_case(), beforeLabel, afterLabel, m.ui_chart_change()],
        rows: items.map((item) => [item.label, text(item.before), text(item.after), text(item.after - item.before)]),
      }}
      draw={(width) => picture(props, text, width)}
    />
  );
}
