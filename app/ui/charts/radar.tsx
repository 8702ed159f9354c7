import { getLocale } from "#app/i18n/locale.ts";
import { formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Figure } from "./figure.tsx";
import { fitText, textWidth } from "./scale.ts";

interface RadarAxis {
  label: string;
  value: number | null;
  /** What it is compared with: the group's median, the value before. */
  other?: number | null | undefined;
}

export interface RadarProps {
  title: string;
  note?: string | undefined;
  axes: readonly RadarAxis[];
  /** End of every axis. */
  max: number;
  unit?: string | undefined;
  /** Name of the values, and of the others. */
  name: string;
  otherName?: string | undefined;
  digits?: number | undefined;
  bare?: boolean | undefined;
}

/** Four (or a few) dimensions at once: a shape to recognise, with its figures written at the tips. */
export function Radar({ title, note, axes, max, unit, name, otherName, digits = 1, bare }: RadarProps) {
  const R = bare ? 46 : 92;
  const room = bare ? 72 : 130;
  const side = Math.min(room, Math.max(...axes.map((axis) => textWidth(axis.label)), 40)) + 14;
  const [width, height] = [2 * (R + side), 2 * R + (bare ? 78 : 100)];
  const [cx, cy] = [width / 2, R + 40];
  const at = (index: number, share: number): [number, number] => {
    const angle = -Math.PI / 2 + (index * 2 * Math.PI) / axes.length;
    return [cx + Math.cos(angle) * R * share, cy + Math.sin(angle) * R * share];
  };
  const points = (values: readonly number[]) =>
    values
      .map((value, index) =>
        at(index, value / max)
          .map((n) => n.toFixed(1))
          .join(","),
      )
      .join(" ");
  const locale = getLocale();
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? "—" : formatNumber(value, locale, digits);
  const others = axes.some((axis) => axis.other !== undefined && axis.other !== null);
  return (
    <Figure
      title={title}
      note={note}
      bare={bare}
      table={{
        heads: [m.ui_chart_axis(), unit ? `${name} (${unit})` : name, ...(others ? [otherName ?? m.ui_before()] : [])],
        rows: axes.map((axis) => [axis.label, text(axis.value), ...(others ? [text(axis.other)] : [])]),
      }}
    >
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {[0.25, 0.5, 0.75, 1].map((share) => (
          <polygon
            key={share}
            className="c-grid"
            points={axes
              .map((_, index) =>
                at(index, share)
                  .map((n) => n.toFixed(1))
                  .join(","),
              )
              .join(" ")}
          />
        ))}
        {axes.map((_, index) => {
          const [x, y] = at(index, 1);
          return <line key={index} className="c-grid" x1={cx} y1={cy} x2={x} y2={y} />;
        })}
        <text className="c-hint" x={cx + 5} y={cy - R + 11} fontSize="10">
          {text(max)}
        </text>
        {others ? <polygon className="c-line-2" points={points(axes.map((axis) => axis.other ?? 0))} /> : null}
        <polygon className="c-area" points={points(axes.map((axis) => axis.value ?? 0))} />
        <polygon className="c-line" points={points(axes.map((axis) => axis.value ?? 0))} />
        {axes.map((axis, index) => {
          const [x, y] = at(index, (axis.value ?? 0) / max);
          return axis.value === null ? null : <circle key={index} className="c-series" cx={x} cy={y} r="3" />;
        })}
        {axes.map((axis, index) => {
          const [x, y] = at(index, 1);
          const anchor = Math.abs(x - cx) < 4 ? "middle" : x > cx ? "start" : "end";
          const [dx, dy] = anchor === "middle" ? [0, y < cy ? -24 : 18] : [x > cx ? 8 : -8, -2];
          return (
            <text key={index} x={x + dx} y={y + dy} textAnchor={anchor}>
              {fitText(axis.label, anchor === "middle" ? 2 * room : room)}
              <tspan className="c-strong" x={x + dx} dy="14">
                {text(axis.value)}
              </tspan>
              {others ? <tspan className="c-hint">{` / ${text(axis.other)}`}</tspan> : null}
            </text>
          );
        })}
        {bare ? null : (
          <text className="c-hint" x={cx} y={height - 4} textAnchor="middle">
            {[name, ...(others ? [`/ ${otherName ?? m.ui_before()} (- -)`] : []), ...(unit ? [unit] : [])].join(" ")}
          </text>
        )}
      </svg>
    </Figure>
  );
}
