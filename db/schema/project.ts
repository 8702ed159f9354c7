import { foreignKey, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { auditorOwn, openBreakGlass, nationalAny, sectorOwn, siteTenant, wall, everything } from "../policies.ts";
import { createdAt, id, maxLength, oneOf, tenantId, updatedAt } from "./columns.ts";
import { programmes } from "./programme.ts";
import { tenants } from "./tenancy.ts";
import { assetRules, type Phase, riskMethods } from "../vocabulary.ts";

/** One sector's run through the programme. Shares are in basis points (1/10,000). Its state is in workflow_instances. */
export const projects = pgTable(
  "projects",
  {
    tenantId: tenantId(),
    id: id(),
    programmeId: uuid("programme_id").notNull(),
    code: text("code").notNull(),
    nameZh: text("name_zh").notNull(),
    nameEn: text("name_en").notNull(),
    /** Denormalised from the workflow instance for lists; written in the same transaction. */
    state: text("state").notNull(),
    questionnaireVersion: integer("questionnaire_version").notNull(),
    riskMethod: text("risk_method", { enum: riskMethods }).notNull().default("matrix"),
    assetRule: text("asset_rule", { enum: assetRules }).notNull().default("max"),
    responseThresholdBp: integer("response_threshold_bp").notNull().default(8000),
    securityShareBp: integer("security_share_bp").notNull().default(1000),
    /** Planned end of each phase. */
    dueOn: jsonb("due_on").$type<Record<Phase, string>>().notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    foreignKey({ columns: [t.programmeId], foreignColumns: [programmes.id] }),
    uniqueIndex("projects_one_per_programme").on(t.tenantId, t.programmeId),
    oneOf("projects", t.riskMethod, riskMethods),
    oneOf("projects", t.assetRule, assetRules),
    maxLength("projects", t.nameZh, 200),
    ...wall(
      "projects",
      {
        site: { select: { using: siteTenant } },
        sector: {
          select: { using: sectorOwn },
          insert: { check: sectorOwn },
          update: {
            using: sectorOwn,
            columns: [
              "name_zh",
              "name_en",
              "state",
              "risk_method",
              "asset_rule",
              "response_threshold_bp",
              "security_share_bp",
              "due_on",
              "updated_at",
            ],
          },
        },
        national: { select: { using: nationalAny }, update: { using: nationalAny, columns: ["state", "updated_at"] } },
        auditor: { select: { using: auditorOwn } },
      },
      {
        backstage: {
          owner: { select: { using: openBreakGlass } },
          worker: { select: { using: everything, columns: ["tenant_id", "id", "state"] } },
        },
      },
    ),
  ],
);
