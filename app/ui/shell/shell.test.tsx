import { describe, expect, it } from "vitest";
import { Gallery, pages } from "#tests/ui/gallery/gallery.tsx";
import { renderKit, textOf } from "#tests/ui/render.tsx";
import { appearanceCookies, readAppearance } from "./appearance.server.ts";
import { PublicShell } from "./public-shell.tsx";

const request = (url: string, cookie = "") => new Request(`https://x${url}`, { headers: { Cookie: cookie } });

describe("the shell", () => {
  const html = renderKit(<Gallery page="work" locale="zh-CN" theme="system" density="compact" />, {
    at: "/projects/1/survey",
  });
  it("lets the keyboard skip to the content", () => {
    expect(html.indexOf('href="#main"')).toBeLessThan(html.indexOf("<header"));
    expect(html).toMatch(/<main id="main"[^>]*tabindex="-1"/i);
  });
  it("shows whose data this is, and the place one is in", () => {
    expect(textOf(html)).toContain("智慧城市 监管负责人");
    expect(
      html.match(/aria-current="page"[^>]*href="\/projects\/1"|href="\/projects\/1"[^>]*aria-current="page"/),
    ).not.toBeNull();
    expect(html).not.toMatch(/href="\/" aria-current/);
  });
  it("signs out and switches by forms, which no prefetch can trigger", () => {
    expect(html).toMatch(/<form method="post" action="\/logout"/);
    expect(html).toMatch(/<form method="post" action="\/switch"/);
    expect(html).not.toContain('href="/logout"');
  });
  it("offers the other language and the themes as links, for those without script", () => {
    expect(html).toContain('href="/projects/1/survey?lng=en"');
    expect(html).toContain('href="?theme=dark"');
  });
  it("draws every page of the gallery in both languages without a complaint", () => {
    for (const page of pages)
      for (const locale of ["zh-CN", "en"] as const)
        expect(
          renderKit(<Gallery page={page} locale={locale} theme="dark" density="comfortable" />, { locale }),
        ).toContain("<main");
  });
  it("gives no two elements one id", () => {
    for (const page of pages) {
      const ids = [
        ...renderKit(<Gallery page={page} locale="zh-CN" theme="dark" density="compact" />).matchAll(/ id="([^"]+)"/g),
      ].map((match) => match[1]);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    }
  });
});

describe("the public frame", () => {
  it("needs no script", () => {
    expect(renderKit(<PublicShell locale="en">x</PublicShell>, { locale: "en" })).not.toMatch(
      /<script|popover|onclick/i,
    );
  });
});

describe("appearance", () => {
  it("is the address's, then the cookie's, then the system's", () => {
    expect(readAppearance(request("/"))).toEqual({ theme: "system", density: "compact" });
    expect(readAppearance(request("/", "a=1; anshi_theme=dark; anshi_density=comfortable"))).toEqual({
      theme: "dark",
      density: "comfortable",
    });
    expect(readAppearance(request("/", "anshi_theme=light; __Host-anshi-theme=dark")).theme).toBe("dark");
    expect(readAppearance(request("/?theme=light", "anshi_theme=dark")).theme).toBe("light");
    expect(readAppearance(request("/?theme=neon", "anshi_theme=pink")).theme).toBe("system");
  });
  it("is kept only when the address asks for something we have", () => {
    expect(appearanceCookies(request("/?theme=dark"), true)).toEqual([
      expect.stringMatching(/^__Host-anshi-theme=dark; Path=\/; .*; Secure$/),
    ]);
    expect(appearanceCookies(request("/?theme=dark"), false)[0]).not.toContain("Secure");
    expect(appearanceCookies(request("/?theme=dark%0aX"), true)).toEqual([]);
  });
});
