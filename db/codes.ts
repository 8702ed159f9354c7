import { type SQL, sql, type SQLWrapper } from "drizzle-orm";

/*
 * Codes that are counted up: K-01, M-0001, P1-01, R-0001. They grow past the digits they began with, and are told, ordered and
 * counted by their number: as text K-100 stands before K-99, and the largest of them is K-99 for ever.
 */

/** The order of a column of such codes: by what stands before the number, then by the number. */
export const inCodeOrder = (code: SQLWrapper): SQL[] => [
  sql`split_part(${code}, '-', 1)`,
  sql`length(${code})`,
  sql`${code}`,
];
/** The same inside a statement that is written out. */
export const byCode = (code: SQLWrapper): SQL => sql.join(inCodeOrder(code), sql`, `);
/** The largest number among a column of such codes, 0 where there is none. For a select over the codes of one kind. */
export const largestNumber = (code: SQLWrapper): SQL<number> =>
  sql<number>`coalesce(max(split_part(${code}, '-', 2)::integer), 0)`.mapWith(Number);
/** The code of a number: at least so many digits, more when it has grown. */
export const codeOf = (prefix: string, digits: number, no: number): string =>
  `${prefix}-${String(no).padStart(digits, "0")}`;
