import { describe, expect, it } from "vitest";
import { pageAccess } from "#app/request/access.rules.ts";
import { SHAPE_LIMITS } from "#app/platform/shape.rules.ts";
import { many, mark, oddBodies } from "#tests/setup/odd-bodies.ts";
import { accounts, product, serverLog } from "./setup/person.ts";

/*
 * What a form, a query or a JSON body may ask to have unfolded is judged before anybody is asked who they are: so every
 * form is tried by nobody in particular. All of it is harmless: just past the limits.
 */

const strange = "01890000-0000-7000-8000-000000000000";
const begun = new Date().toISOString();
/** Pages that share their address with the frame around them. */
const indexed = new Set(["/", "/projects/:projectId"]);
const forms = Object.entries(pageAccess).flatMap(([path, way]) =>
  "acts" in way
    ? [
        {
          path: indexed.has(path) ? `${path.replaceAll(/:\w+/g, strange)}?index` : path.replaceAll(/:\w+/g, strange),
          acts: Object.keys(way.acts),
        },
      ]
    : [],
);

/** Signing out reads no form, a comment looks for five names alone, and who adds files is asked who they are first. */
const unread = new Set(["/logout", `/specifications/${strange}`, "/evidence"]);

type Fields = readonly (readonly [string, string])[];
interface Body {
  type: string;
  text: string;
}
/** A form with its intent in front. What stands behind is written once: thousands of fields, for each of thirty forms. */
type Written = (intent: string) => Body;
async function urlencoded(fields: Fields): Promise<Written> {
  const rest = new URLSearchParams(fields as [string, string][]).toString();
  return (intent) => ({ type: "application/x-www-form-urlencoded", text: `intent=${intent}&${rest}` });
}
async function multipart(fields: Fields): Promise<Written> {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  const whole = new Response(form);
  const type = whole.headers.get("content-type") ?? "";
  const boundary = type.split("boundary=")[1] ?? "";
  const rest = await whole.text();
  const first = (intent: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="intent"\r\n\r\n${intent}\r\n`;
  return (intent) => ({ type, text: `${first(intent)}${rest}` });
}
async function post(path: string, { type, text: body }: Body): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${product().url}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: product().url, accept: "text/html", "content-type": type },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

describe("every form", () => {
  it.each(oddBodies)(
    "is answered with $kind, by words and at once, and nothing of it comes back",
    async ({ fields, status }) => {
      for (const encode of [urlencoded, multipart]) {
        const written = await encode(fields);
        for (const { path, acts } of forms) {
          // A multipart body to the files' page is a file; one to the way out is not read, and its sender may find the line closed.
          if (encode === multipart && (path === "/evidence" || path === "/logout")) continue;
          const answer = await post(path, written(acts[0] ?? ""));
          const expected = status === undefined || unread.has(path) ? [200, 302, 400, 401, 403, 404, 422] : [status];
          expect([path, expected.includes(answer.status), answer.status]).toEqual([path, true, answer.status]);
          // Told which field it was, in one line; not sent back as what was typed.
          expect(answer.text.split(mark).length - 1).toBeLessThanOrEqual(status === undefined ? 0 : 4);
        }
      }
    },
  );
});

describe("a JSON body", () => {
  const token = () => accounts().find((a) => a.email.startsWith("ten.lead@"))?.apiToken ?? "";
  it.each([
    ["json_too_deep", `${"[".repeat(SHAPE_LIMITS.depth + 1)}${"]".repeat(SHAPE_LIMITS.depth + 1)}`],
    ["json_too_long", JSON.stringify(many(SHAPE_LIMITS.members + 1, String).map(([one]) => one))],
    ["malformed_json", `{"type":`],
  ])("is refused as %s, in the reader's language", async (code, body) => {
    const answer = await fetch(`${product().url}/api/v1/projects/${strange}/events?lng=en`, {
      method: "POST",
      headers: { authorization: `Bearer ${token()}`, "content-type": "application/json" },
      body,
    });
    const problem = (await answer.json()) as { code: string; detail: string };
    expect([answer.status, problem.code]).toEqual([400, code]);
    expect(problem.detail).toMatch(/^[A-Z][ -~’]+$/);
  });
});

describe("an address", () => {
  const away = "//elsewhere.example";
  it("that names a host is not there, and no page at it links away", async () => {
    for (const path of [`${away}/`, `${away}/login`, `/x/..${away}`, "/\\elsewhere.example"]) {
      const answer = await fetch(new URL(`.${path}`, `${product().url}/`).href.replace("/./", "/"), {
        redirect: "manual",
      });
      const text = await answer.text();
      expect([path, answer.status < 500]).toEqual([path, true]);
      expect(text).not.toMatch(/(?:href|action)="(?:\/\/|\/\\)/);
    }
    const raw = await fetch(`${product().url}${away}/`, { redirect: "manual" });
    expect([raw.status, (await raw.text()).includes("elsewhere.example")]).toEqual([404, false]);
  });
  it("of a return that leads away leads home", async () => {
    for (const next of [`/x/..${away}`, `/.${away}`, away, "/\\elsewhere.example", "https://elsewhere.example/"]) {
      const page = await (await fetch(`${product().url}/login?next=${encodeURIComponent(next)}`)).text();
      expect([next, /name="next" value="([^"]*)"/.exec(page)?.[1]]).toEqual([next, "/"]);
    }
  });
  it("with more parameters than one may have is refused", async () => {
    const parameters = many(SHAPE_LIMITS.parameters + 1, (i) => `p${i}`);
    const query = new URLSearchParams(parameters as [string, string][]).toString();
    expect((await fetch(`${product().url}/specifications?${query}`)).status).toBeLessThan(500);
    const answer = await fetch(`${product().url}/api/v1/audit?${query}`, {
      headers: { authorization: `Bearer ${accounts().find((a) => a.email.startsWith("ten.lead@"))?.apiToken ?? ""}` },
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, "query_too_long"]);
  });
});

it("nothing of all this was an unforeseen error", () => {
  const unforeseen = serverLog().filter((line) => line.time >= begun && line.level === "error");
  expect(unforeseen).toEqual([]);
});
