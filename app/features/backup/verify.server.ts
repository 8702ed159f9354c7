import postgres from "postgres";
import { verifyDatabase } from "#app/features/audit/verify.server.ts";
import type { Storage } from "#app/platform/storage.server.ts";
import { complaintsAgainst } from "#db/catalogue-lint.server.ts";
import { givingWay, seeingAll } from "#db/backup/dump.server.ts";
import { countsOf, storedRows, trailOf } from "#db/backup/facts.server.ts";
import type { Manifest, Trail } from "#db/backup/manifest.ts";
import { migrate } from "#db/migrate.server.ts";
import { recordedWalls } from "#db/walls-record.server.ts";
import { type Amiss, amissIn, strays } from "./stored.server.ts";

/* What was restored, held against the manifest and against itself. */

export interface Findings {
  tables: number;
  rows: number;
  /** Tables whose number of rows is not the manifest's. */
  counts: { table: string; is: number; was: number }[];
  chains: number;
  entries: number;
  /** In words: chains, tree, root. */
  trail: string[];
  /** Rows whose file is not there or not the same. */
  amiss: Amiss[];
  stored: number;
  /** Files without a row. */
  strays: string[];
  /** Walls that are not as declared. */
  walls: string[];
  /** Tables brought up to this release. */
  migrated: number;
}

/**
 * Whether a backup gave back everything. Files without a row, and tables brought up to date, do not count: no data
 * is missing for them.
 */
export const isSound = (f: Findings): boolean =>
  [f.counts, f.trail, f.amiss, f.strays, f.walls].every((list) => list.length === 0);

export interface Restored {
  manifest: Manifest;
  ownerUrl: string;
  storage: Storage;
  folder: string | null;
}

/** @param restored a database that nobody works with yet: it is brought to this release once its rows are counted. */
export async function verifyRestored({ manifest, ownerUrl, storage, folder }: Restored): Promise<Findings> {
  const seen = await givingWay(() =>
    seeingAll(ownerUrl, async (sql) => ({
      counts: await countsOf(sql),
      trail: await trailOf(sql),
      rows: await storedRows(sql),
    })),
  );
  const names = [...new Set([...Object.keys(manifest.counts), ...Object.keys(seen.counts)])].sort();
  const counts = names.flatMap((table) => {
    const [is, was] = [seen.counts[table] ?? 0, manifest.counts[table] ?? 0];
    return is === was ? [] : [{ table, is, was }];
  });
  const { known } = await givingWay(() => migrate({ ownerUrl }));
  const audit = await verifyDatabase(ownerUrl);
  const chains = audit.tenants.flatMap((t) =>
    t.problem
      ? [`the chain of ${t.name} is ${t.problem.code}${t.problem.seq === null ? "" : ` at entry ${t.problem.seq}`}`]
      : [],
  );
  const { problem } = audit.tree;
  return {
    tables: names.length,
    rows: Object.values(seen.counts).reduce((sum, n) => sum + n, 0),
    counts,
    chains: audit.tenants.length,
    entries: audit.tenants.reduce((sum, t) => sum + t.entries, 0),
    trail: [
      ...differences(seen.trail, manifest.trail),
      ...chains,
      ...(problem ? [`${problem.what} ${problem.no} of the national tree does not follow from its leaves`] : []),
    ],
    amiss: await amissIn(storage, seen.rows),
    stored: seen.rows.length,
    strays: folder === null ? [] : await strays(folder, seen.rows),
    walls: await wallsOf(ownerUrl),
    migrated: known - manifest.migrations.length,
  };
}

/** Heads and root that are not the manifest's, in words. */
function differences(is: Trail, was: Trail): string[] {
  const heads = new Map(is.chains.map((c) => [c.tenant, c]));
  const other = was.chains.filter((c) => heads.get(c.tenant)?.hash !== c.hash || heads.get(c.tenant)?.seq !== c.seq);
  const root =
    is.tree?.root === was.tree?.root
      ? []
      : [`the root of the national tree is ${is.tree?.root ?? "missing"}, it was ${was.tree?.root ?? "none"}`];
  return [...other.map((c) => `the chain of tenant ${c.tenant} does not end with entry ${c.seq}`), ...root];
}

async function wallsOf(ownerUrl: string): Promise<string[]> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    return await complaintsAgainst(sql, await recordedWalls(sql));
  } finally {
    await sql.end({ timeout: 5 });
  }
}
