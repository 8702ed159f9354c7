/** `npm start`: packages, build, then the server as a process of its own, watched over: what ends by accident is started again. */
import path from "node:path";
import { beginNode, endTogether, isEnding } from "./child.mjs";
import { ensurePackages } from "./packages.mjs";
import { checkNode, enterRoot, followParent, isBuilt, root } from "./prepare.mjs";
import { fail, saying } from "./show.mjs";
import { supervise } from "./supervise.mjs";

const at = (...parts) => path.join(root, ...parts);

checkNode();
enterRoot();
followParent();
process.env.NODE_ENV ??= "production";
const alone = endTogether();
await ensurePackages();
if (!isBuilt()) await build();
alone.over();
process.exit(
  await supervise({
    args: [...roomForTheYoung(), ...process.execArgv, at("app/cli/serve.mjs")],
    name: "Anshi 安试",
    whenGivenUp: process.env.DATABASE_URL ? "" : "Its database still runs; the next start takes it over.",
  }),
);

/** Nothing is printed of a build that goes well. */
async function build() {
  const shown = saying("building");
  const { status, said } = await beginNode([at("app/cli/build.mjs"), "--unless-built"], { talks: true }).ended;
  // Somebody else ends us, in order.
  if (isEnding()) await new Promise(() => {});
  shown.end();
  if (status !== 0) fail(`${said.trim()}\n\nThe build failed; its own message stands above.`);
}

/**
 * What a page is made of is garbage when it is sent. With V8's own 16 MB it is looked through again and again while it lives:
 * the mix of 50 people of `npm run load` took 151 ms in the middle so, and 64 ms with 64 MB. Three times as much may be used.
 * What the operator says goes before. `deploy/Dockerfile` says the same.
 */
function roomForTheYoung() {
  const told = /semi[-_]space/.test([process.env.NODE_OPTIONS ?? "", ...process.execArgv].join(" "));
  return told ? [] : ["--max-semi-space-size=64"];
}
