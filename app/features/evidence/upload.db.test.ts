import { transitionProject } from "#app/features/project/move.server.ts";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Hono } from "hono";
import { apiApp } from "#app/api.server.ts";
import type { ApiEnv } from "#app/request/api.server.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import { Refusals } from "#app/request/refusals.server.ts";
import { createToken } from "#app/features/identity/identity.server.ts";
import { questionnaire } from "#app/features/survey/locked.server.ts";
import { withLocale } from "#app/i18n/locale.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { readEnv } from "#app/platform/env.server.ts";
import { createLifecycle } from "#app/platform/lifecycle.server.ts";
import { listen, type Listening } from "#app/platform/listen.server.ts";
import { createLogger } from "#app/platform/log.server.ts";
import { createMetrics } from "#app/platform/metrics.server.ts";
import { openRates } from "#app/platform/rates.server.ts";
import { heard } from "#app/platform/streams.server.ts";
import { createWeb } from "#app/platform/web.server.ts";
import { documents } from "#db/schema/index.ts";
import { testWorld } from "#tests/builders/world.ts";
import { evidenceAction } from "./evidence.view.server.ts";

/*
 * The door for files over real connections, before the real database: whatever a sender does, there is an answer or they
 * hung up themselves, nothing stays in flight or on disk, and the process lives.
 */

const world = testWorld();
const metrics = createMetrics();
const uncaught: unknown[] = [];
const catching = (error: unknown) => void uncaught.push(error);
const limit = 1024 * 1024;
let folder = "";
let door: Listening | undefined;
let ways: { path: string; auth: string }[] = [];

beforeAll(async () => {
  process.on("uncaughtException", catching).on("unhandledRejection", catching);
  folder = await mkdtemp(join(tmpdir(), "anshi-upload-"));
  const w = world();
  const [sector] = w.sectors;
  const officer = sector.sites[0]?.officer;
  if (!officer) throw new Error("no officer");
  await w.as(sector.regulator, (tx) =>
    transitionProject(tx, sector.regulator, { projectId: sector.projectId, type: "OPEN_SURVEY", locale: "zh-CN" }),
  );
  const [document] = await w.as(officer, (tx) =>
    tx.select({ id: documents.id }).from(documents).where(eq(documents.kind, "surveyResponse")),
  );
  const { token } = await w.as(officer, (tx) => createToken(tx, officer, { name: "x", days: 1, write: true }));
  const env = readEnv({ DATA_DIR: folder, UPLOAD_MAX_MB: "1", UPLOAD_QUOTA_MB: "500" });
  const services = {
    env,
    log: createLogger("silent"),
    clock: systemClock,
    db: w.db,
    sessions: w.sessions,
    metrics,
    rates: openRates({ RATE_ACCOUNT: null, RATE_TOKEN: null, RATE_ADDRESS: null }, () => w.db.auth),
    refusals: new Refusals(w.db, createLogger("silent")),
  };
  const api = new Hono<ApiEnv & { Bindings: RequestContext }>()
    .use(async (c, next) => (c.set("context", c.env), next()))
    .route("/", apiApp);
  const page = async (request: Request, context: RequestContext): Promise<Response> => {
    try {
      return await evidenceAction({ request, context, params: {} });
    } catch (thrown) {
      if (thrown instanceof Response) return thrown;
      throw thrown;
    }
  };
  const web = createWeb({
    services,
    lifecycle: createLifecycle(() => undefined),
    api: (request, context) => withLocale(request, async () => api.fetch(request, context), false),
    pages: (request, context) => withLocale(request, () => page(request, context), false),
    assets: () => null,
  });
  const answer = getRequestListener(web.fetch);
  door = await listen((request, response) => void answer(request, response), 0, "127.0.0.1");
  const query = `document=${document?.id ?? ""}&part=${questionnaire(1)[0]?.id ?? ""}`;
  ways = [
    { path: `/api/v1/evidence?${query}`, auth: `Authorization: Bearer ${token}` },
    {
      path: `/evidence?${query}`,
      auth: `Cookie: anshi_session=${officer.secret}\r\nOrigin: http://127.0.0.1:${door.port}`,
    },
  ];
});
afterAll(async () => {
  await door?.close(1000, AbortSignal.timeout(2000));
  await rm(folder, { recursive: true, force: true });
  process.off("uncaughtException", catching).off("unhandledRejection", catching);
});

interface Sent {
  way: number;
  body: Buffer;
  type: string;
  /** Bytes announced; «chunked» where it is not said. */
  length: number | "chunked";
  /** Hangs up once the body has left, in place of waiting for an answer. */
  gone?: boolean;
  pieces?: number;
}

