import { m } from "#app/i18n/paraglide/messages.js";
import { middleInside } from "./labels.ts";
import type { Axis, DayAxis, Tick } from "./scale.ts";
import { fitText, textWidth } from "./text.ts";

interface LyingProps {
  axis: Axis;
  /** The drawing's width; labels at the ends stay inside. */
  width: number;
  top: number;
  /** Where the axis lies; its labels stand 14 below, its name 30 below. */
  bottom: number;
  /** What is measured, with its unit. */
  name: string;
}

/** A lying axis below its marks: grid, labels, name at its end. */
export function LyingAxis({ axis, width, top, bottom, name }: LyingProps) {
  return (
    <>
      {axis.ticks.map(({ value, at, label }) => (
        <g key={value}>
          <line className={value === 0 ? "c-axis" : "c-grid"} x1={at} x2={at} y1={top} y2={bottom} />
          <text className="c-hint" x={middleInside(label, at, width)} y={bottom + 14} textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
      <text className="c-hint" x={width} y={bottom + 30} textAnchor="end">
        {fitText(name, width)}
      </text>
    </>
  );
}

/** Grid and labels of a standing axis at the left of its marks. */
export function StandingAxis({ axis, left, right }: { axis: Axis; left: number; right: number }) {
  return axis.ticks.map(({ value, at, label }) => (
    <g key={value}>
      <line className={value === 0 ? "c-axis" : "c-grid"} x1={left} x2={right} y1={at} y2={at} />
      <text className="c-hint" x={left - 6} y={at + 4} textAnchor="end">
        {label}
      </text>
    </g>
  ));
}

/** Room that the labels of a standing axis take at its left. */
export const axisRoom = (axis: Axis): number => Math.max(...axis.ticks.map(({ label }) => textWidth(label))) + 8;

/** A label beside its tick. */
interface Beside {
  x: number;
  textAnchor: "start" | "end";
}

/**
 * Ticks of a time axis with the place of each label: after its tick or, where the picture ends or the line of today would cross it,
 * before it; null where neither side has room.
 */
export function dayTicks(axis: DayAxis, width: number, today: number | null): (Tick & { beside: Beside | null })[] {
  let last = -Infinity;
  const free = (from: number, to: number) =>
    from >= Math.max(0, last) && to <= width && (today === null || today < from - 4 || today > to + 4);
  return axis.ticks.map((tick) => {
    const room = textWidth(tick.label);
    const [after, before] = [tick.at + 4, tick.at - 4];
    if (tick.label === "") return { ...tick, beside: null };
    if (free(after, after + room)) {
      last = after + room + 8;
      return { ...tick, beside: { x: after, textAnchor: "start" } };
    }
    return { ...tick, beside: free(before - room, before) ? { x: before, textAnchor: "end" } : null };
  });
}

/** The line of today with its word at its head, which takes 18 above it. */
export function Today({
  x,
  width,
  top,
  bottom,
  day,
}: {
  x: number;
  width: number;
  top: number;
  bottom: number;
  day: string;
}) {
  return (
    <g>
      <title>{`${m.ui_chart_today()}: ${day}`}</title>
      <line className="c-today" x1={x} x2={x} y1={top} y2={bottom} />
      <path className="c-late" d={`M${x - 4} ${top - 5}h8l-4 6z`} />
      <text className="c-ink" x={middleInside(m.ui_chart_today(), x, width)} y={top - 8} textAnchor="middle">
        {m.ui_chart_today()}
      </text>
    </g>
  );
}
