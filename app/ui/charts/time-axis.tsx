import { groups, max, sum } from "d3-array";
import { m } from "#app/i18n/paraglide/messages.js";
import { dayTicks, Today } from "./axis.tsx";
import { Figure, type Picture } from "./figure.tsx";
import { Mark } from "./mark.tsx";
import { dayAxis } from "./scale.ts";
import { textWidth, wrapText } from "./text.ts";

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
}

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

interface Place {
  lane: number;
  /** The label stands to the left of its sign. */
  flip: boolean;
  /** Two where one does not hold it; each takes a lane. */
  lines: string[];
}

/** The highest lanes where a label fits without touching another; labels stand on the side that has room for them. */
function lanes(milestones: readonly Milestone[], x: (day: string) => number, width: number): Place[] {
  const taken: [number, number][][] = [];
  return milestones.map((one) => {
    const at = x(one.day);
    const flip = at + 12 + textWidth(one.label) > width && at > width / 2;
    const lines = wrapText(one.label, flip ? at - 12 : width - at - 12);
    const length = (max(lines, (line) => textWidth(line)) ?? 0) + 12;
    const [from, to] = flip ? [at - length, at + 8] : [at - 8, at + length];
    const free = (lane: number) => (taken[lane] ?? []).every(([start, end]) => end + 6 <= from || to + 6 <= start);
    let lane = 0;
    while (!lines.every((_, n) => free(lane + n))) lane += 1;
    for (const n of lines.keys()) (taken[lane + n] ??= []).push([from, to]);
    return { lane, flip, lines };
  });
}

interface Drawn {
  sorted: readonly Milestone[];
  today: string | undefined;
  days: readonly string[];
}
const told = (one: Milestone) => `${one.label}: ${one.day}, ${word(one.status)}`;

/** Height of a lane, of a line of a label; place of the axis; where the signs stand on a narrow picture. */
const [LANE, STEP, AXIS, SIGN] = [20, 16, 54, 92];
const laneAt = (lane: number): number => AXIS + 18 + lane * LANE;

/** Time from left to right, labels in lanes below it. */
function lying({ sorted, today, days }: Drawn, width: number): Picture {
  const axis = dayAxis(days, [14, width - 14]);
  const places = lanes(sorted, axis.at, width);
  const depth = max(places, (place) => place.lane + place.lines.length) ?? 0;
  const at = sorted.map((one, index) => ({
    one,
    x: axis.at(one.day),
    place: places[index] ?? { lane: 0, flip: false, lines: [] },
  }));
  const drops = groups(at, ({ x }) => x);
  const now = today ? axis.at(today) : null;
  return {
    height: laneAt(depth),
    marks: (
      <>
        {dayTicks(axis, width, now).map((tick) => (
          <g key={tick.at}>
            <line className="c-axis" x1={tick.at} x2={tick.at} y1={AXIS - 5} y2={AXIS} />
            {tick.beside ? (
              <text className="c-hint" {...tick.beside} y={AXIS - 8}>
                {tick.label}
              </text>
            ) : null}
          </g>
        ))}
        <line className="c-axis" x1={0} x2={width} y1={AXIS} y2={AXIS} />
        {now === null ? null : <Today x={now} width={width} top={22} bottom={AXIS + 7} day={today ?? ""} />}
        {drops.map(([x, ones]) => (
          <line
            key={x}
            className="c-grid"
            x1={x}
            x2={x}
            y1={AXIS}
            y2={laneAt(max(ones, ({ place }) => place.lane) ?? 0)}
          />
        ))}
        {at.map(({ one, x, place: { lane, flip, lines } }, index) => {
          const y = laneAt(lane);
          const length = (max(lines, (line) => textWidth(line)) ?? 0) + 20;
          return (
            <Mark
              key={index}
              told={told(one)}
              href={one.href}
              focus={{ x: flip ? x - length + 8 : x - 8, y: y - 10, width: length, height: LANE * lines.length }}
            >
              <Sign status={one.status} x={x} y={y} />
              <text className="c-ink c-over" textAnchor={flip ? "end" : "start"}>
                {lines.map((words, n) => (
                  <tspan key={n} x={flip ? x - 10 : x + 10} y={y + 4 + n * STEP}>
                    {words}
                  </tspan>
                ))}
              </text>
            </Mark>
          );
        })}
      </>
    ),
  };
}

/** One below the other in their order, for narrow places: each day once, today's line between what was due and what is to come. */
function standing({ sorted, today }: Drawn, width: number): Picture {
  const labels = sorted.map((one) => wrapText(one.label, width - SIGN - 14, 6));
  const heights = labels.map((lines) => lines.length * STEP + 8);
  const passed = today === undefined ? -1 : sorted.filter((one) => one.day <= today).length;
  const line = (passed < 0 ? 0 : 4 + sum(heights.slice(0, passed))) + 13;
  const topOf = (index: number) => 4 + sum(heights.slice(0, index)) + (passed >= 0 && index >= passed ? 30 : 0);
  return {
    height: topOf(sorted.length),
    marks: (
      <>
        {passed < 0 ? null : (
          <g>
            <line className="c-today" x1={SIGN - 6} x2={width} y1={line} y2={line} />
            <text className="c-ink" x={0} y={line + 4}>
              {today}
            </text>
            <text className="c-ink c-over" x={SIGN + 14} y={line + 4}>
              {m.ui_chart_today()}
            </text>
          </g>
        )}
        {sorted.map((one, index) => {
          const y = topOf(index) + 10;
          const again = index !== passed && sorted[index - 1]?.day === one.day;
          return (
            <Mark
              key={index}
              told={told(one)}
              href={one.href}
              focus={{ x: 0, y: topOf(index) - 2, width, height: heights[index] ?? 0 }}
            >
              {again ? null : (
                <text className="c-hint" x={0} y={y + 4}>
                  {one.day}
                </text>
              )}
              <Sign status={one.status} x={SIGN} y={y} />
              <text className="c-ink">
                {labels[index]?.map((words, n) => (
                  <tspan key={n} x={SIGN + 14} y={y + 4 + n * STEP}>
                    {words}
                  </tspan>
                ))}
              </text>
            </Mark>
          );
        })}
      </>
    ),
  };
}

/** Milestones in time, with today's line: what is done, due, late, still to come. */
export function TimeAxis({ title, note, milestones, today, of, from, to }: TimeAxisProps) {
  const sorted = milestones.toSorted((a, b) => a.day.localeCompare(b.day));
  const days = [...sorted.map((one) => one.day), ...[today, from, to].flatMap((day) => (day ? [day] : []))];
  return (
    <Figure
      title={title}
      note={note}
      table={{
        heads: [of, m.ui_chart_day(), m.ui_chart_state()],
        rows: sorted.map((one) => [one.label, one.day, word(one.status)]),
      }}
      sizes={["s", "m", "l", "x"]}
      draw={(width) => {
        if (sorted.length === 0) return null;
        return (width < 480 ? standing : lying)({ sorted, today, days }, width);
      }}
    />
  );
}
