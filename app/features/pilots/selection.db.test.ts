import { eq } from "drizzle-orm";
import postgres from "postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { assessorJobs, grantAccess, recordVerification, revokeGrant } from "./assessors.server.ts";
import { dayStart } from "#app/platform/days.ts";
import { addMember, endMembership } from "#app/features/identity/identity.server.ts";
import { objections, pilotScores, pilots, sites, systems } from "#db/schema/index.ts";
import {
  addIndicators,
  addSystem,
  approvedPlan,
  dated,
  describeSystems,
  grant,
  move,
  moveProjectAs,
  namePanel,
  nominate,
  nominationStated,
  nth,
  openBatch,
  pointsOf,
  stateAll,
  toBatchOne,
  toNotice,
  toScoring,
  verify,
} from "#tests/builders/pilots.ts";
import { password, type TestSector, testWorld, type World } from "#tests/builders/world.ts";
import { boardOf, listPilots, pilotsQuery } from "./pilots.view.server.ts";
import { loadPilot, nominatePilots } from "./pilot.server.ts";
import { pilotFacts } from "./facts.server.ts";
import { releaseMember } from "./panel.server.ts";
import {
  mySheet,
  raiseObjection,
  recusalOf,
  recuse,
  scoringOf,
  settleObjection,
  submitScore,
} from "./scoring.server.ts";
import { pilotView } from "./pilot.view.server.ts";

