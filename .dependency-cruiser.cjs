/**
 * The walls of the house: imports go down only.
 * routes → features → request → domain → {workflows, db, platform, pdf, ui, i18n}
 */
const test = "\\.test\\.tsx?$";
const feature = "^app/features/([^/]+)/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    {
      name: "request-and-domain-know-no-feature",
      severity: "error",
      from: { path: "^app/(request|domain)/", pathNot: test },
      to: { path: "^app/features/" },
    },
    {
      name: "workflows-are-pure",
      comment: "A machine knows XState and its own words; no database, no interface, no clock of the system.",
      severity: "error",
      from: { path: "^workflows/", pathNot: test },
      to: { pathNot: ["^workflows/", "node_modules/xstate/"] },
    },
    {
      name: "db-knows-no-application",
      severity: "error",
      from: { path: "^db/", pathNot: test },
      to: { path: ["^app/", "^seeds/", "^tests/"] },
    },
    {
      name: "db-takes-types-of-workflows",
      severity: "error",
      from: { path: "^db/", pathNot: test },
      to: { path: "^workflows/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "lower-floors-know-no-feature",
      severity: "error",
      from: { path: ["^app/ui/", "^app/pdf/", "^app/i18n/", "^app/platform/"], pathNot: test },
      to: { path: "^app/(features|request|domain)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "ui-pdf-i18n-ask-nobody",
      comment: "They draw what they are given.",
      severity: "error",
      from: { path: ["^app/ui/", "^app/pdf/", "^app/i18n/"], pathNot: test },
      to: { path: ["^db/", "^workflows/", "^seeds/"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "platform-does-not-draw",
      severity: "error",
      from: { path: "^app/platform/", pathNot: test },
      to: { path: ["^app/ui/", "^app/pdf/", "^workflows/", "^seeds/"] },
    },
    {
      name: "features-by-their-doors",
      comment: "A feature reaches another through its use-cases, rules or schemas only. Shared on purpose: the acts of a workflow, what an approval of a document no longer covers, form results, the frame of the settings. The home page is made of other features' parts.",
      severity: "error",
      from: { path: feature, pathNot: [test, "^app/features/home/"] },
      to: { path: feature, pathNot: ["^app/features/$1/", "\\.(server|rules|schema)\\.ts$", "^app/features/(workflow|document)/components/", "^app/features/identity/components/(form-result|settings-frame)\\.tsx?$", "\\.public\\.tsx?$"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nobody-imports-a-route",
      severity: "error",
      from: { pathNot: ["^app/routes\\.ts$", test] },
      to: { path: "^app/features/[^/]+/routes/" },
    },
    {
      name: "io-in-server-files",
      comment: "A plain module that a component uses ships to the browser in silence; a .server one fails the build.",
      severity: "error",
      from: {
        path: "^app/",
        pathNot: ["\\.server\\.tsx?$", test, "\\.[cm]js$", "^app/server\\.ts$", "^app/entry\\.server\\.tsx$", "^app/cli/", "^app/routes\\.ts$", "^app/pdf/"],
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "server-files-in-server-files",
      comment: "Routes may: Remix strips what their loaders and actions use. Types vanish.",
      severity: "error",
      from: {
        path: "^app/",
        pathNot: ["\\.server\\.tsx?$", test, "\\.mjs$", "^app/server\\.ts$", "^app/root\\.tsx$", "^app/features/[^/]+/routes/", "^app/features/[^/]+/api\\.ts$", "\\.kind\\.ts$", "^app/cli/", "^app/pdf/worker\\.tsx?$"],
      },
      to: { path: "\\.server\\.tsx?$", dependencyTypesNot: ["type-only"] },
    },
    { name: "io-in-server-files-db", severity: "error", from: { path: "^db/", pathNot: ["\\.server\\.ts$", test, "drizzle\\.config\\.ts$"] }, to: { dependencyTypes: ["core"] } },
    {
      name: "components-touch-no-database",
      severity: "error",
      from: { path: "\\.tsx$", pathNot: [test, "\\.server\\.tsx$"] },
      to: { path: "^db/", pathNot: "^db/vocabulary\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    { name: "nobody-imports-tests", severity: "error", from: { path: "^(app|db|workflows|seeds)/", pathNot: test }, to: { path: ["^tests/", test] } },
    { name: "everything-resolves", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: ["^virtual:", "paraglide", "\\?url$", "\\+types"] } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^app/i18n/paraglide", "^build/", "^out/"] },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"], extensions: [".ts", ".tsx", ".mjs", ".js", ".json"] },
    moduleSystems: ["es6", "cjs"],
  },
};
