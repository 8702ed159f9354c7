import { sql } from "drizzle-orm";
import { bigint, check, foreignKey, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { grantedPilot, hangsOn, sectorOwn, siteOwn, wall } from "../policies.ts";
import { createdAt, id, maxLength, tenantId } from "./columns.ts";
import { documents, submissions } from "./document.ts";
import { pilots } from "./pilot.ts";
import { measures } from "./plan.ts";
import { projects } from "./project.ts";
import { sites } from "./tenancy.ts";

/** What belongs to a working document is the site's alone until it is submitted; a measure's evidence is handed over as it is filed. */
const handedOver = sql`(submission_id is not null or measure_id is not null)`;
const notHandedOver = sql`${siteOwn} and submission_id is null and measure_id is null`;
const ofItsDocument = hangsOn(
  "evidence",
  "documents",
  ["tenant_id", "document_id=id", "site_id", "project_id"],
  "p.pilot_id is not distinct from evidence.pilot_id",
);
const ofItsMeasure = hangsOn("evidence", "measures", ["tenant_id", "measure_id=id", "site_id", "project_id"]);
const ofItsPilot = hangsOn("evidence", "pilots", ["tenant_id", "pilot_id=id", "site_id", "project_id"]);
const ofItsSubmission = hangsOn("evidence", "submissions", ["tenant_id", "submission_id=id", "document_id", "site_id"]);

/**
 * A file that bears a site's word out: tied to a document (`part`: the control's code of an answer, or '' for the whole of a
 * report) or to a measure. The bytes lie in storage under the row's own id. Never changed but for the submission that
 * seals it; taken away only before.
 */
export const evidence = pgTable(
  "evidence",
  {
    tenantId: tenantId(),
    id: id(),
    projectId: uuid("project_id").notNull(),
    siteId: uuid("site_id").notNull(),
    documentId: uuid("document_id"),
    part: text("part").notNull().default(""),
    measureId: uuid("measure_id"),
    pilotId: uuid("pilot_id"),
    submissionId: uuid("submission_id"),
    name: text("name").notNull(),
    mediaType: text("media_type").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    sha256: text("sha256").notNull(),
    uploadedByName: text("uploaded_by_name").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.projectId], foreignColumns: [projects.tenantId, projects.id] }),
    foreignKey({ columns: [t.tenantId, t.siteId], foreignColumns: [sites.tenantId, sites.id] }),
    foreignKey({ columns: [t.tenantId, t.documentId], foreignColumns: [documents.tenantId, documents.id] }),
    foreignKey({ columns: [t.tenantId, t.measureId], foreignColumns: [measures.tenantId, measures.id] }),
    foreignKey({ columns: [t.tenantId, t.pilotId], foreignColumns: [pilots.tenantId, pilots.id] }),
    foreignKey({ columns: [t.tenantId, t.submissionId], foreignColumns: [submissions.tenantId, submissions.id] }),
    index("evidence_document").on(t.tenantId, t.documentId),
    index("evidence_measure").on(t.tenantId, t.measureId),
    index("evidence_pilot").on(t.pilotId),
    index("evidence_site").on(t.tenantId, t.siteId),
    check("evidence_one_object", sql`num_nonnulls(${t.documentId}, ${t.measureId}) = 1`),
    maxLength("evidence", t.name, 200),
    maxLength("evidence", t.part, 20),
    ...wall("evidence", {
      site: {
        select: { using: siteOwn },
        insert: {
          check: sql`${siteOwn} and submission_id is null and (document_id is null or ${ofItsDocument}) and (measure_id is null or ${ofItsMeasure}) and (pilot_id is null or ${ofItsPilot})`,
        },
        update: { using: notHandedOver, check: sql`${siteOwn} and ${ofItsSubmission}`, columns: ["submission_id"] },
        delete: { using: notHandedOver },
      },
      sector: { select: { using: sql`${sectorOwn} and ${handedOver}` } },
      assessor: { select: { using: sql`${grantedPilot("pilot_id")} and ${handedOver}` } },
    }),
  ],
);
