import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@hey-api/openapi-ts";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

/*
 * Two clients made of the product's own description, as others make theirs: types for openapi-fetch, and functions by Hey API
 * that check what they send and what they get with zod. They are made when a test asks for them and kept, beside the digest of
 * the description, until it changes.
 */

const folder = join(import.meta.dirname, "generated");
const root = join(import.meta.dirname, "../../..");

export async function generateClients(description: string): Promise<void> {
  const digest = createHash("sha256").update(description).digest("hex");
  const mark = join(folder, "of.txt");
  if (existsSync(mark) && readFileSync(mark, "utf8") === digest) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const input = join(folder, "openapi.json");
  writeFileSync(input, description);
  writeFileSync(join(folder, "schema.ts"), astToString(await openapiTS(JSON.parse(description) as never)));
  await createClient({
    input,
    output: join(folder, "validating"),
    plugins: ["@hey-api/client-fetch", "zod", { name: "@hey-api/sdk", validator: true }],
    logs: { level: "silent", file: false },
  });
  writeFileSync(mark, digest);
}

/** What the compiler says of the programs that use the clients, in the settings of this project; nothing where they fit. */
export function complaints(files: readonly string[]): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const roots = files.map((file) => join(import.meta.dirname, file));
  const program = ts.createProgram(roots, { ...options, types: ["node"] });
  return roots.flatMap((path) => {
    const source = program.getSourceFile(path);
    if (!source) return [`${path} is not there`];
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) =>
        `${path}:${source.getLineAndCharacterOfPosition(start).line + 1} ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  });
}
