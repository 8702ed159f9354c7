import {
  boolean,
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
  colleague,
  hangsOn,
  marksHidden,
  ofPanelCaller,
  ofPanelGuest,
  scoredByCaller,
  sectorOwn,
  wall,
} from "../policies.ts";
import { at, createdAt, id, maxLength, oneOf, tenantId } from "./columns.ts";
import { pilots } from "./pilot.ts";
import { projects } from "./project.ts";

/** Who asks is the sector's lead, who names a panel and releases its members. */
const byLead = sql`${sectorOwn} and (select auth.claim_role('sector')) = 'regulator_lead'`;
/** The caller's own row, at either level. */
const myOwn = (level: "sector" | "expert") =>
  sql.raw(
    `tenant_id = (select auth.claim('${level}', 'tenant')) and membership_id = (select auth.claim('${level}', 'membership'))`,
  );

/** Who scores the nominations of a batch, named before. One a batch. */
export const panels = pgTable(
  "panels",
  {
    tenantId: tenantId(),
    id: id(),
    projectId: uuid("project_id").notNull(),
    batchNo: integer("batch_no").notNull(),
    /** Outside experts see nominations without the names of applicant and system. */
    anonymous: boolean("anonymous").notNull().default(false),
    namedByName: text("named_by_name").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.projectId], foreignColumns: [projects.tenantId, projects.id] }),
    uniqueIndex("panels_once").on(t.tenantId, t.projectId, t.batchNo),
    ...wall(
      "panels",
      {
        sector: {
          select: { using: sectorOwn },
          insert: { check: sql`${byLead} and ${hangsOn("panels", "projects", ["tenant_id", "project_id=id"])}` },
          update: { using: byLead, columns: ["anonymous"] },
        },
      },
      { backstage: { owner: { select: { using: ofPanelGuest } } } },
    ),
  ],
);

export const seatKinds = ["office", "expert"] as const;
/** A seat of a panel: somebody of the sector's office, or an outside expert, with what they declared. */
export const panelMembers = pgTable(
  "panel_members",
  {
    tenantId: tenantId(),
    id: id(),
    panelId: uuid("panel_id").notNull(),
    membershipId: uuid("membership_id").notNull(),
    name: text("name").notNull(),
    kind: text("kind", { enum: seatKinds }).notNull(),
    /** When they declared their interests; nobody scores before. */
    declaredAt: at("declared_at"),
    /** Organisations they have to do with; empty: none. */
    interests: text("interests").notNull().default(""),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.panelId], foreignColumns: [panels.tenantId, panels.id] }),
    uniqueIndex("panel_members_once").on(t.tenantId, t.panelId, t.membershipId),
    index("panel_members_of").on(t.membershipId),
    oneOf("panel_members", t.kind, seatKinds),
    maxLength("panel_members", t.interests, 2000),
    ...wall(
      "panel_members",
      {
        sector: {
          select: { using: sectorOwn },
          insert: {
            check: sql`${byLead} and ${colleague} and declared_at is null and ${hangsOn("panel_members", "panels", ["tenant_id", "panel_id=id"])}`,
          },
          update: { using: myOwn("sector"), columns: ["declared_at", "interests"] },
        },
        expert: {
          select: { using: myOwn("expert") },
          update: { using: myOwn("expert"), columns: ["declared_at", "interests"] },
        },
      },
      {
        backstage: {
          // Who accepts an invitation to a panel takes their seat at once.
          owner: {
            select: { using: ofPanelGuest },
            insert: { check: sql`kind = 'expert' and declared_at is null` },
            // Named again after a release, they sit anew.
            update: { using: ofPanelCaller, columns: ["created_at", "declared_at", "interests"] },
          },
        },
      },
    ),
  ],
);

