import { foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import { hangsOn, nationalOwn, sectorAny, sectorOwn, siteTenant, wall } from "../policies.ts";
import { lessonDecisions, lessonUptakes } from "../vocabulary.ts";
import { at, createdAt, dimensions, id, maxLength, oneOf, tenantId } from "./columns.ts";
import { submissions } from "./document.ts";
import { pilots } from "./pilot.ts";
import { programmes } from "./programme.ts";
import { projects } from "./project.ts";

/** A lesson of batch one; batch two cannot select until each is decided with a reason. */
export const lessons = pgTable(
  "lessons",
  {
    tenantId: tenantId(),
    id: id(),
    projectId: uuid("project_id").notNull(),
    batchNo: integer("batch_no").notNull(),
    pilotId: uuid("pilot_id"),
    /** Taken over from the national office's list, for a sector that was not in batch one. */
    nationalLessonId: uuid("national_lesson_id"),
    code: text("code").notNull(),
    dimension: text("dimension", { enum: dimensions }).notNull(),
    text: text("text").notNull(),
    decision: text("decision", { enum: lessonDecisions }).notNull().default("open"),
    reason: text("reason").notNull().default(""),
    /** What takes up a lesson that was adopted or adapted: which kind, its row, and its code, or the heading of the clause to be. */
    uptakeKind: text("uptake_kind", { enum: lessonUptakes }),
    /** Row of the measure or the indicator; it may have gone since. Null for a clause, which is written later. */
    uptakeId: uuid("uptake_id"),
    uptake: text("uptake").notNull().default(""),
    decidedByName: text("decided_by_name").notNull().default(""),
    decidedAt: at("decided_at"),
    rev: integer("rev").notNull().default(1),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.projectId], foreignColumns: [projects.tenantId, projects.id] }),
    foreignKey({ columns: [t.tenantId, t.pilotId], foreignColumns: [pilots.tenantId, pilots.id] }),
    uniqueIndex("lessons_code").on(t.tenantId, t.projectId, t.code),
    // Whether a pilot has given one is asked of each pilot of a batch.
    index("lessons_pilot").on(t.tenantId, t.pilotId),
    oneOf("lessons", t.dimension, dimensions),
    oneOf("lessons", t.decision, lessonDecisions),
    oneOf("lessons", t.uptakeKind, lessonUptakes),
    maxLength("lessons", t.text, 2000),
    maxLength("lessons", t.uptake, 300),
    maxLength("lessons", t.reason, 2000),
    ...wall("lessons", {
      site: { select: { using: siteTenant } },
      sector: { select: { using: sectorOwn }, insert: { check: sectorOwn }, update: { using: sectorOwn } },
    }),
  ],
);

/** Why a pilot gave no lesson: the review of its batch asks one of the two of each. Gone once a lesson of it is recorded. */
export const silentPilots = pgTable(
  "silent_pilots",
  {
    tenantId: tenantId(),
    id: id(),
    pilotId: uuid("pilot_id").notNull(),
    reason: text("reason").notNull(),
    byName: text("by_name").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.pilotId], foreignColumns: [pilots.tenantId, pilots.id] }),
    uniqueIndex("silent_pilots_once").on(t.tenantId, t.pilotId),
    maxLength("silent_pilots", t.reason, 2000),
    ...wall("silent_pilots", {
      sector: {
        select: { using: sectorOwn },
        insert: { check: sql`${sectorOwn} and ${hangsOn("silent_pilots", "pilots", ["tenant_id", "pilot_id=id"])}` },
        update: { using: sectorOwn, columns: ["reason", "by_name"] },
        delete: { using: sectorOwn },
      },
    }),
  ],
);

/** Lessons of batch one as the national office passes them on to every sector, without naming a site. */
export const nationalLessons = pgTable(
  "national_lessons",
  {
    tenantId: tenantId(),
    id: id(),
    programmeId: uuid("programme_id").notNull(),
    batchNo: integer("batch_no").notNull(),
    fromSector: uuid("from_sector").notNull(),
    submissionId: uuid("submission_id").notNull(),
    code: text("code").notNull(),
    dimension: text("dimension", { enum: dimensions }).notNull(),
    text: text("text").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.fromSector, t.submissionId], foreignColumns: [submissions.tenantId, submissions.id] }),
    uniqueIndex("national_lessons_code").on(t.programmeId, t.fromSector, t.code),
    maxLength("national_lessons", t.text, 2000),
    ...wall("national_lessons", {
      sector: { select: { using: sectorAny } },
      national: {
        select: { using: nationalOwn },
        insert: {
          check: sql`${nationalOwn} and ${hangsOn("national_lessons", "submissions", ["from_sector=tenant_id", "submission_id=id"])}`,
        },
        delete: { using: nationalOwn },
      },
    }),
  ],
);

/** The national office states that a batch gave no lessons to hand on, so that learning does not wait for any. */
export const lessonStatements = pgTable(
  "lesson_statements",
  {
    tenantId: tenantId(),
    id: id(),
    programmeId: uuid("programme_id").notNull(),
    batchNo: integer("batch_no").notNull(),
    reason: text("reason").notNull(),
    byName: text("by_name").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.programmeId], foreignColumns: [programmes.id] }),
    uniqueIndex("lesson_statements_once").on(t.tenantId, t.programmeId, t.batchNo),
    maxLength("lesson_statements", t.reason, 2000),
    ...wall("lesson_statements", {
      sector: { select: { using: sectorAny } },
      national: { select: { using: nationalOwn }, insert: { check: nationalOwn } },
    }),
  ],
);
