import { type ReactNode, useId, useRef } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { Button } from "../button.tsx";
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
  /** The drawing is as wide as its place and never scrolls: lengths in percent. */
  fit?: boolean | undefined;
  /** Without title, note and table in sight: inside SmallMultiples, which bring their own. */
  bare?: boolean | undefined;
  children: ReactNode;
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

/** Frame of every chart: the finding on top, the drawing, the figures one key away, a picture to take along. */
export function Figure({ title, note, table, fit = false, bare = false, children }: FigureProps) {
  const id = useId();
  const draw = useRef<HTMLDivElement>(null);
  const hydrated = useHydrated();
  const svg = () => draw.current?.querySelector("svg") ?? null;
  const scroll = fit ? {} : ({ role: "group", tabIndex: 0, "aria-labelledby": id } as const);
  return (
    <figure className="ui-chart" aria-labelledby={id}>
      <figcaption id={id} className={bare ? "ui-sr" : ""}>
        {title}
        {note ? <span className="ui-chart-note">{note}</span> : null}
      </figcaption>
      <div ref={draw} className="ui-chart-draw" {...scroll}>
        {children}
      </div>
      {bare ? null : (
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
