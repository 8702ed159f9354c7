import { type SQLWrapper, sql } from "drizzle-orm";
import {
  type Dimension,
  dimensions,
  type Lifecycle,
  lifecycles,
  type Mechanism,
  mechanisms,
  type ObjectKind,
  objects,
} from "../vocabulary.ts";
import { check, text, timestamp, uuid } from "drizzle-orm/pg-core";

/** Time of a fact: with zone, milliseconds, as Date. */
export const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });
export const createdAt = () => at("created_at").notNull().defaultNow();
export const updatedAt = () => at("updated_at").notNull().defaultNow();
export const id = () => uuid("id").notNull();
export const tenantId = () => uuid("tenant_id").notNull();

type Column = SQLWrapper & { name: string };

/** Text limited to listed values by CHECK: an enum's operators are not leakproof and would lose the index under a policy. */
export function oneOf<T extends readonly [string, ...string[]]>(table: string, column: Column, values: T) {
  const list = sql.raw(values.map((v) => `'${v}'`).join(", "));
  return check(`${table}_${column.name}_known`, sql`${column} in (${list})`);
}
/** Longest text a field may hold, in characters; the database refuses what a form forgot. */
export function maxLength(table: string, column: Column, characters: number) {
  return check(`${table}_${column.name}_length`, sql`char_length(${column}) <= ${sql.raw(String(characters))}`);
}
export { dimensions, lifecycles, mechanisms, objects };

/** The four tags that every question, measure and clause carries. */
export const tagColumns = () => ({
  dimension: text("dimension").$type<Dimension>().notNull(),
  object: text("object").$type<ObjectKind>().notNull(),
  lifecycle: text("lifecycle").$type<Lifecycle>().notNull(),
  mechanism: text("mechanism").$type<Mechanism>().notNull(),
});
export const tagChecks = (
  table: string,
  t: { dimension: Column; object: Column; lifecycle: Column; mechanism: Column },
) => [
  oneOf(table, t.dimension, dimensions),
  oneOf(table, t.object, objects),
  oneOf(table, t.lifecycle, lifecycles),
  oneOf(table, t.mechanism, mechanisms),
];
