import { describe, expect, it } from "vitest";
import { m } from "#app/i18n/paraglide/messages.js";
import { inLocale, localeOf, withLocale } from "./locale.server.ts";
import { joinList, pick } from "./pick.ts";

const request = (url: string, cookie = "") =>
  new Request(`http://x${url}`, { headers: cookie ? { Cookie: cookie } : {} });

describe("the locale of a request", () => {
  it("is Chinese by default, the cookie's, or the address's before all", () => {
    expect(localeOf(request("/"))).toBe("zh-CN");
    expect(localeOf(request("/", "a=b; anshi_lng=en"))).toBe("en");
    expect(localeOf(request("/?lng=zh-CN", "anshi_lng=en"))).toBe("zh-CN");
    expect(localeOf(request("/?lng=klingon", "anshi_lng=en"))).toBe("en");
    expect(localeOf(request("/", "anshi_lng=../x"))).toBe("zh-CN");
    expect(localeOf(request("/", "anshi_lng=zh-CN; __Host-anshi-lng=en"))).toBe("en");
  });

  it("is kept apart between requests that run at the same time", async () => {
    const slow = inLocale("en", async () => {
      await new Promise((done) => setTimeout(done, 5));
      return m.ui_skip_to_content();
    });
    expect(inLocale("zh-CN", () => m.ui_skip_to_content())).toBe("跳到正文");
    expect(await slow).toBe("Skip to content");
    expect(m.ui_skip_to_content({}, { locale: "en" })).toBe("Skip to content");
  });

  it("is kept in the cookie when the address names it", async () => {
    const answer = await withLocale(request("/?lng=en"), () => new Response(m.ui_skip_to_content()));
    expect(await answer.text()).toBe("Skip to content");
    expect(answer.headers.get("Set-Cookie")).toMatch(/^anshi_lng=en; Path=\/; .*HttpOnly; SameSite=Lax$/);
    expect((await withLocale(request("/?lng=en"), () => new Response(""), true)).headers.get("Set-Cookie")).toMatch(
      /^__Host-anshi-lng=en; .*; HttpOnly; .*; Secure$/,
    );
    expect((await withLocale(request("/"), () => new Response(""))).headers.get("Set-Cookie")).toBeNull();
  });
});

describe("bilingual data", () => {
  it("shows the reader's side, or the other when it is empty", () => {
    expect(pick({ zh: "城市", en: "City" }, "en")).toBe("City");
    expect(pick({ zh: "城市", en: "" }, "en")).toBe("城市");
  });

  it.each([
    ["zh-CN", "甲、乙、丙", "甲；乙；丙"],
    ["en", "甲, 乙, 丙", "甲; 乙; 丙"],
  ] as const)("separates a list as %s does", (locale, words, clauses) => {
    const items = ["甲", "乙", "丙"];
    expect(joinList(items, locale)).toBe(words);
    expect(joinList(items, locale, "clauses")).toBe(clauses);
    // A reason is a sentence that ends by itself: no «.;» between two.
    expect(joinList(["A.", "B.", "C"], "en", "clauses")).toBe("A. B. C");
    expect(joinList(["A", "B.", "C."], "en", "clauses")).toBe("A; B. C.");
    expect([joinList([], locale), joinList(["甲"], locale, "clauses")]).toEqual(["", "甲"]);
  });
});
