import { describe, expect, it } from "vitest";
import { answer, attempt, golden } from "#tests/workflows/refusal.ts";
import { projectGood } from "#tests/workflows/scenarios.ts";
import type { Role, StoredInstance } from "#workflows/index.ts";
import type { ProjectFacts } from "./facts.ts";
import { projectV1 } from "./v1.ts";
import { projectV2 } from "./v2.ts";

/** A golden of a sector that took part in batch one, whichever way the golden came. */
const inVersion = (state: string, version: number): StoredInstance =>
  JSON.parse(
    JSON.stringify({ ...golden("project", state), version }).replace(
      '"batchOneSkipped":true',
      '"batchOneSkipped":false',
    ),
  );
/** What each version says to an event out of the same state. */
const both = (type: string, from: string, role: Role, facts: Partial<ProjectFacts>) =>
  [projectV1, projectV2].map((def) =>
    answer(attempt(def, { type, from: inVersion(from, def.version), role, facts: { ...projectGood, ...facts } })),
  );
const lead = "regulator_lead";
const named = ["L1-02"];

describe("a project by the rules of version 2", () => {
  it.each([
    ["CLOSE_BATCH", "batchOne.reviewing", lead, { pilotsWithoutLesson: named }, "pilots_without_lesson"],
    ["FINISH_LEARNING", "batchTwo.learning", lead, { lessonsHandedOn: false }, "lessons_not_handed_on"],
    ["FINISH_LEARNING", "batchTwo.learning", lead, { nationalLessonsUnread: 3 }, "national_lessons_unread"],
    ["FINISH_LEARNING", "batchTwo.learning", lead, { lessonsWithoutUptake: named }, "lessons_without_uptake"],
    ["START_BATCH", "batchTwo.selecting", lead, { lessonsWithoutUptake: named }, "lessons_without_uptake"],
    [
      "SUBMIT_SPECIFICATION_DRAFT",
      "specification.drafting",
      "regulator",
      { lessonsWithoutClause: named },
      "lessons_without_clause",
    ],
  ] as const)("%s from %s by a %s with %j was accepted by version 1", (type, from, role, facts, refused) => {
    const [before, now] = both(type, from, role, facts);
    expect(before).toMatch(/^ok /);
    expect(now).toBe(`reason_project_${refused}`);
  });
  it("closes a batch whose pilots all say why they taught nothing, which version 1 refused", () => {
    expect(both("CLOSE_BATCH", "batchOne.reviewing", lead, { lessonsRecorded: 0 })).toEqual([
      "reason_project_no_lesson",
      "ok batchTwo.learning",
    ]);
  });
  it("lets pass what meets all conditions", () => {
    expect(both("FINISH_LEARNING", "batchTwo.learning", lead, {})).toEqual([
      "ok batchTwo.selecting",
      "ok batchTwo.selecting",
    ]);
  });
});
