import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { type Access, everything, mineAsMember, wall } from "../policies.ts";
import { signedInLevels } from "../roles.ts";
import { noticeChannels, noticeKinds } from "../vocabulary.ts";
import { at, id, maxLength, oneOf, tenantId } from "./columns.ts";

/** Its reader sees a notice and notes that they have; nobody else does either. */
const own: Access = Object.fromEntries(
  signedInLevels.map((level) => {
    const mine = mineAsMember(level);
    return [level, { select: { using: mine }, update: { using: mine, columns: ["read_at"] } }];
  }),
);

/**
 * What somebody did that another has to know of, made in the transaction of the act. Of the same place and kind there is one that
 * is unread: what comes after is counted in it, so that no machine and no zeal can bury a person.
 */
export const notices = pgTable(
  "notices",
  {
    /** The reader's. */
    tenantId: tenantId(),
    id: id(),
    membershipId: uuid("membership_id").notNull(),
    kind: text("kind", { enum: noticeKinds }).notNull(),
    /** What it is about, as it was called then. */
    subject: text("subject").notNull(),
    /** The very place, in this product. */
    href: text("href").notNull(),
    /** Who did it, and the reason they gave. */
    byName: text("by_name").notNull().default(""),
    reason: text("reason").notNull().default(""),
    /** More of what a kind says. */
    params: jsonb("params").$type<Record<string, string | number>>().notNull().default({}),
    times: integer("times").notNull().default(1),
    at: at("at").notNull(),
    readAt: at("read_at"),
    /** As its reader had chosen when it was made. */
    channel: text("channel", { enum: noticeChannels }).notNull().default("here"),
    /** When a letter told it. */
    mailedAt: at("mailed_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("notices_of").on(t.membershipId, t.at.desc().nullsFirst(), t.id.desc().nullsFirst()),
    uniqueIndex("notices_unread").on(t.tenantId, t.membershipId, t.kind, t.href).where(sql`read_at is null`),
    // Those that a letter is still to tell.
    index("notices_unmailed")
      .on(t.channel, t.membershipId)
      .where(sql`mailed_at is null and read_at is null and channel <> 'here'`),
    oneOf("notices", t.kind, noticeKinds),
    oneOf("notices", t.channel, noticeChannels),
    maxLength("notices", t.subject, 300),
    maxLength("notices", t.href, 300),
    maxLength("notices", t.byName, 200),
    maxLength("notices", t.reason, 1000),
    ...wall("notices", own, {
      audited: false,
      // auth.notify() alone writes them, in its owner's name.
      backstage: {
        owner: {
          select: { using: everything },
          insert: { check: sql`read_at is null` },
          update: {
            using: sql`read_at is null`,
            // What is over is read by itself (auth.clear_deadlines).
            check: everything,
            columns: ["times", "at", "subject", "by_name", "reason", "params", "channel", "mailed_at", "read_at"],
          },
        },
      },
    }),
  ],
);

/** Where a member wants to be told of a kind; of what is not chosen, what is usual (`workflows/notices.ts`). */
const chosen: Access = Object.fromEntries(
  signedInLevels.map((level) => {
    const mine = mineAsMember(level);
    return [level, { select: { using: mine }, insert: { check: mine }, update: { using: mine, columns: ["channel"] } }];
  }),
);
export const noticeChoices = pgTable(
  "notice_choices",
  {
    tenantId: tenantId(),
    membershipId: uuid("membership_id").notNull(),
    kind: text("kind", { enum: noticeKinds }).notNull(),
    channel: text("channel", { enum: noticeChannels }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.membershipId, t.kind] }),
    oneOf("notice_choices", t.kind, noticeKinds),
    oneOf("notice_choices", t.channel, noticeChannels),
    // auth.notify() asks it, auth.unsubscribe() writes it, in their owner's name.
    ...wall("notice_choices", chosen, {
      audited: false,
      backstage: {
        owner: {
          select: { using: everything },
          insert: { check: everything },
          update: { using: everything, columns: ["channel"] },
        },
      },
    }),
  ],
);
