import {
  bigint,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import {
  assessorInstitution,
  openBreakGlass,
  grantedPilot,
  hangsOn,
  ofPanelGuest,
  sectorOwn,
  siteOwn,
  wall,
  everything,
} from "../policies.ts";
import { at, createdAt, dimensions, id, maxLength, oneOf, tenantId, updatedAt } from "./columns.ts";
import { documents, ofDocument } from "./document.ts";
import { indicators } from "./plan.ts";
import { projects } from "./project.ts";
import { sites, systems, tenants } from "./tenancy.ts";
import { healths } from "../vocabulary.ts";

/** What the applicant states in a nomination (published pilot notices ask for it). */
export interface NominationForm {
  /** Organisations that carry it out together with the applicant. */
  partners: string[];
  /** Other national pilots that the system takes part in. */
  otherProgrammes: string[];
  /** Day since when the system has been built and in use, ISO; null: it is not. */
  builtOn: string | null;
  /** The applicant vouches for what is stated, and carries the pilot to its end. */
  committed: boolean;
}

/** One application system of a site in one batch. `stage` is the state of its machine, written with the instance. */
export const pilots = pgTable(
  "pilots",
  {
    tenantId: tenantId(),
    id: id(),
    projectId: uuid("project_id").notNull(),
    batchNo: integer("batch_no").notNull(),
    siteId: uuid("site_id").notNull(),
    systemId: uuid("system_id").notNull(),
    code: text("code").notNull(),
    name: text("name").notNull(),
    direction: text("direction", { enum: dimensions }).notNull(),
    grade: integer("grade").notNull(),
    stage: text("stage").notNull().default("nominated"),
    health: text("health", { enum: healths }).notNull().default("none"),
    /** Mean of the counted scores in hundredths (0–10000); null before scoring ends. */
    scoreCenti: integer("score_centi"),
    rank: integer("rank"),
    /** Which time it is scored; a return to scoring begins another, for which sheets are handed in anew. */
    scoringRound: integer("scoring_round").notNull().default(1),
    /** When this round began; null of rounds from before that was kept. */
    scoringSince: at("scoring_since"),
    /** What the applicant states beside what is registered; null before they have. */
    nomination: jsonb("nomination").$type<NominationForm>(),
    screening: jsonb("screening").$type<{ missing: string[]; duplicates: string[]; note: string }>(),
    noticeFrom: date("notice_from", { mode: "string" }),
    noticeTo: date("notice_to", { mode: "string" }),
    nextReportDue: date("next_report_due", { mode: "string" }),
    lastReportAt: at("last_report_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.projectId], foreignColumns: [projects.tenantId, projects.id] }),
    foreignKey({ columns: [t.tenantId, t.siteId], foreignColumns: [sites.tenantId, sites.id] }),
    foreignKey({ columns: [t.tenantId, t.systemId], foreignColumns: [systems.tenantId, systems.id] }),
    uniqueIndex("pilots_code").on(t.tenantId, t.projectId, t.code),
    uniqueIndex("pilots_once_a_batch").on(t.tenantId, t.projectId, t.batchNo, t.systemId),
    index("pilots_list").on(t.tenantId, t.id),
    index("pilots_stage").on(t.tenantId, t.projectId, t.batchNo, t.stage),
    index("pilots_site").on(t.tenantId, t.siteId),
    oneOf("pilots", t.direction, dimensions),
    oneOf("pilots", t.health, healths),
    maxLength("pilots", t.name, 200),
    ...wall(
      "pilots",
      {
        site: {
          select: { using: siteOwn },
          update: {
            using: siteOwn,
            columns: ["stage", "nomination", "last_report_at", "next_report_due", "updated_at"],
          },
        },
        sector: { select: { using: sectorOwn }, insert: { check: sectorOwn }, update: { using: sectorOwn } },
        assessor: { select: { using: grantedPilot("id") } },
      },
      {
        backstage: {
          owner: { select: { using: sql`(${openBreakGlass}) or (${ofPanelGuest})` } },
          worker: {
            select: {
              using: everything,
              columns: ["tenant_id", "id", "project_id", "site_id", "code", "name", "stage", "next_report_due"],
            },
          },
        },
      },
    ),
  ],
);

/** Of a pilot the caller sees, with its site. */
const ofPilot = (table: string, also: readonly string[] = []) =>
  hangsOn(table, "pilots", ["tenant_id", "pilot_id=id", "site_id", ...also]);

/** Objections raised while the selection is on public notice. */
export const objections = pgTable(
  "objections",
  {
    tenantId: tenantId(),
    id: id(),
    pilotId: uuid("pilot_id").notNull(),
    raisedBy: text("raised_by").notNull(),
    text: text("text").notNull(),
    settledAt: at("settled_at"),
    settlement: text("settlement").notNull().default(""),
    at: at("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.pilotId], foreignColumns: [pilots.tenantId, pilots.id] }),
    index("objections_pilot").on(t.tenantId, t.pilotId),
    maxLength("objections", t.text, 4000),
    maxLength("objections", t.settlement, 4000),
    ...wall("objections", {
      sector: {
        select: { using: sectorOwn },
        insert: { check: sectorOwn },
        update: { using: sectorOwn, columns: ["settled_at", "settlement"] },
      },
    }),
  ],
);

/**
 * Indicator values of approved progress reports, thousandths of the unit; one row a pilot, indicator and period. The sector
 * writes them from the seal that it approves, so that no figure counts before its approval.
 */
export const indicatorValues = pgTable(
  "indicator_values",
  {
    tenantId: tenantId(),
    id: id(),
    projectId: uuid("project_id").notNull(),
    pilotId: uuid("pilot_id").notNull(),
    siteId: uuid("site_id").notNull(),
    indicatorId: uuid("indicator_id").notNull(),
    documentId: uuid("document_id").notNull(),
    period: text("period").notNull(),
    valueMilli: bigint("value_milli", { mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.pilotId], foreignColumns: [pilots.tenantId, pilots.id] }),
    foreignKey({ columns: [t.tenantId, t.indicatorId], foreignColumns: [indicators.tenantId, indicators.id] }),
    foreignKey({ columns: [t.tenantId, t.documentId], foreignColumns: [documents.tenantId, documents.id] }),
    uniqueIndex("indicator_values_once").on(t.tenantId, t.pilotId, t.indicatorId, t.period),
    index("indicator_values_project").on(t.tenantId, t.projectId, t.indicatorId),
    ...wall("indicator_values", {
      site: { select: { using: siteOwn } },
      sector: {
        select: { using: sectorOwn },
        insert: {
          check: sql`${sectorOwn} and ${ofPilot("indicator_values", ["project_id"])} and ${ofDocument("indicator_values")}`,
        },
        update: {
          using: sectorOwn,
          check: sql`${sectorOwn} and ${ofDocument("indicator_values")}`,
          columns: ["value_milli", "document_id"],
        },
        delete: { using: sectorOwn },
      },
    }),
  ],
);

/**
 * Risk of one dimension of a pilot, the mean risk value of its confirmed risks in thousandths: before any measure, and after
 * as it is known (effects.rules.ts). Derived, and made anew from the register, the plan and the approved reports.
 */
export const pilotEffects = pgTable(
  "pilot_effects",
  {
    tenantId: tenantId(),
    pilotId: uuid("pilot_id").notNull(),
    siteId: uuid("site_id").notNull(),
    projectId: uuid("project_id").notNull(),
    dimension: text("dimension", { enum: dimensions }).notNull(),
    beforeMilli: bigint("before_milli", { mode: "number" }).notNull(),
    /** Reported: measures in place, as far as indicators of approved reports have come. Null where no approved report says so. */
    afterMilli: bigint("after_milli", { mode: "number" }),
    /** Promised: with every measure of the plan in place. Null until it is worked out, for rows of before there was one. */
    promisedMilli: bigint("promised_milli", { mode: "number" }),
    /** Verified: found by a re-test or a re-assessment. Null until there is one. */
    verifiedMilli: bigint("verified_milli", { mode: "number" }),
    risks: integer("risks").notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.pilotId, t.dimension] }),
    foreignKey({ columns: [t.tenantId, t.pilotId], foreignColumns: [pilots.tenantId, pilots.id] }),
    index("pilot_effects_project").on(t.tenantId, t.projectId, t.dimension),
    oneOf("pilot_effects", t.dimension, dimensions),
    ...wall("pilot_effects", {
      site: { select: { using: siteOwn } },
      sector: {
        select: { using: sectorOwn },
        insert: { check: sectorOwn },
        update: {
          using: sectorOwn,
          columns: ["before_milli", "after_milli", "promised_milli", "verified_milli", "risks", "updated_at"],
        },
        delete: { using: sectorOwn },
      },
    }),
  ],
);

