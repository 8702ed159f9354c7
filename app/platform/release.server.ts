import { readFileSync } from "node:fs";
import path from "node:path";

let known: string | undefined;

/** Version of this release, as package.json has it. */
export function release(): string {
  if (known === undefined) {
    const file = path.join(path.resolve(process.env["ANSHI_ROOT"] ?? process.cwd()), "package.json");
    known = (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  }
  return known;
}
