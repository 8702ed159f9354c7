/*
 * What people typed, as a cell of a table that leaves the house. A spreadsheet takes text that begins with one of
 * `= + - @`, a tab or a carriage return for a formula (OWASP, CSV Injection); every export goes through here.
 */

const begins = /^[\s\u00a0\ufeff]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]|^[\t\r]/u;
/** Figures with a sign are no formulas. */
const figure = /^[+-]?\d[\d,.]*%?$/;

/** The text, unable to be taken for a formula: an apostrophe before it, as spreadsheets themselves mark text. */
export const asText = (text: string): string => (begins.test(text) && !figure.test(text) ? `'${text}` : text);

/** Any cell: text as `asText` has it, figures and days as they are. */
export const asCell = <T>(cell: T): T => (typeof cell === "string" ? (asText(cell) as T) : cell);
