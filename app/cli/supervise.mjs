/**
 * Keeps one program running: starts it, tells why it ended, starts it again. Plain Node without packages, so small that
 * nothing in it can run out of memory or stand still with the server.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";

/** An end after this long is an accident of its own, not part of a loop. */
const healthyAfterMs = 60_000;
/** So many ends in a row, each before that, and it is given up. */
const endsAtMost = 5;
/** Before each next attempt, in milliseconds: the first at once, since readers wait. */
const rests = [0, 1_000, 3_000, 8_000];
const stderrKept = 16_384;

/**
 * @typedef {object} Supervised
 * @property {string[]} args of Node: its own flags, the file, the file's arguments
 * @property {string} name in the lines that people read
 * @property {string} [whenGivenUp] what else they should know then
 * @property {number} [healthyMs] for tests
 * @property {number[]} [restsMs] for tests
 */

/**
 * Runs the program until it ends as it was told to, fails its first start, or ends again and again.
 *
 * The program sends `{ ready: true, port }` when it takes requests. Before that, at the first start, status 1 means a
 * reason that it has named itself: it is not tried again. Any other end is an accident.
 * The program has a process group of its own: Ctrl-C reaches it through us alone, once for each time it was pressed.
 * @param {Supervised} options
 * @returns {Promise<number>} the exit status: 0 ended in order as told, 1 could not start or is given up or was cut short
 */
export async function supervise({ args, name, whenGivenUp = "", healthyMs = healthyAfterMs, restsMs = rests }) {
  const state = {
    told: /** @type {string | null} */ (null),
    child: /** @type {import("node:child_process").ChildProcess | null} */ (null),
    wake: () => {},
  };
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      state.told = signal;
      state.child?.kill(signal);
      state.wake();
    });
  }
  let port = "";
  let everReady = false;
  for (let ends = 0; ; ) {
    const begun = Date.now();
    const end = await run(args, port === "" ? {} : { PORT: port }, state, (message) => {
      everReady = true;
      port = String(message.port);
    });
    if (state.told !== null) return end.code ?? (end.signal === state.told ? 0 : 1);
    if (end.code === 0) return 0;
    if (!everReady && end.code === 1) return 1;
    const lived = Date.now() - begun;
    ends = lived >= healthyMs ? 1 : ends + 1;
    const cause = causeOf(end);
    const about = { pid: end.pid, cause, code: end.code, signal: end.signal, livedSeconds: Math.round(lived / 1000) };
    if (ends >= endsAtMost) {
      log({ ...about, ends, msg: "the server ended again and again and is given up" });
      process.stderr.write(
        `\n${name} ended ${ends} times in a row and is not started again. The last time: ${cause}. Its own lines stand above.${whenGivenUp === "" ? "" : ` ${whenGivenUp}`}\n`,
      );
      return 1;
    }
    const restMs = restsMs[Math.min(ends, restsMs.length) - 1] ?? 0;
    log({ ...about, againInMs: restMs, msg: "the server ended by accident and is started again" });
    await rest(restMs, state);
    if (state.told !== null) return 0;
  }
}

/**
 * @typedef {object} End
 * @property {number | undefined} pid
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {string} said the end of what it wrote to standard error
 * @property {string} [failure] it could not even be started
 */

/**
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @param {{ child: import("node:child_process").ChildProcess | null }} state
 * @param {(message: { ready: true, port: number }) => void} ready
 * @returns {Promise<End>}
 */
function run(args, env, state, ready) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "inherit", "pipe", "ipc"],
      detached: true,
      env: { ...process.env, ...env },
    });
    state.child = child;
    let said = "";
    child.stderr?.on("data", (part) => {
      process.stderr.write(part);
      said = (said + String(part)).slice(-stderrKept);
    });
    child.stderr?.on("error", () => {});
    child.on("message", (message) => {
      if (typeof message === "object" && message !== null && "ready" in message) ready(/** @type {any} */ (message));
    });
    child.on(
      "error",
      (error) =>
        child.pid === undefined && resolve({ pid: undefined, code: null, signal: null, said, failure: error.message }),
    );
    // `close` and not `exit`: its last words have been read then. Who else holds the pipe must not keep us waiting.
    const over = (/** @type {number | null} */ code, /** @type {NodeJS.Signals | null} */ signal) => {
      // The next one may run by now.
      if (state.child === child) state.child = null;
      resolve({ pid: child.pid, code, signal, said });
    };
    child.once("close", over);
    child.once("exit", (code, signal) => setTimeout(() => over(code, signal), 500).unref());
  });
}

/** What a person should be told. @param {End} end @returns {string} */
export function causeOf({ code, signal, said, failure }) {
  if (failure !== undefined) return `it could not be started (${failure})`;
  if (/heap out of memory|Failed to reserve virtual memory|allocation failed/i.test(said))
    return "out of memory (the heap of Node ended)";
  const watchdog = /^anshi-watchdog: (.+)$/m.exec(said)?.[1];
  if (watchdog !== undefined) return watchdog;
  if (signal === "SIGKILL") return "killed (SIGKILL), by somebody or by the system for want of memory";
  if (signal !== null) return `ended by ${signal}`;
  if (code !== null && code > 128) return `ended by signal ${nameOf(code - 128)}`;
  return code === 1 ? "an error that nobody caught" : `exit status ${code}`;
}

/** @param {number} number */
const nameOf = (number) =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? String(number);

/** One JSON line, as the server's own. @param {Record<string, unknown>} line */
function log(line) {
  process.stdout.write(`${JSON.stringify({ level: "fatal", time: new Date().toISOString(), ...line })}\n`);
}

/** @param {number} ms @param {{ wake: () => void }} state @returns {Promise<void>} */
function rest(ms, state) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    state.wake = () => (clearTimeout(timer), resolve());
  });
}
