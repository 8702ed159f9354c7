import { and, eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transitionProject } from "#app/features/project/move.server.ts";
import { extendSite } from "#app/features/project/site-correction.server.ts";
import { addDays, type Day, dayStart } from "#app/platform/days.ts";
import type { Actor } from "#app/request/actor.ts";
import { openWorkerPool, type WorkerPool } from "#db/jobs.server.ts";
import { documents } from "#db/schema/index.ts";
import { nth } from "#tests/builders/pilots.ts";
import { send } from "#tests/builders/send.ts";
import { fillIn, responseOf } from "#tests/builders/survey.ts";
import { type TestSite, testWorld, type World } from "#tests/builders/world.ts";
import { tellDeadlines } from "./deadlines.server.ts";
import { markRead } from "./notices.server.ts";
import { noticesView } from "./notices.view.server.ts";

describe("due days", () => {
  const world = testWorld();
  let root: postgres.Sql;
  let worker: WorkerPool;
  let site: TestSite;
  let due: Day = "";
  const signal = new AbortController().signal;
  const tell = (day: Day) => tellDeadlines({ db: worker.db, signal }, new Date(dayStart(day).getTime() + 3_600_000));
  const told = async (w: World, who: Actor) =>
    (await w.as(who, (tx) => noticesView(tx, who, { unread: true, after: undefined, limit: 50 }, "en"))).rows
      .filter((r) => /due /i.test(r.says))
      .map((r) => r.says);
  const people = (w: World) => ({
    officer: site.officer,
    lead: site.lead,
    regulator: w.sectors[0].regulator,
    chief: w.sectors[0].lead,
    director: w.director,
    elsewhere: w.sectors[1].lead,
    neighbour: nth(w.sectors[0].sites, 1).officer,
  });
  const readAll = (w: World) =>
    Promise.all(Object.values(people(w)).map((who) => w.as(who, (tx) => markRead(tx, who))));

  beforeAll(async () => {
    const w = world();
    root = postgres(w.database.superuserUrl, { max: 2, onnotice: () => undefined });
    worker = openWorkerPool(w.database.urls.auth, 6);
    const s = w.sectors[0];
    site = nth(s.sites, 0);
    await w.as(s.regulator, (tx) =>
      transitionProject(tx, s.regulator, { projectId: s.projectId, type: "OPEN_SURVEY", payload: {}, locale: "en" }),
    );
    // Only the first site's response is still with it.
    const rows = await w.as(s.lead, (tx) =>
      tx
        .select()
        .from(documents)
        .where(and(eq(documents.kind, "surveyResponse"), eq(documents.siteId, site.id))),
    );
    due = rows[0]?.dueOn ?? "";
    await root`update documents set due_on = null where site_id <> ${site.id}`;
    await root`update documents set due_on = ${"2013-06-28"} where site_id = ${site.id}`;
    due = "2013-06-28";
    await readAll(w);
  });
  afterAll(async () => {
    await Promise.all([root.end(), worker.close()]);
  });

  it("climb from who does the work to who waits for it, a rung each time, by working days, and are told once", async () => {
    const w = world();
    // Due on a Friday.
    const story: Record<string, Record<string, string[]>> = {};
    for (let day = addDays(due, -12); day <= addDays(due, 12); day = addDays(day, 1)) {
      // Twice, and by three at once.
      await Promise.all([tell(day), tell(day), tell(day)]);
      await tell(day);
      const of: Record<string, string[]> = {};
      for (const [name, who] of Object.entries(people(w))) {
        const says = await told(w, who);
        if (says.length > 0) of[name] = says;
      }
      if (Object.keys(of).length > 0) story[day] = of;
      await readAll(w);
    }
    const [five, one] = ["Due on 2013-06-28, working days left: 5", "Due on 2013-06-28, working days left: 1"];
    const over = "Overdue, it was due on 2013-06-28, working days since: 1";
    const please = (n: number) => [`Please see to it: it was due on 2013-06-28, working days since: ${n}`];
    expect(story).toEqual({
      "2013-06-21": { officer: [five] },
      "2013-06-27": { officer: [one], lead: [one] },
      "2013-07-01": { officer: [over], lead: [over] },
      "2013-07-03": { lead: please(3) },
      "2013-07-05": { regulator: please(5), chief: please(5) },
    });
  });

  it("tell the rung that holds after a standstill, and nothing again when the clock is put back and forth", async () => {
    const w = world();
    await root`delete from auth.deadline_steps`;
    expect(await tell("2013-06-21")).toBe(1);
    await readAll(w);
    // A week of silence: what is over is not told any more.
    expect(await tell("2013-07-03")).toBe(1);
    expect(await told(w, site.lead)).toEqual([expect.stringContaining("working days since: 3")]);
    expect(await told(w, site.officer)).toEqual([]);
    for (const day of ["2013-06-27", "2013-06-21", "2013-07-01", "2013-07-03"]) expect(await tell(day)).toBe(0);
    await readAll(w);
  });

  it("begin anew with another day, and end where it was handed in, or nobody works at it", async () => {
    const w = world();
    const s = w.sectors[0];
    const later = "2013-10-18";
    await root`update documents set due_on = ${"2013-06-28"} where site_id = ${site.id}`;
    await w.as(s.lead, (tx) =>
      extendSite(tx, s.lead, { siteId: site.id, dueOn: later, reason: "汛期停工，设备无法到场" }),
    );
    // A Saturday that is worked for the National Day.
    expect(await tell("2013-10-11")).toBe(0);
    expect(await tell("2013-10-12")).toBe(1);
    expect(await told(w, site.officer)).toEqual([`Due on ${later}, working days left: 5`]);
    await readAll(w);
    const suspended = (type: "SUSPEND" | "RESUME") =>
      w.as(s.lead, (tx) =>
        transitionProject(tx, s.lead, {
          projectId: s.projectId,
          type,
          payload: { reason: "主管部门要求暂停" },
          locale: "en",
        }),
      );
    await suspended("SUSPEND");
    expect(await tell("2013-10-17")).toBe(0);
    await suspended("RESUME");
    expect(await tell("2013-10-17")).toBe(2);
    const response = await responseOf(w, site.officer, s.projectId, site.id);
    await fillIn(w, site, response);
    await send(w, site.lead, response, "SUBMIT");
    expect((await told(w, site.officer)).length).toBe(1);
    expect(await tell("2013-10-25")).toBe(0);
    // What was handed in stands before nobody any more.
    expect(await told(w, site.officer)).toEqual([]);
  });

  it("are read by the worker without a word of what stands in the things", async () => {
    await expect(worker.db.execute(sql`select content from submissions limit 1`)).rejects.toThrow();
    await expect(worker.db.execute(sql`select * from measures limit 1`)).rejects.toThrow();
    await expect(worker.db.execute(sql`select title, due_on from documents limit 1`)).resolves.toBeDefined();
  });
});
