import { and, desc, eq, gte, ilike, lt, or } from "drizzle-orm";
import { z } from "zod";
import { orNone } from "#app/features/form-values.ts";
import { dayEnd, dayStart } from "#app/features/days.ts";
import type { Actor } from "#app/features/identity/actor.ts";
import { eventLabel, stateLabel } from "#app/features/workflow/workflow.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { canonicalJson } from "#app/platform/canonical.server.ts";
import { day } from "#app/platform/fields.ts";
import type { Tx } from "#db/client.server.ts";
import { containing } from "#db/like.ts";
import type { MemberRole } from "#db/roles.ts";
import { machineIds, workflowEvents } from "#db/schema/index.ts";

/* Every recorded transition that the caller's walls show: who, when, what, from, to, why, and the seal it was about. */

/** What a reader filters by; lives in the address. `before` is the cursor: the number of the last row seen. */
export const auditSearch = z.object({
  machine: orNone(z.enum(machineIds)),
  who: orNone(z.string().max(100)),
  event: orNone(z.string().regex(/^[A-Z_]{1,60}$/)),
  from: orNone(day()),
  to: orNone(day()),
  object: orNone(z.string().regex(/^[0-9a-f-]{36}$/i)),
  before: orNone(z.coerce.number().int().min(1)),
});
export type AuditSearch = z.output<typeof auditSearch>;

function conditions(actor: Actor, f: AuditSearch) {
  const who = f.who ? containing(f.who) : null;
  return and(
    // The national office sees the sectors' events that it takes part in as well; everyone else his own tenant's alone.
    actor.level === "national" ? undefined : eq(workflowEvents.tenantId, actor.tenantId),
    f.machine ? eq(workflowEvents.machine, f.machine) : undefined,
    f.event ? eq(workflowEvents.type, f.event) : undefined,
    f.object ? eq(workflowEvents.objectId, f.object.toLowerCase()) : undefined,
    who ? or(ilike(workflowEvents.actorName, who), ilike(workflowEvents.actorRole, who)) : undefined,
    f.from ? gte(workflowEvents.at, dayStart(f.from)) : undefined,
    f.to ? lt(workflowEvents.at, dayEnd(f.to)) : undefined,
    f.before ? lt(workflowEvents.no, f.before) : undefined,
  );
}

export interface AuditEntry {
  no: number;
  at: Date;
  machine: (typeof machineIds)[number];
  objectId: string;
  event: string;
  label: string;
  fromLabel: string;
  toLabel: string;
  actorName: string;
  actorRole: MemberRole;
  reason: string;
  contentHash: string | null;
}

/** One page, newest first. `next` is the cursor of the following one, null at the end. */
export async function auditPage(tx: Tx, actor: Actor, filter: AuditSearch, locale: Locale, limit = 50): Promise<{ entries: AuditEntry[]; next: number | null }> {
  const rows = await tx.select().from(workflowEvents).where(conditions(actor, filter)).orderBy(desc(workflowEvents.no)).limit(limit + 1);
  const entries = rows.slice(0, limit).map(
    (e): AuditEntry => ({
      no: e.no, at: e.at, machine: e.machine, objectId: e.objectId, event: e.type, label: eventLabel(e.machine, e.type, locale), fromLabel: stateLabel(e.machine, e.fromState, locale), toLabel: stateLabel(e.machine, e.toState, locale),
      actorName: e.actorName, actorRole: e.actorRole as MemberRole, reason: e.reason, contentHash: e.contentHash,
    }),
  );
  return { entries, next: rows.length > limit ? (entries.at(-1)?.no ?? null) : null };
}

const batch = 500;
/** The whole trail under a filter as JSON lines in the order of recording, canonical JSON each (RFC 8785). */
export async function auditLines(tx: Tx, actor: Actor, filter: AuditSearch): Promise<string> {
  const lines: string[] = [];
  let before: number | undefined = filter.before;
  for (;;) {
    const rows = await tx.select().from(workflowEvents).where(conditions(actor, { ...filter, before })).orderBy(desc(workflowEvents.no)).limit(batch);
    for (const e of rows) lines.push(canonicalJson({ ...e, at: e.at.toISOString() }));
    before = rows.at(-1)?.no;
    if (rows.length < batch) break;
  }
  return lines.length === 0 ? "" : `${lines.reverse().join("\n")}\n`;
}
