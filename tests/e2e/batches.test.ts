import { afterAll, describe, expect, it } from "vitest";
import { act, offered, pilotsOf, projectOf, sit } from "./setup/acts.ts";
import { hidden } from "./setup/html.ts";
import { signIn } from "./setup/person.ts";
import type { Visit } from "./setup/visit.ts";

const saved = (v: Visit, text: string) =>
  v.page.getByRole("status").filter({ hasText: text }).first().waitFor({ timeout: 20_000 });

describe("a progress report, from the first figure to approval", () => {
  const at = { report: "", pilot: "" };
  const opened: Visit[] = [];
  const on = async (name: string) => {
    const v = await sit(name, at.report);
    opened.push(v);
    return v;
  };
  afterAll(() => Promise.all(opened.map((v) => v.close())));

  it("the officer begins it and fills in figures; a word for a figure is refused beside its field; the officer hands nothing in", async () => {
    [at.pilot = ""] = await pilotsOf("ten.s3.officer");
    const v = await sit("ten.s3.officer", at.pilot);
    // August is not over, so there is no report of it yet; the closing one may be begun at any time.
    expect(await v.page.getByRole("button", { name: "填写 2014-08 进展" }).count()).toBe(0);
    await v.page.getByRole("button", { name: "填写总结报告" }).click();
    await v.page.waitForURL(/\?report=/);
    at.report = new URL(v.page.url()).pathname + new URL(v.page.url()).search;
    const figures = v.page.locator("#report input[name^='values.']");
    await figures.first().waitFor();
    const n = await figures.count();
    expect(n).toBeGreaterThan(2);
    for (let i = 0; i < n; i += 1) await figures.nth(i).fill(String(10 + i));
    await v.page.locator("#report [name=text]").fill("本月进展 𠮷");
    await figures.nth(0).fill("十二");
    v.expectStatus(422);
    await v.page.getByRole("button", { name: "保存草稿" }).click();
    await v.page.locator("#report [aria-invalid=true]").waitFor();
    expect(await figures.nth(0).inputValue()).toBe("十二");
    await figures.nth(0).fill("12.5");
    await v.page.getByRole("button", { name: "保存草稿" }).click();
    await saved(v, "已保存");
    // Figures far from the ones before ask for a word each.
    const words = v.page.locator("#report [name^='explanations.']");
    await words.first().waitFor();
    for (let i = 0, asked = await words.count(); i < asked; i += 1) await words.nth(i).fill("已现场核对");
    await v.page.getByRole("button", { name: "保存草稿" }).click();
    await saved(v, "已保存");
    expect(await offered(v.page, "提交审核")).not.toBe("yes");
    await v.go(at.report);
    expect([await figures.nth(0).inputValue(), await v.page.locator("#report [name=text]").inputValue()]).toEqual([
      "12.5",
      "本月进展 𠮷",
    ]);
    await v.close();
  });

  it("nobody of the sector reads it before its lead hands it in", async () => {
    expect((await (await signIn("ten.regulator")).get(at.report)).text).not.toContain("本月进展");
    const lead = await on("ten.s3.lead");
    await act(lead.page, "提交审核");
    const read = (await (await signIn("ten.regulator")).get(at.report)).text;
    expect(read).toContain("本月进展 𠮷");
    expect(read).toContain("12.5");
    expect((await (await signIn("psf.regulator")).get(at.report)).status).toBe(404);
  });

  it("the regulator returns it part by part, not without a reason; it is mended, handed in again and approved", async () => {
    const regulator = await on("ten.regulator");
    regulator.expectStatus(422).expectStatus(409);
    await regulator.page.locator("#report").getByRole("button", { name: "更多操作" }).click();
    await regulator.page.locator("#report").getByRole("button", { name: "退回修改", exact: true }).click();
    const question = regulator.page.locator("dialog[open]");
    await question.getByRole("button", { name: "退回修改", exact: true }).click();
    await regulator.page.locator("#report [role=alert]").first().waitFor();
    await regulator.go(at.report);
    await regulator.ready();
    await act(regulator.page, "退回修改", (asked) => asked.getByLabel("指标值").fill("首项指标与台账不符"));

    const officer = await on("ten.s3.officer");
    expect(await officer.text()).toContain("首项指标与台账不符");
    // A figure that cannot be read holds back itself alone: what was written beside it is saved.
    officer.expectStatus(422);
    await officer.page.locator("#report input[name^='values.']").first().fill("1,2345");
    await officer.page.locator("#report [name=problems]").fill("备件到货晚 𠮷");
    await officer.page.locator("#report .ui-error").first().waitFor();
    const again = await signIn("ten.s3.officer");
    const kept = async () => (await again.get(at.report)).text;
    await expect.poll(async () => (await kept()).includes("备件到货晚 𠮷"), { timeout: 15_000 }).toBe(true);
    expect(await kept()).not.toContain("1,2345");
    expect(await officer.page.locator("#report input[name^='values.']").first().inputValue()).toBe("1,2345");
    await officer.page.locator("#report input[name^='values.']").first().fill("13.25");
    await officer.page.getByRole("button", { name: "保存草稿" }).click();
    await saved(officer, "已保存");
    // Saved by hand and by itself: neither takes the other for somebody else.
    await officer.page.locator("#report [name=next]").fill("下月完成");
    await saved(officer, "有未保存");
    await saved(officer, "已保存");
    await officer.page.locator("#report [name=next]").fill("下月中旬完成");
    await officer.page.getByRole("button", { name: "保存草稿" }).click();
    await saved(officer, "已保存");
    expect((await (await signIn("ten.regulator")).get(at.report)).text).not.toContain("13.25");

    const lead = await on("ten.s3.lead");
    await act(lead.page, "重新提交");
    await regulator.go(at.report);
    await regulator.ready();
    expect(await regulator.page.locator("#report").innerText()).toContain("13.25");
    await act(regulator.page, "批准并封存");
    await regulator.page.locator("#report").getByText("已批准").first().waitFor();
    expect((await (await signIn("ten.regulator")).get(at.pilot)).text).toContain("13.25");
  });
});

