import { randomUUID } from "node:crypto";
import { cookieName } from "#app/request/session.server.ts";
import type { Canaries } from "./engine.ts";
import type { Field, Member } from "./field.ts";

/*
 * The same through the front door: every page and endpoint with ids of others, as every role. An id that exists
 * elsewhere must look like one that exists nowhere, to the letter.
 */

export interface HttpAttack {
  name: string;
  group: string;
  role: string;
  request: Request_;
  /** The same with an id that exists nowhere. */
  twin?: Request_;
  /** Statuses that are a refusal here. */
  refusals: readonly number[];
}
interface Request_ {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}
export interface HttpTried {
  attack: HttpAttack;
  status: number;
  won: string | null;
}
/** A member with what they show at the door: the secret of a page's cookie, or an API token. */
export interface Visitor {
  member: Member;
  cookie: string | null;
  token: string | null;
  readToken: string | null;
}

const cookieOf = (v: Visitor): Record<string, string> =>
  v.cookie ? { cookie: `${cookieName(false)}=${v.cookie}` } : {};
const bearerOf = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** Pages that name an object, with the module that a data request names. */
const pages: readonly [path: string, route: string][] = [
  ["/projects/{project_id}", "features/project/routes/project"],
  ["/projects/{project_id}?index", "features/project/routes/overview"],
  ["/projects/{project_id}/sites", "features/project/routes/sites"],
  ["/projects/{project_id}/survey", "features/survey/routes/survey"],
  ["/projects/{project_id}/survey/{document_id}", "features/survey/routes/response"],
  ["/projects/{project_id}/risk-report", "features/risk/routes/risk-report"],
  ["/projects/{project_id}/pilot-plan", "features/plan/routes/pilot-plan"],
  ["/projects/{project_id}/batches/1", "features/pilots/routes/batch"],
  ["/projects/{project_id}/batches/2", "features/pilots/routes/batch"],
  ["/projects/{project_id}/specification", "features/specification/routes/sector-draft"],
  ["/pilots/{pilot_id}", "features/pilots/routes/pilot"],
  ["/national/specifications/{specification_id}", "features/specification/routes/editing"],
];
const downloads = ["format=pdf", "format=xlsx", "download=xlsx"];

const fill = (template: string, id: (kind: string) => string) =>
  template.replaceAll(/\{(\w+)\}/g, (_, kind: string) => id(kind));

/** Projects of one's own sector, and for the national office of every sector, are no secret to a member. */
const knows = (m: Member, template: string) =>
  (m.level === "national" && template.includes("{project_id}")) ||
  (m.level === "site" && template.includes("{project_id}") && !template.includes("{document_id}"));

function pageAttacks(v: Visitor, elsewhere: Member["foreign"]): HttpAttack[] {
  const m = v.member;
  if (!v.cookie) return [];
  // A site's own project is its sector's: for pages of projects the other sector's ids are asked for.
  const real = (kind: string) => (kind === "project_id" ? elsewhere["project_id"] : m.foreign[kind]) ?? randomUUID();
  const headers = cookieOf(v);
  const base = { role: m.name, refusals: [404, 403] };
  return pages.flatMap(([template, route]) => {
    if (m.level === "national" && knows(m, template)) return [];
    const nowhere = randomUUID();
    const both = (suffix: string, method = "GET", more: Readonly<Record<string, string>> = {}, body?: string) => {
      const make = (id: (kind: string) => string): Request_ => {
        const filled = fill(template, id);
        return {
          method,
          path: `${filled}${suffix && (filled.includes("?") ? "&" : "?")}${suffix}`,
          headers: { ...headers, ...more },
          ...(body === undefined ? {} : { body }),
        };
      };
      return { request: make(real), twin: make(() => nowhere) };
    };
    const post = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
    return [
      { ...base, group: "pages", name: `page ${template}`, ...both("") },
      { ...base, group: "pages", name: `data of ${template}`, ...both(`_data=${encodeURIComponent(route)}`) },
      {
        ...base,
        group: "pages",
        name: `${template}.data`,
        request: { method: "GET", path: `${fill(template, real).split("?")[0]}.data`, headers },
        twin: { method: "GET", path: `${fill(template, () => nowhere).split("?")[0]}.data`, headers },
      },
      ...downloads.map((d) => ({ ...base, group: "files", name: `${template} ${d}`, ...both(d) })),
      {
        ...base,
        group: "acts",
        name: `act on ${template}`,
        refusals: [404, 403, 400, 422, 405],
        ...both("", "POST", post, "intent=act&type=SUBMIT&expectedVersion=0"),
      },
    ];
  });
}

