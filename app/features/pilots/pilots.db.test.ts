import { transition } from "#app/features/document/transition.server.ts";
import { and, eq } from "drizzle-orm";
import postgres from "postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { assessorJobs, grantAccess, recordVerification, revokeGrant } from "./assessors.server.ts";
import { dayStart } from "#app/platform/days.ts";
import { latestSubmission } from "#app/features/document/document.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { addMember, endMembership } from "#app/features/identity/identity.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { indicatorValues, objections, pilotScores, pilots, sites, systems } from "#db/schema/index.ts";
import {
  addIndicators,
  addSystem,
  approvedPlan,
  describeSystems,
  move,
  moveProjectAs,
  nominate,
  openBatch,
  pointsOf,
  toBatchOne,
  toNotice,
  verify,
} from "#tests/builders/pilots.ts";
import { password, type TestSector, type TestSite, testWorld, type World } from "#tests/builders/world.ts";
import {
  adoptionMatrix,
  decideLesson,
  lessonsOf,
  nationalLessonsFor,
  publishNationalLessons,
  recordLesson,
  takeOverNationalLessons,
} from "./lessons.server.ts";
import { boardOf, listPilots, pilotsQuery } from "./pilots.view.server.ts";
import { loadPilot, nominatePilots } from "./pilot.server.ts";
import { pilotFacts } from "./facts.server.ts";
import { reportMarks, saveProgressDraft, startProgressReport } from "./progress.server.ts";
import { unnamed } from "#app/features/document/difference.rules.ts";
import { batchView } from "./batch.view.server.ts";
import { reviewShape } from "./review-shape.rules.ts";
import { saveBatchReview, startBatchReview } from "./review.server.ts";
import {
  mySheet,
  raiseObjection,
  recusalOf,
  recuse,
  scoringOf,
  settleObjection,
  submitScore,
} from "./scoring.server.ts";
import { pilotView, reportView } from "./pilot.view.server.ts";

const locale = "en" as const;
const siteOf = (s: TestSector, i: number): TestSite => {
  const site = s.sites[i];
  if (!site) throw new Error("no site");
  return site;
};
const at = <T>(list: readonly T[], i: number): T => {
  const one = list[i];
  if (one === undefined) throw new Error(`no item ${i}`);
  return one;
};
const dated = (w: World, when: string, s: TestSector): TestSector => ({
  ...s,
  regulator: w.at(s.regulator, when),
  regulator2: w.at(s.regulator2, when),
  lead: w.at(s.lead, when),
  sites: s.sites.map((x) => ({ ...x, officer: w.at(x.officer, when), lead: w.at(x.lead, when) })),
});

