import type { ReactNode } from "react";

export interface SmallMultiplesProps {
  /** The finding over all of them. */
  title: string;
  note?: string | undefined;
  /** Each on the same scale; charts inside with `bare`. */
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
      <ul className="ui-multiples">
        {items.map((item) => (
          <li key={item.key}>
            <p className="ui-multiples-name">{item.label}</p>
            {item.chart}
          </li>
        ))}
      </ul>
    </figure>
  );
}
