import type { CellStyle, CellValue, WriteOptions, WriteSheet } from "hucre/xlsx";
import { looksLikeFormula, plainText, workbookText } from "./cells.ts";
import { xlsxBytes } from "./xlsx.server.ts";

/*
 * Workbooks as one house makes them: a named font, a head that stays in sight and is repeated on paper, a filter, pages that
 * are as wide as the paper. Text stays the text that it is and is marked as such.
 */

interface Column {
  head: string;
  /** In characters; 14 where there is none. Columns of 36 and more break their lines. */
  width?: number;
  /** Format of numbers and days, as spreadsheets write it. */
  numFmt?: string;
}
export interface Sheet {
  /** Cut to what a spreadsheet takes as a name. */
  name: string;
  columns: readonly Column[];
  /** A cell for each column at most; days as `Date` at UTC midnight. */
  rows: readonly (readonly CellValue[])[];
}
export interface Book {
  /** Stands in the properties of the file and at the foot of each page. */
  title: string;
  sheets: readonly Sheet[];
}

/** Media type of what `workbook` makes. */
export const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const font = { name: "Microsoft YaHei", size: 10 };
const wraps = 36;
const headStyle: CellStyle = {
  font: { ...font, bold: true },
  fill: { type: "pattern", pattern: "solid", fgColor: { rgb: "E6EEF0" } },
  alignment: { wrapText: true, vertical: "center" },
};
const styleOf = ({ width = 14, numFmt }: Column): CellStyle => ({
  alignment: { vertical: "top", wrapText: width >= wraps },
  ...(numFmt === undefined ? {} : { numFmt }),
});

const letters = (n: number): string =>
  n < 26 ? String.fromCharCode(65 + n) : `${letters(Math.floor(n / 26) - 1)}${String.fromCharCode(65 + (n % 26))}`;
/** Names may be repeated only with a number behind them. */
function sheetName(name: string, earlier: readonly string[]): string {
  const fit = workbookText(name)
    .replaceAll(/[\\/?*[\]:']/g, " ")
    .slice(0, 31)
    .replaceAll(/\p{Surrogate}/gu, "");
  for (let n = 1; ; n += 1) {
    const one = n === 1 ? fit : `${fit.slice(0, 27)} ${n}`;
    if (!earlier.includes(one)) return one;
  }
}
/** Points from one line of a cell to the next, for the font above. */
const lineHeight = 15;
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3ffff}]/gu;
/** Lines that a text takes in a column of so many characters, of which a Chinese one takes two. */
const linesOf = (text: string, width: number): number =>
  text
    .split("\n")
    .reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(([...line].length + (line.match(wide)?.length ?? 0)) / width)),
      0,
    );
/** How high a row is that takes more than a line: some readers do not work it out. Excel takes 409 points at most. */
function heightOf(row: readonly CellValue[], columns: readonly Column[]): number | undefined {
  const lines = Math.max(
    1,
    ...row.map((cell, c) => {
      const width = columns[c]?.width ?? 0;
      return typeof cell === "string" && width >= wraps ? linesOf(cell, width) : 1;
    }),
  );
  return lines === 1 ? undefined : Math.min(409, lines * lineHeight);
}

/** `&` opens a code in a footer; twice it is itself. What is long is cut, for a footer takes 255 characters in all. */
function footerText(text: string, most: number): string {
  const [all, fit] = [[...workbookText(text)], [...workbookText(text)].slice(0, most)];
  return `${fit.join("")}${all.length > most ? "…" : ""}`.replaceAll("&", "&&");
}

function sheetOptions({ columns, rows }: Sheet, name: string, title: string): WriteSheet {
  const cells: NonNullable<WriteSheet["cells"]> = new Map(
    columns.map((c, n) => [`0,${n}`, { value: workbookText(c.head), style: headStyle }]),
  );
  const styles = columns.map(styleOf);
  for (const [r, row] of rows.entries())
    for (const [c, cell] of row.entries())
      if (typeof cell === "string" && looksLikeFormula(cell))
        cells.set(`${r + 1},${c}`, { style: { ...styles[c], quotePrefix: true } });
  return {
    name,
    columns: columns.map((column, n) => ({ width: column.width ?? 14, style: styles[n] ?? {} })),
    rows: [
      columns.map((c) => workbookText(c.head)),
      ...rows.map((row) => row.map((cell) => (typeof cell === "string" ? workbookText(cell) : cell))),
    ],
    cells,
    rowDefs: new Map(
      rows.flatMap((row, r) => {
        const height = heightOf(row, columns);
        return height === undefined ? [] : [[r + 1, { height }] as const];
      }),
    ),
    freezePane: { rows: 1 },
    ...(rows.length > 0 ? { autoFilter: { range: `A1:${letters(columns.length - 1)}${rows.length + 1}` } } : {}),
    pageSetup: {
      paperSize: "a4",
      orientation: "landscape",
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: "$1:$1",
    },
    headerFooter: { oddFooter: `&L${footerText(title, 60)} · ${footerText(name, 31)}&R&P / &N` },
  };
}

/** What the library writes of a book. Apart from `workbook`, so that what is read for it is read before it is written. */
export function bookOptions({ title, sheets }: Book): WriteOptions {
  const names: string[] = [];
  for (const sheet of sheets) names.push(sheetName(sheet.name, names));
  return {
    sheets: sheets.map((sheet, n) => sheetOptions(sheet, names[n] ?? "", title)),
    defaultFont: font,
    properties: { title: plainText(title), creator: "安试 Anshi" },
  };
}

/** The bytes of a workbook. @throws what `xlsxBytes` throws */
export const workbook = (book: Book): Promise<Uint8Array> => xlsxBytes(bookOptions(book));
