import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { expect, it } from "vitest";

it("lists what the lock file names, as CycloneDX has it", { timeout: 60_000 }, async () => {
  const run = spawnSync(process.execPath, ["app/cli/sbom.mjs"], { encoding: "utf8" });
  expect([run.status, run.stderr]).toEqual([0, ""]);
  const text = readFileSync("out/sbom.json", "utf8");
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text)).toBeNull();
  const list = JSON.parse(text) as {
    metadata: { component: { name: string } };
    components: { name: string; version: string; hashes?: unknown[] }[];
  };
  expect(list.metadata.component.name).toBe("anshi");
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, { name?: string; version?: string }>;
  };
  const named = new Set(
    Object.entries(lock.packages)
      .filter(([path]) => path !== "")
      .map(([path, p]) => `${p.name ?? path.slice(path.lastIndexOf("node_modules/") + 13)}@${p.version}`),
  );
  const listed = new Set(list.components.map((c) => `${c.name}@${c.version}`));
  // Packages of other systems than this one are in the lock file and in the list alike.
  expect([...named].filter((one) => !listed.has(one))).toEqual([]);
});
