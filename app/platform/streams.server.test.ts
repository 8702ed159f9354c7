import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { deafStreams } from "#tests/house/streams.ts";
import { heard } from "./streams.server.ts";

const root = new URL("../..", import.meta.url).pathname;

describe("streams that nobody hears", () => {
  it("there are none in the house", () => {
    const files = ["app", "db", "workflows", "seeds"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    );
    const own = files.filter(
      (name) => /\.(?:tsx?|mjs)$/.test(name) && !/\.test\.tsx?$|paraglide|node_modules/.test(name),
    );
    expect(own.length).toBeGreaterThan(300);
    expect(own.flatMap((name) => deafStreams(name, readFileSync(join(root, name), "utf8")))).toEqual([]);
  });

  it.each([
    ["a listener that hears once", 'parser.once("error", reject);'],
    ["a file that is read by nobody yet", "function f() { const file = createReadStream(path); return file; }"],
    [
      "listened to after an await",
      'async function f() { const s = Readable.fromWeb(body); await open(path); s.on("error", no); }',
    ],
    ["piped without a listener", "function f() { const file = createReadStream(a); file.pipe(out); }"],
    ["a form's parser", "function f() { const p = busboy({ headers }); p.on('file', g); body.pipe(p); }"],
    [
      "an entry of a ZIP",
      "async function f() { const s = await zip.openReadStreamPromise(entry); for await (const c of s) use(c); }",
    ],
    ["a request", "function f() { const r = (secure ? https : http).request(url); r.end(); }"],
    ["a transform", "const watch = new Transform({}); source.pipe(watch);"],
    ["the error of another stream", 'function f() { const a = createReadStream(x); b.on("error", no); return a; }'],
    ["in an object", "const o = { input: createReadStream(path) };"],
    [
      "heard in another function",
      'function f() { const s = createReadStream(x); return s; } function g(s) { s.on("error", no); }',
    ],
    ["as an argument of somebody else's", "send(createReadStream(path));"],
  ])("finds %s", (_what, text) => expect(deafStreams("planted.ts", text)).toHaveLength(1));

  it.each([
    ["heard at once", "const s = heard(createReadStream(path)); await x; use(s);"],
    ["heard and awaited", "const s = heard(await zip.openReadStreamPromise(entry));"],
    [
      "a listener in the next line",
      'function f() { const s = createReadStream(path); s.on("data", g); s.on("error", no); }',
    ],
    ["a chain", 'createReadStream(path).on("data", g).on("error", no);'],
    ["a pipeline", "async function f() { const s = createReadStream(path); await pipeline(s, out); }"],
    ["a pipeline of what was just made", "await pipeline(createReadStream(path), out);"],
    ["handed to the web", "return Readable.toWeb(createReadStream(path)) as ReadableStream;"],
    ["no stream at all", 'Buffer.from("x"); Array.from(list); new Request(url); request(url);'],
  ])("lets %s be", (_what, text) => expect(deafStreams("planted.ts", text)).toEqual([]));

  it("heard keeps a stream from ending the process, however often it errs", async () => {
    const stream = heard(new PassThrough());
    const said: unknown[] = [];
    stream.once("error", (error) => said.push(error));
    stream.emit("error", new Error("one"));
    stream.emit("error", new Error("two"));
    stream.destroy(new Error("three"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(said).toHaveLength(1);
  });
});
