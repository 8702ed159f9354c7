import { z } from "zod";
import { choiceOrNull, flag, orNull } from "#app/platform/form-values.ts";
import { day, optionalText, revision, scaled, text, uuid, whole } from "#app/platform/fields.ts";
import { dimensions, directions, lifecycles, mechanisms, objects } from "#app/domain/vocabulary.ts";

/* What forms, the API and the demonstration hand to the plan. Open choices come as "" from a form and are kept as null. */

const rev = () => revision(1);

const measureFields = {
  title: text(300),
  dimension: choiceOrNull(dimensions),
  object: choiceOrNull(objects),
  lifecycle: choiceOrNull(lifecycles),
  mechanism: choiceOrNull(mechanisms),
  budgetLineId: orNull(uuid()),
  startsOn: orNull(day()),
  endsOn: orNull(day()),
  owner: optionalText(100),
  /** Levels taken off the frequency of the threat and the severity of the vulnerability. */
  threatCut: whole(0, 4),
  vulnerabilityCut: whole(0, 4),
};
const ordered = <T extends { startsOn?: string | null; endsOn?: string | null }>(m: T) =>
  !m.startsOn || !m.endsOn || m.startsOn <= m.endsOn;
const datesOrdered = { message: "error_plan_dates_reversed", path: ["endsOn"] };

export const newMeasureSchema = z.object({ riskId: uuid(), ...measureFields }).refine(ordered, datesOrdered);
export const updateMeasureSchema = z
  .object({ measureId: uuid(), rev: rev(), ...measureFields })
  .refine(ordered, datesOrdered);
export const measureIdSchema = z.object({ measureId: uuid(), rev: rev() });
export const measureDoneSchema = z.object({ measureId: uuid(), doneOn: orNull(day()) });

/** Amount in 万元 with two decimals as typed; kept as whole hundredths. */
const amount = () => scaled(2, 100_000_000).refine((n) => n >= 0, { message: "error_plan_amount_negative" });
const lineFields = {
  siteId: uuid(),
  title: text(200),
  amount: amount(),
  security: flag(),
  lifecycle: z.enum(lifecycles, { error: "error_field_choice" }),
};
export const newBudgetLineSchema = z.object(lineFields);
export const updateBudgetLineSchema = z.object({ budgetLineId: uuid(), ...lineFields });
export const budgetLineIdSchema = z.object({ budgetLineId: uuid() });

/** Baseline and target with up to three decimals as typed; kept as whole thousandths. */
const figure = () => orNull(scaled(3, 1_000_000_000));
const indicatorFields = {
  name: text(200),
  unit: text(40),
  dimension: z.enum(dimensions, { error: "error_field_choice" }),
  direction: z.enum(directions, { error: "error_field_choice" }),
  baseline: figure(),
  target: figure(),
  /** Least and greatest figure that is taken; empty: the unit's own. */
  low: figure().optional(),
  high: figure().optional(),
};
export const newIndicatorSchema = z.object(indicatorFields);
export const updateIndicatorSchema = z.object({ indicatorId: uuid(), ...indicatorFields });
export const indicatorIdSchema = z.object({ indicatorId: uuid() });

const draftRev = () => revision();
const nominationSchema = z.object({
  systemId: uuid(),
  batchNo: whole(1, 2),
  direction: z.enum(dimensions, { error: "error_field_choice" }),
});
export type Nomination = z.output<typeof nominationSchema>;
export const nominateSchema = nominationSchema.extend({ rev: draftRev() });
export const withdrawNominationSchema = z.object({ systemId: uuid(), batchNo: whole(1, 2), rev: draftRev() });
export const shareReasonSchema = z.object({ siteId: uuid(), reason: optionalText(1000), rev: draftRev() });
/** Texts of sections in one language: `texts.organisation`. */
export const planTextSchema = z.object({
  language: z.enum(["zh", "en"], { error: "error_field_choice" }),
  rev: draftRev(),
  texts: z.record(text(40), optionalText(20_000)),
});