/** Status of the answer, «closed» without one, «hang» after half a minute. */
function send({ way, body, type, length, gone = false, pieces = 1 }: Sent): Promise<number | string> {
  const to = ways[way];
  const head = `POST ${to?.path ?? ""} HTTP/1.1\r\nHost: 127.0.0.1:${door?.port ?? 0}\r\n${to?.auth ?? ""}\r\nContent-Type: ${type}\r\n${length === "chunked" ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`}\r\n\r\n`;
  return new Promise((resolve) => {
    let got = "";
    const socket = heard(connect(door?.port ?? 0, "127.0.0.1"));
    const end = (what: number | string) => (clearTimeout(timer), socket.destroy(), resolve(what));
    const timer = setTimeout(() => end("hang"), 30_000);
    socket.on("data", (piece: Buffer) => {
      got += piece.toString("latin1");
      const status = /^HTTP\/1\.1 (\d{3})/.exec(got)?.[1];
      if (status !== undefined) end(Number(status));
    });
    socket.on("close", () => end("closed"));
    socket.write(head);
    const size = Math.max(1, Math.ceil(body.length / pieces));
    for (let at = 0; at < body.length; at += size) {
      const piece = body.subarray(at, at + size);
      socket.write(
        length === "chunked"
          ? Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")])
          : piece,
      );
    }
    if (gone) socket.end(() => end("gone"));
    else if (length === "chunked") socket.write("0\r\n\r\n");
  });
}
/** Many at a time, as a flood would come. */
async function flood(all: readonly Sent[], width = 24): Promise<(number | string)[]> {
  const results: (number | string)[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let i = next++; i < all.length; i = next++) results[i] = await send(all[i] as Sent);
    }),
  );
  return results;
}
const inFlight = async (): Promise<number> =>
  Number(/^anshi_http_requests_in_flight (\d+)/m.exec(await metrics.text())?.[1] ?? Number.NaN);
/** Nothing may be left, a moment after the last sender is gone. */
async function quiet(): Promise<unknown> {
  const left = async () => ({
    flying: await inFlight(),
    incoming: await readdir(join(folder, "incoming")).catch(() => []),
    uncaught: [...uncaught],
  });
  for (let i = 0; i < 500 && ((await left()).flying > 0 || (await left()).incoming.length > 0); i += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return left();
}
const nothing = { flying: 0, incoming: [], uncaught: [] };
const boundary = "multipart/form-data; boundary=b";
const form = (content: Buffer, more = "") =>
  Buffer.concat([
    Buffer.from(
      `--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n`,
    ),
    content,
    Buffer.from(`\r\n${more}--b--\r\n`),
  ]);
const text = (length: number) => Buffer.alloc(length, 0x61);
const tally = (all: readonly unknown[]) => [...new Set(all.map(String))].sort();

describe("uploads that end anyhow", () => {
  it("cut off at any byte of their form, there is an answer: none of them is a file", async () => {
    const whole = form(text(80));
    const last = whole.indexOf("--b--") + 4;
    const cuts = Array.from({ length: last }, (_, n) => n);
    const sent = cuts.map(
      (n): Sent => ({
        way: n % 2,
        body: whole.subarray(0, n),
        type: boundary,
        length: n % 4 < 2 ? n : "chunked",
        pieces: 1 + (n % 3),
      }),
    );
    expect(tally(await flood(sent))).toEqual(["400"]);
    expect(await quiet()).toEqual(nothing);
  });

  it("whose sender hangs up at any byte of them leave nothing", async () => {
    const whole = form(text(3000));
    const cuts = [...Array.from({ length: 60 }, (_, n) => n * 4), ...Array.from({ length: 60 }, (_, n) => n * 50)];
    await flood(
      cuts.map(
        (n, i): Sent => ({
          way: i % 2,
          body: (i % 3 === 0 ? text(3000) : whole).subarray(0, n),
          type: i % 3 === 0 ? "text/plain" : boundary,
          length: i % 5 === 0 ? "chunked" : 3300,
          gone: true,
        }),
      ),
    );
    expect(await quiet()).toEqual(nothing);
  });

  it("a little over the limit are refused as too large, at it they are taken, whichever way they come", async () => {
    const sizes = [limit - 1, limit, limit + 1, limit + 100, limit + 1000, limit + 40_000, limit + 65_000];
    for (const chunked of [false, true]) {
      const raw = await flood(
        sizes.map(
          (size): Sent => ({
            way: 0,
            body: text(size),
            type: "text/plain",
            length: chunked ? "chunked" : size,
            pieces: 9,
          }),
        ),
        4,
      );
      expect([chunked, "raw", raw]).toEqual([chunked, "raw", [201, 201, 413, 413, 413, 413, 413]]);
      for (const way of [0, 1]) {
        const ok = way === 0 ? 201 : 302;
        const all = await flood(
          sizes.map(
            (size): Sent => ({
              way,
              body: form(text(size)),
              type: boundary,
              length: chunked ? "chunked" : form(text(size)).length,
              pieces: 9,
            }),
          ),
          4,
        );
        expect([chunked, way, all]).toEqual([chunked, way, [ok, ok, 413, 413, 413, 413, 413]]);
      }
    }
    expect(await quiet()).toEqual(nothing);
  });

  it("with a bad head, too many parts, two files or none are told so", async () => {
    const second = '--b\r\nContent-Disposition: form-data; name="file"; filename="b.txt"\r\n\r\nb\r\n';
    const kinds: [Buffer, number][] = [
      [form(text(10), second), 422],
      [Buffer.from('--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nx\r\n--b--\r\n'), 422],
      [form(Buffer.alloc(0)), 422],
      [Buffer.from("--b\r\n: : :\r\n\r\nx\r\n--b--\r\n"), 400],
      [form(text(10), "--b\r\n\u0000\r\n\r\nx\r\n"), 400],
      [
        form(
          text(10),
          Array.from({ length: 40 }, (_, i) => `--b\r\nContent-Disposition: form-data; name="${i}"\r\n\r\nx\r\n`).join(
            "",
          ),
        ),
        400,
      ],
      [Buffer.from("no form"), 400],
    ];
    for (const way of [0, 1])
      expect(await flood(kinds.map(([body]): Sent => ({ way, body, type: boundary, length: body.length })))).toEqual(
        kinds.map(([, status]) => status),
      );
    expect(await flood([{ way: 0, body: text(5), type: "multipart/form-data", length: 5 }])).toEqual([400]);
    expect(await quiet()).toEqual(nothing);
  });
});
