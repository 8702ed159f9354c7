/** The server's own process, started by start.mjs and nobody else. */
import { pathToFileURL } from "node:url";
import path from "node:path";
import { enterRoot, root } from "./prepare.mjs";

enterRoot();
// Whoever started us is gone: nobody would start us again or stop us, so we end in order.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
const { main } = await import(pathToFileURL(path.join(root, "build/server/index.js")).href);
await main();
