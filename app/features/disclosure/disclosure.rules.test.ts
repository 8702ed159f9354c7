import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ledger, type Member, type Statement, tell } from "./disclosure.rules.ts";

/*
 * The attacker: holds every figure that was ever told, knows who stands in which set, and solves the equations. Unknown is
 * the value of each pilot, by version. Arithmetic is exact, modulo a prime far above every coefficient.
 */
const P = 2_147_483_647n;
const inverse = (a: bigint): bigint => {
  let [r, s, x, y] = [P, ((a % P) + P) % P, 0n, 1n];
  while (s !== 0n) [r, s, x, y] = [s, r % s, y, x - (r / s) * y];
  return ((x % P) + P) % P;
};
/** Row space of 0/1 rows over named unknowns. */
class Equations {
  private readonly rows: { pivot: string; row: Map<string, bigint> }[] = [];
  private reduce(set: Iterable<string>): Map<string, bigint> {
    const row = new Map([...set].map((key) => [key, 1n]));
    for (const { pivot, row: known } of this.rows) {
      const factor = row.get(pivot) ?? 0n;
      if (factor === 0n) continue;
      for (const [key, value] of known) {
        const next = ((((row.get(key) ?? 0n) - factor * value) % P) + P) % P;
        if (next === 0n) row.delete(key);
        else row.set(key, next);
      }
    }
    return row;
  }
  add(set: Iterable<string>): void {
    const row = this.reduce(set);
    const [first] = row;
    if (!first) return;
    const by = inverse(first[1]);
    this.rows.push({ pivot: first[0], row: new Map([...row].map(([key, value]) => [key, (value * by) % P])) });
  }
  /** Whether the sum over a set follows from what is known. */
  tells(set: Iterable<string>): boolean {
    return this.reduce(set).size === 0;
  }
}

type Told = Statement<null>;
const unknown = (m: Member) => `${m.sector}/${m.pilot}@${m.version}`;
const sites = (members: readonly Member[]) => new Set(members.map((m) => `${m.sector}/${m.site}`)).size;

