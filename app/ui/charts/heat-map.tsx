import { m } from "#app/i18n/paraglide/messages.js";
import { Figure, type Picture } from "./figure.tsx";
import { Mark } from "./mark.tsx";
import { fitText, textWidth, wrapText } from "./text.ts";

export interface HeatCell {
  /** 1..5 on the ramp; null where there is nothing. */
  level: 1 | 2 | 3 | 4 | 5 | null;
  /** Written in the cell: a count, a date. Its own mark for readers who do not see the colour. */
  text: string;
  /** Opens what the cell is made of. */
  to?: string | undefined;
  /** What a pointer or a screen reader is told; the heads and the text otherwise. */
  title?: string | undefined;
  /** The cell that filters the page now. */
  chosen?: boolean | undefined;
}

export interface HeatMapProps {
  title: string;
  note?: string | undefined;
  /** Name of each axis, with direction or unit. */
  rowAxis: string;
  columnAxis: string;
  rows: readonly string[];
  columns: readonly string[];
  cells: readonly (readonly (HeatCell | null)[])[];
  /** Size of a cell where there is room; 64 × 40 by default. */
  cell?: { w: number; h: number } | undefined;
}

function Cell({
  cell,
  x,
  y,
  w,
  h,
  name,
}: {
  cell: HeatCell;
  x: number;
  y: number;
  w: number;
  h: number;
  name: string;
}) {
  const told = cell.title ?? `${name}: ${cell.text || m.ui_none()}`;
  return (
    <Mark told={told} href={cell.to} current={cell.chosen}>
      <rect
        className={cell.level === null ? "c-cell c-ground" : `c-cell c-risk-${cell.level}`}
        x={x}
        y={y}
        width={w}
        height={h}
        rx="3"
      />
      {cell.level === null ? (
        <rect className="c-grid" x={x + 1.5} y={y + 1.5} width={w - 3} height={h - 3} rx="2" />
      ) : null}
      <text
        className={cell.level === null ? "c-hint" : `c-on-${cell.level}`}
        x={x + w / 2}
        y={y + h / 2 + 4}
        textAnchor="middle"
      >
        {fitText(cell.text, w - 6)}
      </text>
      {cell.chosen ? <rect className="c-chosen" x={x + 1} y={y + 1} width={w - 2} height={h - 2} rx="3" /> : null}
      <rect className="c-focus" x={x + 1.5} y={y + 1.5} width={w - 3} height={h - 3} rx="2" fill="none" />
    </Mark>
  );
}

const LINE = 14;

function picture(
  { rowAxis, columnAxis, rows, columns, cells, cell = { w: 64, h: 40 } }: HeatMapProps,
  width: number,
): Picture | null {
  if (cells.every((row) => row.every((one) => !one || (one.level === null && one.text === "")))) return null;
  const longest = Math.max(...rows.map((row) => textWidth(row)), textWidth(`${rowAxis} ↓`));
  const left = Math.min(width * 0.34, longest) + 10;
  const w = Math.min(cell.w, Math.floor((width - left - 2) / columns.length));
  const heads = columns.map((column) => wrapText(column, w - 4));
  const top = 28 + Math.max(...heads.map((lines) => lines.length)) * LINE;
  return {
    width: left + columns.length * w + 2,
    height: top + rows.length * cell.h + 2,
    marks: (
      <>
        <text className="c-hint" x={left} y={13}>
          {fitText(`${columnAxis} →`, columns.length * w)}
        </text>
        <text className="c-hint" x={0} y={top - 10}>
          {fitText(`${rowAxis} ↓`, left - 4)}
        </text>
        {heads.map((lines, c) => (
          <text key={c} textAnchor="middle">
            <title>{columns[c]}</title>
            {lines.map((line, index) => (
              <tspan key={index} x={left + c * w + w / 2} y={top - 10 - (lines.length - 1 - index) * LINE}>
                {line}
              </tspan>
            ))}
          </text>
        ))}
        {rows.map((row, r) => (
          <g key={r}>
            <text x={left - 8} y={top + r * cell.h + cell.h / 2 + 4} textAnchor="end">
              <title>{row}</title>
              {fitText(row, left - 8)}
            </text>
            {columns.map((column, c) => {
              const one = cells[r]?.[c];
              return one ? (
                <Cell
                  key={c}
                  cell={one}
                  x={left + c * w}
                  y={top + r * cell.h}
                  w={w}
                  h={cell.h}
                  name={`${row} × ${column}`}
                />
              ) : null;
            })}
          </g>
        ))}
      </>
    ),
  };
}

/** Rows × columns of cells on the risk ramp, each a way to what it counts. Rows stand in the order given, first on top. */
export function HeatMap(props: HeatMapProps) {
  const { title, note, rowAxis, columnAxis, rows, columns, cells } = props;
  return (
    <Figure
      title={title}
      note={note}
      table={{
        heads: [`${rowAxis} \\ ${columnAxis}`, ...columns],
        rows: rows.map((row, r) => [row, ...columns.map((_, c) => cells[r]?.[c]?.text ?? "")]),
      }}
      sizes={["s", "m"]}
      draw={(width) => picture(props, width)}
    />
  );
}
