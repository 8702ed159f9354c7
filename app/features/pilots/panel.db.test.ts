import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acceptInvitation } from "#app/features/identity/invitations.server.ts";
import { endMembership } from "#app/features/identity/identity.server.ts";
import { signIn } from "#app/features/identity/sign-in.server.ts";
import { search } from "#app/features/home/search.server.ts";
import { workOf } from "#app/features/home/tasks.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { pilotScores, pilots, sites, systems } from "#db/schema/index.ts";
import {
  addIndicators,
  addSystem,
  approvedPlan,
  dated,
  describeSystems,
  move,
  namePanel,
  nominate,
  nth,
  pointsOf,
  stateAll,
  toBatchOne,
} from "#tests/builders/pilots.ts";
import { type TestSector, testWorld } from "#tests/builders/world.ts";
import {
  declareInterests,
  inviteExpert,
  mySeats,
  nameMember,
  panelNominations,
  panelOf,
  panelView,
  releaseMember,
  setAnonymous,
} from "./panel.server.ts";
import { loadPilot } from "./pilot.server.ts";
import { nominationView, pilotView } from "./pilot.view.server.ts";
import { reconcile, recuse, scoringOf, submitScore } from "./scoring.server.ts";

const secret = "三号成员的评语不可外传";
/** All that a view says, without ids and digests: their digits may be those of a mark. */
const told = (view: unknown): string => JSON.stringify(view).replaceAll(/[0-9a-f]{8}[0-9a-f-]{8,}/g, "");

