import { curveLinearClosed, lineRadial, pointRadial } from "d3-shape";
import { formatNumber } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Figure, type Picture } from "./figure.tsx";
import { type Axis, linearAxis } from "./scale.ts";
import { fitText, textWidth, wrapText } from "./text.ts";

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

const LINE = 14;

interface Tip {
  x: number;
  /** Top of the label, its height. */
  y: number;
  height: number;
  anchor: "start" | "middle" | "end";
  lines: string[];
  figures: string;
}

/** The label of each axis with its figures below it, from the centre of the rose. */
function tips(axes: readonly RadarAxis[], figures: (axis: RadarAxis) => string, R: number, width: number): Tip[] {
  return axes.map((axis, index) => {
    const [x, y] = pointRadial((index * 2 * Math.PI) / axes.length, R);
    const anchor = Math.abs(x) < 4 ? "middle" : x > 0 ? "start" : "end";
    const dx = anchor === "middle" ? 0 : x > 0 ? 8 : -8;
    const room = anchor === "middle" ? width : width / 2 - Math.abs(x + dx);
    const lines = wrapText(axis.label, room);
    const height = (lines.length + 1) * LINE;
    const top = anchor !== "middle" ? y - height / 2 : y < 0 ? y - height - 6 : y + 6;
    return { x: x + dx, y: top, height, anchor, lines, figures: fitText(figures(axis), room) };
  });
}

function TipText({ tip }: { tip: Tip }) {
  return (
    <text textAnchor={tip.anchor}>
      {[...tip.lines, tip.figures].map((line, index) => (
        <tspan
          key={index}
          className={index === tip.lines.length ? "c-strong" : ""}
          x={tip.x}
          y={tip.y + 11 + index * LINE}
        >
          {line}
        </tspan>
      ))}
    </text>
  );
}

/** A closed line through the axes that have a value. */
function shape(values: readonly (number | null | undefined)[], axis: Axis): string {
  const known = values.flatMap((value, index) => (typeof value === "number" ? [{ value, index }] : []));
  return (
    lineRadial<(typeof known)[number]>()
      .angle(({ index }) => (index * 2 * Math.PI) / values.length)
      .radius(({ value }) => axis.at(value))
      .curve(curveLinearClosed)(known) ?? ""
  );
}

interface Frame {
  figures: (axis: RadarAxis) => string;
  legend: string;
  /** Radius of the outer ring, width of the picture: units of the drawing. */
  R: number;
  width: number;
}

function picture({ axes, max }: RadarProps, { figures, legend, R, width }: Frame): Picture {
  const scale = linearAxis([0, max], [0, R]);
  const around = tips(axes, figures, R, width);
  const top = Math.max(R, ...around.map((tip) => -tip.y)) + 2;
  const bottom = Math.max(R, ...around.map((tip) => tip.y + tip.height)) + 6;
  const values = axes.map((axis) => axis.value);
  const rings = scale.ticks.filter(({ value }) => value > 0);
  return {
    width,
    height: top + bottom + 20,
    still: true,
    marks: (
      <g transform={`translate(${width / 2} ${top})`}>
        {rings.map(({ value }) => (
          <path
            key={value}
            className="c-grid"
            d={shape(
              axes.map(() => value),
              scale,
            )}
          />
        ))}
        {axes.map((axis, index) => {
          const [x, y] = pointRadial((index * 2 * Math.PI) / axes.length, R);
          return <line key={axis.label} className="c-grid" x1={0} y1={0} x2={x} y2={y} />;
        })}
        <path
          className="c-line-2"
          d={shape(
            axes.map((axis) => axis.other),
            scale,
          )}
        />
        <path className="c-area" d={shape(values, scale)} />
        <path className="c-line" d={shape(values, scale)} />
        {axes.map((axis, index) => {
          const [x, y] = pointRadial((index * 2 * Math.PI) / axes.length, scale.at(axis.value ?? 0));
          return axis.value === null ? null : <circle key={index} className="c-series" cx={x} cy={y} r="3" />;
        })}
        {around.map((tip, index) => (
          <TipText key={index} tip={tip} />
        ))}
        <text className="c-hint" x={0} y={bottom + 14} textAnchor="middle">
          {fitText(legend, width)}
        </text>
      </g>
    ),
  };
}

/** Four (or a few) dimensions at once: a shape to recognise, with its figures written at the tips. */
export function Radar(props: RadarProps) {
  const { title, note, axes, max, unit, name, otherName, digits = 1, bare } = props;
  const locale = getLocale();
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? "—" : formatNumber(value, locale, digits);
  const others = axes.some((axis) => axis.other !== undefined && axis.other !== null);
  const other = otherName ?? m.ui_before();
  const figures = (axis: RadarAxis) => (others ? `${text(axis.value)} / ${text(axis.other)}` : text(axis.value));
  const legend = `${name}${others ? ` / ${other} (- -)` : ""} (0–${formatNumber(max)}${unit ?? ""})`;
  const wide = Math.max(...axes.map((axis) => textWidth(axis.label)));
  return (
    <Figure
      title={title}
      note={note}
      bare={bare}
      table={{
        heads: [m.ui_chart_axis(), unit ? `${name} (${unit})` : name, ...(others ? [other] : [])],
        rows: axes.map((axis) => [axis.label, text(axis.value), ...(others ? [text(axis.other)] : [])]),
      }}
      sizes={["s", "m"]}
      draw={(room) => {
        if (axes.every((axis) => axis.value === null)) return null;
        const R = room < 480 ? 78 : 104;
        return picture(props, { figures, legend, R, width: Math.min(room, 2 * (R + 8 + Math.max(wide, 56))) });
      }}
    />
  );
}
