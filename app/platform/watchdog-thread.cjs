/*
 * The thread that looks on: notices that the main one stands still, says so with what it was at, answers /healthz, and ends a
 * process that stands for good. It is loaded as text and run as a script (CommonJS), so that no bundler has to find it.
 * Nothing here may ask the main thread for anything.
 */
const { workerData, parentPort } = require("node:worker_threads");
const { createServer } = require("node:http");
const fs = require("node:fs");

const { beat, running, healthPort, limitMs, endAfterMs, everyMs, logs } = workerData;
const beats = new BigInt64Array(beat);
const bytes = new Uint8Array(running);
const times = new BigInt64Array(running);
const lengths = new Int32Array(running);
const slotBytes = 256;

/** Straight to the file: the main thread's streams stand still with it. */
function write(fd, text) {
  for (let tries = 0; tries < 50; tries += 1) {
    try {
      return fs.writeSync(fd, text);
    } catch (error) {
      // A pipe that is full for the moment.
      if (error.code !== "EAGAIN") return 0;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
  return 0;
}
const log = (level, line) =>
  logs && write(1, `${JSON.stringify({ level, time: new Date().toISOString(), ...line })}\n`);

/** What was begun and has not ended, the longest first. */
function whatRuns() {
  const now = process.hrtime.bigint();
  const found = [];
  for (let at = 0; at < bytes.length; at += slotBytes) {
    const length = Atomics.load(lengths, at / 4 + 2);
    if (length > 0)
      found.push({
        what: Buffer.from(bytes.slice(at + 16, at + 16 + length)).toString("utf8"),
        ms: Number((now - times[at / 8]) / 1_000_000n),
      });
  }
  return found.sort((a, b) => b.ms - a.ms).slice(0, 8);
}

/**
 * Where the main thread stands, by Node's own inspector: it interrupts running code, is told the frames, and lets it go on. Once
 * a stall and never before one, since an enabled debugger is not free. Null when no code can be interrupted (a long native call).
 */
function whereItStands(patienceMs) {
  return new Promise((resolve) => {
    let session;
    try {
      const { Session } = require("node:inspector");
      session = new Session();
      session.connectToMainThread();
    } catch {
      return resolve(null);
    }
    const scripts = new Map();
    const done = (frames) => {
      clearTimeout(timer);
      try {
        session.disconnect();
      } catch {
        // Gone already.
      }
      resolve(frames);
    };
    const timer = setTimeout(() => done(null), patienceMs);
    session.on("Debugger.scriptParsed", ({ params }) => scripts.set(params.scriptId, params.url));
    session.on("Debugger.paused", ({ params }) => {
      session.post("Debugger.resume");
      const place = ({ functionName, location }) =>
        `${functionName || "(anonymous)"} ${(scripts.get(location.scriptId) ?? "").replace(/^file:\/\//, "")}:${location.lineNumber + 1}`;
      done(params.callFrames.slice(0, 12).map(place));
    });
    session.post("Debugger.enable");
    session.post("Debugger.pause");
  });
}

let last = -1n;
let lastLook = process.hrtime.bigint();
let stoodMs = 0;
let told = null;

function look() {
  const now = process.hrtime.bigint();
  // A whole process that was stopped, or a machine that slept: that is not the loop's doing.
  const passed = Math.min(Number((now - lastLook) / 1_000_000n), everyMs * 3);
  lastLook = now;
  const current = Atomics.load(beats, 0);
  if (current !== last) {
    last = current;
    if (told !== null) {
      log("warn", { stoodMs: Math.round(stoodMs), running: told, msg: "the event loop turns again" });
      parentPort.postMessage({ stallMs: stoodMs });
    }
    told = null;
    stoodMs = 0;
    return;
  }
  stoodMs += passed;
  if (told === null && stoodMs > limitMs) {
    told = whatRuns();
    const first = { stoodMs: Math.round(stoodMs), running: told };
    void whereItStands(1_000).then((stack) =>
      log("warn", { ...first, ...(stack === null ? {} : { stack }), msg: "the event loop stands still" }),
    );
  }
  if (stoodMs > endAfterMs) end();
}

function end() {
  const seconds = Math.round(stoodMs / 1000);
  log("fatal", {
    stoodMs: Math.round(stoodMs),
    running: whatRuns(),
    msg: "the event loop stood for too long: the process is ended",
  });
  write(2, `anshi-watchdog: the event loop stood for ${seconds} s\n`);
  process.kill(process.pid, "SIGKILL");
}

function answer(request, response) {
  const plain = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  if ((request.url ?? "").split("?")[0] !== "/healthz") return response.writeHead(404, plain).end("not found");
  if (request.method !== "GET" && request.method !== "HEAD")
    return response.writeHead(405, { ...plain, allow: "GET, HEAD" }).end();
  if (stoodMs <= limitMs) return response.writeHead(200, plain).end("ok");
  return response
    .writeHead(503, { ...plain, "retry-after": "5" })
    .end(`the event loop has stood still for ${(stoodMs / 1000).toFixed(1)} s`);
}

function turn() {
  setInterval(look, everyMs);
  parentPort.postMessage({ up: true });
}

if (healthPort === undefined) turn();
else {
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 5_000, connectionsCheckingInterval: 1_000, keepAliveTimeout: 5_000 },
    answer,
  );
  server.maxConnections = 50;
  server.once("error", (error) => parentPort.postMessage({ failed: error.code ?? error.message }));
  server.listen({ port: healthPort, host: "127.0.0.1" }, turn);
}
