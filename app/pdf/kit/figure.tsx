import { Line, Polygon, Polyline, Rect, Svg, Text, View } from "@react-pdf/renderer";
import { scaleLinear, scaleUtc } from "d3-scale";
import type { ReactElement, ReactNode } from "react";
import type { Level } from "../types.ts";
import { INK, LEVEL_FILL, LEVEL_TEXT, useSetting } from "./theme.ts";

/** A figure with its title below, kept on one page. */
export function Figure({
  caption,
  children,
}: {
  readonly caption: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <View style={{ marginTop: 10, marginBottom: 12, alignItems: "center" }}>
      {children}
      <Text style={{ fontSize: 9.5, fontWeight: 700, lineHeight: 1.5, textAlign: "center", marginTop: 6 }}>
        {caption}
      </Text>
    </View>
  );
}

interface LabelProps {
  readonly x: number;
  readonly y: number;
  readonly children: string;
  readonly size?: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly color?: string;
  readonly bold?: boolean;
}

function Label({
  x,
  y,
  children,
  size = 8,
  anchor = "start",
  color = INK.text,
  bold = false,
}: LabelProps): ReactElement {
  return (
    <Text
      x={x}
      y={y}
      textAnchor={anchor}
      style={{ fontFamily: "sans", fontSize: size, color, fontWeight: bold ? 700 : 400 }}
    >
      {children}
    </Text>
  );
}

const LEVELS: readonly Level[] = [1, 2, 3, 4, 5];

export interface HeatMapProps {
  /** Number of risks at [loss][likelihood], each 1…5 as index 0…4. */
  readonly counts: readonly (readonly number[])[];
  /** Level of the cell by the method, same order. */
  readonly levels: readonly (readonly Level[])[];
  readonly rowTitle: string;
  readonly columnTitle: string;
  readonly levelNames: readonly string[];
}

/** The 5 × 5 matrix: colour is the method's level, the figure in a cell is the number of risks in it. */
export function HeatMap({ counts, levels, rowTitle, columnTitle, levelNames }: HeatMapProps): ReactElement {
  const cell = { width: 56, height: 32 };
  const left = 92;
  const top = 6;
  const bottom = top + 5 * cell.height;
  return (
    <Svg width={left + 5 * cell.width + 10} height={bottom + 34}>
      {LEVELS.flatMap((loss) =>
        LEVELS.map((likelihood) => {
          const level = levels[loss - 1]?.[likelihood - 1] ?? 1;
          const count = counts[loss - 1]?.[likelihood - 1] ?? 0;
          const x = left + (likelihood - 1) * cell.width;
          const y = top + (5 - loss) * cell.height;
          return [
            <Rect
              key={`r${loss}${likelihood}`}
              x={x}
              y={y}
              width={cell.width - 1.5}
              height={cell.height - 1.5}
              fill={LEVEL_FILL[level]}
            />,
            count > 0 ? (
              <Label
                key={`t${loss}${likelihood}`}
                x={x + cell.width / 2}
                y={y + cell.height / 2 + 3.5}
                anchor="middle"
                size={11}
                bold
                color={LEVEL_TEXT[level]}
              >
                {String(count)}
              </Label>
            ) : null,
          ];
        }),
      )}
      {LEVELS.map((level) => (
        <Label
          key={`y${level}`}
          x={left - 6}
          y={top + (5 - level) * cell.height + cell.height / 2 + 3}
          anchor="end"
        >{`${level} ${levelNames[level - 1] ?? ""}`}</Label>
      ))}
      {LEVELS.map((level) => (
        <Label
          key={`x${level}`}
          x={left + (level - 1) * cell.width + cell.width / 2}
          y={bottom + 12}
          anchor="middle"
        >{`${level} ${levelNames[level - 1] ?? ""}`}</Label>
      ))}
      <Label x={2} y={top + 11} color={INK.soft}>{`${rowTitle} ↑`}</Label>
      <Label x={left + 5 * cell.width} y={bottom + 28} anchor="end" color={INK.soft}>{`${columnTitle} →`}</Label>
    </Svg>
  );
}

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly level?: Level;
}

