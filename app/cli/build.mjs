/**
 * `npm run build`: messages, the browser's part beside the server's and the PDF worker, then the browser's files compressed
 * once instead of at every request. With `--unless-built` it does nothing where these very sources are built.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { beginNode, endAll, endTogether } from "./child.mjs";
import { ensurePackages } from "./packages.mjs";
import { checkNode, ensureMessages, enterRoot, isBuilt, root, sourcesHash, stampBuild } from "./prepare.mjs";
import { fail, say } from "./show.mjs";
import { takeTurn } from "./turn.mjs";

const at = (...parts) => path.join(root, ...parts);

checkNode();
enterRoot();
endTogether();
// Whoever started us is gone: nobody waits for the build.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
await ensurePackages();
process.env.NODE_ENV = "production";
await ensureMessages();
// Whoever started us may need them too.
process.send?.("messages");
const turn = await takeTurn(at("node_modules/.anshi/building"), (pid) =>
  say(`waiting for process ${pid}, which builds`),
);
if (!process.argv.includes("--unless-built") || !isBuilt()) await build();
turn.end();

async function build() {
  const hash = sourcesHash();
  rmSync(at("build"), { recursive: true, force: true });
  const { buildPdfWorker } = await import("../pdf/build.mjs");
  const browser = part("browser");
  const server = part("server");
  await Promise.all([
    browser.ended.then(() => {
      // The server's part asks where the browser's files lie.
      server.child.send("browser");
      return compress(at("build/client"));
    }),
    server.ended,
    buildPdfWorker().catch((error) => fail(`The PDF worker could not be bundled: ${error.message}`)),
  ]);
  // What only the server's part knew of.
  await compress(at("build/client"));
  for (const side of ["client", "server"]) rmSync(at("build", side, ".vite"), { recursive: true, force: true });
  stampBuild(hash);
}

/** One of Remix's two builds, in a process of its own: a machine has more than one core. @param {"browser" | "server"} side */
function part(side) {
  const { child, ended } = beginNode([at("app/cli/build-part.mjs"), side], { talks: true });
  return {
    child,
    ended: ended.then(async ({ status, said }) => {
      if (said.trim() !== "") process.stderr.write(`${said.trim()}\n`);
      if (status === 0) return;
      await endAll();
      fail(`The ${side}'s part could not be built.`);
    }),
  };
}

/** @param {string} folder */
async function compress(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|css|svg|json|txt|webmanifest|ttf)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !existsSync(`${file}.br`));
  await Promise.all(
    files.map(async (file) => {
      const plain = readFileSync(file);
      if (plain.length < 1024) return;
      const hint = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } };
      writeFileSync(`${file}.gz`, await promisify(gzip)(plain, { level: 9 }));
      writeFileSync(`${file}.br`, await promisify(brotliCompress)(plain, hint));
    }),
  );
}
