/** `npm start`: packages, build, then the product itself in this very process. */
import { pathToFileURL } from "node:url";
import path from "node:path";
import { checkNode, ensureBuilt, ensurePackages, enterRoot, followParent, root } from "./prepare.mjs";

checkNode();
enterRoot();
followParent();
process.env.NODE_ENV ??= "production";
ensurePackages();
ensureBuilt();
const { main } = await import(pathToFileURL(path.join(root, "build/server/index.js")).href);
await main();
