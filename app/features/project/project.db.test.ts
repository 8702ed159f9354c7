import { gateFacts } from "#app/features/document/standing.server.ts";
import { AppError } from "#app/platform/errors.ts";
import { describe, expect, it } from "vitest";
import { createDocument } from "#app/features/document/document.server.ts";
import { endorseDocument, submitDocument } from "#tests/builders/documents.ts";
import { setBatchStatus, setQuota } from "#app/features/programme/programme.server.ts";
import { transitionBatch } from "#app/features/pilots/batch.view.server.ts";
import { transitionSurvey } from "#app/features/survey/survey.view.server.ts";
import { testWorld } from "#tests/builders/world.ts";
import { transitionProject } from "./move.server.ts";
import { documentSteps } from "#workflows/index.ts";
import { projectFacts } from "./facts.server.ts";
import { loadProject } from "./project.server.ts";
import { listProjects, projectHead, projectOverview } from "./project.view.server.ts";

const locale = "zh-CN" as const;
const reportSummary = {
  count: 3,
  highCount: 1,
  byLevel: { "4": 1, "2": 2 },
  byDimension: {},
  highRisksWithoutOwner: 0,
  missingChapters: [],
};
const planSummary = {
  measureCount: 4,
  highRisksWithoutMeasure: 0,
  measuresWithoutLifecycle: 0,
  measuresWithoutDimension: 1,
  measuresWithoutBudget: 0,
  budgetsBelowShare: 0,
  securityShareThreshold: 10,
};

