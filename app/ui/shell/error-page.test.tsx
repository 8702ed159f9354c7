import { createRemixStub } from "@remix-run/testing";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { inLocale } from "#app/i18n/locale.server.ts";
import { textOf } from "#tests/ui/render.tsx";
import { ErrorPage } from "./error-page.tsx";

/** What a reader gets when a loader has thrown `error`. */
function drawn(error: unknown): string {
  const Stub = createRemixStub([
    {
      id: "root",
      path: "*",
      loader: () => null,
      Component: () => null,
      ErrorBoundary: () => <ErrorPage requestId="req-1" />,
    },
  ]);
  return inLocale("zh-CN", () =>
    textOf(
      renderToString(<Stub initialEntries={["/x?y=1"]} hydrationData={{ loaderData: {}, errors: { root: error } }} />),
    ),
  );
}
/** The shape in which the framework hands a thrown response to a boundary. */
const response = (status: number, data: unknown = null) => ({ status, statusText: "", internal: false, data });

describe("the page shown instead of one that failed", () => {
  beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it("does not tell what is not there from what is not for this reader", () => {
    expect(drawn(response(403, { code: "forbidden", message: "不可见" }))).toBe(drawn(response(404)));
    expect(drawn(response(404))).toContain("找不到这个页面");
  });
  it("asks who has been signed out to sign in", () => {
    expect(drawn(response(401))).toContain("登录已过期");
  });
  it("gives our own words and the number of the request", () => {
    const text = drawn(response(409, { code: "stale", message: "内容已被他人修改", requestId: "req-7" }));
    expect(text).toContain("内容已被他人修改");
    expect(text).toContain("req-7");
  });
  it("tells nothing of an error of ours but that it is recorded, and under which number", () => {
    const text = drawn(new Error("relation secret_table does not exist"));
    expect(text).toContain("系统出现错误");
    expect(text).toContain("req-1");
    expect(text).not.toContain("secret_table");
  });
  it("lays no failure of the server on the reader's network, whose navigator the server has not", () => {
    // As Node 21 and later have it.
    vi.stubGlobal("navigator", { hardwareConcurrency: 2, language: "en-US" });
    expect(drawn(new TypeError("fetch failed"))).toContain("系统出现错误");
    vi.stubGlobal("navigator", { onLine: true });
    expect(drawn(new TypeError("Failed to fetch"))).toContain("网络已断开");
  });
});
