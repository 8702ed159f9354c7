import { cookieName } from "#app/request/session.server.ts";
import type { ActionResult } from "#app/request/page.server.ts";
import type { ApiOperation } from "#app/request/access.rules.ts";
import { png } from "#tests/builders/files.ts";
import { modulesOf, readScriptAnswer, scriptPath } from "#tests/setup/turbo.ts";
import type { Cell } from "./cells.ts";
import { bodies } from "./forms.ts";
import type { Asker, Ground } from "./ground.ts";

/** What came back of a cell: its status, and whether a form was taken for an invalid one, which proves nothing. */
export interface Answered {
  cell: Cell;
  status: number;
  invalid: string | null;
}

/** Whoever waits longer than this, in ms, waits for ever. */
const patience = 60_000;

const cookieOf = (asker: Asker): Record<string, string> =>
  asker.cookie ? { cookie: `${cookieName(false)}=${asker.cookie}` } : {};
/** Files and machine-read pages have no script that asks for their data. */
const isPlain = (path: string): boolean =>
  /\.(pdf|xlsx|jsonl|json)$|^\/evidence\/|^\/login\/oidc|\/cells$|^\/logout|^\/switch/.test(path.split("?")[0] ?? "");

async function get(base: string, cell: Cell, asker: Asker): Promise<Answered> {
  const plain = isPlain(cell.path);
  // The page's own loaders alone: nobody is kept from asking for them without those around.
  const own = "page" in cell.way ? modulesOf(cell.way.page) : [];
  const asked = plain
    ? cell.path
    : scriptPath(`${cell.path}${cell.path.includes("?") ? "&" : "?"}_routes=${encodeURIComponent(own.join())}`);
  const response = await fetch(`${base}${asked}`, {
    headers: cookieOf(asker),
    redirect: "manual",
    signal: AbortSignal.timeout(patience),
  });
  if (plain) return { cell, status: (await response.arrayBuffer(), response.status), invalid: null };
  return { cell, status: (await readScriptAnswer(response)).status, invalid: null };
}

function bodyOf(cell: Cell, ground: Ground, act: string): BodyInit {
  if (cell.form?.multipart) {
    const body = new FormData();
    body.set("file", new File([new Uint8Array(png())], "a.png", { type: "image/png" }));
    return body;
  }
  return new URLSearchParams({
    ...(act === "post" ? {} : { intent: act }),
    ...cell.form?.fields(ground.named[cell.target], cell.role),
  });
}

async function post(base: string, cell: Cell, asker: Asker, ground: Ground, act: string): Promise<Answered> {
  // The page at `/` and a project's own page are index routes beside their layouts.
  const index = cell.path === "/" || /^\/projects\/[^/]+$/.test(cell.path);
  const path = scriptPath(index ? `${cell.path}?index` : cell.path);
  // An act that ends the session must not end the one that the others are asked with.
  const ends = act === "post" && cell.path === "/logout" && asker.role !== null;
  // Ending all others asks for a proof first; from a session that had its proof long ago, it ends none of them.
  const late = act === "endOthers" && asker.role !== null;
  const who = (ends || late) && asker.role ? { ...asker, cookie: await ground.anotherCookie(asker.role, late) } : asker;
  const response = await fetch(`${base}${path}`, {
    method: "POST",
    headers: { ...cookieOf(who), "sec-fetch-site": "same-origin" },
    body: bodyOf(cell, ground, act),
    redirect: "manual",
    signal: AbortSignal.timeout(patience),
  });
  const { status, data } = await readScriptAnswer(response);
  const answer = (data as { data?: ActionResult } | null)?.data;
  // A form that the use-case refused carries an error of its own; one that its schema refused does not.
  const invalid =
    status === 422 && answer && "lastResult" in answer && !answer.ok && answer.error === null
      ? JSON.stringify(answer.lastResult.error)
      : null;
  return { cell, status, invalid };
}

async function callApi(base: string, cell: Cell, asker: Asker, ground: Ground, at: ApiOperation): Promise<Answered> {
  const [method = "GET"] = at.split(" ");
  const token = cell.readOnly ? asker.readToken : asker.token;
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const make = (bodies as Readonly<Record<string, ((n: Ground["named"]["own"]) => unknown) | undefined>>)[at];
  let body: BodyInit | null = null;
  if (at === "POST /evidence") {
    const form = new FormData();
    form.set("file", new File([new Uint8Array(png())], "a.png", { type: "image/png" }));
    body = form;
  } else if (make) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(cell.body ?? make(ground.named[cell.target]));
  }
  const response = await fetch(`${base}/api/v1${cell.path}`, {
    method,
    headers,
    body,
    signal: AbortSignal.timeout(patience),
  });
  const text = await response.text();
  const invalid = response.status === 422 && (JSON.parse(text) as { code: string }).code === "invalid" ? text : null;
  return { cell, status: response.status, invalid };
}

/** An answer that does not come counts as status 0. */
const send = (base: string, cell: Cell, ground: Ground): Promise<Answered> =>
  ask(base, cell, ground).catch((error: unknown) => ({ cell, status: 0, invalid: String(error) }));

function ask(base: string, cell: Cell, ground: Ground): Promise<Answered> {
  const asker = ground.askers.find((one) => one.role === cell.role);
  if (!asker) throw new Error(`nobody asks as ${cell.role}`);
  if ("api" in cell.way) return callApi(base, cell, asker, ground, cell.way.api);
  return cell.way.act === null ? get(base, cell, asker) : post(base, cell, asker, ground, cell.way.act);
}

/** A few at a time, in order. */
export async function sendAll(base: string, cells: readonly Cell[], ground: Ground, width = 6): Promise<Answered[]> {
  const answered: Answered[] = [];
  const queue = [...cells];
  const work = async () => {
    for (let cell = queue.shift(); cell; cell = queue.shift()) answered.push(await send(base, cell, ground));
  };
  await Promise.all(Array.from({ length: width }, work));
  return answered;
}
