/**
 * The browser's or the server's part of the build, started by build.mjs and nobody else. `remix vite:build` does one after the
 * other, since the server's part holds the list of the browser's files; here it waits for that list when it comes to it.
 */
import { once } from "node:events";
import { build } from "vite";

const side = process.argv[2];
process.once("disconnect", () => process.exit(1));
const browserIsBuilt = once(process, "message");

/** @type {import("vite").Plugin} */
const afterTheBrowser = {
  name: "anshi:after-the-browser",
  load: {
    // Remix's own reads the browser's manifest.
    order: "pre",
    async handler(id) {
      if (id === "\0virtual:remix/server-manifest") await browserIsBuilt;
      return null;
    },
  },
};

try {
  await build({
    mode: "production",
    logLevel: "warn",
    // The PDF worker lies beside the server, and build.mjs has cleared the folder.
    build: { ssr: side === "server", emptyOutDir: false },
    plugins: side === "server" ? [afterTheBrowser] : [],
  });
  process.exit(0);
} catch (error) {
  // Node would print all that rollup hangs on its errors, hundreds of files among it.
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
}