describe("pilots from nomination to an approved design", () => {
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
    const third = await addSystem(w, s, nth(s.sites, 0).id, "第三系统");
    const all = [nth(s.sites, 0).systemId, nth(s.sites, 1).systemId, third];
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
      w.as(nth(s.sites, 0).lead, (tx) => nominatePilots(tx, nth(s.sites, 0).lead, s.projectId, 1)),
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
    const own = await w.as(nth(s.sites, 1).officer, (tx) => tx.select({ id: pilots.id }).from(pilots));
    expect(own).toEqual([{ id: nth(ids, 1) }]);
    await expect(w.as(nth(s.sites, 1).officer, (tx) => loadPilot(tx, nth(ids, 0)))).rejects.toMatchObject({
      status: 404,
    });
    const [, other] = w.sectors;
    expect(await w.as(other.lead, (tx) => tx.select({ id: pilots.id }).from(pilots))).toEqual([]);
  });

  it("screens by form: a blank description is named in words", async () => {
    const w = world();
    const facts = () =>
      w.as(s.regulator, async (tx) => pilotFacts(tx, s.regulator, await loadPilot(tx, nth(ids, 0)), "zh-CN"));
    const describe = (text: string) =>
      w.as(s.lead, (tx) =>
        tx
          .update(systems)
          .set({ description: text })
          .where(eq(systems.id, nth(s.sites, 0).systemId)),
      );
    await describe(" ");
    expect((await facts()).formMissing).toEqual(["系统说明", "申报承诺"]);
    await expect(move(w, s.regulator, nth(ids, 0), "START_SCREENING")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_form_incomplete" }] },
    });
    await describe("视频监控与门禁");
    expect((await facts()).formMissing).toEqual(["申报承诺"]);
    await stateAll(w, s, nth(ids, 0));
    expect(await facts()).toMatchObject({ formMissing: [], duplicates: 0, quotaLeft: 2, scorers: 0 });
  });

  it.each([
    ["of a system that is not built", { builtOn: null }, /not built/],
    ["with three partners", { partners: ["甲", "乙", "丙"] }, /3/],
    ["that takes part in another programme", { otherProgrammes: ["某国家级试点"] }, /某国家级试点/],
  ] as const)("a nomination %s does not pass screening, and the reason is named", async (_what, change, told) => {
    const w = world();
    const id = nth(ids, 0);
    const form = { ...nominationStated, ...change };
    await stateAll(w, s, id, { ...form, partners: [...form.partners], otherProgrammes: [...form.otherProgrammes] });
    await namePanel(w, s);
    await move(w, s.regulator, id, "START_SCREENING");
    const refused = await move(w, s.regulator, id, "PASS_SCREENING").catch((e: unknown) => e);
    expect(refused).toMatchObject({ extra: { reasons: [{ code: "reason_pilot_screening_blocked" }] } });
    expect(
      (refused as { extra: { reasons: { params: { fields: string } }[] } }).extra.reasons[0]?.params.fields,
    ).toMatch(told);
    // What is under review is not changed any more; returned, it is.
    await expect(stateAll(w, s, id)).rejects.toMatchObject({ code: "nomination_closed" });
    await move(w, s.regulator, id, "RETURN_NOMINATION", { reason: "请更正" });
    await stateAll(w, s, id);
  });

  it("scores blind: a scorer sees their own sheet alone, by SQL too; the lead sees figures when all are in", async () => {
    const w = world();
    const id = nth(ids, 0);
    await expect(
      w.as(s.regulator, (tx) => submitScore(tx, s.regulator, { pilotId: id, points: pointsOf(80), comment: "" })),
    ).rejects.toMatchObject({ code: "scoring_closed" });
    await toScoring(w, s, id);
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
    const id = nth(ids, 0);
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
    const id = nth(ids, 0);
    await w.as(s.regulator2, (tx) => recuse(tx, s.regulator2, { pilotId: id, reason: "与申报单位有业务往来" }));
    await expect(
      w.as(s.regulator2, (tx) => submitScore(tx, s.regulator2, { pilotId: id, points: pointsOf(10), comment: "" })),
    ).rejects.toMatchObject({ code: "scorer_recused" });
    await expect(move(w, s.lead, id, "FINISH_SCORING")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_too_few_scorers" }] },
    });
    // The lead knows the mark by now. A seat that they take after it counts for the pilots that are scored later alone.
    const leadScores = () =>
      w.as(s.lead, (tx) => submitScore(tx, s.lead, { pilotId: id, points: pointsOf(90), comment: "" }));
    await expect(leadScores()).rejects.toMatchObject({ code: "panel_not_member" });
    await namePanel(w, { ...s, lead: dated(w, "2014-04-03T02:00:00Z", s).lead }, 1, [s.lead]);
    await expect(leadScores()).rejects.toMatchObject({ code: "panel_not_member" });
    // Another from outside takes the place of who stepped aside.
    await namePanel(w, s, 1, [s.expert]);
    await w.as(s.expert, (tx) => submitScore(tx, s.expert, { pilotId: id, points: pointsOf(90), comment: "" }));
    expect((await w.as(s.regulator, (tx) => mySheet(tx, s.regulator, { id, scoringRound: 1 })))?.totalCenti).toBe(8000);
    await move(w, s.lead, id, "FINISH_SCORING");
    expect(await value(w, id)).toMatchObject({
      stage: "publicNotice",
      scoreCenti: 8500,
      rank: 1,
      noticeFrom: "2014-04-02",
      noticeTo: "2014-04-10",
    });
    await w.as(s.lead, (tx) =>
      releaseMember(tx, s.lead, {
        projectId: s.projectId,
        batchNo: 1,
        membershipId: s.expert.membershipId,
        reason: "仅评一项",
      }),
    );
    await toNotice(w, s, nth(ids, 1), [95, 96]);
    await toNotice(w, s, nth(ids, 2), [85, 85]);
    expect((await value(w, nth(ids, 1))).rank).toBe(1);
    expect([(await value(w, id)).rank, (await value(w, nth(ids, 2))).rank]).toEqual([2, 2]);
  });

  it("is held up by the notice, an open objection and the quota", async () => {
    const w = world();
    const id = nth(ids, 0);
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
    // The notice is up to the end of its last day, and five working days long: Tomb Sweeping Day lies between.
    const last = w.at(s.lead, "2014-04-10T15:00:00Z");
    await expect(move(w, last, id, "SELECT")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_notice_running", params: { days: 1 } }] },
    });
    const later = w.at(s.lead, "2014-04-11T02:00:00Z");
    expect(await move(w, later, id, "SELECT")).toBe("selected");
    expect(await move(w, later, nth(ids, 1), "SELECT")).toBe("selected");
    await expect(move(w, later, nth(ids, 2), "SELECT")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_quota_used" }] },
    });
    expect(await move(w, later, nth(ids, 2), "REJECT", { reason: "名额已满" })).toBe("rejected");
  });

  it("cannot overbook the last place when two leads select at once", async () => {
    const w = world();
    const later = w.at(s.lead, "2014-04-10T02:00:00Z");
    const outcome = await Promise.allSettled([
      move(w, later, nth(ids, 2), "SELECT"),
      move(w, later, nth(ids, 2), "SELECT"),
    ]);
    expect(outcome.every((o) => o.status === "rejected")).toBe(true);
  });

  it("gives an assessor what a grant names, while it lasts", async () => {
    const w = world();
    const id = nth(ids, 0);
    const site = nth(s.sites, 0);
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
    await expect(w.as(assessor, (tx) => loadPilot(tx, nth(ids, 1)))).rejects.toMatchObject({ status: 404 });
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
    const id = nth(ids, 1);
    const site = nth(s.sites, 1);
    await move(w, site.lead, id, "START_DESIGN");
    await move(w, site.lead, id, "COMPLETE_DESIGN");
    await grant(w, s, id, "design");
    await verify(w, w.at(w.assessor, "2014-05-05T02:00:00Z"), id, "design");
    await move(w, s.regulator, id, "RETURN_DESIGN", { reason: "缺密钥管理" });
    await move(w, w.at(site.lead, "2014-05-10T02:00:00Z"), id, "COMPLETE_DESIGN");
    await expect(move(w, s.regulator, id, "APPROVE_DESIGN")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_design_not_verified" }] },
    });
    await verify(w, w.at(w.assessor, "2014-05-11T02:00:00Z"), id, "design");
    expect(await move(w, w.at(s.regulator, "2014-05-12T02:00:00Z"), id, "APPROVE_DESIGN")).toBe("construction");
  });
});
