import { eq } from "drizzle-orm";
import postgres from "postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { noteDocument } from "#app/features/document/approval.server.ts";
import { unnamed } from "#app/features/document/difference.rules.ts";
import { latestSubmission, projectDocument } from "#app/features/document/document.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import type { Actor } from "#app/request/actor.ts";
import { projects, risks, sites, submissions, workflowEvents } from "#db/schema/index.ts";
import { reportChapters } from "#seeds/catalogue/index.ts";
import { builtRegister, testAsset, writtenReport } from "#tests/builders/register.ts";
import { sendOf } from "#tests/builders/send.ts";
import { testWorld, type World } from "#tests/builders/world.ts";
import { assignOwner, confirmRisks, setMethod } from "./register.server.ts";
import { gapsOf } from "./report-content.server.ts";
import { reportShape } from "./report-shape.rules.ts";
import { draftReportTexts, openReport, saveReportChapter } from "./report.server.ts";
import { registerFilterSchema } from "./risk.schema.ts";
import { riskPage } from "./risk.view.server.ts";

describe("risk report", () => {
  const world = testWorld();
  const at = (w: World) => {
    const [sector, foreign] = w.sectors;
    const [one = expect.fail("no site")] = sector.sites;
    return { sector, foreign, one, reg: sector.regulator, projectId: sector.projectId };
  };
  const rowsOf = async (w: World) => {
    const { reg, projectId } = at(w);
    return w.as(reg, (tx) => tx.select().from(risks).where(eq(risks.projectId, projectId)).orderBy(risks.code));
  };

  beforeAll(async () => {
    const w = world();
    const weak = { "IDN-EQP-01": "non_compliant", "IDN-EQP-03": "partial", "NET-SOL-02": "non_compliant" } as const;
    const assets = [testAsset(), testAsset({ name: "平台", object: "solution", c: 5, i: 5, a: 5, singleSource: true })];
    await builtRegister(w, at(w).sector, weak, assets);
  });

  it("takes a report from first texts to the national office, and refuses with reasons", async () => {
    const w = world();
    const { sector, foreign, reg, projectId } = at(w);
    const { lead } = sector;
    const high = (await rowsOf(w)).filter((r) => r.level >= 4);
    await w.as(reg, (tx) => confirmRisks(tx, reg, { riskIds: high.map((r) => r.id) }));
    await expect(sendOf(w, reg, { projectId, kind: "riskReport" }, "SUBMIT")).rejects.toMatchObject({
      code: "workflow_refused",
      params: { reasons: expect.stringContaining("八") },
    });
    const { rev } = await w.as(reg, (tx) => draftReportTexts(tx, reg, projectId));
    const drafted = await w.as(reg, (tx) => openReport(tx, reg, projectId));
    const written = reportChapters.flatMap((c) => c.sections.filter((s) => s.from === "text").map((s) => s.key));
    for (const key of written)
      for (const side of [drafted?.body.sections, drafted?.body.sectionsEn])
        expect(side?.[key] ?? "", key).not.toMatch(/^$|undefined|NaN|\{\w+\}|rule_/);
    // What no data hold is a blank with a name, in both languages, and the report is not whole while one stands.
    await expect(sendOf(w, reg, { projectId, kind: "riskReport" }, "SUBMIT")).rejects.toMatchObject({
      code: "workflow_refused",
    });
    const gaps = (
      drafted ? gapsOf((await w.as(reg, (tx) => openReport(tx, reg, projectId)))?.content ?? drafted.content) : []
    )
      .filter((gap) => gap.key === "rule_risk_section_blank")
      .map((gap) => gap.params["section"]);
    expect(gaps).toEqual(["1.2", "2.1", "2.4", "3.2", "5.1", "6.2"]);
    const last = await w.as(reg, (tx) => writtenReport(tx, reg, projectId));
    expect(last).toBeGreaterThan(rev);
    await w.as(reg, (tx) =>
      saveReportChapter(tx, reg, { projectId, language: "zh", rev: last, texts: { "9": "   " } }),
    );
    await expect(
      w.as(reg, (tx) => saveReportChapter(tx, reg, { projectId, language: "zh", rev, texts: { "9": "别人写的" } })),
    ).rejects.toMatchObject({ code: "stale_revision" });
    await expect(sendOf(w, reg, { projectId, kind: "riskReport" }, "SUBMIT")).rejects.toMatchObject({
      params: { reasons: expect.stringContaining("九") },
    });
    await w.as(reg, (tx) => writtenReport(tx, reg, projectId));
    await sendOf(w, reg, { projectId, kind: "riskReport" }, "SUBMIT");
    await expect(
      w.as(reg, (tx) => saveReportChapter(tx, reg, { projectId, language: "zh", rev: 9, texts: { "9": "x" } })),
    ).rejects.toMatchObject({ code: "sealed" });
    await expect(sendOf(w, reg, { projectId, kind: "riskReport" }, "APPROVE")).rejects.toMatchObject({
      status: 403,
    });
    await expect(sendOf(w, lead, { projectId, kind: "riskReport" }, "APPROVE")).rejects.toMatchObject({
      code: "workflow_refused",
      params: { reasons: expect.stringMatching(/责任人/) },
    });
    expect(await w.as(w.director, (tx) => openReport(tx, w.director, projectId))).toBeNull();
    await sendOf(w, lead, { projectId, kind: "riskReport" }, "RETURN", {
      parts: [{ part: "evaluation", reason: "高风险须落实责任人" }],
    });
    await w.as(reg, (tx) => assignOwner(tx, reg, { riskIds: high.map((r) => r.id), owner: "安全处 张某" }));
    await sendOf(w, reg, { projectId, kind: "riskReport" }, "SUBMIT");
    await sendOf(w, lead, { projectId, kind: "riskReport" }, "APPROVE");
    expect(
      await w.as(lead, (tx) => tx.select({ state: projects.state }).from(projects).where(eq(projects.id, projectId))),
    ).toEqual([{ state: "pilotPlan.drafting" }]);
    const read = await w.as(w.director, (tx) => openReport(tx, w.director, projectId));
    expect(read?.submission?.summary).toMatchObject({ highRisksWithoutOwner: 0, missingChapters: [] });
    expect(read?.submission?.summary).toMatchObject({ count: read?.content.risks.length });
    const doc = await w.as(lead, (tx) => projectDocument(tx, projectId, "riskReport"));
    const sealed = await w.as(lead, (tx) => latestSubmission(tx, doc?.id ?? ""));
    const log = await w.as(lead, (tx) =>
      tx.select().from(workflowEvents).where(eq(workflowEvents.objectId, projectId)),
    );
    expect(log.find((e) => e.type === "APPROVE_RISK_REPORT")?.contentHash).toBe(sealed?.sha256);
    expect(
      await w.as(foreign.lead, (tx) =>
        tx.select({ id: submissions.id }).from(submissions).where(eq(submissions.projectId, projectId)),
      ),
    ).toEqual([]);
    await expect(w.as(reg, (tx) => setMethod(tx, reg, { projectId, method: "multiplication" }))).rejects.toMatchObject({
      code: "sealed",
    });
  });

  describe("an approved report over a register that moves on", () => {
    const page = (actor: Actor, locale: Locale = "zh-CN") =>
      world().as(
        actor,
        async (tx) =>
          (
            await riskPage(
              tx,
              actor,
              at(world()).projectId,
              { view: "report", filter: registerFilterSchema.parse({ status: "all" }), add: false, work: false },
              locale,
            )
          ).report,
      );
    const move = (type: "submit" | "approve") => {
      const { sector, reg, projectId } = at(world());
      return type === "submit"
        ? sendOf(world(), reg, { projectId, kind: "riskReport" }, "SUBMIT")
        : sendOf(world(), sector.lead, { projectId, kind: "riskReport" }, "APPROVE");
    };
    const own = (riskId: string, owner: string) =>
      world().as(at(world()).reg, (tx) => assignOwner(tx, at(world()).reg, { riskIds: [riskId], owner }));
    const highest = async () =>
      (await rowsOf(world())).find((r) => r.level >= 4 && r.status === "confirmed") ?? expect.fail("no high risk");

    it("is whole in its shape: no member is forgotten", async () => {
      const w = world();
      const { reg, projectId } = at(w);
      const report = await w.as(reg, (tx) => openReport(tx, reg, projectId));
      expect(report?.content.risks.length).toBeGreaterThan(0);
      expect(unnamed(report?.content, reportShape)).toEqual([]);
    });

    it("bears no mark for what the approval did not judge", async () => {
      const w = world();
      const { reg, one, sector, projectId } = at(w);
      await w.as(reg, (tx) =>
        tx.update(sites).set({ region: "上海", name: "改了名的单位" }).where(eq(sites.id, one.id)),
      );
      await w.as(reg, (tx) => tx.update(risks).set({ residualLevel: 1 }).where(eq(risks.projectId, projectId)));
      expect(
        await w.as(reg, async (tx) => {
          const document = await projectDocument(tx, projectId, "riskReport");
          return document && noteDocument(tx, reg, document, { locale: "zh-CN" });
        }),
      ).toBe(false);
      for (const actor of [reg, sector.lead, w.director])
        expect((await page(actor))?.standing?.approval).toMatchObject({ needed: false, changes: [], intact: true });
      await expect(move("submit")).rejects.toMatchObject({
        code: "workflow_refused",
        extra: { reasons: [{ code: "reason_document_unchanged" }] },
      });
    });

    it("is marked by a change of a line, in the reader's words, and no longer once the change is undone", async () => {
      const w = world();
      const { reg } = at(w);
      const risk = await highest();
      await own(risk.id, "李某");
      expect((await page(reg))?.standing?.approval).toMatchObject({
        needed: true,
        changes: [{ label: `${risk.code} · 责任人`, before: risk.owner, after: "李某" }],
      });
      expect((await page(reg, "en"))?.standing?.approval?.changes[0]?.label).toBe(`${risk.code} · Owner`);
      // The national office learns that it changed, not what.
      expect((await page(w.director))?.standing?.approval).toMatchObject({ needed: true, changes: [] });
      await own(risk.id, risk.owner);
      for (const actor of [reg, w.director])
        expect((await page(actor))?.standing?.approval).toMatchObject({ needed: false, changes: [] });
    });

    it("goes up again alone, is read against the approved one, and holds as it was until it is approved", async () => {
      const w = world();
      const { sector, reg, projectId } = at(w);
      const risk = await highest();
      const before = await page(w.director);
      await own(risk.id, "");
      expect((await page(reg))?.standing?.acts.find((a) => a.type === "RESUBMIT")).toMatchObject({ enabled: true });
      await move("submit");
      // The project's own condition holds on: each high risk has an owner.
      await expect(move("approve")).rejects.toMatchObject({
        code: "workflow_refused",
        extra: { reasons: [{ code: "reason_project_high_risks_without_owner" }] },
      });
      await sendOf(w, sector.lead, { projectId, kind: "riskReport" }, "RETURN", {
        parts: [{ part: "evaluation", reason: "须有责任人" }],
      });
      await own(risk.id, "王某");
      await move("submit");
      expect((await page(sector.lead))?.standing?.approval).toMatchObject({
        needed: false,
        changes: [{ before: risk.owner, after: "王某" }],
      });
      expect((await page(w.director))?.seal?.sha256).toBe(before?.seal?.sha256);
      await move("approve");
      expect((await page(reg))?.standing?.approval).toMatchObject({ needed: false, changes: [] });
      expect((await page(w.director))?.seal?.sha256).not.toBe(before?.seal?.sha256);
      expect(
        await w.as(reg, (tx) => tx.select({ state: projects.state }).from(projects).where(eq(projects.id, projectId))),
      ).toEqual([{ state: "pilotPlan.drafting" }]);
    });

    it("says so when the sealed content was changed past the product", async () => {
      const w = world();
      const { reg, projectId } = at(w);
      const superuser = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
      await superuser`update submissions set content = jsonb_set(content, '{risks,0,owner}', '"别人"') where project_id = ${projectId} and kind = 'riskReport'`;
      await superuser.end();
      expect((await page(reg))?.standing?.approval).toMatchObject({ intact: false });
    });
  });
});
