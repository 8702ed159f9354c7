/**
 * Writes the golden snapshots of a machine once: `npx tsx tests/workflows/write-goldens.ts`. A file that is there is left alone, for a
 * version in use does not change; a new version gets a new file.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { StoredInstance } from "#workflows/index.ts";
import { complete, paths, run, type Scenario } from "./scenarios.ts";

/** One stored instance for each leaf, reached on the shortest way. */
export function goldensOf(scenario: Scenario): Record<string, StoredInstance> {
  const walked = paths(scenario, "shortest");
  return Object.fromEntries(
    scenario.def.states.map(({ path }) => {
      const shortest = walked.filter((one) => one.to === path).sort((a, b) => a.events.length - b.events.length)[0];
      if (!shortest) throw new Error(`${scenario.def.id}: no way to ${path}`);
      return [path, run(scenario, shortest.events)];
    }),
  );
}

function write(): void {
  for (const scenario of complete) {
    const folder = new URL(`../../workflows/${scenario.def.id}/fixtures/`, import.meta.url);
    const file = new URL(`v${scenario.def.version}.json`, folder);
    if (existsSync(file)) continue;
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `${JSON.stringify(goldensOf(scenario), null, 2)}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) write();