/** A member who does not go on: the lead's reason. What they handed in stays and counts; the rest is waited for no longer. */
export const panelReleases = pgTable(
  "panel_releases",
  {
    tenantId: tenantId(),
    id: id(),
    panelId: uuid("panel_id").notNull(),
    membershipId: uuid("membership_id").notNull(),
    reason: text("reason").notNull(),
    byName: text("by_name").notNull(),
    at: at("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      name: "panel_releases_seat",
      columns: [t.tenantId, t.panelId, t.membershipId],
      foreignColumns: [panelMembers.tenantId, panelMembers.panelId, panelMembers.membershipId],
    }),
    uniqueIndex("panel_releases_once").on(t.tenantId, t.panelId, t.membershipId),
    maxLength("panel_releases", t.reason, 1000),
    ...wall(
      "panel_releases",
      {
        sector: {
          select: { using: sectorOwn },
          insert: {
            check: sql`${byLead} and ${hangsOn("panel_releases", "panel_members", ["tenant_id", "panel_id", "membership_id"])}`,
          },
        },
        // That they were released, and why.
        expert: { select: { using: myOwn("expert") } },
      },
      { backstage: { owner: { select: { using: ofPanelGuest }, delete: { using: ofPanelCaller } } } },
    ),
  ],
);

/** Why marks of a round stand although they lie far apart: the lead's word, for whoever leads alone. */
export const scoreNotes = pgTable(
  "score_notes",
  {
    tenantId: tenantId(),
    id: id(),
    pilotId: uuid("pilot_id").notNull(),
    round: integer("round").notNull(),
    text: text("text").notNull(),
    byName: text("by_name").notNull(),
    at: at("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.pilotId], foreignColumns: [pilots.tenantId, pilots.id] }),
    index("score_notes_pilot").on(t.tenantId, t.pilotId, t.round),
    maxLength("score_notes", t.text, 2000),
    ...wall("score_notes", {
      sector: {
        select: { using: byLead },
        insert: { check: sql`${byLead} and ${hangsOn("score_notes", "pilots", ["tenant_id", "pilot_id=id"])}` },
      },
    }),
  ],
);

/** A member sees and writes their own sheet, while they are to score the pilot. */
const mySheet = (level: "sector" | "expert") => ({
  insert: { check: sql`${myOwn(level)} and ${scoredByCaller}` },
  update: {
    using: sql`${myOwn(level)} and ${scoredByCaller}`,
    columns: ["recused", "recusal_reason", "points", "total_centi", "comment", "at"],
  },
});
/** One scorer's blind scores of one pilot in one round: points 0–100 for each criterion of the rubric. */
export const pilotScores = pgTable(
  "pilot_scores",
  {
    tenantId: tenantId(),
    id: id(),
    pilotId: uuid("pilot_id").notNull(),
    membershipId: uuid("membership_id").notNull(),
    round: integer("round").notNull().default(1),
    scorerName: text("scorer_name").notNull(),
    recused: boolean("recused").notNull().default(false),
    recusalReason: text("recusal_reason").notNull().default(""),
    points: jsonb("points").$type<Record<string, number>>(),
    totalCenti: integer("total_centi"),
    comment: text("comment").notNull().default(""),
    at: at("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.pilotId], foreignColumns: [pilots.tenantId, pilots.id] }),
    uniqueIndex("pilot_scores_once").on(t.tenantId, t.pilotId, t.membershipId, t.round),
    maxLength("pilot_scores", t.comment, 2000),
    maxLength("pilot_scores", t.recusalReason, 1000),
    ...wall(
      "pilot_scores",
      {
        /* Blind: the lead, who ranks, sees all of a pilot's sheets once every member has finished, and no mark before. */
        sector: {
          select: {
            using: sql`${sectorOwn} and (membership_id = (select auth.claim('sector', 'membership')) or ((select auth.claim_role('sector')) = 'regulator_lead' and not (${marksHidden})))`,
          },
          ...mySheet("sector"),
        },
        expert: { select: { using: myOwn("expert") }, ...mySheet("expert") },
      },
      { backstage: { owner: { select: { using: ofPanelGuest } } } },
    ),
  ],
);
