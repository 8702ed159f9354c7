import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alerts, decode, hidden, visibleText } from "./setup/html.ts";
import type { Person } from "./setup/person.ts";
import { type SmallWorld, smallWorld } from "./setup/small-world.ts";
import { visit } from "./setup/visit.ts";

describe("a survey from the first answer to the register", () => {
  let w: SmallWorld;
  let sheet = "";
  beforeAll(async () => {
    w = await smallWorld();
    sheet = `/projects/${w.projectId}/survey/${w.documentId}`;
  });
  afterAll(() => w?.close());

  it("is answered by keys, saves by itself and says so, and is there after a reload; two officers see each other", async () => {
    const mine = await visit(w.people.officer);
    await mine.go(sheet);
    await mine.ready();
    const rows = mine.page.locator("[data-question]");
    expect(await rows.count()).toBeGreaterThan(60);
    const [first, second] = [
      await rows.nth(0).getAttribute("data-question"),
      await rows.nth(1).getAttribute("data-question"),
    ];
    const theirs = await visit(w.people.officer2);
    await theirs.go(sheet);
    await theirs.ready();

    await rows.nth(0).focus();
    await mine.page.keyboard.press("1");
    expect(await mine.page.evaluate(() => document.activeElement?.getAttribute("data-question"))).toBe(second);
    await mine.page.keyboard.press("2");
    await mine.page.keyboard.type("𠮷野泵站尚余三成");
    await mine.page.getByRole("status").filter({ hasText: "已保存" }).first().waitFor({ timeout: 20_000 });
    await mine.page.reload();
    await mine.ready();
    expect(await mine.page.locator(`#q-${first}-compliant`).isChecked()).toBe(true);
    expect(await mine.page.locator(`#note-${second}`).inputValue()).toBe("𠮷野泵站尚余三成");

    await theirs.page.locator(`#note-${second}`).fill("另一位填报人的说明");
    await theirs.page.locator(`[data-question="${second}"]`).press("3");
    const conflict = theirs.page.locator(`[data-question="${second}"]`).getByRole("button");
    await conflict.first().waitFor({ timeout: 20_000 });
    expect(await theirs.text()).toContain("𠮷野泵站尚余三成");
    expect(await theirs.page.locator(`#note-${second}`).inputValue()).toBe("另一位填报人的说明");
    await conflict.last().click();
    await theirs.page.getByRole("status").filter({ hasText: "已保存" }).first().waitFor({ timeout: 20_000 });
    await Promise.all([mine.close(), theirs.close()]);
    expect(visibleText((await w.people.officer.get(sheet)).text)).toContain("另一位填报人的说明");
  });

  it("takes what Word left in a copy, and keeps one answer that cannot be taken at its place, with the others saved", async () => {
    const mine = await visit(w.people.officer);
    await mine.go(sheet);
    await mine.ready();
    const [pasted, bad, good] = [w.controlCodes[10], w.controlCodes[11], w.controlCodes[12]];
    await mine.page.locator(`#note-${pasted}`).fill("copied from Word,\u000bsecond line");
    await mine.page.locator(`#note-${bad}`).fill("a bell\u0007");
    await mine.page.locator(`#note-${good}`).fill("其余照常保存");
    const refused = mine.page.getByRole("alert").filter({ hasText: "1 题未被接受" });
    await refused.waitFor({ timeout: 20_000 });
    expect(await mine.page.locator(`[data-question="${bad}"] .ui-error`).innerText()).toContain("控制字符");
    const stored = async () => visibleText((await w.people.officer.get(sheet)).text);
    expect(await stored()).toContain("其余照常保存");
    expect(await stored()).toContain("copied from Word,\nsecond line");
    expect(await mine.page.locator(`#note-${bad}`).inputValue()).toBe("a bell\u0007");
    for (const code of [pasted, bad, good]) await mine.page.locator(`#q-${code}-compliant`).check();
    await mine.page.locator(`#note-${bad}`).fill("a bell");
    await refused.waitFor({ state: "detached", timeout: 20_000 });
    await mine.page.getByRole("status").filter({ hasText: "已保存" }).first().waitFor({ timeout: 20_000 });
    expect(await stored()).toContain("a bell");
    await mine.close();
  });

  it("is saved question by question without script", async () => {
    const code = w.controlCodes[5] ?? "";
    const answer = await w.people.officer.post(sheet, {
      intent: "cell",
      controlCode: code,
      rev: "0",
      value: "compliant",
      note: "无脚本",
      evidenceRef: "",
    });
    expect(answer.status).toBe(200);
    const stale = await w.people.officer2.post(sheet, {
      intent: "cell",
      controlCode: code,
      rev: "0",
      value: "partial",
      note: "我的一段话",
      evidenceRef: "",
    });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain("我的一段话");
  });

  it("cannot be submitted with gaps or by an officer; then the lead seals it", async () => {
    const before = await w.people.siteLead.get(sheet);
    expect(before.text).toContain('aria-disabled="true"');
    const version = hidden(before.text, "expectedVersion") || "0";
    const early = await w.people.siteLead.post(sheet, { intent: "act", type: "SUBMIT", expectedVersion: version });
    expect([409, 422]).toContain(early.status);
    const { controlCodes } = w;
    const present = (await w.people.officer.get(sheet)).text;
    await w.fillIn(
      controlCodes.filter(
        (code) =>
          Number(
            new RegExp(`name="controlCode" value="${code}"/?><input type="hidden" name="rev" value="(\\d+)"`).exec(
              present,
            )?.[1] ?? "0",
          ) > 0,
      ),
    );
    const officer = await w.people.officer.post(sheet, { intent: "act", type: "SUBMIT", expectedVersion: version });
    expect(officer.status).toBeGreaterThanOrEqual(400);
    // A double click, and the same form again because its answer was lost: sealed once, told alike.
    const key = hidden((await w.people.siteLead.get(sheet)).text, "idempotencyKey");
    const submit = () =>
      w.people.siteLead.post(sheet, { intent: "act", idempotencyKey: key, type: "SUBMIT", expectedVersion: version });
    const answers = [...(await Promise.all([submit(), submit()])), await submit()];
    expect([key, ...answers.map((done) => [done.status, done.status === 200 ? "" : alerts(done.text)])]).toEqual([
      expect.stringMatching(/^[\w-]{36}$/),
      [200, ""],
      [200, ""],
      [200, ""],
    ]);
    // Drawn anew, the page has another key: the same content is another act there, and comes too late.
    const anew = await w.people.siteLead.post(sheet, {
      intent: "act",
      idempotencyKey: hidden((await w.people.siteLead.get(sheet)).text, "idempotencyKey") || "another-page-s-key",
      type: "SUBMIT",
      expectedVersion: version,
    });
    expect(anew.status).toBe(409);
    expect((await w.people.officer.get(sheet)).text).not.toContain('name="controlCode"');
  });

  it("comes back question by question; the reason stands beside the answer", async () => {
    const review = await w.people.regulator.get(sheet);
    let version = hidden(review.text, "expectedVersion");
    const start = await w.people.regulator.post(sheet, {
      intent: "act",
      type: "START_REVIEW",
      expectedVersion: version,
    });
    if (start.status === 200) version = hidden((await w.people.regulator.get(sheet)).text, "expectedVersion");
    const part = w.controlCodes[3] ?? "";
    const none = await w.people.regulator.post(sheet, { intent: "act", type: "RETURN", expectedVersion: version });
    expect([409, 422]).toContain(none.status);
    const returned = await w.people.regulator.post(sheet, {
      intent: "act",
      type: "RETURN",
      expectedVersion: version,
      "parts[0].part": part,
      "parts[0].reason": "请补充<b>现行</b>版本 𪚥",
    });
    expect(returned.status).toBe(200);
    // The second regulator acts on what they still see, and is told what happened meanwhile.
    const late = await w.people.regulator2.post(sheet, { intent: "act", type: "APPROVE", expectedVersion: version });
    expect(late.status).toBe(409);
    expect(visibleText(late.text)).toContain("regulator");
    const back = (await w.people.officer.get(sheet)).text;
    const article = back.slice(
      back.indexOf(`id="control-${part}"`),
      back.indexOf("</article>", back.indexOf(`id="control-${part}"`)),
    );
    expect(decode(article)).toContain("请补充<b>现行</b>版本 𪚥");
    expect(article).not.toContain("<b>现行");
    expect(visibleText((await w.people.officer.get("/tasks")).text)).toContain("泵站监控");
    // They are told by a notice as well, with the reason, until they have read it.
    const notices = await w.people.officer.get("/notices?view=unread");
    expect(visibleText(notices.text)).toContain("已退回");
    expect(decode(notices.text)).toContain("请补充<b>现行</b>版本 𪚥");
    expect(notices.text).not.toContain("<b>现行");
    const read = await w.people.officer.post("/notices", { intent: "readAll" });
    expect(read.status).toBe(200);
    expect(visibleText((await w.people.officer.get("/notices?view=unread")).text)).toContain("没有未读的通知");
    // Whose response is with them is reminded of it by the office.
    const survey = sheet.slice(0, sheet.lastIndexOf("/"));
    const reminded = await w.people.regulator.post(survey, { intent: "remind" });
    expect(visibleText(reminded.text)).toMatch(/已催报 \d+ 份/);
    expect(visibleText((await w.people.officer.get("/notices?view=unread")).text)).toContain("催报：报送期限");
  });

  it("is mended, submitted again and approved; a regulator sees none of the work in between", async () => {
    const part = w.controlCodes[3] ?? "";
    const rev =
      new RegExp(`name="controlCode" value="${part}"/?><input type="hidden" name="rev" value="(\\d+)"`).exec(
        (await w.people.officer.get(sheet)).text,
      )?.[1] ?? "";
    await w.people.officer.post(sheet, {
      intent: "cell",
      controlCode: part,
      rev,
      value: "compliant",
      note: "秘密草稿",
      evidenceRef: "制度文件（现行）",
    });
    expect((await w.people.regulator.get(sheet)).text).not.toContain("秘密草稿");
    const version = hidden((await w.people.siteLead.get(sheet)).text, "expectedVersion");
    const page = (await w.people.siteLead.get(sheet)).text;
    const type = page.includes('value="RESUBMIT"') ? "RESUBMIT" : "SUBMIT";
    expect((await w.people.siteLead.post(sheet, { intent: "act", type, expectedVersion: version })).status).toBe(200);
    let now = hidden((await w.people.regulator.get(sheet)).text, "expectedVersion");
    if (
      (await w.people.regulator.post(sheet, { intent: "act", type: "START_REVIEW", expectedVersion: now })).status ===
      200
    )
      now = hidden((await w.people.regulator.get(sheet)).text, "expectedVersion");
    expect(
      (await w.people.regulator.post(sheet, { intent: "act", type: "APPROVE", expectedVersion: now })).status,
    ).toBe(200);
  });

  it("becomes a register: built, edited, owned; the report is not approved before it is whole", async () => {
    const page = `/projects/${w.projectId}`;
    const act = async (person: Person, type: string, more: Record<string, string> = {}) =>
      person.post(`${page}?index`, {
        intent: "act",
        type,
        expectedVersion: hidden((await person.get(page)).text, "expectedVersion"),
        ...more,
      });
    expect((await act(w.people.regulator, "START_CLOSING")).status).toBeLessThan(400);
    expect((await act(w.people.lead, "CLOSE_SURVEY")).status).toBeLessThan(400);
    const risks = `${page}/risk-report`;
    const built = await w.people.regulator.post(risks, { intent: "build" });
    expect(built.status).toBe(200);
    const register = (await w.people.regulator.get(risks)).text;
    const ids = [
      ...new Set([...register.matchAll(/name="riskIds"[^>]*value="([0-9a-f-]{36})"/g)].map((found) => found[1] ?? "")),
    ];
    expect(ids.length).toBeGreaterThan(0);
    const owner = "王𠮷 <script>alert(1)</script>";
    expect(
      (
        await w.people.regulator.post(risks, [
          ["intent", "confirm"],
          ...ids.slice(0, 3).map((id) => ["riskIds", id] as const),
        ])
      ).status,
    ).toBe(200);
    expect(
      (
        await w.people.regulator.post(risks, [
          ["intent", "owner"],
          ["owner", owner],
          ...ids.slice(0, 3).map((id) => ["riskIds", id] as const),
        ])
      ).status,
    ).toBe(200);
    const owned = (await w.people.regulator.get(risks)).text;
    expect(decode(owned)).toContain(owner);
    expect(owned).not.toContain("<script>alert(1)");
    const change = {
      intent: "update",
      riskId: ids[0] ?? "",
      owner: "李",
      treatment: "",
      threat: "3",
      vulnerability: "3",
      note: "两人同时修改",
    };
    // Confirmed and owned since it was built: what was read before that is stale.
    const stale = await w.people.regulator2.post(`${risks}?open=${ids[0]}`, { ...change, rev: "1" });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain("两人同时修改");
    // Somebody of the site may look, not write; the national office sees nothing of a draft.
    expect((await w.people.officer.post(risks, { intent: "build" })).status).toBe(403);
    await w.people.regulator.post(risks, { intent: "texts" });
    const report = await w.people.lead.get(`${risks}?view=report`);
    expect(report.status).toBe(200);
    for (const type of ["SUBMIT", "APPROVE"]) {
      const refused = await w.people.lead.post(`${risks}?view=report`, {
        intent: "act",
        type,
        expectedVersion: hidden(report.text, "expectedVersion") || "0",
      });
      expect([type, refused.status >= 400 && refused.status < 500]).toEqual([type, true]);
      expect(alerts(refused.text).length).toBeGreaterThan(10);
    }
  });
});