/** A testing institution's time-boxed right to one pilot. */
export const grants = pgTable(
  "grants",
  {
    tenantId: tenantId(),
    id: id(),
    institutionId: uuid("institution_id").notNull(),
    pilotId: uuid("pilot_id").notNull(),
    siteId: uuid("site_id").notNull(),
    purpose: text("purpose", { enum: ["design", "acceptance", "operation"] }).notNull(),
    startsAt: at("starts_at").notNull(),
    endsAt: at("ends_at").notNull(),
    revokedAt: at("revoked_at"),
    grantedByName: text("granted_by_name").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.pilotId], foreignColumns: [pilots.tenantId, pilots.id] }),
    foreignKey({ columns: [t.institutionId], foreignColumns: [tenants.id] }),
    index("grants_institution").on(t.institutionId, t.endsAt),
    index("grants_pilot").on(t.tenantId, t.pilotId),
    ...wall(
      "grants",
      {
        site: { select: { using: siteOwn } },
        sector: {
          select: { using: sectorOwn },
          insert: { check: sectorOwn },
          update: { using: sectorOwn, columns: ["ends_at", "revoked_at"] },
        },
        assessor: { select: { using: assessorInstitution } },
      },
      // auth.notify() asks whether a sector has anything to tell an institution.
      {
        backstage: {
          owner: { select: { using: everything } },
          worker: {
            select: {
              using: everything,
              columns: ["tenant_id", "id", "institution_id", "pilot_id", "ends_at", "revoked_at"],
            },
          },
        },
      },
    ),
  ],
);

