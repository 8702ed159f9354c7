import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { orNone } from "#app/platform/form-values.ts";
import { digestOf } from "#app/request/session.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Database, Tx } from "#db/client.server.ts";
import { noticeChoices } from "#db/schema/index.ts";
import { type NoticeChannel, noticeChannels, type NoticeKind, noticeKinds } from "#db/vocabulary.ts";
import { kindsFor, usualChannel } from "./channels.rules.ts";

/* What each person wants to be told, and where: their own choice, or what is usual with the kind. */

/** A choice for each kind that a form names; of others nothing changes. */
export const choicesSchema = z.object(
  Object.fromEntries(
    noticeKinds.map((kind) => [kind, orNone(z.enum(noticeChannels, { error: "error_field_choice" }))]),
  ),
);

export interface ChannelOf {
  kind: NoticeKind;
  channel: NoticeChannel;
  usual: NoticeChannel;
}
/** How the caller is told each kind that their role can be told. */
export async function choicesOf(tx: Tx, actor: Actor): Promise<ChannelOf[]> {
  const chosen = await tx
    .select({ kind: noticeChoices.kind, channel: noticeChoices.channel })
    .from(noticeChoices)
    .where(and(eq(noticeChoices.tenantId, actor.tenantId), eq(noticeChoices.membershipId, actor.membershipId)));
  const of = new Map(chosen.map((one) => [one.kind, one.channel]));
  return kindsFor(actor.role).map((kind) => ({
    kind,
    channel: of.get(kind) ?? usualChannel[kind],
    usual: usualChannel[kind],
  }));
}

/** Keeps what was chosen. What is not of the caller's kinds is left out: nobody would tell them. */
export async function choose(
  tx: Tx,
  actor: Actor,
  given: Readonly<Partial<Record<NoticeKind, NoticeChannel>>>,
): Promise<void> {
  const rows = kindsFor(actor.role).flatMap((kind) => {
    const channel = given[kind];
    return channel ? [{ tenantId: actor.tenantId, membershipId: actor.membershipId, kind, channel }] : [];
  });
  if (rows.length === 0) return;
  await tx
    .insert(noticeChoices)
    .values(rows)
    .onConflictDoUpdate({
      target: [noticeChoices.tenantId, noticeChoices.membershipId, noticeChoices.kind],
      set: { channel: sql`excluded.channel` },
    });
}

export interface LetterReader {
  name: string;
  tenantName: { zh: string; en: string };
}
const secretShape = /^[0-9a-f]{40}$/;
/** Whose letters end by this address; null for one that nobody has, or had until their membership ended. */
export async function readerOfLetters(db: Database, token: string): Promise<LetterReader | null> {
  if (!secretShape.test(token)) return null;
  const [row] = await db.auth<{ name: string; tenant_zh: string; tenant_en: string }[]>`
    select * from auth.letter_of(${digestOf(token)})`;
  return row ? { name: row.name, tenantName: { zh: row.tenant_zh, en: row.tenant_en } } : null;
}
/** Ends letters of notices; again is no fault. Returns false for an address that nobody has. */
export async function endLetters(db: Database, token: string): Promise<boolean> {
  if (!secretShape.test(token)) return false;
  const [row] = await db.auth<{ done: boolean }[]>`
    select auth.unsubscribe(${digestOf(token)}, ${JSON.stringify(usualChannel)}::text::jsonb) as done`;
  return row?.done === true;
}
