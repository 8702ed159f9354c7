import type { ReactNode } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { cx } from "../cx.ts";

export interface SmallMultiplesProps {
  /** The finding over all of them. */
  title: string;
  note?: string | undefined;
  /** Each on the same scale; charts inside with `bare`. Those that have nothing to show are left out by whoever gives them. */
  items: readonly { key: string; label: ReactNode; chart: ReactNode }[];
}

/** The same small chart for each case, on one scale, side by side (Tufte 1983). */
export function SmallMultiples({ title, note, items }: SmallMultiplesProps) {
  return (
    <figure className="ui-chart">
      <figcaption>
        {title}
        {note ? <span className="ui-chart-note">{note}</span> : null}
      </figcaption>
      {items.length === 0 ? (
        <p className="ui-hint">{m.ui_chart_empty()}</p>
      ) : (
        <ul className={cx("ui-multiples", items.length % 3 !== 0 && items.length % 2 === 0 && "ui-multiples-even")}>
          {items.map((item) => (
            <li key={item.key}>
              <p className="ui-multiples-name">{item.label}</p>
              {item.chart}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}
