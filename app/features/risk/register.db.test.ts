import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { proposeRisks } from "#app/features/risk/risk-proposals.rules.ts";
import { toLevel } from "#app/domain/vocabulary.ts";
import { assets, risks } from "#db/schema/index.ts";
import { controls, threats, vulnerabilities } from "#seeds/catalogue/index.ts";
import golden from "#seeds/catalogue/fixtures/risk-matrix-125.json" with { type: "json" };
import { answersWith, approveResponse, closeSurvey, respond, testAsset } from "#tests/builders/register.ts";
import { testWorld, type World } from "#tests/builders/world.ts";
import { buildRegister } from "./build.server.ts";
import { addRisk, confirmRisks, dismissRisks, setMethod, updateRisk } from "./register.server.ts";
import { listRisks, registerView, riskChain } from "./register.view.server.ts";
import { loadDocument } from "#app/features/document/document.server.ts";
import { returnDocument } from "#tests/builders/documents.ts";
import { registerFilterSchema, updateRiskSchema } from "./risk.schema.ts";

const filter = (over: object = {}) => registerFilterSchema.parse({ status: "all", ...over });
const weak = {
  "IDN-EQP-01": "non_compliant",
  "IDN-EQP-03": "partial",
  "NET-SOL-02": "non_compliant",
  "PRV-SRV-01": "partial",
} as const;

