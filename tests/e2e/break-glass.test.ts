import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { visibleText } from "./setup/html.ts";
import { type Person, product, signIn, signInAnew } from "./setup/person.ts";
import { axe, overflow, visit } from "./setup/visit.ts";

/** One sector's story, told on the pages: an operator asks, its lead lets them in, everybody sees it, and it ends. */

let sql: postgres.Sql;
let people: Record<"operator" | "lead" | "officer" | "regulator" | "auditor" | "stranger", Person>;
let tenantId = "";
const reason = "客户报告报表打不开，需要核对报送件的状态 <b>";

beforeAll(async () => {
  // Past the walls: the trail is read as it stands.
  const { port, superuser } = JSON.parse(readFileSync(join(product().dataDir, "postgres.json"), "utf8")) as {
    port: number;
    superuser: string;
  };
  sql = postgres({
    host: "127.0.0.1",
    port,
    user: "postgres",
    password: superuser,
    database: "anshi",
    max: 1,
    onnotice: () => undefined,
  });
  const [operator, lead, officer, regulator, auditor, stranger] = await Promise.all(
    ["operator", "ten.lead", "ten.s1.officer", "ten.regulator", "ten.auditor", "psf.lead"].map(signIn),
  );
  if (!operator || !lead || !officer || !regulator || !auditor || !stranger) throw new Error("nobody");
  people = { operator, lead, officer, regulator, auditor, stranger };
  const [tenant] = await sql<{ id: string }[]>`select id from tenants where code = 'TEN'`;
  tenantId = tenant?.id ?? "";
});
afterAll(() => sql?.end());

const ask = () => people.operator.post("/break-glass", { intent: "ask", tenantId, reason, minutes: "60" });
const idIn = (html: string): string => /name="accessId" value="([0-9a-f-]{36})"/.exec(html)?.[1] ?? "";
const post = (who: Person, intent: string, accessId: string) => who.post("/break-glass", { intent, accessId });
const banner = "平台运维人员";

describe("break-glass", () => {
  it("is asked with a reason, waits with the lead as a task, and opens nothing before their word", async () => {
    const short = await people.operator.post("/break-glass", {
      intent: "ask",
      tenantId,
      reason: "看看",
      minutes: "60",
    });
    expect([short.status, visibleText(short.text)]).toEqual([422, expect.stringContaining("请用至少 20 个字说明")]);
    expect(short.text).toContain(">看看</textarea>");
    expect((await ask()).status).toBe(200);
    expect(visibleText((await ask()).text)).toContain("已有待答复或进行中的申请");
    expect(visibleText((await people.lead.get("/tasks")).text)).toContain("答复运维人员的访问申请");
    const id = idIn((await people.lead.get("/break-glass")).text);
    expect(id).not.toBe("");
    expect(visibleText((await people.operator.get(`/break-glass/${id}?table=sites`)).text)).not.toContain("的数据");
    // Others of the tenant read of it, and have nothing to answer; another sector does not hear of it.
    for (const who of [people.officer, people.regulator, people.auditor])
      expect((await post(who, "consent", id)).status).toBe(403);
    expect((await post(people.stranger, "consent", id)).status).toBe(404);
    expect((await people.stranger.get("/break-glass")).text).not.toContain(id);
    for (const who of [people.stranger, people.lead]) expect((await who.get(`/break-glass/${id}`)).status).toBe(403);
    expect(await post(people.operator, "end", id)).toMatchObject({ status: 302 });
  });

  it("asks for a proof of who sits there before asking and before consenting", async () => {
    for (const [name, fields] of [
      ["operator", { intent: "ask", tenantId, reason, minutes: "60" }],
      ["ten.lead", { intent: "consent", accessId: "01a00000-0000-7000-8000-000000000000" }],
    ] as const) {
      const person = await signInAnew(name);
      const secret = person.cookies().find((c) => c.name === "anshi_session")?.value ?? "";
      await sql`update auth.sessions set proved_at = now() - interval '11 minutes' where digest = sha256(convert_to(${secret}, 'UTF8'))`;
      expect((await person.post("/break-glass", fields)).headers.get("location")).toMatch(/^\/step-up\?form=/);
    }
  });

  it("once the lead consents, is shown on every page of the tenant; each row read stands in its trail; the lead ends it", async () => {
    await ask();
    const v = await visit(people.lead, { width: 1440 });
    await v.go("/break-glass");
    await v.ready();
    await v.page.getByRole("button", { name: "同意" }).click();
    await v.page.getByRole("dialog").getByText("不能修改").waitFor();
    await v.page.getByRole("dialog").getByRole("button", { name: "同意" }).click();
    await v.page.getByText("访问已开放").waitFor();
    expect([await overflow(v.page), await axe(v.page)]).toEqual([[], []]);
    const id = /name="accessId" value="([0-9a-f-]{36})"/.exec((await people.lead.get("/break-glass")).text)?.[1] ?? "";
    for (const who of [people.officer, people.regulator, people.auditor])
      expect(visibleText((await who.get("/")).text)).toContain(banner);
    for (const who of [people.stranger, people.operator])
      expect(visibleText((await who.get("/")).text)).not.toContain(banner);

    const page = visibleText((await people.operator.get(`/break-glass/${id}?table=sites`)).text);
    const noted = await sql<
      { object_id: string }[]
    >`select object_id from audit_entries where act = 'break_glass_read' and details->>'access' = ${id} and tenant_id = ${tenantId}`;
    expect(noted.length).toBeGreaterThan(3);
    expect(noted.filter((entry) => !page.includes(entry.object_id))).toEqual([]);
    expect(visibleText((await people.auditor.get("/audit?act=break_glass_read")).text)).toContain("应急访问");
    // The operator's own pages of the tenant's work stay shut.
    for (const path of ["/pilots", "/projects"]) expect((await people.operator.get(path)).status).toBe(403);

    await v.go("/");
    await v.page.getByRole("button", { name: "立即结束" }).click();
    await v.page.getByText("访问已结束").waitFor();
    await v.close();
    const after = await people.operator.get(`/break-glass/${id}?table=sites`);
    expect(visibleText(after.text)).not.toContain(noted[0]?.object_id);
    expect(visibleText((await people.officer.get("/")).text)).not.toContain(banner);
  });

  it("ends by itself, and its reader is told", async () => {
    await ask();
    const id = idIn((await people.lead.get("/break-glass")).text);
    await post(people.lead, "consent", id);
    expect(visibleText((await people.officer.get("/")).text)).toContain(banner);
    await sql`update break_glass set ends_at = now() - interval '1 second' where id = ${id}`;
    expect(visibleText((await people.operator.get(`/break-glass/${id}?table=sites`)).text)).toContain(
      "提出申请并经负责人同意后",
    );
    expect(visibleText((await people.officer.get("/")).text)).not.toContain(banner);
  });
});
