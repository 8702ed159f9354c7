import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Plugin, type Rollup } from "vite";
import { compileMessages } from "./app/i18n/compile.mjs";
import remixOptions from "./remix.config.js";

/** Compiles the messages before anything imports them, and again when a message file changes in development. */
function messages(): Plugin {
  return {
    name: "anshi:messages",
    enforce: "pre",
    buildStart: { order: "pre", sequential: true, handler: compileMessages },
    configureServer(server) {
      server.watcher.on("all", (_event, file) => {
        if (!/app\/i18n\/messages\/.*\.json$/.test(file)) return;
        compileMessages().catch((error: unknown) => server.config.logger.error(String(error)));
      });
    },
  };
}

/**
 * One bundle holds the Hono server and Remix: app/server.ts imports virtual:remix/server-build. Remix's plugin sets the
 * input itself and heeds no other, so this stands behind it.
 */
function ownServer(): Plugin {
  return {
    name: "anshi:own-server",
    enforce: "post",
    config: (_config, { isSsrBuild }) =>
      isSsrBuild ? { build: { rollupOptions: { input: "./app/server.ts" } } } : undefined,
  };
}

/**
 * What every page needs in few files, so that a click does not ask for dozens: the framework, the kit with its words, the
 * charts. All else, each message a module of its own, goes with the pages that use it.
 */
function chunkOf(id: string): string | undefined {
  if (/node_modules\/(react|react-dom|scheduler|@remix-run|react-router|react-router-dom|turbo-stream)\//.test(id))
    return "framework";
  if (/node_modules\/@conform-to\/|app\/ui\/conform\.ts/.test(id)) return "conform";
  if (/app\/ui\/(charts\/|diagram)|node_modules\/(d3-[a-z-]+|internmap)\//.test(id)) return "charts";
  if (
    /app\/(ui\/|nonce|platform\/cells|i18n\/(format|pick|locale)\.ts|i18n\/paraglide\/(runtime|registry|messages\/(ui_|glass_banner_|glass_end)))/.test(
      id,
    )
  )
    return "kit";
  return undefined;
}

/** Behind Remix's plugin for the same reason as ownServer. */
function fewChunks(): Plugin {
  return {
    name: "anshi:few-chunks",
    enforce: "post",
    config: (_config, { command, isSsrBuild }) =>
      command === "build" && !isSsrBuild
        ? { build: { rollupOptions: { output: { manualChunks: chunkOf, onlyExplicitManualChunks: true } } } }
        : undefined,
  };
}

/** Neither is ours to mend: routes without a page have an empty chunk, and a package writes its annotations for esbuild. */
function onwarn(warning: Rollup.RollupLog, show: (warning: Rollup.RollupLog) => void): void {
  if (warning.code === "EMPTY_BUNDLE") return;
  if (warning.code === "INVALID_ANNOTATION" && warning.id?.includes("node_modules")) return;
  show(warning);
}

export default defineConfig({
  plugins: [messages(), tailwindcss(), remix(remixOptions), ownServer(), fewChunks()],
  build: { target: "es2022", rollupOptions: { onwarn } },
  // Named, not searched for: the search follows routes down to the server's packages before Remix takes that part out, and
  // what it finds late brings a second React into the page. These are the ones that the browser needs bundled.
  optimizeDeps: {
    noDiscovery: true,
    include: [
      "react",
      "react/jsx-runtime",
      "react/jsx-dev-runtime",
      "react-dom",
      "react-dom/client",
      "@remix-run/react",
      "@conform-to/react",
      "@simplewebauthn/browser",
      "@conform-to/zod/v4",
      "zod",
    ],
  },
  server: { watch: { ignored: ["**/.data/**", "**/out/**"] } },
});
