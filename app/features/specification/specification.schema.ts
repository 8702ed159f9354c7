import { z } from "zod";
import { choiceOrNull, flag, oneOrMany, orNone, orNull } from "#app/platform/form-values.ts";
import { day, matching, optionalText, revision, text, uuid, whole } from "#app/platform/fields.ts";
import { dimensions, lifecycles, mechanisms, objects, verbKinds } from "#app/domain/vocabulary.ts";

/** Chapters of the edition that hold clauses, in the order of GB/T 1.1; keys of the catalogue's skeleton. */
export const clauseChapters = [
  "general",
  "design",
  "acceptance",
  "operation",
  "monitoring",
  "change",
  "improvement",
] as const;
const evidenceKinds = ["pilot", "lesson", "risk", "indicator"] as const;

const scaledOrNull = () => orNull(whole(-1_000_000, 1_000_000));

const tagsSchema = z.object({
  dimension: choiceOrNull(dimensions),
  object: choiceOrNull(objects),
  lifecycle: choiceOrNull(lifecycles),
  mechanism: choiceOrNull(mechanisms),
});

/** Whom a figure speaks of, by ids, and its sums: what decides whether it may be told outside (`disclosure`). */
const basisSchema = z.object({
  subject: text(100),
  members: z.array(z.object({ site: uuid(), pilot: uuid(), version: text(60) })).max(10_000),
  sums: z.record(z.string(), z.number().int()),
});
/** One thing a sector's clause rests on. `effectMilli`: mean change of the dimension's risk, thousandths, negative is better. */
const draftEvidenceSchema = z.object({
  kind: z.enum(evidenceKinds, { error: "error_field_choice" }),
  ref: text(60),
  batchNo: whole(1, 2),
  /** Pilots it was seen in. */
  pilots: whole(0, 10_000).default(1),
  statement: text(2000),
  effectMilli: scaledOrNull(),
  dissent: flag(),
  /** Null for what speaks of no number of pilots, and for what was written before this was recorded. */
  basis: basisSchema.nullable().default(null),
});
export type DraftEvidence = z.output<typeof draftEvidenceSchema>;

const draftClauseSchema = z.object({
  /** Stable in the draft; a new clause gets one when it is first saved. */
  key: text(40),
  chapter: z.enum(clauseChapters, { error: "error_field_choice" }),
  title: optionalText(100),
  text: text(2000),
  titleEn: optionalText(200),
  textEn: optionalText(2000),
  verb: z.enum(verbKinds, { error: "error_field_choice" }),
  tags: tagsSchema,
  evidence: z.array(draftEvidenceSchema).max(60),
  evidenceNone: flag(),
});
export type DraftClause = z.output<typeof draftClauseSchema>;
export interface SpecDraftBody {
  clauses: DraftClause[];
}
export const emptySpecDraft: SpecDraftBody = { clauses: [] };

/** What national guards and lists need of a sealed draft, without opening it. */
export interface SpecDraftSummary {
  clauseCount: number;
  clausesWithoutEvidence: number;
  evidenceCount: number;
  pilots: number;
  byDimension: Record<string, number>;
  byLifecycle: Record<string, number>;
  byMechanism: Record<string, number>;
}

/** A clause as the page posts it: evidence is chosen from the list, by its kind and reference. */
export const clauseFormSchema = z.object({
  rev: whole(0, 1_000_000),
  key: optionalText(40),
  chapter: z.enum(clauseChapters, { error: "error_field_choice" }),
  title: optionalText(100),
  text: text(2000),
  titleEn: optionalText(200),
  textEn: optionalText(2000),
  dimension: choiceOrNull(dimensions),
  object: choiceOrNull(objects),
  lifecycle: choiceOrNull(lifecycles),
  mechanism: choiceOrNull(mechanisms),
  evidence: z.preprocess(oneOrMany, z.array(text(80)).max(60)),
  dissent: z.preprocess(oneOrMany, z.array(text(80)).max(60)),
  evidenceNone: flag(),
});

export const newSpecificationSchema = z.object({
  programmeId: uuid(),
  titleZh: text(200),
  titleEn: text(200),
  /** Empty: the next free number of the series. */
  number: optionalText(40),
});

export const nationalClauseSchema = z.object({
  parentId: z.preprocess((v) => (v === "" ? null : v), uuid().nullable()),
  headingZh: optionalText(100),
  headingEn: optionalText(200),
  textZh: optionalText(8000),
  textEn: optionalText(8000),
  dimension: choiceOrNull(dimensions),
  object: choiceOrNull(objects),
  lifecycle: choiceOrNull(lifecycles),
  mechanism: choiceOrNull(mechanisms),
  evidenceNone: flag(),
});
export const editClauseSchema = nationalClauseSchema.extend({ clauseId: uuid(), rev: whole(1, 1_000_000) });

