import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { auditorOwn, everything, nationalOwn, operatorAny, sectorOwn, siteTenant, wall } from "../policies.ts";
import { at, id, maxLength, tenantId } from "./columns.ts";
import { tenants } from "./tenancy.ts";

/**
 * An operator's way into one tenant's data: asked for with a reason, open from the consent of the tenant's lead until
 * `endsAt` or until somebody ends it. No job closes it: whoever asks compares with the clock. Every member of the tenant
 * sees it. Nobody writes here; functions of schema `auth` do, for the person behind the secret.
 */
export const breakGlass = pgTable(
  "break_glass",
  {
    tenantId: tenantId(),
    id: id(),
    operatorMembershipId: uuid("operator_membership_id").notNull(),
    operatorName: text("operator_name").notNull(),
    reason: text("reason").notNull(),
    minutes: integer("minutes").notNull(),
    askedAt: at("asked_at").notNull().defaultNow(),
    consentedBy: uuid("consented_by"),
    consentedByName: text("consented_by_name"),
    consentedAt: at("consented_at"),
    refusedAt: at("refused_at"),
    endsAt: at("ends_at"),
    endedAt: at("ended_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    index("break_glass_operator").on(t.operatorMembershipId, t.askedAt),
    check("break_glass_reason_length", sql`char_length(btrim(${t.reason})) between 20 and 2000`),
    check("break_glass_minutes_most", sql`${t.minutes} between 5 and 240`),
    check(
      "break_glass_consent_whole",
      sql`(${t.consentedAt} is null) = (${t.endsAt} is null) and (${t.consentedAt} is null) = (${t.consentedBy} is null)`,
    ),
    check("break_glass_one_answer", sql`${t.consentedAt} is null or ${t.refusedAt} is null`),
    maxLength("break_glass", t.operatorName, 200),
    ...wall(
      "break_glass",
      {
        site: { select: { using: siteTenant } },
        sector: { select: { using: sectorOwn } },
        national: { select: { using: nationalOwn } },
        auditor: { select: { using: auditorOwn } },
        operator: { select: { using: operatorAny } },
      },
      {
        backstage: {
          owner: { select: { using: everything }, insert: { check: everything }, update: { using: everything } },
        },
      },
    ),
  ],
);
