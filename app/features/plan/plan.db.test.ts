import { reportMeasuresDone } from "./measures-done.server.ts";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { unnamed } from "#app/features/document/difference.rules.ts";
import type { Actor } from "#app/request/actor.ts";
import { assignOwner, confirmRisks, loadRisk, updateRisk } from "#app/features/risk/register.server.ts";
import { updateRiskSchema } from "#app/features/risk/risk.schema.ts";
import { formatMoney } from "#app/i18n/format.ts";
import { measures, projects, risks } from "#db/schema/index.ts";
import { builtRegister, testAsset, writtenReport } from "#tests/builders/register.ts";
import { sendOf } from "#tests/builders/send.ts";
import { testWorld, type World } from "#tests/builders/world.ts";
import { planPage } from "./plan.view.server.ts";
import { gapsOf } from "./plan-content.server.ts";
import {
  addBudgetLine,
  addIndicator,
  addMeasure,
  deleteBudgetLine,
  deleteMeasure,
  updateBudgetLine,
  updateMeasure,
} from "./plan-rows.server.ts";
import { planShape } from "./plan-shape.rules.ts";
import {
  budgetLineIdSchema,
  newBudgetLineSchema,
  newIndicatorSchema,
  newMeasureSchema,
  updateMeasureSchema,
} from "./plan.schema.ts";
import { explainShare, nominateSystem, openPlan, savePlanTexts } from "./plan.server.ts";

const text = {
  organisation: "主管部门",
  goals: "降低外场设备风险",
  technology: "国密算法",
  roles: "分工",
  results: "成果",
  contingency: "应急",
  commitments: "承诺",
};

