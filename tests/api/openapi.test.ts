import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { account, accounts, oneOfEach, product, signIn } from "#tests/e2e/setup/person.ts";

interface Operation {
  summary: string;
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas?: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}
type Json = Record<string, unknown>;

let api: Description;
beforeAll(async () => {
  api = (await (await fetch(`${product().url}/api/v1/openapi.json`)).json()) as Description;
});

/** A schema of the description as a validator: references are looked up, and what it does not name is still allowed. */
function validator(schema: unknown): z.ZodType {
  const text = JSON.stringify({ ...(schema as object), $defs: api.components.schemas ?? {} }).replaceAll(
    "#/components/schemas/",
    "#/$defs/",
  );
  return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
}

async function call(
  token: string | null,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
) {
  const response = await fetch(`${product().url}${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    type: response.headers.get("content-type") ?? "",
    body: (await response.json()) as Json,
  };
}
const tokenOf = (name: string) => account(name).apiToken;
const items = (body: Json): Json[] => (Array.isArray(body["items"]) ? (body["items"] as Json[]) : []);

function fits(path: string, method: string, answer: { status: number; type: string; body: Json }): string[] {
  const operation = api.paths[path]?.[method];
  const described = operation?.responses[String(answer.status)];
  if (!described) return [`${method} ${path}: ${answer.status} is not described`];
  const type = answer.status < 300 ? "application/json" : "application/problem+json";
  if (!answer.type.startsWith(type)) return [`${method} ${path}: ${answer.type}`];
  const parsed = validator(described.content?.[type]?.schema).safeParse(answer.body);
  return parsed.success
    ? []
    : [`${method} ${path} ${answer.status}: ${JSON.stringify(parsed.error.issues.slice(0, 3))}`];
}

/** Values for the parameters in paths, found through the lists as this caller sees them. */
async function idsFor(token: string): Promise<Record<string, string>> {
  const [projects, pilots, specifications] = await Promise.all(
    ["/projects", "/pilots", "/specifications"].map((path) => call(token, "get", `/api/v1${path}`)),
  );
  const first = (answer: { body: Json } | undefined, key = "id") =>
    String(items(answer?.body ?? {})[0]?.[key] ?? nothing);
  return {
    "/projects": first(projects),
    "/pilots": first(pilots),
    number: encodeURIComponent(first(specifications, "number")),
    clause: "1",
    siteId: nothing,
  };
}
const nothing = "01890000-0000-7000-8000-000000000000";
const fill = (path: string, ids: Record<string, string>) =>
  path.replace(
    /\{(\w+)\}/g,
    (_whole, name: string) =>
      (name === "id" ? ids[path.startsWith("/api/v1/pilots") ? "/pilots" : "/projects"] : ids[name]) ?? nothing,
  );

/** CONTRACT.md, «JSON API»: fixed names that outside clients rely on. */
const promised = [
  "get /me",
  "get /projects",
  "get /projects/{id}",
  "post /projects/{id}/events",
  "get /projects/{id}/comparison",
  "get /projects/{id}/survey/responses/{siteId}",
  "put /projects/{id}/survey/responses/{siteId}",
  "get /projects/{id}/risks",
  "get /pilots",
  "get /pilots/{id}",
  "post /pilots/{id}/events",
  "get /pilots/{id}/progress-reports",
  "post /pilots/{id}/progress-reports",
  "post /evidence",
  "get /evidence/{id}",
  "get /specifications",
  "get /specifications/{number}",
  "get /specifications/{number}/clauses/{clause}/provenance",
];

/** Promised as well and not built yet: when one is, its test fails, and it belongs into the list above. */
const missing = ["get /findings", "post /findings/{id}/events"];

describe("the description", () => {
  it("is OpenAPI 3.1, names its security and describes every answer", () => {
    expect(api.openapi).toMatch(/^3\.1/);
    expect(Object.keys(api.components.securitySchemes)).toEqual(["bearer"]);
    const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    for (const { path, method, operation } of operations) {
      expect([path, method, operation.summary.length > 5]).toEqual([path, method, true]);
      for (const name of [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]))
        expect([path, operation.parameters?.some((p) => p.in === "path" && p.name === name)]).toEqual([path, true]);
    }
  });
  const described = (name: string) => {
    const [method = "", path = ""] = name.split(" ");
    return api.paths[`/api/v1${path}`]?.[method]?.summary;
  };
  it.each(promised)("holds %s", (name) => expect(described(name)).toBeTypeOf("string"));
  for (const name of missing) it.fails(`lacks ${name}`, () => expect(described(name)).toBeTypeOf("string"));
});

/** Every schema that stands in the description, with where it stands. */
function* schemasIn(value: unknown, at = ""): Generator<[string, Json]> {
  if (typeof value !== "object" || value === null) return;
  if (typeof (value as Json)["pattern"] === "string") yield [at, value as Json];
  for (const [name, inner] of Object.entries(value)) yield* schemasIn(inner, `${at}/${name}`);
}

describe("patterns", () => {
  it("are ECMA-262 without delimiters and flags, and every id of the demonstration passes those of ids", async () => {
    const all = [...schemasIn(api.paths), ...schemasIn(api.components)];
    expect(all.length).toBeGreaterThan(10);
    const token = tokenOf("ten.regulator");
    const rows = (
      await Promise.all(
        ["/projects", "/pilots?limit=200", "/specifications"].map((path) => call(token, "get", `/api/v1${path}`)),
      )
    ).flatMap(({ body }) => items(body));
    const ids = rows.map((row) => String(row["id"]));
    expect(ids.length).toBeGreaterThan(5);
    for (const [at, schema] of all) {
      const pattern = String(schema["pattern"]);
      expect([at, pattern]).toEqual([at, expect.not.stringMatching(/^\/|\/[a-z]*$/)]);
      const read = new RegExp(pattern, "u");
      if (/\{8\}.*\{12\}/.test(pattern))
        for (const id of ids) expect([at, read.test(id), read.test(id.toUpperCase())]).toEqual([at, true, true]);
    }
  });
});

describe("every endpoint answers as described", () => {
  it.each(Object.entries(oneOfEach))("for a %s", async (role, name) => {
    const token = tokenOf(name);
    const ids = await idsFor(token);
    const problems: string[] = [];
    let good = 0;
    for (const [path, methods] of Object.entries(api.paths)) {
      const answer = await call(token, "get", fill(path, ids));
      if (methods["get"]) {
        problems.push(...fits(path, "get", answer));
        if (answer.status === 200) good += 1;
      }
      for (const method of ["post", "put"].filter((m) => methods[m]))
        problems.push(...fits(path, method, await call(token, method, fill(path, ids), { body: {} })));
    }
    expect(problems).toEqual([]);
    expect([role, good > 0]).toEqual([role, true]);
    const me = await call(token, "get", "/api/v1/me");
    expect(me.status).toBe(200);
    expect(JSON.stringify(me.body)).toContain(role);
  });
  it("for somebody without a token: 401, and it says how to get in", async () => {
    for (const [path, methods] of Object.entries(api.paths))
      for (const method of Object.keys(methods)) {
        const answer = await call(null, method, fill(path, {}), method === "get" ? {} : { body: {} });
        expect([path, answer.status]).toEqual([path, 401]);
        expect(fits(path, method, answer)).toEqual([]);
      }
  });
});

describe("lists", () => {
  it.each(["/projects", "/pilots", "/specifications", "/findings", "/audit"])(
    "%s: cursors walk every row once",
    async (path) => {
      const token = tokenOf(path === "/audit" ? "ten.auditor" : path === "/projects" ? "director" : "ten.regulator");
      const all = await call(token, "get", `/api/v1${path}?limit=200`);
      if (all.status === 404) return expect(api.paths[`/api/v1${path}`]).toBeUndefined();
      expect(all.status).toBe(200);
      const key = (row: Json) => String(row["id"] ?? row["seq"] ?? JSON.stringify(row));
      const walked: string[] = [];
      let cursor: string | null = null;
      const wanted = items(all.body).slice(0, 30).map(key);
      do {
        const page: { body: Json } = await call(
          token,
          "get",
          `/api/v1${path}?limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
        );
        walked.push(...items(page.body).map(key));
        cursor = (page.body["next"] as string | null) ?? null;
      } while (cursor !== null && walked.length < 30);
      expect(walked.slice(0, wanted.length)).toEqual(wanted);
      expect(new Set(walked).size).toBe(walked.length);
      const broken = await call(token, "get", `/api/v1${path}?cursor=nonsense`);
      expect([broken.status, broken.body["code"]]).toEqual([400, "bad_cursor"]);
    },
  );
  it("the register of risks too", async () => {
    const token = tokenOf("ten.regulator");
    const { "/projects": project } = await idsFor(token);
    const path = `/api/v1/projects/${project}/risks`;
    const first = await call(token, "get", `${path}?limit=5`);
    expect(items(first.body)).toHaveLength(5);
    const second = await call(token, "get", `${path}?limit=5&cursor=${encodeURIComponent(String(first.body["next"]))}`);
    const ids = [...items(first.body), ...items(second.body)].map((row) => row["id"]);
    expect(new Set(ids).size).toBe(10);
  });
});

