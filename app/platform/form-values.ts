import { z } from "zod";
import { fieldType } from "./fields.ts";

/* What a form or an address sends for nothing, for yes, and for one of several: told apart here, before the field is checked. */

/** An empty field of an address is none at all. */
export const blankIsNone = (v: unknown): unknown => (v === "" || v === null ? undefined : v);
/** Filters in an address: absent and empty alike are none. */
export const orNone = <T extends z.ZodType>(of: T) => z.preprocess(blankIsNone, of.optional());
/** Fields of a form that may be left open: empty and absent are stored as null. */
export const orNull = <T extends z.ZodType>(of: T) =>
  z.preprocess((v) => (v === "" || v === undefined ? null : v), of.nullable());
/** A choice from a list that may be left open. */
export const choiceOrNull = <T extends readonly [string, ...string[]]>(values: T) =>
  orNull(z.enum(values, { error: "error_field_choice" }));

const yes = new Set(["on", "true", "1", "yes"]);
const no = new Set(["", "off", "false", "0", "no"]);
/** A checkbox, which a form leaves out when it is not ticked; or a boolean of the API. Any other word is neither yes nor no. */
export const flag = () =>
  z.preprocess(
    (v) => {
      if (v === undefined || v === null) return false;
      const word = String(v).trim().toLowerCase();
      return yes.has(word) ? true : no.has(word) ? false : v;
    },
    fieldType(z.boolean({ error: "error_field_choice" })),
  );

/** Boxes of one name: none, one or many come as a list. */
export const oneOrMany = (v: unknown): unknown => (v === undefined || v === "" ? [] : Array.isArray(v) ? v : [v]);
