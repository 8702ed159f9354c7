/** `npm run demo`, `bench`, `isolation`, `audit:verify`: a TypeScript program of ours, with all it needs in place. */
import path from "node:path";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { ensurePackages } from "./packages.mjs";
import { checkNode, ensureMessages, enterRoot, followParent, root } from "./prepare.mjs";
import { fail } from "./show.mjs";

const [script, ...rest] = process.argv.slice(2);
checkNode();
enterRoot();
followParent();
if (!script || !existsSync(path.join(root, script))) fail(`There is no program ${script ?? ""} to run.`);
await ensurePackages({ development: script?.startsWith("tests/") ?? false });
await ensureMessages();
process.env.NODE_ENV ??= "production";
const child = spawn(process.execPath, ["--import", "tsx", path.join(root, script ?? ""), ...rest], {
  cwd: root,
  stdio: "inherit",
});
// The terminal sends Ctrl-C to both; a signal sent to us alone is handed on.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => signal !== "SIGINT" && child.kill(signal));
child.once("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
