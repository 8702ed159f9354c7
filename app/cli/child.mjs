/** Programs that ours starts and waits for: what they say is kept, and they end when ours is told to end. */
import { spawn } from "node:child_process";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */
/** @typedef {{ status: number | null, said: string }} Ended `status`: null when a signal ended it or it could not be started */

/** @type {Map<ChildProcess, Promise<Ended>>} */
const running = new Map();

/**
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env] beside ours
 * @param {(line: string) => void} [options.onLine] each line of its standard output as it comes; it is not in `said` then
 * @param {boolean} [options.talks] it gets a channel, and notices by it when we are gone
 * @param {boolean} [options.apart] a group of its own: Ctrl-C reaches it through us alone
 * @returns {{ child: ChildProcess, ended: Promise<Ended> }}
 */
export function begin(command, args, { cwd, env, onLine, talks = false, apart = false } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: apart,
    stdio: ["ignore", "pipe", "pipe", ...(talks ? /** @type {const} */ (["ipc"]) : [])],
    shell: process.platform === "win32" && command === "npm",
  });
  let said = "";
  let rest = "";
  child.stderr?.on("data", (part) => (said += String(part)));
  child.stdout?.setEncoding("utf8").on("data", (part) => {
    if (!onLine) return void (said += part);
    const lines = (rest + part).split("\n");
    rest = lines.pop() ?? "";
    for (const one of lines) onLine(one);
  });
  /** @type {Promise<Ended>} */
  const ended = new Promise((resolve) => {
    child.on("error", (error) => child.pid === undefined && resolve({ status: null, said: error.message }));
    // `close` and not `exit`: its last words have been read then. Who else holds the pipe must not keep us waiting.
    const over = (/** @type {number | null} */ status) => {
      if (rest !== "") onLine?.(rest);
      rest = "";
      resolve({ status, said });
    };
    child.once("close", over);
    child.once("exit", (status) => setTimeout(() => over(status), 500).unref());
  });
  running.set(child, ended);
  void ended.then(() => running.delete(child));
  return { child, ended };
}

/** Runs Node on a file. @param {string[]} args @param {Parameters<typeof begin>[2]} [options] */
export const beginNode = (args, options) => begin(process.execPath, args, options);

let ending = false;
/** Have all been told to end? */
export const isEnding = () => ending;

/** Tells all to end, and waits until they have. */
export async function endAll() {
  ending = true;
  for (const child of running.keys()) child.kill("SIGTERM");
  await Promise.all(running.values());
}

/**
 * Until `over()`, a signal ends what we have started, in order, and then us as if nobody had listened.
 * @returns {{ over(): void }}
 */
export function endTogether() {
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  const over = () => {
    for (const signal of signals) process.off(signal, end);
  };
  /** @param {NodeJS.Signals} signal */
  function end(signal) {
    over();
    void endAll().then(() => process.kill(process.pid, signal));
  }
  for (const signal of signals) process.on(signal, end);
  return { over };
}
