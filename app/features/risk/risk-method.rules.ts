/**
 * Risk of one (asset, threat, vulnerability) by the two methods of GB/T 20984-2007 annex A, still the common practice
 * under GB/T 20984-2022. Tables are data and may be edited by a project; arithmetic is exact: levels are decided by
 * comparing integers, and roots are written from integer square roots, because sqrt(3)*sqrt(12) in doubles is below 6.
 */
import defaultTables from "#seeds/catalogue/risk-tables.json" with { type: "json" };
import { type Level, levels, toLevel } from "#app/domain/vocabulary.ts";

export type RiskMethod = "matrix" | "multiplication";
/** `max` and `mean` are the settings of a project; weights for whoever needs others. */
export type AssetValuation = "max" | "mean" | { weights: { c: number; i: number; a: number } };
/** A: asset value, T: frequency of the threat, V: severity of the vulnerability, each 1..5. */
export type RiskInputs = { asset: Level; threat: Level; vulnerability: Level };
type Lookup = { table: readonly (readonly number[])[]; bands: readonly (readonly number[])[] };
export type MatrixTables = { likelihood: Lookup; loss: Lookup; risk: Lookup };

/** One line of «how this number came about», turned into words by its message. */
export type ExplainStep = { key: `rule_risk_step_${string}`; params: Readonly<Record<string, string | number>> };
/** `value` is text: an integer for the matrix, six decimals for roots, so that no reader sees an error of doubles. */
type Figure = { value: string; level: Level };
export type RiskResult = {
  method: RiskMethod;
  inputs: RiskInputs;
  likelihood: Figure;
  loss: Figure;
  risk: Figure;
  level: Level;
  /** Orders results of one method: value of the matrix, or the exact square of the product. */
  rank: number;
  explain: ExplainStep[];
};

/**
 * Asset value from confidentiality, integrity and availability: the largest by default; the weighted mean, rounded half
 * up, when a project chose it. GB/T 20984 leaves the choice to the assessor. Weights are non-negative integers, not all 0.
 */
export function assetValue(cia: { c: Level; i: Level; a: Level }, valuation: AssetValuation = "max"): Level {
  if (valuation === "max") return toLevel(Math.max(cia.c, cia.i, cia.a));
  const { c, i, a } = valuation === "mean" ? { c: 1, i: 1, a: 1 } : valuation.weights;
  const total = c + i + a;
  if (![c, i, a].every((w) => Number.isInteger(w) && w >= 0) || total === 0)
    throw new RangeError("weights must be integers ≥ 0, not all 0");
  const sum = cia.c * c + cia.i * i + cia.a * a;
  return toLevel(Math.floor((2 * sum + total) / (2 * total)));
}

function look(lookup: Lookup, row: Level, column: Level): { value: number; level: Level } {
  const value = lookup.table[row - 1]?.[column - 1];
  if (value === undefined) throw new RangeError(`no cell ${row},${column}`);
  const band = lookup.bands.findIndex(([low = Number.NaN, high = Number.NaN]) => value >= low && value <= high);
  return { value, level: toLevel(band + 1) };
}

/** Level of risk by loss (row) and likelihood (column), 1 to 5 each. */
export const matrixLevels = (tables: MatrixTables = defaultTables.matrix): Level[][] =>
  levels.map((loss) => levels.map((likelihood) => look(tables.risk, loss, likelihood).level));

/**
 * Risk by the matrices of GB/T 20984-2007 annex A.2: tables of likelihood and loss, and from their levels the
 * risk's.
 * @throws RangeError for a table that lacks a cell
 */
export function assessByMatrix(inputs: RiskInputs, tables: MatrixTables = defaultTables.matrix): RiskResult {
  const { asset: A, threat: T, vulnerability: V } = inputs;
  const p = look(tables.likelihood, T, V);
  const l = look(tables.loss, A, V);
  const r = look(tables.risk, l.level, p.level);
  return {
    method: "matrix",
    inputs,
    likelihood: { value: String(p.value), level: p.level },
    loss: { value: String(l.value), level: l.level },
    risk: { value: String(r.value), level: r.level },
    level: r.level,
    rank: r.value,
    explain: [
      {
        key: "rule_risk_step_matrix_likelihood",
        params: { threat: T, vulnerability: V, value: p.value, level: p.level },
      },
      { key: "rule_risk_step_matrix_loss", params: { asset: A, vulnerability: V, value: l.value, level: l.level } },
      {
        key: "rule_risk_step_matrix_risk",
        params: { loss: l.level, likelihood: p.level, value: r.value, level: r.level },
      },
    ],
  };
}

