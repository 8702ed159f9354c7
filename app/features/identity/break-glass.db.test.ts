import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withActor } from "#db/client.server.ts";
import { password, testWorld, type World } from "#tests/builders/world.ts";
import type { Actor } from "#app/request/actor.ts";
import {
  answerBreakGlass,
  askBreakGlass,
  endBreakGlass,
  listBreakGlass,
  openBreakGlass,
  readBreakGlass,
} from "./break-glass.server.ts";
import { clearFactors, listOutbox } from "./accounts.server.ts";
import { acceptInvitation, invite, readInvitation } from "./invitations.server.ts";
import { addMember, endMembership, listMembers } from "./identity.server.ts";
import { rowsOf } from "#db/rows.ts";

const reason = "客户报告报表打不开，需要核对报送件的状态";

describe("break-glass", () => {
  const world = testWorld();
  let w: World;
  let superuser: postgres.Sql;
  beforeAll(() => {
    w = world();
    superuser = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
  });
  afterAll(() => superuser.end());

  const ask = (tenantId = w.sectors[0].id) =>
    w.as(w.operator, (tx) => askBreakGlass(tx, w.operator, { tenantId, reason, minutes: 60 }));
  const answer = (by: Actor, id: string, consent = true) => w.as(by, (tx) => answerBreakGlass(tx, by, id, consent));
  const end = (by: Actor, id: string) => w.as(by, (tx) => endBreakGlass(tx, by, id));
  const read = (id: string, table: "sites" | "systems" = "sites", by = w.operator) =>
    w.as(by, (tx) => readBreakGlass(tx, by, { accessId: id, table, after: null }));
  const notOpen = { code: "glass_not_open" };
  const add = (by: Actor, email: string, tenantId: string) =>
    w.as(by, (tx) => addMember(tx, by, { email, name: "-", password, role: "regulator", tenantId }));
  const noted = (id: string) => superuser<
    { object_type: string; object_id: string; tenant_id: string; name: string; seq: string | null }[]
  >`
    select object_type, object_id, tenant_id, name, seq from audit_entries where act = 'break_glass_read' and details->>'access' = ${id} and tenant_id = ${w.sectors[0].id} order by no`;

  it("opens nothing without consent, and after a refusal", async () => {
    const id = await ask();
    await expect(read(id)).rejects.toMatchObject(notOpen);
    await expect(ask()).rejects.toMatchObject({ fieldErrors: { tenantId: ["glass_asked_already"] } });
    await answer(w.sectors[0].lead, id, false);
    await expect(read(id)).rejects.toMatchObject(notOpen);
    await expect(answer(w.sectors[0].lead, id)).rejects.toMatchObject({ status: 404 });
  });

  it("takes the word of the tenant's own lead alone", async () => {
    const id = await ask();
    const s = w.sectors[0];
    for (const by of [w.sectors[1].lead, w.director, s.regulator, s.auditor, ...s.sites.map((x) => x.lead), w.operator])
      await expect(answer(by, id)).rejects.toMatchObject({ status: 404 });
    await expect(read(id)).rejects.toMatchObject(notOpen);
    await end(w.operator, id);
    await expect(answer(s.lead, id)).rejects.toMatchObject({ status: 404 });
  });

  it("is never consented to by the person who asks, lead of the tenant or not", async () => {
    const s = w.sectors[0];
    const id = await ask();
    await superuser`update auth.memberships set user_id = ${w.operator.userId} where id = ${s.lead.membershipId}`;
    await expect(answer(s.lead, id)).rejects.toMatchObject({ status: 404 });
    await superuser`update auth.memberships set user_id = ${s.lead.userId} where id = ${s.lead.membershipId}`;
    await end(s.lead, id);
  });

  it("hands out rows of that tenant, each written into its trail with the reading", async () => {
    const s = w.sectors[0];
    const id = await ask();
    await answer(s.lead, id);
    const { rows } = await read(id);
    expect(rows.map((r) => r["tenant_id"])).toEqual([s.id, s.id]);
    const entries = await noted(id);
    expect(entries.map((e) => e.object_id)).toEqual(rows.map((r) => r["id"]));
    expect(entries.every((e) => e.object_type === "sites" && e.name === w.operator.name && e.seq !== null)).toBe(true);
    // The reading and its entries are kept or lost together; a transaction that cannot write reads nothing.
    await expect(
      withActor(w.db.read, w.operator, (tx) =>
        readBreakGlass(tx, w.operator, { accessId: id, table: "sites", after: null }),
      ),
    ).rejects.toThrow();
    expect(await noted(id)).toHaveLength(2);
    for (const by of [s.lead, s.regulator, ...s.sites.map((x) => x.officer), s.auditor])
      expect(await w.as(by, (tx) => openBreakGlass(tx, by))).toMatchObject([
        { id, operatorName: w.operator.name, reason },
      ]);
    expect(await w.as(w.sectors[1].lead, (tx) => listBreakGlass(tx, w.sectors[1].lead))).toEqual([]);
    // The tables themselves stay shut, and what is not on the list.
    expect(
      rowsOf<{ n: number }>(
        await w.as(w.operator, (tx) =>
          tx.execute(sql`select count(*)::int n from audit_entries where tenant_id = ${s.id}`),
        ),
      ),
    ).toEqual([{ n: 0 }]);
    for (const table of ["drafts", "answers", "break_glass", "webhook_endpoints"]) {
      await expect(
        w.as(w.operator, (tx) =>
          readBreakGlass(tx, w.operator, { accessId: id, table: table as "sites", after: null }),
        ),
      ).rejects.toMatchObject(notOpen);
    }
    await expect(read(id, "sites", { ...w.operator, secret: s.lead.secret })).rejects.toMatchObject(notOpen);
    await end(s.lead, id);
    await expect(read(id)).rejects.toMatchObject(notOpen);
  });

  it("is over when its time is, with nobody closing it", async () => {
    const id = await ask();
    await answer(w.sectors[0].lead, id);
    await superuser`update break_glass set ends_at = clock_timestamp() - interval '1 millisecond' where id = ${id}`;
    await expect(read(id)).rejects.toMatchObject(notOpen);
    expect(await w.as(w.sectors[0].lead, (tx) => openBreakGlass(tx, w.sectors[0].lead))).toEqual([]);
    await expect(end(w.sectors[0].lead, id)).rejects.toMatchObject({ status: 404 });
  });

  it("is not opened by forged settings, nor by writing the row", async () => {
    const id = await ask();
    const forged = w.as(w.operator, async (tx) => {
      await tx.execute(
        sql`select set_config('anshi.tenant', ${w.sectors[0].id}, true), set_config('anshi.role', 'regulator_lead', true), set_config('role', 'anshi_sector', true)`,
      );
      await answerBreakGlass(tx, { ...w.operator, level: "sector" }, id, true);
    });
    await expect(forged).rejects.toMatchObject({ status: 404 });
    await expect(
      w.as(w.operator, (tx) => tx.execute(sql`update break_glass set consented_at = now()`)),
    ).rejects.toThrow();
    await expect(read(id)).rejects.toMatchObject(notOpen);
    await end(w.operator, id);
  });

  it("is the operator's only way to a tenant's people once there is a lead", async () => {
    const s = w.sectors[0];
    await expect(add(w.operator, "plant@test.example", s.id)).rejects.toThrow();
    // Nor by taking the lead away first.
    await expect(w.as(w.operator, (tx) => endMembership(tx, w.operator, s.lead.membershipId))).rejects.toMatchObject({
      status: 404,
    });
    const id = await ask();
    await answer(s.lead, id);
    await expect(add(w.operator, "plant@test.example", w.sectors[1].id)).rejects.toThrow();
    await add(w.operator, "helper@test.example", s.id);
    await end(s.lead, id);
    await expect(add(w.operator, "plant@test.example", s.id)).rejects.toThrow();
    expect((await w.as(s.lead, (tx) => listMembers(tx, s.lead))).some((p) => p.email === "plant@test.example")).toBe(
      false,
    );
  });

  it("lets an operator's invitation die when the tenant has a lead", async () => {
    const s = w.sectors[0];
    const id = await ask();
    await answer(s.lead, id);
    const email = "late@test.example";
    await w.as(w.operator, (tx) =>
      invite(
        tx,
        w.operator,
        { email, name: "晚到的人", role: "regulator", tenantId: s.id, siteId: "", language: "zh-CN" },
        { origin: "http://x" },
      ),
    );
    const [mail] = await superuser<
      { body_text: string }[]
    >`select body_text from auth.mails where recipient = ${email}`;
    const token = /token=([0-9a-f]{40})/.exec(mail?.body_text ?? "")?.[1] ?? "";
    expect(await readInvitation(w.db, token)).toMatchObject({ email });
    await end(s.lead, id);
    expect(await readInvitation(w.db, token)).toBeNull();
    await expect(
      acceptInvitation(
        w.db,
        { token, name: "晚到的人", next: "四个没有关系的词语", repeat: "四个没有关系的词语" },
        "10.1.1.1",
      ),
    ).rejects.toMatchObject({ code: "signin_link_dead" });
    await expect(
      w.as(w.operator, (tx) =>
        invite(
          tx,
          w.operator,
          { email, name: "-", role: "regulator", tenantId: s.id, siteId: "", language: "en" },
          { origin: "http://x" },
        ),
      ),
    ).rejects.toMatchObject({ fieldErrors: { tenantId: ["glass_tenant_closed"] } });
  });

  it("is the only way to what signs the tenant's people in", async () => {
    const s = w.sectors[0];
    const email = s.lead.email;
    await superuser`insert into auth.totp (user_id, secret, confirmed_at) values (${s.lead.userId}, 'abcdefghabcdefgh', now()) on conflict do nothing`;
    const held = async () => {
      await superuser`insert into auth.mails (id, kind, recipient, subject, body_text, body_html, useful_until, state) values (gen_random_uuid(), 'reset', ${email}, '重设密码', ${"token=geheim"}, '', now() + interval '30 minutes', 'held')`;
      const shown = await w.as(w.operator, (tx) => listOutbox(tx, w.operator));
      return shown.find((one) => one.recipient === email);
    };
    const clear = () => w.as(w.operator, (tx) => clearFactors(tx, w.operator, s.lead.userId));
    expect(await held()).toMatchObject({ text: "", withheld: true, state: "held" });
    await expect(clear()).rejects.toMatchObject({ code: "glass_needed" });
    // Nor past the use-case.
    expect(
      rowsOf<{ done: boolean }>(
        await w.as(w.operator, (tx) =>
          tx.execute(sql`select auth.clear_factors('operator', ${s.lead.userId}) as done`),
        ),
      ),
    ).toEqual([{ done: false }]);
    const id = await ask();
    await answer(s.lead, id);
    expect(await held()).toMatchObject({ text: "token=geheim", withheld: false });
    await clear();
    await end(w.operator, id);
    expect((await held())?.withheld).toBe(true);
  });
});