describe("pilots from nomination to acceptance", () => {
  const world = testWorld();
  let ids: string[] = [];
  let s: TestSector;
  const value = (w: World, pilotId: string) => w.as(s.lead, (tx) => loadPilot(tx, pilotId));

  let early: unknown;
  beforeAll(async () => {
    const w = world();
    const [one] = w.sectors;
    s = dated(w, "2014-04-02T02:00:00Z", one);
    await addIndicators(w, s, ["identity", "network"]);
    await toBatchOne(w, s);
    await describeSystems(w, s);
    const third = await addSystem(w, s, siteOf(s, 0).id, "第三系统");
    const all = [siteOf(s, 0).systemId, siteOf(s, 1).systemId, third];
    early = await nominate(w, s).catch((error: unknown) => error);
    await approvedPlan(
      w,
      s,
      all.map((systemId) => ({ systemId, batchNo: 1 as const, direction: "identity" as const })),
    );
    ids = await nominate(w, s);
    await openBatch(w, 1);
  });

  it("nominates nobody before the plan is approved", () => expect(early).toMatchObject({ code: "plan_not_approved" }));

  it("nominates once from the approved plan, with codes in order", async () => {
    const w = world();
    expect(ids).toHaveLength(3);
    expect(await nominate(w, s)).toEqual([]);
    expect(
      (await w.as(s.regulator, (tx) => tx.select({ code: pilots.code }).from(pilots).orderBy(pilots.code))).map(
        (p) => p.code,
      ),
    ).toEqual(["P1-01", "P1-02", "P1-03"]);
    // A site does not even see the plan.
    await expect(
      w.as(siteOf(s, 0).lead, (tx) => nominatePilots(tx, siteOf(s, 0).lead, s.projectId, 1)),
    ).rejects.toMatchObject({ code: "plan_not_approved" });
  });

  it("lists by cursor in the order of codes, each pilot once, and refuses a made-up cursor", async () => {
    const w = world();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const q = pilotsQuery.parse({ cursor: cursor ?? "" });
      const page: Awaited<ReturnType<typeof listPilots>> = await w.as(s.regulator, (tx) =>
        listPilots(tx, s.regulator, q, 2),
      );
      seen.push(...page.rows.map((r) => r.code));
      cursor = page.next;
    } while (cursor);
    expect(seen).toEqual(["P1-01", "P1-02", "P1-03"]);
    const down = await w.as(s.regulator, (tx) =>
      listPilots(tx, s.regulator, pilotsQuery.parse({ sort: "-code", q: "p1-0" }), 2),
    );
    expect(down.rows.map((r) => r.code)).toEqual(["P1-03", "P1-02"]);
    expect((await w.as(s.regulator, (tx) => boardOf(tx, s.regulator, pilotsQuery.parse({})))).stages).toMatchObject([
      { stage: "nominated", n: 3 },
    ]);
    for (const wrong of ["x", Buffer.from('["a","b"]').toString("base64url")])
      await expect(
        w.as(s.regulator, (tx) => listPilots(tx, s.regulator, pilotsQuery.parse({ cursor: wrong }))),
      ).rejects.toMatchObject({ status: 400 });
  });

  it("shows a site its own pilots only, and another sector none", async () => {
    const w = world();
    const own = await w.as(siteOf(s, 1).officer, (tx) => tx.select({ id: pilots.id }).from(pilots));
    expect(own).toEqual([{ id: at(ids, 1) }]);
    await expect(w.as(siteOf(s, 1).officer, (tx) => loadPilot(tx, at(ids, 0)))).rejects.toMatchObject({ status: 404 });
    const [, other] = w.sectors;
    expect(await w.as(other.lead, (tx) => tx.select({ id: pilots.id }).from(pilots))).toEqual([]);
  });

  it("screens by form: a blank description is named in words", async () => {
    const w = world();
    const facts = () =>
      w.as(s.regulator, async (tx) => pilotFacts(tx, s.regulator, await loadPilot(tx, at(ids, 0)), "zh-CN"));
    const describe = (text: string) =>
      w.as(s.lead, (tx) =>
        tx
          .update(systems)
          .set({ description: text })
          .where(eq(systems.id, siteOf(s, 0).systemId)),
      );
    await describe(" ");
    expect((await facts()).formMissing).toEqual(["系统说明"]);
    await expect(move(w, s.regulator, at(ids, 0), "START_SCREENING")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_form_incomplete" }] },
    });
    await describe("视频监控与门禁");
    expect(await facts()).toMatchObject({ formMissing: [], duplicates: 0, quotaLeft: 2, scorers: 0 });
  });

  it("scores blind: a scorer sees their own sheet alone, by SQL too; the lead sees figures when all are in", async () => {
    const w = world();
    const id = at(ids, 0);
    await expect(
      w.as(s.regulator, (tx) => submitScore(tx, s.regulator, { pilotId: id, points: pointsOf(80), comment: "" })),
    ).rejects.toMatchObject({ code: "scoring_closed" });
    await move(w, s.regulator, id, "START_SCREENING");
    await move(w, s.regulator, id, "PASS_SCREENING");
    await w.as(s.regulator, (tx) => submitScore(tx, s.regulator, { pilotId: id, points: pointsOf(80), comment: "密" }));
    await w.as(s.regulator2, (tx) => submitScore(tx, s.regulator2, { pilotId: id, points: { need: 90 }, comment: "" }));
    const seen = await w.as(s.regulator2, (tx) =>
      tx.select({ by: pilotScores.membershipId }).from(pilotScores).where(eq(pilotScores.pilotId, id)),
    );
    expect(seen).toEqual([{ by: s.regulator2.membershipId }]);
    const forged = w.as(s.regulator2, (tx) =>
      tx
        .update(pilotScores)
        .set({ totalCenti: 1 })
        .where(eq(pilotScores.membershipId, s.regulator.membershipId))
        .returning({ id: pilotScores.id }),
    );
    expect(await forged).toEqual([]);
    const before = await w.as(s.lead, async (tx) => scoringOf(tx, s.lead, await loadPilot(tx, id)));
    expect(before).toMatchObject({ open: false, result: null });
    expect(before.sheets.every((x) => x.totalCenti === null && x.comment === "")).toBe(true);
    await expect(move(w, s.lead, id, "FINISH_SCORING")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_scores_pending" }] },
    });
    await expect(
      w.as(s.regulator2, (tx) => submitScore(tx, s.regulator2, { pilotId: id, points: { nonsense: 1 }, comment: "" })),
    ).rejects.toMatchObject({ status: 422 });
  });

  it("a regulator whose account serves at the applicant, or did within three years, cannot score it and is told why", async () => {
    const w = world();
    const id = at(ids, 0);
    const { siteId } = await value(w, id);
    const score = () =>
      w.as(s.regulator2, (tx) => submitScore(tx, s.regulator2, { pilotId: id, points: { need: 90 }, comment: "" }));
    const told = () =>
      w.as(s.regulator2, async (tx) => (await pilotView(tx, s.regulator2, id, "en")).selection?.mustRecuse);
    expect(await told()).toBeNull();
    const member = await w.as(s.lead, (tx) =>
      addMember(tx, s.lead, {
        email: s.regulator2.email,
        name: "-",
        password,
        role: "site_officer",
        tenantId: s.id,
        siteId,
      }),
    );
    await expect(score()).rejects.toMatchObject({ code: "must_recuse", status: 409 });
    expect(await told()).toMatch(/^Your account serves at the applicant, AAA/);
    // Of another regulator nothing is said, and their sheet stands.
    expect(await w.as(s.regulator, async (tx) => recusalOf(tx, s.regulator, await loadPilot(tx, id)))).toBeNull();
    await w.as(s.lead, (tx) => endMembership(tx, s.lead, member));
    await expect(score()).rejects.toMatchObject({ code: "must_recuse" });
    expect(await told()).toMatch(/within the last three years$/);
    const sql = postgres(w.database.superuserUrl, { max: 1 });
    await sql`update auth.memberships set ended_at = now() - interval '3 years 1 day' where id = ${member}`;
    await sql.end();
    expect(await told()).toBeNull();
    await score();
  });

  it("does not count a scorer who stepped aside, and ranks the rest", async () => {
    const w = world();
    const id = at(ids, 0);
    await w.as(s.regulator2, (tx) => recuse(tx, s.regulator2, { pilotId: id, reason: "与申报单位有业务往来" }));
    await expect(
      w.as(s.regulator2, (tx) => submitScore(tx, s.regulator2, { pilotId: id, points: pointsOf(10), comment: "" })),
    ).rejects.toMatchObject({ code: "scorer_recused" });
    await expect(move(w, s.lead, id, "FINISH_SCORING")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_too_few_scorers" }] },
    });
    await w.as(s.lead, (tx) => submitScore(tx, s.lead, { pilotId: id, points: pointsOf(90), comment: "" }));
    expect((await w.as(s.regulator, (tx) => mySheet(tx, s.regulator, id)))?.totalCenti).toBe(8000);
    await move(w, s.lead, id, "FINISH_SCORING");
    expect(await value(w, id)).toMatchObject({
      stage: "publicNotice",
      scoreCenti: 8500,
      rank: 1,
      noticeFrom: "2014-04-02",
      noticeTo: "2014-04-09",
    });
    await toNotice(w, s, at(ids, 1), [95, 96]);
    await toNotice(w, s, at(ids, 2), [85, 85]);
    expect((await value(w, at(ids, 1))).rank).toBe(1);
    expect([(await value(w, id)).rank, (await value(w, at(ids, 2))).rank]).toEqual([2, 2]);
  });

  it("is held up by the notice, an open objection and the quota", async () => {
    const w = world();
    const id = at(ids, 0);
    const text = "<b>与在建项目重复</b> 😀 𠮷";
    const objection = await w.as(s.regulator, (tx) =>
      raiseObjection(tx, s.regulator, { pilotId: id, raisedBy: "某公司", text }),
    );
    const refusal = await move(w, s.lead, id, "SELECT").catch((e: unknown) => e);
    expect(refusal).toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_notice_running" }, { code: "reason_pilot_open_objections" }] },
    });
    await w.as(s.lead, (tx) => settleObjection(tx, s.lead, { objectionId: objection, settlement: "经核实不重复" }));
    await expect(
      w.as(s.lead, (tx) => settleObjection(tx, s.lead, { objectionId: objection, settlement: "again" })),
    ).rejects.toMatchObject({ code: "objection_settled" });
    expect((await w.as(s.lead, (tx) => tx.select().from(objections)))[0]?.text).toBe(text);
    const later = w.at(s.lead, "2014-04-09T02:00:00Z");
    expect(await move(w, later, id, "SELECT")).toBe("selected");
    expect(await move(w, later, at(ids, 1), "SELECT")).toBe("selected");
    await expect(move(w, later, at(ids, 2), "SELECT")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_quota_used" }] },
    });
    expect(await move(w, later, at(ids, 2), "REJECT", { reason: "名额已满" })).toBe("rejected");
  });

  it("cannot overbook the last place when two leads select at once", async () => {
    const w = world();
    const later = w.at(s.lead, "2014-04-10T02:00:00Z");
    const outcome = await Promise.allSettled([
      move(w, later, at(ids, 2), "SELECT"),
      move(w, later, at(ids, 2), "SELECT"),
    ]);
    expect(outcome.every((o) => o.status === "rejected")).toBe(true);
  });

  it("gives an assessor what a grant names, while it lasts", async () => {
    const w = world();
    const id = at(ids, 0);
    const site = siteOf(s, 0);
    await expect(move(w, site.lead, id, "START_DESIGN")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_batch_not_running" }] },
    });
    await moveProjectAs(w, s.lead, s.projectId, "START_BATCH");
    expect(await w.as(w.assessor, (tx) => tx.select({ id: pilots.id }).from(pilots))).toEqual([]);
    await move(w, site.lead, id, "START_DESIGN");
    await move(w, site.lead, id, "COMPLETE_DESIGN");
    const assessor = w.at(w.assessor, "2014-05-05T02:00:00Z");
    const grantId = await w.as(s.lead, (tx) =>
      grantAccess(tx, s.lead, {
        pilotId: id,
        institutionId: w.institutionId,
        purpose: "design",
        startsAt: dayStart("2014-05-01"),
        endsAt: dayStart("2099-06-01"),
      }),
    );
    expect(await w.as(assessor, (tx) => tx.select({ id: pilots.id }).from(pilots))).toEqual([{ id }]);
    await expect(w.as(assessor, (tx) => tx.select({ id: sites.id }).from(sites))).rejects.toThrow();
    expect(await w.as(assessor, (tx) => assessorJobs(tx, assessor))).toMatchObject([
      { pilotId: id, purpose: "design", lastResult: null },
    ]);
    await expect(
      w.as(assessor, (tx) =>
        recordVerification(tx, assessor, {
          pilotId: id,
          kind: "acceptance",
          result: "passed",
          reportNumber: "x",
          note: "",
        }),
      ),
    ).rejects.toMatchObject({ code: "no_grant" });
    await expect(w.as(assessor, (tx) => loadPilot(tx, at(ids, 1)))).rejects.toMatchObject({ status: 404 });
    await verify(w, assessor, id, "design", "failed");
    await expect(move(w, s.regulator, id, "APPROVE_DESIGN")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_design_not_verified" }, { code: "reason_pilot_open_high_findings" }] },
    });
    await verify(w, w.at(assessor, "2014-05-06T02:00:00Z"), id, "design");
    expect(await move(w, s.regulator, id, "APPROVE_DESIGN")).toBe("construction");
    await w.as(s.lead, (tx) => revokeGrant(tx, s.lead, { grantId }));
    expect(await w.as(assessor, (tx) => tx.select({ id: pilots.id }).from(pilots))).toEqual([]);
    await expect(
      w.as(assessor, (tx) =>
        recordVerification(tx, assessor, {
          pilotId: id,
          kind: "design",
          result: "passed",
          reportNumber: "x",
          note: "",
        }),
      ),
    ).rejects.toMatchObject({ status: 404 });
    await expect(w.as(s.lead, (tx) => revokeGrant(tx, s.lead, { grantId }))).rejects.toMatchObject({
      code: "grant_ended",
    });
  });

  it("asks for a new verification when the design came back and went up again", async () => {
    const w = world();
    const id = at(ids, 1);
    const site = siteOf(s, 1);
    await move(w, site.lead, id, "START_DESIGN");
    await move(w, site.lead, id, "COMPLETE_DESIGN");
    await w.as(s.lead, (tx) =>
      grantAccess(tx, s.lead, {
        pilotId: id,
        institutionId: w.institutionId,
        purpose: "design",
        startsAt: dayStart("2014-01-01"),
        endsAt: dayStart("2099-06-01"),
      }),
    );
    await verify(w, w.at(w.assessor, "2014-05-05T02:00:00Z"), id, "design");
    await move(w, s.regulator, id, "RETURN_DESIGN", { reason: "缺密钥管理" });
    await move(w, w.at(site.lead, "2014-05-10T02:00:00Z"), id, "COMPLETE_DESIGN");
    await expect(move(w, s.regulator, id, "APPROVE_DESIGN")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_design_not_verified" }] },
    });
    await verify(w, w.at(w.assessor, "2014-05-11T02:00:00Z"), id, "design");
    expect(await move(w, w.at(s.regulator, "2014-05-12T02:00:00Z"), id, "APPROVE_DESIGN")).toBe("construction");
  });

  it("takes progress reports: autosave with its conflict, return, seal, figures, approval", async () => {
    const w = world();
    const id = at(ids, 0);
    const june = dated(w, "2014-06-20T02:00:00Z", s);
    const site = siteOf(june, 0);
    await toAcceptance(w, june, id, site.lead);
    expect(await value(w, id)).toMatchObject({ stage: "operation", nextReportDue: "2014-07-10" });
    const doc = await w.as(site.officer, (tx) =>
      startProgressReport(tx, site.officer, { pilotId: id, period: "2014-06" }),
    );
    expect(
      (await w.as(site.officer, (tx) => startProgressReport(tx, site.officer, { pilotId: id, period: "2014-06" }))).id,
    ).toBe(doc.id);
    await expect(
      w.as(site.officer, (tx) => startProgressReport(tx, site.officer, { pilotId: id, period: "2014-07" })),
    ).rejects.toMatchObject({ status: 422 });
    const [first, second] = await w.as(s.regulator, (tx) => pilotIndicators(tx, s));
    const body = { values: { [first]: 6_000 }, text: "上线", problems: "", next: "", done: {} };
    expect(
      await w.as(site.officer, (tx) => saveProgressDraft(tx, site.officer, { documentId: doc.id, body, rev: 0 })),
    ).toBe(1);
    await expect(
      w.as(site.lead, (tx) =>
        saveProgressDraft(tx, site.lead, { documentId: doc.id, body: { ...body, text: "另一版" }, rev: 0 }),
      ),
    ).rejects.toMatchObject({ code: "stale_revision", extra: { rev: 1, theirs: { text: "上线" } } });
    await expect(
      w.as(site.officer, (tx) => transition(tx, site.officer, { documentId: doc.id, type: "SUBMIT", locale })),
    ).rejects.toMatchObject({ status: 403 });
    await w.as(site.lead, (tx) => transition(tx, site.lead, { documentId: doc.id, type: "SUBMIT", locale }));
    expect(await value(w, id)).toMatchObject({ nextReportDue: "2014-08-10", lastReportAt: site.lead.now });
    await w.as(june.regulator, (tx) =>
      transition(tx, june.regulator, {
        documentId: doc.id,
        type: "RETURN",
        payload: { parts: [{ part: "values", reason: "请补报另一指标" }] },
        locale,
      }),
    );
    await w.as(site.officer, (tx) =>
      saveProgressDraft(tx, site.officer, {
        documentId: doc.id,
        body: { ...body, values: { [first]: 6_000, [second]: 8_000 } },
        rev: 1,
      }),
    );
    await w.as(site.lead, (tx) => transition(tx, site.lead, { documentId: doc.id, type: "SUBMIT", locale }));
    await w.as(june.regulator, (tx) => transition(tx, june.regulator, { documentId: doc.id, type: "APPROVE", locale }));
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
    const id = at(ids, 0);
    const june = dated(w, "2014-07-05T02:00:00Z", s);
    const site = siteOf(june, 0);
    const doc = await w.as(site.officer, (tx) =>
      startProgressReport(tx, site.officer, { pilotId: id, period: "2014-06" }),
    );
    const [first, second] = await w.as(s.regulator, (tx) => pilotIndicators(tx, s));
    const body = { values: {}, text: "上线", problems: "", next: "", done: {} };
    const approved = { ...body, values: { [first]: 6_000, [second]: 8_000 } };
    const save = (changed: typeof approved, rev: number) =>
      w.as(site.officer, (tx) => saveProgressDraft(tx, site.officer, { documentId: doc.id, body: changed, rev }));
    const seen = (actor: Actor) => w.as(actor, (tx) => reportView(tx, actor, id, doc.id, locale));
    const again = () =>
      w.as(site.lead, (tx) => transition(tx, site.lead, { documentId: doc.id, type: "SUBMIT", locale }));
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
    await w.as(june.regulator, (tx) => transition(tx, june.regulator, { documentId: doc.id, type: "APPROVE", locale }));
    expect(await seen(june.regulator)).toMatchObject({
      approval: { needed: false },
      sealed: { content: { text: "上线运行" } },
    });
  });

  it("is checked mid-term, sums up and is accepted", async () => {
    const w = world();
    const id = at(ids, 0);
    const august = dated(w, "2014-08-20T02:00:00Z", s);
    const site = siteOf(august, 0);
    await move(w, august.regulator, id, "MIDTERM_CHECK", { result: "normal" });
    expect(await move(w, site.lead, id, "START_SUMMARY")).toBe("summary");
    const doc = await w.as(site.officer, (tx) =>
      startProgressReport(tx, site.officer, { pilotId: id, period: "summary" }),
    );
    const [first, second] = await w.as(s.regulator, (tx) => pilotIndicators(tx, s));
    await w.as(site.officer, (tx) =>
      saveProgressDraft(tx, site.officer, {
        documentId: doc.id,
        body: { values: { [first]: 3_000 }, text: "总结", problems: "", next: "", done: {} },
        rev: 0,
      }),
    );
    await expect(
      w.as(site.lead, (tx) => transition(tx, site.lead, { documentId: doc.id, type: "SUBMIT", locale })),
    ).rejects.toMatchObject({ extra: { reasons: [{ code: "reason_document_parts_missing" }] } });
    await w.as(site.officer, (tx) =>
      saveProgressDraft(tx, site.officer, {
        documentId: doc.id,
        body: { values: { [first]: 3_000, [second]: 2_000 }, text: "总结", problems: "", next: "", done: {} },
        rev: 1,
      }),
    );
    await w.as(site.lead, (tx) => transition(tx, site.lead, { documentId: doc.id, type: "SUBMIT", locale }));
    await expect(move(w, august.lead, id, "ACCEPT")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_summary_not_approved" }] },
    });
    await w.as(august.regulator, (tx) =>
      transition(tx, august.regulator, { documentId: doc.id, type: "APPROVE", locale }),
    );
    expect(await move(w, august.lead, id, "ACCEPT")).toBe("accepted");
  });

  it("opens batch two only through the learning gate, and passes lessons on to a sector that skipped batch one", async () => {
    const w = world();
    const sept = dated(w, "2014-09-20T02:00:00Z", s);
    await move(w, siteOf(sept, 1).lead, at(ids, 1), "WITHDRAW", { reason: "系统停用" });
    await w.as(sept.regulator, (tx) =>
      transitionProject(tx, sept.regulator, { projectId: s.projectId, type: "START_REVIEW", locale }),
    );
    const first = await w.as(sept.regulator, (tx) =>
      recordLesson(tx, sept.regulator, {
        projectId: s.projectId,
        batchNo: 1,
        pilotId: at(ids, 0),
        dimension: "identity",
        text: "设备凭证须逐台",
      }),
    );
    await w.as(sept.regulator, (tx) =>
      recordLesson(tx, sept.regulator, {
        projectId: s.projectId,
        batchNo: 1,
        dimension: "network",
        text: "先分区再联网",
      }),
    );
    await closeReview(w, sept, 1);
    await w.as(sept.lead, (tx) =>
      transitionProject(tx, sept.lead, { projectId: s.projectId, type: "CLOSE_BATCH", locale }),
    );
    const finish = () =>
      w.as(sept.lead, (tx) =>
        transitionProject(tx, sept.lead, { projectId: s.projectId, type: "FINISH_LEARNING", locale }),
      );
    await expect(finish()).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_project_lessons_undecided", params: { count: 2 } }] },
    });
    await w.as(sept.lead, (tx) =>
      decideLesson(tx, sept.lead, { lessonId: first, rev: 1, decision: "adopted", reason: "已写入批次二方案" }),
    );
    await expect(
      w.as(sept.regulator, (tx) =>
        decideLesson(tx, sept.regulator, { lessonId: first, rev: 1, decision: "refused", reason: "x" }),
      ),
    ).rejects.toMatchObject({ code: "stale_revision" });
    await expect(finish()).rejects.toMatchObject({ status: 422 });
    const list = await w.as(sept.lead, (tx) => lessonsOf(tx, sept.lead, s.projectId));
    expect(list.map((l) => l.lesson.code)).toEqual(["L1-02", "L1-01"]);
    const open = at(list, 0).lesson;
    await w.as(sept.lead, (tx) =>
      decideLesson(tx, sept.lead, { lessonId: open.id, rev: open.rev, decision: "refused", reason: "不适用" }),
    );
    expect(
      adoptionMatrix(
        (await w.as(sept.lead, (tx) => lessonsOf(tx, sept.lead, s.projectId))).map((l) => l.lesson),
      ).filter((r) => r.total > 0),
    ).toMatchObject([
      { dimension: "identity", adopted: 1 },
      { dimension: "network", refused: 1 },
    ]);
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

    expect(await w.as(w.director, (tx) => publishNationalLessons(tx, w.director, w.programmeId))).toBe(2);
    expect(await w.as(w.director, (tx) => publishNationalLessons(tx, w.director, w.programmeId))).toBe(0);
    const [, other] = w.sectors;
    expect(await w.as(sept.lead, (tx) => nationalLessonsFor(tx, sept.lead, s.projectId))).toEqual([]);
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
    await w.as(sept.regulator, (tx) =>
      transition(tx, sept.regulator, { documentId: review.documentId, type: "SUBMIT", locale }),
    );
    await w.as(sept.lead, (tx) =>
      transition(tx, sept.lead, { documentId: review.documentId, type: "APPROVE", locale }),
    );
    expect((await seen(sept.lead)).approval).toMatchObject({ needed: false, changes: [] });
  });
});

