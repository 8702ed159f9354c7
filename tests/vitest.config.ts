import { defineConfig } from "vitest/config";

const root = new URL("..", import.meta.url).pathname;
const shared = { globals: false, environment: "node" as const, root };
const withPostgres = { globalSetup: ["tests/setup/postgres.global.ts"], pool: "forks" as const };
const elsewhere = ["**/*.db.test.ts", "**/node_modules/**"];

/** Four kinds of test, run in this order by `npm test`; each can be run alone with `--project NAME`. */
export default defineConfig({
  root,
  // Test files are many and import each other's world: what Vite would optimise for a browser is of no use here.
  cacheDir: "node_modules/.vite/tests",
  test: {
    root,
    projects: [
      {
        root,
        test: {
          ...shared,
          name: "unit",
          include: [
            "app/**/*.test.{ts,tsx}",
            "workflows/**/*.test.ts",
            "db/**/*.test.ts",
            "seeds/**/*.test.ts",
            "tests/unit/**/*.test.{ts,tsx}",
            "tests/workflows/**/*.test.ts",
          ],
          exclude: elsewhere,
          testTimeout: 30_000,
        },
      },
      {
        root,
        test: {
          ...shared,
          ...withPostgres,
          name: "db",
          include: ["tests/db/**/*.db.test.ts", "app/**/*.db.test.ts", "db/**/*.db.test.ts", "seeds/**/*.db.test.ts"],
          // One world for all files of a worker: the modules load once. Each file has a database of its own.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        root,
        test: {
          ...shared,
          ...withPostgres,
          name: "isolation",
          include: ["tests/isolation/**/*.test.ts", "tests/load/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        root,
        test: {
          ...shared,
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          // They share the machine's cores with a server and a browser.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
