import { describe, expect, it } from "vitest";
import { planBatch } from "#app/features/programme/programme.server.ts";
import { batchStep } from "#app/features/project/project.rules.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { fire } from "#app/features/workflow/workflow.server.ts";
import type { AppError } from "#app/platform/errors.ts";
import { translate } from "#app/i18n/translate.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { lessonStatements } from "#db/schema/index.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { approvedPlan, describeSystems, nth, openBatch } from "#tests/builders/pilots.ts";
import { testWorld, type World } from "#tests/builders/world.ts";
import { projectGood } from "#tests/workflows/scenarios.ts";
import { batchView } from "./batch.view.server.ts";
import { nominatePilots } from "./pilot.server.ts";
import { startBatchReview } from "./review.server.ts";

class Undone extends Error {}
/** What a use-case would do, without its having been done: whether it is let through, else why not. */
async function wouldBe(
  w: World,
  actor: Actor,
  act: (tx: Parameters<Parameters<World["as"]>[1]>[0]) => Promise<unknown>,
) {
  try {
    await w.as(actor, async (tx) => {
      await act(tx);
      throw new Undone();
    });
  } catch (error) {
    if (error instanceof Undone) return null;
    return error as AppError;
  }
  throw new Error("not undone");
}

const way: readonly (readonly [string, "regulator" | "lead" | "director"])[] = [
  ["OPEN_SURVEY", "regulator"],
  ["START_CLOSING", "regulator"],
  ["CLOSE_SURVEY", "lead"],
  ["SUBMIT_RISK_REPORT", "regulator"],
  ["APPROVE_RISK_REPORT", "lead"],
  ["SUBMIT_PLAN", "regulator"],
  ["APPROVE_PLAN_SECTOR", "lead"],
  ["APPROVE_PLAN", "director"],
  ["START_BATCH", "lead"],
  ["START_REVIEW", "regulator"],
  ["CLOSE_BATCH", "lead"],
  ["FINISH_LEARNING", "lead"],
  ["START_BATCH", "lead"],
  ["START_REVIEW", "regulator"],
  ["CLOSE_BATCH", "lead"],
];

describe("the page of a batch offers what its one door lets through, at every step of a project", () => {
  const world = testWorld();

  it("a review while the batch runs or is reviewed, and nominations while it selects in an open window", async () => {
    const w = world();
    const [s] = w.sectors;
    const { projectId } = s;
    const reg = w.at(s.regulator, "2014-04-10T02:00:00Z");
    await describeSystems(w, s);
    await approvedPlan(w, s, [
      { systemId: nth(s.sites, 0).systemId, batchNo: 1, direction: "identity" },
      { systemId: nth(s.sites, 1).systemId, batchNo: 2, direction: "identity" },
    ]);
    await openBatch(w, 1);
    // The director opened batch two before its first day.
    const planning = w.at(w.director, "2014-04-01T02:00:00Z");
    const two = { programmeId: w.programmeId, no: 2, opensOn: "2014-11-01", closesOn: "2015-02-28" };
    await w.as(planning, (tx) => planBatch(tx, planning, two));
    await openBatch(w, 2);

    const seen: string[] = [];
    for (const [type, by] of [["", "regulator"] as const, ...way]) {
      if (type !== "") {
        const actor = { regulator: s.regulator, lead: s.lead, director: w.director }[by];
        await w.as(actor, (tx) => fire(tx, actor, { objectId: projectId, type, facts: projectGood }, "en"));
      }
      const { state } = await w.as(reg, (tx) => loadProject(tx, projectId));
      for (const batchNo of [1, 2] as const) {
        const step = batchStep(state, batchNo);
        const page = await w.as(reg, (tx) => batchView(tx, reg, projectId, batchNo, "zh-CN"));
        const review = await wouldBe(w, reg, (tx) => startBatchReview(tx, reg, { projectId, batchNo }));
        const takesPlace = step === "running" || step === "reviewing";
        expect([state, batchNo, page.reviews, review?.code ?? null]).toEqual([
          state,
          batchNo,
          takesPlace,
          takesPlace ? null : "batch_step",
        ]);
        if (step !== "selecting") continue;
        seen.push(state);
        const nominating = await wouldBe(w, reg, (tx) => nominatePilots(tx, reg, projectId, batchNo));
        const said = nominating && translate(nominating.messageKey, nominating.params, "zh-CN");
        expect(page.sector?.barred).toBe(said);
        expect(said === null).toBe(batchNo === 1);
        expect(page.window?.status).toBe(batchNo === 1 ? "open" : "ahead");
        if (batchNo === 2) expect(said).toContain("2014-11-01");
      }
    }
    expect(seen).toEqual(["batchOne.selecting", "batchTwo.selecting"]);
    for (const locale of ["zh-CN", "en"] as const)
      expect(translate("error_batch_step", {}, locale)).toMatch(/批次评估|review/);
  });

  it("nothing more to nominate once all of the plan is, nothing to whoever may not", async () => {
    const w = world();
    const [, s] = w.sectors;
    const reg = w.at(s.regulator, "2014-04-10T02:00:00Z");
    await describeSystems(w, s);
    await approvedPlan(w, s, [{ systemId: nth(s.sites, 0).systemId, batchNo: 1, direction: "identity" }]);
    for (const [type, by] of way.slice(0, 8)) {
      const actor = { regulator: s.regulator, lead: s.lead, director: w.director }[by];
      await w.as(actor, (tx) => fire(tx, actor, { objectId: s.projectId, type, facts: projectGood }, "en"));
    }
    const barred = async () =>
      (await w.as(reg, (tx) => batchView(tx, reg, s.projectId, 1, "en"))).sector?.barred ?? null;
    expect(await barred()).toBeNull();
    await w.as(reg, (tx) => nominatePilots(tx, reg, s.projectId, 1));
    expect(await barred()).toBe(translate("pilots_nominated_none", {}, "en"));
    for (const who of [w.director, nth(s.sites, 0).officer]) {
      const page = await w.as(who, (tx) => batchView(tx, who, s.projectId, 1, "en"));
      expect([page.nominates, page.reviews, page.sector]).toEqual([false, false, null]);
    }
  });

  it("a batch that the sector passed by is not said to have taken place", async () => {
    const w = world();
    const [, s] = w.sectors;
    const facts = { ...projectGood, selectedPilots: 0 };
    const skip = { objectId: s.projectId, type: "SKIP_BATCH_ONE", payload: { reason: "未列入第一批" }, facts };
    await w.as(s.lead, (tx) => fire(tx, s.lead, skip, "en"));
    for (const who of [s.regulator, w.director])
      expect((await w.as(who, (tx) => batchView(tx, who, s.projectId, 1, "en"))).step).toBe("skipped");
  });

  it("what the office said of other sectors' lessons, also that there are none", async () => {
    const w = world();
    const [, s] = w.sectors;
    const said = async () =>
      (await w.as(s.regulator, (tx) => batchView(tx, s.regulator, s.projectId, 2, "en"))).sector?.noneStated;
    expect(await said()).toBeNull();
    const statement = { reason: "批次一未形成可推广的经验", byName: w.director.name };
    await w.as(w.director, (tx) =>
      tx.insert(lessonStatements).values({
        tenantId: w.director.tenantId,
        id: uuidv7(),
        programmeId: w.programmeId,
        batchNo: 1,
        ...statement,
        createdAt: w.director.now,
      }),
    );
    expect(await said()).toEqual(statement);
  });
});
