import { eq, inArray, sql } from "drizzle-orm";
import { hrefOf, specificationPath } from "#app/domain/hrefs.ts";
import type { Instance } from "#app/features/workflow/instance.server.ts";
import type { Taken } from "#app/features/workflow/telling.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { levelOfRole, type MemberRole, memberRoles, type SignedInLevel } from "#db/roles.ts";
import { rowsOf } from "#db/rows.ts";
import { documents, pilots, projects, specifications, tenants } from "#db/schema/index.ts";
import type { DocumentKind, NoticeKind } from "#db/vocabulary.ts";
import { maySend, sendersOf } from "#workflows/authority.ts";
import { type Audience, tellings } from "#workflows/index.ts";
import { partsOf } from "#workflows/rules.ts";
import { usualChannel } from "./channels.rules.ts";
import { markPlaceRead } from "./notices.server.ts";

/* Who hears of an event: `workflows/notices.ts` says it, this finds the people and puts the notice before them. */

const rolesAt = (level: SignedInLevel) => memberRoles.filter((role) => levelOfRole[role] === level);
const [sites, office, national] = [rolesAt("site"), rolesAt("sector"), rolesAt("national")];

interface Thing {
  subject: string;
  href: string;
  /** Where others than those who work at it see it. */
  shownAt?: string;
  kind: DocumentKind | null;
}
interface Group {
  /** They are no people of the office that works at it. */
  outside?: true;
  tenants: readonly string[];
  /** One site's people alone. */
  siteId: string | null;
  roles: readonly MemberRole[];
}

/** Puts a notice of an event before each whom it concerns, but not before its doer, who has by it read what they were told of the thing. */
export async function tellFired(tx: Tx, actor: Actor, { instance, type, payload }: Taken): Promise<void> {
  const thing = await thingOf(tx, instance);
  // A specification that is the office's alone can have left its reach with the event itself.
  if (!thing) return;
  await markPlaceRead(tx, actor, thing.href);
  const telling = tellings[instance.machine][type];
  if (!telling) return;
  const groups = await Promise.all(telling.to.map((to) => groupOf(tx, instance, to, thing)));
  for (const group of groups.filter((g) => g.tenants.length > 0 && g.roles.length > 0)) {
    const href = group.outside ? (thing.shownAt ?? thing.href) : thing.href;
    const more = { machine: instance.machine, type };
    await notify(tx, actor, group, { ...thing, href, kind: telling.kind, reason: reasonOf(payload), more });
  }
}

/** The reasons that the doer wrote, one after the other. */
function reasonOf(payload: Readonly<Record<string, unknown>>): string {
  const parts = (partsOf(payload) ?? []).map((p) => p.reason);
  const { reason } = payload;
  const all = typeof reason === "string" && reason.trim() !== "" ? [reason.trim(), ...parts] : parts;
  return [...all.join("；")].slice(0, 500).join("");
}

async function thingOf(tx: Tx, { machine, objectId: id }: Instance): Promise<Thing | null> {
  switch (machine) {
    case "document": {
      const [d] = await tx.select().from(documents).where(eq(documents.id, id));
      return d ? { subject: d.title, href: hrefOf({ is: "document", ...d }), kind: d.kind } : null;
    }
    case "pilot": {
      const [p] = await tx.select({ code: pilots.code, name: pilots.name }).from(pilots).where(eq(pilots.id, id));
      return p ? { subject: `${p.code} ${p.name}`, href: hrefOf({ is: "pilot", id }), kind: null } : null;
    }
    case "project": {
      const [p] = await tx.select({ name: projects.nameZh }).from(projects).where(eq(projects.id, id));
      return p ? { subject: p.name, href: hrefOf({ is: "project", id }), kind: null } : null;
    }
    case "specification": {
      const [s] = await tx
        .select({ title: specifications.titleZh, number: specifications.number })
        .from(specifications)
        .where(eq(specifications.id, id));
      return s
        ? {
            subject: `${s.number} ${s.title}`.trim(),
            href: hrefOf({ is: "edition", id }),
            shownAt: specificationPath(s.number),
            kind: null,
          }
        : null;
    }
  }
}

