import type { ReactNode } from "react";
import { asText } from "#app/platform/cells.ts";

/** A column of DataTable. What `cell` gives is shown; `text` is what is copied where that differs. */
export interface Column<Row> {
  key: string;
  head: string;
  /** Unit in the head: 万元. */
  unit?: string | undefined;
  cell: (row: Row, index: number) => ReactNode;
  /** For copying, when the cell is a mark or a control. */
  text?: ((row: Row) => string) | undefined;
  /** Right-aligned. */
  numeric?: boolean | undefined;
  /** A code, a date or one word: never broken over two lines. */
  short?: boolean | undefined;
  /** Centred: marks without words. */
  centred?: boolean | undefined;
  /** A long head over short cells: broken over lines. */
  wrapHead?: boolean | undefined;
  /** Key in `?sort=`; a column without one is not sortable. */
  sort?: string | undefined;
  /** First click sorts downwards: dates, amounts, risks. */
  downFirst?: boolean | undefined;
  /** Names the row: one column, usually the first. */
  rowHead?: boolean | undefined;
  /** Shown only when chosen in the column choice. */
  optional?: boolean | undefined;
  /** Head for screen readers only: a column of acts. */
  hideHead?: boolean | undefined;
  /** CSS width such as «12rem». */
  width?: string | undefined;
}

/** Columns in sight: those chosen in `?cols=`, or all that are not optional. The row's head always stands. */
export function visibleColumns<Row>(columns: readonly Column<Row>[], chosen: readonly string[]): Column<Row>[] {
  if (chosen.length === 0) return columns.filter((column) => !column.optional);
  return columns.filter((column) => column.rowHead || column.hideHead || chosen.includes(column.key));
}

/** A table as tab-separated text. Line breaks and tabs inside a cell become spaces, so that rows stay rows; nothing typed becomes a formula. */
export function toTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((cell) => asText(cell.replace(/\s+/g, " ").trim())).join("\t")).join("\n");
}
