import { eq } from "drizzle-orm";
import postgres from "postgres";
import { describe, expect, it } from "vitest";
import { transitionProject } from "#app/features/project/move.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { remindOfResponses } from "#app/features/survey/remind.server.ts";
import { auditEntries, notices } from "#db/schema/index.ts";
import * as builders from "#tests/builders/pilots.ts";
import { send } from "#tests/builders/send.ts";
import { fillIn, responseOf } from "#tests/builders/survey.ts";
import { type TestSector, testWorld, type World } from "#tests/builders/world.ts";
import { markOneRead, markRead, noticesPage, unreadCount } from "./notices.server.ts";
import { noticesView } from "./notices.view.server.ts";

const { nth } = builders;

/** What stands before somebody, the newest first. */
const told = (w: World, who: Actor) =>
  w.as(who, async (tx) => {
    const { rows } = await noticesView(tx, who, { unread: true, after: undefined, limit: 50 }, "en");
    return rows.map(
      (r) => `${r.says}: ${r.subject}${r.reason ? ` (${r.reason})` : ""}${r.times > 1 ? ` ×${r.times}` : ""}`,
    );
  });
const readAll = (w: World, ...people: Actor[]) => Promise.all(people.map((p) => w.as(p, (tx) => markRead(tx, p))));

describe("notices of what others did", () => {
  const world = testWorld();
  let s: TestSector;
  let response = "";

  it("reach everybody whom an event concerns, and not its doer", async () => {
    const w = world();
    s = w.sectors[0];
    const site = nth(s.sites, 0);
    await w.as(s.regulator, (tx) =>
      transitionProject(tx, s.regulator, { projectId: s.projectId, type: "OPEN_SURVEY", payload: {}, locale: "en" }),
    );
    for (const who of [site.officer, site.lead, nth(s.sites, 1).officer, s.lead])
      expect(await told(w, who)).toEqual([expect.stringMatching(/^The survey is open: fill it in/)]);
    expect(await told(w, s.regulator)).toEqual([]);
    expect(await told(w, w.sectors[1].lead)).toEqual([]);
    expect(await told(w, w.director)).toEqual([]);
    await readAll(w, site.officer, site.lead, s.lead);

    response = await responseOf(w, site.officer, s.projectId, site.id);
    await fillIn(w, site, response);
    await send(w, site.lead, response, "SUBMIT");
    for (const who of [s.regulator, s.lead])
      expect(await told(w, who)).toEqual([expect.stringMatching(/^Handed in for review/)]);
    expect([await told(w, site.officer), await told(w, nth(s.sites, 1).lead)]).toEqual([[], [expect.anything()]]);

    await w.as(s.regulator, (tx) => markRead(tx, s.regulator));
    await send(w, s.regulator, response, "RETURN", { parts: [{ part: "*", reason: "附件看不清" }] });
    for (const who of [site.officer, site.lead])
      expect(await told(w, who)).toEqual([expect.stringMatching(/^Returned: .* \(附件看不清\)$/)]);
  });

  it("of one place and kind are one while it is unread, and name how often", async () => {
    const w = world();
    const site = nth(s.sites, 0);
    await w.as(s.lead, (tx) => markRead(tx, s.lead));
    await send(w, site.lead, response, "RESUBMIT");
    // Who acted on it has read what they were told of it.
    expect([await told(w, site.lead), (await told(w, site.officer)).length]).toEqual([[], 1]);
    await send(w, s.regulator, response, "RETURN", { parts: [{ part: "*", reason: "仍看不清" }] });
    await send(w, site.lead, response, "RESUBMIT");
    expect(await told(w, s.lead)).toEqual([expect.stringMatching(/^Handed in for review: .* ×2$/)]);
    expect(await told(w, site.officer)).toEqual([expect.stringMatching(/^Returned: .* \(仍看不清\) ×2$/)]);
    // Read, the next one is a new one.
    await readAll(w, site.officer);
    await send(w, s.lead, response, "APPROVE");
    expect(await told(w, site.officer)).toEqual([expect.stringMatching(/^Approved/)]);
  });

  it("are gone with the act they tell of", async () => {
    const w = world();
    const before = await w.as(s.lead, (tx) => unreadCount(tx, s.lead));
    await expect(send(w, nth(s.sites, 0).lead, response, "SUBMIT")).rejects.toThrow();
    expect(await w.as(s.lead, (tx) => unreadCount(tx, s.lead))).toBe(before);
  });

  it("are read by their reader alone, and written by no caller", async () => {
    const w = world();
    const site = nth(s.sites, 0);
    const [own] = await w.as(site.officer, (tx) => tx.select().from(notices));
    const id = own?.id ?? "";
    expect(await w.as(site.lead, (tx) => tx.select().from(notices).where(eq(notices.id, id)))).toEqual([]);
    await expect(w.as(site.lead, (tx) => markOneRead(tx, site.lead, id))).rejects.toMatchObject({ code: "not_found" });
    await w.as(site.officer, (tx) => markOneRead(tx, site.officer, id));
    await w.as(site.officer, (tx) => markOneRead(tx, site.officer, id));
    const forged = { ...own, id: s.projectId } as typeof notices.$inferInsert;
    await expect(w.as(site.officer, (tx) => tx.insert(notices).values(forged))).rejects.toThrow();
    await expect(
      w.as(site.officer, (tx) => tx.update(notices).set({ href: "/elsewhere" }).where(eq(notices.id, id))),
    ).rejects.toThrow();
  });

  it("five thousand of them are paged without a gap, a double, or the whole being read", async () => {
    const w = world();
    const who = w.sectors[1].lead;
    const sql = postgres(w.database.superuserUrl, { max: 1 });
    await sql`insert into notices (tenant_id, id, membership_id, kind, subject, href, at)
      select ${who.tenantId}, uuidv7(), ${who.membershipId}, 'returned', '第 ' || n, '/pilots/' || n, timestamptz '2014-04-02' + n / 7 * interval '1 second'
      from generate_series(1, 5000) n`;
    await sql`analyze notices`;
    await sql.end();
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await w.as(who, (tx) => noticesPage(tx, who, { unread: false, after, limit: 499 }));
      seen.push(...page.rows.map((r) => r.href));
      after = page.next ?? undefined;
    } while (after);
    expect([seen.length, new Set(seen).size]).toEqual([5000, 5000]);
    expect(await w.as(who, (tx) => unreadCount(tx, who))).toBe(5000);
    expect(await w.as(who, (tx) => markRead(tx, who))).toBe(5000);
  });
});

