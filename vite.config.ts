import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Plugin } from "vite";
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
    config: (_config, { isSsrBuild }) => (isSsrBuild ? { build: { rollupOptions: { input: "./app/server.ts" } } } : undefined),
  };
}

export default defineConfig({
  plugins: [messages(), tailwindcss(), remix(remixOptions), ownServer()],
  build: { target: "es2022" },
  server: { watch: { ignored: ["**/.data/**", "**/out/**"] } },
});
