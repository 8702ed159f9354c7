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
import { everything, hangsOn, isPublic, levelsReadPublic, nationalOwn, wall } from "../policies.ts";
import {
  at,
  createdAt,
  dimensions,
  id,
  lifecycles,
  maxLength,
  mechanisms,
  objects,
  oneOf,
  tenantId,
  updatedAt,
} from "./columns.ts";
import { submissions } from "./document.ts";
import { verbKinds, dispositions } from "../vocabulary.ts";

/** Front and back matter of an edition in the order of GB/T 1.1. */
export interface SpecificationBody {
  foreword: string;
  introduction: string;
  scope: string;
  references: string[];
  terms: { term: string; termEn: string; definition: string }[];
  abbreviations: { short: string; full: string }[];
  bibliography: string[];
  issuedBy: string;
  ics: string;
  ccs: string;
}

const publicOrNational = sql`${nationalOwn} or ${isPublic}`;
/** A national specification edition. `public` is set while it is out for consultation and once it is published. */
export const specifications = pgTable(
  "specifications",
  {
    tenantId: tenantId(),
    id: id(),
    programmeId: uuid("programme_id").notNull(),
    number: text("number").notNull(),
    edition: integer("edition").notNull(),
    titleZh: text("title_zh").notNull(),
    titleEn: text("title_en").notNull(),
    state: text("state").notNull().default("drafting"),
    public: boolean("public").notNull().default(false),
    body: jsonb("body").$type<SpecificationBody>().notNull(),
    consultFrom: date("consult_from", { mode: "string" }),
    consultTo: date("consult_to", { mode: "string" }),
    approvedAt: at("approved_at"),
    publishedAt: at("published_at"),
    effectiveOn: date("effective_on", { mode: "string" }),
    contentSha256: text("content_sha256"),
    withdrawnReason: text("withdrawn_reason").notNull().default(""),
    rev: integer("rev").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("specifications_number").on(t.number, t.edition),
    index("specifications_public").on(t.public, t.publishedAt),
    maxLength("specifications", t.titleZh, 200),
    ...wall("specifications", {
      ...levelsReadPublic(),
      sector: { select: { using: isPublic } },
      national: { select: { using: publicOrNational }, insert: { check: nationalOwn }, update: { using: nationalOwn } },
    }),
  ],
);

/** The director alone seals, in their own name, an edition they see. */
const sealedHere = sql`${nationalOwn} and sealed_by_role = 'national_director' and (select auth.claim_role('national')) = 'national_director' and ${hangsOn("specification_seals", "specifications", ["tenant_id", "specification_id=id"])}`;
/** What an approval of an edition fixed: canonical JSON with its SHA-256 (hex) and that of the approval before. Nobody holds UPDATE or DELETE on it. */
export const specificationSeals = pgTable(
  "specification_seals",
  {
    tenantId: tenantId(),
    id: id(),
    specificationId: uuid("specification_id").notNull(),
    seq: integer("seq").notNull(),
    content: jsonb("content").notNull(),
    sha256: text("sha256").notNull(),
    previousSha256: text("previous_sha256"),
    sealedAt: at("sealed_at").notNull(),
    sealedByName: text("sealed_by_name").notNull(),
    sealedByRole: text("sealed_by_role").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      columns: [t.tenantId, t.specificationId],
      foreignColumns: [specifications.tenantId, specifications.id],
    }),
    uniqueIndex("specification_seals_seq").on(t.tenantId, t.specificationId, t.seq),
    index("specification_seals_sha256").on(t.sha256),
    ...wall(
      "specification_seals",
      { national: { select: { using: nationalOwn }, insert: { check: sealedHere } } },
      { backstage: { owner: { select: { using: everything } } } },
    ),
  ],
);

