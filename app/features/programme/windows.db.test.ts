import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { grantAccess } from "#app/features/pilots/assessors.server.ts";
import { nominatePilots } from "#app/features/pilots/pilot.server.ts";
import { dayEnd, dayStart } from "#app/platform/days.ts";
import { batches, programmes } from "#db/schema/index.ts";
import { approvedPlan, dated, describeSystems, nominate, nth, openBatch, toBatchOne } from "#tests/builders/pilots.ts";
import { testWorld, type World } from "#tests/builders/world.ts";
import {
  createProgramme,
  currentProgramme,
  extendBatch,
  planBatch,
  setBatchStatus,
  setConsultationDays,
} from "./programme.server.ts";

/** Windows are held against today, not only against themselves: batch one's is 2014-04-01 to 2014-05-31. */
describe("a window", () => {
  const world = testWorld();
  const director = (w: World, day: string) => w.at(w.director, `${day}T02:00:00Z`);
  const plan = (w: World, at: string, opensOn: string, closesOn: string) => {
    const who = director(w, at);
    return w.as(who, (tx) => planBatch(tx, who, { programmeId: w.programmeId, no: 2, opensOn, closesOn }));
  };

  it("is not planned when it is over", async () => {
    const w = world();
    await expect(plan(w, "2014-12-02", "2014-10-01", "2014-12-01")).rejects.toMatchObject({
      fieldErrors: { closesOn: ["error_field_day_past"] },
    });
    await plan(w, "2014-12-01", "2014-10-01", "2014-12-01");
    await plan(w, "2014-09-01", "2014-10-01", "2014-11-30");
  });

  it("takes nominations inside it alone; extended with a reason it takes them again", async () => {
    const w = world();
    const s = dated(w, "2014-03-20T02:00:00Z", w.sectors[0]);
    await toBatchOne(w, s);
    await describeSystems(w, s);
    await approvedPlan(w, s, [{ systemId: nth(s.sites, 0).systemId, batchNo: 1, direction: "identity" }]);
    const at = (day: string) => dated(w, `${day}T02:00:00Z`, s);
    const act = (day: string) => {
      const { regulator } = at(day);
      return w.as(regulator, (tx) => nominatePilots(tx, regulator, s.projectId, 1));
    };
    const closed = { code: "batch_window_closed", params: { from: "2014-04-01", to: "2014-05-31" } };
    await expect(act("2014-04-02")).rejects.toMatchObject(closed);
    await openBatch(w, 1);
    await expect(act("2014-03-31")).rejects.toMatchObject(closed);
    await expect(act("2014-06-01")).rejects.toMatchObject(closed);
    await w.as(w.director, (tx) =>
      setBatchStatus(tx, w.director, { programmeId: w.programmeId, no: 1, status: "closed" }),
    );
    await expect(act("2014-05-31")).rejects.toMatchObject(closed);
    const extend = (day: string, closesOn: string) => {
      const who = director(w, day);
      return w.as(who, (tx) => extendBatch(tx, who, { programmeId: w.programmeId, no: 1, closesOn, reason: "汛期" }));
    };
    await expect(extend("2014-08-18", "2014-08-17")).rejects.toMatchObject({
      fieldErrors: { closesOn: ["error_field_day_past"] },
    });
    await expect(extend("2014-05-20", "2014-05-31")).rejects.toMatchObject({
      fieldErrors: { closesOn: ["error_window_same|day=2014-05-31"] },
    });
    await extend("2014-08-18", "2014-09-30");
    const [now] = await w.as(w.director, (tx) =>
      tx
        .select()
        .from(batches)
        .where(and(eq(batches.programmeId, w.programmeId), eq(batches.no, 1))),
    );
    expect(now).toMatchObject({ status: "open", closesOn: "2014-09-30", closedAt: null, extensionReason: "汛期" });
    expect(await act("2014-09-30")).toHaveLength(1);
  });

  it("of batch two is not extended before it was opened", async () => {
    const w = world();
    const who = director(w, "2014-08-18");
    await expect(
      w.as(who, (tx) =>
        extendBatch(tx, who, { programmeId: w.programmeId, no: 2, closesOn: "2015-01-31", reason: "x" }),
      ),
    ).rejects.toMatchObject({ code: "batch_order" });
  });

  it("that was opened with a wrong day is planned anew before that day, and a last day is put right", async () => {
    const w = world();
    const open = director(w, "2014-09-02");
    await plan(w, "2014-09-01", "2015-10-01", "2015-11-30");
    await w.as(open, (tx) => setBatchStatus(tx, open, { programmeId: w.programmeId, no: 2, status: "open" }));
    await plan(w, "2014-09-03", "2014-10-01", "2015-11-30");
    await expect(plan(w, "2014-10-02", "2014-11-01", "2014-11-30")).rejects.toMatchObject({ code: "batch_order" });
    const who = director(w, "2014-10-02");
    const last = (closesOn: string) =>
      w.as(who, (tx) => extendBatch(tx, who, { programmeId: w.programmeId, no: 2, closesOn, reason: "年份有误" }));
    await last("2014-11-30");
    await expect(last("2114-11-30")).rejects.toMatchObject({
      fieldErrors: { closesOn: ["error_day_beyond_programme|from=2013-01-01|to=2016-12-31"] },
    });
  });

  it("of a programme that is only planned moves nobody's clock", async () => {
    const w = world();
    const before = await w.as(w.director, (tx) => currentProgramme(tx));
    await w.as(w.director, (tx) =>
      createProgramme(tx, w.director, {
        code: "P2103",
        titleZh: "远期计划",
        titleEn: "Far ahead",
        startsOn: "2103-01-01",
        endsOn: "2105-12-31",
        kThreshold: 5,
        clockOffsetMs: 0,
      }),
    );
    expect((await w.as(w.director, (tx) => currentProgramme(tx)))?.id).toBe(before?.id);
  });

  it("of a grant is not over when it is given, and lasts to the end of its last day", async () => {
    const w = world();
    const s = dated(w, "2014-05-20T02:00:00Z", w.sectors[1]);
    await toBatchOne(w, s);
    await describeSystems(w, s);
    await approvedPlan(w, s, [{ systemId: nth(s.sites, 0).systemId, batchNo: 1, direction: "identity" }]);
    const [pilotId = ""] = await nominate(w, s);
    const give = (to: string) =>
      w.as(s.lead, (tx) =>
        grantAccess(tx, s.lead, {
          pilotId,
          institutionId: w.institutionId,
          purpose: "design",
          startsAt: dayStart("2014-05-01"),
          endsAt: dayEnd(to),
        }),
      );
    await expect(give("2014-05-19")).rejects.toMatchObject({ fieldErrors: { to: ["error_field_day_past"] } });
    expect(await give("2014-05-20")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("of consultations has as many days as the director says, with the reason", async () => {
    const w = world();
    await w.as(w.director, (tx) =>
      setConsultationDays(tx, w.director, { programmeId: w.programmeId, days: 45, reason: "各地反映时间不足" }),
    );
    const [programme] = await w.as(w.editor, (tx) =>
      tx.select().from(programmes).where(eq(programmes.id, w.programmeId)),
    );
    expect(programme).toMatchObject({ consultationDays: 45, consultationDaysReason: "各地反映时间不足" });
  });
});