describe("pilot plan", () => {
  const world = testWorld();
  const at = (w: World) => {
    const [sector, foreign] = w.sectors;
    const [one, two] = sector.sites;
    if (!one || !two) throw new Error("no sites");
    return { sector, foreign, one, two, reg: sector.regulator, lead: sector.lead, projectId: sector.projectId };
  };
  const planOf = async (w: World) => {
    const { reg, projectId } = at(w);
    const plan = await w.as(reg, (tx) => openPlan(tx, reg, projectId));
    if (!plan) throw new Error("no plan");
    return plan;
  };
  const keys = async (w: World) => gapsOf((await planOf(w)).content).map((g) => g.key);
  const measureFor = (riskId: string, over: object = {}) =>
    newMeasureSchema.parse({
      riskId,
      title: "更换默认口令 𠮷",
      dimension: "",
      object: "",
      lifecycle: "",
      mechanism: "",
      budgetLineId: "",
      startsOn: "",
      endsOn: "",
      owner: "",
      threatCut: "0",
      vulnerabilityCut: "3",
      ...over,
    });

  beforeAll(async () => {
    const w = world();
    const { sector, reg, lead, projectId } = at(w);
    await builtRegister(w, sector, { "IDN-EQP-01": "non_compliant" }, [testAsset({ c: 5, i: 5, a: 5 })]);
    await w.as(reg, async (tx) => {
      const rows = await tx.select({ id: risks.id }).from(risks).where(eq(risks.projectId, projectId));
      await confirmRisks(tx, reg, { riskIds: rows.map((r) => r.id) });
      await assignOwner(tx, reg, { riskIds: rows.map((r) => r.id), owner: "张某" });
      await writtenReport(tx, reg, projectId);
    });
    await sendOf(w, reg, { projectId, kind: "riskReport" }, "SUBMIT");
    await sendOf(w, lead, { projectId, kind: "riskReport" }, "APPROVE");
  });

  it("tells what a plan lacks until it is whole, and follows the residual risk", async () => {
    const w = world();
    const { one, two, reg, projectId } = at(w);
    expect(await keys(w)).toEqual([
      "rule_plan_no_measure",
      "rule_plan_high_risk_without_measure",
      "rule_plan_no_budget",
      "rule_plan_no_indicator",
      "rule_plan_nothing_nominated",
      "rule_plan_section_missing",
    ]);
    const { content } = await planOf(w);
    const [first] = content.risks;
    if (!first) throw new Error("no high risk");
    const line = await w.as(reg, (tx) =>
      addBudgetLine(tx, reg, {
        projectId,
        ...newBudgetLineSchema.parse({
          siteId: one.id,
          title: "口令整改",
          amount: "9.99",
          security: "on",
          lifecycle: "operation",
        }),
      }),
    );
    await w.as(reg, (tx) =>
      addBudgetLine(tx, reg, {
        projectId,
        ...newBudgetLineSchema.parse({ siteId: one.id, title: "硬件", amount: "90.01", lifecycle: "design" }),
      }),
    );
    const strange = await w.as(reg, (tx) =>
      addBudgetLine(tx, reg, {
        projectId,
        ...newBudgetLineSchema.parse({
          siteId: two.id,
          title: "他单位",
          amount: "1",
          security: "on",
          lifecycle: "design",
        }),
      }),
    );
    await expect(
      w.as(reg, (tx) => addMeasure(tx, reg, { projectId, ...measureFor(first.id, { budgetLineId: strange }) })),
    ).rejects.toMatchObject({ fieldErrors: { budgetLineId: ["error_plan_line_of_other_site"] } });
    const added = await w.as(reg, async (tx) => {
      const rows = [];
      for (const r of content.risks) rows.push(await addMeasure(tx, reg, { projectId, ...measureFor(r.id) }));
      return rows;
    });
    expect(added.map((m) => m.code)).toEqual(added.map((_, i) => `M-${String(i + 1).padStart(4, "0")}`));
    expect((await planOf(w)).content.risks[0]?.residualLevel).toBeLessThan(first.level);
    expect(await keys(w)).toEqual(
      expect.arrayContaining([
        "rule_plan_measure_without_lifecycle",
        "rule_plan_measure_without_dimension",
        "rule_plan_measure_without_budget",
        "rule_plan_share_low",
      ]),
    );
    for (const m of added)
      await w.as(reg, (tx) =>
        updateMeasure(
          tx,
          reg,
          updateMeasureSchema.parse({
            ...m,
            measureId: m.id,
            dimension: "identity",
            object: "equipment",
            lifecycle: "operation",
            mechanism: "defend",
            budgetLineId: line,
            startsOn: "2014-04-01",
            endsOn: "2014-06-30",
            owner: "王工",
          }),
        ),
      );
    const [m] = added;
    if (!m) throw new Error("no measure");
    await expect(
      w.as(reg, (tx) => updateMeasure(tx, reg, updateMeasureSchema.parse({ ...m, measureId: m.id }))),
    ).rejects.toMatchObject({ code: "stale_revision", extra: { theirs: { owner: "王工" } } });
    expect(
      updateMeasureSchema.safeParse({ ...m, measureId: m.id, startsOn: "2014-05-01", endsOn: "2014-04-01" }).success,
    ).toBe(false);
    await expect(
      w.as(reg, (tx) => deleteBudgetLine(tx, reg, budgetLineIdSchema.parse({ budgetLineId: line }))),
    ).rejects.toMatchObject({ code: "plan_line_in_use" });
    await w.as(reg, (tx) =>
      addIndicator(tx, reg, {
        projectId,
        ...newIndicatorSchema.parse({
          name: "弱口令比例",
          unit: "%",
          dimension: "identity",
          direction: "down",
          baseline: "12.5",
          target: "1",
        }),
      }),
    );
    let rev = (await planOf(w)).rev;
    rev = await w.as(reg, (tx) =>
      nominateSystem(tx, reg, { projectId, rev, systemId: one.systemId, batchNo: 1, direction: "identity" }),
    );
    rev = await w.as(reg, (tx) => savePlanTexts(tx, reg, { projectId, rev, language: "zh", texts: text }));
    expect(await keys(w)).toEqual(["rule_plan_share_low"]);
    await w.as(reg, (tx) => explainShare(tx, reg, { projectId, rev, siteId: one.id, reason: "设备自带安全模块" }));
    expect(await keys(w)).toEqual(["rule_plan_share_low_with_reason"]);
    expect((await planOf(w)).content.budgetLines.find((l) => l.id === line)?.amountCenti).toBe(999);
  });

  it("shows a site its own measures and lets it report one done, nothing else", async () => {
    const w = world();
    const { one, two, foreign, reg, projectId } = at(w);
    const own = await w.as(one.officer, (tx) => openPlan(tx, one.officer, projectId));
    const [m] = own?.content.measures ?? [];
    if (!m) throw new Error("no measure");
    expect(own?.content.nominations).toEqual([]);
    expect((await w.as(two.officer, (tx) => openPlan(tx, two.officer, projectId)))?.content.measures).toEqual([]);
    const done = (doneOn: string) =>
      w.as(one.officer, (tx) => reportMeasuresDone(tx, one.officer, [{ measureId: m.id, doneOn }]));
    await expect(done("2099-01-01")).rejects.toMatchObject({ fieldErrors: { doneOn: ["error_field_day_ahead"] } });
    // Not before the programme began, and no year that somebody typed short.
    for (const early of ["2012-12-31", "1914-06-30"])
      await expect(done(early)).rejects.toMatchObject({
        fieldErrors: { doneOn: ["error_measure_before_pilot|day=2013-01-01"] },
      });
    await done("2013-06-01");
    expect(
      await w.as(reg, (tx) =>
        tx.select({ doneOn: measures.doneOn, rev: measures.rev }).from(measures).where(eq(measures.id, m.id)),
      ),
    ).toEqual([{ doneOn: "2013-06-01", rev: m.rev }]);
    await expect(
      w.as(two.officer, (tx) => reportMeasuresDone(tx, two.officer, [{ measureId: m.id, doneOn: null }])),
    ).rejects.toMatchObject({ status: 404 });
    await expect(
      w.as(foreign.regulator, (tx) => deleteMeasure(tx, foreign.regulator, { measureId: m.id, rev: m.rev })),
    ).rejects.toMatchObject({ status: 404 });
    await expect(
      w.as(one.lead, (tx) => deleteMeasure(tx, one.lead, { measureId: m.id, rev: m.rev })),
    ).rejects.toBeTruthy();
  });

  it("goes through the sector and the national office, back once, with its reasons", async () => {
    const w = world();
    const { reg, lead, one, projectId } = at(w);
    const { director, editor } = w;
    const state = async () =>
      (
        await w.as(director, (tx) =>
          tx.select({ state: projects.state }).from(projects).where(eq(projects.id, projectId)),
        )
      )[0]?.state;
    // Without the reason it may go up; the national office then has to refuse it.
    const { rev } = await planOf(w);
    await w.as(reg, (tx) => explainShare(tx, reg, { projectId, rev, siteId: one.id, reason: "" }));
    await sendOf(w, reg, { projectId, kind: "pilotPlan" }, "SUBMIT");
    expect(await w.as(director, (tx) => openPlan(tx, director, projectId))).toBeNull();
    await expect(w.as(reg, (tx) => addMeasure(tx, reg, { projectId, ...measureFor(one.id) }))).rejects.toMatchObject({
      code: "sealed",
    });
    await expect(sendOf(w, director, { projectId, kind: "pilotPlan" }, "APPROVE")).rejects.toMatchObject({
      code: "nothing_submitted",
    });
    await sendOf(w, lead, { projectId, kind: "pilotPlan" }, "ENDORSE");
    expect(await state()).toBe("pilotPlan.nationalReview");
    const seen = await w.as(editor, (tx) => openPlan(tx, editor, projectId));
    expect(seen?.content.measures.length).toBeGreaterThan(0);
    await expect(sendOf(w, editor, { projectId, kind: "pilotPlan" }, "APPROVE")).rejects.toMatchObject({
      status: 403,
    });
    await expect(sendOf(w, director, { projectId, kind: "pilotPlan" }, "APPROVE")).rejects.toMatchObject({
      code: "workflow_refused",
      params: { reasons: expect.stringContaining("10%") },
    });
    await sendOf(w, director, { projectId, kind: "pilotPlan" }, "RETURN", {
      parts: [{ part: "budget", reason: "补足安全投入或说明理由" }],
    });
    expect(await state()).toBe("pilotPlan.drafting");
    const { content } = await planOf(w);
    const line = content.budgetLines.find((l) => l.security && l.siteId === one.id);
    if (!line) throw new Error("no line");
    await w.as(reg, (tx) =>
      updateBudgetLine(tx, reg, {
        budgetLineId: line.id,
        siteId: one.id,
        title: line.title,
        amount: 1001,
        security: true,
        lifecycle: line.lifecycle,
      }),
    );
    await sendOf(w, reg, { projectId, kind: "pilotPlan" }, "SUBMIT");
    await sendOf(w, lead, { projectId, kind: "pilotPlan" }, "ENDORSE");
    await sendOf(w, director, { projectId, kind: "pilotPlan" }, "APPROVE");
    expect(await state()).toBe("batchOne.selecting");
    expect((await w.as(director, (tx) => openPlan(tx, director, projectId)))?.submission?.summary).toMatchObject({
      budgetsBelowShare: 0,
      securityShareThreshold: 10,
      nominatedByBatch: { 1: 1, 2: 0 },
    });
  });

  describe("an approved plan", () => {
    const page = (actor: Actor) => world().as(actor, (tx) => planPage(tx, actor, at(world()).projectId, "zh-CN"));
    const content = (actor: Actor) =>
      world().as(
        actor,
        async (tx) => (await openPlan(tx, actor, at(world()).projectId))?.content ?? expect.fail("no plan"),
      );

    it("is whole in its shape: no member is forgotten", async () => {
      const c = await content(at(world()).reg);
      expect([c.measures, c.budgetLines, c.nominations, c.risks].map((l) => l.length > 0)).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect(unnamed(c, planShape)).toEqual([]);
    });

    it("bears no mark while it is carried out, and one when a measure, its budget or a risk it treats changes", async () => {
      const w = world();
      const { reg, one, projectId } = at(w);
      const [m] = (await content(reg)).measures;
      if (!m) throw new Error("no measure");
      await w.as(one.officer, (tx) => reportMeasuresDone(tx, one.officer, [{ measureId: m.id, doneOn: "2013-06-02" }]));
      expect((await page(reg))?.standing?.approval).toMatchObject({ needed: false, changes: [] });
      const [line] = (await content(reg)).budgetLines;
      if (!line) throw new Error("no line");
      const set = (amount: number) =>
        w.as(reg, (tx) =>
          updateBudgetLine(tx, reg, {
            budgetLineId: line.id,
            siteId: line.siteId,
            title: line.title,
            amount,
            security: line.security,
            lifecycle: line.lifecycle,
          }),
        );
      await set(line.amountCenti + 100_000);
      expect((await page(reg))?.standing?.approval).toMatchObject({
        needed: true,
        changes: [
          {
            label: `${line.title} · 金额`,
            before: `${formatMoney(line.amountCenti, "zh-CN")} 万元`,
            after: `${formatMoney(line.amountCenti + 100_000, "zh-CN")} 万元`,
          },
        ],
      });
      expect((await page(w.director))?.standing?.approval).toMatchObject({ needed: true, changes: [] });
      await set(line.amountCenti);
      expect((await page(w.director))?.standing?.approval).toMatchObject({ needed: false });
      const [risk] = (await content(reg)).risks;
      if (!risk) throw new Error("no risk");
      await w.as(reg, async (tx) => {
        const row = await loadRisk(tx, risk.id);
        await updateRisk(
          tx,
          reg,
          updateRiskSchema.parse({
            riskId: row.id,
            rev: row.rev,
            owner: row.owner,
            treatment: row.treatment ?? "",
            note: row.note,
            threat: 1,
            vulnerability: 1,
          }),
        );
      });
      expect((await page(reg))?.standing?.approval?.changes.map((c) => c.label)).toContain(`${risk.code} · 风险等级`);
      expect(
        await w.as(reg, (tx) => tx.select({ state: projects.state }).from(projects).where(eq(projects.id, projectId))),
      ).toEqual([{ state: "batchOne.selecting" }]);
    });

    it("goes through both offices again, alone, and holds as it was until then", async () => {
      const w = world();
      const { reg, lead, projectId } = at(w);
      const before = (await page(w.director))?.seal?.sha256;
      await sendOf(w, reg, { projectId, kind: "pilotPlan" }, "SUBMIT");
      await expect(
        w.as(reg, (tx) => addMeasure(tx, reg, { projectId, ...measureFor(at(w).one.id) })),
      ).rejects.toMatchObject({ code: "sealed" });
      await sendOf(w, lead, { projectId, kind: "pilotPlan" }, "ENDORSE");
      const reviewed = await page(w.director);
      expect(reviewed?.standing?.approval?.changes.length).toBeGreaterThan(0);
      await sendOf(w, w.director, { projectId, kind: "pilotPlan" }, "APPROVE");
      expect(await page(w.director)).toMatchObject({ standing: { approval: { needed: false, changes: [] } } });
      expect((await page(w.director))?.seal?.sha256).not.toBe(before);
      expect(
        await w.as(reg, (tx) => tx.select({ state: projects.state }).from(projects).where(eq(projects.id, projectId))),
      ).toEqual([{ state: "batchOne.selecting" }]);
    });
  });
});
