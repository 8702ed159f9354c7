import { type ReactNode, useId, useRef } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { Button } from "../button.tsx";
import { cx } from "../cx.ts";
import { useHydrated } from "../hydrated.ts";
import { savePng, saveSvg } from "./take-along.ts";

/** The figures behind a chart: heads, then rows of text. The first cell names the row. */
interface ChartTable {
  heads: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface FigureProps {
  /** The finding as a sentence: «批次一身份维度风险平均下降 4.2». */
  title: string;
  /** Source, number of cases, what is not shown. */
  note?: string | undefined;
  table: ChartTable;
  /** Without title, note and table in sight: inside SmallMultiples, which bring their own. */
  bare?: boolean | undefined;
  /** What the drawing is called where the title does not say it. */
  name?: string | undefined;
  /** Sizes it is drawn at, from the smallest; s, m and l unless said otherwise. */
  sizes?: readonly Size[] | undefined;
  /** The picture at a width in CSS pixels; null where there is nothing to draw. */
  draw: (width: number) => Picture | null;
}

/**
 * Sizes of a drawing. A server does not know how wide the reader's window is, so it draws more than one and the style sheet shows the
 * largest that has its place: text is never scaled to a size nobody reads, and no script has to run first.
 */
const widths = { xs: 284, s: 344, h: 440, m: 560, w: 720, l: 800, x: 1120 } as const;
type Size = keyof typeof widths;

/** A drawing without its frame. */
export interface Picture {
  /** Narrower than it might be; as wide as asked for otherwise. */
  width?: number | undefined;
  height: number;
  marks: ReactNode;
  /** Read as one picture: nothing in it opens anything. */
  still?: boolean | undefined;
}

interface DrawingsProps {
  name: string;
  pictures: readonly { size: Size; picture: Picture }[];
}

function Drawings({ name, pictures }: DrawingsProps) {
  return pictures.map(({ size, picture }, index) => {
    const { width = widths[size], height, marks, still = false } = picture;
    const next = pictures[index + 1]?.size;
    return (
      <svg
        key={size}
        className={cx(index > 0 && `ui-draw-from-${size}`, next && `ui-draw-below-${next}`)}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role={still ? "img" : "group"}
        aria-label={name}
      >
        {marks}
      </svg>
    );
  });
}

function DataBehind({ title, table }: { title: string; table: ChartTable }) {
  return (
    <details>
      <summary>{m.ui_chart_table()}</summary>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <div className="ui-scroll" role="group" aria-label={title} tabIndex={0}>
        <table className="ui-table">
          <caption className="ui-sr">{title}</caption>
          <thead>
            <tr>
              {table.heads.map((head, index) => (
                <th key={index} scope="col" className={index > 0 ? "ui-num" : ""}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) =>
                  column === 0 ? (
                    <th key={column} scope="row">
                      {cell}
                    </th>
                  ) : (
                    <td key={column} className="ui-num">
                      {cell}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** The drawing that is seen. */
const shown = (place: HTMLElement | null): SVGSVGElement | null =>
  [...(place?.querySelectorAll("svg") ?? [])].find((svg) => svg.getClientRects().length > 0) ?? null;

/** Frame of every chart: the finding on top, the drawing, the figures one key away, a picture to take along. */
export function Figure({ title, note, table, bare, name = title, sizes = ["s", "m", "l"], draw }: FigureProps) {
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const hydrated = useHydrated();
  const svg = () => shown(place.current);
  const pictures = sizes.flatMap((size) => {
    const picture = draw(widths[size]);
    return picture ? [{ size, picture }] : [];
  });
  return (
    <figure className="ui-chart" aria-labelledby={id}>
      <figcaption id={id} className={bare ? "ui-sr" : ""}>
        {title}
        {note ? <span className="ui-chart-note">{note}</span> : null}
      </figcaption>
      <div ref={place} className="ui-chart-draw">
        {pictures.length > 0 ? (
          <Drawings name={name} pictures={pictures} />
        ) : (
          <p className="ui-hint">{m.ui_chart_empty()}</p>
        )}
      </div>
      {bare || pictures.length === 0 ? null : (
        <div className="ui-chart-foot">
          <DataBehind title={title} table={table} />
          {hydrated ? (
            <span className="ui-acts">
              <Button type="button" kind="quiet" size="s" icon="download" onClick={() => saveSvg(svg(), title)}>
                SVG
              </Button>
              <Button type="button" kind="quiet" size="s" icon="download" onClick={() => void savePng(svg(), title)}>
                PNG
              </Button>
            </span>
          ) : null}
        </div>
      )}
    </figure>
  );
}
