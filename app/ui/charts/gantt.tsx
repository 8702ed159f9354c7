import { m } from "#app/i18n/paraglide/messages.js";
import { cx } from "../cx.ts";
import { type Progress, progressWord } from "../progress-word.ts";
import { dayTicks, Today } from "./axis.tsx";
import { Figure, type Picture } from "./figure.tsx";
import { Mark } from "./mark.tsx";
import { type DayAxis, dayAxis } from "./scale.ts";
import { fitText, textWidth } from "./text.ts";

export interface GanttRow {
  label: string;
  /** Days as 2026-11-22. */
  from: string;
  to: string;
  /** 0..1 */
  progress?: number | undefined;
  /** Left out where it is not known how far the row is: then neither picture nor table says anything of it. */
  status?: Exclude<Progress, "off"> | undefined;
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
}

const TOP = 50;
const barClass = { done: "c-done", now: "c-series", ahead: "c-ahead", late: "c-late" } as const;

/** Where the parts of each row stand; on a narrow picture the label stands above its bar. */
interface Layout {
  width: number;
  left: number;
  row: number;
  stacked: boolean;
  axis: DayAxis;
}

const indent = (row: GanttRow) => (row.inner ? 16 : 0);

function layout(rows: readonly GanttRow[], today: string | undefined, width: number): Layout {
  const stacked = width < 480;
  const longest = Math.max(...rows.map((row) => textWidth(row.label) + indent(row) + 12));
  const left = stacked ? 0 : Math.min(width * 0.38, Math.max(80, longest));
  const days = rows.flatMap((row) => [row.from, row.to, ...(row.marks ?? []).map((mark) => mark.day)]);
  // the triangle of a late bar and half a mark stand beyond its ends
  const axis = dayAxis([...days, ...(today ? [today] : [])], [left + 6, width - 20]);
  return { width, left, stacked, row: stacked ? 40 : 26, axis };
}

/** Stretches of a line through all rows, from top to bottom: where labels stand above their bars it leaves them out. */
const stretches = ({ stacked, row }: Layout, count: number): (readonly [number, number])[] =>
  stacked
    ? Array.from({ length: count }, (_, n) => [TOP + n * row + 20, TOP + (n + 1) * row] as const)
    : [[TOP, TOP + count * row + 6]];

function GanttBar({ row, y, at }: { row: GanttRow; y: number; at: Layout }) {
  const { axis, left, stacked, width } = at;
  const [from, to] = [axis.at(row.from), Math.max(axis.at(row.from) + 3, axis.end(row.to))];
  const { status } = row;
  const told = `${row.label}: ${row.from} – ${row.to}`;
  const whole = status === undefined ? "c-series" : barClass[status];
  const room = (stacked ? width : left - 8) - indent(row);
  const line = stacked ? y + 14 : y;
  return (
    <Mark
      told={status === undefined ? told : `${told}, ${progressWord(status)}`}
      href={row.href}
      focus={{ x: 0, y, width, height: at.row }}
    >
      <text x={indent(row)} y={y + (stacked ? 15 : 17)} className={cx("c-over", !row.inner && "c-ink")}>
        {fitText(row.label, room)}
      </text>
      <rect
        className={row.progress === undefined ? whole : "c-ahead"}
        x={from}
        y={line + 7}
        width={to - from}
        height={12}
        rx="2"
      />
      {row.progress === undefined ? null : (
        <rect
          className={status === "ahead" ? "c-series" : whole}
          x={from}
          y={line + 7}
          width={(to - from) * Math.max(0, Math.min(1, row.progress))}
          height={12}
          rx="2"
        />
      )}
      {status === "late" ? <path className="c-late" d={`M${to + 10} ${line + 8}l6 10.5h-12z`} /> : null}
      {row.marks?.map((mark) => (
        <path key={mark.label} className="c-strong" d={`M${axis.at(mark.day)} ${line + 6}l6 7-6 7-6-7z`}>
          <title>{`${mark.label}: ${mark.day}`}</title>
        </path>
      ))}
    </Mark>
  );
}

function picture({ rows, today }: GanttProps, width: number): Picture | null {
  if (rows.length === 0) return null;
  const at = layout(rows, today, width);
  const now = today === undefined ? null : at.axis.at(today);
  const height = TOP + rows.length * at.row + 6;
  const lines = stretches(at, rows.length);
  const through = (x: number, top: number) =>
    [[top, TOP] as const, ...lines].map(([from, to]) => `M${x} ${from}V${to}`).join("");
  return {
    height,
    marks: (
      <>
        {dayTicks(at.axis, width, now).map((tick) => (
          <g key={tick.at}>
            <path className="c-grid" d={through(tick.at, TOP - 22)} />
            {tick.beside ? (
              <text className="c-hint" {...tick.beside} y={TOP - 10}>
                {tick.label}
              </text>
            ) : null}
          </g>
        ))}
        {now === null ? null : (
          <>
            <Today x={now} width={width} top={22} bottom={TOP} day={today ?? ""} />
            <path className="c-today" d={through(now, TOP)} />
          </>
        )}
        {rows.map((row, index) => (
          <g key={index}>
            <line
              className="c-grid"
              x1={0}
              x2={width}
              y1={TOP + (index + 1) * at.row}
              y2={TOP + (index + 1) * at.row}
            />
            <GanttBar row={row} y={TOP + index * at.row} at={at} />
          </g>
        ))}
      </>
    ),
  };
}

function stateOf({ status, progress }: GanttRow): string {
  if (status === undefined) return "";
  return progress === undefined ? progressWord(status) : `${progressWord(status)} ${Math.round(progress * 100)}%`;
}

/** Work over time: a bar each, how far it is, what is late, and today's line. */
export function Gantt(props: GanttProps) {
  const { title, note, rows, of } = props;
  const known = rows.some((row) => row.status !== undefined);
  return (
    <Figure
      title={title}
      note={note}
      table={{
        heads: [of, m.ui_chart_from(), m.ui_chart_to(), ...(known ? [m.ui_chart_state()] : [])],
        rows: rows.map((row) => [row.label, row.from, row.to, ...(known ? [stateOf(row)] : [])]),
      }}
      sizes={["s", "w", "l"]}
      draw={(width) => picture(props, width)}
    />
  );
}
