import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "#app/platform/errors.ts";
import { hashPassword } from "#app/features/identity/passwords.server.ts";
import { password, testWorld } from "#tests/builders/world.ts";
import { switchAccount } from "./accounts.server.ts";
import { confirmTotp, beginTotp, factorsOf, newRecoveryCodes, useCode } from "./factors.server.ts";
import {
  admit,
  checkPassword,
  endOtherSessions,
  finish,
  type Method,
  readPending,
  switchMembership,
  type SignInStep,
} from "./sign-in.server.ts";
import { allowed } from "./attempts.server.ts";
import { heldForm } from "./step-up.server.ts";
import { askToProve, isFresh } from "#app/request/step-up.server.ts";
import { totpCode } from "#tests/builders/authenticator.ts";

const world = testWorld();
const from = { ip: "10.0.0.1", agent: "test" };
let sql: postgres.Sql;
beforeAll(() => {
  sql = postgres(world().database.superuserUrl, { max: 2, onnotice: () => undefined });
});
afterAll(async () => sql.end());

const emailOf = (name: string) => `${name}@test.example`;
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "in",
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
const count = (codes: string[]) =>
  Object.fromEntries([...new Set(codes)].sort().map((one) => [one, codes.filter((c) => c === one).length]));
const enter = (userId: string, methods: Method[] = ["password"], policy: "everyone" | "leads" | "none" = "leads") =>
  admit(world().db, world().sessions, { userId, methods, next: "/", policy, from });
const pendingOf = (step: SignInStep) =>
  readPending(new Request("http://x/", { headers: { cookie: `anshi_step=${step.secret}` } }), {
    db: world().db,
    env: { https: false } as never,
  });

describe("attempts that are counted before they are judged", () => {
  const guess = (name: string, ip: string, word = "wrong guess") =>
    outcome(checkPassword(world().db, { email: emailOf(name), password: word }, { ...from, ip }));
  /** As if so many had failed in this quarter of an hour. */
  const failed = (key: string, times: number) =>
    sql`insert into auth.sign_in_attempts (key, window_start, failures) values (${key}, date_bin('15 minutes', now(), timestamptz '2000-01-01'), ${times})`;

  it("fifty guesses at once: eight are judged, the others refused with the time to come back; the person gets in from elsewhere", async () => {
    const w = world();
    const tried = await Promise.all(
      Array.from({ length: 50 }, (_, i) => guess("AAA.reg1", "10.1.0.1", `wrong guess ${i}`)),
    );
    expect(count(tried)).toEqual({ sign_in_blocked: 42, sign_in_failed: 8 });
    const error = await checkPassword(
      w.db,
      { email: emailOf("AAA.reg1"), password },
      { ...from, ip: "10.1.0.1" },
    ).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "sign_in_blocked", status: 429 });
    const { retryAfterSeconds } = (error as AppError).params as { retryAfterSeconds: number };
    expect(retryAfterSeconds > 0 && retryAfterSeconds <= 900).toBe(true);
    expect(await guess("AAA.reg1", "10.1.0.2", password)).toBe("in");
    const [row] = await sql`select sum(pending)::int as pending from auth.attempts_under_way`;
    expect(row?.["pending"]).toBe(0);
  });
  it("a guess from many addresses is bounded by the account, and who has come in from theirs before still does", async () => {
    const w = world();
    await w.sessions.create(w.sectors[1].regulator.userId, null, { ip: "10.5.0.1", agent: "test" });
    const name = w.sectors[1].regulator.email.split("@")[0] ?? "";
    await failed(`account:${emailOf(name)}`, allowed.account - 2);
    const tried = [];
    for (let i = 0; i < 5; i += 1) tried.push(await guess(name, `10.5.1.${i}`));
    expect(count(tried)).toEqual({ sign_in_blocked: 3, sign_in_failed: 2 });
    expect(await guess(name, "10.5.2.1", password)).toBe("sign_in_blocked");
    expect(await guess(name, "10.5.0.1", password)).toBe("in");
    await sql`delete from auth.sign_in_attempts where key = ${`account:${emailOf(name)}`}`;
  });
  it("fifty right sign-ins at once from one address all come in", async () => {
    const w = world();
    const tried = await Promise.all(
      Array.from({ length: 50 }, async () =>
        outcome(checkPassword(w.db, { email: emailOf("AAA.reg2"), password }, { ...from, ip: "10.2.0.1" })),
      ),
    );
    expect(count(tried)).toEqual({ in: 50 });
  });
  it("an address that guesses at many accounts is stopped, accounts that are not there alike; not who is known there", async () => {
    const w = world();
    const { email, userId } = w.sectors[0].lead;
    await w.sessions.create(userId, null, { ip: "10.3.0.1", agent: "test" });
    await failed("address:10.3.0.1", allowed.address - 3);
    const tried = await Promise.all(Array.from({ length: 6 }, (_, i) => guess(`nobody${i}`, "10.3.0.1")));
    expect(count(tried)).toEqual({ sign_in_blocked: 3, sign_in_failed: 3 });
    expect(await outcome(checkPassword(w.db, { email, password }, { ...from, ip: "10.3.0.1" }))).toBe("in");
  });
  it("an account that is not there takes as long as a wrong password", async () => {
    const w = world();
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let i = 0; i < 16; i++) {
      for (const who of ["known", "unknown"] as const) {
        const email = emailOf(who === "known" ? (i < 8 ? "BBB.reg1" : "BBB.reg2") : i < 8 ? "ghost" : "phantom");
        if (i % 8 > 5) continue;
        const begun = performance.now();
        await outcome(checkPassword(w.db, { email, password: "wrong guess" }, { ...from, ip: `10.4.${i}.1` }));
        times[who].push(performance.now() - begun);
      }
    }
    const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
    const ratio = median(times.unknown) / median(times.known);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
});

