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
    args: [...process.execArgv, path.join(root, "app/cli/serve.mjs")],
    name: "Anshi 安试",
    whenGivenUp: process.env.DATABASE_URL ? "" : "Its database still runs; the next start takes it over.",
  }),
);
