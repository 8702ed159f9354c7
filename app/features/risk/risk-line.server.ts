import { uuidv7 } from "#app/platform/id.ts";
import { notFound } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import type { ProjectRow } from "#app/features/project/project.server.ts";
import { type Level, toLevel } from "#app/domain/vocabulary.ts";
import type { risks } from "#db/schema/index.ts";
import { vulnerabilityById } from "#seeds/catalogue/index.ts";
import { controlOf } from "#seeds/catalogue/load.server.ts";
import { assessRisk, assetValue } from "./risk-method.rules.ts";
import type { RiskProposal } from "./risk-proposals.rules.ts";
import type { SealedAsset, SiteResponse } from "./sealed-response.ts";

/* One line of the register: what follows from the survey and the project's method, and what stays as a person left it. */

export type RiskRow = typeof risks.$inferSelect;

/** Whose register it is. */
export interface Place {
  tenantId: string;
  project: ProjectRow;
}
/** What an asset is worth by the project's rule. */
export const assetValueOf = (asset: Pick<SealedAsset, "c" | "i" | "a">, project: ProjectRow): Level =>
  assetValue({ c: toLevel(asset.c), i: toLevel(asset.i), a: toLevel(asset.a) }, project.assetRule);

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
export function tagsOf(vulnerabilityCode: string, controlCode: string | null, version: number) {
  const vulnerability = vulnerabilityById.get(vulnerabilityCode);
  const control = controlOf(controlCode ?? vulnerability?.controls[0] ?? "", version);
  if (!vulnerability || !control) throw notFound({ logMessage: `vulnerability ${vulnerabilityCode}` });
  return { dimension: vulnerability.dimension, lifecycle: control.lifecycle, mechanism: control.mechanism };
}

/** A line that the survey leads to. */
export interface Wanted {
  response: SiteResponse;
  asset: SealedAsset;
  proposal: RiskProposal;
}
/** What a line is known by, whatever is entered in it. */
export const keyOf = (r: { assetId: string; threatCode: string; vulnerabilityCode: string }) =>
  `${r.assetId}/${r.threatCode}/${r.vulnerabilityCode}`;

/**
 * A line as it should stand now. What a person entered stays: once touched (rev > 1 or decided), frequency and severity are
 * theirs; the value of the asset is the site's own statement and always follows the newest submission.
 */
export function lineOf(
  actor: Actor,
  place: Place,
  { response, asset, proposal }: Wanted,
  old: RiskRow | undefined,
  code: () => string,
): RiskRow {
  const { project } = place;
  const own = old !== undefined && (old.rev > 1 || old.status !== "proposed");
  const inputs = {
    assetValue: assetValueOf(asset, project),
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
    ...tagsOf(proposal.vulnerabilityId, controlCode, project.questionnaireVersion),
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
/** Whether anything that the register follows has changed. */
export const differs = (a: RiskRow, b: RiskRow) => watched.some((k) => a[k] !== b[k]);

/** Lines of assets whose survey no longer leads to them (entered by hand, or decided): their asset value still follows. */
export function followers(
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
