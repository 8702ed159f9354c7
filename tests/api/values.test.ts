import { beforeAll, expect, it } from "vitest";
import { accounts, oneOfEach } from "#tests/e2e/setup/person.ts";
import { api, call, fits, items, type Json, readDescription, tokenOf, validator } from "./description.ts";

/*
 * All that the demonstration holds, as the description has it: every list to its end, every object in it, by every role. An
 * answer may hold nothing that is not described; an id or a cursor that was given must be one that may be sent.
 */

beforeAll(readDescription);

/** Ids that go on from a list, and the addresses that take them. */
const from: Readonly<Record<string, readonly string[]>> = {
  "/projects": ["/projects/{id}", "/projects/{id}/comparison"],
  "/documents": ["/documents/{id}", "/documents/{id}/events"],
  "/pilots": ["/pilots/{id}", "/pilots/{id}/progress-reports"],
  "/specifications": ["/specifications/{number}"],
};
/** Pages of the trail, which is long. */
const pagesAtMost = 3;

class Reader {
  readonly faults: string[] = [];
  answers = 0;
  constructor(readonly token: string) {}

  /** One answer, with what was put into its address held to what is described of it. */
  async read(template: string, values: Readonly<Record<string, string>>): Promise<Json> {
    const at = `/api/v1${template}`;
    for (const [name, value] of Object.entries(values)) {
      const parameter = api.paths[at]?.["get"]?.parameters?.find((p) => p.name === name);
      const sent: unknown = name === "limit" ? Number(value) : value;
      if (!parameter || !validator(parameter.schema)(sent)) this.faults.push(`${at}: ${name} may not be ${value}`);
    }
    const path = at.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(values[name] ?? ""));
    const query = Object.entries(values).filter(([name]) => !template.includes(`{${name}}`));
    const answer = await call(this.token, "get", `${path}?${new URLSearchParams(query)}`);
    this.faults.push(...fits(at, "get", answer));
    this.answers += 1;
    return answer.status === 200 ? answer.body : {};
  }

  async list(template: string, path: Readonly<Record<string, string>> = {}): Promise<Json[]> {
    const found: Json[] = [];
    let cursor: unknown = null;
    for (let page = 0; page < pagesAtMost; page += 1) {
      const body: Json = await this.read(template, {
        ...path,
        limit: "100",
        ...(typeof cursor === "string" ? { cursor } : {}),
      });
      found.push(...items(body));
      cursor = body["next"];
      if (typeof cursor !== "string") break;
    }
    return found;
  }
}

it.each(Object.entries(oneOfEach))("is as described for a %s", async (_role, name) => {
  const reader = new Reader(tokenOf(name));
  const me = await reader.read("/me", {});
  const site = (me["membership"] as { site: { id: string } | null } | undefined)?.site?.id;
  await reader.list("/audit");
  for (const [list, details] of Object.entries(from))
    for (const row of await reader.list(list)) {
      const values = list === "/specifications" ? { number: String(row["number"]) } : { id: String(row["id"]) };
      for (const at of details) {
        const body = await reader.read(at, values);
        for (const clause of (body["clauses"] ?? []) as { number: string }[])
          await reader.read(`${at}/clauses/{clause}/provenance`, { ...values, clause: clause.number });
      }
      if (list !== "/projects") continue;
      const risks = await reader.list("/projects/{id}/risks", values);
      for (const siteId of new Set([site, risks[0]?.["siteId"]]))
        if (typeof siteId === "string")
          await reader.read("/projects/{id}/survey/responses/{siteId}", { ...values, siteId });
    }
  expect(reader.faults).toEqual([]);
  expect(reader.answers).toBeGreaterThanOrEqual(6);
});

it("holds what it is told to: a member that nobody described, and an id that is none, are seen", async () => {
  const project = await call(accounts()[0]?.apiToken ?? "", "get", "/api/v1/me");
  expect(fits("/api/v1/me", "get", { ...project, body: { ...project.body, more: 1 } })).toHaveLength(1);
  const id = api.paths["/api/v1/documents/{id}"]?.["get"]?.parameters?.find((p) => p.name === "id");
  expect(validator(id?.schema)("7")).toBe(false);
});
