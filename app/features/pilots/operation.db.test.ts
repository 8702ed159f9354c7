import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { latestSubmission } from "#app/features/document/document.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { indicators, indicatorValues, measures, pilots } from "#db/schema/index.ts";
import * as builders from "#tests/builders/pilots.ts";
import { closeReview, handOnFrom, learningOf } from "#tests/builders/lessons.ts";
import { plantMeasures } from "#tests/builders/register.ts";
import { send } from "#tests/builders/send.ts";
import { type TestSector, testWorld, type World } from "#tests/builders/world.ts";
import { adoptionMatrix, lessonsOf, pilotVoices, recordLesson } from "./lessons.server.ts";
import {
  nationalLessonsFor,
  publishNationalLessons,
  stateNoLessons,
  takeOverNationalLessons,
} from "./national-lessons.server.ts";
import { loadPilot } from "./pilot.server.ts";
import { pilotFacts } from "./facts.server.ts";
import { judgedFigures } from "./figures.server.ts";
import { reportMarks, saveProgressDraft, startProgressReport } from "./progress.server.ts";
import { unnamed } from "#app/features/document/difference.rules.ts";
import { batchView } from "./batch.view.server.ts";
import { reviewShape } from "./review-shape.rules.ts";
import { saveBatchReview, startBatchReview } from "./review.server.ts";
import { reportView } from "./pilot.view.server.ts";
import { pilotsPage, pilotsQuery, standingToday } from "./pilots.view.server.ts";

