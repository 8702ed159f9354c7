import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "#app/platform/canonical.server.ts";
import { countOf, countOfAll, countOfKind, countOfRole } from "#app/features/audit/check-record.rules.ts";
import { kept, type Tried, verdictOf } from "./isolation.rules.ts";
import { type CheckRecord, checkRecord, probeKinds, probeRoles } from "#app/features/audit/check-record.schema.ts";

const digest = "ab".repeat(32);
const tries: fc.Arbitrary<Tried[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...probeKinds),
    role: fc.constantFrom(...probeRoles),
    name: fc.string({ unit: "grapheme", maxLength: 400 }),
    table: fc.option(fc.string({ maxLength: 80 })),
    end: fc.constantFrom("held", "through", "undecided"),
    rows: fc.option(fc.nat()),
  }),
  { maxLength: 400 },
);
const recordOf = (tried: readonly Tried[], complaints: readonly string[]): CheckRecord => {
  const { first, ...findings } = kept(tried, complaints);
  return {
    v: 1,
    at: "2026-11-28T11:27:02.862Z",
    ms: 1,
    system: "0.1.0",
    tables: "0017",
    server: "18.4",
    probes: digest,
    ...findings,
    catalogue: { compared: true, complaints: complaints.length, first },
    chain: {
      entries: 1,
      head: { seq: 1, hash: digest },
      sealed: 1,
      tree: { size: 1, root: digest, at: "2026-11-28T11:27:02.862Z" },
      problem: null,
      complete: true,
    },
    wrote: false,
  };
};
const sound: Tried = { kind: "read", role: "site", name: "x", table: "sites", end: "held", rows: null };

describe("the record of a check", () => {
  it("counts every try once, whichever way it is added up", () => {
    fc.assert(
      fc.property(tries, (all) => {
        const record = recordOf(all, []);
        const total = countOfAll(record);
        expect(total).toEqual({
          tried: all.length,
          through: all.filter((t) => t.end === "through").length,
          undecided: all.filter((t) => t.end === "undecided").length,
        });
        const sum = (list: { tried: number }[]) => list.reduce((n, c) => n + c.tried, 0);
        expect(sum(probeKinds.map((k) => countOfKind(record, k)))).toBe(all.length);
        expect(sum(probeRoles.map((r) => countOfRole(record, r)))).toBe(all.length);
        expect(countOf(record, "read", "site")?.tried ?? 0).toBe(
          all.filter((t) => t.kind === "read" && t.role === "site").length,
        );
      }),
    );
  });

  it("fits into an entry of the trail and is read back as it was, whatever was found", () => {
    fc.assert(
      fc.property(tries, fc.array(fc.string({ maxLength: 600 }), { maxLength: 60 }), (all, complaints) => {
        const record = recordOf(all, complaints);
        expect(canonicalJson(record).length).toBeLessThan(8000 - 80);
        expect(checkRecord.parse(JSON.parse(canonicalJson(record)))).toEqual(record);
      }),
      { numRuns: 60 },
    );
  });

  it("names a table that nobody named yet before the same one again", () => {
    const of = (table: string): Tried => ({ ...sound, table, end: "through", rows: 1 });
    const many = [...Array.from({ length: 50 }, () => of("pilots")), of("drafts")];
    expect(
      kept(many, [])
        .through.map((t) => t.table)
        .slice(0, 2),
    ).toEqual(["pilots", "drafts"]);
  });
});

describe("the verdict", () => {
  const record = recordOf([sound], []);
  it.each([
    ["held", {}],
    ["failed", { tried: { read: { site: [3, 1, 0] } } }],
    ["failed", { catalogue: { compared: false, complaints: 1, first: ["x"] } }],
    ["failed", { chain: { ...record.chain, problem: { code: "edited", seq: 3 } } }],
    ["failed", { wrote: true }],
    ["incomplete", { tried: { read: { site: [3, 0, 1] } } }],
    ["incomplete", { catalogue: { compared: false, complaints: 0, first: [] } }],
    ["incomplete", { chain: { ...record.chain, complete: false } }],
  ] as const)("is %s of %j", (verdict, change) => {
    expect(verdictOf({ ...record, ...(change as unknown as Partial<CheckRecord>) })).toBe(verdict);
  });
});
