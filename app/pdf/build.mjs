import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** `#app/…` and its siblings are files of this project: they go into the bundle, packages stay outside it. */
const ownImports = {
  name: "own-imports",
  setup(/** @type {import("esbuild").PluginBuild} */ bundle) {
    bundle.onResolve({ filter: /^#/ }, ({ path: name }) => ({ path: path.join(root, name.slice(1)) }));
    bundle.onResolve({ filter: /^[^.#/]/ }, ({ path: name, kind }) =>
      kind === "entry-point" ? undefined : { path: name, external: true },
    );
  },
};

/**
 * Bundles the PDF worker for production.
 * @param {string} outfile where to write it; beside the server by default
 * @returns {Promise<string>} the file written
 */
export async function buildPdfWorker(outfile = path.join(root, "build/server/pdf-worker.js")) {
  await build({
    entryPoints: [path.join(root, "app/pdf/worker.tsx")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    jsx: "automatic",
    sourcemap: true,
    logLevel: "warning",
    plugins: [ownImports],
  });
  return outfile;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.stdout.write(`${await buildPdfWorker()}\n`);