describe("the panel of a batch", () => {
  const world = testWorld();
  let s: TestSector;
  let [first, second, third]: [string, string, string] = ["", "", ""];
  let owner: postgres.Sql;

  const batch = () => ({ projectId: s.projectId, batchNo: 1 as const });
  const score = (who: Actor, pilotId: string, n: number, comment = "") =>
    world().as(who, (tx) => submitScore(tx, who, { pilotId, points: pointsOf(n), comment }));
  const scoring = (who: Actor, pilotId: string) =>
    world().as(who, async (tx) => scoringOf(tx, who, await loadPilot(tx, pilotId)));
  const code = (work: Promise<unknown>) =>
    work.then(
      () => "done",
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    );
  const release = (membershipId: string, reason = "出差") =>
    world().as(s.lead, (tx) => releaseMember(tx, s.lead, { ...batch(), membershipId, reason }));

  beforeAll(async () => {
    const w = world();
    owner = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
    const [one] = w.sectors;
    s = dated(w, "2014-04-02T02:00:00Z", one);
    await addIndicators(w, s, ["identity"]);
    await toBatchOne(w, s);
    await describeSystems(w, s);
    const more = await addSystem(w, s, nth(s.sites, 0).id, "第三系统");
    await approvedPlan(
      w,
      s,
      [nth(s.sites, 0).systemId, nth(s.sites, 1).systemId, more].map((systemId) => ({
        systemId,
        batchNo: 1 as const,
        direction: "identity" as const,
      })),
    );
    const ids = await nominate(w, s);
    [first, second, third] = [nth(ids, 0), nth(ids, 1), nth(ids, 2)];
    for (const id of ids) {
      await stateAll(w, s, id);
      await move(w, s.regulator, id, "START_SCREENING");
    }
  });
  afterAll(async () => owner.end());

  it("is named before anything is scored: of one member it is too small", async () => {
    const w = world();
    const refused = await move(w, s.regulator, first, "PASS_SCREENING").catch((e: unknown) => e);
    expect(refused).toMatchObject({ extra: { reasons: [{ code: "reason_pilot_panel_missing" }] } });
    await namePanel(w, s, 1, [s.regulator]);
    await expect(move(w, s.regulator, first, "PASS_SCREENING")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_panel_missing", params: { count: 1, min: 2 } }] },
    });
    await namePanel(w, s, 1, [s.lead, s.regulator2]);
    for (const id of [first, second, third]) await move(w, s.regulator, id, "PASS_SCREENING");
  });

  it("is the lead's to name, of people who serve in the sector, each once", async () => {
    const w = world();
    const [, other] = w.sectors;
    const name = (who: Actor, membershipId: string) =>
      w.as(who, (tx) => nameMember(tx, who, { ...batch(), membershipId }));
    expect(await code(name(s.lead, other.regulator.membershipId))).toBe("invalid");
    expect(await code(name(s.lead, nth(s.sites, 0).officer.membershipId))).toBe("invalid");
    expect(await code(name(s.lead, s.regulator.membershipId))).toBe("panel_seat_taken");
    expect(await code(name(s.regulator, s.regulator.membershipId))).not.toBe("done");
  });

  it("scores after declaring interests, and only with a seat", async () => {
    const w = world();
    expect(await code(score(s.expert, first, 80))).toBe("not_found");
    await w.as(s.lead, (tx) => nameMember(tx, s.lead, { ...batch(), membershipId: s.expert.membershipId }));
    // Named, and shown nothing before they have declared.
    expect(await w.as(s.expert, (tx) => panelNominations(tx))).toEqual([]);
    expect(
      (await w.as(s.expert, async (tx) => (await workOf(tx, s.expert)).page("own", null, 100))).map((t) => t.kind),
    ).toEqual(["panel_declare"]);
    // Who has declared has scoring to do, and nothing to declare.
    const office = new Set(
      (await w.as(s.regulator, async (tx) => (await workOf(tx, s.regulator)).page("own", null, 100))).map(
        (t) => t.kind,
      ),
    );
    expect([office.has("panel_declare"), office.has("pilot_scoring")]).toEqual([false, true]);
    const panel = await w.as(s.lead, (tx) => panelOf(tx, s.projectId, 1));
    await w.as(s.expert, (tx) =>
      declareInterests(tx, s.expert, { panelId: panel?.id ?? "", interests: "某研究院（任职）" }),
    );
    expect((await w.as(s.expert, (tx) => panelNominations(tx))).map((n) => n.code)).toEqual([
      "P1-01",
      "P1-02",
      "P1-03",
    ]);
    expect(
      (await w.as(s.expert, async (tx) => (await workOf(tx, s.expert)).page("own", null, 100))).map((t) => t.kind),
    ).toEqual(Array.from({ length: 3 }, () => "pilot_scoring"));
    const seen = await w.as(s.lead, (tx) => panelView(tx, s.lead, s.projectId, 1));
    expect(seen.seats.find((x) => x.kind === "expert")).toMatchObject({ interests: "某研究院（任职）", pending: 3 });
  });

  it("gives an outside expert the nominations and nothing else, without names where the call says so", async () => {
    const w = world();
    const [named] = await w.as(s.expert, (tx) => panelNominations(tx));
    expect(named).toMatchObject({ name: "AAA 系统1", siteName: "AAA 单位1", anonymous: false });
    await w.as(s.lead, (tx) =>
      tx
        .update(systems)
        .set({ description: "AAA 单位1 的 AAA 系统1 用于监控" })
        .where(eq(systems.id, nth(s.sites, 0).systemId)),
    );
    await w.as(s.lead, (tx) => setAnonymous(tx, s.lead, { ...batch(), anonymous: true }));
    const view = await w.as(s.expert, (tx) => nominationView(tx, s.expert, first, "zh-CN"));
    expect(view.nomination).toMatchObject({ name: null, siteName: null, region: null });
    expect(JSON.stringify(view)).not.toMatch(/AAA|北京/);
    for (const table of [pilots, sites, systems])
      await expect(w.as(s.expert, (tx) => tx.select().from(table))).rejects.toThrow();
    expect(await w.as(s.expert, (tx) => search(tx, s.expert, "系统", "zh-CN"))).toEqual([]);
    expect(await code(w.as(s.expert, (tx) => loadPilot(tx, first)))).not.toBe("done");
    const [, other] = w.sectors;
    expect(await w.as(other.expert, (tx) => panelNominations(tx))).toEqual([]);
  });

  it("tells the lead no mark before every member has finished: by page, by row, by rank, by search", async () => {
    const w = world();
    await score(s.regulator, first, 80);
    await score(s.regulator2, first, 60);
    await score(s.expert, first, 91, secret);
    const marks = () =>
      w.as(s.lead, (tx) =>
        tx
          .select({ by: pilotScores.membershipId, n: pilotScores.totalCenti })
          .from(pilotScores)
          .where(eq(pilotScores.pilotId, first)),
      );
    // The lead is a member and has not scored: three marks are in, and none of them is told.
    expect(await marks()).toEqual([]);
    const page = await w.as(s.lead, (tx) => pilotView(tx, s.lead, first, "zh-CN"));
    expect(told(page)).not.toMatch(/8000|6000|9100|不可外传/);
    expect(page.selection?.scoring).toMatchObject({ open: false, meanCenti: null, reasons: [], unreconciled: false });
    expect(page.selection?.scoring.sheets.map((x) => x.handedIn)).toEqual([true, false, true, true]);
    expect(await w.as(s.lead, (tx) => search(tx, s.lead, "不可外传", "zh-CN"))).toEqual([]);
    expect(await code(w.as(s.lead, (tx) => reconcile(tx, s.lead, { pilotId: first, reconciliation: "x" })))).toBe(
      "marks_hidden",
    );
    expect(told(await w.as(s.lead, (tx) => panelView(tx, s.lead, s.projectId, 1)))).not.toMatch(/8000|不可外传/);
    // A regulator who scored sees their own mark, and no more of the others' when all are in.
    expect((await scoring(s.regulator, first)).sheets.map((x) => x.totalCenti)).toEqual([8000, null, null, null]);
    await score(s.lead, first, 100);
    expect((await marks()).map((x) => x.n).sort()).toEqual([10_000, 6000, 8000, 9100]);
    expect((await scoring(s.regulator, first)).sheets.map((x) => x.totalCenti)).toEqual([8000, null, null, null]);
  });

  it("cannot move a mark once it is handed in, nor take it back when the others' are known", async () => {
    const w = world();
    expect(await code(score(s.lead, first, 70))).toBe("score_final");
    expect(await code(w.as(s.lead, (tx) => recuse(tx, s.lead, { pilotId: first, reason: "x" })))).toBe("score_final");
    const forged = w.as(s.lead, (tx) =>
      tx.update(pilotScores).set({ totalCenti: 7000 }).where(eq(pilotScores.membershipId, s.lead.membershipId)),
    );
    await expect(forged).rejects.toThrow();
    // Nor is a mark made in another's name, on a pilot that both are to score; by an expert no more than by the office.
    for (const [who, victim] of [
      [s.regulator, s.lead],
      [s.expert, s.regulator2],
    ] as const)
      await expect(
        w.as(who, (tx) =>
          tx.insert(pilotScores).values({
            tenantId: s.id,
            id: randomUUID(),
            pilotId: second,
            membershipId: victim.membershipId,
            scorerName: "x",
            totalCenti: 0,
            at: who.now,
          }),
        ),
      ).rejects.toThrow();
    // Another's mark is out of reach altogether, and so is a pilot that is not in scoring.
    const other = await w.as(s.lead, (tx) =>
      tx
        .update(pilotScores)
        .set({ totalCenti: 1 })
        .where(eq(pilotScores.membershipId, s.regulator.membershipId))
        .returning({ id: pilotScores.id }),
    );
    expect(other).toEqual([]);
  });

  it("asks for a note where marks lie far apart before scoring ends", async () => {
    const w = world();
    expect((await scoring(s.lead, first)).unreconciled).toBe(true);
    await expect(move(w, s.lead, first, "FINISH_SCORING")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_marks_unreconciled" }] },
    });
    await w.as(s.lead, (tx) => reconcile(tx, s.lead, { pilotId: first, reconciliation: "与低分成员核对，维持。" }));
    await expect(move(w, s.regulator, first, "FINISH_SCORING")).rejects.toMatchObject({ status: 403 });
    await move(w, s.lead, first, "FINISH_SCORING");
    expect((await w.as(s.lead, (tx) => loadPilot(tx, first))).scoreCenti).toBe(8275);
  });

  it("scored anew, each hands in anew: marks of the round before count no longer, and a note of then does not hold", async () => {
    const w = world();
    await move(w, s.lead, first, "RETURN_TO_SCORING", { reason: "异议成立" });
    expect(await scoring(s.lead, first)).toMatchObject({ open: false, unreconciled: false });
    for (const who of [s.regulator, s.regulator2, s.expert, s.lead]) await score(who, first, 85);
    await move(w, s.lead, first, "FINISH_SCORING");
    expect((await w.as(s.lead, (tx) => loadPilot(tx, first))).scoreCenti).toBe(8500);
  });

  it("goes on without who leaves or is released, and takes another in their place", async () => {
    const w = world();
    await score(s.regulator, second, 80);
    await score(s.lead, second, 82);
    await w.as(s.regulator2, (tx) =>
      submitScore(tx, s.regulator2, { pilotId: second, points: { need: 90 }, comment: "未完" }),
    );
    await expect(move(w, s.lead, second, "FINISH_SCORING")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_scores_pending", params: { count: 2 } }] },
    });
    // One leaves with an unfinished sheet, which was waited for without end before.
    await w.as(s.lead, (tx) => endMembership(tx, s.lead, s.regulator2.membershipId));
    await release(s.expert.membershipId);
    expect(await code(release(s.expert.membershipId))).toBe("panel_released");
    expect(await code(score(s.expert, second, 1))).toBe("not_found");
    // Nothing of the panel waits for them any longer.
    expect(await w.as(s.expert, (tx) => mySeats(tx, s.expert))).toEqual([]);
    expect((await scoring(s.lead, second)).open).toBe(true);
    // The lead released them, has seen the mark, and theirs is final.
    expect(await code(score(s.lead, second, 99))).toBe("score_final");
    await move(w, s.lead, second, "FINISH_SCORING");
    expect((await w.as(s.lead, (tx) => loadPilot(tx, second))).scoreCenti).toBe(8100);
  });

  it("of one member after releases ends no scoring; an expert who is invited to it takes their seat with the invitation", async () => {
    const w = world();
    await release(s.lead.membershipId, "回避本批次");
    await score(s.regulator, third, 70);
    await expect(move(w, s.lead, third, "FINISH_SCORING")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_too_few_scorers" }] },
    });
    const email = "prof@uni.example";
    await w.as(s.lead, (tx) =>
      inviteExpert(
        tx,
        s.lead,
        { ...batch(), email, name: "外来专家", language: "zh-CN" },
        { origin: "https://a.example" },
      ),
    );
    const [letter] = await owner<{ body_text: string }[]>`select body_text from auth.mails where recipient = ${email}`;
    const token = /token=([0-9a-f]{40})/.exec(letter?.body_text ?? "")?.[1] ?? "";
    const next = "门前老树长新芽院里枯木又开花";
    await acceptInvitation(w.db, { token, name: "外来专家", next, repeat: next }, "10.9.9.9");
    const session = await signIn(w.db, w.sessions, { email, password: next }, { ip: "10.9.9.9", agent: "test" });
    const found = (await w.sessions.find(session))?.actor;
    if (!found) throw new Error("the expert has no membership");
    const guest = { ...found, now: s.lead.now };
    expect(guest).toMatchObject({ role: "expert", level: "expert", tenantId: s.id });
    const panel = await w.as(s.lead, (tx) => panelOf(tx, s.projectId, 1));
    await w.as(guest, (tx) => declareInterests(tx, guest, { panelId: panel?.id ?? "", interests: "" }));
    expect((await w.as(guest, (tx) => panelNominations(tx))).map((n) => n.id)).toEqual([third]);
    expect((await scoring(s.lead, third)).open).toBe(false);
    await score(guest, third, 74);
    await move(w, s.lead, third, "FINISH_SCORING");
    // The panel has no nomination left, so there is nothing for the expert to see.
    expect(await w.as(guest, (tx) => panelNominations(tx))).toEqual([]);
  });

  it("an expert who is recused from all sees them, and scores none", async () => {
    const w = world();
    await move(w, s.lead, third, "RETURN_TO_SCORING", { reason: "重评" });
    const guest = (await w.as(s.lead, (tx) => panelView(tx, s.lead, s.projectId, 1))).seats.find(
      (x) => x.name === "外来专家",
    );
    expect(guest?.pending).toBe(1);
    await w.as(s.regulator, (tx) => recuse(tx, s.regulator, { pilotId: third, reason: "亲属任职" }));
    await expect(move(w, s.lead, third, "FINISH_SCORING")).rejects.toMatchObject({
      extra: { reasons: [{ code: "reason_pilot_too_few_scorers" }, { code: "reason_pilot_scores_pending" }] },
    });
    expect(await code(score(s.regulator, third, 80))).toBe("scorer_recused");
  });
});