/** A programme: pilots of sectors, and in each round of telling who has reported anew and whose sets are asked for. */
const programme = fc
  .record({
    pilots: fc.array(fc.record({ sector: fc.nat(4), batch: fc.integer({ min: 1, max: 2 }), site: fc.nat(5) }), {
      minLength: 4,
      maxLength: 26,
    }),
    k: fc.integer({ min: 2, max: 6 }),
    rounds: fc.array(
      fc.record({
        changed: fc.array(fc.nat(25), { maxLength: 12 }),
        // A part of everybody, as sets do that follow tags, or whole sectors, batches and their totals.
        asked: fc.array(
          fc.oneof(
            fc.record({ subject: fc.nat(1), bits: fc.bigInt(1n, 2n ** 26n - 1n) }),
            fc.record({ subject: fc.nat(1), sectors: fc.uniqueArray(fc.nat(4), { minLength: 1 }), batch: fc.nat(2) }),
          ),
          { minLength: 1, maxLength: 8 },
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ pilots, k, rounds }) => {
    const versions = pilots.map(() => 0);
    const told = rounds.map(({ changed, asked }) => {
      for (const i of changed) if (i < pilots.length) versions[i] = (versions[i] ?? 0) + 1;
      const now = pilots.map(
        (p, i): Member => ({
          sector: `S${p.sector}`,
          batch: p.batch,
          site: `s${p.site}`,
          pilot: `p${i}`,
          version: String(versions[i]),
        }),
      );
      return asked.map((a, key): Told => {
        const members =
          "bits" in a
            ? now.filter((_, i) => (a.bits >> BigInt(i)) & 1n)
            : now.filter(
                (m) => a.sectors.includes(Number(m.sector.slice(1))) && (a.batch === 0 || m.batch === a.batch),
              );
        return { key: String(key), subject: `effect:${a.subject}`, members, figures: null };
      });
    });
    return { k, rounds: told };
  });

/** Every cell under k that the attacker may be after: each member, each two of them, and what any two of the asked sets share or do not. */
function smallCells(asked: readonly Told[], k: number): Member[][] {
  const everybody = new Map(asked.flatMap((s) => s.members.map((m) => [unknown(m), m] as const)));
  const all = [...everybody.values()];
  const cells = [...all.map((m) => [m]), ...all.flatMap((a, i) => all.slice(i + 1).map((b) => [a, b]))];
  for (const a of asked) {
    cells.push([...a.members]);
    for (const b of asked) {
      const [own, other] = [new Set(a.members.map(unknown)), new Set(b.members.map(unknown))];
      cells.push(
        a.members.filter((m) => !other.has(unknown(m))),
        a.members.filter((m) => other.has(unknown(m))),
        b.members.filter((m) => !own.has(unknown(m))),
      );
    }
  }
  return cells.filter((c) => c.length > 0 && sites(c) < k);
}

/** How many cells under k follow from what was told, and how many were tried. */
function attack(told: readonly Told[], asked: readonly Told[], k: number) {
  let [tried, learnt] = [0, 0];
  for (const subject of new Set(asked.map((s) => s.subject))) {
    const known = new Equations();
    for (const s of told) if (s.subject === subject) known.add(s.members.map(unknown));
    for (const cell of smallCells(
      asked.filter((s) => s.subject === subject),
      k,
    )) {
      tried += 1;
      if (known.tells(cell.map(unknown))) learnt += 1;
    }
  }
  return { tried, learnt };
}

describe("whoever holds everything that was told and solves the equations", () => {
  it("learns no cell under k, in whatever order sets were asked for and whatever changed meanwhile", () => {
    const sum = { programmes: 0, tried: 0, told: 0 };
    fc.assert(
      fc.property(programme, ({ k, rounds }) => {
        const ledger = new Ledger<null>();
        const told = rounds.flatMap((asked) => tell(ledger, asked, k));
        const { tried, learnt } = attack(told, rounds.flat(), k);
        sum.programmes += 1;
        sum.tried += tried;
        sum.told += told.length;
        expect(learnt).toBe(0);
      }),
      { numRuns: 300 },
    );
    process.stdout.write(
      `${sum.programmes} programmes, ${sum.told} figures told, ${sum.tried} cells under k tried: 0 learnt\n`,
    );
    expect(sum.told).toBeGreaterThan(sum.programmes / 4);
  });

  it("finds the leak that is planted: the same programmes with each set judged for itself alone", () => {
    let leaks = 0;
    fc.assert(
      fc.property(programme, ({ k, rounds }) => {
        const told = rounds.flat().filter((s) => sites(s.members) >= k);
        leaks += attack(told, rounds.flat(), k).learnt;
      }),
      { numRuns: 300 },
    );
    expect(leaks).toBeGreaterThan(0);
  });

  it("learns nothing more after k was raised than what had been told under the lower one", () => {
    fc.assert(
      fc.property(programme, fc.integer({ min: 1, max: 4 }), ({ k, rounds }, more) => {
        const ledger = new Ledger<null>();
        const [first = [], ...later] = rounds;
        const before = tell(ledger, first, k);
        const after = later.flatMap((asked) => tell(ledger, asked, k + more));
        const [known, all] = [
          attack(before, rounds.flat(), k + more),
          attack([...before, ...after], rounds.flat(), k + more),
        ];
        expect(all.learnt).toBe(known.learnt);
      }),
    );
  });
});

describe("one after another", () => {
  const pilots = (sector: string, batch: number, n: number, from = 0): Member[] =>
    Array.from({ length: n }, (_, i) => ({ sector, batch, site: `s${from + i}`, pilot: `p${from + i}`, version: "1" }));
  const ask = (key: string, members: Member[]): Statement<string> => ({
    key,
    subject: "effect:identity",
    members,
    figures: key,
  });
  const names = (list: readonly Statement<string>[]) => list.map((s) => s.key);

  it("a sector of nine that was told stays told, and the total with two more is not told", () => {
    const ledger = new Ledger<string>();
    expect(names(tell(ledger, [ask("nine", pilots("A", 1, 9))], 5))).toEqual(["nine"]);
    const all = [...pilots("A", 1, 9), ...pilots("B", 1, 2)];
    expect(names(tell(ledger, [ask("all", all), ask("nine", pilots("A", 1, 9))], 5))).toEqual(["nine"]);
    expect(ledger.within("effect:identity", all)).toBe("nine");
  });

  it("small sectors are told together where they reach k, and what is counted are sites", () => {
    const small = ["A", "B", "C"].flatMap((s) => pilots(s, 1, 2));
    expect(names(tell(new Ledger<string>(), [ask("all", small), ask("A", small.slice(0, 2))], 5))).toEqual(["all"]);
    const oneSite = pilots("A", 1, 9).map((m) => ({ ...m, site: "s0" }));
    expect(tell(new Ledger<string>(), [ask("nine", oneSite)], 5)).toEqual([]);
  });

  it("after k was raised, no further sum is told over parts that are too small by now, and what was told stays", () => {
    const ledger = new Ledger<string>();
    const [a, b, c] = [pilots("A", 1, 2), pilots("B", 1, 2), pilots("C", 1, 2)];
    const told = [ask("abc", [...a, ...b, ...c]), ask("ab", [...a, ...b])];
    expect(names(tell(ledger, told, 2))).toEqual(["abc", "ab"]);
    // Both together would give A, B and C, of two sites each, by themselves.
    expect(names(tell(ledger, [ask("ac", [...a, ...c])], 3))).toEqual([]);
    expect(names(tell(ledger, told, 3))).toEqual(["abc", "ab"]);
  });

  it("one value that changed since is not told by telling the same set again", () => {
    const ledger = new Ledger<string>();
    const set = pilots("A", 1, 9);
    expect(tell(ledger, [ask("then", set)], 5)).toHaveLength(1);
    const now = set.map((m, i) => (i === 0 ? { ...m, version: "2" } : m));
    expect(tell(ledger, [ask("now", now)], 5)).toEqual([]);
    expect(
      tell(
        ledger,
        [
          ask(
            "later",
            set.map((m) => ({ ...m, version: "3" })),
          ),
        ],
        5,
      ),
    ).toHaveLength(1);
  });

  it("whoever an older edition named counts as known: a pool with them must stand without them", () => {
    const ledger = new Ledger<string>();
    ledger.burn({ sector: "A", batch: 1 });
    const pool = [...pilots("A", 1, 2), ...pilots("B", 1, 3)];
    expect(tell(ledger, [ask("pool", pool)], 5)).toEqual([]);
    expect(tell(ledger, [ask("pool", [...pool, ...pilots("C", 1, 2)])], 5)).toHaveLength(1);
  });
});
