import { Text, View } from "@react-pdf/renderer";
import type { ReactElement } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import type { Level } from "../types.ts";
import { INK, LEVEL_FILL, LEVEL_TEXT, useSetting } from "./theme.ts";

interface Column {
  readonly head: string;
  /** Share of the table's width; shares need not add up to anything. */
  readonly share: number;
  readonly align?: "left" | "center" | "right";
  /** Stands in the head under the name, in lighter type. */
  readonly unit?: string;
}

/** A cell: plain text, or text with the colour of a level, or strong text. */
export type Cell = string | { readonly text: string; readonly level?: Level; readonly strong?: boolean };

export interface DataTableProps {
  readonly caption?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly note?: string;
  readonly size?: number;
}

const PAD_X = 4;
/** Figures keep clear of the words of the next column. */
const PAD_FIGURES = 12;

function padding(columns: readonly Column[], index: number): { paddingLeft: number; paddingRight: number } {
  const crowded =
    columns[index]?.align === "right" && index + 1 < columns.length && (columns[index + 1]?.align ?? "left") === "left";
  return { paddingLeft: PAD_X, paddingRight: crowded ? PAD_FIGURES : PAD_X };
}

function HeadRow({ columns, size }: { readonly columns: readonly Column[]; readonly size: number }): ReactElement {
  const total = columns.reduce((sum, column) => sum + column.share, 0);
  return (
    <View
      data-flow="head"
      style={{
        flexDirection: "row",
        alignItems: "flex-end",
        borderTopWidth: 1.1,
        borderTopColor: INK.rule,
        borderBottomWidth: 0.6,
        borderBottomColor: INK.rule,
        backgroundColor: INK.faint,
      }}
    >
      {columns.map((column, i) => (
        <View key={i} style={{ width: `${(100 * column.share) / total}%`, ...padding(columns, i), paddingVertical: 4 }}>
          <Text style={{ fontSize: size, fontWeight: 700, lineHeight: 1.35, textAlign: column.align ?? "left" }}>
            {column.head}
          </Text>
          {column.unit ? (
            <Text style={{ fontSize: size - 1, lineHeight: 1.3, color: INK.soft, textAlign: column.align ?? "left" }}>
              {column.unit}
            </Text>
          ) : null}
        </View>
      ))}
    </View>
  );
}

function TableCell({
  cell,
  columns,
  index,
  width,
  size,
}: {
  readonly cell: Cell;
  readonly columns: readonly Column[];
  readonly index: number;
  readonly width: string;
  readonly size: number;
}): ReactElement {
  const value: Exclude<Cell, string> = typeof cell === "string" ? { text: cell } : cell;
  const { text: words, level, strong: isStrong } = value;
  const align = columns[index]?.align ?? "left";
  // Figures stand under one another only in the sans face: the serif one has none of equal width.
  const family = align === "right" ? { fontFamily: "sans" } : {};
  const strong = isStrong ? { fontWeight: 700 } : {};
  const text = (
    <Text
      style={{
        fontSize: size,
        lineHeight: 1.45,
        textAlign: align,
        ...family,
        ...strong,
        ...(level ? { color: LEVEL_TEXT[level] } : {}),
      }}
    >
      {words}
    </Text>
  );
  return (
    <View style={{ width, ...padding(columns, index), paddingVertical: 3.5 }}>
      {level ? <View style={{ backgroundColor: LEVEL_FILL[level], paddingHorizontal: 2 }}>{text}</View> : text}
    </View>
  );
}

/** A table of three rules: head repeated on every page, rows kept whole, the title repeated with «续». */
export function DataTable({ caption, columns, rows, note, size = 8.5 }: DataTableProps): ReactElement {
  const { locale } = useSetting();
  const total = columns.reduce((sum, column) => sum + column.share, 0);
  const title = (text: string, flow: string): ReactElement => (
    <Text
      data-flow={flow}
      style={{ fontSize: 9.5, fontWeight: 700, lineHeight: 1.5, textAlign: "center", paddingBottom: 4 }}
    >
      {text}
    </Text>
  );
  return (
    <View data-flow="table" style={{ marginTop: 9, marginBottom: 11 }}>
      {caption ? title(caption, "caption") : null}
      {caption ? title(m.pdf_continued({ caption }, { locale }), "continued") : null}
      <HeadRow columns={columns} size={size} />
      {rows.length === 0 ? (
        <View data-flow="row" style={{ borderBottomWidth: 1.1, borderBottomColor: INK.rule, paddingVertical: 5 }}>
          <Text style={{ fontSize: size, lineHeight: 1.45, textAlign: "center", color: INK.soft }}>
            {m.pdf_none({}, { locale })}
          </Text>
        </View>
      ) : null}
      {rows.map((row, i) => {
        const last = i === rows.length - 1;
        return (
          <View
            key={i}
            data-flow="row"
            style={{
              flexDirection: "row",
              borderBottomWidth: last ? 1.1 : 0.35,
              borderBottomColor: last ? INK.rule : INK.hairline,
            }}
          >
            {columns.map((column, k) => (
              <TableCell
                key={k}
                cell={row[k] ?? ""}
                columns={columns}
                index={k}
                width={`${(100 * column.share) / total}%`}
                size={size}
              />
            ))}
          </View>
        );
      })}
      {note ? (
        <Text data-flow="foot" style={{ fontSize: 8, lineHeight: 1.5, color: INK.soft, paddingTop: 4 }}>
          {note}
        </Text>
      ) : null}
    </View>
  );
}

/** Names and values in two columns, separated by hairlines. */
export function KeyValue({
  rows,
  labelWidth = 110,
  size = 9.5,
}: {
  readonly rows: readonly (readonly [label: string, value: string])[];
  readonly labelWidth?: number;
  readonly size?: number;
}): ReactElement {
  return (
    <View data-flow="flow" style={{ marginTop: 6, marginBottom: 10 }}>
      {rows.map(([label, value], i) => (
        <View
          key={i}
          style={{
            flexDirection: "row",
            borderTopWidth: i === 0 ? 0.6 : 0,
            borderTopColor: INK.rule,
            borderBottomWidth: i === rows.length - 1 ? 0.6 : 0.35,
            borderBottomColor: i === rows.length - 1 ? INK.rule : INK.hairline,
            paddingVertical: 4,
          }}
        >
          <Text style={{ width: labelWidth, fontSize: size, lineHeight: 1.5, color: INK.soft, paddingRight: 8 }}>
            {label}
          </Text>
          <Text style={{ flexGrow: 1, fontSize: size, lineHeight: 1.5 }}>{value}</Text>
        </View>
      ))}
    </View>
  );
}
