import { describe, expect, it } from "vitest";
import { answer } from "#tests/workflows/refusal.ts";
import { at, send, specificationGood } from "#tests/workflows/scenarios.ts";
import { apply, type Role, start } from "#workflows/index.ts";
import type { SpecificationFacts } from "./facts.ts";
import { specificationV1 } from "./v1.ts";
import { specificationV2 } from "./v2.ts";

/** What version 2 says to a consultation that is opened; version 1 said yes to all of them. */
const open = (role: Role, facts: Partial<SpecificationFacts>) =>
  [specificationV1, specificationV2].map((def) =>
    answer(apply(def, start(def, { at }), send("OPEN_CONSULTATION", role, { ...specificationGood, ...facts }))),
  );

describe("a consultation", () => {
  it.each([
    ["by the editor", "national_editor", {}, "role_not_allowed"],
    ["in the past", "national_director", { consultationStartsIn: -1 }, "reason_specification_consultation_past"],
    ["of a day", "national_director", { consultationDays: 1 }, "reason_specification_consultation_short"],
    [
      "of a day less than asked",
      "national_director",
      { consultationDays: 29 },
      "reason_specification_consultation_short",
    ],
  ] as const)("opened %s was accepted by version 1 and is refused by version 2", (_how, role, facts, refused) => {
    expect(open(role, facts)).toEqual(["ok consultation", refused]);
  });
  it("opened by the director, from today on and for as long as the programme says, is accepted by both", () => {
    for (const facts of [{}, { consultationStartsIn: 14 }, { consultationDays: 60 }])
      expect(open("national_director", facts)).toEqual(["ok consultation", "ok consultation"]);
  });
});
