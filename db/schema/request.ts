import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { type BackstageAccess, everything, mineAsMember, wall, type Access } from "../policies.ts";
import { signedInLevels } from "../roles.ts";
import { at, tenantId } from "./columns.ts";

const own = (verbs: "keys" | "visits"): Access =>
  Object.fromEntries(
    signedInLevels.map((l) => {
      const mine = mineAsMember(l);
      return [
        l,
        verbs === "keys"
          ? { select: { using: mine }, insert: { check: mine } }
          : {
              select: { using: mine },
              insert: { check: mine },
              update: { using: mine, columns: ["seen_at", "previous_at"] },
            },
      ];
    }),
  );

/** Days for which an answer is kept: who lost it on a Friday evening may ask again on Monday. */
export const keptAnswerDays = 3;
/** The worker sees how old an answer is, and nothing of it. Its age is no part of the policy: `now()` is not leakproof. */
const sweeping: BackstageAccess = {
  worker: { select: { using: everything, columns: ["at"] }, delete: { using: everything } },
};

/** Answers already given to a write with an Idempotency-Key, so that a repeat gets the same answer and no second effect. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    tenantId: tenantId(),
    membershipId: uuid("membership_id").notNull(),
    key: text("key").notNull(),
    requestSha256: text("request_sha256").notNull(),
    status: integer("status").notNull(),
    response: jsonb("response").notNull(),
    at: at("at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.membershipId, t.key] }),
    index("idempotency_keys_at").on(t.at),
    ...wall("idempotency_keys", own("keys"), { audited: false, backstage: sweeping }),
  ],
);

/** When a member last opened the home page, and the time before: what changed since then is told while this visit lasts. */
export const visits = pgTable(
  "visits",
  {
    tenantId: tenantId(),
    membershipId: uuid("membership_id").notNull(),
    seenAt: at("seen_at").notNull(),
    previousAt: at("previous_at"),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.membershipId] }), ...wall("visits", own("visits"), { audited: false })],
);
