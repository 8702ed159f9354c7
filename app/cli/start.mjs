/** `npm start`: packages, build, then the server as a process of its own, watched over: what ends by accident is started again. */
import path from "node:path";
import { checkNode, ensureBuilt, ensurePackages, enterRoot, followParent, root, usePackages } from "./prepare.mjs";
import { supervise } from "./supervise.mjs";

checkNode();
enterRoot();
followParent();
process.env.NODE_ENV ??= "production";
ensurePackages();
ensureBuilt();
usePackages();
process.exit(
  await supervise({
    args: [...roomForTheYoung(), ...process.execArgv, path.join(root, "app/cli/serve.mjs")],
    name: "Anshi 安试",
    whenGivenUp: process.env.DATABASE_URL ? "" : "Its database still runs; the next start takes it over.",
  }),
);

/**
 * What a page is made of is garbage when it is sent. With V8's own 16 MB it is looked through again and again while it lives:
 * the mix of 50 people of `npm run load` took 151 ms in the middle so, and 64 ms with 64 MB. Three times as much may be used.
 * What the operator says goes before. `deploy/Dockerfile` says the same.
 */
function roomForTheYoung() {
  const told = /semi[-_]space/.test([process.env.NODE_OPTIONS ?? "", ...process.execArgv].join(" "));
  return told ? [] : ["--max-semi-space-size=64"];
}
