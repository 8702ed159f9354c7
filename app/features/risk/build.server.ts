import { and, eq, inArray, sql } from "drizzle-orm";
import { noteChange } from "#app/features/document/approval.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { ProjectRow } from "#app/features/project/project.server.ts";
import { type Level, toLevel } from "#app/domain/vocabulary.ts";
import { AppError, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { documents, projects, registerAssets, risks, submissions } from "#db/schema/index.ts";
import { controlById, controls, threats, vulnerabilities, vulnerabilityById } from "#seeds/catalogue/index.ts";
import { assessRisk, assetValue } from "./risk-method.rules.ts";
import { proposeRisks, type RiskProposal } from "./risk-proposals.rules.ts";
import { type SealedAsset, type SealedResponse, sealedResponseSchema } from "./sealed-response.ts";
import { currentStates } from "#workflows/index.ts";

/*
 * The register from the survey: assets are taken over from the sealed responses, weak answers lead to proposed risks. Done
 * again it takes the newer submissions and changes nothing that a person decided.
 */

export type RiskRow = typeof risks.$inferSelect;

export interface Built {
  responses: number;
  assets: number;
  added: number;
  updated: number;
  /** Proposals nobody had decided on whose weakness is gone. */
  withdrawn: number;
  /** Codes of weak answers from which the catalogue derives no risk. */
  unlinked: string[];
}

interface Response extends SealedResponse {
  submissionId: string;
  siteId: string;
  systemId: string;
}

/** Locks the project, so that two people building or numbering at once come one after the other. */
export async function lockProject(tx: Tx, projectId: string): Promise<ProjectRow> {
  const [row] = await tx.select().from(projects).where(eq(projects.id, projectId)).for("update");
  if (!row) throw notFound({ logMessage: `project ${projectId}` });
  return row;
}

/** What the sites have in force: the latest seal of each response that is being reviewed or approved. */
async function sealedResponses(tx: Tx, projectId: string): Promise<Response[]> {
  const rows = await tx
    .select({
      submissionId: submissions.id,
      siteId: documents.siteId,
      systemId: documents.systemId,
      content: submissions.content,
    })
    .from(documents)
    .innerJoin(
      submissions,
      and(eq(submissions.tenantId, documents.tenantId), eq(submissions.id, documents.submissionId)),
    )
    .where(
      and(
        eq(documents.projectId, projectId),
        eq(documents.kind, "surveyResponse"),
        inArray(documents.state, [...currentStates]),
      ),
    )
    .orderBy(documents.id);
  return rows.map(({ submissionId, siteId, systemId, content }) => {
    const parsed = sealedResponseSchema.safeParse(content);
    if (!parsed.success || !siteId || !systemId)
      throw new AppError(
        "internal",
        500,
        `sealed response ${submissionId} cannot be read: ${parsed.error?.message ?? "no site"}`,
      );
    return { submissionId, siteId, systemId, ...parsed.data };
  });
}

export const riskCode = (no: number): string => `R-${String(no).padStart(4, "0")}`;

/** The number the next line of a project's register gets. Call under `lockProject`. */
export async function nextRiskNo(tx: Tx, projectId: string): Promise<number> {
  const [row] = await tx
    .select({ no: sql<number>`coalesce(max(substring(${risks.code} from 3)::int), 0)` })
    .from(risks)
    .where(eq(risks.projectId, projectId));
  return (row?.no ?? 0) + 1;
}

interface Place {
  tenantId: string;
  project: ProjectRow;
}
const valueOf = (asset: Pick<SealedAsset, "c" | "i" | "a">, project: ProjectRow): Level =>
  assetValue({ c: toLevel(asset.c), i: toLevel(asset.i), a: toLevel(asset.a) }, project.assetRule);

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
async function storeAssets(tx: Tx, { tenantId, project }: Place, responses: readonly Response[]): Promise<void> {
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
      value: valueOf(a, project),
      submission_id: r.submissionId,
    })),
  );
  if (rows.length === 0) return;
  const columns = ["tenant_id", "id", "project_id", "site_id", "system_id", ...assetFields];
  await tx.execute(
    sql`${rowsFromJson("register_assets", columns, rows)} on conflict (tenant_id, id) do update set ${fromExcluded(assetFields)}`,
  );
}