/** Horizontal bars from zero, each labelled directly. `labelWidth` in points. */
export function Bars({
  bars,
  labelWidth = 110,
}: {
  readonly bars: readonly Bar[];
  readonly labelWidth?: number;
}): ReactElement {
  const { measure } = useSetting();
  const width = Math.min(measure - 20, 430);
  const step = 19;
  const most = Math.max(1e-9, ...bars.map((bar) => bar.value));
  const x = scaleLinear([0, most], [labelWidth, width - 64]);
  return (
    <Svg width={width} height={bars.length * step + 6}>
      <Line x1={labelWidth} y1={0} x2={labelWidth} y2={bars.length * step + 4} stroke={INK.rule} strokeWidth={0.6} />
      {bars.flatMap((bar, i) => [
        <Label key={`l${i}`} x={labelWidth - 7} y={i * step + 14} anchor="end" size={8.5}>
          {bar.label}
        </Label>,
        <Rect
          key={`b${i}`}
          x={labelWidth}
          y={i * step + 5}
          width={x(bar.value) - labelWidth}
          height={12}
          fill={bar.level ? LEVEL_FILL[bar.level] : INK.accent}
          stroke={bar.level && bar.level < 3 ? "#9fb0b6" : "none"}
          strokeWidth={0.4}
        />,
        <Label key={`v${i}`} x={x(bar.value) + 5} y={i * step + 14} size={8.5}>
          {bar.text}
        </Label>,
      ])}
    </Svg>
  );
}

/** A share (0…1) as one bar against a threshold, both labelled. */
export function ShareBar({
  share,
  threshold,
  shareText,
  thresholdText,
}: {
  readonly share: number;
  readonly threshold: number;
  readonly shareText: string;
  readonly thresholdText: string;
}): ReactElement {
  const width = 400;
  const whole = Math.min(1, Math.max(share, threshold) * 1.6);
  const x = scaleLinear([0, whole], [0, width]).clamp(true);
  const met = share >= threshold;
  const mark = x(threshold);
  return (
    <Svg width={width} height={52}>
      <Rect x={0} y={18} width={width} height={14} fill={INK.faint} />
      <Rect x={0} y={18} width={x(share)} height={14} fill={met ? INK.accent : LEVEL_FILL[5]} />
      <Line x1={mark} y1={12} x2={mark} y2={38} stroke={INK.rule} strokeWidth={1.2} />
      <Label x={mark} y={9} anchor={mark > width * 0.7 ? "end" : "middle"} color={INK.soft}>
        {thresholdText}
      </Label>
      <Label x={Math.max(0, x(share))} y={47} anchor={x(share) > width * 0.6 ? "end" : "start"} bold>
        {shareText}
      </Label>
    </Svg>
  );
}