export const verificationKinds = ["design", "acceptance", "operation"] as const;
/** What a testing institution found at a stage, under a live grant: the fact behind a stage's approval. */
export const verifications = pgTable(
  "verifications",
  {
    tenantId: tenantId(),
    id: id(),
    pilotId: uuid("pilot_id").notNull(),
    siteId: uuid("site_id").notNull(),
    institutionId: uuid("institution_id").notNull(),
    kind: text("kind", { enum: verificationKinds }).notNull(),
    result: text("result", { enum: ["passed", "failed"] }).notNull(),
    reportNumber: text("report_number").notNull(),
    note: text("note").notNull().default(""),
    byName: text("by_name").notNull(),
    at: at("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.pilotId], foreignColumns: [pilots.tenantId, pilots.id] }),
    foreignKey({ columns: [t.institutionId], foreignColumns: [tenants.id] }),
    index("verifications_pilot").on(t.tenantId, t.pilotId, t.at),
    oneOf("verifications", t.kind, verificationKinds),
    maxLength("verifications", t.note, 4000),
    maxLength("verifications", t.reportNumber, 100),
    ...wall("verifications", {
      site: { select: { using: siteOwn } },
      sector: { select: { using: sectorOwn } },
      assessor: {
        select: { using: assessorInstitution },
        insert: {
          check: sql`${assessorInstitution} and (${grantedPilot("pilot_id")}) and ${ofPilot("verifications")}`,
        },
      },
    }),
  ],
);
