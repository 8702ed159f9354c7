import { defineConfig } from "vitest/config";

const root = new URL("..", import.meta.url).pathname;
const shared = { globals: false, environment: "node" as const, root };

/** Four kinds of test, run in this order by `npm test`; each can be run alone with `--project NAME`. */
export default defineConfig({
  root,
  test: {
    root,
    projects: [
      {
        root,
        test: {
          ...shared,
          name: "unit",
          include: ["app/**/*.test.{ts,tsx}", "workflows/**/*.test.ts", "seeds/**/*.test.ts", "tests/unit/**/*.test.ts", "tests/workflows/**/*.test.ts"],
          exclude: ["**/*.db.test.ts", "**/node_modules/**"],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