export interface GanttRow {
  readonly label: string;
  /** Days since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly tone: "plain" | "accent";
  readonly milestone?: boolean;
}

const DAY = 86_400_000;

/** Works against time: a bar from start to end, a diamond for a milestone, months, quarters or years ruled. At least one row. */
export function Gantt({
  rows,
  labelWidth = 150,
}: {
  readonly rows: readonly GanttRow[];
  readonly labelWidth?: number;
}): ReactElement {
  const { measure, locale } = useSetting();
  const from = Math.min(...rows.map((row) => row.start));
  const to = Math.max(...rows.map((row) => row.end)) + 1;
  const scale = scaleUtc([from * DAY, to * DAY], [labelWidth, measure - 6]);
  const x = (day: number): number => scale(day * DAY);
  const step = 17;
  const height = rows.length * step;
  const ticks = scale.ticks(6).filter((date) => date.getTime() % DAY === 0);
  const months = ticks.every((date) => date.getUTCDate() === 1);
  // a month takes 34 points, a day 46: where they would meet every second or third is named
  const room = months ? 34 : 46;
  const every = Math.ceil((room * ticks.length) / (measure - labelWidth));
  return (
    <Svg width={measure} height={height + 22}>
      {ticks.flatMap((date, i) => [
        <Line
          key={`g${i}`}
          x1={scale(date)}
          y1={14}
          x2={scale(date)}
          y2={height + 18}
          stroke={INK.hairline}
          strokeWidth={0.4}
        />,
        <Label key={`m${i}`} x={scale(date) + 2} y={9} size={7} color={INK.soft}>
          {i % every > 0 || scale(date) + room > measure ? "" : date.toISOString().slice(0, months ? 7 : 10)}
        </Label>,
      ])}
      {rows.flatMap((row, i) => {
        const y = 16 + i * step;
        const colour = row.tone === "accent" ? INK.accent : "#7f98a1";
        const middle = y + step / 2;
        const at = x(row.start);
        return [
          <Line
            key={`h${i}`}
            x1={0}
            y1={y + step}
            x2={measure}
            y2={y + step}
            stroke={INK.hairline}
            strokeWidth={0.25}
          />,
          <Label key={`l${i}`} x={0} y={middle + 3} size={locale === "zh-CN" ? 8 : 7.5}>
            {row.label}
          </Label>,
          row.milestone ? (
            <Polygon
              key={`d${i}`}
              points={`${at},${middle - 5} ${at + 5},${middle} ${at},${middle + 5} ${at - 5},${middle}`}
              fill={colour}
            />
          ) : (
            <Rect
              key={`b${i}`}
              x={at}
              y={middle - 4.5}
              width={Math.max(2, x(row.end + 1) - at)}
              height={9}
              fill={colour}
            />
          ),
        ];
      })}
      <Line x1={0} y1={15} x2={measure} y2={15} stroke={INK.rule} strokeWidth={0.6} />
    </Svg>
  );
}

export interface SlopeRow {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly fromText: string;
  readonly toText: string;
}

/** Baseline against target, each indicator on its own scale of 0 to its larger value. */
export function Slope({
  rows,
  fromTitle,
  toTitle,
}: {
  readonly rows: readonly SlopeRow[];
  readonly fromTitle: string;
  readonly toTitle: string;
}): ReactElement {
  const { measure } = useSetting();
  const per = Math.max(1, Math.min(4, rows.length));
  const width = measure / per;
  const height = 118;
  const lines = Math.ceil(rows.length / per);
  return (
    <Svg width={measure} height={lines * height}>
      {rows.flatMap((row, i) => {
        const left = (i % per) * width + 36;
        const right = left + width - 72;
        const top = Math.floor(i / per) * height;
        const y = scaleLinear([0, Math.max(row.from, row.to, 1e-9)], [top + 82, top + 26]);
        return [
          <Label key={`n${i}`} x={(left + right) / 2} y={top + 108} size={7.5} anchor="middle" color={INK.soft}>
            {row.label}
          </Label>,
          <Label key={`a${i}`} x={left} y={top + 95} size={7} anchor="middle" color={INK.soft}>
            {fromTitle}
          </Label>,
          <Label key={`b${i}`} x={right} y={top + 95} size={7} anchor="middle" color={INK.soft}>
            {toTitle}
          </Label>,
          <Line
            key={`l${i}`}
            x1={left}
            y1={top + 20}
            x2={left}
            y2={top + 84}
            stroke={INK.hairline}
            strokeWidth={0.5}
          />,
          <Line
            key={`r${i}`}
            x1={right}
            y1={top + 20}
            x2={right}
            y2={top + 84}
            stroke={INK.hairline}
            strokeWidth={0.5}
          />,
          <Polyline
            key={`s${i}`}
            points={`${left},${y(row.from)} ${right},${y(row.to)}`}
            stroke={INK.accent}
            strokeWidth={1.6}
            fill="none"
          />,
          <Label key={`f${i}`} x={left - 5} y={y(row.from) + 3} anchor="end">
            {row.fromText}
          </Label>,
          <Label key={`t${i}`} x={right + 5} y={y(row.to) + 3} bold>
            {row.toText}
          </Label>,
        ];
      })}
    </Svg>
  );
}
