import { expect, it } from "vitest";
import { answer, attempt, golden } from "#tests/workflows/refusal.ts";
import { projectGood } from "#tests/workflows/scenarios.ts";
import type { StoredInstance } from "#workflows/index.ts";
import { projectV2 } from "./v2.ts";
import { projectV3 } from "./v3.ts";

/** A golden of a sector that took part in batch one, whichever way the golden came. */
const tookPart = (from: string, version: number): StoredInstance =>
  JSON.parse(
    JSON.stringify({ ...golden("project", from), version }).replace(
      '"batchOneSkipped":true',
      '"batchOneSkipped":false',
    ),
  );

it.each([
  ["SKIP_BATCH_ONE", "batchOne.selecting"],
  ["SKIP_BATCH_TWO", "batchTwo.selecting"],
] as const)("%s leaves no nomination behind that is under way", (type, from) => {
  const [before, now, none] = [projectV2, projectV3, projectV3].map((def, i) =>
    answer(
      attempt(def, {
        type,
        from: tookPart(from, def.version),
        role: "regulator_lead",
        facts: { ...projectGood, selectedPilots: 0, pilotsInSelection: i === 2 ? 0 : 2 },
        payload: { reason: "理由" },
      }),
    ),
  );
  expect([before, now, none]).toEqual([none, "reason_project_pilots_in_selection", none]);
  expect(none).toMatch(/^ok /);
});
