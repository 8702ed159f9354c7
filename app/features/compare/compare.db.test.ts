import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { readXlsx } from "hucre/xlsx";
import postgres from "postgres";
import { createDocument } from "#app/features/document/document.server.ts";
import { submitDocument } from "#tests/builders/documents.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { indicators, indicatorValues, pilotEffects, pilots, registerAssets } from "#db/schema/index.ts";
import { type TestSector, testWorld, type World } from "#tests/builders/world.ts";
import { comparisonFilter } from "./compare.schema.ts";
import { comparison } from "./comparison.server.ts";
import { replaceable } from "./replaceable.server.ts";
import { comparisonWorkbook } from "./workbook.server.ts";

const everything = comparisonFilter.parse({});

/** Pilots with an identity effect each, straight into the tables: the statement is what is tested here. */
async function pilotsWith(
  w: World,
  s: TestSector,
  batchNo: 1 | 2,
  changes: readonly [number, number][],
  name = "试点",
): Promise<string[]> {
  const site = s.sites[0];
  if (!site) throw new Error("no site");
  return w.as(s.lead, async (tx) => {
    const ids: string[] = [];
    for (const [i, [beforeMilli, afterMilli]] of changes.entries()) {
      const id = uuidv7();
      ids.push(id);
      const systemId = uuidv7();
      await tx.execute(
        sql`insert into systems (tenant_id, id, site_id, name, description, grade, devices, created_at, updated_at) values (${s.id}, ${systemId}, ${site.id}, ${name}, '', 3, 1, now(), now())`,
      );
      await tx.insert(pilots).values({
        tenantId: s.id,
        id,
        projectId: s.projectId,
        batchNo,
        siteId: site.id,
        systemId,
        code: `P${batchNo}-${i + 1}`,
        name,
        direction: "identity",
        grade: 3,
        stage: "operation",
      });
      await tx.insert(pilotEffects).values({
        tenantId: s.id,
        pilotId: id,
        siteId: site.id,
        projectId: s.projectId,
        dimension: "identity",
        beforeMilli,
        afterMilli,
        risks: 1,
      });
    }
    return ids;
  });
}

