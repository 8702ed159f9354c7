import { sql } from "drizzle-orm";
import type { Locale } from "#app/i18n/locale.ts";
import { AppError, invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Database, Tx } from "#db/client.server.ts";
import { levelOfRole, type MemberRole } from "#db/roles.ts";
import { tenants } from "#db/schema/index.ts";
import type { Actor } from "#app/request/actor.ts";
import { attempt } from "./attempts.server.ts";
import type { NewInvitation } from "./identity.schema.ts";
import { tenantsInReach } from "./break-glass.server.ts";
import { checkPlace } from "./identity.server.ts";
import { rowsOf } from "#db/rows.ts";
import { invitationEmail } from "./emails.server.ts";
import { checkNewPassword, hashPassword } from "./passwords.server.ts";
import { roleNameIn } from "#app/domain/role-name.ts";
import { digestOf, newSecret } from "#app/request/session.server.ts";

/** An invitation is good for a week. */
const invitationDays = 7;

/**
 * Invites somebody by e-mail. Whoever has the e-mail sets name and password; nobody else ever knows the password. The
 * database checks that the caller may. Returns the invitation's id. @throws invalid with the field
 */
export async function invite(
  tx: Tx,
  actor: Actor,
  input: NewInvitation,
  options: { origin: string; now?: Date },
): Promise<string> {
  // An expert is invited to a panel, by its sector's lead.
  if (levelOfRole[input.role] === "expert") throw invalid({ role: ["error_field_choice"] });
  const place = await checkPlace(tx, actor, input);
  if (actor.level === "operator" && !(await tenantsInReach(tx, actor)).has(input.tenantId))
    throw invalid({ tenantId: ["glass_tenant_closed"] });
  return invitePerson(tx, actor, { ...input, ...place, panelId: null }, options);
}

interface Invited extends Omit<NewInvitation, "siteId"> {
  siteId: string | null;
  siteName: string;
  /** The panel in which an outside expert gets a seat. */
  panelId: string | null;
}
/**
 * Writes the invitation and its e-mail; the place was checked before. Returns its id.
 * @throws invalid for whoever serves there already
 */
export async function invitePerson(
  tx: Tx,
  actor: Actor,
  input: Invited,
  { origin, now = new Date() }: { origin: string; now?: Date },
): Promise<string> {
  const [tenant] = await tx
    .select({ zh: tenants.nameZh, en: tenants.nameEn })
    .from(tenants)
    .where(sql`${tenants.id} = ${input.tenantId}`);
  if (!tenant) throw invalid({ tenantId: ["error_field_unknown_id"] });
  const secret = newSecret();
  const until = new Date(now.getTime() + invitationDays * 86_400_000);
  const locale: Locale = input.language;
  const email = invitationEmail(locale, {
    name: input.name,
    by: actor.name,
    tenant: [locale === "en" ? tenant.en : tenant.zh, input.siteName].filter(Boolean).join(" · "),
    role: roleNameIn(input.role, locale),
    until,
    url: `${origin}/invitation?lng=${locale}&token=${secret}`,
  });
  const [id, who, end] = [uuidv7(), sql`${input.email}, ${input.name}`, until.toISOString()];
  const letter = sql`${end}, ${uuidv7()}, ${email.subject}, ${email.text}, ${email.html}`;
  const [made] = rowsOf<{ id: string | null }>(
    await tx.execute(
      input.panelId === null
        ? sql`select auth.invite(${actor.level}, ${digestOf(secret)}, ${id}, ${who}, ${input.tenantId}, ${input.siteId}, ${input.siteName}, ${input.role}, ${levelOfRole[input.role]}, ${letter}) as id`
        : sql`select auth.invite_expert(${digestOf(secret)}, ${id}, ${who}, ${input.panelId}, ${letter}) as id`,
    ),
  );
  if (!made?.id) throw invalid({ email: ["signin_already_member"] });
  return made.id;
}

export interface OpenInvitation {
  id: string;
  email: string;
  name: string;
  role: MemberRole;
  tenantName: { zh: string; en: string };
  siteName: string;
  createdAt: Date;
  expiresAt: Date;
  expired: boolean;
}
/** Invitations in the caller's reach that nobody has accepted yet. */
export async function openInvitations(tx: Tx, actor: Actor): Promise<OpenInvitation[]> {
  const rows = rowsOf<{
    id: string;
    email: string;
    name: string;
    role: MemberRole;
    tenant_name_zh: string;
    tenant_name_en: string;
    site_name: string;
    created_at: string;
    expires_at: string;
  }>(await tx.execute(sql`select * from auth.invitations(${actor.level})`));
  return rows.map((r) => ({
    id: r.id,
    email: r.email,
    name: r.name,
    role: r.role,
    tenantName: { zh: r.tenant_name_zh, en: r.tenant_name_en },
    siteName: r.site_name,
    createdAt: new Date(r.created_at),
    expiresAt: new Date(r.expires_at),
    expired: new Date(r.expires_at).getTime() < Date.now(),
  }));
}
/** @throws notFound for one that is out of reach, accepted or taken back already */
export async function revokeInvitation(tx: Tx, actor: Actor, invitationId: string): Promise<void> {
  const [row] = rowsOf<{ gone: boolean }>(
    await tx.execute(sql`select auth.revoke_invitation(${actor.level}, ${invitationId}) as gone`),
  );
  if (!row?.gone) throw notFound({ logMessage: "invitation out of reach" });
}

export interface Invitation {
  email: string;
  name: string;
  role: MemberRole;
  tenantName: { zh: string; en: string };
  siteName: string;
  /** There is an account with this address: it gets a membership more and keeps its password. */
  known: boolean;
}
export const secretShape = /^[0-9a-f]{40}$/;
/** What the link stands for; null when it was used, taken back, is too old, or never was one. */
export async function readInvitation(db: Database, token: string): Promise<Invitation | null> {
  if (!secretShape.test(token)) return null;
  const [row] = await db.auth<
    {
      email: string;
      name: string;
      role: MemberRole;
      tenant_zh: string;
      tenant_en: string;
      site_name: string;
      known: boolean;
    }[]
  >`select * from auth.peek_invitation(${digestOf(token)})`;
  return row
    ? {
        email: row.email,
        name: row.name,
        role: row.role,
        tenantName: { zh: row.tenant_zh, en: row.tenant_en },
        siteName: row.site_name,
        known: row.known,
      }
    : null;
}

/** @throws signin_link_dead, invalid with the field, sign_in_blocked */
export async function acceptInvitation(
  db: Database,
  input: { token: string; name: string; next: string; repeat: string },
  ip: string,
): Promise<{ userId: string; membershipId: string; known: boolean }> {
  const found = await attempt(db, { what: [["link", ip]], address: ip }, async () => {
    const one = await readInvitation(db, input.token);
    if (!one) throw new AppError("signin_link_dead", 422, "invitation is no longer good");
    return one;
  });
  if (!found.known) checkNewPassword(input, { email: found.email, name: input.name });
  const hash = found.known ? null : await hashPassword(input.next);
  const [row] = await db.auth<
    { user_id: string; membership_id: string }[]
  >`select * from auth.accept_invitation(${digestOf(input.token)}, ${uuidv7()}, ${uuidv7()}, ${found.known ? null : input.name}, ${hash})`;
  if (!row) throw new AppError("signin_link_dead", 422, "invitation was used a moment ago");
  return { userId: row.user_id, membershipId: row.membership_id, known: found.known };
}
