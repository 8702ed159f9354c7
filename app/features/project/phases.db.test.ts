import { describe, expect, it } from "vitest";
import { homeView } from "#app/features/home/home.server.ts";
import { nationalView } from "#app/features/national/national.view.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { fire } from "#app/features/workflow/workflow.server.ts";
import { testWorld } from "#tests/builders/world.ts";
import { projectGood } from "#tests/workflows/scenarios.ts";
import { projectHead } from "./project.view.server.ts";

const steps = [
  ["OPEN_SURVEY", "2013-05-02"],
  ["START_CLOSING", "2013-06-03"],
  ["CLOSE_SURVEY", "2013-07-04"],
  ["SUBMIT_RISK_REPORT", "2013-08-05"],
  ["APPROVE_RISK_REPORT", "2013-09-06"],
  ["SUBMIT_PLAN", "2013-10-07"],
  ["APPROVE_PLAN_SECTOR", "2013-10-08"],
  ["APPROVE_PLAN", "2013-11-09"],
  ["SKIP_BATCH_ONE", "2013-12-10"],
] as const;

describe("the line of phases", () => {
  const world = testWorld();

  it("is the same at home, on the project's pages and in the national matrix: days on which they were done, and what was skipped", async () => {
    const w = world();
    const [sector] = w.sectors;
    const { regulator, lead, projectId } = sector;
    const noon = (day: string) => `${day}T04:00:00Z`;
    const regulators = new Set(["OPEN_SURVEY", "START_CLOSING", "SUBMIT_RISK_REPORT", "SUBMIT_PLAN"]);
    const by = (type: string): Actor =>
      type === "APPROVE_PLAN" ? w.director : regulators.has(type) ? regulator : lead;
    const facts = { ...projectGood, selectedPilots: 0 };
    for (const [type, day] of steps) {
      const actor = w.at(by(type), noon(day));
      const firing = { objectId: projectId, type, payload: { reason: "未列入第一批" }, facts };
      await w.as(actor, (tx) => fire(tx, actor, firing, "en"));
    }

    // Beyond every planned day: what is not done is late, on each page.
    const on = (actor: Actor) => w.at(actor, noon("2016-03-01"));
    const head = (who: Actor) => w.as(on(who), (tx) => projectHead(tx, on(who), projectId, "en"));
    const home = async (who: Actor) => (await w.as(on(who), (tx) => homeView(tx, on(who), "en"))).standing?.steps;
    const line = [
      ["survey", "done", false, "2013-07-04", false],
      ["riskReport", "done", false, "2013-09-06", false],
      ["pilotPlan", "done", false, "2013-11-09", false],
      ["batchOne", "off", false, null, true],
    ];
    const shown = (
      list: readonly { state: string; late: boolean; day: string | null; skipped: boolean }[] | undefined,
    ) => list?.map((s) => ["phase" in s ? s.phase : "key" in s ? s.key : "", s.state, s.late, s.day, s.skipped]);
    for (const told of [
      shown((await head(lead)).phases),
      shown(await home(lead)),
      shown((await head(w.director)).phases),
    ]) {
      expect(told?.slice(0, 4)).toEqual(line);
      expect(told?.slice(4).map((s) => [s[1], s[2]])).toEqual([
        ["now", true],
        ["ahead", true],
      ]);
    }
    const matrix = await w.as(on(w.director), (tx) => nationalView(tx, on(w.director), "en"));
    const cells = matrix?.sectors.find((s) => s.projectId === projectId)?.cells;
    expect(cells?.slice(0, 3).map((c) => c.day)).toEqual(["2013-07-04", "2013-09-06", "2013-11-09"]);
    expect(cells?.slice(3).map((c) => c.status)).toEqual(["skipped", "late", "late"]);

    // A site does not see the project's log: done without a day, never with the planned one.
    const [officer] = sector.sites.map((s) => s.officer);
    if (!officer) throw new Error("no site");
    for (const told of [shown((await head(officer)).phases), shown(await home(officer))])
      expect(told?.slice(0, 4)).toEqual(line.map((s) => (s[1] === "done" ? [s[0], s[1], s[2], null, s[4]] : s)));
  });
});
