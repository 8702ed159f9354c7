import type { CellValue } from "hucre/xlsx";
import { asCell } from "./cells.ts";
import { xlsxBytes } from "./xlsx.server.ts";

const bold = { font: { bold: true } };

export interface Sheet {
  /** Cut to what a spreadsheet takes as a name. */
  name: string;
  header: string[];
  rows: CellValue[][];
  /** In characters; 14 where there is none. */
  widths?: number[];
}

/** Media type of what `workbook` makes. */
export const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** A workbook with a frozen bold header on each sheet; text stays text, so nothing typed by people becomes a formula. */
export function workbook(sheets: readonly Sheet[]): Promise<Uint8Array> {
  return xlsxBytes({
    sheets: sheets.map((s) => ({
      name: s.name.replaceAll(/[\\/?*[\]:]/g, " ").slice(0, 31),
      columns: s.header.map((_, i) => ({ width: s.widths?.[i] ?? 14 })),
      rows: [s.header, ...s.rows.map((row) => row.map(asCell))],
      cells: new Map(s.header.map((_, i) => [`0,${i}`, { style: bold }])),
      freezePane: { rows: 1 },
    })),
  });
}
