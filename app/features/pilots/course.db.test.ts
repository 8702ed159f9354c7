import { beforeAll, describe, expect, it } from "vitest";
import { transitionProject } from "#app/features/project/move.server.ts";
import { indicators } from "#db/schema/index.ts";
import * as builders from "#tests/builders/pilots.ts";
import { send } from "#tests/builders/send.ts";
import { type TestSector, testWorld } from "#tests/builders/world.ts";
import { correctLesson, lessonsOf, pilotVoices, recordLesson, stateSilence } from "./lessons.server.ts";
import { saveProgressDraft, startProgressReport } from "./progress.server.ts";

const { dated, grant, move, nth, refusedFor, verify } = builders;

describe("the course of a pilot", () => {
  const world = testWorld();
  let s: TestSector;
  let ids: string[] = [];
  beforeAll(async () => {
    const w = world();
    s = dated(w, "2014-04-02T02:00:00Z", w.sectors[0]);
    await builders.addIndicators(w, s, ["identity"]);
    ids = await builders.runningBatch(w, s);
  });

  it("asks of each stage what was found in it, and of operation what was reported of it", async () => {
    const w = world();
    const id = nth(ids, 0);
    const june = dated(w, "2014-06-05T02:00:00Z", s);
    const { officer, lead } = nth(june.sites, 0);
    // A month of the building, reported and approved.
    const report = await w.as(officer, (tx) => startProgressReport(tx, officer, { pilotId: id, period: "2014-05" }));
    const [indicator] = await w.as(s.lead, (tx) => tx.select().from(indicators));
    const body = { values: { [indicator?.id ?? ""]: 8_000 }, text: "建设正常", problems: "", next: "", done: {} };
    await w.as(officer, (tx) => saveProgressDraft(tx, officer, { documentId: report.id, body, rev: 0 }));
    await send(w, lead, report.id, "SUBMIT");
    await send(w, june.regulator, report.id, "APPROVE");
    // A check in operation that failed while it was built is no finding of its acceptance.
    await grant(w, s, id, "operation");
    await verify(w, w.at(w.assessor, june.lead.now), id, "operation", "failed");
    // The batch is not reviewed while pilots are built.
    const review = { projectId: s.projectId, type: "START_REVIEW", payload: {}, locale: "en" } as const;
    await expect(w.as(june.lead, (tx) => transitionProject(tx, june.lead, review))).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_project_pilots_before_operation", params: { count: 2 } }] },
    });
    // While the project is suspended its pilots stand still with it.
    await builders.moveProjectAs(w, s.lead, s.projectId, "SUSPEND", { reason: "专项检查" });
    expect(await refusedFor(move(w, lead, id, "REQUEST_ACCEPTANCE"))).toEqual(["project_stands_still"]);
    await builders.moveProjectAs(w, s.lead, s.projectId, "RESUME");
    await move(w, lead, id, "REQUEST_ACCEPTANCE");
    await grant(w, s, id, "acceptance");
    await verify(w, w.at(w.assessor, june.lead.now), id, "acceptance", "failed");
    expect(await refusedFor(move(w, june.regulator, id, "PASS_ACCEPTANCE"))).toEqual([
      "acceptance_not_tested",
      "open_high_findings",
    ]);
    await verify(w, w.at(w.assessor, june.lead.now), id, "acceptance");
    await move(w, june.regulator, id, "PASS_ACCEPTANCE");
    // In operation from today on, of which nothing has been reported.
    expect(await refusedFor(move(w, june.regulator, id, "RECORD_PROGRESS"))).toEqual(["no_new_progress_report"]);
    expect(await refusedFor(move(w, lead, id, "START_SUMMARY"))).toContain("no_progress_recorded");
    expect(await refusedFor(move(w, june.regulator, id, "MIDTERM_CHECK", { result: "normal" }))).toEqual([
      "midterm_incomplete",
    ]);
    // What has ended is not verified any more.
    await move(w, june.lead, id, "FAIL", { reason: "停用" });
    await expect(verify(w, w.at(w.assessor, june.lead.now), id, "operation")).rejects.toMatchObject({
      code: "pilot_over",
    });
  });

  it("a lesson is put right as it was read, and a pilot that gives one is silent no longer", async () => {
    const w = world();
    const of = { projectId: s.projectId, batchNo: 1 as const };
    const at = dated(w, "2014-06-10T02:00:00Z", s).regulator;
    const id = await w.as(at, (tx) =>
      recordLesson(tx, at, { ...of, pilotId: nth(ids, 0), dimension: "identity", text: "写错单位的经验" }),
    );
    await w.as(at, (tx) => stateSilence(tx, at, { ...of, pilotId: nth(ids, 1), reason: "没有" }));
    const mend = (more: object) =>
      w.as(at, (tx) =>
        correctLesson(tx, at, {
          ...of,
          lessonId: id,
          rev: 1,
          dimension: "network",
          text: "改正",
          pilotId: nth(ids, 1),
          ...more,
        }),
      );
    await mend({});
    await expect(mend({ text: "同时改的" })).rejects.toMatchObject({
      code: "stale_revision",
      extra: { rev: 2, theirs: "改正" },
    });
    await expect(mend({ rev: 2, batchNo: 2 })).rejects.toMatchObject({ code: "batch_step" });
    expect((await w.as(at, (tx) => lessonsOf(tx, at, s.projectId))).map((r) => [r.pilotCode, r.lesson.text])).toEqual([
      ["P1-02", "改正"],
    ]);
    const voices = await w.as(at, (tx) => pilotVoices(tx, at, s.projectId, 1));
    expect(voices.find((v) => v.id === nth(ids, 1))).toMatchObject({ reason: null });
  });
});
