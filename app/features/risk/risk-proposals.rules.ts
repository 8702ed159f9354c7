/** From weak answers to proposed risks: answer → vulnerability → threat → asset, every link from the catalogue and kept. */
import { type AnswerValue, type Dimension, type Level, type ObjectKind, toLevel } from "#app/domain/vocabulary.ts";
import { assessRisk, type MatrixTables, type RiskMethod, type RiskResult } from "./risk-method.rules.ts";

type ProposalAsset = {
  id: string;
  object: ObjectKind;
  value: Level;
  /** The site system the asset belongs to; null: the whole site. */
  systemId?: string | null;
};
type ProposalAnswer = {
  controlId: string;
  value: AnswerValue | null;
  /** The system the answer speaks of; null: all systems of the site. */
  systemId?: string | null;
};
type ProposalThreat = { id: string; objects: readonly ObjectKind[]; default_frequency: number };
type ProposalVulnerability = {
  id: string;
  dimension: Dimension;
  object: ObjectKind;
  default_severity: number;
  controls: readonly string[];
  threats: readonly string[];
};
export type RiskProposal = {
  /** `asset/threat/vulnerability`: stable, so that proposing again finds what was taken over before. */
  key: string;
  assetId: string;
  threatId: string;
  vulnerabilityId: string;
  dimension: Dimension;
  result: RiskResult;
  /** The weak answers that led here, worst first; at least one. */
  chain: { controlId: string; answer: "partial" | "non_compliant" }[];
};
export type ProposalInput = {
  assets: readonly ProposalAsset[];
  answers: readonly ProposalAnswer[];
  controls: readonly { id: string }[];
  threats: readonly ProposalThreat[];
  vulnerabilities: readonly ProposalVulnerability[];
  method?: RiskMethod;
  tables?: MatrixTables;
  /** Proposals below this level are left out; default 1. */
  minLevel?: Level;
};
export type Proposals = {
  proposals: RiskProposal[];
  /** Weak answers from which no risk follows by the catalogue: someone must look at them by hand. */
  unlinked: string[];
};
type WeakAnswer = { controlId: string; answer: "partial" | "non_compliant"; systemId: string | null };

/** A partial answer is one level milder than the catalogue's default severity, never below 1. */
function severityFor(defaultSeverity: number, answer: "partial" | "non_compliant"): Level {
  return toLevel(Math.max(1, answer === "partial" ? defaultSeverity - 1 : defaultSeverity));
}
function weakAnswers(input: ProposalInput): WeakAnswer[] {
  const known = new Set(input.controls.map((c) => c.id));
  return input.answers.flatMap((a) =>
    (a.value === "partial" || a.value === "non_compliant") && known.has(a.controlId)
      ? [{ controlId: a.controlId, answer: a.value, systemId: a.systemId ?? null }]
      : [],
  );
}
const concerns = (answer: WeakAnswer, asset: ProposalAsset) =>
  answer.systemId === null || (asset.systemId ?? null) === null || answer.systemId === asset.systemId;
const bySeverity = (a: WeakAnswer, b: WeakAnswer) =>
  a.answer === b.answer ? compareText(a.controlId, b.controlId) : a.answer === "non_compliant" ? -1 : 1;
const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Where a vulnerability is looked for: in assets of its own object; when none of its threats strikes that object (a
 * missing revocation is a fault of the solution, cloned devices strike equipment), in assets of the objects they strike.
 */
function objectsOf(v: ProposalVulnerability, threatById: ReadonlyMap<string, ProposalThreat>): ReadonlySet<ObjectKind> {
  const struck = new Set(v.threats.flatMap((id) => [...(threatById.get(id)?.objects ?? [])]));
  return struck.has(v.object) ? new Set([v.object]) : struck;
}
function proposalsFor(
  asset: ProposalAsset,
  weak: readonly WeakAnswer[],
  input: ProposalInput,
  threatById: ReadonlyMap<string, ProposalThreat>,
): RiskProposal[] {
  return input.vulnerabilities
    .filter((v) => objectsOf(v, threatById).has(asset.object))
    .flatMap((v) => {
      const led = weak.filter((w) => v.controls.includes(w.controlId) && concerns(w, asset)).sort(bySeverity);
      const worst = led[0];
      if (!worst) return [];
      const chain = [...new Map(led.map((w) => [w.controlId, { controlId: w.controlId, answer: w.answer }])).values()];
      return v.threats.flatMap((threatId): RiskProposal[] => {
        const threat = threatById.get(threatId);
        if (!threat?.objects.includes(asset.object)) return [];
        const inputs = {
          asset: asset.value,
          threat: toLevel(threat.default_frequency),
          vulnerability: severityFor(v.default_severity, worst.answer),
        };
        const result = assessRisk(input.method ?? "matrix", inputs, input.tables);
        const key = `${asset.id}/${threatId}/${v.id}`;
        return [{ key, assetId: asset.id, threatId, vulnerabilityId: v.id, dimension: v.dimension, result, chain }];
      });
    });
}

/**
 * One proposal per (asset, threat, vulnerability), highest first; ties as the assets were given, whose ids chance gave, then by the
 * catalogue's ids.
 */
export function proposeRisks(input: ProposalInput): Proposals {
  const weak = weakAnswers(input);
  const threatById = new Map(input.threats.map((t) => [t.id, t]));
  const all = new Map(
    input.assets.flatMap((asset) => proposalsFor(asset, weak, input, threatById)).map((p) => [p.key, p]),
  );
  const linked = new Set([...all.values()].flatMap((p) => p.chain.map((c) => c.controlId)));
  const place = new Map(input.assets.map((asset, i) => [asset.id, i]));
  const proposals = [...all.values()]
    .filter((p) => p.result.level >= (input.minLevel ?? 1))
    .sort(
      (a, b) =>
        b.result.level - a.result.level ||
        b.result.rank - a.result.rank ||
        (place.get(a.assetId) ?? 0) - (place.get(b.assetId) ?? 0) ||
        compareText(a.threatId, b.threatId) ||
        compareText(a.vulnerabilityId, b.vulnerabilityId),
    );
  const unlinked = [...new Set(weak.map((w) => w.controlId))].filter((id) => !linked.has(id)).sort(compareText);
  return { proposals, unlinked };
}
