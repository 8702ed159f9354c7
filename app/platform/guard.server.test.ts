import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "./guard.server.ts";

const at = (method: string, path: string, headers: Record<string, string> = {}) => ({
  method,
  url: `http://anshi.example:3000${path}`,
  headers: new Headers({ host: "anshi.example:3000", ...headers }),
});
const post = (headers: Record<string, string> = {}, path = "/login") => at("POST", path, headers);
const foreign = { ok: false, reason: "foreign-origin" };

describe("judge", () => {
  it("lets reading pass from anywhere", () => {
    for (const method of ["GET", "HEAD"])
      expect(judge(at(method, "/", { origin: "https://evil.example", "sec-fetch-site": "cross-site" })).ok).toBe(true);
  });

  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])("stands in front of %s", (method) => {
    expect(
      judge(at(method, "/pilots?_data=routes%2Fpilots", { origin: "https://evil.example", cookie: "s=1" })),
    ).toEqual(foreign);
  });

  it("takes the request's own host without BASE_URL, whatever the scheme seen here", () => {
    expect(judge(post({ origin: "http://anshi.example:3000" })).ok).toBe(true);
    expect(judge(post({ origin: "https://anshi.example", host: "anshi.example" })).ok).toBe(true);
    expect(judge(post({ origin: "https://anshi.example", host: "Anshi.Example:443" })).ok).toBe(true);
  });

  it("takes BASE_URL alone when it is set", () => {
    const options = { baseOrigin: "https://anshi.example" };
    expect(judge(post({ origin: "https://anshi.example", host: "10.0.0.7:3000" }), options).ok).toBe(true);
    expect(judge(post({ origin: "http://anshi.example:3000" }), options)).toEqual(foreign);
    expect(judge(post({ origin: "http://anshi.example" }), options)).toEqual(foreign);
  });

  it.each([
    "null",
    "",
    "https://anshi.example.evil.example",
    "http://anshi.example:3001",
    "http://evil.example:3000",
    "http://anshi.example:3000/",
    "http://a@anshi.example:3000",
    "anshi.example:3000",
    "file://anshi.example:3000",
  ])("refuses origin «%s»", (origin) => {
    expect(judge(post({ origin, "sec-fetch-site": "same-origin" }))).toEqual(foreign);
  });

  it("reads no X-Forwarded-Host", () => {
    expect(judge(post({ origin: "https://evil.example", "x-forwarded-host": "evil.example" }))).toEqual(foreign);
  });

  it("without Origin asks Sec-Fetch-Site", () => {
    expect(judge(post({ "sec-fetch-site": "same-origin" })).ok).toBe(true);
    for (const site of ["same-site", "cross-site", "none"])
      expect(judge(post({ "sec-fetch-site": site }))).toEqual({ ok: false, reason: "foreign-site" });
    expect(judge(post())).toEqual({ ok: false, reason: "unknown-origin" });
  });

  it("exempts the API where no cookie could be abused", () => {
    const path = "/api/v1/projects";
    expect(judge(post({ authorization: "Bearer abc", cookie: "s=1" }, path)).ok).toBe(true);
    expect(judge(post({}, path)).ok).toBe(true);
    expect(judge(post({ cookie: "s=1" }, path)).ok).toBe(false);
    expect(judge(post({ authorization: "Basic abc", cookie: "s=1" }, path)).ok).toBe(false);
    expect(judge(post({ authorization: "Bearer abc" }, "/apiary")).ok).toBe(false);
    expect(judge(post({ authorization: "Bearer abc" }, "/logout")).ok).toBe(false);
  });

  it("never throws, and never lets another origin in with a cookie", () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.string(), (url, junk) => {
        const origin = new URL(url).origin;
        expect(judge(post({ origin, cookie: "s=1" })).ok).toBe(origin === "http://anshi.example:3000");
        const headers = new Headers();
        try {
          headers.set("origin", junk);
          headers.set("host", junk);
        } catch {
          return;
        }
        judge({ method: "POST", url: "http://anshi.example:3000/", headers });
      }),
    );
  });
});
