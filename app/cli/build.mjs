/** `npm run build`: messages, server and interface, the PDF worker, then the interface's files compressed once instead of at every request. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { checkNode, ensurePackages, enterRoot, fail, node, root, sourcesHash, stampBuild } from "./prepare.mjs";

checkNode();
enterRoot();
ensurePackages();
const hash = sourcesHash();
rmSync(path.join(root, "build"), { recursive: true, force: true });
const cli = path.join(root, "node_modules/@remix-run/dev/dist/cli.js");
if (node([cli, "vite:build", "--logLevel", "warn"], { NODE_ENV: "production" }).status !== 0)
  fail("vite:build failed.");
if (node([path.join(root, "app/pdf/build.mjs")], { NODE_ENV: "production" }).status !== 0)
  fail("The PDF worker could not be bundled.");
compress(path.join(root, "build/client"));
stampBuild(hash);

/** @param {string} folder */
function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|svg|json|txt|webmanifest|ttf)$/.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const plain = readFileSync(file);
    if (plain.length < 1024) continue;
    writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }));
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }),
    );
  }
}