async function closeReview(w: World, s: TestSector, batchNo: 1 | 2): Promise<void> {
  const doc = await w.as(s.regulator, (tx) => startBatchReview(tx, s.regulator, { projectId: s.projectId, batchNo }));
  await expect(
    w.as(s.regulator, (tx) => transition(tx, s.regulator, { documentId: doc.id, type: "SUBMIT", locale })),
  ).rejects.toMatchObject({ status: 422 });
  await w.as(s.regulator, (tx) =>
    saveBatchReview(tx, s.regulator, {
      documentId: doc.id,
      body: { conclusions: "总体达到预期", problems: "", advice: "" },
      rev: 0,
    }),
  );
  await w.as(s.regulator, (tx) => transition(tx, s.regulator, { documentId: doc.id, type: "SUBMIT", locale }));
  await w.as(s.lead, (tx) => transition(tx, s.lead, { documentId: doc.id, type: "APPROVE", locale }));
}
async function toAcceptance(w: World, s: TestSector, id: string, siteLead: Actor): Promise<void> {
  await move(w, siteLead, id, "REQUEST_ACCEPTANCE");
  await w.as(s.lead, (tx) =>
    grantAccess(tx, s.lead, {
      pilotId: id,
      institutionId: w.institutionId,
      purpose: "acceptance",
      startsAt: dayStart("2014-01-01"),
      endsAt: dayStart("2099-06-01"),
    }),
  );
  await verify(w, w.at(w.assessor, s.lead.now), id, "acceptance");
  await move(w, s.regulator, id, "PASS_ACCEPTANCE");
}
async function pilotIndicators(tx: Parameters<typeof loadPilot>[0], s: TestSector): Promise<[string, string]> {
  const { indicators } = await import("#db/schema/index.ts");
  const rows = await tx
    .select({ id: indicators.id })
    .from(indicators)
    .where(eq(indicators.projectId, s.projectId))
    .orderBy(indicators.code);
  return [at(rows, 0).id, at(rows, 1).id];
}