interface Wanted {
  response: Response;
  asset: SealedAsset;
  proposal: RiskProposal;
}
const keyOf = (r: { assetId: string; threatCode: string; vulnerabilityCode: string }) =>
  `${r.assetId}/${r.threatCode}/${r.vulnerabilityCode}`;

function proposalsOf(responses: readonly Response[], project: ProjectRow): { wanted: Wanted[]; unlinked: string[] } {
  const unlinked = new Set<string>();
  const wanted = responses.flatMap((response) => {
    const byId = new Map(response.assets.map((a) => [a.id, a]));
    const found = proposeRisks({
      assets: response.assets.map((a) => ({
        id: a.id,
        object: a.object,
        value: valueOf(a, project),
        systemId: response.systemId,
      })),
      answers: response.answers.map((a) => ({ controlId: a.controlCode, value: a.value, systemId: response.systemId })),
      controls,
      threats,
      vulnerabilities,
      method: project.riskMethod,
    });
    for (const code of found.unlinked) unlinked.add(code);
    return found.proposals.flatMap((proposal): Wanted[] => {
      const asset = byId.get(proposal.assetId);
      return asset ? [{ response, asset, proposal }] : [];
    });
  });
  // Highest first over all sites, so that the codes of a first register follow its order.
  wanted.sort(
    (a, b) =>
      b.proposal.result.level - a.proposal.result.level ||
      b.proposal.result.rank - a.proposal.result.rank ||
      (a.proposal.key < b.proposal.key ? -1 : 1),
  );
  return { wanted, unlinked: [...unlinked].sort() };
}

/** The figures of a line by the project's method, as columns. */
export function figuresOf(
  method: ProjectRow["riskMethod"],
  inputs: { assetValue: number; threat: number; vulnerability: number },
) {
  const r = assessRisk(method, {
    asset: toLevel(inputs.assetValue),
    threat: toLevel(inputs.threat),
    vulnerability: toLevel(inputs.vulnerability),
  });
  return {
    method,
    likelihood: r.likelihood.value,
    likelihoodLevel: r.likelihood.level,
    loss: r.loss.value,
    lossLevel: r.loss.level,
    value: r.risk.value,
    level: r.level,
  };
}

/** Lifecycle and mechanism of a line: those of the worst weak answer behind it, else of the first question on the vulnerability. */
export function tagsOf(vulnerabilityCode: string, controlCode: string | null) {
  const vulnerability = vulnerabilityById.get(vulnerabilityCode);
  const control = controlById.get(controlCode ?? "") ?? controlById.get(vulnerability?.controls[0] ?? "");
  if (!vulnerability || !control) throw notFound({ logMessage: `vulnerability ${vulnerabilityCode}` });
  return { dimension: vulnerability.dimension, lifecycle: control.lifecycle, mechanism: control.mechanism };
}

const riskColumns = [
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
  "residual_level",
  "status",
  "treatment",
  "owner",
  "note",
  "rev",
  "created_at",
  "updated_at",
];
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
const snake = (row: RiskRow) =>
  Object.fromEntries(Object.entries(row).map(([k, v]) => [k.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), v]));

/**
 * A line as it should stand now. What a person entered stays: once touched (rev > 1 or decided), frequency and severity are
 * theirs; the value of the asset is the site's own statement and always follows the newest submission.
 */
function lineOf(
  actor: Actor,
  place: Place,
  { response, asset, proposal }: Wanted,
  old: RiskRow | undefined,
  code: () => string,
): RiskRow {
  const { project } = place;
  const own = old !== undefined && (old.rev > 1 || old.status !== "proposed");
  const inputs = {
    assetValue: valueOf(asset, project),
    threat: own ? old.threat : proposal.result.inputs.threat,
    vulnerability: own ? old.vulnerability : proposal.result.inputs.vulnerability,
  };
  const controlCode = proposal.chain[0]?.controlId ?? null;
  const kept = old ?? {
    tenantId: place.tenantId,
    id: uuidv7(),
    projectId: project.id,
    code: code(),
    catalogueVersion: project.questionnaireVersion,
    assetId: asset.id,
    threatCode: proposal.threatId,
    vulnerabilityCode: proposal.vulnerabilityId,
    status: "proposed" as const,
    residualLevel: null,
    treatment: null,
    owner: "",
    note: "",
    rev: 1,
    createdAt: actor.now,
    updatedAt: actor.now,
  };
  return {
    ...kept,
    siteId: response.siteId,
    systemId: response.systemId,
    controlCode,
    submissionId: response.submissionId,
    object: asset.object,
    ...tagsOf(proposal.vulnerabilityId, controlCode),
    ...inputs,
    ...figuresOf(project.riskMethod, inputs),
  };
}
const watched = [
  "controlCode",
  "submissionId",
  "assetValue",
  "threat",
  "vulnerability",
  "method",
  "level",
  "value",
  "object",
  "lifecycle",
  "mechanism",
] as const;
const differs = (a: RiskRow, b: RiskRow) => watched.some((k) => a[k] !== b[k]);

