import { Logger, runOnce } from "graphile-worker";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "#app/platform/errors.ts";
import { taskList } from "#app/platform/jobs.server.ts";
import { createLogger } from "#app/platform/log.server.ts";
import type { Mailer } from "#app/platform/mail.server.ts";
import { openWorkerPool } from "#db/jobs.server.ts";
import type { MemberRole } from "#db/roles.ts";
import { password, testWorld } from "#tests/builders/world.ts";
import type { Actor } from "#app/request/actor.ts";
import { listOutbox, sendAgain } from "./accounts.server.ts";
import { beginTotp, confirmTotp, factorsOf } from "./factors.server.ts";
import { endMembership } from "./identity.server.ts";
import { acceptInvitation, invite, openInvitations, readInvitation, revokeInvitation } from "./invitations.server.ts";
import { mailTask } from "./mail.server.ts";
import { askForReset, readReset, resetPassword } from "./reset.server.ts";
import { checkPassword, signIn } from "./sign-in.server.ts";
import { totpCode } from "#tests/builders/authenticator.ts";

const world = testWorld();
let sql: postgres.Sql;
beforeAll(() => {
  sql = postgres(world().database.superuserUrl, { max: 2, onnotice: () => undefined });
});
afterAll(async () => sql.end());

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (error instanceof AppError ? error.code : (error as Error).message),
  );
const origin = "https://anshi.example";
const good = { next: "门前老树长新芽院里枯木又开花", repeat: "门前老树长新芽院里枯木又开花" };
let serial = 0;
const guest = () => `guest${(serial += 1)}@new.example`;
const ask = (by: Actor, role: MemberRole, tenantId: string, siteId = "", email = guest()) =>
  world().as(by, (tx) =>
    invite(tx, by, { email, name: "新来的人", role, tenantId, siteId, language: "zh-CN" }, { origin }),
  );
/** The secret in the newest e-mail to somebody. */
async function tokenTo(email: string): Promise<string> {
  const [row] = await sql<
    { body_text: string }[]
  >`select body_text from auth.mails where recipient = ${email} order by created_at desc, id desc limit 1`;
  return /token=([0-9a-f]{40})/.exec(row?.body_text ?? "")?.[1] ?? "";
}
const accept = (token: string, more: Partial<typeof good> = {}) =>
  acceptInvitation(world().db, { token, name: "新来的人", ...good, ...more }, `10.9.${(serial += 1)}.1`);

describe("invitations", () => {
  it("reach as far as the inviter does, and no further", async () => {
    const {
      sectors: [a, b],
      director,
      editor,
      operator,
      nationalId,
      institutionId,
    } = world();
    const site = a.sites[0];
    if (!site) throw new Error("no site");
    expect(await outcome(ask(a.lead, "site_lead", a.id, site.id))).toBe("done");
    expect(await outcome(ask(site.lead, "site_officer", a.id, site.id))).toBe("done");
    expect(await outcome(ask(director, "national_editor", nationalId))).toBe("done");
    expect(await outcome(ask(operator, "assessor", institutionId))).toBe("done");
    const refused: [Actor, MemberRole, string, string][] = [
      [a.lead, "regulator", b.id, ""],
      [a.lead, "national_editor", nationalId, ""],
      [a.lead, "operator", a.id, ""],
      [a.regulator, "regulator", a.id, ""],
      [site.lead, "site_officer", a.id, a.sites[1]?.id ?? ""],
      [site.officer, "site_officer", a.id, site.id],
      [editor, "national_editor", nationalId, ""],
    ];
    for (const [by, role, tenant, at] of refused)
      expect([by.role, role, await outcome(ask(by, role, tenant, at))]).not.toEqual([by.role, role, "done"]);
  });
  it("are kept as a digest, lead in once, and let the guest alone know the password", async () => {
    const w = world();
    const [a] = w.sectors;
    const email = guest();
    await ask(a.lead, "regulator", a.id, "", email);
    const token = await tokenTo(email);
    expect(token).toMatch(/^[0-9a-f]{40}$/);
    const [kept] =
      await sql`select count(*)::int as n from auth.invitations where digest::text like ${`%${token}%`} or encode(digest, 'hex') = ${token}`;
    expect(kept?.["n"]).toBe(0);
    expect(await readInvitation(w.db, token)).toMatchObject({ email, role: "regulator", known: false });
    expect(await outcome(accept(token, { next: "password1234", repeat: "password1234" }))).toBe("invalid");
    expect(await outcome(accept(token, { repeat: "something else here" }))).toBe("invalid");
    const tried = await Promise.all(Array.from({ length: 5 }, async () => outcome(accept(token))));
    expect(tried.filter((one) => one === "done")).toHaveLength(1);
    expect(await readInvitation(w.db, token)).toBeNull();
    expect(await outcome(accept(token))).toBe("signin_link_dead");
    const found = await w.sessions.find(
      await signIn(w.db, w.sessions, { email, password: good.next }, { ip: "10.9.0.1", agent: "test" }),
    );
    expect(found?.actor).toMatchObject({ role: "regulator", tenantId: a.id, siteId: null });
  });
  it("end with their week, when taken back, when sent anew, and when the inviter leaves", async () => {
    const w = world();
    const [, b] = w.sectors;
    const email = guest();
    await ask(b.lead, "auditor", b.id, "", email).catch(() => undefined);
    await ask(b.lead, "regulator", b.id, "", email);
    const first = await tokenTo(email);
    await ask(b.lead, "regulator", b.id, "", email);
    const second = await tokenTo(email);
    expect([await readInvitation(w.db, first), (await readInvitation(w.db, second))?.email]).toEqual([null, email]);
    await sql`update auth.invitations set expires_at = now() - interval '1 second' where email = ${email}`;
    expect(await outcome(accept(second))).toBe("signin_link_dead");
    await sql`update auth.invitations set expires_at = now() + interval '1 day' where email = ${email}`;
    const [open] = await w.as(b.lead, (tx) => openInvitations(tx, b.lead));
    expect(
      await outcome(w.as(w.sectors[0].lead, (tx) => revokeInvitation(tx, w.sectors[0].lead, open?.id ?? ""))),
    ).toBe("not_found");
    expect(await outcome(w.as(b.lead, (tx) => revokeInvitation(tx, b.lead, open?.id ?? "")))).toBe("done");
    expect(await outcome(accept(second))).toBe("signin_link_dead");
    const late = guest();
    const boss = b.sites[1]?.lead;
    if (!boss) throw new Error("no site");
    await ask(boss, "site_officer", b.id, b.sites[1]?.id ?? "", late);
    await w.as(b.lead, (tx) => endMembership(tx, b.lead, boss.membershipId));
    expect(await readInvitation(w.db, await tokenTo(late))).toBeNull();
  });
  it("to somebody with an account add a membership and leave their password alone", async () => {
    const w = world();
    const [a] = w.sectors;
    const { email, userId } = w.assessor;
    await ask(a.lead, "regulator", a.id, "", email);
    const token = await tokenTo(email);
    expect((await readInvitation(w.db, token))?.known).toBe(true);
    const before = await sql`select password_hash from auth.users where id = ${userId}`;
    expect(await accept(token)).toMatchObject({ userId, known: true });
    expect(await sql`select password_hash from auth.users where id = ${userId}`).toEqual(before);
    expect(await outcome(ask(a.lead, "regulator", a.id, "", email))).toBe("invalid");
  });
});

