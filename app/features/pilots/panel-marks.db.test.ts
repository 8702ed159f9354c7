import { asc, eq } from "drizzle-orm";
import postgres from "postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { acceptInvitation } from "#app/features/identity/invitations.server.ts";
import { addMember, listMembers } from "#app/features/identity/identity.server.ts";
import { setQuota } from "#app/features/programme/programme.server.ts";
import { versionOf } from "#app/features/project/corrections.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { correctableSite, correctSite } from "#app/features/project/site-correction.server.ts";
import { loadSite } from "#app/features/project/site.view.server.ts";
import { translate } from "#app/i18n/translate.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { panelMembers, pilots, systems } from "#db/schema/index.ts";
import * as builders from "#tests/builders/pilots.ts";
import { type TestSector, testWorld } from "#tests/builders/world.ts";
import {
  declareInterests,
  inviteExpert,
  nameMember,
  panelNominations,
  panelOf,
  releaseMember,
  setAnonymous,
} from "./panel.server.ts";
import { stateNomination } from "./nomination.server.ts";
import { loadPilot } from "./pilot.server.ts";
import { reconcile, recuse, submitScore } from "./scoring.server.ts";

const { move, nth, pointsOf } = builders;

/** What a mark is once it was known: final, one of two at least, and each a person's. */
describe("marks of a panel", () => {
  const world = testWorld();
  let s: TestSector;
  let ids: string[] = [];
  const on = (day: string, who: Actor) => world().at(who, `${day}T02:00:00Z`);
  const batch = () => ({ projectId: s.projectId, batchNo: 1 as const });
  const code = (work: Promise<unknown>) =>
    work.then(
      () => "done",
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    );
  const score = (who: Actor, pilotId: string, n: number) =>
    world().as(who, (tx) => submitScore(tx, who, { pilotId, points: pointsOf(n), comment: "" }));
  const name = (by: Actor, membershipId: string) =>
    world().as(by, (tx) => nameMember(tx, by, { ...batch(), membershipId }));
  const declare = async (who: Actor) => {
    const panel = await world().as(s.lead, (tx) => panelOf(tx, s.projectId, 1));
    await world().as(who, (tx) => declareInterests(tx, who, { panelId: panel?.id ?? "", interests: "" }));
  };

  beforeAll(async () => {
    const w = world();
    s = builders.dated(w, "2014-04-02T02:00:00Z", w.sectors[0]);
    await builders.addIndicators(w, s, ["identity"]);
    await builders.toBatchOne(w, s);
    await builders.describeSystems(w, s);
    const sites = [nth(s.sites, 0), nth(s.sites, 1)];
    const more = await Promise.all(sites.map((x, i) => builders.addSystem(w, s, x.id, `另一系统${i}`)));
    const nominated = [...sites.map((x) => x.systemId), ...more];
    await builders.approvedPlan(
      w,
      s,
      nominated.map((systemId) => ({ systemId, batchNo: 1 as const, direction: "identity" as const })),
    );
    ids = await builders.nominate(w, s);
    await builders.namePanel(w, s, 1, [s.lead, s.regulator, s.regulator2]);
    for (const id of ids) await builders.toScoring(w, s, id);
  });

  it("are nobody's to take back once they were known, whoever is named after", async () => {
    const w = world();
    const id = nth(ids, 0);
    await score(s.lead, id, 90);
    const step = (who: Actor) => w.as(who, (tx) => recuse(tx, who, { pilotId: id, reason: "想起来有关系" }));
    await score(s.regulator, id, 80);
    await score(s.regulator2, id, 70);
    // Another is named when the lead knows all three: hidden anew, and theirs stays.
    const lead = on("2014-04-03", s.lead);
    await name(lead, s.expert.membershipId);
    await declare(s.expert);
    expect(await code(step(s.lead))).toBe("score_final");
    expect(await code(step(s.regulator))).toBe("score_final");
    await w.as(lead, (tx) =>
      releaseMember(tx, lead, { ...batch(), membershipId: s.expert.membershipId, reason: "另有安排" }),
    );
    await move(w, lead, id, "FINISH_SCORING");
    expect((await w.as(s.lead, (tx) => loadPilot(tx, id))).scoreCenti).toBe(8000);
    // Released by mistake, they are named again, declare anew and score what is still open.
    await name(lead, s.expert.membershipId);
    const given = () => w.as(s.expert, (tx) => panelNominations(tx));
    expect(await given()).toEqual([]);
    await declare(s.expert);
    expect((await given()).map((n) => n.id)).toEqual(ids.slice(1));
  });

  it("are one a person, whatever memberships they have", async () => {
    const w = world();
    const own = (await w.as(s.lead, (tx) => listMembers(tx, s.lead))).find((m) => m.id === s.regulator.membershipId);
    const second = await w.as(s.lead, (tx) =>
      addMember(tx, s.lead, {
        email: own?.email ?? "",
        name: "同一人",
        password: "门前老树长新芽院里枯木又开花",
        role: "regulator_lead",
        tenantId: s.id,
      }),
    );
    expect(await code(name(s.lead, second))).toBe("panel_seat_taken");
    // Invited as an expert before they joined the office and were named there: the invitation seats nobody twice.
    const email = "both@uni.example";
    const guest = { ...batch(), email, name: "受邀者", language: "zh-CN" } as const;
    await w.as(s.lead, (tx) => inviteExpert(tx, s.lead, guest, { origin: "https://a.example" }));
    const password = "门前老树长新芽院里枯木又开花";
    const joined = { email, name: "受邀者", password, role: "regulator", tenantId: s.id } as const;
    const office = await w.as(s.lead, (tx) => addMember(tx, s.lead, joined));
    await name(s.lead, office);
    const owner = postgres(w.database.superuserUrl, { max: 1 });
    const [letter] = await owner<
      { text: string }[]
    >`select body_text as text from auth.mails where recipient = ${email}`;
    await owner.end();
    const token = /token=([0-9a-f]{40})/.exec(letter?.text ?? "")?.[1] ?? "";
    await acceptInvitation(w.db, { token, name: "", next: "", repeat: "" }, "10.9.9.8");
    const seats = async () =>
      (await w.as(s.lead, (tx) => tx.select().from(panelMembers)))
        .filter((x) => x.name === "受邀者")
        .map((x) => x.membershipId);
    expect(await seats()).toEqual([office]);
    await w.as(s.lead, (tx) => releaseMember(tx, s.lead, { ...batch(), membershipId: office, reason: "另有安排" }));
  });

  it("of a nomination that left in the middle are told to nobody and rank nothing", async () => {
    const w = world();
    const [, rejected, withdrawn] = ids;
    await score(s.regulator, rejected ?? "", 100);
    await move(w, s.regulator2, rejected ?? "", "REJECT", { reason: "不符合" });
    await score(s.regulator, withdrawn ?? "", 99);
    const { siteId } = await w.as(s.lead, (tx) => loadPilot(tx, withdrawn ?? ""));
    const site = s.sites.find((x) => x.id === siteId) ?? nth(s.sites, 0);
    await move(w, site.lead, withdrawn ?? "", "WITHDRAW", { reason: "停用" });
    const last = nth(ids, 3);
    for (const who of [s.lead, s.regulator, s.regulator2]) await score(who, last, 75);
    // Nothing lies apart, so there is nothing to explain in advance.
    await w.as(on("2014-04-03", s.lead), (tx) =>
      releaseMember(tx, on("2014-04-03", s.lead), { ...batch(), membershipId: s.expert.membershipId, reason: "x" }),
    );
    expect(await code(w.as(s.lead, (tx) => reconcile(tx, s.lead, { pilotId: last, reconciliation: "提前写好" })))).toBe(
      "marks_agree",
    );
    await move(w, s.lead, last, "FINISH_SCORING");
    const rows = await w.as(s.lead, (tx) =>
      tx.select({ score: pilots.scoreCenti, rank: pilots.rank }).from(pilots).orderBy(asc(pilots.code)),
    );
    expect(rows).toEqual([
      { score: 8000, rank: 1 },
      { score: null, rank: null },
      { score: null, rank: null },
      { score: 7500, rank: 2 },
    ]);
  });

  it("select nobody while the project stands still, and keep its batch from being skipped", async () => {
    const w = world();
    const lead = on("2014-04-20", s.lead);
    await builders.moveProjectAs(w, s.lead, s.projectId, "SUSPEND", { reason: "专项检查" });
    expect(await builders.refusedFor(move(w, lead, nth(ids, 3), "SELECT"))).toEqual(["selection_not_open"]);
    await builders.moveProjectAs(w, s.lead, s.projectId, "RESUME");
    const skip = { projectId: s.projectId, type: "SKIP_BATCH_ONE", payload: { reason: "x" }, locale: "en" } as const;
    await expect(w.as(lead, (tx) => transitionProject(tx, lead, skip))).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_project_pilots_in_selection", params: { count: 2 } }] },
    });
    expect(await move(w, lead, nth(ids, 3), "SELECT")).toBe("selected");
    // A batch begins in its window, with places of the sector.
    const begin = (by: Actor) => w.as(by, (tx) => transitionProject(tx, by, { ...skip, type: "START_BATCH" }));
    const refused = (code: string) => ({ extra: { reasons: [{ code }] } });
    await expect(begin(on("2014-06-20", s.lead))).rejects.toMatchObject(refused("reason_project_batch_window_closed"));
    const quota = { programmeId: w.programmeId, batchNo: 1, sectorId: s.id, quota: 0, note: "x" } as const;
    await w.as(w.director, (tx) => setQuota(tx, w.director, quota));
    await expect(begin(lead)).rejects.toMatchObject(refused("reason_project_batch_no_quota"));
    await w.as(w.director, (tx) => setQuota(tx, w.director, { ...quota, quota: 5 }));
    // Nor with the one alone that failed before anything was built: it has used up its place.
    await move(w, s.regulator, nth(ids, 0), "REJECT", { reason: "不符合" });
    await move(w, lead, nth(ids, 3), "FAIL", { reason: "停用" });
    await expect(begin(lead)).rejects.toMatchObject(refused("reason_project_no_pilot_selected"));
  });
});

