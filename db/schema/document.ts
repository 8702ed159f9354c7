import {
  boolean,
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
  auditorOwn,
  everything,
  hangsOn,
  isPublic,
  levelsReadPublic,
  nationalOwn,
  nationalSees,
  sectorOnly,
  sectorOwn,
  siteOwn,
  surveyOfCaller,
  wall,
} from "../policies.ts";
import { at, createdAt, id, maxLength, oneOf, tenantId, updatedAt } from "./columns.ts";
import { projects } from "./project.ts";
import { sites, systems } from "./tenancy.ts";
import { documentKinds } from "../vocabulary.ts";

export const documentStates = ["draft", "submitted", "returned", "approved", "superseded"] as const;

/** Of a pilot, if of one, that the caller sees, and with nothing sealed yet. */
const ofPilot = sql`(pilot_id is null or ${hangsOn("documents", "pilots", ["tenant_id", "pilot_id=id", "site_id"])}) and submission_id is null`;
/** A site opens documents for its own systems and pilots, and hands nothing to the national office. */
const siteDocument = sql`${siteOwn} and not national and (system_id is null or ${hangsOn("documents", "systems", ["tenant_id", "system_id=id", "site_id"])}) and ${ofPilot}`;
/** What was sealed last is of this document. */
const sealedOfIt = sql`(submission_id is null or ${hangsOn("documents", "submissions", ["tenant_id", "submission_id=id", "id=document_id"])})`;

/** What the worker reads to tell due days: whose, what and when, and nothing of what stands in it. */
const dueOutside = [
  "tenant_id",
  "id",
  "project_id",
  "kind",
  "site_id",
  "pilot_id",
  "period",
  "title",
  "due_on",
  "state",
];

/**
 * The outside of a document: what it is, whose, and how far. The regulator sees that a site's draft exists and is late;
 * what stands in it is in `drafts` and `answers`, which only its authors see, until a submission seals it.
 */
export const documents = pgTable(
  "documents",
  {
    tenantId: tenantId(),
    id: id(),
    projectId: uuid("project_id").notNull(),
    kind: text("kind", { enum: documentKinds }).notNull(),
    siteId: uuid("site_id"),
    systemId: uuid("system_id"),
    pilotId: uuid("pilot_id"),
    /** Reporting period of a progress report (2014-06), or the batch of a review (1, 2). */
    period: text("period").notNull().default(""),
    title: text("title").notNull(),
    dueOn: date("due_on", { mode: "string" }),
    /** Full state path of the document's machine (submitted.sector …), written with the workflow instance. */
    state: text("state").notNull().default("draft"),
    /** The last sealed submission. */
    submissionId: uuid("submission_id"),
    national: boolean("national").notNull().default(false),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.projectId], foreignColumns: [projects.tenantId, projects.id] }),
    foreignKey({ columns: [t.tenantId, t.siteId], foreignColumns: [sites.tenantId, sites.id] }),
    foreignKey({ columns: [t.tenantId, t.systemId], foreignColumns: [systems.tenantId, systems.id] }),
    index("documents_project").on(t.tenantId, t.projectId, t.kind, t.state),
    index("documents_site").on(t.tenantId, t.siteId, t.kind),
    // Lists of all kinds, the last changed first.
    index("documents_updated").on(t.tenantId, t.updatedAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    uniqueIndex("documents_one_response").on(t.tenantId, t.projectId, t.systemId).where(sql`kind = 'surveyResponse'`),
    uniqueIndex("documents_one_report").on(t.tenantId, t.pilotId, t.period).where(sql`kind = 'progressReport'`),
    uniqueIndex("documents_one_of_project").on(t.tenantId, t.projectId, t.kind, t.period).where(sql`site_id is null`),
    oneOf("documents", t.kind, documentKinds),
    maxLength("documents", t.title, 300),
    ...wall(
      "documents",
      {
        site: {
          select: { using: siteOwn },
          insert: { check: siteDocument },
          update: {
            using: siteOwn,
            check: sql`${siteOwn} and ${sealedOfIt}`,
            columns: ["title", "state", "submission_id", "updated_at"],
          },
        },
        sector: {
          select: { using: sectorOwn },
          insert: { check: sql`${sectorOwn} and ${ofPilot}` },
          update: {
            using: sectorOwn,
            check: sql`${sectorOwn} and ${sealedOfIt}`,
            columns: ["title", "due_on", "state", "submission_id", "national", "updated_at"],
          },
        },
        national: {
          select: { using: nationalSees },
          update: { using: nationalSees, columns: ["state", "updated_at"] },
        },
        auditor: { select: { using: auditorOwn } },
      },
      {
        backstage: {
          owner: { select: { using: surveyOfCaller } },
          worker: { select: { using: everything, columns: dueOutside } },
        },
      },
    ),
  ],
);

/** Of a document the caller sees, with the same site (or none). */
export const ofDocument = (table: string, also: readonly string[] = []) =>
  hangsOn(table, "documents", ["tenant_id", "document_id=id", "site_id", ...also]);

/** The working text of a document, seen by its authors alone: the site's for a site's document, the sector's for its own. */
export const drafts = pgTable(
  "drafts",
  {
    tenantId: tenantId(),
    documentId: uuid("document_id").notNull(),
    siteId: uuid("site_id"),
    body: jsonb("body").notNull(),
    rev: integer("rev").notNull().default(0),
    updatedAt: updatedAt(),
    updatedByName: text("updated_by_name").notNull().default(""),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.documentId] }),
    foreignKey({ columns: [t.tenantId, t.documentId], foreignColumns: [documents.tenantId, documents.id] }),
    ...wall("drafts", {
      site: {
        select: { using: siteOwn },
        insert: { check: sql`${siteOwn} and ${ofDocument("drafts")}` },
        update: { using: siteOwn, columns: ["body", "rev", "updated_at", "updated_by_name"] },
      },
      sector: {
        select: { using: sectorOnly },
        insert: { check: sql`${sectorOnly} and ${ofDocument("drafts")}` },
        update: { using: sectorOnly, columns: ["body", "rev", "updated_at", "updated_by_name"] },
      },
    }),
  ],
);

