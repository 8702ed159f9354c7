import { z } from "zod";
import {
  day,
  matching,
  monthPattern,
  oneOfNumbers,
  optionalText,
  revision,
  scaled,
  text,
  uuid,
  whole,
  isInvisible,
} from "#app/platform/fields.ts";
import { choiceOrNull, flag, oneOrMany, orNull } from "#app/platform/form-values.ts";
import { dimensions, lessonUptakes } from "#db/vocabulary.ts";

/** Periods of progress reports: a calendar month, or the closing report. */
export const summaryPeriod = "summary";
export const period = () =>
  matching(new RegExp(`^(?:${monthPattern}|${summaryPeriod})$`), { error: "error_field_period" });

/** What the plan's body says of each nominated system. */
export const nominationSchema = z.object({
  systemId: z.string(),
  batchNo: z.union([z.literal(1), z.literal(2)]),
  direction: z.enum(dimensions),
});
export type Nomination = z.output<typeof nominationSchema>;

/** What the applicant states of a nomination; partners and programmes one a line, an empty day for a system not in use yet. */
const lines = (most: number) =>
  optionalText(2000)
    .transform((s) =>
      s
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => !isInvisible(line)),
    )
    .refine((list) => list.length <= most, { message: `error_field_lines|max=${most}` });
export const nominationFormSchema = z.object({
  partners: lines(20),
  otherProgrammes: lines(20),
  builtOn: orNull(day()),
  committed: flag(),
  expectedVersion: matching(/^[0-9a-f]{16}$/, { error: "error_field_required" }).nullish(),
});

const points = () =>
  z.union([z.literal("").transform(() => null), whole(0, 100)], { error: "error_field_range|min=0|max=100" }).nullish();
/** Points by criterion code; an empty one keeps the sheet open. */
export const scoreSchema = z.object({ points: z.record(text(40), points()), comment: optionalText(2000) });
export const recusalSchema = z.object({ reason: text(1000) });
export const objectionSchema = z.object({ raisedBy: text(200), text: text(4000) });
export const settlementSchema = z.object({ objectionId: uuid(), settlement: text(4000) });

export const startReportSchema = z.object({ period: period() });
/** A value typed as a decimal with at most three places, kept as thousandths; empty means not reported. */
const milli = z.union([z.literal("").transform(() => null), z.null(), scaled(3, 1e9)], {
  error: "error_field_decimal|digits=3",
});
/** What a progress report says in words, by whichever door; `explanations` by indicator, of figures that are far from the ones before. */
export const reportTexts = {
  explanations: z.record(uuid(), optionalText(1000)).optional(),
  text: optionalText(8000),
  problems: optionalText(4000),
  next: optionalText(4000),
};
/** The working text of a progress report as a form posts it. */
export const reportFormSchema = z.object({
  rev: revision(),
  values: z.record(uuid(), milli).default({}),
  ...reportTexts,
  done: z
    .record(uuid(), z.union([z.literal("").transform(() => null), z.null(), day()], { error: "error_field_day" }))
    .default({}),
});
type ReportForm = z.output<typeof reportFormSchema>;
/** What is kept in the draft: thousandths by indicator, days by measure. */
export type ReportBody = Omit<ReportForm, "rev">;
export const emptyReport: ReportBody = { values: {}, text: "", problems: "", next: "", done: {} };

export const reviewSchema = z.object({
  rev: revision(),
  conclusions: optionalText(8000),
  problems: optionalText(8000),
  advice: optionalText(8000),
});
export type ReviewBody = Omit<z.output<typeof reviewSchema>, "rev">;
export const emptyReview: ReviewBody = { conclusions: "", problems: "", advice: "" };

export const lessonSchema = z.object({
  batchNo: oneOfNumbers(1, 2),
  pilotId: z.union([z.literal("").transform(() => null), uuid()]).nullish(),
  dimension: z.enum(dimensions, { error: "error_field_choice" }),
  text: text(2000),
});
/** The same, put right as it was read. */
export const lessonCorrectionSchema = lessonSchema
  .omit({ batchNo: true })
  .extend({ lessonId: uuid(), rev: whole(1, 1_000_000) });
/** A lesson as a box of a form sends it: its id and the revision that was read. */
const lessonRead = () =>
  matching(/^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}:\d{1,9}$/).transform((pair) => {
    const [id = "", rev = ""] = pair.split(":");
    return { id: id.toLowerCase(), rev: Number(rev) };
  });
export const lessonDecisionSchema = z.object({
  lessons: z.preprocess(oneOrMany, z.array(lessonRead()).min(1, { error: "error_lesson_none_chosen" }).max(500)),
  decision: z.enum(["adopted", "adapted", "refused"], { error: "error_field_choice" }),
  /** Asked for every decision: the next reader learns from the reason, not from the word. */
  reason: text(2000),
  /** What takes up what is adopted; `uptake` is a code, or the heading of the clause. */
  uptakeKind: choiceOrNull(lessonUptakes),
  uptake: optionalText(300),
});
export const silenceSchema = z.object({ pilotId: uuid(), reason: text(2000) });
