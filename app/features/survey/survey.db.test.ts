import { transition } from "#app/features/document/transition.server.ts";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { loadDraft } from "#app/features/document/document.server.ts";
import { projectFacts } from "#app/features/project/facts.server.ts";
import { loadProject, registerSystem } from "#app/features/project/project.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { responseSummary } from "#app/features/project/summaries.schema.ts";
import { loadInstance } from "#app/features/workflow/instance.server.ts";
import { answers, assets, submissions, workflowEvents } from "#db/schema/index.ts";
import { controls } from "#seeds/catalogue/index.ts";
import { send } from "#tests/builders/send.ts";
import { cell, code, fullSheet, gateway, responseOf, siteOf } from "#tests/builders/survey.ts";
import { testWorld } from "#tests/builders/world.ts";
import { addAsset, addAssets, changeAsset, listAssets, removeAsset } from "./assets.server.ts";
import { bySite, rateOf, responseLines, surveyScores } from "./progress.server.ts";
import { answerSchema, assetSchema } from "./survey.schema.ts";
import type { Aside } from "#app/request/aside.rules.ts";
import { inviteSystems, saveAnswer, saveAnswers, listResponses } from "./survey.server.ts";
import { responseView } from "./response.view.server.ts";

const locale = "zh-CN" as const;

