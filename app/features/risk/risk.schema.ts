import { z } from "zod";
import { blankIsNone, oneOrMany, orNone } from "#app/platform/form-values.ts";
import { matching, optionalText, revision, text, uuid, whole } from "#app/platform/fields.ts";
import { assetRules, dimensions, riskMethods, treatments } from "#app/domain/vocabulary.ts";

/*
 * What forms, the API and imports hand to the register. Names of fields are those of the tables; levels are 1–5.
 */

const level = () => whole(1, 5);
/** A select that may be left open. */
const choice = <T extends readonly [string, ...string[]]>(values: T) =>
  z.preprocess((v) => (v === "" ? null : v), z.enum(values, { error: "error_field_choice" }).nullish());
/** One or many values under the same name, as checkboxes of a form send them. */
const ids = () => z.preprocess(oneOrMany, z.array(uuid()).min(1, { error: "error_risk_none_chosen" }).max(1000));

export const riskIdsSchema = z.object({ riskIds: ids() });
export const ownerSchema = riskIdsSchema.extend({ owner: text(100) });
export const updateRiskSchema = z.object({
  riskId: uuid(),
  rev: revision(1),
  owner: optionalText(100),
  treatment: choice(treatments),
  threat: level(),
  vulnerability: level(),
  note: optionalText(2000),
  status: z.enum(["confirmed", "dismissed"], { error: "error_field_choice" }).optional(),
});
export const newRiskSchema = z.object({
  assetId: uuid(),
  threatCode: text(20),
  vulnerabilityCode: text(20),
  threat: level(),
  vulnerability: level(),
  owner: optionalText(100),
  note: optionalText(2000),
});
export const methodSchema = z.object({
  method: z.enum(riskMethods, { error: "error_field_choice" }),
  assetRule: z.enum(assetRules, { error: "error_field_choice" }).optional(),
});

const riskStatusFilter = ["open", "proposed", "confirmed", "dismissed", "all"] as const;
/** Filters of the register as they stand in the address; a wrong one is refused, an empty one is none. */
export const registerFilterSchema = z.object({
  level: orNone(level()),
  /** Levels from this one up. */
  minLevel: orNone(level()),
  dimension: orNone(z.enum(dimensions)),
  site: orNone(uuid()),
  /** `open` is proposed or confirmed. */
  status: z.preprocess(blankIsNone, z.enum(riskStatusFilter).default("open")),
  /** A cell of the heat map as `likelihood.loss`, both 1–5. */
  cell: orNone(matching(/^[1-5]\.[1-5]$/)),
  owner: orNone(z.enum(["none"])),
  q: orNone(optionalText(100)),
});
export type RegisterFilter = z.output<typeof registerFilterSchema>;

/** Texts of one chapter in one language. A form names its fields `texts.2_1`, because a dot parts names there. */
export const chapterTextSchema = z.object({
  language: z.enum(["zh", "en"], { error: "error_field_choice" }),
  rev: revision(),
  texts: z
    .record(text(20), optionalText(20_000))
    .transform((t) => Object.fromEntries(Object.entries(t).map(([k, v]) => [k.replaceAll("_", "."), v]))),
});
