import { randomUUID } from "node:crypto";
import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { type Actor, today } from "#app/request/actor.ts";
import { signedIn } from "#app/request/context.server.ts";
import { openBreakGlass } from "#app/features/identity/break-glass.server.ts";
import { flashCookie, readFlash } from "#app/request/flash.server.ts";
import { keepLocale, membershipsOf, type Membership } from "#app/features/identity/identity.server.ts";
import { may } from "#app/request/permissions.ts";
import { roleName } from "#app/domain/role-name.ts";
import { opens, type PagePath } from "#app/request/access.rules.ts";
import { unreadCount } from "#app/features/notices/notices.server.ts";
import { ownCount } from "./own-count.server.ts";
import { frameProject } from "./tasks.server.ts";
import { formatDateTime } from "#app/i18n/format.ts";
import { localeInAddress } from "#app/i18n/locale.server.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { appearanceCookies, readAppearance } from "#app/ui/shell/appearance.server.ts";
import type { IconName } from "#app/ui/icon.tsx";
import type { MembershipItem, Place, RootData, ShellData } from "#app/ui/shell/types.ts";

/** The frame around every page: who, as what, whose data, and how much waits. One set of queries, sent together. */
export async function shellLoader({ request, context }: LoaderFunctionArgs) {
  const person = await signedIn(request, context);
  // The language they switch to is the one they are written to in.
  const chosen = localeInAddress(request);
  if (person && chosen) await keepLocale(context.db, person.userId, chosen);
  const data: RootData = {
    locale: getLocale(),
    ...readAppearance(request),
    shell: person?.actor
      ? await shellOf(person.actor, person.name, person.email, await membershipsOf(context.db, person.userId), context)
      : null,
    flash: readFlash(request, context.env.https),
    requestId: context.requestId,
    formKey: randomUUID(),
  };
  const headers = new Headers();
  for (const cookie of appearanceCookies(request, context.env.https)) headers.append("Set-Cookie", cookie);
  if (data.flash) headers.append("Set-Cookie", flashCookie(null, context.env.https));
  return json(data, { headers });
}

async function shellOf(
  actor: Actor,
  name: string,
  email: string,
  memberships: Membership[],
  context: LoaderFunctionArgs["context"],
): Promise<ShellData> {
  const [tasks, notices, projectId, glass] = await context.scope.reading(actor, (tx) =>
    Promise.all([ownCount(tx, actor), unreadCount(tx, actor), frameProject(tx, actor), openBreakGlass(tx, actor)]),
  );
  const items = memberships.map(membershipItem);
  const membership = items.find((i) => i.id === actor.membershipId) ?? {
    id: actor.membershipId,
    tenant: pick(actor.tenantName),
    role: roleName(actor.role),
    site: actor.siteName,
  };
  const replayed = Math.abs(actor.now.getTime() - Date.now()) > 86_400_000;
  return {
    person: { name, email },
    membership,
    memberships: items,
    places: placesOf(actor, projectId),
    counts: { tasks, notices },
    visits: glass.map((g) => ({
      id: g.id,
      text: m.glass_banner({ name: g.operatorName, until: formatDateTime(g.endsAt), reason: g.reason }),
      mayEnd: may(actor.role, "glass.end"),
    })),
    banner: replayed ? m.identity_demo_clock({ day: today(actor) }) : null,
  };
}

const membershipItem = (one: Membership): MembershipItem => ({
  id: one.id,
  tenant: pick(one.tenantName),
  role: roleName(one.role),
  site: one.siteName || null,
});

interface PlaceRule {
  key: string;
  to: PagePath;
  label: () => string;
  icon: IconName;
}

/** In the order in which they are needed: a role has the first seven that it may open. */
const places: readonly PlaceRule[] = [
  { key: "home", to: "/", label: m.identity_place_home, icon: "home" },
  { key: "national", to: "/national", label: m.identity_place_national, icon: "national" },
  { key: "projects", to: "/projects", label: m.identity_place_projects, icon: "project" },
  { key: "pilots", to: "/pilots", label: m.identity_place_pilots, icon: "pilot" },
  { key: "compare", to: "/compare", label: m.identity_place_compare, icon: "compare" },
  { key: "action-plan", to: "/action-plan", label: m.identity_place_action_plan, icon: "plan" },
  { key: "specifications", to: "/specifications", label: m.identity_place_specifications, icon: "specification" },
  { key: "audit", to: "/audit", label: m.identity_place_audit, icon: "audit" },
  { key: "members", to: "/settings/members", label: m.identity_place_members, icon: "people" },
  { key: "outbox", to: "/settings/outbox", label: m.signin_outbox, icon: "mail" },
  { key: "break-glass", to: "/break-glass", label: m.glass_place, icon: "lock" },
];

/** The places of a role, at most seven; the sector's one project stands second, in the place of a list of one. */
function placesOf(actor: Actor, projectId: string | null): Place[] {
  const own = projectId !== null && may(actor.role, "project.read");
  // An auditor of no sector reads trails and has no list of projects to look at.
  const noList = own || actor.level === "auditor";
  const shown = places.filter((p) => opens(actor.role, p.to) && !(noList && p.key === "projects"));
  const found: Place[] = shown.map(({ key, to, label, icon }) => ({
    key,
    to,
    label: label(),
    icon,
    ...(to === "/" ? { exact: true } : {}),
  }));
  if (own)
    found.splice(1, 0, {
      key: "project",
      to: `/projects/${projectId}`,
      label: m.identity_place_project(),
      icon: "project",
    });
  return found.slice(0, 7);
}
