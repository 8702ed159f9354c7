import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ledger } from "#app/features/disclosure/disclosure.rules.ts";
import type { ToldLine } from "#db/schema/index.ts";
import { type Clause, type ClauseTelling, type Evidence, planTellings } from "./tellings.rules.ts";

/*
 * Editions as they are published one after another, over pilots of several sectors. What is looked at is what everybody gets:
 * the lines under the clauses of every edition, withdrawn ones too.
 */
interface Pilot {
  sector: number;
  batch: number;
  site: number;
}
/** Divisible by every number of pilots up to 20, so that no mean is rounded. */
const UNIT = 232_792_560;
const id = (n: number) => String(n).padStart(6, "0");
/** Evidence of one subject under a clause: of each sector and batch, those pilots whose bit is set. */
function evidenceFor(pilots: readonly Pilot[], clause: number, bits: bigint, edition: number): Evidence[] {
  const groups = new Map<string, number[]>();
  pilots.forEach((p, i) => {
    if (!((bits >> BigInt(i)) & 1n)) return;
    const key = `${p.sector}/${p.batch}`;
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups].map(([key, own], i) => {
    const [sector = 0, batchNo = 1] = key.split("/").map(Number);
    return {
      id: id(edition * 1000 + clause * 100 + i),
      clauseId: `c${clause}`,
      sector: { code: `S${sector}`, zh: `S${sector}`, en: `S${sector}` },
      sectorTenantId: `S${sector}`,
      submissionSha256: `${sector}`.repeat(64),
      batchNo,
      pilots: own.length,
      effectMilli: null,
      dissent: false,
      basis: {
        subject: "effect:identity",
        members: own.map((n) => ({ site: `s${pilots[n]?.site}`, pilot: `p${n}`, version: "1" })),
        // Each pilot's value is a power of two: a mean times its number says of whom it is made.
        sums: { change: own.reduce((n, one) => n + UNIT * 2 ** one, 0), verified: 0 },
      },
    };
  });
}
const worlds = fc.record({
  pilots: fc.array(fc.record({ sector: fc.nat(4), batch: fc.integer({ min: 1, max: 2 }), site: fc.nat(8) }), {
    minLength: 3,
    maxLength: 20,
  }),
  k: fc.integer({ min: 2, max: 6 }),
  editions: fc.array(fc.array(fc.bigInt(1n, 2n ** 20n - 1n), { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 3,
  }),
});
const publish = (
  { pilots, k }: { pilots: readonly Pilot[]; k: number },
  sets: readonly bigint[],
  edition: number,
  ledger: Ledger<ToldLine>,
): ClauseTelling[] =>
  planTellings(
    sets.map(
      (bits, clause): Clause => ({
        id: `c${clause}`,
        evidence: evidenceFor(pilots, clause, bits, edition),
        evidenceNone: false,
      }),
    ),
    ledger,
    k,
  ).tellings;

describe("what everybody may read under the clauses", () => {
  it("speaks of k sites or more in every line, and so does what is left when one line is taken from another", () => {
    let [lines, cells] = [0, 0];
    fc.assert(
      fc.property(worlds, (world) => {
        const ledger = new Ledger<ToldLine>();
        const told = world.editions.flatMap((sets, i) => publish(world, sets, i, ledger)).flatMap((t) => t.lines);
        const sitesOf = (set: number) =>
          new Set(world.pilots.flatMap((p, i) => ((set >> i) & 1 ? [`${p.sector}/${p.site}`] : []))).size;
        // Whoever reads the lines reads the sets off them.
        const sets = told.map((l) => ((l.effectMilli ?? 0) * l.pilots) / UNIT);
        lines += told.length;
        for (const [i, set] of sets.entries()) {
          expect(sitesOf(set)).toBeGreaterThanOrEqual(world.k);
          for (const other of sets.slice(i + 1)) {
            // What both share, and what either has alone: of nested sets the last two are plain differences.
            for (const part of [set & other, set & ~other, other & ~set]) {
              cells += 1;
              if (part !== 0) expect(sitesOf(part)).toBeGreaterThanOrEqual(world.k);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
    process.stdout.write(`${lines} lines told, ${cells} parts looked at: none under k\n`);
  });

  it("names no sector whose own pilots are fewer than k, and grades by what is told alone", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const tellings = publish(world, world.editions[0] ?? [], 0, new Ledger());
        for (const t of tellings) {
          for (const { sector } of t.lines)
            if (sector)
              expect(world.pilots.filter((p) => `S${p.sector}` === sector.code).length).toBeGreaterThanOrEqual(world.k);
          if (t.lines.length === 0) expect(t.strength).toBe(t.kinds.length === 0 ? "missing" : "limited");
        }
      }),
      { numRuns: 200 },
    );
  });
});
