import { integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { readableByAll, wall } from "../policies.ts";
import { tagChecks, tagColumns } from "./columns.ts";

/*
 * Catalogues belong to no tenant: every level reads them, only the owner loads them (a new version, never a change).
 * The texts stand in the seeds; the rows are here so that an answer or a risk can only name what exists.
 */

/** The control questionnaire, by version. */
export const controls = pgTable(
  "controls",
  {
    version: integer("version").notNull(),
    code: text("code").notNull(),
    position: integer("position").notNull(),
    ...tagColumns(),
    weight: integer("weight").notNull(),
    text: jsonb("text").$type<ControlText>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.version, t.code] }),
    ...tagChecks("controls", t),
    ...wall("controls", readableByAll(), { reference: true }),
  ],
);
export interface ControlText {
  titleZh: string;
  titleEn: string;
  questionZh: string;
  questionEn: string;
  guidanceZh: string;
  refs: string[];
}

export const threats = pgTable(
  "threats",
  {
    version: integer("version").notNull(),
    code: text("code").notNull(),
    defaultFrequency: integer("default_frequency").notNull(),
    text: jsonb("text").$type<{ titleZh: string; titleEn: string }>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.version, t.code] }), ...wall("threats", readableByAll(), { reference: true })],
);

export const vulnerabilities = pgTable(
  "vulnerabilities",
  {
    version: integer("version").notNull(),
    code: text("code").notNull(),
    defaultSeverity: integer("default_severity").notNull(),
    text: jsonb("text").$type<{ titleZh: string; titleEn: string }>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.version, t.code] }),
    ...wall("vulnerabilities", readableByAll(), { reference: true }),
  ],
);