const { addIndicators, dated, grant, move, nominate, nth, refusedFor, runningBatch, toOperation, verify } = builders;
const locale = "en" as const;
describe("pilots from operation to the learning gate", () => {
  const world = testWorld();
  let ids: string[] = [];
  let s: TestSector;
  const limit = (w: World, id: string, lowMilli: number | null, highMilli: number | null) =>
    w.as(s.regulator, (tx) => tx.update(indicators).set({ lowMilli, highMilli }).where(eq(indicators.id, id)));
  const value = (w: World, pilotId: string) => w.as(s.lead, (tx) => loadPilot(tx, pilotId));

  beforeAll(async () => {
    const w = world();
    s = dated(w, "2014-04-02T02:00:00Z", w.sectors[0]);
    await addIndicators(w, s, ["identity", "network"]);
    ids = await runningBatch(w, s);
  });

  it("takes progress reports: autosave with its conflict, return, seal, figures, approval", async () => {
    const w = world();
    const id = nth(ids, 0);
    const started = dated(w, "2014-06-20T02:00:00Z", s);
    const june = dated(w, "2014-07-03T02:00:00Z", s);
    const site = nth(june.sites, 0);
    await toOperation(w, started, nth(started.sites, 0).lead, id);
    expect(await value(w, id)).toMatchObject({ stage: "operation", nextReportDue: "2014-07-10" });
    const begin = (officer: Actor, period: string) =>
      w.as(officer, (tx) => startProgressReport(tx, officer, { pilotId: id, period }));
    // A month is reported when it is over, and none from before the pilot.
    await expect(begin(nth(started.sites, 0).officer, "2014-06")).rejects.toMatchObject({ status: 422 });
    await expect(begin(site.officer, "2014-05")).rejects.toMatchObject({ code: "report_month_before" });
    // Months are a set: one that is owed is not left out for the next.
    const august = nth(dated(w, "2014-08-05T02:00:00Z", s).sites, 0);
    await expect(begin(august.officer, "2014-07")).rejects.toMatchObject({
      code: "report_month_skipped",
      params: { month: "2014-06" },
    });
    const doc = await w.as(site.officer, (tx) =>
      startProgressReport(tx, site.officer, { pilotId: id, period: "2014-06" }),
    );
    expect(
      (await w.as(site.officer, (tx) => startProgressReport(tx, site.officer, { pilotId: id, period: "2014-06" }))).id,
    ).toBe(doc.id);
    await expect(
      w.as(site.officer, (tx) => startProgressReport(tx, site.officer, { pilotId: id, period: "2014-07" })),
    ).rejects.toMatchObject({ status: 422 });
    const [first, second] = await builders.firstIndicators(w, s);
    const body = { values: { [first]: 6_000 }, text: "上线", problems: "", next: "", done: {} };
    const save = (value: number) =>
      w.as(site.officer, (tx) =>
        saveProgressDraft(tx, site.officer, {
          documentId: doc.id,
          body: { ...body, values: { [first]: value } },
          rev: 0,
        }),
      );
    // Limits are the indicator's, and the field is named.
    await limit(w, first, 0, 1_000_000);
    for (const [figure, message] of [
      [-1_000, "error_figure_least|limit=0"],
      [5_000_000_000_000, "error_figure_greatest|limit=1000"],
    ] as const)
      await expect(save(figure)).rejects.toMatchObject({
        status: 422,
        fieldErrors: { [`values.${first}`]: [message] },
      });
    expect(await save(6_000)).toBe(1);
    await expect(
      w.as(site.lead, (tx) =>
        saveProgressDraft(tx, site.lead, { documentId: doc.id, body: { ...body, text: "另一版" }, rev: 0 }),
      ),
    ).rejects.toMatchObject({ code: "stale_revision", extra: { rev: 1, theirs: { text: "上线" } } });
    await expect(send(w, site.officer, doc.id, "SUBMIT")).rejects.toMatchObject({ status: 403 });
    await send(w, site.lead, doc.id, "SUBMIT");
    expect(await value(w, id)).toMatchObject({ nextReportDue: "2014-08-10", lastReportAt: site.lead.now });
    await send(w, june.regulator, doc.id, "RETURN", { parts: [{ part: "values", reason: "请补报另一指标" }] });
    await w.as(site.officer, (tx) =>
      saveProgressDraft(tx, site.officer, {
        documentId: doc.id,
        body: { ...body, values: { [first]: 6_000, [second]: 8_000 } },
        rev: 1,
      }),
    );
    await send(w, site.lead, doc.id, "SUBMIT");
    await send(w, june.regulator, doc.id, "APPROVE");
    const sealed = await w.as(june.regulator, (tx) => latestSubmission(tx, doc.id));
    const told = async (who: typeof june.regulator) =>
      (await w.as(who, (tx) => reportMarks(tx, who, [doc.id]))).get(doc.id);
    expect([await told(site.officer), await told(june.regulator)]).toEqual([
      { sha256: sealed?.sha256, rev: 2 },
      { sha256: sealed?.sha256, rev: null },
    ]);
    expect(sealed?.content).toMatchObject({
      period: "2014-06",
      text: "上线",
      values: [{ valueMilli: 6_000 }, { valueMilli: 8_000 }],
    });
    expect(
      await w.as(june.regulator, (tx) =>
        tx
          .select({ v: indicatorValues.valueMilli })
          .from(indicatorValues)
          .where(and(eq(indicatorValues.pilotId, id), eq(indicatorValues.period, "2014-06")))
          .orderBy(indicatorValues.valueMilli),
      ),
    ).toEqual([{ v: 6_000 }, { v: 8_000 }]);
    expect(
      await w.as(june.regulator, async (tx) => pilotFacts(tx, june.regulator, await loadPilot(tx, id))),
    ).toMatchObject({ approvedProgressReports: 1, midtermMissing: [], indicatorsUnreported: 0 });
  });

  it("a report changed after its approval is told to both sides, the difference to the site alone, and only then handed in again", async () => {
    const w = world();
    const id = nth(ids, 0);
    const june = dated(w, "2014-07-05T02:00:00Z", s);
    const site = nth(june.sites, 0);
    const doc = await w.as(site.officer, (tx) =>
      startProgressReport(tx, site.officer, { pilotId: id, period: "2014-06" }),
    );
    const [first, second] = await builders.firstIndicators(w, s);
    const body = { values: {}, text: "上线", problems: "", next: "", done: {} };
    const approved = { ...body, values: { [first]: 6_000, [second]: 8_000 } };
    const save = (changed: typeof approved, rev: number) =>
      w.as(site.officer, (tx) => saveProgressDraft(tx, site.officer, { documentId: doc.id, body: changed, rev }));
    const seen = (actor: Actor) => w.as(actor, (tx) => reportView(tx, actor, id, doc.id, locale));
    const again = () => send(w, site.lead, doc.id, "SUBMIT");
    await save({ ...approved, text: " 上线 " }, 2);
    expect(await seen(site.lead)).toMatchObject({ approval: { needed: false, changes: [] } });
    await expect(again()).rejects.toMatchObject({ extra: { reasons: [{ code: "reason_document_unchanged" }] } });
    await save({ ...approved, values: { [first]: 5_500, [second]: 8_000 }, text: "上线运行" }, 3);
    expect(await seen(site.lead)).toMatchObject({
      approval: {
        needed: true,
        changes: [
          { before: "6", after: "5.5" },
          { key: "text", before: "上线", after: "上线运行" },
        ],
      },
    });
    const told = await seen(june.regulator);
    expect(told).toMatchObject({ approval: { needed: true, changes: [] }, sealed: { content: { text: "上线" } } });
    expect(JSON.stringify(told)).not.toContain("上线运行");
    await save(approved, 4);
    expect(await seen(june.regulator)).toMatchObject({ approval: { needed: false } });
    await save({ ...approved, text: "上线运行" }, 5);
    await again();
    await send(w, june.regulator, doc.id, "APPROVE");
    expect(await seen(june.regulator)).toMatchObject({
      approval: { needed: false },
      sealed: { content: { text: "上线运行" } },
    });
  });

  it("is checked mid-term, sums up and is accepted", async () => {
    const w = world();
    const id = nth(ids, 0);
    const later = dated(w, "2014-08-20T02:00:00Z", s);
    const august = dated(w, "2014-07-25T02:00:00Z", s);
    const site = nth(august.sites, 0);
    await move(w, august.regulator, id, "MIDTERM_CHECK", { result: "normal" });
    const refused = (by: Actor) => refusedFor(move(w, by, id, "START_SUMMARY"));
    // No check in operation yet; and in August July would be owed.
    expect(await refused(nth(later.sites, 0).lead)).toEqual(["operation_not_checked", "months_owed"]);
    await grant(w, s, id, "operation");
    const assessor = w.at(w.assessor, "2014-07-20T02:00:00Z");
    await verify(w, assessor, id, "operation", "failed");
    expect(await refused(site.lead)).toEqual(["operation_not_checked"]);
    await verify(w, assessor, id, "operation");
    expect(await move(w, site.lead, id, "START_SUMMARY")).toBe("summary");
    const doc = await w.as(site.officer, (tx) =>
      startProgressReport(tx, site.officer, { pilotId: id, period: "summary" }),
    );
    const [first, second] = await builders.firstIndicators(w, s);
    await w.as(site.officer, (tx) =>
      saveProgressDraft(tx, site.officer, {
        documentId: doc.id,
        body: { values: { [first]: 3_000 }, text: "总结", problems: "", next: "", done: {} },
        rev: 0,
      }),
    );
    await expect(send(w, site.lead, doc.id, "SUBMIT")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_document_parts_missing" }] },
    });
    const body = { values: { [first]: 3_000, [second]: 2_000 }, text: "总结", problems: "", next: "", done: {} };
    const save = (rev: number, more = {}) =>
      w.as(site.officer, (tx) =>
        saveProgressDraft(tx, site.officer, { documentId: doc.id, body: { ...body, ...more }, rev }),
      );
    await save(1);
    // From eight to two: a word on it is asked for, by the pilot's own history alone.
    await expect(send(w, site.lead, doc.id, "SUBMIT")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_document_parts_missing", params: { parts: "I-2 的说明" } }] },
    });
    await save(2, { explanations: { [second]: "措施全部到位" } });
    // A limit that was narrowed after the text was written is asked again when it is handed in.
    await limit(w, second, 0, 1_000);
    await expect(send(w, site.lead, doc.id, "SUBMIT")).rejects.toMatchObject({
      fieldErrors: { [`values.${second}`]: ["error_figure_greatest|limit=1"] },
    });
    await limit(w, second, 0, null);
    await send(w, site.lead, doc.id, "SUBMIT");
    const pilot = await w.as(august.regulator, (tx) => loadPilot(tx, id));
    expect(
      await w.as(august.regulator, (tx) =>
        judgedFigures(tx, pilot, "summary", [{ indicatorId: second, valueMilli: 2_000 }]),
      ),
    ).toMatchObject([{ lastMilli: 8_000, baselineMilli: 10_000, targetMilli: 2_000, peers: 0, leap: true }]);
    await expect(move(w, august.lead, id, "ACCEPT")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_summary_not_approved" }] },
    });
    await send(w, august.regulator, doc.id, "APPROVE");
    expect(await move(w, august.lead, id, "ACCEPT")).toBe("accepted");
  });

  it("opens batch two only through the learning gate, and passes lessons on to a sector that skipped batch one", async () => {
    const w = world();
    const sept = dated(w, "2014-09-20T02:00:00Z", s);
    const standing = () => w.as(sept.regulator, (tx) => standingToday(tx, sept.regulator, nth(ids, 1)));
    await w.as(sept.regulator, (tx) =>
      tx
        .update(pilots)
        .set({ health: "red", nextReportDue: "2014-08-10" })
        .where(eq(pilots.id, nth(ids, 1))),
    );
    await move(w, nth(sept.sites, 1).lead, nth(ids, 1), "WITHDRAW", { reason: "系统停用" });
    // Who left is late with nothing, and no list of what is red has it.
    expect(await standing()).toEqual({ health: "none", nextReportDue: null });
    const red = await w.as(sept.regulator, (tx) =>
      pilotsPage(tx, sept.regulator, pilotsQuery.parse({ health: "red" }), 50),
    );
    expect(red.rows.map((p) => p.id)).not.toContain(nth(ids, 1));
    await w.as(sept.regulator, (tx) =>
      transitionProject(tx, sept.regulator, { projectId: s.projectId, type: "START_REVIEW", locale }),
    );
    const { record, silence, decide, finish } = learningOf(w, sept);
    const first = await record({ pilotId: nth(ids, 0) });
    await record({ dimension: "network", text: "先分区再联网" });
    // The pilot that left teaches something too, or says why not; a lesson takes that back, and is not denied afterwards.
    const review = await w.as(sept.regulator, (tx) =>
      startBatchReview(tx, sept.regulator, { projectId: s.projectId, batchNo: 1 }),
    );
    await expect(send(w, sept.regulator, review.id, "SUBMIT")).rejects.toMatchObject({
      extra: { reasons: [{ params: { parts: expect.stringContaining("P1-02") } }] },
    });
    await silence(nth(ids, 1));
    await expect(silence(nth(ids, 0))).rejects.toMatchObject({ code: "pilot_has_lesson" });
    const voices = () => w.as(sept.lead, (tx) => pilotVoices(tx, sept.lead, s.projectId, 1));
    expect(await voices()).toMatchObject([
      { code: "P1-01", lessons: 1, reason: null },
      { code: "P1-02", lessons: 0, reason: "系统停用，未运行" },
    ]);
    await closeReview(w, sept, 1);
    await w.as(sept.lead, (tx) =>
      transitionProject(tx, sept.lead, { projectId: s.projectId, type: "CLOSE_BATCH", locale }),
    );
    const reasons = (...codes: string[]) => ({ extra: { reasons: codes.map((code) => ({ code })) } });
    await expect(finish()).rejects.toMatchObject(
      reasons("reason_project_lessons_not_handed_on", "reason_project_lessons_undecided"),
    );
    // What could be handed on is not said to be none.
    const none = { programmeId: w.programmeId, reason: "没有" };
    await expect(w.as(w.director, (tx) => stateNoLessons(tx, w.director, none))).rejects.toMatchObject({
      code: "lessons_ready",
    });
    expect(await w.as(w.director, (tx) => publishNationalLessons(tx, w.director, w.programmeId))).toBe(2);
    expect(await w.as(w.director, (tx) => publishNationalLessons(tx, w.director, w.programmeId))).toBe(0);
    await expect(w.as(w.director, (tx) => stateNoLessons(tx, w.director, none))).rejects.toMatchObject({
      code: "lessons_handed_on",
    });
    const [measure, done] = await plantMeasures(w, sept, [null, "2014-08-01"]);
    if (!measure || !done) expect.fail("no measures");
    const one = [{ id: first, rev: 1 }];
    await expect(decide(one)).rejects.toMatchObject({ fieldErrors: { uptakeKind: ["error_lesson_uptake_missing"] } });
    for (const [uptake, error] of [
      ["", "error_lesson_uptake_missing"],
      ["M-9999", "error_lesson_no_measure"],
      [done.code, "error_lesson_measure_done"],
    ] as const)
      await expect(decide(one, { uptakeKind: "measure", uptake })).rejects.toMatchObject({
        fieldErrors: { uptake: [error] },
      });
    await decide(one, { uptakeKind: "measure", uptake: measure.code.toLowerCase() });
    await expect(decide(one, { decision: "refused", reason: "x" }, sept.regulator)).rejects.toMatchObject({
      code: "stale_revision",
    });
    await expect(finish()).rejects.toMatchObject(reasons("reason_project_lessons_undecided"));
    const list = () => w.as(sept.lead, (tx) => lessonsOf(tx, sept.lead, s.projectId));
    expect((await list()).map((l) => l.lesson.code)).toEqual(["L1-02", "L1-01"]);
    const open = nth(await list(), 0).lesson;
    // Two chosen together, one of them changed meanwhile: it alone is left, and named.
    expect(await decide([{ id: open.id, rev: open.rev }, ...one], { decision: "refused", reason: "不适用" })).toEqual({
      decided: 1,
      left: ["L1-01"],
    });
    expect(adoptionMatrix((await list()).map((l) => l.lesson)).filter((r) => r.total > 0)).toMatchObject([
      { dimension: "identity", adopted: 1 },
      { dimension: "network", refused: 1 },
    ]);
    // The measure goes from the plan: what it took up is taken up by nothing, and the gate is shut again.
    await w.as(sept.regulator, (tx) => tx.delete(measures).where(eq(measures.id, measure.id)));
    await expect(finish()).rejects.toMatchObject(reasons("reason_project_lessons_without_uptake"));
    expect((await list()).find((l) => l.lesson.id === first)).toMatchObject({ uptakeGone: true });
    await decide([{ id: first, rev: 2 }], { uptakeKind: "clause", uptake: "设备凭证" });
    // What another sector taught since is taken over and decided as well.
    await handOnFrom(w, nth(w.sectors, 1), "L1-07");
    await expect(finish()).rejects.toMatchObject(reasons("reason_project_national_lessons_unread"));
    expect(await w.as(sept.regulator, (tx) => takeOverNationalLessons(tx, sept.regulator, s.projectId))).toBe(1);
    await expect(finish()).rejects.toMatchObject(reasons("reason_project_lessons_undecided"));
    const taken = nth(
      (await list()).map((l) => l.lesson).filter((l) => l.decision === "open"),
      0,
    );
    await decide([taken], { decision: "refused", reason: "不适用" });
    expect((await finish()).to).toBe("batchTwo.selecting");
    // The first batch is over and its review sealed: nothing is added to it any more, and nothing to the second before it runs.
    await expect(nominate(w, s, 1)).rejects.toMatchObject({ code: "batch_step" });
    for (const batchNo of [1, 2] as const)
      await expect(
        w.as(sept.regulator, (tx) =>
          recordLesson(tx, sept.regulator, {
            projectId: s.projectId,
            batchNo,
            dimension: "identity",
            text: "迟到的经验",
          }),
        ),
      ).rejects.toMatchObject({ code: "batch_step" });

    const [, other] = w.sectors;
    expect(await w.as(sept.lead, (tx) => nationalLessonsFor(tx, sept.lead, s.projectId))).toMatchObject([
      { code: "L1-07", takenOver: true },
    ]);
    expect(await w.as(other.lead, (tx) => nationalLessonsFor(tx, other.lead, other.projectId))).toMatchObject([
      { code: "L1-01", takenOver: false },
      { code: "L1-02" },
    ]);
    expect(await w.as(other.regulator, (tx) => takeOverNationalLessons(tx, other.regulator, other.projectId))).toBe(2);
    expect(await w.as(other.regulator, (tx) => takeOverNationalLessons(tx, other.regulator, other.projectId))).toBe(0);
  });

  it("an approved review is marked when its text changes, not when its lessons are decided on; approved anew it holds", async () => {
    const w = world();
    const sept = dated(w, "2014-09-25T02:00:00Z", s);
    const seen = (actor: Actor) =>
      w.as(
        actor,
        async (tx) => (await batchView(tx, actor, s.projectId, 1, locale)).sector?.review ?? expect.fail("no review"),
      );
    const review = await seen(sept.regulator);
    // Decided on since, each with its reason: what the next phase is for.
    expect(review).toMatchObject({ state: "approved", approval: { needed: false, changes: [], intact: true } });
    const sealed = await w.as(sept.regulator, (tx) => latestSubmission(tx, review.documentId));
    expect(unnamed(sealed?.content, reviewShape(1))).toEqual([]);
    const save = (conclusions: string, rev: number) =>
      w.as(sept.regulator, (tx) =>
        saveBatchReview(tx, sept.regulator, {
          documentId: review.documentId,
          body: { conclusions, problems: "", advice: "" },
          rev,
        }),
      );
    await save("总体达到预期，\n", review.rev);
    await save("部分达到预期", review.rev + 1);
    expect((await seen(sept.lead)).approval).toMatchObject({
      needed: true,
      changes: [{ before: "总体达到预期", after: "部分达到预期" }],
    });
    await send(w, sept.regulator, review.documentId, "SUBMIT");
    await send(w, sept.lead, review.documentId, "APPROVE");
    expect((await seen(sept.lead)).approval).toMatchObject({ needed: false, changes: [] });
  });
});
