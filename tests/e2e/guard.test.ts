import type { RouteConfigEntry } from "@remix-run/route-config";
import { describe, expect, it } from "vitest";
import routes from "#app/routes.ts";
import { linksOf } from "./setup/html.ts";
import { account, type Person, product, signIn, signInAnew } from "./setup/person.ts";
import { places } from "./setup/pages.ts";

const strange = "01890000-0000-7000-8000-000000000000";

/** Every address that the router knows, from the list it is built of. */
function addresses(entries: readonly RouteConfigEntry[], before = ""): string[] {
  return entries.flatMap((entry) => {
    const path = `${before}${entry.path ? `/${entry.path}` : ""}`;
    return [...(entry.index || entry.path ? [path || "/"] : []), ...addresses(entry.children ?? [], path)];
  });
}
const filled = (path: string, ids: Record<string, string>): string =>
  path.replaceAll(/:(\w+)\??/g, (_whole, name: string) => ids[name] ?? strange).replace("*", "nowhere");

/** How another site's page, or a program that has a person's cookies, would send it. */
const attempts: Readonly<Record<string, Record<string, string>>> = {
  "hostile Origin": { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
  "hostile Origin, spoofed host": {
    origin: "https://evil.example",
    "x-forwarded-host": "evil.example",
    forwarded: "host=evil.example;proto=https",
  },
  "null Origin": { origin: "null" },
  "no Origin": {},
  "no Origin, spoofed host": { "x-forwarded-host": "evil.example" },
  "a sibling's Origin": { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" },
};

interface Entry {
  act: string;
  actor: { name: string };
  details: { from?: string };
}

describe("nothing that changes something is done for another site", () => {
  it("on any page or endpoint, by any method, whatever the sender claims", async () => {
    const p = await places();
    const person = await signInAnew("ten.lead");
    const asProgram = async (path: string, token: string): Promise<Record<string, unknown>> =>
      (await (
        await fetch(`${product().url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
      ).json()) as Record<string, unknown>;
    const me = await asProgram("/me", account("ten.lead").apiToken);
    const { name } = me["person"] as { name: string };
    // The trail tells of every change and every refusal of the application's own. Jobs of what tests before did may still
    // add to it, in nobody's name: nothing may be added in this person's.
    const begun = new Date().toISOString();
    const theirs = async () => {
      const query = new URLSearchParams({ limit: "200", who: name });
      const { items } = await asProgram(`/audit?${query}`, account("ten.auditor").apiToken);
      // Refusals of a while are told as one, when it is over.
      const earlier = (one: Entry) => one.act === "refusal" && (one.details.from ?? "") < begun;
      return (items as Entry[]).filter((one) => one.actor.name === name && !earlier(one));
    };
    const api = (await (await fetch(`${product().url}/api/v1/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const ids = {
      projectId: p.project,
      id: p.project,
      batchNo: "1",
      number: p.number ?? "1",
      section: "profile",
      specificationId: p.specification ?? strange,
    };
    const listed = addresses(routes);
    expect(listed.length).toBeGreaterThan(30);
    const pages = listed.map((path) => filled(path, ids));
    const targets: [string, string][] = [
      ...pages.flatMap((path): [string, string][] => [
        ["POST", path],
        ["POST", `${path}?index`],
        ["POST", `${path === "/" ? "/_root" : path}.data`],
        ["POST", `${path}?_data=routes%2Fx`],
      ]),
      ...["PUT", "PATCH", "DELETE"].flatMap((method) =>
        pages.slice(0, 6).map((path): [string, string] => [method, path]),
      ),
      ...Object.entries(api.paths).flatMap(([path, methods]) =>
        Object.keys(methods)
          .filter((m) => m !== "get")
          .map((m): [string, string] => [
            m.toUpperCase(),
            path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => (ids as Record<string, string>)[name] ?? strange),
          ]),
      ),
    ];
    // A form that would do something on many pages: rename the person, end the session, suspend the project.
    const body = new URLSearchParams({
      intent: "rename",
      name: "被改名",
      type: "SUSPEND",
      expectedVersion: "1",
      reason: "x",
    });
    const before = await theirs();
    expect(before.length).toBeGreaterThan(0);
    const through: string[] = [];
    let tried = 0;
    for (const [what, headers] of Object.entries(attempts)) {
      for (let at = 0; at < targets.length; at += 16) {
        const part = targets.slice(at, at + 16);
        const answers = await Promise.all(
          part.map(([method, path]) => person.fetch(path, { method, headers: headers, body })),
        );
        tried += part.length;
        answers.forEach(({ status, headers: got }, i) => {
          if (status !== 403 || got.getSetCookie().length > 0)
            through.push(`${part[i]?.join(" ")} (${what}): ${status}`);
        });
      }
    }
    expect(through).toEqual([]);
    expect(tried).toBeGreaterThan(600);
    expect(await theirs()).toEqual(before);
    const home = await person.get("/settings/profile");
    expect([home.status, home.text.includes("被改名")]).toEqual([200, false]);
  });

  it("follows no address of another site after a form", async () => {
    for (const next of [
      "//evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "/\t/evil.example",
      "https://evil.example",
      "///evil.example",
      "/%0d%0aLocation:%20https://evil.example",
      "javascript:alert(1)",
    ]) {
      const { email, password } = account("ten.regulator");
      const answer = await (await signInAnew("ten.regulator")).post("/login", {
        intent: "signIn",
        email,
        password,
        next,
      });
      const to = new URL(answer.headers.get("location") ?? "/", product().url);
      expect([next, to.origin]).toEqual([next, product().url]);
      const landing = await fetch(`${product().url}/${next}`, { redirect: "manual" });
      const led = new URL(landing.headers.get("location") ?? "/", product().url);
      expect([next, led.origin]).toEqual([next, product().url]);
    }
  });
});

describe("what every answer carries", () => {
  const policy = (text: string): Map<string, string[]> =>
    new Map(
      text
        .split(";")
        .map((d) => d.trim().split(/\s+/))
        .map(([name = "", ...values]) => [name, values]),
    );
  const look = async (person: Person, path: string) => {
    const { status, headers, text } = await person.get(path);
    const csp = policy(headers.get("content-security-policy") ?? "");
    expect([path, headers.get("x-content-type-options"), headers.get("referrer-policy")]).toEqual([
      path,
      "nosniff",
      "same-origin",
    ]);
    expect([path, headers.get("cache-control"), headers.get("access-control-allow-origin")]).toEqual([
      path,
      "no-store",
      null,
    ]);
    expect([path, headers.get("permissions-policy")]).toEqual([path, expect.stringContaining("camera=()")]);
    expect([path, csp.get("frame-ancestors")]).toEqual([path, ["'none'"]]);
    if (!headers.get("content-type")?.startsWith("text/html")) return status;
    const scripts = csp.get("script-src") ?? [];
    const nonce = scripts.find((s) => s.startsWith("'nonce-"))?.slice(7, -1) ?? "";
    expect([path, nonce.length >= 20, scripts.filter((s) => /unsafe|\*|https?:|data:|blob:/.test(s))]).toEqual([
      path,
      true,
      [],
    ]);
    expect([path, csp.get("object-src"), csp.get("base-uri"), csp.get("form-action")?.[0]]).toEqual([
      path,
      ["'none'"],
      ["'none'"],
      "'self'",
    ]);
    const inline = [...text.matchAll(/<script\b([^>]*)>/g)]
      .map(([, attributes = ""]) => attributes)
      .filter((a) => !/\bsrc=/.test(a));
    for (const attributes of inline)
      expect([path, attributes]).toEqual([path, expect.stringContaining(`nonce="${nonce}"`)]);
    expect([path, /<[^>]+\son[a-z]+=/i.test(text.replaceAll(/<script[\s\S]*?<\/script>/g, ""))]).toEqual([path, false]);
    return status;
  };
  it("pages, errors and what machines read: policy with a nonce of its own, no inline script without it", async () => {
    const person = await signIn("ten.lead");
    const links = linksOf((await person.get("/")).text).filter(
      (link) => /^\/[^/]/.test(link) && !/logout|^\/assets\/|\.(?:pdf|xlsx|jsonl)/.test(link),
    );
    for (const path of new Set([
      "/",
      ...links.slice(0, 12),
      "/nowhere",
      "/pilots/x",
      "/search.json?q=a",
      "/evidence",
      "/api/v1/me",
      "/healthz",
    ]))
      await look(person, path);
    const [one, two] = await Promise.all([person.get("/"), person.get("/")]);
    expect(one.headers.get("content-security-policy")).not.toBe(two.headers.get("content-security-policy"));
  });
});
