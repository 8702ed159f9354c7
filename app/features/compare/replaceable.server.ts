import { type SQL, sql } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { rowsOf } from "#db/rows.ts";
import type { Tx } from "#db/client.server.ts";
import type { ObjectKind } from "#db/vocabulary.ts";
import type { ComparisonFilter } from "./compare.schema.ts";
import { chosenPilots } from "./comparison.server.ts";
import { type AssetGroup, replaceableIndex, type ReplaceableReport } from "./replaceable.rules.ts";

/* What the chosen pilots run on, from the sealed lists of assets that the register took over, grouped by the database. */

/** Lines shown of what has no way out; the figures count all. */
const maxBound = 200;
interface BoundAsset {
  id: string;
  name: string;
  object: ObjectKind;
  supplier: string;
  systemName: string;
  pilotId: string;
  pilotCode: string;
}
export interface Replaceable extends ReplaceableReport {
  /** Single-source without a tested replacement, the most valuable first. */
  bound: BoundAsset[];
}

/** An asset belongs to one system, and a system may be in both batches: it is counted once. */
function ofChosen(actor: Actor, projectId: string, filter: ComparisonFilter): SQL {
  return sql`a.tenant_id = ${actor.tenantId} and a.project_id = ${projectId} and a.system_id in (
    select p.system_id from pilots p join sites s on s.tenant_id = p.tenant_id and s.id = p.site_id
    where p.tenant_id = ${actor.tenantId} and p.project_id = ${projectId} and ${chosenPilots(filter)})`;
}

/** The index of a project over the systems of the chosen pilots, with the assets that bind it. For the sector. */
export async function replaceable(
  tx: Tx,
  actor: Actor,
  projectId: string,
  filter: ComparisonFilter,
): Promise<Replaceable> {
  const [groups, bound] = await Promise.all([
    tx.execute(sql`
      select a.object, a.supplier, a.single_source as "singleSource", a.replacement_tested as "replacementTested", count(*)::int as count
      from register_assets a where ${ofChosen(actor, projectId, filter)} group by 1, 2, 3, 4`),
    tx.execute(sql`
      select a.id, a.name, a.object, a.supplier, y.name as "systemName", q.id as "pilotId", q.code as "pilotCode"
      from register_assets a join systems y on y.tenant_id = a.tenant_id and y.id = a.system_id
        join lateral (select p.id, p.code from pilots p join sites s on s.tenant_id = p.tenant_id and s.id = p.site_id
          where p.tenant_id = a.tenant_id and p.system_id = a.system_id and p.site_id = a.site_id and p.project_id = a.project_id and ${chosenPilots(filter)}
          order by p.batch_no limit 1) q on true
      where a.tenant_id = ${actor.tenantId} and a.project_id = ${projectId} and a.single_source and not a.replacement_tested
      order by a.value desc, a.supplier, a.name, a.id limit ${maxBound}`),
  ]);
  return { ...replaceableIndex(rowsOf<AssetGroup>(groups)), bound: rowsOf<BoundAsset>(bound) };
}