describe("a project", () => {
  const world = testWorld();

  it("is one's own for a sector and its sites, all of them for the national office, nobody's else", async () => {
    const w = world();
    const [one, two] = w.sectors;
    expect(await w.as(one.regulator, (tx) => listProjects(tx, one.regulator, locale))).toHaveLength(1);
    expect(await w.as(w.editor, (tx) => listProjects(tx, w.editor, locale))).toHaveLength(2);
    await expect(
      w.as(two.lead, (tx) => projectOverview(tx, two.lead, one.projectId, { locale })),
    ).rejects.toMatchObject({ status: 404 });
    await expect(w.as(w.assessor, (tx) => projectHead(tx, w.assessor, one.projectId, locale))).rejects.toBeDefined();
  });

  it("is not moved past its document by an event posted to another page", async () => {
    const w = world();
    const [one] = w.sectors;
    const move = { projectId: one.projectId, expectedVersion: 1, locale };
    for (const { project: type } of documentSteps) {
      await expect(
        w.as(one.lead, (tx) => transitionSurvey(tx, one.lead, { ...move, type })),
        type,
      ).rejects.toMatchObject({ code: "unknown_intent" });
      await expect(
        w.as(one.lead, (tx) => transitionProject(tx, one.lead, { ...move, type })),
        type,
      ).rejects.toSatisfy((e) => e instanceof AppError && [403, 409, 422].includes(e.status));
      await expect(
        w.as(one.lead, (tx) => transitionBatch(tx, one.lead, { ...move, type })),
        type,
      ).rejects.toMatchObject({ code: "unknown_intent" });
    }
  });

  it("shows six phases from its machine, the late one marked", async () => {
    const w = world();
    const [one] = w.sectors;
    const late = w.at(one.regulator, "2013-10-15T02:00:00Z");
    const head = await w.as(late, (tx) => projectHead(tx, late, one.projectId, locale));
    expect(head.phases.map((p) => [p.key, p.state, p.late])).toEqual([
      ["survey", "now", true],
      ["riskReport", "ahead", false],
      ["pilotPlan", "ahead", false],
      ["batchOne", "ahead", false],
      ["batchTwo", "ahead", false],
      ["specification", "ahead", false],
    ]);
  });

  it("moves with the document of its phase, and not before it", async () => {
    const w = world();
    const [one] = w.sectors;
    const { regulator, lead, projectId } = one;
    const go = (actor: typeof lead, type: string, reason?: string) =>
      w.as(actor, (tx) => transitionProject(tx, actor, { projectId, type, payload: reason ? { reason } : {}, locale }));
    await w.as(regulator, (tx) => transitionProject(tx, regulator, { projectId, type: "OPEN_SURVEY", locale }));
    await go(regulator, "START_CLOSING");
    await go(lead, "CLOSE_SURVEY", "汛期停工");
    // Nothing is written yet: the document says no, in words and with its facts, and the list says what either would.
    await expect(go(regulator, "SUBMIT_RISK_REPORT")).rejects.toMatchObject({
      code: "workflow_refused",
      extra: { reasons: [{ code: "reason_document_parts_missing" }] },
    });
    const overview = await w.as(regulator, (tx) => projectOverview(tx, regulator, projectId, { locale }));
    expect(overview.checklist.find((c) => c.key === "rule_project_need_risks")).toMatchObject({
      done: false,
      to: expect.stringContaining("/risk-report") as string,
    });
    expect(overview.elsewhere.map((a) => a.type)).toEqual(["SUBMIT_RISK_REPORT"]);
    expect(overview.history.map((e) => e.type)).toEqual(["CLOSE_SURVEY", "START_CLOSING", "OPEN_SURVEY"]);
  });

  it("tells the national office what was submitted, and leaves out what it cannot know", async () => {
    const w = world();
    const [one] = w.sectors;
    const { regulator, lead, projectId } = one;
    const project = await w.as(w.director, (tx) => loadProject(tx, projectId));
    const gate = (kind: "pilotPlan" | "riskReport") =>
      w.as(w.director, (tx) => gateFacts(tx, w.director, project, kind));
    expect(await gate("pilotPlan")).toEqual({});
    const submit = async (kind: "pilotPlan" | "riskReport", summary: unknown) => {
      const document = await w.as(regulator, (tx) => createDocument(tx, regulator, { kind, projectId, title: kind }));
      await w.as(regulator, (tx) =>
        submitDocument(tx, regulator, {
          document,
          locale,
          sealing: { content: { kind }, summary },
          completeness: { completeness: 100, missingParts: [] },
        }),
      );
      return document;
    };
    await submit("riskReport", reportSummary);
    const plan = await submit("pilotPlan", planSummary);
    await w.as(lead, (tx) => endorseDocument(tx, lead, { document: plan, locale }));
    const facts = await w.as(w.director, (tx) => projectFacts(tx, w.director, project));
    expect(await gate("pilotPlan")).toMatchObject({ measureCount: 4, measuresWithoutDimension: 1 });
    expect(facts).toMatchObject({
      batchQuota: 2,
      batchWindowOpen: false,
    });
    // the report stayed in the sector, pilots are the sector's own
    expect(await gate("riskReport")).toEqual({});
    expect(facts).not.toHaveProperty("selectedPilots");
    await w.as(w.director, (tx) =>
      setQuota(tx, w.director, { programmeId: w.programmeId, batchNo: 1, sectorId: one.id, quota: 0, note: "" }),
    );
    await w.as(w.director, (tx) =>
      setBatchStatus(tx, w.director, { programmeId: w.programmeId, no: 1, status: "open" }),
    );
    const inWindow = w.at(w.director, "2014-04-02T02:00:00Z");
    expect(await w.as(inWindow, (tx) => projectFacts(tx, inWindow, project))).toMatchObject({
      selectedPilots: 0,
      batchQuota: 0,
      batchWindowOpen: true,
    });
  });

  it("is suspended by the national office and resumed by it alone", async () => {
    const w = world();
    const [, two] = w.sectors;
    const move = (actor: typeof two.lead, type: string, payload = {}) =>
      w.as(actor, (tx) => transitionProject(tx, actor, { projectId: two.projectId, type, payload, locale }));
    await expect(move(w.editor, "SUSPEND", { reason: "x" })).rejects.toMatchObject({ status: 403 });
    await expect(move(w.director, "SUSPEND")).rejects.toMatchObject({ code: "workflow_refused", status: 422 });
    expect((await move(w.director, "SUSPEND", { reason: "专项检查" })).to).toBe("suspended");
    await expect(move(two.lead, "RESUME")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_project_suspended_by_national" }] },
    });
    expect((await move(w.director, "RESUME")).to).toBe("survey.preparing");
  });

  it("is not moved by people of a site", async () => {
    const w = world();
    const [one] = w.sectors;
    const officer = one.sites[0]?.officer;
    if (!officer) throw new Error("no site");
    await expect(
      w.as(officer, (tx) =>
        transitionProject(tx, officer, { projectId: one.projectId, type: "SUSPEND", payload: { reason: "x" }, locale }),
      ),
    ).rejects.toBeDefined();
    expect((await w.as(officer, (tx) => projectOverview(tx, officer, one.projectId, { locale }))).acts).toEqual([]);
  });
});