describe("a reminder", () => {
  const world = testWorld();
  it("goes to the sites whose responses are with them, once while it is unread, and is on record", async () => {
    const w = world();
    const s = w.sectors[0];
    await w.as(s.regulator, (tx) =>
      transitionProject(tx, s.regulator, { projectId: s.projectId, type: "OPEN_SURVEY", payload: {}, locale: "en" }),
    );
    const [first, second] = [nth(s.sites, 0), nth(s.sites, 1)];
    const id = await responseOf(w, first.officer, s.projectId, first.id);
    await fillIn(w, first, id);
    await send(w, first.lead, id, "SUBMIT");
    await readAll(w, first.officer, first.lead, second.officer, second.lead);
    const remind = (documentIds: string[] = []) =>
      w.as(s.regulator, (tx) => remindOfResponses(tx, s.regulator, { projectId: s.projectId, documentIds }));
    const left = s.sites.length - 1;
    expect([await remind(), await remind()]).toEqual([left, left]);
    expect(await told(w, first.officer)).toEqual([]);
    expect(await told(w, second.lead)).toEqual([expect.stringMatching(/^Reminder: due on \d{4}-\d\d-\d\d: .* ×2$/)]);
    // What was handed in is not asked for, by name neither.
    await expect(remind([id])).rejects.toMatchObject({ code: "nothing_to_remind" });
    const records = await w.as(s.lead, (tx) => tx.select().from(auditEntries).where(eq(auditEntries.act, "reminder")));
    expect(records.map((r) => r.details)).toEqual([
      { documents: left, people: left * 2 },
      { documents: left, people: left * 2 },
    ]);
    // Nobody but the sector's office reminds its sites.
    const other = w.sectors[1];
    await expect(
      w.as(other.regulator, (tx) =>
        remindOfResponses(tx, other.regulator, { projectId: s.projectId, documentIds: [] }),
      ),
    ).rejects.toMatchObject({ code: "nothing_to_remind" });
  });
});
