import ICAL from "ical.js";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transitionProject } from "#app/features/project/move.server.ts";
import { withActor } from "#db/client.server.ts";
import { rowsOf } from "#db/rows.ts";
import { nth } from "#tests/builders/pilots.ts";
import { send } from "#tests/builders/send.ts";
import { fillIn, responseOf } from "#tests/builders/survey.ts";
import { type TestSite, testWorld } from "#tests/builders/world.ts";
import type { Actor } from "#app/request/actor.ts";
import { endCalendar, makeCalendar, myCalendar, readerOf } from "./calendar.server.ts";
import { daysOf } from "./days.server.ts";
import { feedOf } from "./feed.server.ts";

const origin = "https://anshi.example";

describe("a calendar's address", () => {
  const world = testWorld();
  let root: postgres.Sql;
  let site: TestSite;
  const make = (who: Actor) => world().as(who, (tx) => makeCalendar(tx, who));
  /** As another program reads it. */
  async function read(secret: string): Promise<{ id: string; says: string; on: string; until: string; url: string }[]> {
    const reader = await readerOf(world().db, secret);
    if (!reader) throw new Error("nobody's");
    const { actor, locale } = reader;
    const days = await withActor(world().db.read, actor, (tx) => daysOf(tx, actor, locale === "en" ? "en" : "zh"));
    const feed = feedOf(days, { name: "x", origin, locale, now: actor.now });
    for (const line of feed.split("\r\n")) expect(Buffer.byteLength(line), line).toBeLessThanOrEqual(75);
    const calendar = new ICAL.Component(ICAL.parse(feed) as unknown[]);
    return calendar.getAllSubcomponents("vevent").map((one) => {
      const event = new ICAL.Event(one);
      expect([event.startDate.isDate, event.endDate.isDate]).toEqual([true, true]);
      return {
        id: event.uid,
        says: event.summary,
        on: event.startDate.toString(),
        until: event.endDate.toString(),
        url: String(one.getFirstPropertyValue("url")),
      };
    });
  }
  beforeAll(async () => {
    const w = world();
    root = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
    site = nth(w.sectors[0].sites, 0);
    await w.as(w.sectors[0].regulator, (tx) =>
      transitionProject(tx, w.sectors[0].regulator, {
        projectId: w.sectors[0].projectId,
        type: "OPEN_SURVEY",
        payload: {},
        locale: "en",
      }),
    );
  });
  afterAll(() => root.end());

  it("shows another program each due day as a whole day, once, where it is now, until it is done", async () => {
    const w = world();
    await root`update auth.users set locale = 'en' where id = ${site.lead.userId}`;
    const [zh, en] = [await make(site.officer), await make(site.lead)];
    const response = await responseOf(w, site.officer, w.sectors[0].projectId, site.id);
    const mine = (events: Awaited<ReturnType<typeof read>>) => events.filter((e) => e.id.startsWith("document-"));
    const first = await read(zh);
    expect(mine(first)).toEqual([
      {
        id: `document-${response}@anshi.example`,
        says: expect.stringMatching(/^应报：/) as string,
        on: "2013-09-30",
        until: "2013-10-01",
        url: `${origin}/projects/${w.sectors[0].projectId}/survey/${response}`,
      },
    ]);
    expect(first.filter((e) => e.id.startsWith("phase-")).map((e) => e.on)).toEqual([
      "2013-09-30",
      "2013-12-31",
      "2014-03-31",
      "2014-09-30",
      "2015-06-30",
      "2015-12-31",
    ]);
    expect(mine(await read(en))[0]?.says).toMatch(/^Due: /);
    const ids = first.map((e) => e.id);
    expect(new Set(ids).size).toBe(ids.length);
    // Another day, a title longer than a line: the same event, elsewhere.
    await root`update documents set due_on = '2013-10-18', title = ${"泵站与管网监测系统𠮷（含二次供水）".repeat(8)} where id = ${response}`;
    const moved = await read(zh);
    expect(moved.map((e) => e.id).toSorted()).toEqual(ids.toSorted());
    expect(mine(moved)[0]).toMatchObject({
      on: "2013-10-18",
      says: `应报：${"泵站与管网监测系统𠮷（含二次供水）".repeat(8)}`,
    });
    await fillIn(w, site, response);
    await send(w, site.lead, response, "SUBMIT");
    expect(mine(await read(zh))).toEqual([]);
  });

  it("reads as its membership: nobody else's days, and not after it was taken away, made anew, or the membership ended", async () => {
    const w = world();
    const neighbour = nth(w.sectors[0].sites, 1).officer;
    const [theirs, office] = [await make(neighbour), await make(w.sectors[0].lead)];
    const own = await responseOf(w, neighbour, w.sectors[0].projectId, nth(w.sectors[0].sites, 1).id);
    expect((await read(theirs)).filter((e) => e.id.startsWith("document-")).map((e) => e.id)).toEqual([
      `document-${own}@anshi.example`,
    ]);
    expect((await read(office)).filter((e) => e.id.startsWith("document-"))).toEqual([]);
    const again = await make(neighbour);
    expect(await readerOf(w.db, theirs)).toBeNull();
    expect(await readerOf(w.db, again)).not.toBeNull();
    expect(await w.as(neighbour, (tx) => myCalendar(tx, neighbour))).toMatchObject({
      readAt: expect.any(Date) as Date,
    });
    await w.as(neighbour, (tx) => endCalendar(tx, neighbour));
    await w.as(neighbour, (tx) => endCalendar(tx, neighbour));
    expect([await readerOf(w.db, again), await w.as(neighbour, (tx) => myCalendar(tx, neighbour))]).toEqual([
      null,
      null,
    ]);
    await root`update auth.memberships set ended_at = now() where id = ${w.sectors[0].lead.membershipId}`;
    expect(await readerOf(w.db, office)).toBeNull();
    await root`update auth.memberships set ended_at = null where id = ${w.sectors[0].lead.membershipId}`;
    for (const forged of ["", "x", "0".repeat(40), `cal_${office}`]) expect(await readerOf(w.db, forged)).toBeNull();
  });

  it("opens nothing else: it is no session and no token, and changes nothing", async () => {
    const w = world();
    const secret = await make(site.officer);
    const reader = await readerOf(w.db, secret);
    if (!reader) throw new Error("nobody's");
    for (const asked of [secret, `cal_${secret}`]) {
      expect(await w.sessions.find(asked)).toBeNull();
      expect([await w.sessions.findToken(asked), await w.sessions.findToken(`ans_${asked}`)]).toEqual([null, null]);
    }
    const { actor } = reader;
    await expect(
      withActor(w.db.write, actor, (tx) => tx.execute(sql`select auth.set_calendar(${actor.level}, null)`)),
    ).rejects.toThrow();
    const changed = await withActor(w.db.write, actor, (tx) =>
      tx.execute(sql`update notices set read_at = now() where true returning id`),
    );
    expect(rowsOf(changed)).toEqual([]);
  });
});