async function groupOf(tx: Tx, instance: Instance, to: Audience, { kind }: Thing): Promise<Group> {
  const { tenantId, siteId, state } = instance;
  const own = (roles: readonly MemberRole[], at: string | null = null): Group => ({
    tenants: [tenantId],
    siteId: at,
    roles,
  });
  switch (to) {
    case "site":
      return own(siteId === null ? [] : sites, siteId);
    case "authors":
      return siteId === null ? own(office) : own(sites, siteId);
    case "reviewers": {
      const roles = [
        ...new Set([...sendersOf("document", kind, "APPROVE"), ...sendersOf("document", kind, "ENDORSE")]),
      ];
      const judges = roles.filter(
        (r) => maySend(r, "document", "APPROVE", state, kind) || maySend(r, "document", "ENDORSE", state, kind),
      );
      const up = state === "submitted.national";
      return { tenants: up ? await tenantsOf(tx, "national") : [tenantId], siteId: null, roles: judges };
    }
    case "office":
      return own(office);
    case "sector":
      return own([...office, ...sites]);
    case "national":
      return { tenants: await tenantsOf(tx, "national"), siteId: null, roles: national };
    case "sectors":
      return { tenants: await tenantsOf(tx, "sector"), siteId: null, roles: office, outside: true };
  }
}
const tenantsOf = async (tx: Tx, kind: "national" | "sector"): Promise<string[]> =>
  (
    await tx
      .select({ id: tenants.id })
      .from(tenants)
      .where(inArray(tenants.kind, [kind]))
  ).map((t) => t.id);

interface Said {
  kind: NoticeKind;
  subject: string;
  href: string;
  reason: string;
  more: Readonly<Record<string, string | number>>;
}
/** A thing of a site that its people are reminded of. */
export interface Owed {
  siteId: string;
  subject: string;
  href: string;
  /** The day it is due on, as 2026-11-29; null where none is named. */
  dueOn: string | null;
}
/** Reminds the people of each thing's site of it, all in one query. Returns how many notices were put. */
export async function remindSites(tx: Tx, actor: Actor, owed: readonly Owed[]): Promise<number> {
  const column = (of: (one: Owed) => string) => listOf(owed.map(of));
  const [row] = rowsOf<{ told: number }>(
    await tx.execute(
      sql`select coalesce(sum(auth.notify(${actor.level}, array[${actor.tenantId}]::uuid[], o.site, ${listOf(sites)}::text[], 'reminder', o.subject,
        o.href, ${actor.name}, '', jsonb_build_object('day', o.day), ${actor.now.toISOString()}::timestamptz, ${usualChannel.reminder})), 0)::int as told
      from unnest(${column((o) => o.siteId)}::uuid[], ${column((o) => o.subject)}::text[], ${column((o) => o.href)}::text[],
        ${column((o) => o.dueOn ?? "")}::text[]) as o(site, subject, href, day)`,
    ),
  );
  return row?.told ?? 0;
}
/** Tells the people of an institution that they may look at a pilot, in the transaction of the grant. */
export const tellGranted = (
  tx: Tx,
  actor: Actor,
  grant: { institutionId: string; pilotId: string; subject: string; purpose: string; until: string },
): Promise<void> =>
  notify(
    tx,
    actor,
    { tenants: [grant.institutionId], siteId: null, roles: rolesAt("assessor") },
    {
      kind: "granted",
      subject: grant.subject,
      href: hrefOf({ is: "pilot", id: grant.pilotId }),
      reason: "",
      more: { purpose: grant.purpose, day: grant.until },
    },
  );
const listOf = (values: readonly string[]) =>
  sql`array[${sql.join(
    values.map((v) => sql`${v}`),
    sql`, `,
  )}]`;
/** @throws not_allowed for a tenant whom the caller has nothing to tell */
async function notify(tx: Tx, actor: Actor, { tenants: to, siteId, roles }: Group, said: Said): Promise<void> {
  await tx.execute(
    sql`select auth.notify(${actor.level}, ${listOf(to)}::uuid[], ${siteId}::uuid, ${listOf(roles)}::text[], ${said.kind}, ${said.subject},
      ${said.href}, ${actor.name}, ${said.reason}, ${JSON.stringify(said.more)}::text::jsonb, ${actor.now.toISOString()}::timestamptz, ${usualChannel[said.kind]})`,
  );
}
