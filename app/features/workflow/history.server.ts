import { and, desc, eq, lt } from "drizzle-orm";
import type { Locale } from "#app/i18n/locale.ts";
import type { Tx } from "#db/client.server.ts";
import { type MachineId, workflowEvents } from "#db/schema/index.ts";
import { eventLabel, stateLabel } from "./labels.server.ts";

export interface HistoryEntry {
  id: string;
  no: number;
  at: Date;
  actorName: string;
  actorRole: string;
  machine: MachineId;
  objectId: string;
  type: string;
  label: string;
  from: string;
  fromLabel: string;
  to: string;
  toLabel: string;
  reason: string;
  contentHash: string | null;
}

export interface HistoryFilter {
  objectId?: string;
  projectId?: string;
  machine?: MachineId;
  /** Entries before this number. */
  before?: number | undefined;
  limit?: number;
}

/** Who did what, when and why; newest first. One query, paged by number. */
export async function history(
  tx: Tx,
  filter: HistoryFilter,
  locale: Locale,
): Promise<{ entries: HistoryEntry[]; next: number | null }> {
  const limit = Math.min(filter.limit ?? 30, 200);
  const rows = await tx
    .select()
    .from(workflowEvents)
    .where(
      and(
        filter.objectId ? eq(workflowEvents.objectId, filter.objectId) : undefined,
        filter.projectId ? eq(workflowEvents.projectId, filter.projectId) : undefined,
        filter.machine ? eq(workflowEvents.machine, filter.machine) : undefined,
        filter.before ? lt(workflowEvents.no, filter.before) : undefined,
      ),
    )
    .orderBy(desc(workflowEvents.no))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  const entries = shown.map((e) => ({
    id: e.id,
    no: e.no,
    at: e.at,
    actorName: e.actorName,
    actorRole: e.actorRole,
    machine: e.machine,
    objectId: e.objectId,
    type: e.type,
    label: eventLabel(e.machine, e.type, locale),
    from: e.fromState,
    fromLabel: stateLabel(e.machine, e.fromState, locale),
    to: e.toState,
    toLabel: stateLabel(e.machine, e.toState, locale),
    reason: e.reason,
    contentHash: e.contentHash,
  }));
  return { entries, next: rows.length > limit ? (shown.at(-1)?.no ?? null) : null };
}
