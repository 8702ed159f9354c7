import { m } from "#app/i18n/paraglide/messages.js";
import { Figure } from "./figure.tsx";
import { Mark } from "./mark.tsx";
import { calendarTicks, dayNumber, fitText, linear, textWidth } from "./scale.ts";

interface GanttRow {
  label: string;
  /** Days as 2026-11-22. */
  from: string;
  to: string;
  /** 0..1 */
  progress?: number | undefined;
  status?: "done" | "now" | "ahead" | "late" | undefined;
  href?: string | undefined;
  /** Stands further in, under the row above it. */
  inner?: boolean | undefined;
  /** Milestones on the row. */
  marks?: readonly { day: string; label: string }[] | undefined;
}

export interface GanttProps {
  title: string;
  note?: string | undefined;
  rows: readonly GanttRow[];
  today?: string | undefined;
  of: string;
  width?: number | undefined;
}

const [ROW, TOP] = [26, 46];
const barClass = { done: "c-done", now: "c-series", ahead: "c-muted", late: "c-late" } as const;

function statusWord(status: GanttRow["status"]): string {
  switch (status) {
    case "done":
      return m.ui_phase_done();
    case "late":
      return m.ui_status_late();
    case "now":
      return m.ui_phase_now();
    default:
      return m.ui_phase_ahead();
  }
}

function GanttBar({ row, y, x, left }: { row: GanttRow; y: number; x: (day: number) => number; left: number }) {
  const [from, to] = [x(dayNumber(row.from)), x(dayNumber(row.to) + 1)];
  const told = `${row.label}: ${row.from} – ${row.to}, ${statusWord(row.status)}`;
  const status = row.status ?? "ahead";
  return (
    <Mark told={told} href={row.href}>
      <text x={row.inner ? 16 : 0} y={y + 17} className={row.inner ? "" : "c-ink"}>
        {fitText(row.label, left - (row.inner ? 28 : 12))}
      </text>
      <rect
        className={row.progress === undefined ? barClass[status] : "c-muted"}
        x={from}
        y={y + 7}
        width={Math.max(3, to - from)}
        height={ROW - 14}
        rx="2"
      />
      {row.progress === undefined ? null : (
        <rect
          className={status === "ahead" ? "c-series" : barClass[status]}
          x={from}
          y={y + 7}
          width={Math.max(0, (to - from) * Math.min(1, row.progress))}
          height={ROW - 14}
          rx="2"
        />
      )}
      {status === "late" ? <path className="c-late" d={`M${to + 10} ${y + 8}l6 10.5h-12z`} /> : null}
      {row.marks?.map((mark) => {
        const at = x(dayNumber(mark.day));
        return (
          <path key={mark.label} className="c-strong" d={`M${at} ${y + 6}l6 7-6 7-6-7z`}>
            <title>{`${mark.label}: ${mark.day}`}</title>
          </path>
        );
      })}
    </Mark>
  );
}

/** Work over time: a bar each, how far it is, what is late, and today's line. */
export function Gantt({ title, note, rows, today, of, width = 860 }: GanttProps) {
  const days = rows.flatMap((row) => [
    dayNumber(row.from),
    dayNumber(row.to),
    ...(row.marks ?? []).map((mark) => dayNumber(mark.day)),
  ]);
  const now = today === undefined ? null : dayNumber(today);
  const [first, last] = [
    Math.min(...days, ...(now === null ? [] : [now])),
    Math.max(...days, ...(now === null ? [] : [now])) + 1,
  ];
  const left = Math.min(240, Math.max(80, ...rows.map((row) => textWidth(row.label) + (row.inner ? 28 : 12))));
  const x = linear([first, last], [left, width - 20]);
  const height = TOP + rows.length * ROW + 6;
  return (
    <Figure
      title={title}
      note={note}
      table={{
        heads: [of, m.ui_chart_from(), m.ui_chart_to(), m.ui_chart_state()],
        rows: rows.map((row) => [
          row.label,
          row.from,
          row.to,
          row.progress === undefined
            ? statusWord(row.status)
            : `${statusWord(row.status)} ${Math.round(row.progress * 100)}%`,
        ]),
      }}
    >
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={title}>
        {calendarTicks(first, last, (width - left) / 70).map((tick) => (
          <g key={tick.day}>
            <line className="c-grid" x1={x(tick.day)} x2={x(tick.day)} y1={TOP - 22} y2={height} />
            <TickLabel x={x(tick.day)} y={TOP - 10} today={now === null ? null : x(now)} label={tick.label} />
          </g>
        ))}
        {rows.map((row, index) => (
          <g key={index}>
            <line className="c-grid" x1={0} x2={width} y1={TOP + (index + 1) * ROW} y2={TOP + (index + 1) * ROW} />
            <GanttBar row={row} y={TOP + index * ROW} x={x} left={left} />
          </g>
        ))}
        {now === null ? null : <Today x={x(now)} top={18} bottom={height} day={today ?? ""} />}
      </svg>
    </Figure>
  );
}

/** Name of a month at its first day, left out where today's line would cross it. */
export function TickLabel({ x, y, today, label }: { x: number; y: number; today: number | null; label: string }) {
  if (today !== null && today > x - 4 && today < x + textWidth(label) + 8) return null;
  return (
    <text className="c-hint" x={x + 4} y={y}>
      {label}
    </text>
  );
}

/** The line of today, with its word at its foot or head. */
export function Today({ x, top, bottom, day }: { x: number; top: number; bottom: number; day: string }) {
  return (
    <g>
      <title>{`${m.ui_chart_today()}: ${day}`}</title>
      <line className="c-today" x1={x} x2={x} y1={top} y2={bottom} />
      <path className="c-late" d={`M${x - 4} ${top - 5}h8l-4 6z`} />
      <text className="c-ink" x={x} y={top - 7} textAnchor="middle">
        {m.ui_chart_today()}
      </text>
    </g>
  );
}
