import { describe, expect, it } from "vitest";
import { answer } from "#tests/workflows/refusal.ts";
import { actor, at, documentGood, hash, otherHash, send } from "#tests/workflows/scenarios.ts";
import {
  apply,
  available,
  contextOf,
  start,
  type DocumentKind,
  type Payload,
  type Role,
  type StoredInstance,
} from "#workflows/index.ts";
import { documentHands, isTwoLevel } from "#workflows/document/guards.ts";
import { documentKinds, type DocumentFacts } from "#workflows/document/facts.ts";
import { documentV1 } from "#workflows/document/v1.ts";

const ask = (
  stored: StoredInstance,
  type: string,
  role: Role,
  payload: Payload = {},
  facts: Partial<DocumentFacts> = {},
): string => answer(apply(documentV1, stored, send(type, role, { ...documentGood, ...facts }, payload)));

function pass(
  stored: StoredInstance,
  type: string,
  role: Role,
  payload: Payload = {},
  facts: Partial<DocumentFacts> = {},
): StoredInstance {
  const outcome = apply(documentV1, stored, send(type, role, { ...documentGood, ...facts }, payload));
  expect(answer(outcome)).toMatch(/^ok/);
  return outcome.ok ? outcome.stored : stored;
}

const first = (roles: readonly Role[]): Role => roles[0] ?? "operator";
const draft = (kind: DocumentKind): StoredInstance => start(documentV1, { at, kind });
const submitted = (kind: DocumentKind): StoredInstance =>
  pass(draft(kind), "SUBMIT", first(documentHands[kind].author));