describe("resets", () => {
  const request = (email: string) =>
    askForReset(world().db, { email, ip: `10.8.${(serial += 1)}.1`, origin, locale: "en" });
  it("write the same for an address without an account, to nobody", async () => {
    await request("stranger@nowhere.example");
    const rows =
      await sql`select state, (select count(*)::int from auth.password_resets) as resets from auth.mails where recipient = 'stranger@nowhere.example'`;
    expect(rows).toMatchObject([{ state: "void", resets: 1 }]);
    expect(await readReset(world().db, await tokenTo("stranger@nowhere.example"))).toBeNull();
  });
  it("set a password once within half an hour; every session and every other link ends", async () => {
    const w = world();
    const { email } = w.editor;
    const session = await signIn(w.db, w.sessions, { email, password }, { ip: "10.8.0.1", agent: "test" });
    await request(email);
    const other = await tokenTo(email);
    await request(email);
    const token = await tokenTo(email);
    expect(await outcome(resetPassword(w.db, { token, next: email, repeat: email }, "10.8.0.2"))).toBe("invalid");
    const tried = await Promise.all(
      Array.from({ length: 4 }, async () => outcome(resetPassword(w.db, { token, ...good }, "10.8.0.2"))),
    );
    expect(tried.filter((one) => one === "done")).toHaveLength(1);
    expect(await w.sessions.find(session)).toBeNull();
    expect(await outcome(resetPassword(w.db, { token: other, ...good }, "10.8.0.3"))).toBe("signin_link_dead");
    await request(email);
    const stale = await tokenTo(email);
    await sql`update auth.password_resets set expires_at = now() - interval '1 second'`;
    expect(await outcome(resetPassword(w.db, { token: stale, ...good }, "10.8.0.3"))).toBe("signin_link_dead");
    for (const forged of ["", "0".repeat(40), "' or 1=1 --", `${token}0`, token.toUpperCase()])
      expect(await outcome(resetPassword(w.db, { token: forged, ...good }, "10.8.0.4"))).toBe("signin_link_dead");
  });
  it("take no second factor away: the new password alone lets nobody in", async () => {
    const w = world();
    const { userId, email } = w.sectors[1].regulator;
    const secret = (await beginTotp(w.db, { userId, email }))?.secret ?? "";
    await confirmTotp(w.db, userId, totpCode(secret, Date.now()));
    await request(email);
    await resetPassword(w.db, { token: await tokenTo(email), ...good }, "10.8.1.1");
    const from = { ip: "10.8.1.1", agent: "test" };
    expect(await checkPassword(w.db, { email, password: good.next }, from)).toBe(userId);
    expect((await factorsOf(w.db, userId))?.totp).toBe(true);
    expect(await outcome(signIn(w.db, w.sessions, { email, password: good.next }, from))).toBe("sign_in_failed");
  });
  it("are counted by address, known or not", async () => {
    for (const email of [world().director.email, "nobody@nowhere.example"]) {
      const tried = [];
      for (let i = 0; i < 7; i++) tried.push(await outcome(request(email)));
      expect(tried).toEqual(["done", "done", "done", "done", "done", "sign_in_blocked", "sign_in_blocked"]);
    }
  });
});

