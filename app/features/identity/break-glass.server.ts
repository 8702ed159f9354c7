import { and, desc, eq, gt, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { postgresCode } from "#app/platform/db-errors.server.ts";
import { AppError, invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { type Tx, withActor } from "#db/client.server.ts";
import { breakGlass, tenants } from "#db/schema/index.ts";
import { inRequest } from "#app/request/audit-note.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { BreakGlassTable, NewBreakGlass } from "./break-glass.schema.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import { rowsOf } from "#db/rows.ts";
import { may } from "#app/request/permissions.ts";

/*
 * An operator's way into one tenant's data. Asking, consenting, ending and reading are functions of the database, which asks
 * secret and clock at every call; what stands here is how they are called and what the pages show.
 */

/** An unanswered request lapses after a day; the database has the same limit. */
const answerHours = 24;

/** What a function of the database refuses (42501), as an error of ours. */
const orDenied = <T>(asked: Promise<T>, denied: () => AppError): Promise<T> =>
  asked.catch((error: unknown) => {
    throw postgresCode(error)?.code === "42501" ? denied() : error;
  });

/** Operator: asks the tenant's lead. @throws invalid where there is no lead to ask, or one request waits or is open already */
export async function askBreakGlass(tx: Tx, _actor: Actor, input: NewBreakGlass): Promise<string> {
  const [tenant] = await tx.select({ kind: tenants.kind }).from(tenants).where(eq(tenants.id, input.tenantId));
  if (!tenant || (tenant.kind !== "sector" && tenant.kind !== "national"))
    throw invalid({ tenantId: ["error_field_unknown_id"] });
  const id = uuidv7();
  const found = tx.execute(
    sql`select auth.break_glass_ask(${id}, ${input.tenantId}, ${input.reason}, ${input.minutes}) as asked`,
  );
  const [made] = rowsOf<{ asked: boolean }>(await orDenied(found, () => invalid({ tenantId: ["glass_no_lead"] })));
  if (!made?.asked) throw invalid({ tenantId: ["glass_asked_already"] });
  return id;
}

/** The lead's word. @throws notFound for what is not the caller's to answer, was answered, or lapsed */
export async function answerBreakGlass(tx: Tx, actor: Actor, accessId: string, consent: boolean): Promise<void> {
  const [row] = rowsOf<{ done: boolean }>(
    await tx.execute(sql`select auth.break_glass_answer(${actor.level}, ${accessId}, ${consent}) as done`),
  );
  if (!row?.done) throw notFound({ logMessage: "no request to answer" });
}

/** The tenant's lead, or the operator who asked. @throws notFound for what is over already */
export async function endBreakGlass(tx: Tx, actor: Actor, accessId: string): Promise<void> {
  const [row] = rowsOf<{ done: boolean }>(
    await tx.execute(sql`select auth.break_glass_end(${actor.level}, ${accessId}) as done`),
  );
  if (!row?.done) throw notFound({ logMessage: "no access to end" });
}

export type BreakGlassState = "asked" | "open" | "refused" | "lapsed" | "ended";
type Row = Pick<typeof breakGlass.$inferSelect, "askedAt" | "consentedAt" | "refusedAt" | "endsAt" | "endedAt">;

/** By the real clock, as the database decides it: the programme's own may stand in another year. */
function stateOf(row: Row, now = new Date()): BreakGlassState {
  if (row.refusedAt) return "refused";
  if (row.endedAt) return "ended";
  if (row.endsAt) return row.endsAt > now ? "open" : "ended";
  return now.getTime() - row.askedAt.getTime() < answerHours * 3_600_000 ? "asked" : "lapsed";
}

/** What the caller may know of: an operator all requests, a member those for their tenant; newest first. */
export async function listBreakGlass(tx: Tx, actor: Actor) {
  const rows = await tx
    .select({
      id: breakGlass.id,
      operatorMembershipId: breakGlass.operatorMembershipId,
      operatorName: breakGlass.operatorName,
      reason: breakGlass.reason,
      minutes: breakGlass.minutes,
      askedAt: breakGlass.askedAt,
      consentedByName: breakGlass.consentedByName,
      consentedAt: breakGlass.consentedAt,
      refusedAt: breakGlass.refusedAt,
      endsAt: breakGlass.endsAt,
      endedAt: breakGlass.endedAt,
      tenantName: { zh: tenants.nameZh, en: tenants.nameEn },
    })
    .from(breakGlass)
    .innerJoin(tenants, eq(tenants.id, breakGlass.tenantId))
    .orderBy(desc(breakGlass.askedAt))
    .limit(200);
  return rows.map((row) => ({ ...row, state: stateOf(row), mine: row.operatorMembershipId === actor.membershipId }));
}
export type BreakGlassAccess = Awaited<ReturnType<typeof listBreakGlass>>[number];

/** Requests that wait for the caller's answer. */
export function askedBreakGlass(tx: Tx, actor: Actor) {
  return tx
    .select({ id: breakGlass.id, operatorName: breakGlass.operatorName })
    .from(breakGlass)
    .where(
      and(
        eq(breakGlass.tenantId, actor.tenantId),
        isNull(breakGlass.consentedAt),
        isNull(breakGlass.refusedAt),
        isNull(breakGlass.endedAt),
        gt(breakGlass.askedAt, sql`now() - interval '1 day'`),
      ),
    )
    .orderBy(breakGlass.askedAt);
}

/** Who is in the caller's tenant just now, for the frame of every page. */
export async function openBreakGlass(tx: Tx, actor: Actor): Promise<OpenAccess[]> {
  // An operator's own tenant holds nobody's work, and an institution has no lead who could let one in.
  if (!may(actor.role, "glass.see") || actor.level === "operator") return [];
  const rows = await tx
    .select({
      id: breakGlass.id,
      operatorName: breakGlass.operatorName,
      reason: breakGlass.reason,
      endsAt: breakGlass.endsAt,
    })
    .from(breakGlass)
    .where(
      and(
        eq(breakGlass.tenantId, actor.tenantId),
        isNotNull(breakGlass.consentedAt),
        isNull(breakGlass.endedAt),
        gt(breakGlass.endsAt, sql`now()`),
      ),
    )
    .orderBy(breakGlass.endsAt);
  return rows.flatMap(({ endsAt, ...row }) => (endsAt ? [{ ...row, endsAt }] : []));
}
export interface OpenAccess {
  id: string;
  operatorName: string;
  reason: string;
  endsAt: Date;
}

/** Tenants whose people the operator may still bring in: those without a lead, and those whose lead has let them in. */
export const tenantsInReach = async (tx: Tx, actor: Actor): Promise<Set<string>> =>
  new Set(
    rowsOf<{ id: string }>(await tx.execute(sql`select auth.within_reach(${actor.level}) as id`)).map((r) => r.id),
  );

/** Tenants whose lead can be asked: those that are not in reach already. */
export async function askableTenants(tx: Tx, actor: Actor): Promise<{ id: string; nameZh: string; nameEn: string }[]> {
  const [rows, reach] = await Promise.all([
    tx
      .select({ id: tenants.id, nameZh: tenants.nameZh, nameEn: tenants.nameEn })
      .from(tenants)
      .where(inArray(tenants.kind, ["sector", "national"]))
      .orderBy(tenants.code),
    tenantsInReach(tx, actor),
  ]);
  return rows.filter((t) => !reach.has(t.id));
}

const breakGlassPageSize = 25;
/** A page of a table's rows. Needs a transaction that writes: each row goes into the tenant's trail. @throws glass_not_open */
export async function readBreakGlass(
  tx: Tx,
  _actor: Actor,
  input: { accessId: string; table: BreakGlassTable; after: string | null },
): Promise<{ rows: Record<string, unknown>[]; next: string | null }> {
  const found = tx.execute(
    sql`select auth.break_glass_read(${input.accessId}, ${input.table}, ${breakGlassPageSize}, ${input.after}::uuid) as row`,
  );
  const rows = rowsOf<{ row: Record<string, unknown> }>(
    await orDenied(found, () => new AppError("glass_not_open", 403, "no access is open")),
  ).map(({ row }) => row);
  const last = rows.at(-1)?.["id"];
  return { rows, next: rows.length === breakGlassPageSize && typeof last === "string" ? last : null };
}
/** The same in a transaction of its own that writes, beside the page's, which only reads. */
export const readNoted = (context: RequestContext, actor: Actor, input: Parameters<typeof readBreakGlass>[2]) =>
  withActor(context.db.write, inRequest(actor, context), (tx) => readBreakGlass(tx, actor, input));
