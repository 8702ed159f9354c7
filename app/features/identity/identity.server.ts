import { sql } from "drizzle-orm";
import type { Locale } from "#app/i18n/locale.ts";
import { invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Database, Tx } from "#db/client.server.ts";
import { rowsOf } from "#db/rows.ts";
import { levelOfRole, type MemberRole, type SignedInLevel } from "#db/roles.ts";
import { sites, tenants } from "#db/schema/index.ts";
import type { Actor, Scope } from "#app/request/actor.ts";
import type { NewMember } from "./identity.schema.ts";
import { attempt } from "./attempts.server.ts";
import { checkNewPassword, hashPassword, passwordFits } from "./passwords.server.ts";
import { digestOf, newSecret, type SignedIn } from "#app/request/session.server.ts";

export interface Membership {
  id: string;
  role: MemberRole;
  tenantId: string;
  tenantKind: string;
  tenantCode: string;
  tenantName: { zh: string; en: string };
  siteName: string;
}

/** A person's live memberships, oldest first. */
export async function membershipsOf(db: Database, userId: string): Promise<Membership[]> {
  const rows = await db.auth<
    {
      id: string;
      role: MemberRole;
      tenant_id: string;
      tenant_kind: string;
      tenant_code: string;
      name_zh: string;
      name_en: string;
      site_name: string;
    }[]
  >`select * from auth.memberships_of(${userId})`;
  return rows.map((r) => ({
    id: r.id,
    role: r.role,
    tenantId: r.tenant_id,
    tenantKind: r.tenant_kind,
    tenantCode: r.tenant_code,
    tenantName: { zh: r.name_zh, en: r.name_en },
    siteName: r.site_name,
  }));
}

/** @throws invalid with the field, sign_in_blocked; every session of the person ends, this one too: the caller opens a new one. */
export async function changePassword(
  db: Database,
  person: SignedIn,
  input: { current: string; next: string; repeat: string },
): Promise<void> {
  await attempt(db, { what: [["step", person.userId]] }, async () => {
    const [row] = await db.auth<{ hash: string | null }[]>`select auth.password_hash_of(${person.userId}) as hash`;
    if (!(await passwordFits(row?.hash, input.current))) throw invalid({ current: ["error_password_wrong"] });
  });
  checkNewPassword(input, person);
  await db.auth`select auth.change_password(${person.userId}, ${await hashPassword(input.next)}, null)`;
}

export interface SessionInfo {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  ip: string;
  agent: string;
}
/** Where the person is signed in. */
export async function sessionsOf(db: Database, userId: string): Promise<SessionInfo[]> {
  const rows = await db.auth<
    { id: string; created_at: string; last_seen_at: string; expires_at: string; ip: string; agent: string }[]
  >`select id, created_at, last_seen_at, expires_at, ip, agent from auth.sessions_of(${userId})`;
  return rows.map((r) => ({
    id: r.id,
    createdAt: new Date(r.created_at),
    lastSeenAt: new Date(r.last_seen_at),
    expiresAt: new Date(r.expires_at),
    ip: r.ip,
    agent: r.agent,
  }));
}
/** Ends one of the person's own sessions. @throws notFound */
export async function endSession(db: Database, userId: string, sessionId: string): Promise<void> {
  const [row] = await db.auth<{ gone: boolean }[]>`select auth.delete_session_by_id(${userId}, ${sessionId}) as gone`;
  if (!row?.gone) throw notFound({ logMessage: "session of somebody else" });
}
/** Keeps the language in which a person is written to. */
export const keepLocale = (db: Pick<Database, "auth">, userId: string, locale: Locale) =>
  db.auth`select auth.keep_locale(${userId}, ${locale})`;
/** The person's name, in all their memberships; entries of the trail keep the one they were made under. */
export const renameUser = (db: Database, userId: string, name: string) =>
  db.auth`select auth.rename_user(${userId}, ${name})`;

export interface TokenInfo {
  id: string;
  name: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}
interface TokenRow extends Record<string, unknown> {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}
const dateOrNull = (s: string | null) => (s === null ? null : new Date(s));

/** API tokens of the membership in which the caller acts. */
export async function listTokens(tx: Tx, actor: Actor): Promise<TokenInfo[]> {
  const rows = rowsOf<TokenRow>(await tx.execute(sql`select * from auth.my_tokens(${actor.level})`));
  return rows.map((r) => ({
    id: r.id,
    name: r.name,
    scopes: r.scopes,
    createdAt: new Date(r.created_at),
    expiresAt: new Date(r.expires_at),
    lastUsedAt: dateOrNull(r.last_used_at),
    revokedAt: dateOrNull(r.revoked_at),
  }));
}
/** A new token for this membership; the plain text is told once and kept nowhere. */
export async function createToken(
  tx: Tx,
  actor: Actor,
  input: { name: string; days: number; write: boolean; seal?: boolean },
): Promise<{ id: string; token: string }> {
  const token = `ans_${newSecret()}`;
  const id = uuidv7();
  const until = new Date(Date.now() + input.days * 86_400_000).toISOString();
  const scopes: Scope[] = [
    "read",
    ...(input.write || input.seal ? (["write"] as const) : []),
    ...(input.seal ? (["seal"] as const) : []),
  ];
  const list = sql.join(
    scopes.map((s) => sql`${s}`),
    sql`, `,
  );
  await tx.execute(
    sql`select auth.create_token(${actor.level}, ${digestOf(token)}, ${id}, ${input.name}, array[${list}]::text[], ${until})`,
  );
  return { id, token };
}
/** @throws notFound */
export async function revokeToken(tx: Tx, actor: Actor, tokenId: string): Promise<void> {
  const [row] = rowsOf<{ gone: boolean }>(
    await tx.execute(sql`select auth.revoke_token(${actor.level}, ${tokenId}) as gone`),
  );
  if (!row?.gone) throw notFound({ logMessage: "token of somebody else" });
}