describe("e-mails on their way", () => {
  const work = async (mailer: Mailer | null) => {
    const { pool, db, close } = openWorkerPool(world().database.urls.auth);
    try {
      await sql`update graphile_worker._private_jobs set run_at = now()`;
      await runOnce({
        pgPool: pool,
        taskList: taskList([mailTask({ mailer })], { db, log: createLogger("silent") }),
        logger: new Logger(() => () => undefined),
      });
    } finally {
      await close();
    }
  };
  const last = async () =>
    (
      await sql<
        { id: string; state: string; attempts: number; last_error: string | null; body_text: string }[]
      >`select id, state, attempts, last_error, body_text from auth.mails where state <> 'void' order by created_at desc, id desc limit 1`
    )[0];

  it("are tried again until the server takes them, and then emptied", async () => {
    const [a] = world().sectors;
    const email = guest();
    const sent: string[] = [];
    const ids = new Set<string>();
    let down = true;
    const send: Mailer["send"] = async (to, _letter, id) => {
      if (to === email) ids.add(id);
      if (down) throw new Error("451 try again later");
      sent.push(to);
    };
    const mailer: Mailer = { send, close: () => undefined };
    await ask(a.lead, "regulator", a.id, "", email);
    await work(mailer);
    expect(await last()).toMatchObject({ state: "waiting", attempts: 1, last_error: "451 try again later" });
    down = false;
    await work(mailer);
    expect(sent).toContain(email);
    expect(await last()).toMatchObject({ state: "sent", attempts: 2, body_text: "" });
    await work(mailer);
    expect(sent.filter((one) => one === email)).toHaveLength(1);
    // Whoever gets it twice can see that it is one e-mail.
    expect(ids.size).toBe(1);
  });
  it("that the server refuses for good are not sent again, and are left to the operator", async () => {
    const [a] = world().sectors;
    const email = guest();
    let times = 0;
    const refused = Object.assign(new Error("550 5.1.1 no such user"), { code: "EENVELOPE", responseCode: 550 });
    const mailer: Mailer = {
      send: async (to) => {
        if (to !== email) return;
        times += 1;
        throw refused;
      },
      close: () => undefined,
    };
    await ask(a.lead, "regulator", a.id, "", email);
    await work(mailer);
    expect(await last()).toMatchObject({ state: "failed", attempts: 1, last_error: "550 5.1.1 no such user" });
    await work(mailer);
    expect(times).toBe(1);
  });
  it("go with the transaction that wrote them", async () => {
    const w = world();
    const [a] = w.sectors;
    const email = guest();
    await w
      .as(a.lead, async (tx) => {
        await invite(
          tx,
          a.lead,
          { email, name: "x", role: "regulator", tenantId: a.id, siteId: "", language: "en" },
          { origin },
        );
        throw new Error("undo");
      })
      .catch(() => undefined);
    const [left] =
      await sql`select (select count(*)::int from auth.mails where recipient = ${email}) + (select count(*)::int from auth.invitations where email = ${email}) as n`;
    expect(left?.["n"]).toBe(0);
  });
  it("without a mail server are held, shown to the operator alone, and sent when there is one", async () => {
    const w = world();
    const [a] = w.sectors;
    const [email, assessor] = [guest(), guest()];
    await ask(w.operator, "assessor", w.institutionId, "", assessor);
    await ask(a.lead, "regulator", a.id, "", email);
    await work(null);
    const held = await last();
    expect(held?.state).toBe("held");
    const shown = await w.as(w.operator, (tx) => listOutbox(tx, w.operator));
    const to = (recipient: string) => shown.find((one) => one.recipient === recipient);
    expect(to(assessor)?.text).toContain(`${origin}/invitation?lng=zh-CN&token=`);
    // A link into a tenant that has a lead would be the way round the lead's consent: the e-mail is there, its link is not.
    expect(to(email)).toMatchObject({ text: "", withheld: true, state: "held" });
    expect(shown.filter((one) => one.state !== "held").every((one) => one.text === "")).toBe(true);
    for (const who of [a.lead, w.director, a.auditor]) expect(await w.as(who, (tx) => listOutbox(tx, who))).toEqual([]);
    expect(await outcome(w.as(a.lead, (tx) => sendAgain(tx, a.lead, held?.id ?? "")))).toBe("not_found");
    await w.as(w.operator, (tx) => sendAgain(tx, w.operator, held?.id ?? ""));
    const sent: string[] = [];
    await work({ send: async (to) => void sent.push(to), close: () => undefined });
    expect(sent).toContain(email);
  });
});
