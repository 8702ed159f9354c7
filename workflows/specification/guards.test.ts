import { describe, expect, it } from "vitest";
import { answer, attempt, golden } from "#tests/workflows/refusal.ts";
import { hash, otherHash, specificationGood, send } from "#tests/workflows/scenarios.ts";
import { apply, contextOf, type Role } from "#workflows/index.ts";
import { specificationV1 } from "#workflows/specification/v1.ts";
import type { SpecificationFacts } from "#workflows/specification/facts.ts";

type Case = [event: string, state: string, role: Role, facts: Partial<SpecificationFacts>, answer: string];

const cases: Case[] = [
  ["OPEN_CONSULTATION", "drafting", "regulator_lead", {}, "role_not_allowed"],
  ["OPEN_CONSULTATION", "drafting", "national_editor", { clauseCount: 0 }, "reason_specification_no_clauses"],
  [
    "OPEN_CONSULTATION",
    "drafting",
    "national_editor",
    { clausesWithoutVerb: 1 },
    "reason_specification_clauses_without_verb",
  ],
  [
    "OPEN_CONSULTATION",
    "drafting",
    "national_editor",
    { clausesWithoutEvidence: 1 },
    "reason_specification_clauses_without_evidence",
  ],
  ["OPEN_CONSULTATION", "drafting", "national_editor", { structureGaps: 1 }, "reason_specification_structure_gaps"],
  [
    "OPEN_CONSULTATION",
    "drafting",
    "national_editor",
    { consultationDays: 0 },
    "reason_specification_no_consultation_window",
  ],
  [
    "CLOSE_CONSULTATION",
    "consultation",
    "system",
    { consultationDaysLeft: 1 },
    "reason_specification_consultation_running",
  ],
  ["CLOSE_CONSULTATION", "consultation", "system", {}, "ok reviewing"],
  ["APPROVE", "reviewing", "national_editor", {}, "role_not_allowed"],
  ["APPROVE", "reviewing", "national_director", { unsettledComments: 1 }, "reason_specification_comments_unsettled"],
  ["APPROVE", "reviewing", "national_director", { clausesWithoutVerb: 1 }, "reason_specification_clauses_without_verb"],
  ["APPROVE", "reviewing", "national_director", { structureGaps: 2 }, "reason_specification_structure_gaps"],
  ["APPROVE", "reviewing", "national_director", { contentHash: "" }, "reason_specification_hash_missing"],
  [
    "PUBLISH",
    "approved",
    "national_director",
    { contentHash: otherHash },
    "reason_specification_changed_after_approval",
  ],
  ["PUBLISH", "approved", "national_director", { number: " " }, "reason_specification_no_number"],
  ["PUBLISH", "approved", "national_director", { edition: 1.5 }, "reason_specification_no_edition"],
  ["SUPERSEDE", "published", "system", { successorPublished: false }, "reason_specification_no_successor"],
  ["WITHDRAW", "published", "national_director", {}, "reason_text_required"],
  ["WITHDRAW", "approved", "national_director", {}, "not_in_this_state"],
];

describe("guards of the specification", () => {
  it.each(cases)("%s from %s by %s with %j: %s", (type, state, role, change, expected) => {
    const facts = { ...specificationGood, ...change };
    expect(answer(attempt(specificationV1, { type, from: golden("specification", state), role, facts }))).toBe(
      expected,
    );
  });

  it("remembers what was published, also after it was withdrawn", () => {
    const withdrawn = apply(
      specificationV1,
      golden("specification", "published"),
      send("WITHDRAW", "national_director", {}, { reason: "存在重大缺陷" }),
    );
    expect(answer(withdrawn)).toBe("ok withdrawn");
    if (!withdrawn.ok) return;
    expect(contextOf(specificationV1, withdrawn.stored)).toMatchObject({
      published: { number: "AS-2015-01", edition: 1, hash },
      withdrawReason: "存在重大缺陷",
    });
  });

  it("forgets the approved content when the approval is taken back", () => {
    const back = apply(
      specificationV1,
      golden("specification", "approved"),
      send("REOPEN_REVIEW", "national_director", {}, { reason: "条款冲突" }),
    );
    expect(answer(back)).toBe("ok reviewing");
    if (back.ok) expect(contextOf(specificationV1, back.stored).approvedHash).toBeNull();
  });
});
