/** `npm run sbom`: what the lock file names, as a CycloneDX 1.5 list in `out/sbom.json`. Needs no network. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { checkNode, enterRoot, root } from "./prepare.mjs";
import { fail, say } from "./show.mjs";

checkNode();
enterRoot();
const made = spawnSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
  shell: process.platform === "win32",
});
if (made.status !== 0) fail(`npm sbom failed: ${made.stderr.trim().split("\n").at(-1) ?? ""}`);
const list = JSON.parse(made.stdout);
const { name, version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
// npm names the product after the folder it lies in.
Object.assign(list.metadata.component, { name, version, type: "application" });
mkdirSync(path.join(root, "out"), { recursive: true });
writeFileSync(path.join(root, "out/sbom.json"), `${JSON.stringify(list, null, 2)}\n`);
say(`out/sbom.json: ${list.components.length} packages`);
