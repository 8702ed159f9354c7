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
import { dispositions, strengths, verbKinds } from "../vocabulary.ts";

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
    ...wall(
      "specifications",
      {
        ...levelsReadPublic(),
        sector: { select: { using: isPublic } },
        national: {
          select: { using: publicOrNational },
          insert: { check: nationalOwn },
          update: { using: nationalOwn },
        },
      },
      // auth.tell_comment() names the edition that is commented on.
      { backstage: { owner: { select: { using: sql`state = 'consultation'` } } } },
    ),
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

/** Who stands behind a piece of evidence, and the sums over them. No site is named by it; ids alone. */
export interface EvidenceBasis {
  /** What the sums are of, such as `effect:identity`: equal words, figures that may be added. */
  subject: string;
  members: { site: string; pilot: string; version: string }[];
  /** Whole numbers, each a sum over the members. */
  sums: Record<string, number>;
}

/** What a clause rests on: a statement from a sector's sealed submission. The national office's alone; the public reads `clause_tellings`. */
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
    /** Null where it was sealed before this was recorded. */
    basis: jsonb("basis").$type<EvidenceBasis>(),
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
      national: {
        select: { using: nationalOwn },
        insert: {
          check: sql`${nationalOwn} and ${hangsOn("clause_evidence", "submissions", ["sector_tenant_id=tenant_id", "submission_id=id", "submission_sha256=sha256"])}`,
        },
        delete: { using: nationalOwn },
      },
    }),
  ],
);

/** One figure under a clause, as everybody may read it. What is null was not told. */
export interface ToldLine {
  kind: "effect" | "weakness";
  /** Dimension or control that it speaks of. */
  of: string;
  /** Where all of it is one sector's. */
  sector: { code: string; zh: string; en: string } | null;
  batches: number[];
  /** Of a weakness: systems. */
  pilots: number;
  /** Mean change, thousandths; negative is better. */
  effectMilli: number | null;
  known: "reported" | "verified" | null;
  weak: { systems: number; risks: number } | null;
  /** The clause rests on more than these, who cannot be told without telling of a small group. */
  atLeast: boolean;
  dissent: boolean;
  /** SHA-256 of the submission, where all of it is one's. */
  submissionSha256: string | null;
}
/** What everybody may know of the evidence under a clause: written when the edition is shown, by the rule of `disclosure`. */
export const clauseTellings = pgTable(
  "clause_tellings",
  {
    tenantId: tenantId(),
    clauseId: uuid("clause_id").notNull(),
    specificationId: uuid("specification_id").notNull(),
    strength: text("strength", { enum: strengths }).notNull(),
    /** Kinds of evidence there are, whether figures are told or not. */
    kinds: jsonb("kinds").$type<string[]>().notNull(),
    lines: jsonb("lines").$type<ToldLine[]>().notNull(),
    public: boolean("public").notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.clauseId] }),
    foreignKey({ columns: [t.tenantId, t.clauseId], foreignColumns: [clauses.tenantId, clauses.id] }).onDelete(
      "cascade",
    ),
    index("clause_tellings_specification").on(t.tenantId, t.specificationId),
    oneOf("clause_tellings", t.strength, strengths),
    ...wall("clause_tellings", {
      ...levelsReadPublic(),
      sector: { select: { using: isPublic } },
      national: {
        select: { using: publicOrNational },
        insert: { check: nationalOwn },
        update: { using: nationalOwn, columns: ["strength", "kinds", "lines", "public"] },
        delete: { using: nationalOwn },
      },
    }),
  ],
);

/** Somebody a told figure speaks of. Without `site`, `pilot` and `version`: everybody of a sector in a batch, as editions named them before. */
export interface ToldMember {
  sector: string;
  batch: number;
  site?: string;
  pilot?: string;
  version?: string;
}
/** Every figure that was ever told to everybody, with whom it speaks of: what is told next must not give them away. Nobody holds UPDATE or DELETE. */
export const disclosures = pgTable(
  "disclosures",
  {
    tenantId: tenantId(),
    id: id(),
    specificationId: uuid("specification_id").notNull(),
    /** `*`: on every subject. */
    subject: text("subject").notNull(),
    members: jsonb("members").$type<ToldMember[]>().notNull(),
    line: jsonb("line").$type<ToldLine>(),
    /** Smallest group of the programme at that time. */
    k: integer("k").notNull(),
    toldAt: at("told_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      columns: [t.tenantId, t.specificationId],
      foreignColumns: [specifications.tenantId, specifications.id],
    }),
    index("disclosures_specification").on(t.tenantId, t.specificationId),
    maxLength("disclosures", t.subject, 100),
    ...wall("disclosures", { national: { select: { using: nationalOwn }, insert: { check: nationalOwn } } }),
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
