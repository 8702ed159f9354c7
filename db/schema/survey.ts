import { sql } from "drizzle-orm";
import { foreignKey, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { siteOwn, wall } from "../policies.ts";
import { controls } from "./catalogue.ts";
import { maxLength, oneOf, tenantId, updatedAt } from "./columns.ts";
import { documents, ofDocument } from "./document.ts";
import { answerValues } from "../vocabulary.ts";

/** A site's working answers. The regulator reads them only as sealed in a submission. `rev` guards every cell by itself. */
export const answers = pgTable(
  "answers",
  {
    tenantId: tenantId(),
    documentId: uuid("document_id").notNull(),
    siteId: uuid("site_id").notNull(),
    questionnaireVersion: integer("questionnaire_version").notNull(),
    controlCode: text("control_code").notNull(),
    value: text("value", { enum: answerValues }),
    note: text("note").notNull().default(""),
    evidenceRef: text("evidence_ref").notNull().default(""),
    rev: integer("rev").notNull().default(1),
    updatedAt: updatedAt(),
    updatedByName: text("updated_by_name").notNull().default(""),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.documentId, t.controlCode] }),
    foreignKey({ columns: [t.tenantId, t.documentId], foreignColumns: [documents.tenantId, documents.id] }),
    foreignKey({ columns: [t.questionnaireVersion, t.controlCode], foreignColumns: [controls.version, controls.code] }),
    oneOf("answers", t.value, answerValues),
    maxLength("answers", t.note, 4000),
    maxLength("answers", t.evidenceRef, 1000),
    ...wall("answers", {
      site: {
        select: { using: siteOwn },
        insert: { check: sql`${siteOwn} and ${ofDocument("answers")}` },
        update: { using: siteOwn, columns: ["value", "note", "evidence_ref", "rev", "updated_at", "updated_by_name"] },
      },
    }),
  ],
);