/** Square root of a non-negative integer to six decimals, rounded half up, exactly. */
export function rootText(n: number): string {
  const doubled = integerRoot(4n * BigInt(n) * 10n ** 12n);
  const millionths = (doubled + 1n) / 2n;
  return `${millionths / 1_000_000n}.${String(millionths % 1_000_000n).padStart(6, "0")}`;
}
/** Largest integer whose square is not above `n` (Newton's method on integers). */
function integerRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}
/** Smallest level whose upper bound is not below sqrt(square): lower bound exclusive, upper inclusive. */
function levelOfSquare(square: number, upperBounds: readonly number[]): Level {
  const at = upperBounds.findIndex((bound) => square <= bound * bound);
  return toLevel(at === -1 ? 5 : at + 1);
}

/**
 * Risk by multiplication (annex A.3): √(T·V) · √(A·V).
 * @param upperBounds of each level in the product, inclusive; beyond the last is level 5
 */
export function assessByMultiplication(
  inputs: RiskInputs,
  upperBounds: readonly number[] = defaultTables.multiplication.upperBounds,
): RiskResult {
  const { asset: A, threat: T, vulnerability: V } = inputs;
  const square = V * V * A * T;
  const level = levelOfSquare(square, upperBounds);
  const unit = [1, 2, 3, 4, 5];
  const likelihood: Figure = { value: rootText(T * V), level: levelOfSquare(T * V, unit) };
  const loss: Figure = { value: rootText(A * V), level: levelOfSquare(A * V, unit) };
  const value = rootText(square);
  return {
    method: "multiplication",
    inputs,
    likelihood,
    loss,
    risk: { value, level },
    level,
    rank: square,
    explain: [
      { key: "rule_risk_step_product_likelihood", params: { threat: T, vulnerability: V, value: likelihood.value } },
      { key: "rule_risk_step_product_loss", params: { asset: A, vulnerability: V, value: loss.value } },
      { key: "rule_risk_step_product_risk", params: { asset: A, threat: T, vulnerability: V, value, level } },
    ],
  };
}

/** Risk by the method of a project. @param tables for the matrix; the catalogue's unless given */
export function assessRisk(
  method: RiskMethod,
  inputs: RiskInputs,
  tables: MatrixTables = defaultTables.matrix,
): RiskResult {
  return method === "matrix" ? assessByMatrix(inputs, tables) : assessByMultiplication(inputs);
}

/** What a measure in place takes off: `reduce` levels (1..4) of the threat's frequency or of the vulnerability's severity. */
export type MeasureEffect = { measureId: string; target: "threat" | "vulnerability"; reduce: number };
/** The effects of a planned measure from the levels it takes off threat and vulnerability (each 0..4). */
export function measureEffects(measure: { id: string; threatCut: number; vulnerabilityCut: number }): MeasureEffect[] {
  const effects: MeasureEffect[] = [
    { measureId: measure.id, target: "threat", reduce: measure.threatCut },
    { measureId: measure.id, target: "vulnerability", reduce: measure.vulnerabilityCut },
  ];
  return effects.filter((e) => e.reduce > 0);
}
export type ResidualResult = RiskResult & { before: RiskInputs; applied: MeasureEffect[] };
/**
 * Residual risk: effects add up and neither figure falls below 1, so a measure never raises a risk and order does not
 * matter. Pass only the measures that are in place (for the target state: all planned ones).
 */
export function residualRisk(
  method: RiskMethod,
  inputs: RiskInputs,
  effects: readonly MeasureEffect[],
  tables: MatrixTables = defaultTables.matrix,
): ResidualResult {
  const lowered = (base: Level, target: MeasureEffect["target"]) => {
    const off = effects
      .filter((e) => e.target === target)
      .reduce((sum, e) => sum + Math.max(0, Math.trunc(e.reduce)), 0);
    return toLevel(Math.max(1, base - off));
  };
  const after: RiskInputs = {
    asset: inputs.asset,
    threat: lowered(inputs.threat, "threat"),
    vulnerability: lowered(inputs.vulnerability, "vulnerability"),
  };
  const result = assessRisk(method, after, tables);
  const steps = effects.map(
    (e): ExplainStep => ({
      key: `rule_risk_step_measure_${e.target}`,
      params: { measure: e.measureId, reduce: e.reduce },
    }),
  );
  return { ...result, explain: [...steps, ...result.explain], before: inputs, applied: [...effects] };
}