export interface Member {
  id: string;
  email: string;
  name: string;
  role: MemberRole;
  tenantId: string;
  tenantName: { zh: string; en: string };
  siteName: string;
  startsAt: Date;
  endedAt: Date | null;
}
/** People the caller may see: their site's, their sector's, or, for an operator, everybody. */
export async function listMembers(tx: Tx, actor: Actor): Promise<Member[]> {
  const rows = rowsOf<{
    id: string;
    email: string;
    name: string;
    role: MemberRole;
    tenant_id: string;
    tenant_name_zh: string;
    tenant_name_en: string;
    site_name: string;
    starts_at: string;
    ended_at: string | null;
  }>(await tx.execute(sql`select * from auth.members(${actor.level})`));
  return rows.map((r) => ({
    id: r.id,
    email: r.email,
    name: r.name,
    role: r.role,
    tenantId: r.tenant_id,
    tenantName: { zh: r.tenant_name_zh, en: r.tenant_name_en },
    siteName: r.site_name,
    startsAt: new Date(r.starts_at),
    endedAt: dateOrNull(r.ended_at),
  }));
}
/** Sites at which the caller's account serves, in whatever tenant, or served within three years. */
export async function sitesServed(
  tx: Tx,
  actor: Actor,
): Promise<{ siteId: string; siteName: string; ended: Date | null }[]> {
  const rows = rowsOf<{ site_id: string; site_name: string; ended_at: string | null }>(
    await tx.execute(sql`select * from auth.my_sites(${actor.level})`),
  );
  return rows.map((r) => ({ siteId: r.site_id, siteName: r.site_name, ended: dateOrNull(r.ended_at) }));
}
/** An account with a password (or, for a known e-mail, one more membership), for the demonstration and tests; people are invited. The database checks that the caller may. Returns the membership's id. */
export async function addMember(tx: Tx, actor: Actor, input: NewMember): Promise<string> {
  const { siteId, siteName } = await checkPlace(tx, actor, input);
  const id = uuidv7();
  await tx.execute(
    sql`select auth.add_member(${actor.level}, ${uuidv7()}, ${id}, ${input.email}, ${input.name}, ${await hashPassword(input.password)}, ${input.tenantId}, ${siteId}, ${siteName}, ${input.role}, ${levelOfRole[input.role]})`,
  );
  return id;
}

/** Site and tenant that go with a role. @throws invalid with the field */
export async function checkPlace(
  tx: Tx,
  actor: Actor,
  input: Pick<NewMember, "role" | "tenantId" | "siteId">,
): Promise<{ siteId: string | null; siteName: string }> {
  const siteId = input.siteId ? input.siteId : null;
  if ((levelOfRole[input.role] === "site") !== (siteId !== null)) throw invalid({ siteId: ["error_field_required"] });
  if (actor.level === "operator") await checkTenant(tx, input);
  if (siteId === null || actor.level === "operator") return { siteId, siteName: "" };
  const [site] = await tx.select({ name: sites.name }).from(sites).where(sql`${sites.id} = ${siteId}`);
  if (!site) throw invalid({ siteId: ["error_field_unknown_id"] });
  return { siteId, siteName: site.name };
}

/** Where people of each level belong. A sector's or the country's auditor belongs to what they audit. */
const homesOf: Readonly<Record<SignedInLevel, readonly string[]>> = {
  site: ["sector"],
  sector: ["sector"],
  assessor: ["institution"],
  expert: ["sector"],
  national: ["national"],
  auditor: ["sector", "national"],
  operator: ["platform"],
};

/** The operator chooses among all tenants: a role in one of another kind would see nothing. @throws invalid with the field */
async function checkTenant(tx: Tx, { role, tenantId }: Pick<NewMember, "role" | "tenantId">): Promise<void> {
  const [tenant] = await tx.select({ kind: tenants.kind }).from(tenants).where(sql`${tenants.id} = ${tenantId}`);
  if (!tenant) throw invalid({ tenantId: ["error_field_unknown_id"] });
  if (!homesOf[levelOfRole[role]].includes(tenant.kind)) throw invalid({ tenantId: ["identity_member_wrong_tenant"] });
}
/** Ends a membership, with its sessions and tokens. @throws notFound */
export async function endMembership(tx: Tx, actor: Actor, membershipId: string): Promise<void> {
  const [row] = rowsOf<{ gone: boolean }>(
    await tx.execute(sql`select auth.end_membership(${actor.level}, ${membershipId}) as gone`),
  );
  if (!row?.gone) throw notFound({ logMessage: "membership out of reach" });
}

export interface NewTenant {
  kind: "sector" | "national" | "institution";
  code: string;
  nameZh: string;
  nameEn: string;
  priority?: boolean;
}
/** Operator: a new sector, institution or the national office. Returns its id. @throws invalid for a code that is taken */
export async function createTenant(tx: Tx, _actor: Actor, input: NewTenant): Promise<string> {
  const id = uuidv7();
  const made = await tx
    .insert(tenants)
    .values({
      id,
      kind: input.kind,
      code: input.code,
      nameZh: input.nameZh,
      nameEn: input.nameEn,
      priority: input.priority ?? false,
    })
    .onConflictDoNothing()
    .returning({ id: tenants.id });
  if (made.length !== 1) throw invalid({ code: ["error_field_taken"] });
  return id;
}
