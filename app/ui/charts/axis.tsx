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

/** Ticks of a time axis whose label begins at the tick and ends inside the picture, and does not cross the line of today. */
export const dayTicks = (axis: DayAxis, width: number, today: number | null): (Tick & { told: boolean })[] =>
  axis.ticks.map((tick) => {
    const end = tick.at + 4 + textWidth(tick.label);
    return {
      ...tick,
      told: tick.label !== "" && end <= width && (today === null || today < tick.at - 4 || today > end + 4),
    };
  });

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
