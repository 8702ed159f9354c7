import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { buttonOf, offered, projectOf, sit } from "./setup/acts.ts";
import { visibleText } from "./setup/html.ts";
import { product, signIn } from "./setup/person.ts";
import { axe, overflow, visit } from "./setup/visit.ts";

/* One approved report of the demonstration: changed, marked, handed in and approved anew, and what its digests tell to whom. */

const sector = "wsf";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const digestOf = async (path: string): Promise<string> => {
  const page = await (await signIn(`${sector}.lead`)).get(path);
  return /\/verify\/([0-9a-f]{64})/.exec(page.text)?.[1] ?? expect.fail(`no digest on ${path}`);
};

/** Presses an act of the report, answers yes where it asks, and waits until the page says that it is done. */
async function press(page: Page, label: string): Promise<void> {
  const button = (await buttonOf(page, label)) ?? expect.fail(`no «${label}»`);
  const asks = (await button.getAttribute("aria-haspopup")) === "dialog";
  await button.click();
  if (asks) await page.locator("dialog[open]").getByRole("button", { name: label, exact: true }).click();
  await page.getByText(`已${label}，当前状态`).first().waitFor();
}

describe("an approved risk report", () => {
  let report = "";
  let first = "";
  let second = "";

  it("is marked with its difference once a line of the register changes, and asks for a new approval", async () => {
    const project = await projectOf(`${sector}.regulator`);
    report = `${project}/risk-report?view=report`;
    first = await digestOf(report);
    const v = await sit(`${sector}.regulator`, report);
    expect(await offered(v.page, "重新提交")).toBe("no");
    await v.go(`${project}/risk-report?view=register&status=confirmed`);
    await v.page.locator('a[href*="open="]').first().click();
    await v.page.locator("form:has(textarea[name=note]) [name=owner]").fill("运行处 周某");
    await v.page.locator("button[value=update]").click();
    await v.page.getByText("已保存").first().waitFor();
    await v.go(report);
    await v.ready();
    const text = await v.text();
    expect(text).toContain("需要重新批准");
    expect(text).toMatch(/R-\d{4} · 责任人/);
    expect([await overflow(v.page), await axe(v.page)]).toEqual([[], []]);
    await v.resize(390);
    expect(await overflow(v.page)).toEqual([]);
    await v.resize(1440);
    await press(v.page, "重新提交");
    await v.close();
  });

  it("is read by its lead against what was approved, and approved anew", async () => {
    const v = await sit(`${sector}.lead`, report);
    expect(await v.text()).toContain("与批准的内容不同之处");
    await press(v.page, "批准并封存");
    await v.close();
    second = await digestOf(report);
    expect(second).not.toBe(first);
    expect(visibleText((await (await signIn(`${sector}.regulator`)).get(report)).text)).not.toContain("需要重新批准");
  });

  it("a stranger learns of what kind a digest is and since when, and nothing that a wall protects", async () => {
    const v = await visit(null);
    await v.go(`/verify/${second}`);
    const text = await v.text();
    expect(text).toMatch(/风险评估报告，封存于 \d{4}-\d\d-\d\d/);
    expect(text).not.toMatch(/运行处|领域|试点办公室|负责人/);
    await v.go(`/verify/${"0".repeat(64)}`);
    expect(await v.text()).toContain("系统中没有与此摘要相符的内容");
    // No digest: led to the form with what was typed, so that no such address seems to hold a file.
    expect((await fetch(`${product().url}/verify/${"0".repeat(64)}.bak`, { redirect: "manual" })).status).toBe(302);
    await v.go("/verify/abc");
    expect(await v.text()).toContain("摘要应为 64 位十六进制数字");
    await v.close();
    for (const name of ["ten.lead", "assessor1", "operator"])
      expect(visibleText((await (await signIn(name)).get(`/verify/${second}`)).text), name).not.toMatch(
        /所属|提交审核|与摘要一致|运行处/,
      );
  });

  it("its sector reads the whole course, takes the content out, and the browser finds it by the file", async () => {
    const lead = await signIn(`${sector}.lead`);
    const course = visibleText((await lead.get(`/verify/${second}`)).text);
    for (const part of [
      "这是现行有效的批准内容",
      "封存经过",
      "批准并封存",
      `上一摘要 ${first.slice(0, 12)}`,
      "与摘要一致",
      "审计记录与收录证明",
    ])
      expect(course).toContain(part);
    expect(visibleText((await lead.get(`/verify/${first}`)).text)).toContain("这是较早的封存内容");
    const content = await lead.fetch(`/verify/${second}/content.json`);
    expect([content.status, sha256(content.text)]).toEqual([200, second]);
    expect((await (await signIn("ten.lead")).fetch(`/verify/${second}/content.json`)).status).toBe(404);
    const v = await visit(lead);
    await v.go("/verify");
    // Laid out otherwise and in another order: canonical JSON is the same.
    const turned = JSON.stringify(
      Object.fromEntries(Object.entries(JSON.parse(content.text) as object).toReversed()),
      null,
      2,
    );
    await v.page
      .locator("#file")
      .setInputFiles({ name: "report.json", mimeType: "application/json", buffer: Buffer.from(turned) });
    await v.page.waitForURL(`**/verify?sha256=${second}`);
    expect(await v.text()).toContain("这是现行有效的批准内容");
    expect([await overflow(v.page), await axe(v.page)]).toEqual([[], []]);
    await v.resize(390);
    expect(await overflow(v.page)).toEqual([]);
    await v.close();
  });
});
