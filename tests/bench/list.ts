import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import postgres from "postgres";
import type { Actor } from "#app/request/actor.ts";
import { listPilots, pilotsPage, pilotsQuery } from "#app/features/pilots/pilots.view.server.ts";
import { Pool, withActor } from "#db/client.server.ts";
import { Gate } from "#db/gate.server.ts";
import { builtServer, startServer } from "#tests/isolation/server.ts";
import { benchDatabase, type BenchDatabase, connections } from "./database.ts";
import { sideBySide } from "./measure.ts";
import type { BenchRow } from "./pdf.ts";

export const name = "list";

const here = import.meta.dirname;

interface Statement {
  text: string;
  params: unknown[];
}
/** The very statements that the product sends for the first page of the list: one through the API, two for the page with its trends. */
async function statementsOf(b: BenchDatabase, actor: Actor, list: typeof pilotsPage): Promise<Statement[]> {
  const sent: Statement[] = [];
  const pool = postgres(b.urls.app, {
    max: 1,
    fetch_types: false,
    debug: (_c, text, params) => void sent.push({ text, params: params as unknown[] }),
  });
  await withActor(
    new Pool(pool, new Gate({ name: "bench", capacity: 1, waitingOfAccount: 1, waitingOfTenant: 1, patienceMs: 1000 })),
    actor,
    (tx) => list(tx, actor, pilotsQuery.parse({}), 50),
  );
  await pool.end();
  return sent.filter((s) => /from "/.test(s.text)).map((s) => ({ text: s.text, params: s.params }));
}

async function bareServer(
  b: BenchDatabase,
  { api, page }: { api: readonly Statement[]; page: readonly Statement[] },
  pageBytes: number,
) {
  const child = spawn(process.execPath, ["--import", "tsx", path.join(here, "bare-servers.ts")], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      BENCH_JOB: JSON.stringify({ url: b.superuserUrl, api, page, connections, pageBytes }),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (d: Buffer) => resolve(Number(/port (\d+)/.exec(d.toString())?.[1])));
    child.once("exit", (code) => reject(new Error(`bare server ended with ${code}`)));
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill("SIGTERM") };
}

/** Requests under way at once. */
const WORKERS = 8;
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent, headers }, (response) => {
        let bytes = 0;
        response.on("data", (d: Buffer) => (bytes += d.length));
        response.on("end", () =>
          response.statusCode === 200 ? resolve(bytes) : reject(new Error(`${url} answered ${response.statusCode}`)),
        );
        response.on("error", reject);
      })
      .on("error", reject);
  });
}

export async function run(): Promise<BenchRow[]> {
  if (!existsSync(builtServer)) spawnSync(process.execPath, ["app/cli/build.mjs"], { stdio: "inherit" });
  const b = await benchDatabase(20, 1000);
  const stops: (() => Promise<unknown> | void)[] = [() => b.stop()];
  try {
    const tenantId = b.tenants[0] ?? "";
    const member = await b.member(tenantId, "regulator");
    // A program of each of eight sectors: one account alone is held to its share of the connections, however many it asks for.
    const tokens = b.tenants
      .slice(0, WORKERS)
      .map((tenant) => ({ tenant, token: `ans_${randomBytes(20).toString("hex")}` }));
    for (const { tenant, token } of tokens) await b.member(tenant, "regulator", token);
    const actor = { ...member, tenantId, role: "regulator", siteId: null, now: new Date() } as unknown as Actor;
    const product = await startServer(b.urls);
    stops.push(() => product.stop());
    const api = `${product.url}/api/v1/pilots?limit=50`;
    let turn = 0;
    const asked = () => get(api, { authorization: `Bearer ${tokens[(turn += 1) % tokens.length]?.token ?? ""}` });
    const alone = () => get(api, { authorization: `Bearer ${tokens[0]?.token ?? ""}` });
    const page = { url: `${product.url}/pilots`, headers: { cookie: `anshi_session=${member.secret}` } };
    const pageBytes = await get(page.url, page.headers);
    const statements = {
      api: await statementsOf(b, actor, pilotsPage),
      page: await statementsOf(b, actor, listPilots),
    };
    const bare = await bareServer(b, statements, pageBytes);
    stops.push(bare.stop);
    const sizes = {
      bareApi: await get(`${bare.url}/api`),
      api: await alone(),
      barePage: await get(`${bare.url}/page`),
    };
    const options = { rounds: 7, milliseconds: 1200, workers: WORKERS };
    const [one, two, five] = await sideBySide(
      [
        { name: "bare", once: () => get(`${bare.url}/api`) },
        { name: "api", once: asked },
        { name: "alone", once: alone },
      ],
      options,
    );
    const [three, four] = await sideBySide(
      [
        { name: "bare", once: () => get(`${bare.url}/page`) },
        { name: "page", once: () => get(page.url, page.headers) },
      ],
      options,
    );
    const figure = (a = Number.NaN, c = Number.NaN) => `${Math.round(a)} against ${Math.round(c)} a second`;
    return [
      {
        name: "50 pilots through the API over a bare Node server",
        figure: figure(two?.perSecond, one?.perSecond),
        ratio: two?.ratio ?? Number.NaN,
        note: `the same statement by postgres.js, there as owner without transaction, policy, session or checks; no compression and no log on either side; ${sizes.api} and ${sizes.bareApi} bytes`,
      },
      {
        name: "the same, all eight asked by one account",
        figure: figure(five?.perSecond, one?.perSecond),
        ratio: five?.ratio ?? Number.NaN,
        note: "its share of the connections is one: what is left is for others, whether they ask or not",
      },
      {
        name: "50 pilots as a page over a bare Remix page",
        figure: figure(four?.perSecond, three?.perSecond),
        ratio: four?.ratio ?? Number.NaN,
        note: `one Remix route with the same two statements, a plain table and text to the same size, renderToString, without frame, session or policy; no compression and no log on either side; ${pageBytes} and ${sizes.barePage} bytes`,
      },
    ];
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