describe("comparison of a sector's pilots", () => {
  const world = testWorld();
  beforeAll(async () => {
    const w = world();
    // Changes −2, −3, −4, −1, −5: mean −3.000, half width 1.963 (t = 2.776445, sd = 1.581139, n = 5), by hand.
    const ids = await pilotsWith(
      w,
      w.sectors[0],
      1,
      [
        [10_000, 8_000],
        [10_000, 7_000],
        [10_000, 6_000],
        [10_000, 9_000],
        [10_000, 5_000],
      ],
      '=HYPERLINK("x")',
    );
    await pilotsWith(w, w.sectors[0], 2, [
      [8_000, 4_000],
      [8_000, 3_000],
    ]);
    const [s] = w.sectors;
    const indicatorId = uuidv7();
    await w.as(s.regulator, (tx) =>
      tx.insert(indicators).values({
        tenantId: s.id,
        id: indicatorId,
        projectId: s.projectId,
        code: "I-1",
        name: "弱口令",
        unit: "个",
        dimension: "identity",
        direction: "down",
        baselineMilli: 10_000,
        targetMilli: 2_000,
      }),
    );
    const site = s.sites[0];
    if (!site) throw new Error("no site");
    const doc = await w.as(site.lead, (tx) =>
      createDocument(tx, site.lead, {
        kind: "progressReport",
        projectId: s.projectId,
        title: "r",
        siteId: site.id,
        pilotId: ids[0] ?? null,
        period: "2014-06",
      }),
    );
    await w.as(s.regulator, async (tx) => {
      for (const [i, pilotId] of ids.slice(0, 2).entries())
        for (const [period, valueMilli] of [
          ["2014-05", 9_000],
          ["2014-06", i === 0 ? 2_000 : 4_000],
        ] as const)
          await tx.insert(indicatorValues).values({
            tenantId: s.id,
            id: uuidv7(),
            projectId: s.projectId,
            pilotId,
            siteId: site.id,
            indicatorId,
            documentId: doc.id,
            period,
            valueMilli,
          });
    });
  });

  it("gives the mean change with the interval worked out by hand", async () => {
    const w = world();
    const [s] = w.sectors;
    const c = await w.as(s.regulator, (tx) => comparison(tx, s.regulator, s.projectId, { ...everything, batch: 1 }));
    expect(c).toMatchObject({ pilots: 5, sites: 1 });
    const identity = c.panels.find((p) => p.dimension === "identity");
    expect(identity).toMatchObject({
      beforeMilli: 10_000,
      afterMilli: 7_000,
      medianMilli: -3_000,
      effect: { n: 5, sites: 1, verdict: "fell", change: { mean: -3_000, df: 4 } },
      unshown: 0,
    });
    expect(identity?.effect.change?.low).toBeCloseTo(-4_963.24, 1);
    expect(identity?.effect.change?.high).toBeCloseTo(-1_036.76, 1);
    expect(c.headline).toMatchObject({
      key: "rule_compare_fell",
      params: { change: "3.0", low: "1.0", high: "5.0", n: 5 },
    });
    expect(identity?.points).toHaveLength(5);
    expect(c.panels.find((p) => p.dimension === "network")?.effect.verdict).toBe("none");
  });

  it("tells what the chosen pilots could not replace, once an asset though its system is in both batches, and nothing of other systems or sectors", async () => {
    const w = world();
    const [s, other] = w.sectors;
    const site = s.sites[0];
    if (!site) throw new Error("no site");
    const chosen = await w.as(s.lead, (tx) => tx.select().from(pilots).orderBy(pilots.code));
    const [one, two] = [chosen.find((p) => p.batchNo === 1), chosen.find((p) => p.batchNo === 2)];
    if (!one || !two) throw new Error("no pilots");
    // The system of batch one is in batch two as well.
    await w.as(s.lead, (tx) => tx.insert(pilots).values({ ...one, id: uuidv7(), batchNo: 2, code: "P2-9" }));
    const move = {
      locale: "en" as const,
      sealing: { content: {}, summary: {} },
      completeness: { completeness: 100, missingParts: [] },
    };
    const { submission } = await w.as(site.lead, async (tx) =>
      submitDocument(tx, site.lead, {
        document: await createDocument(tx, site.lead, {
          kind: "surveyResponse",
          projectId: s.projectId,
          title: "r",
          siteId: site.id,
          systemId: site.systemId,
        }),
        ...move,
      }),
    );
    const asset = (
      systemId: string,
      name: string,
      over: {
        singleSource?: boolean;
        replacementTested?: boolean;
        object?: "equipment" | "service";
        supplier?: string;
      },
    ) => ({
      tenantId: s.id,
      id: uuidv7(),
      projectId: s.projectId,
      siteId: site.id,
      systemId,
      submissionId: submission.id,
      name,
      object: over.object ?? ("equipment" as const),
      supplier: over.supplier ?? "甲厂",
      singleSource: over.singleSource ?? false,
      replacementTested: over.replacementTested ?? false,
      c: 3,
      i: 3,
      a: 3,
      value: 3,
    });
    await w.as(s.lead, (tx) =>
      tx.insert(registerAssets).values([
        asset(one.systemId, "网关", { singleSource: true }),
        asset(one.systemId, "表计", {}),
        asset(two.systemId, "云平台", {
          object: "service",
          supplier: "乙厂",
          singleSource: true,
          replacementTested: true,
        }),
        asset(site.systemId, "不在试点", { singleSource: true }),
      ]),
    );
    const all = await w.as(s.regulator, (tx) => replaceable(tx, s.regulator, s.projectId, everything));
    expect(all.overall).toEqual({ total: 3, singleSource: 2, tested: 1, indexBp: 6666 });
    expect(all.suppliers).toEqual([{ supplier: "甲厂", count: 1 }]);
    expect(all.bound).toMatchObject([{ name: "网关", supplier: "甲厂", pilotId: one.id, pilotCode: one.code }]);
    expect(all.bound).toHaveLength(1);
    const service = await w.as(s.regulator, (tx) =>
      replaceable(tx, s.regulator, s.projectId, { ...everything, batch: 1 }),
    );
    expect(service.overall).toMatchObject({ total: 2, singleSource: 1 });
    expect(
      (await w.as(other.regulator, (tx) => replaceable(tx, other.regulator, s.projectId, everything))).overall.total,
    ).toBe(0);
    await w.as(s.lead, (tx) => tx.update(pilots).set({ stage: "withdrawn" }).where(sql`code = 'P2-9'`));
  });

  it("takes the latest value of each indicator, and tells who reached the target", async () => {
    const w = world();
    const [s] = w.sectors;
    const c = await w.as(s.regulator, (tx) => comparison(tx, s.regulator, s.projectId, everything));
    expect(c.indicators).toMatchObject([
      { code: "I-1", meanMilli: 3_000, reached: 1, baselineMilli: 10_000, effect: { n: 2, change: { mean: -7_000 } } },
    ]);
    const one = await w.as(s.regulator, (tx) =>
      comparison(tx, s.regulator, s.projectId, { ...everything, indicator: c.indicators[0]?.indicatorId }),
    );
    expect(one.indicators[0]?.points.map((p) => p.afterMilli)).toEqual([2_000, 4_000]);
  });

  it("compares the batches like with like", async () => {
    const w = world();
    const [s] = w.sectors;
    const c = await w.as(s.regulator, (tx) => comparison(tx, s.regulator, s.projectId, everything));
    // −4.5 in batch two against −3 in batch one, one stratum: variance (10 + 0.5)/5 = 2.1, half 2.570582·√(2.1·(1/5+1/2)) = 3.1167
    const d = c.panels.find((p) => p.dimension === "identity")?.batches.difference;
    expect(d?.mean).toBeCloseTo(-1_500, 6);
    expect(d?.low).toBeCloseTo(-4_616.7, 0);
  });

  it("is nobody else's: another sector gets 404, its own shows nothing of the first", async () => {
    const w = world();
    const [one, two] = w.sectors;
    await expect(
      w.as(two.regulator, (tx) => comparison(tx, two.regulator, one.projectId, everything)),
    ).rejects.toMatchObject({ status: 404 });
    expect(await w.as(two.regulator, (tx) => comparison(tx, two.regulator, two.projectId, everything))).toMatchObject({
      pilots: 0,
      headline: null,
    });
  });

  it("leaves as a workbook in which a name is the name that was typed, and never a formula", async () => {
    const w = world();
    const [s] = w.sectors;
    const bytes = await w.as(s.regulator, async (tx) =>
      comparisonWorkbook(
        tx,
        s.regulator,
        s.projectId,
        await comparison(tx, s.regulator, s.projectId, everything),
        await replaceable(tx, s.regulator, s.projectId, everything),
        "zh-CN",
      ),
    );
    const book = await readXlsx(bytes);
    expect(book.sheets.map((x) => x.name)).toEqual(["维度", "指标", "同类对比", "可替换", "试点明细"]);
    expect(book.sheets[4]?.rows.some((r) => r[1] === '=HYPERLINK("x")')).toBe(true);
    expect(book.sheets.flatMap((x) => [...(x.cells?.values() ?? [])]).filter((cell) => cell.formula)).toEqual([]);
    expect(book.sheets[4]?.rows).toHaveLength(8);
  });

  it("leaves with the pilots that the page shows, whatever it is narrowed to", async () => {
    const w = world();
    const [s] = w.sectors;
    for (const [narrowed, codes] of [
      [{ batch: 1 }, ["P1-1", "P1-2", "P1-3", "P1-4", "P1-5"]],
      [{ batch: 2 }, ["P2-1", "P2-2"]],
      [{ stage: "accepted" }, []],
      [{ grade: 2 }, []],
      [{ size: "large" }, []],
    ] as const) {
      const filter = { ...everything, ...narrowed };
      const bytes = await w.as(s.regulator, async (tx) =>
        comparisonWorkbook(
          tx,
          s.regulator,
          s.projectId,
          await comparison(tx, s.regulator, s.projectId, filter),
          await replaceable(tx, s.regulator, s.projectId, filter),
          "en",
        ),
      );
      const book = await readXlsx(bytes);
      expect([narrowed, book.sheets[4]?.rows.slice(1).map((r) => r[0])]).toEqual([narrowed, codes]);
    }
  });

  it("tells what is promised apart from what is reported: hollow, and in no mean", async () => {
    const w = world();
    const [s] = w.sectors;
    const change = (after: number | null) =>
      w.as(s.regulator, (tx) =>
        tx
          .update(pilotEffects)
          .set({ afterMilli: after, promisedMilli: 2_000 })
          .where(sql`pilot_id = (select id from pilots where tenant_id = ${s.id} and code = 'P1-1')`),
      );
    const batch = { ...everything, batch: 1 as const };
    const before = await w.as(s.regulator, (tx) => comparison(tx, s.regulator, s.projectId, batch));
    const was = before.panels.find((p) => p.dimension === "identity")?.points.find((p) => p.code === "P1-1");
    await change(null);
    const c = await w.as(s.regulator, (tx) => comparison(tx, s.regulator, s.projectId, batch));
    const panel = c.panels.find((p) => p.dimension === "identity");
    expect(panel).toMatchObject({
      known: { promised: 1, reported: 4, verified: 0 },
      effect: { n: 4 },
      promisedMilli: -8_000,
    });
    expect(panel?.points.find((p) => p.code === "P1-1")).toMatchObject({ known: "promised", afterMilli: 2_000 });
    await change(was?.afterMilli ?? null);
  });

  it("reads figures of any size that a report takes, at both ends, and tells their mean and interval", async () => {
    const w = world();
    const [s] = w.sectors;
    const set = (value: bigint) =>
      w.as(s.regulator, (tx) =>
        tx.execute(sql`update indicator_values set value_milli = ${value} where period = '2014-06'`),
      );
    for (const value of [1_000_000_000_000n, -1_000_000_000_000n]) {
      await set(value);
      const c = await w.as(s.regulator, (tx) => comparison(tx, s.regulator, s.projectId, everything));
      expect(c.indicators).toMatchObject([
        {
          meanMilli: Number(value),
          effect: { n: 2, change: { mean: Number(value) - 10_000, low: Number(value) - 10_000 } },
        },
      ]);
    }
    await w.as(s.regulator, (tx) =>
      tx.execute(
        sql`update indicator_values set value_milli = case when pilot_id = (select min(pilot_id::text)::uuid from indicator_values) then 1000000000000 else -1000000000000 end where period = '2014-06'`,
      ),
    );
    const apart = await w.as(s.regulator, (tx) => comparison(tx, s.regulator, s.projectId, everything));
    // t(0.975; 1) = 12.7062, of a standard deviation of √2 · 10¹² over √2.
    const { change } = apart.indicators[0]?.effect ?? {};
    expect((change?.high ?? 0) / 1e12).toBeCloseTo(12.7062, 3);
  });

  it("reads ten thousand pilots at once, even with statistics from before they came", async () => {
    const w = world();
    const [, s] = w.sectors;
    const site = s.sites[0];
    if (!site) throw new Error("no site");
    await w.as(s.lead, async (tx) => {
      await tx.execute(
        sql`insert into systems (tenant_id, id, site_id, name, description, grade, devices, created_at, updated_at) select ${s.id}::uuid, gen_random_uuid(), ${site.id}::uuid, 'x' || g, '', 3, 1, now(), now() from generate_series(1, 10000) g`,
      );
      await tx.execute(sql`insert into pilots (tenant_id, id, project_id, batch_no, site_id, system_id, code, name, direction, grade, stage, health, created_at, updated_at)
        select ${s.id}::uuid, gen_random_uuid(), ${s.projectId}::uuid, 1 + row_number() over () % 2, site_id, id, 'Q' || row_number() over (), name, 'network', 1 + row_number() over () % 4, 'operation', 'green', now(), now() from systems where devices = 1 and name like 'x%'`);
    });
    // The checks of foreign keys need to know that the table has grown; what the statement reads is not analysed.
    const owner = postgres(w.database.urls.owner, { max: 1 });
    await owner`analyze pilots`;
    await owner.end();
    await w.as(s.lead, (tx) =>
      tx.execute(sql`insert into pilot_effects (tenant_id, pilot_id, site_id, project_id, dimension, before_milli, after_milli, risks, updated_at)
        select p.tenant_id, p.id, p.site_id, p.project_id, d, 12000, 7000 + length(p.code), 1, now() from pilots p, unnest(array['supervision', 'identity', 'network', 'privacy']) d`),
    );
    const began = performance.now();
    const c = await w.as(s.regulator, (tx) => comparison(tx, s.regulator, s.projectId, everything));
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(c.pilots).toBe(10_000);
    expect(c.panels.every((p) => p.effect.n === 10_000 && p.points.length === 120 && p.unshown === 9_880)).toBe(true);
  });
});