describe("guards of the document", () => {
  it.each(documentKinds)("%s goes through the hands of its kind and no others", (kind) => {
    const hands = documentHands[kind];
    let stored = submitted(kind);
    expect(stored.state).toBe("submitted.sector");
    for (const role of ["site_officer", "assessor", "national_editor", "auditor", "operator"] as const) {
      for (const type of Object.keys(documentV1.events))
        expect(ask(stored, type, role)).toMatch(/role_not_allowed|not_in_this_state/);
    }
    if (isTwoLevel(kind)) {
      expect(ask(stored, "APPROVE", first(hands.sector))).toBe("role_not_allowed");
      expect(ask(stored, "APPROVE", "national_director")).toBe("reason_document_not_endorsed");
      expect(ask(stored, "RETURN", "national_director", { parts: [{ part: "1", reason: "x" }] })).toBe(
        "role_not_allowed",
      );
      stored = pass(stored, "ENDORSE", first(hands.sector));
      expect(stored.state).toBe("submitted.national");
      expect(ask(stored, "RETURN", first(hands.sector), { parts: [{ part: "1", reason: "x" }] })).toBe(
        "role_not_allowed",
      );
      stored = pass(stored, "APPROVE", "national_director");
    } else {
      expect(ask(stored, "ENDORSE", "regulator_lead")).toBe("role_not_allowed");
      expect(ask(stored, "APPROVE", "national_director")).toBe("role_not_allowed");
      stored = pass(stored, "APPROVE", first(hands.sector));
    }
    expect(contextOf(documentV1, stored)).toMatchObject({ sealedHash: hash, submissions: 1, level: null });
  });

  it("goes up only when complete and with a digest", () => {
    const stored = draft("surveyResponse");
    expect(ask(stored, "SUBMIT", "site_lead", {}, { missingParts: ["A-03"], completeness: 98.6 })).toBe(
      "reason_document_parts_missing",
    );
    expect(ask(stored, "SUBMIT", "site_lead", {}, { contentHash: "A".repeat(64) })).toBe(
      "reason_document_hash_missing",
    );
    expect(ask(stored, "SUBMIT", "regulator")).toBe("role_not_allowed");
  });

  it("comes back with a reason for each part, and keeps them until it goes up again", () => {
    const stored = submitted("surveyResponse");
    for (const parts of [undefined, [], "3.1", [{ part: "3.1" }], [{ part: "3.1", reason: " " }], [null]]) {
      expect(ask(stored, "RETURN", "regulator", { parts })).toBe("reason_parts_required");
    }
    const parts = [
      { part: "A-03", reason: "佐证过期" },
      { part: "B-01", reason: "口径不符" },
    ];
    const back = pass(stored, "RETURN", "regulator", { parts });
    expect(contextOf(documentV1, back).returnedParts).toEqual(parts);
    const again = pass(back, "RESUBMIT", "site_lead", {}, { contentHash: otherHash });
    expect(contextOf(documentV1, again)).toMatchObject({ returnedParts: [], submissions: 2, submittedHash: otherHash });
  });

  it("may be withdrawn before the review began, not after", () => {
    const stored = submitted("riskReport");
    expect(pass(stored, "WITHDRAW", "regulator").state).toBe("draft");
    const opened = pass(stored, "START_REVIEW", "regulator_lead");
    expect(ask(opened, "WITHDRAW", "regulator")).toBe("reason_document_review_started");
    expect(ask(opened, "START_REVIEW", "regulator_lead")).toBe("reason_document_already_in_review");
  });

  it("approves what went up and nothing else", () => {
    const one = submitted("batchReview");
    expect(ask(one, "APPROVE", "regulator_lead", {}, { contentHash: otherHash })).toBe(
      "reason_document_changed_in_review",
    );
    const two = submitted("specDraft");
    expect(ask(two, "ENDORSE", "regulator_lead", {}, { contentHash: otherHash })).toBe(
      "reason_document_changed_in_review",
    );
    const endorsed = pass(two, "ENDORSE", "regulator_lead");
    expect(ask(endorsed, "APPROVE", "national_director", {}, { contentHash: otherHash })).toBe(
      "reason_document_changed_in_review",
    );
  });

  it("asks for a new approval after a material change, takes that back with the change, and keeps every seal", () => {
    const approved = pass(submitted("riskReport"), "APPROVE", "regulator_lead");
    expect(ask(approved, "NOTE_CHANGE", "system")).toBe("reason_document_no_material_change");
    expect(ask(approved, "NOTE_CHANGE", "regulator", {}, { contentHash: otherHash })).toBe("role_not_allowed");
    expect(ask(approved, "RESUBMIT", "regulator")).toBe("reason_document_unchanged");
    const changed = pass(approved, "NOTE_CHANGE", "system", {}, { contentHash: otherHash });
    expect(contextOf(documentV1, changed)).toMatchObject({ reapprovalNeeded: true, sealedHash: hash });
    expect(contextOf(documentV1, pass(changed, "NOTE_CHANGE", "system")).reapprovalNeeded).toBe(false);
    const again = pass(changed, "RESUBMIT", "regulator", {}, { contentHash: otherHash });
    const sealed = contextOf(documentV1, pass(again, "APPROVE", "regulator_lead", {}, { contentHash: otherHash }));
    expect(sealed).toMatchObject({ reapprovalNeeded: false, sealedHash: otherHash });
    expect(sealed.seals.map((seal) => [seal.hash, seal.membershipId])).toEqual([
      [hash, "member-regulator_lead"],
      [otherHash, "member-regulator_lead"],
    ]);
  });

  it("shows the parts to be written before an event is sent", () => {
    const offers = available(documentV1, submitted("progressReport"), actor("regulator"), documentGood);
    expect(offers.map((offer) => [offer.type, offer.enabled, offer.needs, offer.to])).toEqual([
      ["START_REVIEW", true, [], "submitted.sector"],
      ["RETURN", true, ["parts"], "returned"],
      ["APPROVE", true, [], "approved"],
    ]);
  });
});

it("a reason is as long as people count it: two thousand rare characters are two thousand", () => {
  const submitted = pass(start(documentV1, { at, kind: "riskReport" }), "SUBMIT", "regulator");
  const returned = (n: number) =>
    ask(submitted, "RETURN", "regulator_lead", { parts: [{ part: "*", reason: "𠮷".repeat(n) }] });
  expect([returned(2000), returned(2001)]).toEqual(["ok returned", "reason_parts_required"]);
});
