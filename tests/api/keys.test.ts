import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { may } from "#app/request/permissions.ts";
import { type ApiOperation, apiAccess, opens, accessByPath } from "#app/request/access.rules.ts";
import type { MemberRole } from "#db/roles.ts";
import { pages, places, publicPages, roles, wayOf } from "#tests/e2e/setup/pages.ts";
import { account, oneOfEach, product, signIn } from "#tests/e2e/setup/person.ts";
import { modulesOf, readScriptAnswer, scriptPath } from "#tests/setup/turbo.ts";
import { type Allowed, allowedFor, beyond, keysOf, note, type Seen, toAllowed } from "./keys/keys.ts";

/*
 * No field reaches a role that may not see it: the names in what each loader and each endpoint gives to each role, held to
 * a list. `KEYS=write npx vitest run --config tests/vitest.config.ts --project keys` writes the list anew, to be read line by
 * line before it is kept. It runs before what changes the demonstration, so that the same is there each time.
 */

const file = join(import.meta.dirname, "keys/allowed.json");
const seen: Seen = new Map();

/** The loaders of one page and of the frame, as its script is given them. */
async function readPage(role: MemberRole, page: (typeof pages)[number]): Promise<void> {
  const person = await signIn(oneOfEach[role]);
  const path = await page.at(await places(), person);
  if (path === null) return;
  const modules = modulesOf(wayOf(page));
  const [address = ""] = path.split("#");
  const response = await fetch(
    `${product().url}${scriptPath(address)}${address.includes("?") ? "&" : "?"}_routes=${encodeURIComponent(["root", ...modules].join())}`,
    {
      headers: {
        cookie: person
          .cookies()
          .map(({ name, value }) => `${name}=${value}`)
          .join("; "),
      },
    },
  );
  const { status, data } = await readScriptAnswer(response);
  if (status !== 200 || typeof data !== "object" || data === null) return;
  for (const [id, answer] of Object.entries(data as Record<string, { data?: unknown }>)) {
    const way =
      id === "root" ? "the frame" : modules.includes(id) ? `${wayOf(page)} ${id.split("/").at(-1) ?? ""}` : null;
    if (way) note(seen, way, role, keysOf(answer.data));
  }
}

const first = async (token: string, path: string, key = "id"): Promise<string | null> => {
  const body = (await (
    await fetch(`${product().url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
  ).json()) as { items?: Record<string, string>[] };
  return body.items?.[0]?.[key] ?? null;
};
/** Ids for an endpoint's path, found through the lists as this caller sees them; null where they see none. */
async function filled(at: ApiOperation, token: string, role: MemberRole): Promise<string | null> {
  const template = at.split(" ")[1] ?? "";
  const me = (await (
    await fetch(`${product().url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })
  ).json()) as { membership: { site: { id: string } | null } };
  const ids: Record<string, string | null> = {
    id: template.startsWith("/pilots")
      ? may(role, "pilot.read")
        ? await first(token, "/pilots")
        : null
      : template.startsWith("/documents")
        ? may(role, "document.read")
          ? await first(token, "/documents")
          : null
        : template.startsWith("/sites")
          ? may(role, "site.read")
            ? await first(token, "/sites")
            : null
          : template.startsWith("/projects")
            ? await first(token, "/projects")
            : null,
    siteId:
      me.membership.site?.id ??
      (template.includes("siteId")
        ? await first(token, `/projects/${(await first(token, "/projects")) ?? ""}/risks`, "siteId")
        : null),
    number: template.includes("number") ? await first(token, "/specifications", "number") : null,
    clause: "5.1",
  };
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "");
  return names.every((name) => ids[name])
    ? template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ""))
    : null;
}
async function readEndpoint(role: MemberRole, at: ApiOperation): Promise<void> {
  const token = account(oneOfEach[role]).apiToken;
  const path = await filled(at, token, role);
  if (path === null) return;
  const response = await fetch(`${product().url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${token}`, accept: "application/json" },
  });
  if (response.status === 200) note(seen, at, role, keysOf(await response.json()));
}

describe("names of fields, by role", () => {
  let allowed: Allowed = {};
  beforeAll(async () => {
    for (const role of roles) {
      for (const page of [...pages, ...publicPages])
        if (opens(role, wayOf(page)) && accessByPath[wayOf(page)].get !== undefined) await readPage(role, page);
      for (const at of Object.keys(apiAccess) as ApiOperation[])
        if (at.startsWith("GET") && may(role, apiAccess[at])) await readEndpoint(role, at);
    }
    if (process.env["KEYS"] === "write") writeFileSync(file, `${JSON.stringify(toAllowed(seen), null, 1)}\n`);
    allowed = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Allowed) : {};
  }, 300_000);

  it("were read of every page and endpoint that shows something", () => {
    const paged = new Set([...seen.keys()].map((way) => way.split(" ")[0]));
    const unread = [
      ...pages.map(wayOf),
      ...Object.keys(apiAccess).filter((at) => at.startsWith("GET") && !at.includes("/evidence/")),
    ].filter((way) => !paged.has(way) && !seen.has(way));
    expect(unread).toEqual([]);
    expect(
      [...seen.values()].flatMap((byRole) => [...byRole.values()]).reduce((sum, keys) => sum + keys.size, 0),
    ).toBeGreaterThan(3000);
  });

  it("are those on the list, for each role", () => {
    expect(beyond(allowed, seen)).toEqual([]);
  });

  it("are told when one is new, and when one reaches another role", () => {
    const answers = [...seen].flatMap(([way, byRole]) => [...byRole].map(([role, keys]) => ({ way, role, keys })));
    fc.assert(
      fc.property(fc.constantFrom(...answers), fc.stringMatching(/^[a-z]{3,12}$/), ({ way, role, keys }, name) => {
        const leak: Seen = new Map([[way, new Map([[role, new Set([...keys, `${[...keys][0] ?? ""}.x_${name}`])]])]]);
        expect(beyond(allowed, leak)).toHaveLength(1);
      }),
    );
    // What a regulator is shown of the selection, held to the list of the site that is being selected.
    const page = "/pilots/:pilotId pilot";
    const shown = allowedFor(allowed, page, "regulator");
    expect(beyond(allowed, new Map([[page, new Map([["regulator", shown]])]]))).toEqual([]);
    expect(beyond(allowed, new Map([[page, new Map([["site_officer", shown]])]]))).toContain(
      `${page} shows site_officer «view.selection.scoring»`,
    );
  });
});
