import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { WriteOptions } from "hucre/xlsx";

/*
 * Workbooks are written in a thread: a survey of a sector takes fifty milliseconds of a core, and a hundred people who want
 * theirs at once would hold everybody's pages for five seconds. One thread, one workbook after another: two cores have no
 * third one to give.
 */

/** Plain code that is handed to the thread, so that nothing has to be bundled for it. */
const code = `
const { parentPort, workerData } = require("node:worker_threads");
const library = import(workerData.library);
let last = Promise.resolve();
parentPort.on("message", ({ id, options }) => {
  last = last.then(async () => {
    try {
      const { writeXlsx } = await library;
      const bytes = Uint8Array.from(await writeXlsx(options));
      parentPort.postMessage({ id, bytes }, [bytes.buffer]);
    } catch (error) {
      parentPort.postMessage({ id, error });
    }
  });
});
`;

interface Reply {
  id: number;
  bytes?: Uint8Array;
  error?: unknown;
}
interface Waiting {
  resolve(bytes: Uint8Array): void;
  reject(error: unknown): void;
}

let thread: Worker | undefined;
let count = 0;
const waiting = new Map<number, Waiting>();

function begin(): Worker {
  const library = pathToFileURL(createRequire(import.meta.url).resolve("hucre/xlsx")).href;
  const made = new Worker(code, { eval: true, workerData: { library }, execArgv: [], env: {} });
  made.on("message", ({ id, bytes, error }: Reply) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) made.unref();
    if (bytes) one?.resolve(bytes);
    else one?.reject(error);
  });
  const lost = (error: unknown) => {
    if (thread !== made) return;
    thread = undefined;
    const all = [...waiting.values()];
    waiting.clear();
    for (const one of all) one.reject(error);
  };
  made.on("error", lost);
  made.on("exit", (status) => lost(new Error(`the thread that writes workbooks ended with ${status}`)));
  return made;
}

/** The bytes of an XLSX file, written apart from the event loop. @throws what the library throws, or that the thread ended */
export function xlsxBytes(options: WriteOptions): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    thread ??= begin();
    count += 1;
    waiting.set(count, { resolve, reject });
    // A thread that waits for work must not keep a finished process alive.
    thread.ref();
    try {
      thread.postMessage({ id: count, options }, []);
    } catch (error) {
      waiting.delete(count);
      if (waiting.size === 0) thread.unref();
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
