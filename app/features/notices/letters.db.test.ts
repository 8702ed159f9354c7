import { Logger as QueueLogger, runOnce } from "graphile-worker";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mailTask } from "#app/features/identity/mail.server.ts";
import { readEnv } from "#app/platform/env.server.ts";
import { taskList } from "#app/platform/jobs.server.ts";
import { createLogger } from "#app/platform/log.server.ts";
import { type Mailer, openMailer } from "#app/platform/mail.server.ts";
import { openWorkerPool, type WorkerPool } from "#db/jobs.server.ts";
import { MailSink } from "#tests/e2e/setup/mail-sink.ts";
import { send } from "#tests/builders/send.ts";
import { fillIn, responseOf } from "#tests/builders/survey.ts";
import { nth } from "#tests/builders/pilots.ts";
import { testWorld, type TestSite, type World } from "#tests/builders/world.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { choicesOf, choose, endLetters, readerOfLetters } from "./choices.server.ts";
import { letterTasks } from "./letters.server.ts";
import { markRead, unreadCount } from "./notices.server.ts";
import { noticesView } from "./notices.view.server.ts";

const origin = "https://anshi.example";
/** A Friday and a Monday on which people work, and the Sunday between them. */
const [friday, sunday, monday] = ["2014-03-14", "2014-03-16", "2014-03-17"].map((d) => new Date(`${d}T00:00:00Z`));

