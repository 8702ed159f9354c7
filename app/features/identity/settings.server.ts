import { asc, eq } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { listAccounts } from "#app/features/identity/accounts.server.ts";
import { factorsOf } from "#app/features/identity/factors.server.ts";
import { tenantsInReach } from "#app/features/identity/break-glass.server.ts";
import { openInvitations } from "#app/features/identity/invitations.server.ts";
import { passkeysOf } from "#app/features/identity/passkeys.server.ts";
import { AppError } from "#app/platform/errors.ts";
import { listMembers, listTokens, membershipsOf, sessionsOf } from "#app/features/identity/identity.server.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import { grantable } from "#app/request/permissions.ts";
import { opens, type PagePath } from "#app/request/access.rules.ts";
import { readAppearance } from "#app/ui/shell/appearance.server.ts";
import { idleHours, sessionHours, type SignedIn } from "#app/request/session.server.ts";
import { needsTwoFactors } from "#app/features/identity/sign-in.server.ts";
import { inRegisterOrder } from "#db/register-order.ts";
import type { Tx } from "#db/client.server.ts";
import type { MemberRole } from "#db/roles.ts";
import { sites, tenants } from "#db/schema/index.ts";

export const sections = ["profile", "tokens"] as const;
export type Section = (typeof sections)[number];

const places = {
  profile: "/settings/:section?",
  security: "/settings/security",
  notices: "/settings/notices",
  calendar: "/settings/calendar",
  tokens: "/settings/:section?",
  members: "/settings/members",
  webhooks: "/settings/webhooks",
} as const satisfies Record<string, PagePath>;
/** Sections of the settings that the role opens, in their order. */
export const settingsSections = (role: MemberRole): (keyof typeof places)[] =>
  (Object.keys(places) as (keyof typeof places)[]).filter((key) => opens(role, places[key]));

/** What signs the person in, and where they are signed in. */
export async function securityView(context: RequestContext, person: SignedIn) {
  const [factors, passkeys, found] = await Promise.all([
    factorsOf(context.db, person.userId),
    passkeysOf(context.db, person.userId),
    sessionsOf(context.db, person.userId),
  ]);
  return {
    person: { name: person.name, email: person.email },
    factors: { totp: factors?.totp ?? false, passkeys: factors?.passkeys ?? 0, codes: factors?.codes ?? 0 },
    passkeys,
    sessions: found.map((s) => ({ ...s, mine: s.id === person.sessionId })),
    hours: { session: sessionHours, idle: idleHours },
  };
}
export type SecurityView = Awaited<ReturnType<typeof securityView>>;

/** Whoever needs a second factor keeps one: another comes first. @throws signin_last_factor */
export async function keepsEnough(context: RequestContext, person: SignedIn, taken: "totp" | "passkey"): Promise<void> {
  const factors = await factorsOf(context.db, person.userId);
  if (!factors || !needsTwoFactors(context.env.mfaRequired, factors.leads)) return;
  const left = (factors.totp ? 1 : 0) + factors.passkeys - (taken === "totp" && !factors.totp ? 0 : 1);
  if (left < 1) throw new AppError("signin_last_factor", 422, "the last second factor of a lead");
}

/** What each section of the settings shows; only the one asked for is read. */
export async function settingsView(
  tx: Tx,
  actor: Actor,
  person: SignedIn,
  context: RequestContext,
  section: Section,
  request: Request,
) {
  const memberships = await membershipsOf(context.db, person.userId);
  const base = {
    section,
    sections: settingsSections(actor.role),
    person: { name: person.name, email: person.email },
    current: actor.membershipId,
    memberships,
  };
  if (section === "profile") return { ...base, preferences: readAppearance(request) };
  return {
    ...base,
    tokens: (await listTokens(tx, actor)).map((t) => ({ ...t, expired: t.expiresAt.getTime() < Date.now() })),
  };
}

/** The people in one's reach, who was invited, and what roles one may hand out. */
export async function membersView(tx: Tx, actor: Actor) {
  const [members, invitations, accounts, tenantRows, reach, siteRows] = await Promise.all([
    listMembers(tx, actor),
    openInvitations(tx, actor),
    actor.level === "operator" ? listAccounts(tx, actor) : Promise.resolve(null),
    actor.level === "operator"
      ? tx
          .select({ id: tenants.id, nameZh: tenants.nameZh, nameEn: tenants.nameEn })
          .from(tenants)
          .orderBy(asc(tenants.code))
      : Promise.resolve(null),
    actor.level === "operator" ? tenantsInReach(tx, actor) : Promise.resolve(null),
    actor.level === "sector"
      ? tx
          .select({ id: sites.id, name: sites.name })
          .from(sites)
          .where(eq(sites.tenantId, actor.tenantId))
          .orderBy(...inRegisterOrder)
      : Promise.resolve(actor.siteId ? [{ id: actor.siteId, name: actor.siteName }] : []),
  ]);
  const own = { id: actor.tenantId, nameZh: actor.tenantName.zh, nameEn: actor.tenantName.en };
  const open = tenantRows?.filter((t) => reach?.has(t.id)) ?? [own];
  return {
    me: actor.userId,
    members: members.map((one) => ({
      ...one,
      mayEnd: one.endedAt === null && one.id !== actor.membershipId && (reach?.has(one.tenantId) ?? true),
    })),
    invitations,
    accounts,
    tenants: open,
    closed: (tenantRows?.length ?? 1) - open.length,
    sites: siteRows,
    roles: grantable(actor.role),
  };
}
export type MembersView = Awaited<ReturnType<typeof membersView>>;
export type SettingsView = Awaited<ReturnType<typeof settingsView>>;
