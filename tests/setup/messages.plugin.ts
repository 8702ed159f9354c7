import { build } from "esbuild";
import type { Plugin } from "vite";

/**
 * All messages as one module: three thousand small ones, fetched one by one by every process of tests, took longer than
 * everything else that a test imports. What runs is the same text; the runtime beside them stays a module of its own.
 */
export function messagesInOne(): Plugin {
  let bundled: Promise<string> | undefined;
  return {
    name: "anshi:messages-in-one",
    load(id) {
      if (!id.endsWith("/app/i18n/paraglide/messages.js")) return null;
      return (bundled ??= bundle(id));
    },
  };
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "es2022",
    plugins: [
      {
        name: "beside",
        setup: (esbuild) =>
          esbuild.onResolve({ filter: /\/(?:runtime|registry)\.js$/ }, ({ path }) => ({
            path: path.replace(/^\.\.\//, "./"),
            external: true,
          })),
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}
