import {
  type Attacker,
  everything,
  filed,
  lit,
  mayRead,
  nothing,
  publicTables,
  signedInFrame,
  type TableShape as Shape,
  tables as shapes,
} from "#app/features/isolation/model.server.ts";

export { type Attacker, columnsOf, mayRead } from "#app/features/isolation/model.server.ts";

/*
 * What attacks need beyond the product's own model of who may see what: values to write, and who may write.
 */

export interface TableShape extends Omit<Shape, "columns"> {
  columns: (Shape["columns"][number] & { constant: string; worth: number })[];
}
/** A value of a column's type that no key and no CHECK minds; the less it may be minded, the more it is worth. */
function constantFor(
  type: string,
  words: readonly string[] | undefined,
  name: string,
): { constant: string; worth: number } {
  // Codes are keys: the second row of a value is refused before a policy is.
  if (name === "code") return { constant: "''", worth: 0 };
  if (type.startsWith("timestamp")) return { constant: "now()", worth: 9 };
  if (type === "boolean") return { constant: "false", worth: 8 };
  if (type === "jsonb") return { constant: "'{}'", worth: 7 };
  if (type === "date") return { constant: "'2013-06-01'", worth: 6 };
  if (words && words.length > 0) return { constant: `'${words[0] ?? ""}'`, worth: 4 };
  if (type === "text") return { constant: "''", worth: 5 };
  return type === "uuid" ? { constant: "gen_random_uuid()", worth: 1 } : { constant: "1", worth: 5 };
}

export const tables: readonly TableShape[] = shapes.map((t) => ({
  ...t,
  columns: t.columns.map((c) => ({ ...c, ...constantFor(c.type, c.words, c.name) })),
}));

/** Sequences behind generated columns, as PostgreSQL names them. */
export const sequences: readonly string[] = tables.flatMap((t) =>
  t.columns.filter((c) => c.generated).map((c) => `public.${t.name}_${c.name}_seq`),
);

/** Rows they may change, where that is less than what they may read. */
export function mayWrite(a: Attacker, table: string): string {
  if (a.who === null) return nothing;
  const own = `tenant_id = ${lit(a.who.tenantId)}`;
  if (table === "tenants") return a.who.role === "operator" ? everything : nothing;
  if (table === "programmes" || signedInFrame.has(table) || publicTables.has(table)) return own;
  // What was handed over stays.
  if (table === "evidence") return `(${mayRead(a, table)}) and not ${filed}`;
  // A scorer's sheet is written by the scorer alone, though their lead reads it.
  if (table === "pilot_scores") return `${own} and membership_id = ${lit(a.who.membershipId)}`;
  return mayRead(a, table);
}

/** Mulberry32: the same statements every time, and others by another seed. */
export function numbers(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