export interface OpenApi {
  paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
function endpointAttacks(v: Visitor, api: OpenApi, elsewhere: Member["foreign"]): HttpAttack[] {
  const { token, member: m } = v;
  if (!token) return [];
  const kindOf = (path: string, name: string) =>
    name === "id"
      ? `${/\/(\w+?)s\/\{id\}/.exec(path)?.[1] ?? "x"}_id`
      : name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method): HttpAttack[] => {
      if (!path.includes("{")) return [];
      const own = m.level === "national" && /projects\/\{/.test(path);
      if (own) return [];
      const nowhere = randomUUID();
      const make = (id: (kind: string) => string): Request_ => ({
        method: method.toUpperCase(),
        path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => id(kindOf(path, name))),
        headers: {
          ...bearerOf(token),
          ...(method === "get" ? {} : { "content-type": "application/json", "idempotency-key": randomUUID() }),
        },
        ...(method === "get" ? {} : { body: JSON.stringify({ type: "SUBMIT", expectedVersion: 0 }) }),
      });
      const real = (kind: string) => (kind === "project_id" ? elsewhere[kind] : m.foreign[kind]) ?? randomUUID();
      return [
        {
          name: `${method.toUpperCase()} ${path}`,
          group: "endpoints",
          role: m.name,
          request: make(real),
          twin: make(() => nowhere),
          refusals: method === "get" ? [404, 403] : [404, 403, 400, 422, 415],
        },
      ];
    }),
  );
}

/** Who asks, from where, and with what proof. */
function doorAttacks(v: Visitor, others: readonly Visitor[]): HttpAttack[] {
  const m = v.member;
  const base = { group: "door", role: m.name } as const;
  const list: HttpAttack[] = [];
  const form = { "content-type": "application/x-www-form-urlencoded" };
  if (v.cookie) {
    const post = (name: string, headers: Record<string, string>, path = "/logout"): HttpAttack => ({
      ...base,
      name,
      refusals: [403],
      request: { method: "POST", path, headers: { ...cookieOf(v), ...form, ...headers }, body: "intent=logout" },
    });
    const evil = { origin: "https://evil.example" };
    list.push(
      post("a form of a foreign page", evil),
      post("a form of a page without origin", { origin: "null" }),
      post("a form from another site", { "sec-fetch-site": "cross-site" }),
      post("a form that tells nothing of where it comes from", {}),
      post("a foreign page behind a forged proxy header", { ...evil, "x-forwarded-host": "evil.example" }),
      post("a data request of a foreign page", evil, "/settings/profile?_data=features%2Fidentity%2Froutes%2Fsettings"),
      post("a foreign page at a resource", evil, "/search.json"),
      {
        ...base,
        name: "a cookie's secret as a token",
        refusals: [401],
        request: { method: "GET", path: "/api/v1/me", headers: bearerOf(v.cookie) },
      },
      {
        ...base,
        name: "a cookie at the API",
        refusals: [401],
        request: { method: "GET", path: "/api/v1/me", headers: cookieOf(v) },
      },
    );
  }
  if (v.token)
    list.push({
      ...base,
      name: "a token as a cookie",
      refusals: [302, 303, 401],
      request: { method: "GET", path: "/projects", headers: { cookie: `${cookieName(false)}=${v.token}` } },
    });
  if (v.readToken)
    list.push({
      ...base,
      name: "a token that may only read, writing",
      refusals: [403, 404],
      request: {
        method: "POST",
        path: `/api/v1/projects/${randomUUID()}/events`,
        headers: { ...bearerOf(v.readToken), "content-type": "application/json" },
        body: '{"type":"SUBMIT","expectedVersion":0}',
      },
    });
  const other = others.find((o) => o.member.who.tenantId !== m.who.tenantId && o.cookie);
  if (v.cookie && other?.cookie)
    list.push({
      ...base,
      name: "half of one secret and half of another",
      refusals: [302, 303, 401],
      request: {
        method: "GET",
        path: "/projects",
        headers: { cookie: `${cookieName(false)}=${v.cookie.slice(0, 20)}${other.cookie.slice(20)}` },
      },
    });
  return list;
}