describe("methods", () => {
  it("that a known address does not take get 405 with those it takes; OPTIONS tells them", async () => {
    const token = tokenOf("ten.regulator");
    for (const [path, allow] of [
      ["/api/v1/projects", "GET, HEAD, OPTIONS"],
      [`/api/v1/projects/${nothing}/events`, "OPTIONS, POST"],
      ["/tasks", "GET, HEAD, OPTIONS"],
      ["/passkey.json", "OPTIONS, POST"],
      ["/healthz", "GET, HEAD, OPTIONS"],
    ] as const) {
      for (const method of ["DELETE", "PATCH", "PROPFIND", "OPTIONS"]) {
        const answer = await fetch(`${product().url}${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, origin: product().url },
        });
        expect([path, method, answer.status, answer.headers.get("allow")]).toEqual([
          path,
          method,
          method === "OPTIONS" ? 204 : 405,
          allow,
        ]);
      }
    }
    expect(
      (await fetch(`${product().url}/api/v1/nothing`, { method: "DELETE", headers: { origin: product().url } })).status,
    ).toBe(404);
  });
  it("without a token, and with a wrong one, are told apart (RFC 6750)", async () => {
    const asked = async (headers: Record<string, string>) =>
      (await fetch(`${product().url}/api/v1/me`, { headers })).headers.get("www-authenticate");
    expect(await asked({})).not.toContain("error=");
    expect(await asked({ authorization: "Bearer ans_nothing" })).toContain('error="invalid_token"');
  });
  it("cursors lead on in their own order alone", async () => {
    const token = tokenOf("ten.regulator");
    const first = await call(token, "get", "/api/v1/pilots?limit=1&sort=code");
    const next = encodeURIComponent(String(first.body["next"]));
    expect((await call(token, "get", `/api/v1/pilots?limit=1&sort=code&cursor=${next}`)).status).toBe(200);
    for (const path of [
      `/pilots?sort=-due&cursor=${next}`,
      `/specifications?cursor=${next}`,
      `/projects?cursor=${next}`,
    ])
      expect([path, (await call(token, "get", `/api/v1${path}`)).body["code"]]).toEqual([path, "bad_cursor"]);
  });
});

describe("changes", () => {
  it("a stale version gets 409 with the present state, and an unknown event is refused", async () => {
    const token = tokenOf("urb.lead");
    const { "/projects": id } = await idsFor(token);
    const project = await call(token, "get", `/api/v1/projects/${id}`);
    const version = Number(project.body["version"]);
    expect(version).toBeGreaterThan(0);
    const event = (project.body["events"] as Json[]).find((e) => e["enabled"] === true);
    const stale = await call(token, "post", `/api/v1/projects/${id}/events`, {
      body: { type: String(event?.["type"] ?? "SUSPEND"), expectedVersion: version - 1, reason: "测试" },
    });
    expect(stale.status).toBe(409);
    expect(stale.body["code"]).toBe("stale_version");
    expect(JSON.stringify(stale.body)).toContain(String(project.body["state"]).split(".")[0]);
    const unknown = await call(token, "post", `/api/v1/projects/${id}/events`, {
      body: { type: "NO_SUCH_EVENT", expectedVersion: version },
    });
    expect([409, 422]).toContain(unknown.status);
    for (const disabled of (project.body["events"] as Json[]).filter((e) => e["enabled"] === false))
      expect((disabled["reasons"] as Json[]).length).toBeGreaterThan(0);
  });

  it("a repeat with the same Idempotency-Key gets the same answer and has no second effect", async () => {
    const token = tokenOf("psf.lead");
    const { "/projects": id } = await idsFor(token);
    const project = await call(token, "get", `/api/v1/projects/${id}`);
    expect((project.body["events"] as Json[]).filter((e) => e["type"] === "SUSPEND")).toMatchObject([
      { enabled: true },
    ]);
    const headers = { "idempotency-key": `e2e-${Date.now()}` };
    const body = { type: "SUSPEND", expectedVersion: project.body["version"], reason: "核查期间暂停 𠮷" };
    // Ten at one time: one acts, and all get its answer.
    const equal = await Promise.all(
      Array.from({ length: 10 }, () => call(token, "post", `/api/v1/projects/${id}/events`, { body, headers })),
    );
    const [first] = equal;
    if (!first) throw new Error("nobody answered");
    expect([first.status, first.body["code"]]).toEqual([200, undefined]);
    for (const one of equal) expect(one).toEqual(first);
    const again = await call(token, "post", `/api/v1/projects/${id}/events`, { body, headers });
    expect(again).toEqual(first);
    const without = await call(token, "post", `/api/v1/projects/${id}/events`, { body });
    expect(without.status).toBe(409);
    const other = await call(token, "post", `/api/v1/projects/${id}/events`, {
      body: { ...body, reason: "别的理由" },
      headers,
    });
    expect([other.status, other.body["code"]]).toEqual([422, "idempotency_key_reused"]);
    const resumed = await call(token, "post", `/api/v1/projects/${id}/events`, {
      body: { type: "RESUME", expectedVersion: first.body["version"], reason: "核查结束" },
    });
    expect(resumed.status).toBe(200);
  });

  it("another's rows are not there, whatever the endpoint", async () => {
    const mine = await idsFor(tokenOf("ten.regulator"));
    const token = tokenOf("psf.regulator");
    for (const [path, methods] of Object.entries(api.paths).filter(([p]) => p.includes("{id}")))
      for (const method of Object.keys(methods)) {
        const answer = await call(
          token,
          method,
          fill(path, mine),
          method === "get"
            ? {}
            : {
                body: {
                  type: "SUSPEND",
                  expectedVersion: 0,
                  reason: "x",
                  period: "2014-08",
                  documentId: mine["/projects"],
                  answers: [{ controlCode: "SUP-SOL-01", value: "compliant", rev: 0 }],
                },
              },
        );
        expect([path, method, [403, 404, 422].includes(answer.status) ? "kept away" : answer.status]).toEqual([
          path,
          method,
          "kept away",
        ]);
        if (method === "get") expect([path, [403, 404].includes(answer.status)]).toEqual([path, true]);
      }
  });

  it("a token that may only read writes nothing", async () => {
    const lead = await signIn("ten.lead");
    const made = await lead.post("/settings/tokens", { intent: "createToken", name: "只读", days: "1" });
    const token = /ans_[\w-]{20,}/.exec(made.text)?.[0] ?? "";
    const { "/projects": id } = await idsFor(token);
    const project = await call(token, "get", `/api/v1/projects/${id}`);
    expect(project.status).toBe(200);
    // What the list of events promises is what happens.
    const events = project.body["events"] as { enabled: boolean; reasons: { code: string }[] }[];
    expect(events.length).toBeGreaterThan(0);
    expect(events.filter((e) => e.enabled || e.reasons[0]?.code !== "error_token_may_not_change")).toEqual([]);
    const refused = await call(token, "post", `/api/v1/projects/${id}/events`, {
      body: { type: "SUSPEND", expectedVersion: 0, reason: "x" },
    });
    expect([refused.status, refused.body["code"]]).toEqual([403, "token_may_not_change"]);
  });

  it("what fixes something for good wants a token that was made for it", async () => {
    const lead = await signIn("ten.lead");
    const approve = async (more: Record<string, string>) => {
      const made = await lead.post("/settings/tokens", {
        intent: "createToken",
        name: "封存",
        days: "1",
        write: "on",
        ...more,
      });
      const token = /ans_[\w-]{20,}/.exec(made.text)?.[0] ?? "";
      const { "/projects": id } = await idsFor(token);
      // No plan is under review in the demonstration: whoever may seal hears that from the machine.
      const project = await call(token, "get", `/api/v1/projects/${id}`);
      const answer = await call(token, "post", `/api/v1/projects/${id}/events`, {
        body: { type: "APPROVE_PLAN_SECTOR", expectedVersion: project.body["version"] },
      });
      return [answer.status, answer.body["code"], ...fits("/api/v1/projects/{id}/events", "post", answer)];
    };
    expect(await approve({})).toEqual([403, "token_may_not_seal"]);
    expect(await approve({ seal: "on" })).toEqual([422, "workflow_refused"]);
  });
});

it("every account of the demonstration has a token that works", async () => {
  const list = accounts();
  const statuses = await Promise.all(
    list.map(async ({ apiToken }) => (await call(apiToken, "get", "/api/v1/me")).status),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
});