/**
 * A sealed document: canonical JSON with its SHA-256 (hex), never changed; the only thing that crosses a wall. Nobody
 * holds UPDATE or DELETE on it. `summary` is derived from the content when it is sealed, so that lists need not open it.
 */
export const submissions = pgTable(
  "submissions",
  {
    tenantId: tenantId(),
    id: id(),
    documentId: uuid("document_id").notNull(),
    projectId: uuid("project_id").notNull(),
    kind: text("kind", { enum: documentKinds }).notNull(),
    siteId: uuid("site_id"),
    national: boolean("national").notNull().default(false),
    seq: integer("seq").notNull(),
    content: jsonb("content").notNull(),
    summary: jsonb("summary").notNull(),
    sha256: text("sha256").notNull(),
    sealedAt: at("sealed_at").notNull(),
    sealedByName: text("sealed_by_name").notNull(),
    sealedByRole: text("sealed_by_role").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.documentId], foreignColumns: [documents.tenantId, documents.id] }),
    uniqueIndex("submissions_seq").on(t.tenantId, t.documentId, t.seq),
    index("submissions_project").on(t.tenantId, t.projectId, t.kind),
    index("submissions_sha256").on(t.sha256),
    ...wall(
      "submissions",
      {
        site: {
          select: { using: siteOwn },
          insert: {
            check: sql`${siteOwn} and not national and sealed_by_role = 'site_lead' and (select auth.claim_role('site')) = 'site_lead' and ${ofDocument("submissions", ["project_id", "kind"])}`,
          },
        },
        sector: {
          select: { using: sectorOwn },
          insert: { check: sql`${sectorOnly} and ${ofDocument("submissions", ["project_id", "kind"])}` },
        },
        national: { select: { using: nationalSees } },
        auditor: { select: { using: auditorOwn } },
        // Two functions read here in the owner's name: auth.survey_ranks() by way of the documents it may see, auth.known_seal() by the digest it is asked for.
      },
      { backstage: { owner: { select: { using: everything } } } },
    ),
  ],
);

export const verdicts = ["returned", "accepted"] as const;
/** What a reviewer said of one part (a control code, a chapter number, a clause id) of one submission. */
export const reviewMarks = pgTable(
  "review_marks",
  {
    tenantId: tenantId(),
    id: id(),
    documentId: uuid("document_id").notNull(),
    submissionId: uuid("submission_id").notNull(),
    siteId: uuid("site_id"),
    national: boolean("national").notNull().default(false),
    part: text("part").notNull(),
    verdict: text("verdict", { enum: verdicts }).notNull(),
    reason: text("reason").notNull().default(""),
    byName: text("by_name").notNull(),
    byRole: text("by_role").notNull(),
    at: at("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.submissionId], foreignColumns: [submissions.tenantId, submissions.id] }),
    uniqueIndex("review_marks_part").on(t.tenantId, t.submissionId, t.part),
    index("review_marks_document").on(t.tenantId, t.documentId),
    oneOf("review_marks", t.verdict, verdicts),
    maxLength("review_marks", t.reason, 2000),
    ...wall("review_marks", {
      site: { select: { using: siteOwn } },
      sector: {
        select: { using: sectorOwn },
        insert: { check: sectorOwn },
        update: {
          using: sql`${sectorOwn} and not national`,
          columns: ["verdict", "reason", "by_name", "by_role", "at"],
        },
        delete: { using: sql`${sectorOwn} and not national` },
      },
      national: {
        select: { using: nationalSees },
        insert: {
          check: sql`${nationalSees} and ${hangsOn("review_marks", "submissions", ["tenant_id", "submission_id=id", "document_id", "site_id"])}`,
        },
      },
    }),
  ],
);

export const artifactKinds = ["riskReport", "pilotPlan", "specification"] as const;
/** A rendered file, kept once by the digest of what went in; the bytes lie in storage under `sha256`. */
export const artifacts = pgTable(
  "artifacts",
  {
    tenantId: tenantId(),
    id: id(),
    objectId: uuid("object_id").notNull(),
    kind: text("kind", { enum: artifactKinds }).notNull(),
    locale: text("locale").notNull(),
    national: boolean("national").notNull().default(false),
    public: boolean("public").notNull().default(false),
    inputSha256: text("input_sha256").notNull(),
    sha256: text("sha256").notNull(),
    bytes: integer("bytes").notNull(),
    pages: integer("pages").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("artifacts_input").on(t.tenantId, t.objectId, t.locale, t.inputSha256),
    index("artifacts_sha256").on(t.sha256),
    oneOf("artifacts", t.kind, artifactKinds),
    ...wall("artifacts", {
      ...levelsReadPublic(),
      sector: {
        select: { using: sql`${sectorOwn} or ${isPublic}` },
        insert: { check: sql`${sectorOwn} and not public` },
      },
      national: {
        select: { using: sql`(${nationalSees}) or ${nationalOwn} or ${isPublic}` },
        insert: { check: nationalOwn },
        update: { using: nationalOwn, columns: ["public"] },
      },
    }),
  ],
);
