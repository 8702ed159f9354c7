/**
 * The catalogue: facts of the field as data, parsed once at start so that a damaged file stops the process and
 * not a page. Server and seeds only; a component that imports this would ship 170 kB, so pass what it needs from a loader.
 */
import { z } from "zod";
import actionPlanJson from "./action-plan.json" with { type: "json" };
import controlsJson from "./controls.json" with { type: "json" };
import docFormatsJson from "./doc-formats.json" with { type: "json" };
import etsiJson from "./etsi-en-303-645.json" with { type: "json" };
import mlpsJson from "./mlps.json" with { type: "json" };
import reportChaptersJson from "./report-chapters.json" with { type: "json" };
import riskTablesJson from "./risk-tables.json" with { type: "json" };
import sectorsJson from "./sectors.json" with { type: "json" };
import specificationTextsJson from "./specification-texts.json" with { type: "json" };
import threatsJson from "./threats.json" with { type: "json" };
import vulnerabilitiesJson from "./vulnerabilities.json" with { type: "json" };
import {
  actionPlanSchema,
  controlSchema,
  docFormatsSchema,
  etsiSchema,
  mlpsSchema,
  reportChaptersSchema,
  riskTablesSchema,
  sectorsSchema,
  specificationTextsSchema,
  threatSchema,
  vulnerabilitySchema,
} from "./schema.ts";

export type * from "./schema.ts";

export const controls = z.array(controlSchema).parse(controlsJson);
export const threats = z.array(threatSchema).parse(threatsJson);
export const vulnerabilities = z.array(vulnerabilitySchema).parse(vulnerabilitiesJson);
export const sectorLists = sectorsSchema.parse(sectorsJson);
export const actionPlan = actionPlanSchema.parse(actionPlanJson);
/**
 * Scales, tables and bands of the risk methods: the default a project may edit.
 * @tests the method reads the file itself, for pages may not import the catalogue; parsed here so that a damaged one stops the start
 */
export const riskTables = riskTablesSchema.parse(riskTablesJson);
/** Chapters of a risk assessment report (发改高技〔2008〕2071号), in order. */
export const reportChapters = reportChaptersSchema.parse(reportChaptersJson).chapters;
/**
 * Grading and the extended requirements for the Internet of Things of the multi-level protection scheme.
 * @awaits a feature that grades systems: app/domain/README.md
 */
export const mlps = mlpsSchema.parse(mlpsJson);
/** @tests the provisions that controls rest on are held against this list */
export const etsiProvisions = etsiSchema.parse(etsiJson);
export const docFormats = docFormatsSchema.parse(docFormatsJson);
/** The thirteen sections of a pilot plan, in order. */
export const planSections = docFormats.pilot_plan_sections;
/** What a clause, a chapter and the front matter of the management specification begin with; authors change it freely. */
export const specificationTexts = specificationTextsSchema.parse(specificationTextsJson);
/** Elements of the management specification in the order of GB/T 1.1-2020. */
export const specificationSkeleton = docFormats.specification_skeleton;
export const reviewRubric = docFormats.review_rubric.criteria;

/** The list of nine sectors the platform starts with; the other one is kept for whoever prefers it. */
export const sectors =
  (sectorLists.lists.find((list) => list.code === sectorLists.default) ?? sectorLists.lists[0])?.items ?? [];
export const milestones = actionPlan.tasks.flatMap((task) =>
  task.milestones.map((milestone) => ({ ...milestone, task: task.no })),
);

export const controlById = new Map(controls.map((c) => [c.id, c]));
export const threatById = new Map(threats.map((t) => [t.id, t]));
export const vulnerabilityById = new Map(vulnerabilities.map((v) => [v.id, v]));

/** Splits the mark of an unverified reference from its text: `GB/T 22239-2019 8.1?` → `{text, confirmed: false}`. */
export function markedReference(ref: string): { text: string; confirmed: boolean } {
  return ref.endsWith("?") ? { text: ref.slice(0, -1).trimEnd(), confirmed: false } : { text: ref, confirmed: true };
}
