import { sql } from "drizzle-orm";
import { AppError, notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { rowsOf } from "#db/rows.ts";

/** What the operator sees of accounts and e-mails: who, since when, how safe; nothing of a tenant's work. */

export interface Account {
  id: string;
  email: string;
  name: string;
  createdAt: Date;
  disabledAt: Date | null;
  roles: number;
  sessions: number;
  lastSeenAt: Date | null;
  factors: number;
  /** Serves a tenant that has a lead: the operator cannot touch what signs it in, unless the lead lets them in. */
  closed: boolean;
}
const date = (s: string | null) => (s === null ? null : new Date(s));

/** All accounts, for the operator; the database gives other levels none. */
export async function listAccounts(tx: Tx, actor: Actor): Promise<Account[]> {
  const [found, closedIds] = await Promise.all([
    tx.execute(sql`select * from auth.accounts(${actor.level})`),
    closedAccounts(tx, actor),
  ]);
  const rows = rowsOf<{
    id: string;
    email: string;
    name: string;
    created_at: string;
    disabled_at: string | null;
    roles: number;
    sessions: number;
    last_seen_at: string | null;
    factors: number;
  }>(found);
  return rows.map((r) => ({
    id: r.id,
    email: r.email,
    name: r.name,
    createdAt: new Date(r.created_at),
    disabledAt: date(r.disabled_at),
    roles: r.roles,
    sessions: r.sessions,
    lastSeenAt: date(r.last_seen_at),
    factors: r.factors,
    closed: closedIds.has(r.id),
  }));
}
const closedAccounts = async (tx: Tx, actor: Actor): Promise<Set<string>> =>
  new Set(
    rowsOf<{ id: string }>(await tx.execute(sql`select auth.closed_accounts(${actor.level}) as id`)).map((r) => r.id),
  );
/** Off: with the next request nothing of the account works any more, tokens included. @throws notFound, for one's own too */
export async function switchAccount(tx: Tx, actor: Actor, accountId: string, off: boolean): Promise<void> {
  const [row] = rowsOf<{ done: boolean }>(
    await tx.execute(sql`select auth.switch_account(${actor.level}, ${accountId}, ${off}) as done`),
  );
  if (!row?.done) throw notFound({ logMessage: "account not there, or so already" });
}
/** @throws glass_needed for an account that only its tenant's lead can open to the operator, notFound */
export async function clearFactors(tx: Tx, actor: Actor, accountId: string): Promise<void> {
  if ((await closedAccounts(tx, actor)).has(accountId))
    throw new AppError("glass_needed", 422, "account of a tenant with a lead");
  const [row] = rowsOf<{ done: boolean }>(
    await tx.execute(sql`select auth.clear_factors(${actor.level}, ${accountId}) as done`),
  );
  if (!row?.done) throw notFound({ logMessage: "account without a second factor" });
}

const mailStates = ["waiting", "sent", "held", "failed"] as const;
export interface OutboxMail {
  id: string;
  kind: "invitation" | "reset" | "notice" | "letter";
  recipient: string;
  subject: string;
  /** Empty unless the e-mail is held and its link opens nothing that is out of the operator's reach. */
  text: string;
  /** Held, and its link is not the operator's to see: it would bring its reader into a tenant that has a lead. */
  withheld: boolean;
  state: (typeof mailStates)[number];
  attempts: number;
  lastError: string | null;
  createdAt: Date;
  sentAt: Date | null;
  /** Its link is of no use any more. */
  over: boolean;
}
/** The last five hundred e-mails, newest first. */
export async function listOutbox(tx: Tx, actor: Actor): Promise<OutboxMail[]> {
  const rows = rowsOf<{
    id: string;
    kind: OutboxMail["kind"];
    recipient: string;
    subject: string;
    body_text: string;
    state: OutboxMail["state"];
    attempts: number;
    last_error: string | null;
    created_at: string;
    sent_at: string | null;
    useful_until: string;
    withheld: boolean;
  }>(await tx.execute(sql`select * from auth.outbox(${actor.level})`));
  return rows.map((r) => ({
    id: r.id,
    kind: r.kind,
    recipient: r.recipient,
    subject: r.subject,
    text: r.body_text,
    withheld: r.withheld,
    state: r.state,
    attempts: r.attempts,
    lastError: r.last_error,
    createdAt: new Date(r.created_at),
    sentAt: date(r.sent_at),
    over: new Date(r.useful_until).getTime() < Date.now(),
  }));
}
/** @throws notFound for one that is sent, on its way, or over */
export async function sendAgain(tx: Tx, actor: Actor, mailId: string): Promise<void> {
  const [row] = rowsOf<{ done: boolean }>(
    await tx.execute(sql`select auth.send_mail_again(${actor.level}, ${mailId}) as done`),
  );
  if (!row?.done) throw notFound({ logMessage: "e-mail not there, or not to be sent" });
}
