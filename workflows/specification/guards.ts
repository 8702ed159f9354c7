import { unless } from "../rules.ts";
import type { EventRule, Reason, RuleSet } from "../types.ts";
import { specificationFactShape, type SpecificationContext, type SpecificationFacts } from "./facts.ts";

type Rule = EventRule<SpecificationContext, SpecificationFacts>;

export const specificationEvents = [
  "OPEN_CONSULTATION",
  "CLOSE_CONSULTATION",
  "RETURN_TO_DRAFTING",
  "APPROVE",
  "REOPEN_REVIEW",
  "PUBLISH",
  "SUPERSEDE",
  "WITHDRAW",
] as const;
export type SpecificationEventType = (typeof specificationEvents)[number];

const none = (count: number, code: string): Reason[] => unless(count <= 0, code, { count });

function clausesSound(facts: SpecificationFacts): Reason[] {
  return [
    ...unless(facts.clauseCount > 0, "reason_specification_no_clauses"),
    ...none(facts.clausesWithoutVerb, "reason_specification_clauses_without_verb"),
    ...none(facts.clausesWithoutEvidence, "reason_specification_clauses_without_evidence"),
    ...none(facts.structureGaps, "reason_specification_structure_gaps"),
  ];
}

const hashed = (hash: string): Reason[] => unless(/^[0-9a-f]{64}$/.test(hash), "reason_specification_hash_missing");

const rules = {
  OPEN_CONSULTATION: {
    roles: ["national_editor", "national_director"],
    from: ["drafting"],
    facts: ["clauseCount", "clausesWithoutVerb", "clausesWithoutEvidence", "structureGaps", "consultationDays"],
    reasons: (_context, facts) => [
      ...clausesSound(facts),
      ...unless(facts.consultationDays > 0, "reason_specification_no_consultation_window"),
    ],
  },
  CLOSE_CONSULTATION: {
    roles: ["national_editor", "national_director", "system"],
    from: ["consultation"],
    facts: ["consultationDaysLeft"],
    reasons: (_context, facts) =>
      unless(facts.consultationDaysLeft <= 0, "reason_specification_consultation_running", {
        days: facts.consultationDaysLeft,
      }),
  },
  RETURN_TO_DRAFTING: {
    roles: ["national_editor", "national_director"],
    from: ["reviewing"],
    needs: ["reason"],
  },
  APPROVE: {
    roles: ["national_director"],
    from: ["reviewing"],
    sealing: true,
    facts: [
      "clauseCount",
      "clausesWithoutVerb",
      "clausesWithoutEvidence",
      "structureGaps",
      "unsettledComments",
      "contentHash",
    ],
    reasons: (_context, facts) => [
      ...clausesSound(facts),
      ...none(facts.unsettledComments, "reason_specification_comments_unsettled"),
      ...hashed(facts.contentHash),
    ],
  },
  REOPEN_REVIEW: { roles: ["national_director"], from: ["approved"], needs: ["reason"] },
  PUBLISH: {
    roles: ["national_director"],
    from: ["approved"],
    sealing: true,
    facts: ["contentHash", "number", "edition"],
    reasons: (context, facts) => [
      ...unless(facts.contentHash === context.approvedHash, "reason_specification_changed_after_approval"),
      ...unless(facts.number.trim() !== "", "reason_specification_no_number"),
      ...unless(Number.isInteger(facts.edition) && facts.edition > 0, "reason_specification_no_edition"),
    ],
  },
  SUPERSEDE: {
    roles: ["national_director", "system"],
    from: ["published"],
    destructive: true,
    facts: ["successorPublished"],
    reasons: (_context, facts) => unless(facts.successorPublished, "reason_specification_no_successor"),
  },
  WITHDRAW: { roles: ["national_director"], from: ["published"], destructive: true, needs: ["reason"] },
} satisfies Record<SpecificationEventType, Rule>;

/** Who may send which event of a specification and when; the only source. */
export const specificationRules: RuleSet<SpecificationContext, SpecificationFacts, SpecificationEventType> = {
  events: rules,
  factShape: specificationFactShape,
};