export const clauseKinds = ["chapter", "clause", "annex"] as const;
/** Chapters, clauses and annexes of an edition, a tree by parent and position. Numbers are computed, never stored. */
export const clauses = pgTable(
  "clauses",
  {
    tenantId: tenantId(),
    id: id(),
    specificationId: uuid("specification_id").notNull(),
    parentId: uuid("parent_id"),
    position: integer("position").notNull(),
    kind: text("kind", { enum: clauseKinds }).notNull(),
    headingZh: text("heading_zh").notNull().default(""),
    headingEn: text("heading_en").notNull().default(""),
    textZh: text("text_zh").notNull().default(""),
    textEn: text("text_en").notNull().default(""),
    verb: text("verb", { enum: verbKinds }).notNull().default("none"),
    dimension: text("dimension", { enum: dimensions }),
    object: text("object", { enum: objects }),
    lifecycle: text("lifecycle", { enum: lifecycles }),
    mechanism: text("mechanism", { enum: mechanisms }),
    /** Stated on purpose that nothing from the pilots supports it. */
    evidenceNone: boolean("evidence_none").notNull().default(false),
    public: boolean("public").notNull().default(false),
    rev: integer("rev").notNull().default(1),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      columns: [t.tenantId, t.specificationId],
      foreignColumns: [specifications.tenantId, specifications.id],
    }),
    foreignKey({ columns: [t.tenantId, t.parentId], foreignColumns: [t.tenantId, t.id] }),
    index("clauses_tree").on(t.tenantId, t.specificationId, t.position),
    oneOf("clauses", t.kind, clauseKinds),
    oneOf("clauses", t.verb, verbKinds),
    oneOf("clauses", t.dimension, dimensions),
    oneOf("clauses", t.object, objects),
    oneOf("clauses", t.lifecycle, lifecycles),
    oneOf("clauses", t.mechanism, mechanisms),
    maxLength("clauses", t.textZh, 8000),
    maxLength("clauses", t.textEn, 8000),
    ...wall("clauses", {
      ...levelsReadPublic(),
      sector: { select: { using: isPublic } },
      national: {
        select: { using: publicOrNational },
        insert: { check: nationalOwn },
        update: { using: nationalOwn },
        delete: { using: nationalOwn },
      },
    }),
  ],
);

/** What a clause rests on: a statement from a sector's sealed submission. Public readers see sector and figures, no site. */
export const clauseEvidence = pgTable(
  "clause_evidence",
  {
    tenantId: tenantId(),
    id: id(),
    clauseId: uuid("clause_id").notNull(),
    sectorTenantId: uuid("sector_tenant_id").notNull(),
    submissionId: uuid("submission_id").notNull(),
    submissionSha256: text("submission_sha256").notNull(),
    batchNo: integer("batch_no").notNull(),
    pilots: integer("pilots").notNull(),
    /** Mean change of the dimension's risk, thousandths; negative is better. */
    effectMilli: integer("effect_milli"),
    dissent: boolean("dissent").notNull().default(false),
    statement: text("statement").notNull(),
    public: boolean("public").notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.clauseId], foreignColumns: [clauses.tenantId, clauses.id] }).onDelete(
      "cascade",
    ),
    foreignKey({ columns: [t.sectorTenantId, t.submissionId], foreignColumns: [submissions.tenantId, submissions.id] }),
    index("clause_evidence_clause").on(t.tenantId, t.clauseId),
    maxLength("clause_evidence", t.statement, 2000),
    ...wall("clause_evidence", {
      ...levelsReadPublic(),
      sector: { select: { using: isPublic } },
      national: {
        select: { using: publicOrNational },
        insert: {
          check: sql`${nationalOwn} and ${hangsOn("clause_evidence", "submissions", ["sector_tenant_id=tenant_id", "submission_id=id", "submission_sha256=sha256"])}`,
        },
        update: { using: nationalOwn, columns: ["public", "statement", "dissent"] },
        delete: { using: nationalOwn },
      },
    }),
  ],
);

/** Comments of the consultation, from the public or from a signed-in person; the national office settles each. */
export const comments = pgTable(
  "comments",
  {
    tenantId: tenantId(),
    id: id(),
    specificationId: uuid("specification_id").notNull(),
    clauseId: uuid("clause_id"),
    authorName: text("author_name").notNull(),
    authorOrganisation: text("author_organisation").notNull().default(""),
    text: text("text").notNull(),
    proposal: text("proposal").notNull().default(""),
    disposition: text("disposition", { enum: dispositions }).notNull().default("open"),
    reply: text("reply").notNull().default(""),
    settledByName: text("settled_by_name").notNull().default(""),
    settledAt: at("settled_at"),
    at: at("at").notNull(),
    rev: integer("rev").notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      columns: [t.tenantId, t.specificationId],
      foreignColumns: [specifications.tenantId, specifications.id],
    }),
    foreignKey({ columns: [t.tenantId, t.clauseId], foreignColumns: [clauses.tenantId, clauses.id] }),
    index("comments_specification").on(t.tenantId, t.specificationId, t.disposition),
    oneOf("comments", t.disposition, dispositions),
    maxLength("comments", t.text, 4000),
    maxLength("comments", t.proposal, 4000),
    maxLength("comments", t.reply, 4000),
    maxLength("comments", t.authorName, 100),
    maxLength("comments", t.authorOrganisation, 200),
    ...wall("comments", {
      /* Anyone may add a comment while the consultation is open, and nobody but the national office reads it back. */
      public: {
        insert: {
          check: sql`disposition = 'open' and reply = '' and settled_at is null and settled_by_name = '' and rev = 1 and auth.consultation_open(tenant_id, specification_id, clause_id)`,
        },
      },
      national: {
        select: { using: nationalOwn },
        insert: { check: nationalOwn },
        update: { using: nationalOwn, columns: ["disposition", "reply", "settled_by_name", "settled_at", "rev"] },
      },
    }),
  ],
);
