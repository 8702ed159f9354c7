import { SHAPE_LIMITS } from "#app/platform/shape.rules.ts";

/* Names just past, or just within, what a form may ask to have unfolded. All of it is harmless. */

export type Fields = readonly (readonly [string, string])[];
export const many = (count: number, name: (i: number) => string): Fields =>
  Array.from({ length: count }, (_, i) => [name(i), "1"]);
/** The name of a field that no form has: nothing of it may come back. */
export const mark = "nobodysfield";

const within = SHAPE_LIMITS.fields - 5;
/** `status`: of every form that reads its fields; without one, what the form says to fields that are missing. */
export const oddBodies: readonly { kind: string; fields: Fields; status?: number }[] = [
  { kind: "an index into a list that is not there", fields: [[`${mark}[${SHAPE_LIMITS.fields + 1}]`, "1"]] },
  {
    kind: "a gap in a list that is there",
    fields: [
      ["parts[3].reason", "1"],
      ["cells[3].controlId", "1"],
      ["ids[3]", "1"],
      ["evidence[3]", "1"],
    ],
  },
  { kind: "many flat names", fields: many(within, (i) => `${mark}${i}`) },
  { kind: "many nested names", fields: many(within, (i) => `${mark}${i}.a.b.c`) },
  { kind: "many items of one list", fields: many(within, (i) => `${mark}[${i}].reason`) },
  {
    kind: "more fields than a form may have",
    fields: many(SHAPE_LIMITS.fields + 1, (i) => `${mark}${i}`),
    status: 400,
  },
  { kind: "a name deeper than it may be", fields: [[`${mark}${".a".repeat(SHAPE_LIMITS.depth)}`, "1"]], status: 400 },
  { kind: "a name longer than it may be", fields: [[mark.padEnd(SHAPE_LIMITS.name + 1, "x"), "1"]], status: 400 },
  {
    kind: "names that are reserved",
    fields: [
      ["__state__", mark],
      ["__intent__", mark],
      ["constructor.prototype", mark],
      ["__proto__.a", mark],
    ],
  },
];
