import { describe, expect, it } from "vitest";
import { renderKit } from "#tests/ui/render.tsx";
import { Button, IconButton, LinkButton, SubmitButton } from "./button.tsx";

describe("buttons", () => {
  it("submit their form unless told otherwise", () => {
    expect(renderKit(<Button>提交审核</Button>)).not.toContain('type="button"');
    expect(
      renderKit(
        <SubmitButton name="intent" value="submit">
          提交审核
        </SubmitButton>,
      ),
    ).toContain('type="submit"');
  });
  it("tell that they work, and do not submit twice", () => {
    const html = renderKit(<Button busy>提交审核</Button>);
    expect(html).toContain('aria-busy="true"');
    expect(html).toContain("正在处理");
  });
  it("have a name even when they are a picture", () => {
    expect(renderKit(<IconButton icon="close" label="关闭" />)).toMatch(/type="button".*aria-label="关闭"/);
  });
  it("are links when they lead somewhere", () => {
    expect(renderKit(<LinkButton to="/pilots">试点</LinkButton>)).toMatch(/^<a class="ui-btn"[^>]* href="\/pilots"/);
    expect(
      renderKit(
        <LinkButton to="/a.pdf" download="a.pdf">
          下载
        </LinkButton>,
      ),
    ).toContain('download="a.pdf"');
  });
});
