import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Arguments of `new Worker`: a file, or code to evaluate. */
export interface WorkerEntry {
  readonly source: string;
  readonly evaluate: boolean;
  readonly env: Readonly<Record<string, string>>;
}

const BUNDLE = "pdf-worker.js";

/**
 * Which file the worker thread runs, decided by where this module runs from: inside `build/server` it is the bundle that
 * `app/pdf/build.mjs` wrote there; from the source tree (tests, development, command line) it is the source itself, read
 * through tsx. Throws when neither is there, naming both places. Tests name a bundle that they made before (`ANSHI_PDF_WORKER`):
 * each thread from source compiles all of it anew.
 */
export function workerEntry(from: string = import.meta.url): WorkerEntry {
  const made = process.env["ANSHI_PDF_WORKER"];
  if (made) return { source: made, evaluate: false, env: {} };
  const folder = path.dirname(fileURLToPath(from));
  for (const up of [".", ".."]) {
    const bundle = path.join(folder, up, BUNDLE);
    if (fs.existsSync(bundle)) return { source: bundle, evaluate: false, env: {} };
  }
  const source = path.join(folder, "worker.tsx");
  if (!fs.existsSync(source)) throw new Error(`No PDF worker: neither ${BUNDLE} nor worker.tsx beside ${folder}`);
  // In Node 20 a thread has loaders of its own and `--import tsx` reaches the main thread only: the thread registers it itself.
  // Its ES module lies beside the CommonJS one that `require.resolve` finds, and only the former finds its own hooks.
  const tsx = pathToFileURL(
    createRequire(from)
      .resolve("tsx/esm/api")
      .replace(/\.cjs$/, ".mjs"),
  ).href;
  const code = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(pathToFileURL(source).href)}); });`;
  // tsx looks for tsconfig.json in the working folder; a process started elsewhere must still compile JSX.
  return { source: code, evaluate: true, env: { TSX_TSCONFIG_PATH: path.join(folder, "..", "..", "tsconfig.json") } };
}
