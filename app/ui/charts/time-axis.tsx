import { m } from "#app/i18n/paraglide/messages.js";
import { Figure } from "./figure.tsx";
import { TickLabel, Today } from "./gantt.tsx";
import { Mark } from "./mark.tsx";
import { calendarTicks, dayNumber, fitText, linear, textWidth } from "./scale.ts";

interface Milestone {
  label: string;
  day: string;
  status: "done" | "due" | "late" | "ahead";
  href?: string | undefined;
}

export interface TimeAxisProps {
  title: string;
  note?: string | undefined;
  milestones: readonly Milestone[];
  today?: string | undefined;
  of: string;
  /** Ends of the axis; from the milestones otherwise. */
  from?: string | undefined;
  to?: string | undefined;
  width?: number | undefined;
}

const LANE = 20;

function word(status: Milestone["status"]): string {
  switch (status) {
    case "done":
      return m.ui_status_done();
    case "due":
      return m.ui_status_due();
    case "late":
      return m.ui_status_late();
    case "ahead":
      return m.ui_phase_ahead();
  }
}

/** The lowest lane where a label fits without touching the one before it; labels turn to the left at the right edge. */
function lanes(
  milestones: readonly Milestone[],
  x: (day: number) => number,
  width: number,
): { lane: number; flip: boolean }[] {
  const ends: number[] = [];
  return milestones.map((one) => {
    const at = x(dayNumber(one.day));
    const length = Math.min(190, textWidth(one.label)) + 14;
    const flip = at + length > width;
    const [from, to] = flip ? [at - length, at + 8] : [at - 8, at + length];
    let lane = ends.findIndex((end) => end <= from);
    if (lane < 0) lane = ends.length;
    ends[lane] = to;
    return { lane, flip };
  });
}

function Sign({ status, x, y }: { status: Milestone["status"]; x: number; y: number }) {
  if (status === "late") return <path className="c-late" d={`M${x} ${y - 6}l6.5 11h-13z`} />;
  if (status === "done") return <circle className="c-done" cx={x} cy={y} r="5" />;
  if (status === "due") {
    return (
      <g>
        <circle className="c-ground" cx={x} cy={y} r="5" />
        <path className="c-due" d={`M${x} ${y - 5}a5 5 0 0 0 0 10z`} />
        <circle className="c-due-line" cx={x} cy={y} r="5" />
      </g>
    );
  }
  return (
    <g>
      <circle className="c-ground" cx={x} cy={y} r="5" />
      <circle className="c-axis" cx={x} cy={y} r="5" />
    </g>
  );
}

/** Milestones in time, with today's line: what is done, due, late, still to come. */
export function TimeAxis({ title, note, milestones, today, of, from, to, width = 860 }: TimeAxisProps) {
  const sorted = milestones.toSorted((a, b) => a.day.localeCompare(b.day));
  const days = [
    ...sorted.map((one) => one.day),
    ...(today ? [today] : []),
    ...(from ? [from] : []),
    ...(to ? [to] : []),
  ].map(dayNumber);
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const x = linear([first, Math.max(last, first + 30)], [14, width - 14]);
  const places = lanes(sorted, x, width);
  const depth = Math.max(1, ...places.map((place) => place.lane + 1));
  const axis = 50;
  const height = axis + 22 + depth * LANE;
  return (
    <Figure
      title={title}
      note={note}
      table={{
        heads: [of, m.ui_chart_day(), m.ui_chart_state()],
        rows: sorted.map((one) => [one.label, one.day, word(one.status)]),
      }}
    >
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={title}>
        {calendarTicks(first, last, width / 80).map((tick) => (
          <g key={tick.day}>
            <line className="c-axis" x1={x(tick.day)} x2={x(tick.day)} y1={axis - 5} y2={axis} />
            <TickLabel x={x(tick.day)} y={axis - 8} today={today ? x(dayNumber(today)) : null} label={tick.label} />
          </g>
        ))}
        <line className="c-axis" x1={0} x2={width} y1={axis} y2={axis} />
        {today ? <Today x={x(dayNumber(today))} top={18} bottom={axis + 7} day={today} /> : null}
        {sorted.map((one, index) => {
          const at = x(dayNumber(one.day));
          const { lane, flip } = places[index] ?? { lane: 0, flip: false };
          const y = axis + 18 + lane * LANE;
          return (
            <Mark key={index} told={`${one.label}: ${one.day}, ${word(one.status)}`} href={one.href}>
              <line className="c-grid" x1={at} x2={at} y1={axis} y2={y} />
              <Sign status={one.status} x={at} y={y} />
              <text className="c-ink" x={flip ? at - 10 : at + 10} y={y + 4} textAnchor={flip ? "end" : "start"}>
                {fitText(one.label, 190)}
              </text>
            </Mark>
          );
        })}
      </svg>
    </Figure>
  );
}
