import { and, eq, inArray, sql } from "drizzle-orm";
import { codeOf, largestNumber } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { registerAssets, risks } from "#db/schema/index.ts";
import { assetValueOf, type Place, type RiskRow } from "./risk-line.server.ts";
import type { SiteResponse } from "./sealed-response.ts";

/* The rows of a register: locked, numbered, stored many at once, and taken out again. */

export const riskCode = (no: number): string => codeOf("R", 4, no);

/** The number the next line of a project's register gets. Call under `lockProject`. */
export async function nextRiskNo(tx: Tx, projectId: string): Promise<number> {
  const [row] = await tx
    .select({ no: largestNumber(risks.code) })
    .from(risks)
    .where(eq(risks.projectId, projectId));
  return (row?.no ?? 0) + 1;
}

/** Rows of a table from JSON in one statement with one parameter, whatever their number: PostgreSQL allows 65 535 parameters. */
const rowsFromJson = (table: "risks" | "register_assets", columns: readonly string[], rows: readonly object[]) => {
  const list = sql.raw(columns.map((c) => `"${c}"`).join(", "));
  return sql`insert into ${sql.raw(table)} (${list}) select ${list} from jsonb_populate_recordset(null::${sql.raw(table)}, ${JSON.stringify(rows)}::text::jsonb)`;
};
const fromExcluded = (columns: readonly string[]) => sql.raw(columns.map((c) => `"${c}" = excluded."${c}"`).join(", "));

const assetFields = [
  "name",
  "object",
  "supplier",
  "single_source",
  "replacement_tested",
  "c",
  "i",
  "a",
  "value",
  "submission_id",
];
/** Takes the assets of the responses over; those that are there already follow the newer seal. */
export async function storeAssets(
  tx: Tx,
  { tenantId, project }: Place,
  responses: readonly SiteResponse[],
): Promise<void> {
  const rows = responses.flatMap((r) =>
    r.assets.map((a) => ({
      tenant_id: tenantId,
      id: a.id,
      project_id: project.id,
      site_id: r.siteId,
      system_id: r.systemId,
      name: a.name,
      object: a.object,
      supplier: a.supplier,
      single_source: a.singleSource,
      replacement_tested: a.replacementTested,
      c: a.c,
      i: a.i,
      a: a.a,
      value: assetValueOf(a, project),
      submission_id: r.submissionId,
    })),
  );
  if (rows.length === 0) return;
  const columns = ["tenant_id", "id", "project_id", "site_id", "system_id", ...assetFields];
  await tx.execute(
    sql`${rowsFromJson("register_assets", columns, rows)} on conflict (tenant_id, id) do update set ${fromExcluded(assetFields)}`,
  );
}

/** What follows from the survey, and is written anew when it changes. */
const derived = [
  "control_code",
  "submission_id",
  "dimension",
  "object",
  "lifecycle",
  "mechanism",
  "method",
  "asset_value",
  "threat",
  "vulnerability",
  "likelihood",
  "likelihood_level",
  "loss",
  "loss_level",
  "value",
  "level",
  "updated_at",
];
/** All of a line: what it is and what people decided on it are written once. */
const columns = [
  "tenant_id",
  "id",
  "project_id",
  "site_id",
  "system_id",
  "code",
  "asset_id",
  "catalogue_version",
  "threat_code",
  "vulnerability_code",
  "residual_level",
  "status",
  "treatment",
  "owner",
  "note",
  "rev",
  "created_at",
  ...derived,
];
const snake = (row: RiskRow) =>
  Object.fromEntries(Object.entries(row).map(([k, v]) => [k.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), v]));

/** New lines, and what follows from the survey in those that are there. */
export async function storeRisks(tx: Tx, rows: readonly RiskRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(
    sql`${rowsFromJson("risks", columns, rows.map(snake))} on conflict (tenant_id, asset_id, threat_code, vulnerability_code) do update set ${fromExcluded(derived)}`,
  );
}

/** Takes proposals out. Returns how many. */
export async function withdraw(tx: Tx, { tenantId }: Place, rows: readonly RiskRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const gone = await tx
    .delete(risks)
    .where(
      and(
        eq(risks.tenantId, tenantId),
        inArray(
          risks.id,
          rows.map((r) => r.id),
        ),
      ),
    )
    .returning({ id: risks.id });
  return gone.length;
}

/** Assets that left the survey go, unless a line of the register still speaks of them. */
export async function dropAssets(tx: Tx, { tenantId, project }: Place, present: ReadonlySet<string>): Promise<void> {
  const stored = await tx
    .select({
      id: registerAssets.id,
      used: sql<boolean>`exists (select 1 from risks r where r.tenant_id = ${registerAssets.tenantId} and r.asset_id = ${registerAssets.id})`,
    })
    .from(registerAssets)
    .where(and(eq(registerAssets.tenantId, tenantId), eq(registerAssets.projectId, project.id)));
  const gone = stored.filter((a) => !a.used && !present.has(a.id)).map((a) => a.id);
  if (gone.length > 0)
    await tx.delete(registerAssets).where(and(eq(registerAssets.tenantId, tenantId), inArray(registerAssets.id, gone)));
}
