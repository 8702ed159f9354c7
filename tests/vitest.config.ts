import { renameSync, rmSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { buildPdfWorker } from "../app/pdf/build.mjs";
import { messagesInOne } from "./setup/messages.plugin.ts";

const root = new URL("..", import.meta.url).pathname;
/** Where a project's files are and how they are read. */
const source = { root, plugins: [messagesInOne()] };
const shared = { globals: false, environment: "node" as const, root };
/** Threads that print start from one bundle: from source each of them would compile for seconds. */
const printing = { ANSHI_PDF_WORKER: `${root}node_modules/.anshi/tests/pdf-worker.js` };
// Moved into its place whole: another run of tests may start threads from it.
const part = await buildPdfWorker(`${printing.ANSHI_PDF_WORKER}.${process.pid}.part.js`);
renameSync(part, printing.ANSHI_PDF_WORKER);
rmSync(`${part}.map`);
const withPostgres = { globalSetup: ["tests/setup/postgres.global.ts"], pool: "forks" as const };
/** One running product and one browser for all files of both projects, one file at a time. */
const withProduct = {
  globalSetup: ["tests/e2e/setup/server.global.ts"],
  setupFiles: ["tests/e2e/setup/file.ts"],
  pool: "forks" as const,
  fileParallelism: false,
  // One world for all files, one after another: thirty of them would import the product's schemas and the browser's driver anew.
  isolate: false,
  testTimeout: 180_000,
  hookTimeout: 180_000,
};
/** Rules of the load and of odd requests, which stand in the folders of what uses them. */
const pureBesideServers = ["tests/load/figures.test.ts", "tests/isolation/fuzz/values.test.ts"];
/** Rules that take their time, by themselves: so that they stand beside whatever ends sooner. */
const slow = ["app/platform/expressions.test.ts", "app/platform/watchdog.server.test.ts"];
const elsewhere = ["**/*.db.test.ts", "**/node_modules/**", ...slow];

/** Seven kinds of test, run in this order by `npm test`; each can be run alone with `--project NAME`. */
export default defineConfig({
  root,
  // Test files are many and import each other's world: what Vite would optimise for a browser is of no use here.
  cacheDir: "node_modules/.vite/tests",
  test: {
    root,
    // graphile-worker's batch of finished jobs is awaited by nobody: a connection that it asked for while its worker was being
    // stopped ends ten seconds later in a rejection of its own, in whatever file runs then, and so does one that is cut while
    // the batch is noted. The product logs both and goes on.
    onUnhandledError: (error) =>
      !(
        /^(?:timeout exceeded when trying to connect|terminating connection due to administrator command)$/.test(
          error.message,
        ) && /graphile-worker/.test(error.stack ?? JSON.stringify(error))
      ),
    projects: [
      {
        ...source,
        test: {
          ...shared,
          name: "unit",
          env: printing,
          include: [
            "app/**/*.test.{ts,tsx}",
            "workflows/**/*.test.ts",
            "db/**/*.test.ts",
            "seeds/**/*.test.ts",
            "tests/workflows/**/*.test.ts",
            "tests/asvs/**/*.test.ts",
            "tests/house/**/*.test.ts",
            ...pureBesideServers,
          ],
          exclude: elsewhere,
          // Rules are pure: each module loads once for all files, which is more than half of the time that isolated files took.
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        ...source,
        test: { ...shared, name: "slow", include: slow, testTimeout: 30_000 },
      },
      {
        ...source,
        test: {
          ...shared,
          ...withPostgres,
          name: "db",
          env: printing,
          setupFiles: ["tests/setup/declarations.ts"],
          include: ["tests/db/**/*.db.test.ts", "app/**/*.db.test.ts", "db/**/*.db.test.ts", "seeds/**/*.db.test.ts"],
          // One world for all files of a worker: the modules load once. Each file has a database of its own.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...source,
        test: {
          ...shared,
          ...withPostgres,
          name: "isolation",
          setupFiles: ["tests/setup/declarations.ts"],
          include: ["tests/isolation/**/*.test.ts", "tests/load/**/*.test.ts"],
          exclude: [...pureBesideServers, "**/node_modules/**"],
          // As for `db`: each of ten files would import the product anew.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...source,
        test: {
          ...shared,
          ...withProduct,
          name: "keys",
          include: ["tests/api/keys.test.ts"],
          // It looks at all there is: before the others change it.
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...source,
        test: {
          ...shared,
          ...withProduct,
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          maxConcurrency: 4,
          // After the others: they share the machine's cores with a server and a browser.
          sequence: { groupOrder: 2 },
        },
      },
      {
        ...source,
        test: {
          ...shared,
          ...withProduct,
          name: "api",
          include: ["tests/api/**/*.test.ts"],
          exclude: ["tests/api/keys.test.ts", "**/node_modules/**"],
          // After e2e, one of whose files takes the product's database away for a while.
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