describe("second factors", () => {
  it("a lead without one must enrol, others need not; with one everybody is asked", async () => {
    const { sectors } = world();
    expect(await enter(sectors[0].sites[0]?.officer.userId ?? "")).toMatchObject({ kind: "session" });
    const step = await enter(sectors[0].lead.userId);
    expect([step.kind, (await pendingOf(step))?.needs]).toEqual(["pending", "enrol"]);
    expect(await enter(sectors[0].lead.userId, ["password"], "none")).toMatchObject({ kind: "session" });
    expect(await enter(sectors[0].lead.userId, ["passkey"])).toMatchObject({ kind: "session" });
    expect(await enter(sectors[0].lead.userId, ["oidc"])).toMatchObject({ kind: "pending" });
    expect(await enter(sectors[0].lead.userId, ["oidc", "mfa"])).toMatchObject({ kind: "session" });
  });
  it("where everybody needs one, nobody gets in by a password or the provider's word alone", async () => {
    const { sectors, editor } = world();
    for (const { userId } of [sectors[0].sites[0]?.officer, sectors[0].regulator, sectors[0].auditor, editor].filter(
      (one) => one !== undefined,
    )) {
      for (const methods of [["password"], ["oidc"]] as Method[][]) {
        const step = await enter(userId, methods, "everyone");
        expect([step.kind, (await pendingOf(step))?.needs]).toEqual(["pending", "enrol"]);
      }
      expect(await enter(userId, ["passkey"], "everyone")).toMatchObject({ kind: "session" });
    }
  });
  it("a half sign-in is no session: its secret opens nothing", async () => {
    const w = world();
    const step = await enter(w.sectors[0].lead.userId);
    expect(await w.sessions.find(step.secret)).toBeNull();
    const [row] = await w.db
      .auth`select count(*)::int as n from auth.get_session(sha256(convert_to(${step.secret}, 'UTF8')))`;
    expect(row?.["n"]).toBe(0);
  });
  it("one code used at the same moment by ten lets one in; a code of before is dead too", async () => {
    const w = world();
    const { userId, email } = w.sectors[1].lead;
    const enrolment = await beginTotp(w.db, { userId, email });
    const secret = enrolment?.secret ?? "";
    expect((await beginTotp(w.db, { userId, email }))?.secret).toBe(secret);
    const now = Date.now();
    await confirmTotp(w.db, userId, totpCode(secret, now), now);
    expect(await beginTotp(w.db, { userId, email })).toBeNull();
    expect(await outcome(useCode(w.db, userId, totpCode(secret, now), from.ip, now))).toBe("signin_code_wrong");
    const later = now + 60_000;
    const tried = await Promise.all(
      Array.from({ length: 5 }, async () => outcome(useCode(w.db, userId, totpCode(secret, later), from.ip, later))),
    );
    expect(count(tried)).toEqual({ in: 1, signin_code_wrong: 4 });
    expect(await outcome(useCode(w.db, userId, totpCode(secret, later - 30_000), from.ip, later))).toBe(
      "signin_code_wrong",
    );
    const step = await enter(userId);
    expect((await pendingOf(step))?.needs).toBe("factor");
  });
  it("guesses at codes are counted by person", async () => {
    const w = world();
    const { userId } = w.assessor;
    const codes = Array.from({ length: 20 }, (_, i) => String(100_000 + i));
    const tried = await Promise.all(codes.map(async (code, i) => outcome(useCode(w.db, userId, code, `10.5.0.${i}`))));
    expect(count(tried)).toEqual({ sign_in_blocked: 12, signin_code_wrong: 8 });
    const noted = await sql<
      { n: number }[]
    >`select (details->>'failures')::int as n from public.audit_entries where act = 'sign_in_failed' and details->>'step' = 'totp' and user_id = ${userId} order by 1`;
    expect(noted.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
  it("every change to them is in the trail of the person's tenant, in their name", async () => {
    const { lead } = world().sectors[1];
    const acts = await sql<
      { act: string }[]
    >`select distinct act from public.audit_entries where tenant_id = ${lead.tenantId} and membership_id = ${lead.membershipId} and object_type = 'account'`;
    expect(acts.map(({ act }) => act)).toContain("factor_added");
  });
  it("a recovery code works once, for its owner alone, however it is typed", async () => {
    const w = world();
    const { userId } = w.editor;
    const codes = await newRecoveryCodes(w.db, userId);
    expect([
      codes.length,
      new Set(codes).size,
      codes.every((one) => /^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/.test(one)),
    ]).toEqual([10, 10, true]);
    const [first = "", second = ""] = codes;
    expect(await outcome(useCode(w.db, w.director.userId, first, from.ip))).toBe("signin_code_wrong");
    expect(
      await Promise.all([1, 2, 3].map(async () => outcome(useCode(w.db, userId, first, from.ip)))).then(count),
    ).toEqual({ in: 1, signin_code_wrong: 2 });
    expect(await outcome(useCode(w.db, userId, ` ${second.toLowerCase().replaceAll("-", " ")} `, from.ip))).toBe("in");
    expect((await factorsOf(w.db, userId))?.codes).toBe(8);
    const [row] =
      await sql`select count(*)::int as n from auth.recovery_codes where encode(digest, 'escape') like ${`%${first}%`}`;
    expect(row?.["n"]).toBe(0);
  });
  it("a half sign-in becomes one session, however often it is ended", async () => {
    const w = world();
    const pending = await pendingOf(await enter(w.sectors[1].lead.userId));
    if (!pending) throw new Error("no half sign-in");
    const tried = await Promise.all(
      Array.from({ length: 6 }, async () => outcome(finish(w.db, w.sessions, pending, ["password", "totp"], from))),
    );
    expect(count(tried)).toEqual({ in: 1, sign_in_expired: 5 });
  });
  it("switching to a role that needs a second factor asks for it", async () => {
    const w = world();
    const { lead, regulator } = w.sectors[0];
    await sql`insert into auth.memberships (id, user_id, tenant_id, role, level) values (gen_random_uuid(), ${regulator.userId}, ${lead.tenantId}, 'regulator_lead', 'sector')`;
    const [more] = await sql<
      { id: string }[]
    >`select id from auth.memberships where user_id = ${regulator.userId} and role = 'regulator_lead'`;
    const plain = await enter(regulator.userId, ["password"], "none");
    const person = await w.sessions.find(plain.secret);
    if (!person || !more) throw new Error("not signed in");
    const step = await switchMembership(w.db, w.sessions, person, { membershipId: more.id, from, policy: "leads" });
    expect([step.kind, (await pendingOf(step))?.needs]).toEqual(["pending", "enrol"]);
    expect(await w.sessions.find(plain.secret)).toBeNull();
    await sql`delete from auth.pending_sign_ins`;
    await sql`delete from auth.memberships where id = ${more.id}`;
  });
});

describe("proving oneself anew", () => {
  it("a sign-in is fresh for ten minutes; a change of membership does not make it fresher", async () => {
    const w = world();
    const step = await enter(w.assessor.userId);
    const person = await w.sessions.find(step.secret);
    if (!person?.actor) throw new Error("not signed in");
    expect(await isFresh(w.db, person)).toBe(true);
    await sql`update auth.sessions set proved_at = now() - interval '10 minutes 1 second' where id = ${person.sessionId}`;
    expect(await isFresh(w.db, person)).toBe(false);
    const switched = await switchMembership(w.db, w.sessions, person, {
      membershipId: person.actor.membershipId,
      from,
      policy: "leads",
    });
    const again = await w.sessions.find(switched.secret);
    expect(again && (await isFresh(w.db, again))).toBe(false);
  });
  it("keeps a form for the session that sent it, without what is secret", async () => {
    const w = world();
    const [mine, theirs] = await Promise.all(
      [w.assessor, w.editor].map(async ({ userId }) => w.sessions.find((await enter(userId)).secret)),
    );
    if (!mine || !theirs) throw new Error("not signed in");
    const fields: [string, string][] = [
      ["intent", "createToken"],
      ["name", "a «name» & more"],
      ["scopes", "a"],
      ["scopes", "b"],
      ["password", "do not keep"],
    ];
    const sent = await askToProve(w.db, mine, {
      request: new Request("http://x/settings/tokens.data?index&x=1&_routes=a", { method: "POST" }),
      fields,
      secret: ["password"],
    }).catch((error: unknown) => error as Response);
    const id = new URL(sent.headers.get("location") ?? "", "http://x").searchParams.get("form") ?? "";
    expect(await heldForm(w.db, mine, id)).toEqual({
      path: "/settings/tokens?index&x=1",
      fields: [
        ["intent", "createToken"],
        ["name", "a «name» & more"],
        ["scopes", "a"],
        ["scopes", "b"],
      ],
    });
    expect(await heldForm(w.db, theirs, id)).toBeNull();
  });
});

describe("sessions", () => {
  const open = async () => {
    const { userId } = world().director;
    const step = await enter(userId, ["passkey"]);
    return { userId, secret: step.secret };
  };
  it("end after two hours without a request, and twelve hours after they began whatever happens", async () => {
    const w = world();
    const digest = (secret: string) => sql`sha256(convert_to(${secret}, 'UTF8'))`;
    const { secret } = await open();
    const [row] = await sql<
      { idle: number; end: number }[]
    >`select extract(epoch from idle_until - now())::int as idle, extract(epoch from expires_at - now())::int as end from auth.sessions where digest = ${digest(secret)}`;
    expect([Math.round((row?.idle ?? 0) / 600), Math.round((row?.end ?? 0) / 600)]).toEqual([12, 72]);
    await sql`update auth.sessions set last_seen_at = now() - interval '90 minutes', idle_until = now() + interval '30 minutes', expires_at = now() + interval '1 hour' where digest = ${digest(secret)}`;
    expect(await w.sessions.find(secret)).not.toBeNull();
    const [later] = await sql<
      { idle: boolean; end: boolean }[]
    >`select idle_until > now() + interval '45 minutes' as idle, expires_at <= now() + interval '1 hour' as end from auth.sessions where digest = ${digest(secret)}`;
    expect(later).toEqual({ idle: true, end: true });
    await sql`update auth.sessions set idle_until = now() - interval '1 second' where digest = ${digest(secret)}`;
    expect(await w.sessions.find(secret)).toBeNull();
    const second = await open();
    await sql`update auth.sessions set expires_at = now() - interval '1 second' where digest = ${digest(second.secret)}`;
    expect(await w.sessions.find(second.secret)).toBeNull();
  });
  it("all others end at once when asked, and the one that asked goes on under a new secret", async () => {
    const w = world();
    const [mine, other] = [await open(), await open()];
    const person = await w.sessions.find(mine.secret);
    if (!person) throw new Error("no session");
    const next = await endOtherSessions(w.db, w.sessions, person, from);
    expect(await Promise.all([mine.secret, other.secret].map((one) => w.sessions.find(one)))).toEqual([null, null]);
    const found = await w.sessions.find(next);
    expect([found?.userId, found?.actor?.membershipId, found !== null && (await isFresh(w.db, found))]).toEqual([
      mine.userId,
      person.actor?.membershipId,
      true,
    ]);
  });
});

describe("an account that is switched off", () => {
  it("is dead with the next statement: session, token, half sign-in; nobody but the operator does it, and not to their own", async () => {
    const w = world();
    const { auditor, lead } = w.sectors[1];
    const { secret } = await enter(auditor.userId);
    const off = (who: typeof lead, account: string) =>
      outcome(w.as(who, (tx) => switchAccount(tx, who, account, true)));
    expect(await off(lead, auditor.userId)).toBe("not_found");
    expect(await off(w.operator, w.operator.userId)).toBe("not_found");
    expect(await off(w.operator, auditor.userId)).toBe("in");
    expect(await w.sessions.find(secret)).toBeNull();
    expect(await outcome(checkPassword(w.db, { email: auditor.email, password }, { ...from, ip: "10.6.0.1" }))).toBe(
      "sign_in_failed",
    );
    expect(await outcome(w.as(w.operator, (tx) => switchAccount(tx, w.operator, auditor.userId, false)))).toBe("in");
    expect(await outcome(checkPassword(w.db, { email: auditor.email, password }, { ...from, ip: "10.6.0.1" }))).toBe(
      "in",
    );
  });
});

describe("identities of a provider", () => {
  const find = async (subject: string, email: string | null) => {
    const [row] = await world().db.auth<
      { who: string | null }[]
    >`select auth.find_identity('https://id.example', ${subject}, ${email}) as who`;
    return row?.who ?? null;
  };
  it("link to an account by a verified address, once; then the subject decides", async () => {
    const { editor, assessor } = world();
    expect(await find("s1", null)).toBeNull();
    expect(await find("s1", "nobody@test.example")).toBeNull();
    expect(await find("s1", editor.email.toUpperCase())).toBe(editor.userId);
    expect(await find("s1", null)).toBe(editor.userId);
    // The address was given to somebody else: they are not let into the account.
    expect(await find("s2", editor.email)).toBeNull();
    // Another address does not take the subject elsewhere.
    expect(await find("s1", assessor.email)).toBe(editor.userId);
  });
});

it("a new hash of the same password differs, and both fit", async () => {
  expect(await hashPassword(password)).not.toBe(await hashPassword(password));
});
