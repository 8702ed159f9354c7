import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { actionPlanView } from "#app/features/national/action-plan.server.ts";
import { workOf } from "#app/features/home/tasks.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { actionMilestones } from "#db/schema/index.ts";
import { testWorld, type World } from "#tests/builders/world.ts";
import { acceptMilestone, recordMilestone, refuseMilestone } from "./programme.server.ts";

const on = (actor: Actor, day: string): Actor => ({ ...actor, now: new Date(`${day}T02:00:00Z`) });

describe("a milestone of the action plan", () => {
  const world = testWorld();
  const id = "A1-M2";
  const rev = async (w: World) => {
    const [row] = await w.as(w.editor, (tx) =>
      tx
        .select()
        .from(actionMilestones)
        .where(and(eq(actionMilestones.programmeId, w.programmeId), eq(actionMilestones.id, id))),
    );
    return row?.rev ?? expect.fail("no milestone");
  };
  const record = async (w: World, day: string, of: { value: number; doneOn: string; proof: string }) => {
    const editor = on(w.editor, day);
    const known = await rev(w);
    await w.as(editor, (tx) =>
      recordMilestone(tx, editor, { programmeId: w.programmeId, id, note: "", rev: known, ...of }),
    );
  };
  const shown = async (w: World, day: string) => {
    const plan = await w.as(w.editor, (tx) => actionPlanView(tx, on(w.editor, day)));
    return { done: plan?.done, ...plan?.tasks.flatMap((t) => t.milestones).find((one) => one.id === id) };
  };
  const waits = async (w: World, day: string) =>
    (await w.as(w.director, async (tx) => (await workOf(tx, on(w.director, day))).page("own", null, 100)))
      .map((t) => t.kind)
      .includes("milestone_accept");

  it("counts once the director has accepted it; refused, it is open again with the reason and what was recorded", async () => {
    const w = world();
    await expect(record(w, "2015-12-01", { value: 0, doneOn: "2010-01-01", proof: "" })).rejects.toMatchObject({
      fieldErrors: { value: [expect.any(String)], doneOn: [expect.any(String)], proof: ["error_milestone_proof"] },
    });
    await record(w, "2015-12-01", { value: 34, doneOn: "2015-11-30", proof: "会议纪要" });
    expect(await shown(w, "2015-12-01")).toMatchObject({ done: 0, status: "claimed", claimedOn: "2015-11-30" });
    expect(await waits(w, "2015-12-01")).toBe(true);
    const director = on(w.director, "2015-12-02");
    const known = await rev(w);
    await w.as(director, (tx) =>
      refuseMilestone(tx, director, { programmeId: w.programmeId, id, rev: known, reason: "请附登记表" }),
    );
    expect(await shown(w, "2015-12-02")).toMatchObject({ done: 0, refusal: "请附登记表", proof: "会议纪要" });
    expect(await waits(w, "2015-12-02")).toBe(false);
    await expect(
      w.as(director, async (tx) => acceptMilestone(tx, director, { programmeId: w.programmeId, id, rev: known + 1 })),
    ).rejects.toMatchObject({ code: "milestone_not_recorded" });
    await record(w, "2015-12-03", { value: 34, doneOn: "2015-11-30", proof: "成果转化登记表" });
    const again = await rev(w);
    await w.as(director, (tx) => acceptMilestone(tx, director, { programmeId: w.programmeId, id, rev: again }));
    expect(await shown(w, "2015-12-03")).toMatchObject({
      done: 1,
      status: "done",
      refusal: "",
      acceptedByName: w.director.name,
    });
    // Recorded anew it waits anew: what was accepted was something else.
    await record(w, "2015-12-04", { value: 35, doneOn: "2015-12-01", proof: "成果转化登记表（补充）" });
    expect(await shown(w, "2015-12-04")).toMatchObject({ done: 0, status: "claimed", acceptedByName: "" });
  });

  it("that was recorded before a proof was asked for is not accepted", async () => {
    const w = world();
    const old = and(eq(actionMilestones.programmeId, w.programmeId), eq(actionMilestones.id, "A4-M1"));
    await w.as(w.editor, (tx) => tx.update(actionMilestones).set({ doneOn: "2013-12-20" }).where(old));
    const director = on(w.director, "2014-01-02");
    await expect(
      w.as(director, (tx) => acceptMilestone(tx, director, { programmeId: w.programmeId, id: "A4-M1", rev: 0 })),
    ).rejects.toMatchObject({ code: "milestone_unproven" });
  });

  it("is decided on as it was seen", async () => {
    const w = world();
    const known = await rev(w);
    await record(w, "2015-12-05", { value: 36, doneOn: "2015-12-01", proof: "登记表" });
    const director = on(w.director, "2015-12-06");
    await expect(
      w.as(director, (tx) => acceptMilestone(tx, director, { programmeId: w.programmeId, id, rev: known })),
    ).rejects.toMatchObject({ code: "stale_revision" });
  });
});
