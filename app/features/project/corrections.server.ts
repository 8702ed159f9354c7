import { and, desc, eq } from "drizzle-orm";
import { sealOf } from "#app/platform/canonical.server.ts";
import { conflict, staleRevision } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { corrections, type CorrectedField } from "#db/schema/index.ts";

/* What of the register was put right after it was entered: written with each correction, with its reason, and read beside it. */

type Row = typeof corrections.$inferSelect;

/** Tells one state of a row from another; comes back as `expectedVersion`. */
export const versionOf = (row: object): string => sealOf(row).slice(0, 16);

/** @throws conflict `stale_revision` for a row that became another since it was read */
export function demandVersion(row: object, expected: string): void {
  if (versionOf(row) !== expected) throw staleRevision(null, { theirs: row });
}

/** Fields of which the two states differ, as text. */
export const differing = (
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): CorrectedField[] =>
  Object.keys(after).flatMap((field) =>
    before[field] === after[field]
      ? []
      : [{ field, before: String(before[field] ?? ""), after: String(after[field] ?? "") }],
  );

/** @throws conflict `nothing_corrected` when no field became another */
export async function noteCorrected(
  tx: Tx,
  actor: Actor,
  what: Pick<Row, "thing" | "objectId" | "fields" | "reason"> & { siteId?: string; projectId?: string },
): Promise<void> {
  if (what.fields.length === 0) throw conflict({ code: "nothing_corrected" });
  await tx.insert(corrections).values({
    tenantId: actor.tenantId,
    id: uuidv7(),
    siteId: null,
    projectId: null,
    ...what,
    byName: actor.name,
    at: actor.now,
  });
}

/** Most lines that a page shows; the trail has all. */
const shown = 100;
/** Corrections of a site with its systems, or of a project, the last first. */
export const correctionsOf = (tx: Tx, actor: Actor, of: { siteId: string } | { projectId: string }): Promise<Row[]> =>
  tx
    .select()
    .from(corrections)
    .where(
      and(
        eq(corrections.tenantId, actor.tenantId),
        "siteId" in of
          ? eq(corrections.siteId, of.siteId)
          : and(eq(corrections.thing, "project"), eq(corrections.projectId, of.projectId)),
      ),
    )
    .orderBy(desc(corrections.at), desc(corrections.id))
    .limit(shown);
