/*
 * What people typed, as a cell of a table that leaves the house. A spreadsheet takes text that begins with one of
 * `= + - @`, a tab or a carriage return for a formula when it reads it from a clipboard or a CSV file (OWASP, CSV
 * Injection). In a workbook a text is never a formula; there it is marked as text and keeps its characters.
 */

const begins = /^[\s\u00a0\ufeff]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]|^[\t\r]/u;
/** Figures with a sign are no formulas. */
const figure = /^[+-]?\d[\d,.]*%?$/;

/** Whether a spreadsheet would take the text for a formula if somebody typed it. */
export const looksLikeFormula = (text: string): boolean => begins.test(text);

/** Text for a clipboard, unable to be taken for a formula: an apostrophe before it, as spreadsheets themselves mark text. */
export const asText = (text: string): string => (looksLikeFormula(text) && !figure.test(text) ? `'${text}` : text);

/** XML 1.0 has no control characters; U+FFFE and U+FFFF would make the file unreadable from there on. */
// oxlint-disable-next-line no-control-regex
const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const lone = /\p{Surrogate}/gu;
/** What a cell of a worksheet holds at most, in UTF-16 units (Excel specifications and limits). */
const longest = 32_767;
/** Readers take `_x0041_` for the character of that number (ECMA-376-1, 22.9.2.19); the escaped underline keeps it as typed. */
const escapes = /_(?=x[0-9A-Fa-f]{4}_)/g;

/** Text without what XML cannot hold, cut to what a cell holds. */
export function plainText(text: string): string {
  const fit = text.replaceAll(lone, "\ufffd").replaceAll(unfit, "");
  return fit.length <= longest ? fit : `${fit.slice(0, longest - 1).replaceAll(lone, "")}…`;
}
/** The same as the file of a workbook has it: what reads as an escape is escaped, which a reader takes back before it counts. */
export const workbookText = (text: string): string => plainText(text).replaceAll(escapes, "_x005F_");