describe("a survey from opening to approval", () => {
  const world = testWorld();
  const own = () => world().sectors[0];
  let documentId = "";

  it("cannot be answered before it is opened, and opens a response for each system", async () => {
    const w = world();
    const { regulator, projectId } = own();
    const opened = await w.as(regulator, (tx) =>
      transitionProject(tx, regulator, { projectId, type: "OPEN_SURVEY", expectedVersion: 0, locale }),
    );
    expect(opened).toMatchObject({ to: "survey.collecting" });
    expect(await w.as(regulator, (tx) => listResponses(tx, regulator, projectId))).toHaveLength(2);
    documentId = await responseOf(w, siteOf(w).officer, projectId, siteOf(w).id);
    // again: nothing is left to invite, and the machine refuses
    await expect(
      w.as(regulator, (tx) => transitionProject(tx, regulator, { projectId, type: "OPEN_SURVEY", locale })),
    ).rejects.toMatchObject({
      code: "workflow_refused",
      status: 422,
    });
  });

  it("gives a system that is registered late its response", async () => {
    const w = world();
    const { regulator, projectId } = own();
    await w.as(regulator, (tx) =>
      registerSystem(tx, regulator, {
        siteId: siteOf(w, 0, 1).id,
        name: "补登系统",
        description: "",
        grade: 2,
        devices: 10,
      }),
    );
    expect(await w.as(regulator, (tx) => inviteSystems(tx, regulator, { projectId }))).toHaveLength(1);
    expect(await w.as(regulator, (tx) => inviteSystems(tx, regulator, { projectId }))).toEqual([]);
  });

  it("saves a cell by itself and tells the second of two officers what the first wrote", async () => {
    const w = world();
    const { officer, lead } = siteOf(w);
    const input = { ...cell(0, { note: "首次" }), documentId, locale };
    expect(await w.as(officer, (tx) => saveAnswer(tx, officer, input))).toBe(1);
    expect(await w.as(officer, (tx) => saveAnswer(tx, officer, { ...input, note: "再改", rev: 1 }))).toBe(2);
    await expect(
      w.as(lead, (tx) => saveAnswer(tx, lead, { ...input, note: "负责人的话", rev: 1 })),
    ).rejects.toMatchObject({
      code: "stale_revision",
      status: 409,
      extra: { rev: 2, theirs: { note: "再改", updatedByName: officer.name } },
    });
    // another cell of the same sheet is no conflict
    expect(await w.as(lead, (tx) => saveAnswer(tx, lead, { ...cell(1), documentId, locale }))).toBe(1);
  });

  it("takes of many cells those that can be taken, and tells of each other what is wrong with it", async () => {
    const w = world();
    const { officer } = siteOf(w);
    const save = (cells: ReturnType<typeof cell>[], aside: Aside[] = []) =>
      w.as(officer, (tx) => saveAnswers(tx, officer, { documentId, cells, aside, locale }));
    const unread = { given: { controlCode: code(20), note: "铃\u0007" }, errors: { note: ["控制字符"] } };
    expect(await save([cell(21), { ...cell(22), controlCode: "ZZZ-ZZZ-99" }], [unread])).toEqual({
      saved: [{ controlCode: code(21), rev: 1 }],
      conflicts: [],
      refused: [
        { controlCode: code(20), errors: { note: ["控制字符"] } },
        { controlCode: "ZZZ-ZZZ-99", errors: { controlCode: [expect.stringMatching(/./)] } },
      ],
    });
    await expect(save([{ ...cell(22), controlCode: "ZZZ-ZZZ-99" }])).rejects.toMatchObject({ status: 422 });
  });

  it("lets exactly one of two simultaneous first answers through", async () => {
    const w = world();
    const { officer, lead } = siteOf(w);
    const results = await Promise.allSettled(
      [officer, lead, officer, lead].map((who, n) =>
        w.as(who, (tx) => saveAnswer(tx, who, { ...cell(2, { note: `第 ${n} 稿` }), documentId, locale })),
      ),
    );
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
    for (const r of results) if (r.status === "rejected") expect(r.reason).toMatchObject({ code: "stale_revision" });
  });

  it("keeps markup, emoji and rare Han as they were typed and refuses what is too long or unknown", async () => {
    const w = world();
    const { officer } = siteOf(w);
    const note = "<script>alert(1)</script> 𠮷野家 👩‍🔧 𬌗龘";
    await w.as(officer, (tx) => saveAnswer(tx, officer, { ...cell(3, { note }), documentId, locale }));
    const view = await w.as(officer, (tx) => responseView(tx, officer, { documentId, locale }));
    expect(view.cells.find((c) => c.controlCode === code(3))?.note).toBe(note);
    expect(answerSchema.safeParse(cell(3, { note: "长".repeat(4001) })).success).toBe(false);
    expect(assetSchema.safeParse({ ...gateway, c: 6 }).success).toBe(false);
    await expect(
      w.as(officer, (tx) => saveAnswer(tx, officer, { ...cell(3), controlCode: "ZZZ-ZZZ-99", documentId, locale })),
    ).rejects.toMatchObject({ status: 422 });
  });

  it("shows a regulator neither draft nor answers, and nobody else's response to anyone", async () => {
    const w = world();
    const { regulator, projectId } = own();
    const { officer: neighbour } = siteOf(w, 0, 1);
    const { officer: stranger } = siteOf(w, 1);
    const refused = { cause: { code: "42501" } };
    await expect(w.as(regulator, (tx) => tx.select().from(answers))).rejects.toMatchObject(refused);
    await expect(w.as(regulator, (tx) => tx.select().from(assets))).rejects.toMatchObject(refused);
    expect(await w.as(regulator, (tx) => loadDraft(tx, documentId, null))).toMatchObject({ rev: 0 });
    for (const who of [regulator, neighbour, stranger, w.sectors[1].regulator, w.editor]) {
      await expect(w.as(who, (tx) => responseView(tx, who, { documentId, locale }))).rejects.toMatchObject({
        status: 404,
      });
    }
    for (const who of [neighbour, stranger])
      await expect(w.as(who, (tx) => saveAnswer(tx, who, { ...cell(9), documentId, locale }))).rejects.toMatchObject({
        status: 404,
      });
    await expect(
      w.as(w.sectors[1].regulator, (tx) =>
        transitionProject(tx, w.sectors[1].regulator, { projectId, type: "START_CLOSING", locale }),
      ),
    ).rejects.toMatchObject({ status: 404 });
  });

  it("is not submitted while something is missing, and never by an officer", async () => {
    const w = world();
    const { officer, lead } = siteOf(w);
    await expect(send(w, lead, documentId, "SUBMIT")).rejects.toMatchObject({
      code: "workflow_refused",
      status: 422,
    });
    await w.as(officer, async (tx) => {
      const view = await responseView(tx, officer, { documentId, locale });
      const revs = new Map(view.cells.map((c) => [c.controlCode, c.rev]));
      const { conflicts, saved } = await saveAnswers(tx, officer, {
        documentId,
        cells: fullSheet.map((c) => ({ ...c, rev: revs.get(c.controlCode) ?? 0 })),
        locale,
      });
      expect(conflicts).toEqual([]);
      expect(saved).toHaveLength(controls.length);
    });
    await expect(send(w, lead, documentId, "SUBMIT")).rejects.toMatchObject({
      code: "workflow_refused",
      params: { reasons: expect.stringContaining("资产清单") as string },
    });
    await w.as(officer, (tx) => addAsset(tx, officer, { documentId, locale, ...gateway }));
    await expect(send(w, officer, documentId, "SUBMIT")).rejects.toMatchObject({
      code: "workflow_refused",
      status: 403,
    });
  });

  it("is sealed with answers and assets when the lead submits it, and cannot be written then", async () => {
    const w = world();
    const { officer, lead } = siteOf(w);
    const { regulator } = own();
    const seen = (await w.as(lead, (tx) => loadInstance(tx, documentId))).lockVersion;
    const done = await w.as(lead, (tx) =>
      transition(tx, lead, { documentId, type: "SUBMIT", expectedVersion: seen, locale }),
    );
    expect(done.to).toBe("submitted.sector");
    expect(done.submission?.content).toMatchObject({
      kind: "surveyResponse",
      system: { grade: 3 },
      assets: [{ name: "采集网关", singleSource: true }],
    });
    expect(responseSummary.parse(done.submission?.summary)).toMatchObject({
      completeness: 100,
      assets: 1,
      singleSource: 1,
      weak: { supervision: 3 },
    });
    await expect(
      w.as(officer, (tx) => saveAnswer(tx, officer, { ...cell(0, { rev: 3 }), documentId, locale })),
    ).rejects.toMatchObject({ code: "sealed" });
    await expect(
      w.as(officer, (tx) => addAsset(tx, officer, { documentId, locale, ...gateway })),
    ).rejects.toMatchObject({ code: "sealed" });
    await expect(
      w.as(lead, (tx) => transition(tx, lead, { documentId, type: "SUBMIT", expectedVersion: seen, locale })),
    ).rejects.toMatchObject({ code: "stale_version", extra: { since: [{ type: "SUBMIT" }] } });
    const view = await w.as(regulator, (tx) => responseView(tx, regulator, { documentId, locale }));
    expect(view).toMatchObject({ mode: "review", completeness: { percent: 100 } });
    expect(view.standing.acts.map((a) => [a.type, a.enabled])).toEqual([
      ["START_REVIEW", true],
      ["RETURN", true],
      ["APPROVE", true],
    ]);
  });

  it("can be withdrawn until the review begins", async () => {
    const w = world();
    const { lead } = siteOf(w);
    const { regulator } = own();
    expect((await send(w, lead, documentId, "WITHDRAW")).to).toBe("draft");
    await send(w, lead, documentId, "SUBMIT");
    await send(w, regulator, documentId, "START_REVIEW");
    await expect(send(w, lead, documentId, "WITHDRAW")).rejects.toMatchObject({
      code: "workflow_refused",
      status: 422,
    });
  });

  it("comes back with reasons beside the answers, and every other answer stays", async () => {
    const w = world();
    const { officer, lead } = siteOf(w);
    const { regulator } = own();
    const parts = [
      { part: code(0), reason: "佐证与结论不符" },
      { part: "assets", reason: "缺平台服务器" },
    ];
    await expect(
      send(w, regulator, documentId, "RETURN", { parts: [{ part: "NO-SUCH-01", reason: "x" }] }),
    ).rejects.toMatchObject({ status: 422 });
    await expect(send(w, regulator, documentId, "RETURN", { parts: [] })).rejects.toMatchObject({
      code: "workflow_refused",
    });
    expect((await send(w, regulator, documentId, "RETURN", { parts })).to).toBe("returned");
    const before = await w.as(officer, (tx) => responseView(tx, officer, { documentId, locale }));
    expect(before.cells).toHaveLength(controls.length);
    expect(before.completeness.returned).toEqual([code(0)]);
    expect(before.marks.map((k) => [k.part, k.reason, k.open])).toEqual(
      expect.arrayContaining([
        [code(0), "佐证与结论不符", true],
        ["assets", "缺平台服务器", true],
      ]),
    );
    const rev = before.cells.find((c) => c.controlCode === code(0))?.rev ?? 0;
    await w.as(officer, (tx) =>
      saveAnswer(tx, officer, {
        ...cell(0, { value: "partial", note: "已更正", evidenceRef: "检查记录", rev }),
        documentId,
        locale,
      }),
    );
    const after = await w.as(officer, (tx) => responseView(tx, officer, { documentId, locale }));
    expect(after.completeness.returned).toEqual([]);
    await send(w, lead, documentId, "SUBMIT");
    expect((await send(w, regulator, documentId, "APPROVE")).to).toBe("approved");
    expect(
      await w.as(regulator, (tx) =>
        tx.select({ seq: submissions.seq }).from(submissions).where(eq(submissions.documentId, documentId)),
      ),
    ).toHaveLength(3);
  });

  it("asks for a new approval after a material change, and forgets it when the change is undone", async () => {
    const w = world();
    const { officer, lead } = siteOf(w);
    const view = () => w.as(officer, (tx) => responseView(tx, officer, { documentId, locale }));
    const write = async (n: number, more: Partial<ReturnType<typeof cell>>) => {
      const now = (await view()).cells.find((c) => c.controlCode === code(n));
      if (!now) throw new Error("no cell");
      await w.as(officer, (tx) =>
        saveAnswer(tx, officer, {
          controlCode: now.controlCode,
          value: now.value,
          note: now.note,
          evidenceRef: now.evidenceRef,
          rev: now.rev,
          ...more,
          documentId,
          locale,
        }),
      );
    };
    const sealedRef = (await view()).cells.find((c) => c.controlCode === code(1))?.evidenceRef ?? "";
    await write(1, { evidenceRef: "另一份文件" });
    expect((await view()).standing.approval).toMatchObject({
      needed: true,
      changes: [{ label: `${code(1)} · 佐证`, before: sealedRef === "" ? null : sealedRef, after: "另一份文件" }],
    });
    await write(1, { evidenceRef: ` ${sealedRef}\n` });
    expect(await view()).toMatchObject({ standing: { approval: { needed: false, changes: [] } } });
    await write(1, { value: "non_compliant", note: "网关更换后失效" });
    const changed = await view();
    expect(changed.standing.approval.needed).toBe(true);
    expect(changed.standing.approval.changes.map((c) => [c.label, c.before, c.after])).toEqual([
      [`${code(1)} · 答复`, "符合", "不符合"],
      [`${code(1)} · 说明`, null, "网关更换后失效"],
    ]);
    expect(changed.standing.acts.find((a) => a.type === "RESUBMIT")).toBeUndefined();
    const forLead = await w.as(lead, (tx) => responseView(tx, lead, { documentId, locale }));
    expect(forLead.standing.acts.find((a) => a.type === "RESUBMIT")).toMatchObject({ enabled: true });
    await write(1, { value: "compliant", note: "" });
    expect(await view()).toMatchObject({ standing: { approval: { needed: false } } });
    const events = await w.as(officer, (tx) =>
      tx
        .select({ type: workflowEvents.type, role: workflowEvents.actorRole, by: workflowEvents.actorName })
        .from(workflowEvents)
        .where(eq(workflowEvents.objectId, documentId)),
    );
    expect(events.filter((e) => e.type === "NOTE_CHANGE")).toEqual(
      Array.from({ length: 4 }, () => ({ type: "NOTE_CHANGE", role: "system", by: officer.name })),
    );
  });

  it("tracks assets by revision and by what they change", async () => {
    const w = world();
    const { officer } = siteOf(w);
    const doc = { tenantId: officer.tenantId, siteId: siteOf(w).id, systemId: siteOf(w).systemId };
    const [first] = await w.as(officer, (tx) => listAssets(tx, doc));
    if (!first) throw new Error("no asset");
    const input = { ...gateway, name: "采集网关二代", documentId, locale, assetId: first.id };
    expect(await w.as(officer, (tx) => changeAsset(tx, officer, { ...input, rev: first.rev }))).toBe(first.rev + 1);
    await expect(w.as(officer, (tx) => changeAsset(tx, officer, { ...input, rev: first.rev }))).rejects.toMatchObject({
      code: "stale_revision",
      extra: { theirs: { name: "采集网关二代" } },
    });
    const [added] = await w.as(officer, (tx) =>
      addAssets(tx, officer, { documentId, locale, list: [{ ...gateway, name: "备用", singleSource: false }] }),
    );
    const view = await w.as(officer, (tx) => responseView(tx, officer, { documentId, locale }));
    const { approval } = view.standing;
    expect(approval.changes.filter((c) => c.key.startsWith("assets/")).map((c) => [c.before, c.after])).toEqual([
      [null, "备用"],
      ["采集网关", "采集网关二代"],
    ]);
    expect(approval.needed).toBe(true);
    await w.as(officer, (tx) => removeAsset(tx, officer, { documentId, locale, assetId: added ?? "" }));
    const { officer: neighbour } = siteOf(w, 0, 1);
    await expect(
      w.as(neighbour, (tx) => removeAsset(tx, neighbour, { documentId, locale, assetId: first.id })),
    ).rejects.toMatchObject({ status: 404 });
  });

  it("tells the sector who is missing and how late, and the machine the same figures", async () => {
    const w = world();
    const { regulator, lead, projectId } = own();
    const late = w.at(regulator, "2013-10-08T02:00:00Z");
    const project = await w.as(regulator, (tx) => loadProject(tx, projectId));
    const lines = await w.as(late, (tx) => responseLines(tx, late, project, locale));
    const sites = bySite(lines);
    expect(sites.map((s) => [s.state, s.daysLate])).toEqual([
      ["approved", 0],
      ["draft", 8],
    ]);
    expect(rateOf(sites, project.responseThresholdBp)).toMatchObject({ invited: 2, submitted: 1, met: false });
    expect(surveyScores(lines)).toMatchObject({ responses: 1, weak: { supervision: 3 } });
    expect(await w.as(regulator, (tx) => projectFacts(tx, regulator, project))).toMatchObject({
      questionCount: 72,
      invitedSites: 2,
      respondedSites: 1,
      responseThreshold: 80,
    });
    await w.as(regulator, (tx) => transitionProject(tx, regulator, { projectId, type: "START_CLOSING", locale }));
    await expect(
      w.as(lead, (tx) => transitionProject(tx, lead, { projectId, type: "CLOSE_SURVEY", locale })),
    ).rejects.toMatchObject({
      code: "workflow_refused",
      params: { reasons: expect.stringContaining("50%") as string },
    });
    const closed = await w.as(lead, (tx) =>
      transitionProject(tx, lead, { projectId, type: "CLOSE_SURVEY", payload: { reason: "其余单位停业整顿" }, locale }),
    );
    expect(closed.to).toBe("riskReport.drafting");
  });
});