describe("a nomination", () => {
  const world = testWorld();
  it("of an anonymous call tells its experts no name of the applicant, of today or of before, however it is written", async () => {
    const w = world();
    const s = builders.dated(w, "2014-04-02T02:00:00Z", w.sectors[0]);
    const site = nth(s.sites, 0);
    await builders.addIndicators(w, s, ["identity"]);
    await builders.toBatchOne(w, s);
    await builders.describeSystems(w, s);
    const plan = [{ systemId: site.systemId, batchNo: 1 as const, direction: "identity" as const }];
    await builders.approvedPlan(w, s, plan);
    const [id = ""] = await builders.nominate(w, s);
    // A form that shows the nomination as it was before overwrites nothing of a colleague's.
    const seen = versionOf({ nomination: null });
    await builders.stateAll(w, s, id);
    const late = { ...builders.nominationStated, pilotId: id, expectedVersion: seen };
    await expect(w.as(site.officer, (tx) => stateNomination(tx, site.officer, late))).rejects.toMatchObject({
      code: "stale_revision",
    });
    await builders.namePanel(w, s, 1, [s.regulator, s.expert]);
    await w.as(s.lead, (tx) => setAnonymous(tx, s.lead, { projectId: s.projectId, batchNo: 1, anonymous: true }));
    await builders.toScoring(w, s, id);
    const before = correctableSite(await w.as(s.regulator, (tx) => loadSite(tx, site.id)));
    await w.as(s.regulator, (tx) =>
      correctSite(tx, s.regulator, {
        ...before,
        siteId: site.id,
        name: "滨江（集团）供水公司",
        division: before.divisionCode,
        size: "medium",
        region: "滨江新区",
        expectedVersion: versionOf(before),
        reason: "更名",
      }),
    );
    const told = [before.name, before.name.replaceAll(" ", ""), "滨江集团供水公司", "滨江 (集团) 供水公司"];
    await w.as(s.regulator, (tx) =>
      tx
        .update(systems)
        .set({ description: `位于滨江新区，${told.join("，又名")}，用于抄表` })
        .where(eq(systems.id, site.systemId)),
    );
    const [nomination] = await w.as(s.expert, (tx) => panelNominations(tx));
    expect(nomination?.description).toBe("位于＊＊，＊＊，又名＊＊，又名＊＊，又名＊＊，用于抄表");
    // Who serves at the applicant learns that they must step aside, in words, and not whose nomination it is.
    const tie = { email: s.expert.email, name: "-", password: "门前老树长新芽", role: "site_officer" } as const;
    await w.as(s.lead, (tx) => addMember(tx, s.lead, { ...tie, tenantId: s.id, siteId: site.id }));
    const refused = await w
      .as(s.expert, (tx) => submitScore(tx, s.expert, { pilotId: id, points: pointsOf(90), comment: "" }))
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "must_recuse", messageKey: "rule_pilots_serves_unnamed" });
    expect(translate("rule_pilots_serves_unnamed", {}, "en")).toBe(
      "Your account serves at the applicant, or did within three years; step aside.",
    );
  });

  it("takes a system once, whatever it is registered as: the other is ended first", async () => {
    const w = world();
    const s = builders.dated(w, "2014-04-02T02:00:00Z", w.sectors[1]);
    const site = nth(s.sites, 0);
    const [own] = await w.as(s.lead, (tx) => tx.select().from(systems).where(eq(systems.id, site.systemId)));
    const twin = await builders.addSystem(w, s, site.id, `${own?.name} `);
    await builders.toBatchOne(w, s);
    await builders.describeSystems(w, s);
    await builders.approvedPlan(
      w,
      s,
      [site.systemId, twin].map((systemId) => ({ systemId, batchNo: 1 as const, direction: "identity" as const })),
    );
    const [first = "", second = ""] = await builders.nominate(w, s);
    await builders.namePanel(w, s);
    for (const id of [first, second]) {
      await builders.stateAll(w, s, id);
      await move(w, s.regulator, id, "START_SCREENING");
    }
    expect(await builders.refusedFor(move(w, s.regulator, first, "PASS_SCREENING"))).toEqual(["duplicate"]);
    await move(w, s.regulator, second, "REJECT", { reason: "重复登记" });
    expect(await move(w, s.regulator, first, "PASS_SCREENING")).toBe("scoring");
  });
});