describe("between the batches: the learning gate, then blind scoring", () => {
  const at = { project: "", pilot: "" };

  it("a lesson that was written wrongly is put right by whoever read it as it is; what was typed stays", async () => {
    at.project = await projectOf("psf.lead");
    const [one, other] = await Promise.all(
      ["psf.regulator", "psf.regulator2"].map((n) => sit(n, `${at.project}/batches/1`)),
    );
    const lesson = (v: Visit | undefined) => {
      const row = v?.page.locator("#lessons tbody tr").first();
      if (!v || !row) throw new Error("nobody is there");
      return { v, row, text: row.getByLabel("内容"), save: row.getByRole("button", { name: "更正", exact: true }) };
    };
    const [first, second] = [lesson(one), lesson(other)];
    for (const { row } of [first, second]) await row.locator("summary").click();
    first.v.expectStatus(422);
    second.v.expectStatus(409);
    await first.text.fill("");
    await first.save.click();
    await first.row.locator(".ui-error").first().waitFor();
    await first.text.fill("送修前先擦除 𠮷");
    await first.save.click();
    await expect.poll(() => first.row.innerText()).toContain("送修前先擦除 𠮷");
    await second.text.fill("同时改的");
    await second.save.click();
    await second.v.page.getByRole("alert").filter({ hasText: "同一内容已被修改" }).first().waitFor();
    expect(await second.text.inputValue()).toBe("同时改的");
    await Promise.all([first.v.close(), second.v.close()]);
  });

  it("batch two opens when each lesson is adopted, adapted or refused with a reason", async () => {
    const v = await sit("psf.lead", `${at.project}/batches/1`);
    await act(v.page, "批准并封存");
    await act(v.page, "结束本批试点");
    await v.go(`${at.project}/batches/2`);
    await v.ready();
    expect([
      await offered(v.page, "完成经验吸收"),
      await v.page.getByRole("button", { name: "按方案提名试点" }).count(),
    ]).toEqual(["no", 0]);

    const director = await signIn("director");
    const programmeId = hidden((await director.get("/national")).text, "programmeId");
    // What could be handed on is not said to be none; handed on, the gate waits for the decisions alone.
    expect((await director.post("/national", { intent: "noLessons", programmeId, reason: "无" })).status).toBe(409);
    expect((await director.post("/national", { intent: "passLessons", programmeId })).status).toBe(200);
    await v.go(`${at.project}/batches/2`);
    await v.ready();
    v.expectStatus(422);
    const boxes = v.page.locator("#lessons input[type=checkbox]");
    const count = await boxes.count();
    expect(count).toBeGreaterThanOrEqual(3);
    const form = v.page.locator("#decide-lessons");
    const decide = () => form.getByRole("button", { name: "作出决定", exact: true }).click();
    // Adopted with nothing that takes it up: what was typed stays, and so does what was chosen.
    await boxes.first().check();
    await form.getByLabel("采纳", { exact: true }).check();
    await form.getByLabel("理由").fill("理由 𠮷");
    await decide();
    await form.getByText("采纳的经验须指明由哪项措施、指标或条款落实").first().waitFor();
    expect(await offered(v.page, "完成经验吸收")).toBe("no");
    expect([await form.getByLabel("理由").inputValue(), await boxes.first().isChecked()]).toEqual(["理由 𠮷", true]);
    await form.getByLabel("由什么落实").selectOption({ label: "规范条款" });
    await form.getByLabel("条款标题").fill("送修前的存储擦除");
    await decide();
    await v.page.getByText("规范条款：送修前的存储擦除").waitFor();
    // The others together, in one act.
    for (let n = 0; n < count; n += 1) {
      const row = v.page.locator("#lessons tbody tr").nth(n);
      if ((await row.getByText("未定").count()) > 0) await row.locator("input").check();
    }
    await form.getByLabel("不采纳", { exact: true }).check();
    await form.getByLabel("理由").fill("不适用 𠮷");
    await decide();
    await saved(v, `已决定 ${count - 1} 条`);
    await act(v.page, "完成经验吸收");
    await v.go(`${at.project}/batches/2`);
    await v.ready();
    // Months before the window opens nobody is nominated, and the page says when; the office opens it sooner.
    await v.page.getByText("2014-11-01").first().waitFor();
    expect(await v.page.getByRole("button", { name: "按方案提名试点" }).count()).toBe(0);
    const batch = { programmeId, no: "2" };
    const days = { opensOn: "2014-08-01", closesOn: "2015-02-28" };
    for (const form of [
      { intent: "planBatch", ...days },
      { intent: "batchStatus", status: "open" },
    ])
      expect((await director.post("/national", { ...batch, ...form })).status).toBe(200);
    await v.page.reload();
    await v.ready();
    await v.page.getByRole("button", { name: "按方案提名试点" }).click();
    await saved(v, "已提名");
    await v.close();
  });

  it("the applicant states its nomination, the lead names the panel, and each member declares before they score", async () => {
    [at.pilot = ""] = await pilotsOf("psf.regulator", "?batch=2");
    const screener = await sit("psf.regulator", at.pilot);
    // Nothing is stated yet, and nobody is named to score.
    expect(await offered(screener.page, "开始形式审查")).toBe("no");
    const sites = ["s1", "s2", "s3", "s4", "s5", "s6"].map((site) => `psf.${site}.officer`);
    const mine = await Promise.all(
      sites.map(async (name) => ((await (await signIn(name)).get(at.pilot)).status === 200 ? name : "")),
    );
    const officer = await sit(mine.find(Boolean) ?? "", at.pilot);
    const form = officer.page.locator("#nomination");
    await form.getByLabel("联合单位").fill("甲\n乙\n丙");
    await form.getByLabel("系统建成并投入使用的日期").fill("2011-05-01");
    await form.getByLabel("本单位对所填内容负责").check();
    await form.getByRole("button", { name: "保存申报信息" }).click();
    await saved(officer, "申报信息已保存");
    await screener.go(at.pilot);
    await screener.ready();
    await act(screener.page, "开始形式审查");
    await screener.go(at.pilot);
    await screener.ready();
    // Three partners are one too many, and no panel is there: both are said, and it does not pass.
    expect(await offered(screener.page, "形式审查通过")).toBe("no");
    expect(await screener.page.locator("#nomination").innerText()).toMatch(/联合单位/);
    await act(screener.page, "退回申报材料", (asked) => asked.locator("textarea").fill("联合单位最多两个"));
    await officer.go(at.pilot);
    await officer.ready();
    // Open in two windows: the one that was read before the other was saved overwrites nothing, and loses nothing.
    const late = await sit(mine.find(Boolean) ?? "", at.pilot);
    await form.getByLabel("联合单位").fill("甲");
    await form.getByRole("button", { name: "保存申报信息" }).click();
    await saved(officer, "申报信息已保存");
    late.expectStatus(409);
    await late.page.locator("#nomination").getByLabel("联合单位").fill("乙");
    await late.page.getByRole("button", { name: "保存申报信息" }).click();
    await late.page.getByRole("alert").filter({ hasText: "同一内容已被修改" }).first().waitFor();
    expect(await late.page.locator("#nomination").getByLabel("联合单位").inputValue()).toBe("乙");
    expect(await late.page.locator("#nomination").innerText()).toMatch(/现已保存的内容\s+联合单位\s+甲/);
    await late.close();

    const lead = await sit("psf.lead", `${at.project}/batches/2`);
    const panel = lead.page.locator("#panel");
    for (let n = 0; n < 3; n += 1) {
      const office = panel.locator("select[name=membershipId] option").filter({ hasNotText: "外部专家" }).first();
      await panel.locator("select[name=membershipId]").selectOption(await office.getAttribute("value"));
      await panel.getByRole("button", { name: "加入评审组" }).click();
      await lead.page.waitForFunction((rows) => document.querySelectorAll("#panel tbody tr").length === rows, n + 1);
    }
    for (const name of ["psf.lead", "psf.regulator", "psf.regulator2"]) {
      const member = await sit(name, `${at.project}/batches/2`);
      await member.page.locator("#panel").getByRole("button", { name: "申报并开始评分" }).click();
      await saved(member, "已申报");
      await member.close();
    }
    await Promise.all([screener.close(), officer.close(), lead.close()]);
  });

  it("a scorer sees their own sheet; who recuses themselves is out for good; the lead sees figures when two have handed in", async () => {
    const first = await sit("psf.regulator", at.pilot);
    await act(first.page, "开始形式审查");
    await act(first.page, "形式审查通过");
    const sheet = (v: Visit) => v.page.locator("#score input[name^='points.']");
    const hand = async (v: Visit, points: string, comment: string) => {
      await sheet(v).first().waitFor();
      const n = await sheet(v).count();
      expect(n).toBeGreaterThan(2);
      for (let i = 0; i < n; i += 1) await sheet(v).nth(i).fill(points);
      await v.page.locator("#score [name=comment]").fill(comment);
      await v.page.getByRole("button", { name: "提交评分" }).click();
      await saved(v, `得分 ${points}.00`);
    };
    await hand(first, "81", "只有我知道");

    const second = await sit("psf.regulator2", at.pilot);
    expect(await second.text()).not.toMatch(/81\.00|只有我知道/);
    await second.page.getByRole("button", { name: "申请回避", exact: true }).click();
    const question = second.page.locator("dialog[open]");
    await question.getByLabel("回避理由").fill("近亲属在该单位任职");
    await question.getByRole("button", { name: "申请回避", exact: true }).click();
    await saved(second, "已回避");
    await sheet(second).first().waitFor({ state: "detached" });
    const late = await (await signIn("psf.regulator2")).post(at.pilot, {
      intent: "score",
      "points.security": "1",
      comment: "",
    });
    expect(late.status).toBeGreaterThanOrEqual(409);

    const lead = await sit("psf.lead", at.pilot);
    expect(await lead.text()).toContain("交齐后可见");
    expect(await lead.text()).not.toMatch(/81\.00|只有我知道/);
    expect(await offered(lead.page, "结束评分并公示")).toBe("no");
    await lead.go(at.pilot);
    await lead.ready();
    await hand(lead, "61", "");
    await lead.go(at.pilot);
    await lead.ready();
    expect(await lead.text()).toContain("平均得分 71.00");
    expect(await lead.text()).toContain("只有我知道");
    expect(await second.page.goto(second.page.url()).then(() => second.text())).not.toMatch(/81\.00|61\.00|只有我知道/);
    await act(lead.page, "结束评分并公示");
    expect(
      (await (await signIn("psf.regulator")).post(at.pilot, { intent: "score", "points.security": "1", comment: "" }))
        .status,
    ).toBeGreaterThanOrEqual(409);
    await Promise.all([first.close(), second.close(), lead.close()]);
  });
});