/** Lines of assets whose survey no longer leads to them (entered by hand, or decided): their asset value still follows. */
function followers(
  actor: Actor,
  project: ProjectRow,
  existing: readonly RiskRow[],
  wantedKeys: ReadonlySet<string>,
  values: ReadonlyMap<string, Level>,
): RiskRow[] {
  return existing.flatMap((r) => {
    const value = values.get(r.assetId);
    if (value === undefined || wantedKeys.has(keyOf(r)) || (value === r.assetValue && r.method === project.riskMethod))
      return [];
    const inputs = { assetValue: value, threat: r.threat, vulnerability: r.vulnerability };
    return [{ ...r, ...inputs, ...figuresOf(project.riskMethod, inputs), updatedAt: actor.now }];
  });
}

async function storeRisks(tx: Tx, rows: readonly RiskRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(
    sql`${rowsFromJson("risks", riskColumns, rows.map(snake))} on conflict (tenant_id, asset_id, threat_code, vulnerability_code) do update set ${fromExcluded(derived)}`,
  );
}

/**
 * Takes assets over from the sealed responses and proposes risks from weak answers. Repeating it adds nothing twice; newer
 * submissions update what follows from them; confirmed and dismissed lines keep their decision.
 */
export async function buildRegister(tx: Tx, actor: Actor, projectId: string): Promise<Built> {
  const project = await lockProject(tx, projectId);
  const place: Place = { tenantId: actor.tenantId, project };
  const [responses, existing, first] = await Promise.all([
    sealedResponses(tx, projectId),
    tx
      .select()
      .from(risks)
      .where(and(eq(risks.tenantId, actor.tenantId), eq(risks.projectId, projectId))),
    nextRiskNo(tx, projectId),
  ]);
  const { wanted, unlinked } = proposalsOf(responses, project);
  const old = new Map(existing.map((r) => [keyOf(r), r]));
  let no = first;
  const lines = wanted.map((w) => {
    const before = old.get(w.proposal.key);
    return { before, line: lineOf(actor, place, w, before, () => riskCode(no++)) };
  });
  const changed = lines
    .filter(({ before, line }) => before !== undefined && differs(before, line))
    .map(({ line }) => ({ ...line, updatedAt: actor.now }));
  const added = lines.filter(({ before }) => before === undefined).map(({ line }) => line);
  const keys = new Set(wanted.map((w) => w.proposal.key));
  const values = new Map(responses.flatMap((r) => r.assets.map((a): [string, Level] => [a.id, valueOf(a, project)])));
  const following = followers(actor, project, existing, keys, values);
  await storeAssets(tx, place, responses);
  await storeRisks(tx, [...added, ...changed, ...following]);
  const withdrawn = await withdraw(
    tx,
    place,
    existing.filter((r) => r.status === "proposed" && r.controlCode !== null && !keys.has(keyOf(r))),
  );
  await dropAssets(tx, place, new Set(values.keys()));
  await noteChange(tx, actor, "riskReport", { projectId });
  return {
    responses: responses.length,
    assets: values.size,
    added: added.length,
    updated: changed.length + following.length,
    withdrawn,
    unlinked,
  };
}

async function withdraw(tx: Tx, { tenantId }: Place, rows: readonly RiskRow[]): Promise<number> {
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
async function dropAssets(tx: Tx, { tenantId, project }: Place, present: ReadonlySet<string>): Promise<void> {
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
