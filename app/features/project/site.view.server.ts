import { and, asc, count, eq, inArray, max, sql } from "drizzle-orm";
import { z } from "zod";
import { type Division, divisionOn } from "./divisions.server.ts";
import { translate, type Locale } from "#app/i18n/translate.server.ts";
import { badCursor, notFound } from "#app/platform/errors.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import { inRegisterOrder, registerKey } from "#db/register-order.ts";
import { documents, pilots, sites, submissions, systems } from "#db/schema/index.ts";
import { withAuthorStates } from "#workflows/index.ts";
import { correctionsOf, versionOf } from "./corrections.server.ts";
import { correctableSite, correctableSystem } from "./site-correction.server.ts";

/* One site of the register with its systems: what is known of it, what was put right, and what was sealed under the old facts. */

/** How a division is known: in the list of the day, in one of another time, or as somebody wrote it. */
export type DivisionMark = Exclude<Division["known"], "unknown"> | "unverified" | "none";
/** The mark of a site's division on a day; of one of another time the months that frame it. */
export function divisionMark(
  { divisionCode, region }: { divisionCode: string | null; region: string },
  day: string,
): { mark: DivisionMark; from: string; to: string } {
  const none = { from: "", to: "" };
  if (divisionCode === null) return { mark: region === "" ? "none" : "unverified", ...none };
  const known = divisionOn(divisionCode, day);
  if (known.known === "otherTime") return { mark: known.known, from: known.from, to: known.to };
  return { mark: known.known === "unknown" ? "unverified" : known.known, ...none };
}

/** @throws notFound, also for another sector's or another site's */
export async function loadSite(tx: Tx, siteId: string): Promise<typeof sites.$inferSelect> {
  const [row] = await tx.select().from(sites).where(eq(sites.id, siteId));
  if (!row) throw notFound({ logMessage: `site ${siteId}` });
  return row;
}

/** Everything of a site's page, for its sector and for the site itself. */
export async function siteView(tx: Tx, actor: Actor, siteId: string, locale: Locale) {
  const site = await loadSite(tx, siteId);
  const of = (table: typeof submissions | typeof documents | typeof systems | typeof pilots) =>
    and(eq(table.tenantId, site.tenantId), eq(table.siteId, site.id));
  const [own, sealed, open, corrected, running] = await Promise.all([
    tx.select().from(systems).where(of(systems)).orderBy(asc(systems.id)),
    tx
      .select({ kind: submissions.kind, n: count(), last: max(submissions.sealedAt) })
      .from(submissions)
      .where(of(submissions))
      .groupBy(submissions.kind)
      .orderBy(submissions.kind),
    tx
      .select({ id: documents.id, title: documents.title, dueOn: documents.dueOn })
      .from(documents)
      .where(and(of(documents), eq(documents.kind, "surveyResponse"), inArray(documents.state, [...withAuthorStates])))
      .orderBy(asc(documents.dueOn), asc(documents.id)),
    correctionsOf(tx, actor, { siteId: site.id }),
    tx.select({ id: pilots.id, code: pilots.code, systemId: pilots.systemId }).from(pilots).where(of(pilots)),
  ]);
  return {
    site: {
      ...correctableSite(site),
      id: site.id,
      version: versionOf(correctableSite(site)),
      ...divisionMark(site, today(actor)),
    },
    systems: own.map((s) => ({
      ...correctableSystem(s),
      id: s.id,
      version: versionOf(correctableSystem(s)),
      pilots: running.filter((p) => p.systemId === s.id).map(({ id, code }) => ({ id, code })),
    })),
    sealed: sealed.map(({ kind, n, last }) => ({ label: translate(`seal_kind_${kind}`, {}, locale), n, last })),
    open,
    corrected,
    corrects: may(actor.role, "site.correct"),
    correctsAll: actor.level === "sector",
    extends: may(actor.role, "site.extend"),
  };
}
export type SiteView = Awaited<ReturnType<typeof siteView>>;

/** A page of the sites that the caller sees, in that order; the cursor is the last one's id. @throws bad_cursor */
export async function sitesInOrder(
  tx: Tx,
  actor: Actor,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
) {
  const own = eq(sites.tenantId, actor.tenantId);
  if (cursor !== undefined) {
    const [last] = z.uuid().safeParse(cursor).success
      ? await tx
          .select({ id: sites.id })
          .from(sites)
          .where(and(own, eq(sites.id, cursor)))
      : [];
    if (!last) throw badCursor({ logMessage: "cursor of no site" });
  }
  const after =
    cursor === undefined
      ? undefined
      : sql`(${registerKey}) > (select ${registerKey} from ${sites} where ${sites.id} = ${cursor})`;
  const rows = await tx
    .select()
    .from(sites)
    .where(and(own, after))
    .orderBy(...inRegisterOrder)
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  return {
    items: shown.map((row) => ({ id: row.id, ...correctableSite(row) })),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}