describe("letters of notices", () => {
  const world = testWorld();
  const sink = new MailSink();
  let root: postgres.Sql;
  let worker: WorkerPool;
  let mailer: Mailer;
  let site: TestSite;
  let response = "";
  beforeAll(async () => {
    const w = world();
    root = postgres(w.database.superuserUrl, { max: 2, onnotice: () => undefined });
    worker = openWorkerPool(w.database.urls.auth, 6);
    const opened = openMailer({ ...readEnv({}), SMTP_URL: await sink.open(), BASE_URL: origin });
    if (!opened) throw new Error("no mailer");
    mailer = opened;
    site = nth(w.sectors[0].sites, 0);
    await w.as(w.sectors[0].regulator, (tx) =>
      transitionProject(tx, w.sectors[0].regulator, {
        projectId: w.sectors[0].projectId,
        type: "OPEN_SURVEY",
        payload: {},
        locale: "en",
      }),
    );
    response = await responseOf(w, site.officer, w.sectors[0].projectId, site.id);
  });
  afterAll(async () => {
    mailer.close();
    await Promise.all([root.end(), worker.close(), sink.close()]);
  });

  const log = createLogger("silent");
  const tasks = (now: Date, mails = true) => letterTasks({ origin, mails, now: () => now });
  /** Runs what is queued, as if its minute had come. Returns what arrived by it. */
  async function arrive(mails = true) {
    const before = sink.letters.length;
    const { atOnce } = tasks(new Date(), mails);
    for (let rounds = 0; rounds < 3; rounds += 1) {
      await root`update graphile_worker._private_jobs set run_at = now() where locked_at is null`;
      await runOnce({
        pgPool: worker.pool,
        noHandleSignals: true,
        taskList: taskList([atOnce, mailTask({ mailer: mails ? mailer : null })], { db: worker.db, log }),
        logger: new QueueLogger(() => () => undefined),
      });
    }
    return sink.letters.slice(before);
  }
  const to = (letters: MailSink["letters"], email: string) =>
    letters.filter((l) => [l.to ?? []].flat().some((a) => a.value.some((v) => v.address === email)));
  const digest = async (channel: "daily" | "weekly", now: Date | undefined) => {
    if (!now) throw new Error("no day");
    await tasks(now)[channel].run({}, { db: worker.db, log, signal: new AbortController().signal });
    return arrive();
  };
  const returned = async (w: World, reason: string) => {
    const s = w.sectors[0];
    await send(w, site.lead, response, "SUBMIT").catch(() => send(w, site.lead, response, "RESUBMIT"));
    await send(w, s.regulator, response, "RETURN", { parts: [{ part: "*", reason }] });
  };

  it("go out at once, one for all that came together, in each reader's language", async () => {
    const w = world();
    await root`update auth.users set locale = 'en' where id = ${site.lead.userId}`;
    await fillIn(w, site, response);
    await returned(w, "附件看不清，请重新上传");
    const letters = await arrive();
    // The survey's opening and the return: one letter.
    const [zh, ...others] = to(letters, site.officer.email);
    expect(others).toEqual([]);
    expect(zh?.subject).toMatch(/^安试：.* 有 2 条新通知$/);
    expect(zh?.text).toContain("已退回");
    expect(zh?.text).toMatch(new RegExp(`${origin}/projects/.*/survey/${response}\\?lng=zh-CN`));
    const [en] = to(letters, site.lead.email);
    expect(en?.text).toContain("Returned");
    expect(en?.html).toContain('<html lang="en">');
    // What was written to them stays in the product; letters pass through other people's servers.
    expect(`${zh?.text}${String(zh?.html)}`).not.toContain("附件看不清");
    expect(await arrive()).toEqual([]);
  });

  it("name where they end, for people and for mail programs (RFC 8058)", async () => {
    const w = world();
    await returned(w, "仍看不清");
    const [letter] = to(await arrive(), site.officer.email);
    const list = letter?.headers.get("list") as { unsubscribe?: { url?: string } } | undefined;
    const url = new URL(list?.unsubscribe?.url ?? "");
    expect([url.origin, url.pathname, url.searchParams.get("now")]).toEqual([origin, "/unsubscribe", "1"]);
    expect(letter?.headerLines.find((h) => h.key === "list-unsubscribe-post")?.line).toBe(
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    );
    const token = url.searchParams.get("token") ?? "";
    expect(await readerOfLetters(w.db, token)).toMatchObject({ name: site.officer.name });
    await w.as(site.officer, (tx) => choose(tx, site.officer, { approved: "none" }));
    expect([await endLetters(w.db, token), await endLetters(w.db, token)]).toEqual([true, true]);
    for (const forged of ["", "x", "0".repeat(40)]) expect(await endLetters(w.db, forged)).toBe(false);
    const now = await w.as(site.officer, (tx) => choicesOf(tx, site.officer));
    expect(new Set(now.map((c) => c.channel))).toEqual(new Set(["here", "none"]));
    await returned(w, "还是看不清");
    const after = await arrive();
    expect([to(after, site.officer.email).length, to(after, site.lead.email).length]).toEqual([0, 1]);
    await w.as(site.officer, (tx) => choose(tx, site.officer, { returned: "mail" }));
  });

  it("tell nothing that was read before its minute came, and nobody whose membership ended", async () => {
    const w = world();
    await returned(w, "一");
    await w.as(site.officer, (tx) => markRead(tx, site.officer));
    await root`update auth.memberships set ended_at = now() where id = ${site.lead.membershipId}`;
    expect(await arrive()).toEqual([]);
    await root`update auth.memberships set ended_at = null where id = ${site.lead.membershipId}`;
  });

  it("of the day go out on working days, of the week on its first, one for all that is unread", async () => {
    const w = world();
    const s = w.sectors[0];
    await w.as(s.regulator, (tx) => markRead(tx, s.regulator));
    await w.as(s.lead, (tx) => choose(tx, s.lead, { handed_in: "weekly" }));
    await returned(w, "二");
    await send(w, site.lead, response, "RESUBMIT");
    await arrive();
    expect(await digest("daily", sunday)).toEqual([]);
    const daily = await digest("daily", friday);
    expect(to(daily, s.regulator.email).map((l) => l.subject)).toEqual([expect.stringMatching(/^安试每日汇总：/)]);
    expect([to(daily, s.lead.email), await digest("weekly", friday), await digest("daily", monday)]).toEqual([
      [],
      [],
      [],
    ]);
    expect(to(await digest("weekly", monday), s.lead.email)).toHaveLength(1);
    expect(await digest("weekly", monday)).toEqual([]);
    await send(w, s.regulator, response, "RETURN", { parts: [{ part: "*", reason: "三" }] });
    await arrive();
  });

  it("are none of what somebody does not want to be told at all", async () => {
    const w = world();
    await w.as(site.officer, (tx) => markRead(tx, site.officer));
    await w.as(site.officer, (tx) => choose(tx, site.officer, { returned: "none" }));
    await returned(w, "四");
    expect(await w.as(site.officer, (tx) => unreadCount(tx, site.officer))).toBe(0);
    await w.as(site.officer, (tx) => choose(tx, site.officer, { returned: "mail" }));
    await arrive();
  });

  it("wait for a mail server where there is none, and come with the first letter of the day", async () => {
    const w = world();
    await returned(w, "五");
    expect(await arrive(false)).toEqual([]);
    const [{ n: held } = { n: -1 }] = await root<{ n: number }[]>`
      select count(*)::int as n from auth.mails where kind = 'letter' and state = 'held'`;
    expect(held).toBe(0);
    expect(to(await digest("daily", monday), site.officer.email)).toHaveLength(1);
  });

  it("that an address is refused is told to who can mend it, and no other is made until one is taken", async () => {
    const w = world();
    sink.unknown.add(site.officer.email);
    for (const who of [site.lead, w.sectors[0].lead, w.sectors[0].regulator])
      await w.as(who, (tx) => markRead(tx, who));
    await returned(w, "六");
    expect(to(await arrive(), site.officer.email)).toEqual([]);
    const told = async (who: typeof site.lead) =>
      (await w.as(who, (tx) => noticesView(tx, who, { unread: true, after: undefined, limit: 50 }, "en"))).rows.filter(
        (r) => r.says.startsWith("The mail server refuses"),
      );
    for (const who of [site.lead, w.sectors[0].lead])
      expect((await told(who)).map((r) => [r.subject, r.href])).toEqual([[site.officer.email, "/settings/members"]]);
    expect([await told(w.sectors[0].regulator), await told(w.sectors[1].lead), await told(w.director)]).toEqual([
      [],
      [],
      [],
    ]);
    const made = () =>
      root<{ n: number }[]>`select count(*)::int as n from auth.mails where recipient = ${site.officer.email}`;
    const [before] = await made();
    await returned(w, "七");
    await arrive();
    expect((await made())[0]).toEqual(before);
    sink.unknown.clear();
    await root`update auth.mails set state = 'waiting' where recipient = ${site.officer.email} and state = 'failed'`;
    expect(to(await arrive(), site.officer.email)).toHaveLength(1);
    // What came meanwhile is in the letter that follows.
    await returned(w, "八");
    expect(to(await arrive(), site.officer.email)).toHaveLength(1);
  });

  it("are one for each reader, whoever of several workers writes them and is killed over it", async () => {
    const w = world();
    const people = 150;
    const { id: tenantId } = w.sectors[0];
    await root`insert into auth.users (id, email, name, password_hash)
      select gen_random_uuid(), 'many-' || n || '@mail.example', '众人 ' || n, 'x' from generate_series(1, ${people}) n`;
    await root`insert into auth.memberships (id, user_id, tenant_id, role, level)
      select gen_random_uuid(), u.id, ${tenantId}, 'regulator', 'sector' from auth.users u where u.email like 'many-%'`;
    await root`insert into notices (tenant_id, id, membership_id, kind, subject, href, at, channel)
      select m.tenant_id, gen_random_uuid(), m.id, 'approved', '材料 ' || n, '/x/' || n, now(), 'daily'
      from auth.memberships m join auth.users u on u.id = m.user_id, generate_series(1, 35) n where u.email like 'many-%'`;
    const { daily } = tasks(friday ?? new Date());
    const run = (signal: AbortSignal) => daily.run({}, { db: worker.db, log, signal });
    for (let killed = 0; killed < 4; killed += 1) {
      const kill = new AbortController();
      setTimeout(() => kill.abort(), 60 + killed * 20);
      await Promise.allSettled([run(kill.signal), run(kill.signal), run(new AbortController().signal)]);
    }
    const rows = await root<{ letters: number; body: string }[]>`
      select count(*)::int as letters, min(body_text) as body from auth.mails where recipient like 'many-%' group by recipient`;
    expect([rows.length, new Set(rows.map((r) => r.letters))]).toEqual([people, new Set([1])]);
    // The newest thirty, and how many more there are.
    expect(rows[0]?.body).toContain("另有 5 条未列出");
    const [left] = await root<{ n: number }[]>`
      select count(*)::int as n from notices where channel = 'daily' and mailed_at is null and read_at is null`;
    expect(left?.n).toBe(0);
  });
});
