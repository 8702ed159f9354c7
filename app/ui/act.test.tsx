import { describe, expect, it } from "vitest";
import { renderKit, textOf } from "#tests/ui/render.tsx";
import { type Act, ActButton, ActMenu, DisabledAct } from "./act.tsx";
import { ConfirmDialog } from "./confirm.tsx";

describe("an act that cannot be done", () => {
  const html = renderKit(<DisabledAct reasons={["还有 3 项高风险没有措施"]}>提交审核</DisabledAct>);
  it("can be reached and pressed: aria-disabled, not disabled", () => {
    expect(html).toMatch(/<button type="button" aria-disabled="true"/);
    expect(html).not.toMatch(/<button[^>]* disabled/);
  });
  it("tells its reasons to eye and ear, without script", () => {
    const described = /aria-describedby="([^"]+)"/.exec(html)?.[1];
    const opened = /popovertarget="([^"]+)"/.exec(html)?.[1];
    expect(html).toContain(`id="${described}"`);
    expect(html).toMatch(new RegExp(`id="${opened}"[^>]*popover="auto"`));
    expect(textOf(html)).toContain("还有 3 项高风险没有措施");
  });
});

describe("Act", () => {
  const post: Act = { key: "s", label: "保存", post: { intent: "save", version: 3 } };
  it("posts a form whose button carries the intent, so that it works without script", () => {
    const html = renderKit(<ActButton act={post} />);
    expect(html).toMatch(/<form method="post"/);
    expect(html).toMatch(/<input type="hidden" name="version" value="3"/);
    expect(html).toMatch(/<button[^>]*name="intent"[^>]*value="save"/);
  });
  it("is disabled by any reason, whatever it would do", () => {
    expect(renderKit(<ActButton act={{ ...post, reasons: ["未到时间"] }} />)).not.toContain("<form");
    expect(renderKit(<ActButton act={{ key: "l", label: "下载", to: "/x", reasons: ["尚未生成"] }} />)).not.toContain(
      "href",
    );
  });
  it("stands alone when it is the main one, the rest behind a named button", () => {
    const html = renderKit(
      <ActMenu main={post} rest={[{ key: "x", label: "打印", to: "/print" }]} label="更多：试点 A" />,
    );
    expect(html).toContain("ui-btn-main");
    expect(html).toMatch(/<button[^>]*aria-label="更多：试点 A"[^>]*popovertarget=/);
    expect(renderKit(<ActMenu main={null} rest={[]} />)).toBe("");
  });
});

describe("ConfirmDialog", () => {
  const html = renderKit(
    <ConfirmDialog
      label="提交审核"
      title="提交后内容将被封存"
      seals={["报告正文的摘要"]}
      fields={{ intent: "submit", id: "7" }}
    />,
  );
  it("says in words what is fixed for ever", () => {
    expect(textOf(html)).toMatch(/确认后，以下内容不可再更改： 报告正文的摘要/);
  });
  it("opens without script and posts all its fields", () => {
    const target = /popovertarget="([^"]+)"/.exec(html)?.[1];
    expect(html).toMatch(new RegExp(`<dialog id="${target}"[^>]*popover="auto"`));
    expect(html).toMatch(/name="intent"[^>]*value="submit"/);
    expect(html).toMatch(/name="id" value="7"/);
  });
  it("is named by its title", () => {
    const named = /<dialog[^>]*aria-labelledby="([^"]+)"/.exec(html)?.[1];
    expect(html).toContain(`<h2 id="${named}"`);
  });
});