/** What a member may ask at all, with words of others in it: their names must not come back. */
function searches(v: Visitor, canaries: Canaries): HttpAttack[] {
  if (!v.cookie || v.member.level === "operator") return [];
  const headers = cookieOf(v);
  const asked = [...new Set(canaries.slice(0, 3).map((c) => [...c].slice(0, 3).join("")))];
  return [
    ...asked.flatMap((q) =>
      ["/search", "/search.json"].map(
        (p): HttpAttack => ({
          name: `${p} for a name of others`,
          group: "search",
          role: v.member.name,
          refusals: [200, 403, 404],
          request: { method: "GET", path: `${p}?q=${encodeURIComponent(q)}`, headers },
        }),
      ),
    ),
    ...[
      "/",
      "/projects",
      "/pilots",
      "/compare",
      "/tasks",
      "/notices",
      "/audit",
      "/settings/members",
      "/audit.jsonl",
      "/projects/%00",
      "/projects/'",
      "/pilots/..%2f..%2f",
      "/nowhere",
      `/pilots?cursor=${"A".repeat(200)}`,
    ].map(
      (path): HttpAttack => ({
        name: path.slice(0, 40),
        group: "lists and errors",
        role: v.member.name,
        refusals: [200, 302, 303, 400, 403, 404],
        request: { method: "GET", path, headers },
      }),
    ),
  ];
}

/** Everything that is tried at the front door. */
export function httpAttacks(visitors: readonly Visitor[], field: Field, api: OpenApi): HttpAttack[] {
  return visitors.flatMap((v) => [
    ...pageAttacks(v, field.elsewhere),
    ...endpointAttacks(v, api, field.elsewhere),
    ...doorAttacks(v, visitors),
    ...searches(v, field.canaries),
  ]);
}

const plain = (body: string, ids: readonly string[]) =>
  ids
    .reduce((text, id) => text.replaceAll(id, "ID"), body)
    .replaceAll(
      /nonce="[^"]*"|"nonce":"[^"]*"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-zA-Z_-]{20,}|\d{4}-\d\d-\d\dT[\d:.]+Z?/g,
      "~",
    );

async function send(base: string, r: Request_): Promise<{ status: number; body: string }> {
  const response = await fetch(`${base}${r.path}`, {
    method: r.method,
    headers: r.headers,
    redirect: "manual",
    ...(r.body === undefined ? {} : { body: r.body }),
  });
  return { status: response.status, body: await response.text() };
}

/** Tries one; a name of others in any answer, a difference between somebody's id and nobody's, a 5xx: all are wins. */
async function attemptHttp(base: string, attack: HttpAttack, canaries: Canaries): Promise<HttpTried> {
  const answer = await send(base, attack.request);
  const told = canaries.find((c) => answer.body.includes(c) && !attack.request.path.includes(encodeURIComponent(c)));
  let won: string | null = null;
  if (told) won = `the answer shows «${told}»`;
  else if (!attack.refusals.includes(answer.status)) won = `answered ${answer.status}`;
  else if (attack.twin) {
    const other = await send(base, attack.twin);
    const ids = [attack.request.path, attack.twin.path].flatMap((p) => p.match(/[0-9a-f-]{36}/g) ?? []);
    const [one, two] = [plain(answer.body, ids), plain(other.body, ids)];
    if (other.status !== answer.status)
      won = `${answer.status} for an id that exists, ${other.status} for one that does not`;
    else if (Math.abs(one.length - two.length) > 40)
      won = `the answers differ in size: ${one.length} against ${two.length}`;
  }
  return { attack, status: answer.status, won };
}

/** A few at a time. */
export async function attemptAllHttp(
  base: string,
  attacks: readonly HttpAttack[],
  canaries: (a: HttpAttack) => Canaries,
  width = 6,
): Promise<HttpTried[]> {
  const tried: HttpTried[] = [];
  const queue = [...attacks];
  const work = async () => {
    for (let a = queue.shift(); a; a = queue.shift()) tried.push(await attemptHttp(base, a, canaries(a)));
  };
  await Promise.all(Array.from({ length: width }, work));
  return tried;
}