describe("risk register", () => {
  const world = testWorld();
  const first = [
    testAsset(),
    testAsset({ name: "平台", object: "solution", c: 5, i: 5, a: 5, singleSource: true }),
    testAsset({ name: "云服务", object: "service" }),
  ];
  const other = testAsset({ name: "第二单位设备", c: 5 });
  let responseOf: { one: string; two: string };
  const at = (w: World) => {
    const [sector, foreign] = w.sectors;
    const [one, two] = sector.sites;
    if (!one || !two) throw new Error("no sites");
    return { sector, foreign, one, two, reg: sector.regulator, projectId: sector.projectId };
  };
  const rowsOf = async (w: World) => {
    const { reg, projectId } = at(w);
    return w.as(reg, (tx) => tx.select().from(risks).where(eq(risks.projectId, projectId)).orderBy(risks.code));
  };

  beforeAll(async () => {
    const w = world();
    const { sector, one, two } = at(w);
    await w.as(one.officer, (tx) =>
      tx
        .insert(assets)
        .values(first.map((a) => ({ ...a, tenantId: sector.id, siteId: one.id, systemId: one.systemId }))),
    );
    await closeSurvey(w, sector);
    responseOf = {
      one: await respond(w, sector, one, { answers: answersWith(weak), assets: first }),
      two: await respond(w, sector, two, { answers: answersWith(weak), assets: [other] }),
    };
    await approveResponse(w, sector, responseOf.one);
  });

  it("proposes what the rules propose, once, however often it is built", async () => {
    const w = world();
    const { reg, projectId, one } = at(w);
    const built = await w.as(reg, (tx) => buildRegister(tx, reg, projectId));
    const wanted = proposeRisks({
      assets: first.map((a) => ({
        id: a.id,
        object: a.object,
        value: toLevel(Math.max(a.c, a.i, a.a)),
        systemId: one.systemId,
      })),
      answers: answersWith(weak).map((a) => ({ controlId: a.controlCode, value: a.value, systemId: one.systemId })),
      controls,
      threats,
      vulnerabilities,
    });
    const rows = await rowsOf(w);
    const own = rows.filter((r) => r.siteId === one.id);
    expect(own).toHaveLength(wanted.proposals.length);
    const byKey = new Map(own.map((r) => [`${r.assetId}/${r.threatCode}/${r.vulnerabilityCode}`, r]));
    for (const p of wanted.proposals)
      expect(byKey.get(p.key)).toMatchObject({
        level: p.result.level,
        value: p.result.risk.value,
        likelihood: p.result.likelihood.value,
        loss: p.result.loss.value,
        status: "proposed",
        controlCode: p.chain[0]?.controlId,
      });
    expect(built).toMatchObject({ responses: 2, assets: 4, added: rows.length, updated: 0, withdrawn: 0 });
    expect(rows.map((r) => r.code)).toEqual(rows.map((_, i) => `R-${String(i + 1).padStart(4, "0")}`));
    expect(rows.map((r) => r.level)).toEqual(rows.map((r) => r.level).sort((a, b) => b - a));
    expect(await w.as(reg, (tx) => buildRegister(tx, reg, projectId))).toMatchObject({
      added: 0,
      updated: 0,
      withdrawn: 0,
    });
    expect(await rowsOf(w)).toEqual(rows);
  });

  it("holds the golden figures in every line", async () => {
    for (const r of await rowsOf(world())) {
      const g = golden.find((x) => x.A === r.assetValue && x.T === r.threat && x.V === r.vulnerability);
      expect([r.likelihood, r.likelihoodLevel, r.loss, r.lossLevel, r.value, r.level]).toEqual([
        String(g?.p),
        g?.p_level,
        String(g?.l),
        g?.l_level,
        String(g?.r),
        g?.r_level,
      ]);
    }
  });

  it("takes newer submissions over and keeps what was decided", async () => {
    const w = world();
    const { sector, reg, projectId, two } = at(w);
    const mine = (await rowsOf(w)).filter((r) => r.siteId === two.id);
    const [kept, edited, gone] = mine;
    if (!kept || !edited || !gone) throw new Error("too few risks");
    await w.as(reg, (tx) => confirmRisks(tx, reg, { riskIds: [kept.id] }));
    await w.as(reg, (tx) =>
      updateRisk(
        tx,
        reg,
        updateRiskSchema.parse({
          riskId: edited.id,
          rev: edited.rev,
          owner: "王工",
          threat: 1,
          vulnerability: 2,
          note: "<b>现场</b>核实 👍",
        }),
      ),
    );
    // Sent back, mended all but one answer, and the asset is worth less now.
    await w.as(sector.lead, async (tx) => {
      await returnDocument(tx, sector.lead, {
        document: await loadDocument(tx, responseOf.two),
        locale: "en",
        parts: [{ part: "IDN-EQP-01", reason: "补充" }],
      });
    });
    await respond(
      w,
      sector,
      two,
      {
        answers: answersWith({ [edited.controlCode ?? ""]: "non_compliant" }),
        assets: [{ ...other, c: 1, i: 1, a: 1 }],
      },
      responseOf.two,
    );
    const built = await w.as(reg, (tx) => buildRegister(tx, reg, projectId));
    const now = new Map((await rowsOf(w)).map((r) => [r.id, r]));
    expect(built.withdrawn).toBeGreaterThan(0);
    expect(now.get(kept.id)).toMatchObject({
      status: "confirmed",
      assetValue: 1,
      code: kept.code,
      threat: kept.threat,
    });
    expect(now.get(edited.id)).toMatchObject({
      owner: "王工",
      threat: 1,
      vulnerability: 2,
      assetValue: 1,
      note: "<b>现场</b>核实 👍",
    });
    expect(
      [...now.values()]
        .filter((r) => r.siteId === two.id && r.status === "proposed")
        .every((r) => r.controlCode === edited.controlCode),
    ).toBe(true);
    expect(await w.as(reg, (tx) => buildRegister(tx, reg, projectId))).toMatchObject({
      added: 0,
      updated: 0,
      withdrawn: 0,
    });
  });

  it("refuses a stale revision with the present row, and other people's rows without telling of them", async () => {
    const w = world();
    const { sector, foreign, reg } = at(w);
    const [row] = await rowsOf(w);
    if (!row) throw new Error("no risk");
    const change = (rev: number, owner: string) =>
      updateRiskSchema.parse({
        riskId: row.id,
        rev,
        owner,
        treatment: "",
        threat: row.threat,
        vulnerability: row.vulnerability,
      });
    await w.as(reg, (tx) => updateRisk(tx, reg, change(row.rev, "甲")));
    await expect(
      w.as(sector.regulator2, (tx) => updateRisk(tx, sector.regulator2, change(row.rev, "乙"))),
    ).rejects.toMatchObject({ code: "stale_revision", status: 409, extra: { theirs: { owner: "甲" } } });
    await expect(
      w.as(foreign.regulator, (tx) => updateRisk(tx, foreign.regulator, change(row.rev + 1, "丙"))),
    ).rejects.toMatchObject({ status: 404 });
    await expect(
      w.as(foreign.regulator, (tx) => confirmRisks(tx, foreign.regulator, { riskIds: [row.id] })),
    ).rejects.toMatchObject({ status: 404 });
    expect(updateRiskSchema.safeParse({ ...change(1, "x"), owner: "长".repeat(101) }).success).toBe(false);
    expect(updateRiskSchema.safeParse({ ...change(1, "x"), threat: 6 }).success).toBe(false);
  });

  it("counts the whole register anew by the other method and back", async () => {
    const w = world();
    const { reg, projectId } = at(w);
    const before = await rowsOf(w);
    await w.as(reg, (tx) => setMethod(tx, reg, { projectId, method: "multiplication" }));
    for (const r of await rowsOf(w))
      expect(Number(r.value)).toBeCloseTo(
        Math.sqrt(r.threat * r.vulnerability) * Math.sqrt(r.assetValue * r.vulnerability),
        5,
      );
    await w.as(reg, (tx) => setMethod(tx, reg, { projectId, method: "matrix" }));
    expect((await rowsOf(w)).map((r) => [r.code, r.value, r.level])).toEqual(
      before.map((r) => [r.code, r.value, r.level]),
    );
  });

  it("filters, pages and counts; the chain tells the answer and every number", async () => {
    const w = world();
    const { reg, projectId } = at(w);
    const all = await rowsOf(w);
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await w.as(reg, (tx) =>
        listRisks(tx, reg, { projectId, filter: filter(), limit: 7, ...(cursor ? { cursor } : {}) }, "zh-CN"),
      );
      seen.push(...page.lines.map((l) => l.id));
      cursor = page.next;
    } while (cursor);
    expect(new Set(seen).size).toBe(all.length);
    const view = await w.as(reg, (tx) =>
      registerView(tx, reg, { projectId, filter: filter({ dimension: "identity" }) }, "en"),
    );
    const identity = all.filter((r) => r.dimension === "identity");
    expect(view.figures.total).toBe(identity.length);
    expect(view.figures.heat.reduce((n, c) => n + c.count, 0)).toBe(identity.length);
    const cell = view.figures.heat.find((c) => c.count > 0);
    const inCell = await w.as(reg, (tx) =>
      listRisks(
        tx,
        reg,
        { projectId, filter: filter({ dimension: "identity", cell: `${cell?.likelihood}.${cell?.loss}` }), limit: 200 },
        "en",
      ),
    );
    expect(inCell.lines).toHaveLength(cell?.count ?? 0);
    expect(
      (await w.as(reg, (tx) => listRisks(tx, reg, { projectId, filter: filter({ q: "100%_\\" }) }, "en"))).lines,
    ).toEqual([]);
    expect(
      (await w.as(reg, (tx) => listRisks(tx, reg, { projectId, filter: filter({ q: "𠮷" }), limit: 200 }, "en"))).lines,
    ).toHaveLength(all.filter((r) => r.assetId === first[0]?.id).length);
    const chain = await w.as(reg, (tx) => riskChain(tx, view.lines[0]?.id ?? "", "zh-CN"));
    expect(chain?.answers[0]).toMatchObject({ note: "说明" });
    expect(chain?.steps).toHaveLength(3);
    expect(chain?.steps.every((s) => s.text !== s.key)).toBe(true);
  });

  it("shows a site its confirmed risks alone, and the national office none", async () => {
    const w = world();
    const { one, two, reg, projectId, foreign } = at(w);
    const mine = (await rowsOf(w)).filter((r) => r.siteId === one.id);
    const chosen = mine.slice(0, 3).map((r) => r.id);
    expect(await w.as(reg, (tx) => confirmRisks(tx, reg, { riskIds: chosen }))).toBe(3);
    expect(await w.as(reg, (tx) => dismissRisks(tx, reg, { riskIds: [mine[3]?.id ?? ""] }))).toBe(1);
    const seen = await w.as(one.officer, (tx) =>
      listRisks(tx, one.officer, { projectId, filter: filter(), limit: 200 }, "zh-CN"),
    );
    expect(seen.lines.map((l) => l.id).sort()).toEqual(chosen.toSorted());
    expect(
      (
        await w.as(two.officer, (tx) => listRisks(tx, two.officer, { projectId, filter: filter() }, "zh-CN"))
      ).lines.some((l) => l.siteId === one.id),
    ).toBe(false);
    expect(await w.as(one.officer, (tx) => riskChain(tx, mine[3]?.id ?? "", "zh-CN"))).toBeNull();
    const read = (actor: typeof reg) =>
      w.as(actor, (tx) => tx.select({ id: risks.id }).from(risks).where(eq(risks.projectId, projectId)));
    expect(await read(foreign.regulator)).toEqual([]);
    for (const stranger of [w.director, w.assessor])
      await expect(read(stranger)).rejects.toMatchObject({ cause: { code: "42501" } });
    await expect(w.as(one.lead, (tx) => confirmRisks(tx, one.lead, { riskIds: chosen }))).rejects.toBeTruthy();
  });

  it("adds a line by hand once", async () => {
    const w = world();
    const { reg, projectId } = at(w);
    const input = {
      projectId,
      assetId: first[0]?.id ?? "",
      threatCode: "T01",
      vulnerabilityCode: "V48",
      threat: 2,
      vulnerability: 3,
      owner: "甲",
      note: "",
    };
    const row = await w.as(reg, (tx) => addRisk(tx, reg, input));
    expect(row).toMatchObject({ status: "confirmed", controlCode: null, assetValue: 4 });
    await expect(w.as(reg, (tx) => addRisk(tx, reg, input))).rejects.toMatchObject({ code: "duplicate" });
    expect((await w.as(reg, (tx) => buildRegister(tx, reg, projectId))).withdrawn).toBe(0);
  });
});