const termRow = z.object({ term: optionalText(100), termEn: optionalText(200), definition: optionalText(2000) });
type TermRow = z.output<typeof termRow>;
const isBlankTerm = (row: TermRow) => row.term === "" && row.termEn === "" && row.definition === "";
const MOST_TERMS = 100;
/** Rows of the form; empty ones are left out. A term has a definition, and stands once. */
const termRows = z
  .array(termRow)
  .max(400)
  .superRefine((rows, context) => {
    const written = rows.flatMap((row, i) => (isBlankTerm(row) ? [] : [i]));
    for (const [i, row] of rows.entries()) {
      if (isBlankTerm(row)) continue;
      const issue = (name: keyof TermRow, message: string) =>
        context.addIssue({ code: "custom", path: [i, name], message });
      if (written.indexOf(i) >= MOST_TERMS) issue("term", `specification_error_terms|count=${MOST_TERMS}`);
      if (row.term === "") issue("term", "specification_error_term_name");
      if (row.definition === "") issue("definition", "specification_error_term_definition");
      if (row.term !== "" && rows.findIndex((other) => other.term === row.term) < i)
        issue("term", "specification_error_term_twice");
    }
  })
  .transform((rows) => rows.filter((row) => !isBlankTerm(row)));

/** A short form as a message may repeat it. */
const named = (short: string): string => short.replaceAll(/[|=]/g, " ").slice(0, 40);
/** A line each: the short form, a space, what it stands for. */
const abbreviationList = optionalText(8000).transform((text, context) => {
  const list = text.split("\n").flatMap((line) => {
    const [short = "", ...full] = line.trim().split(/\s/);
    return short === "" ? [] : [{ short, full: full.join(" ").trim() }];
  });
  const bare = list.find(({ full }) => full === "");
  const twice = list.find(({ short }, i) => list.findIndex((other) => other.short === short) < i);
  if (bare)
    context.addIssue({ code: "custom", message: `specification_error_abbreviation|short=${named(bare.short)}` });
  if (twice)
    context.addIssue({ code: "custom", message: `specification_error_abbreviation_twice|short=${named(twice.short)}` });
  return list;
});

export const frontMatterSchema = z.object({
  rev: whole(1, 1_000_000),
  titleZh: text(200),
  titleEn: text(200),
  foreword: optionalText(8000),
  introduction: optionalText(8000),
  scope: text(4000),
  references: optionalText(4000),
  bibliography: optionalText(4000),
  issuedBy: text(200),
  /** The form has the four fields below, empty or not: without it they stay as they are. */
  lists: flag(),
  terms: termRows.optional(),
  abbreviations: abbreviationList.optional(),
  /** International classification: field, group, sub-group; several with a semicolon between. */
  ics: orNone(
    matching(/^\d{2}(?:\.\d{3}(?:\.\d{2})?)?(?:[;；] ?\d{2}(?:\.\d{3}(?:\.\d{2})?)?){0,3}$/, {
      error: "specification_error_ics",
    }).transform((numbers) => numbers.split(/[;；] ?/).join("; ")),
  ),
  /** Chinese classification: a letter and two digits. */
  ccs: orNone(matching(/^[A-Z] ?\d{2}(?:\/\d{2})?$/, { error: "specification_error_ccs" })),
});

export const importSchema = z.object({
  /** `submissionId/key` of each clause chosen. */
  picks: z.preprocess(
    oneOrMany,
    z
      .array(matching(/^[0-9a-f-]{36}\/.{1,40}$/))
      .min(1, { error: "specification_error_nothing_picked" })
      .max(500),
  ),
  /** Adds the evidence to this clause instead of making new ones. */
  intoClauseId: orNull(uuid()),
});

export const consultationSchema = z.object({ from: day(), to: day() });
export const commentSchema = z.object({
  clauseId: orNull(uuid()),
  authorName: text(100),
  authorOrganisation: optionalText(200),
  text: text(4000),
  proposal: optionalText(4000),
});
export const settleSchema = z.object({
  commentId: uuid(),
  rev: whole(1, 1_000_000),
  disposition: z.enum(["adopted", "partly", "refused"], { error: "error_field_choice" }),
  reply: text(4000),
});
export const publishSchema = z.object({ effectiveOn: day(), expectedVersion: revision().optional() });
