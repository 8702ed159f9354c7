import { unless } from "../rules.ts";
import type { EventRule, Reason, Role, RuleSet } from "../types.ts";
import { documentFactShape, type DocumentContext, type DocumentFacts, type DocumentKind } from "./facts.ts";

type Rule = EventRule<DocumentContext, DocumentFacts>;

export const documentEvents = [
  "SUBMIT",
  "WITHDRAW",
  "START_REVIEW",
  "RETURN",
  "RESUBMIT",
  "ENDORSE",
  "APPROVE",
  "NOTE_CHANGE",
  "SUPERSEDE",
] as const;
export type DocumentEventType = (typeof documentEvents)[number];

interface Hands {
  /** Who submits, withdraws and submits again. */
  readonly author: readonly Role[];
  /** Who reviews it in the sector: approves, or endorses where a national approval follows. */
  readonly sector: readonly Role[];
  /** Who approves it in the end, where the sector alone does not. */
  readonly national: readonly Role[];
}

const site: Hands = { author: ["site_lead"], sector: ["regulator", "regulator_lead"], national: [] };
const own: Hands = { author: ["regulator"], sector: ["regulator_lead"], national: [] };
const upward: Hands = { author: ["regulator"], sector: ["regulator_lead"], national: ["national_director"] };

/** Through whose hands each kind goes. */
export const documentHands: Readonly<Record<DocumentKind, Hands>> = {
  surveyResponse: site,
  progressReport: site,
  riskReport: own,
  batchReview: own,
  pilotPlan: upward,
  specDraft: upward,
};

/** True for the kinds that the national office approves after the sector has endorsed them. */
export function isTwoLevel(kind: DocumentKind): boolean {
  return documentHands[kind].national.length > 0;
}

function reviewers(context: DocumentContext): readonly Role[] {
  const hands = documentHands[context.kind];
  return context.level === "national" ? hands.national : hands.sector;
}

const author = (context: DocumentContext): readonly Role[] => documentHands[context.kind].author;

function complete(facts: DocumentFacts): Reason[] {
  return [
    ...unless(facts.missingParts.length === 0, "reason_document_parts_missing", {
      count: facts.missingParts.length,
      parts: facts.missingParts.join(" · "),
      completeness: Math.floor(facts.completeness),
    }),
    ...unless(/^[0-9a-f]{64}$/.test(facts.contentHash), "reason_document_hash_missing"),
  ];
}

const allAuthors: readonly Role[] = ["site_lead", "regulator"];
const allReviewers: readonly Role[] = ["regulator", "regulator_lead", "national_director"];
const content = ["completeness", "missingParts", "contentHash"] as const;

const rules = {
  SUBMIT: {
    roles: allAuthors,
    rolesIn: author,
    from: ["draft"],
    facts: content,
    reasons: (_context, facts) => complete(facts),
  },
  WITHDRAW: {
    roles: allAuthors,
    rolesIn: author,
    from: ["submitted.sector"],
    reasons: (context) => unless(context.reviewStartedAt === null, "reason_document_review_started"),
  },
  START_REVIEW: {
    roles: allReviewers,
    rolesIn: reviewers,
    from: ["submitted.sector", "submitted.national"],
    reasons: (context) => unless(context.reviewStartedAt === null, "reason_document_already_in_review"),
  },
  RETURN: {
    roles: allReviewers,
    rolesIn: reviewers,
    from: ["submitted.sector", "submitted.national"],
    needs: ["parts"],
  },
  RESUBMIT: {
    roles: allAuthors,
    rolesIn: author,
    from: ["returned", "approved"],
    facts: content,
    reasons: (context, facts) => [
      ...unless(
        context.sealedHash === null || context.reapprovalNeeded || context.returnedParts.length > 0,
        "reason_document_unchanged",
      ),
      ...complete(facts),
    ],
  },
  ENDORSE: {
    roles: ["regulator_lead"],
    rolesIn: (context) => (isTwoLevel(context.kind) ? documentHands[context.kind].sector : []),
    from: ["submitted.sector"],
    sealing: true,
    facts: ["contentHash"],
    reasons: (context, facts) =>
      unless(facts.contentHash === context.submittedHash, "reason_document_changed_in_review"),
  },
  APPROVE: {
    roles: allReviewers,
    rolesIn: (context) => (isTwoLevel(context.kind) ? documentHands[context.kind].national : reviewers(context)),
    from: ["submitted.sector", "submitted.national"],
    sealing: true,
    facts: ["contentHash"],
    reasons: (context, facts) => [
      ...unless(!isTwoLevel(context.kind) || context.level === "national", "reason_document_not_endorsed"),
      ...unless(facts.contentHash === context.submittedHash, "reason_document_changed_in_review"),
    ],
  },
  NOTE_CHANGE: {
    roles: ["system"],
    from: ["approved"],
    facts: ["contentHash"],
    reasons: (context, facts) => [
      ...unless(/^[0-9a-f]{64}$/.test(facts.contentHash), "reason_document_hash_missing"),
      // A change taken back is noted as well: the need for a new approval then falls away.
      ...unless(
        (facts.contentHash !== context.sealedHash) !== context.reapprovalNeeded,
        "reason_document_no_material_change",
      ),
    ],
  },
  SUPERSEDE: {
    roles: ["system", ...allReviewers],
    rolesIn: (context) => [
      "system",
      ...(isTwoLevel(context.kind) ? documentHands[context.kind].national : documentHands[context.kind].sector),
    ],
    from: ["approved"],
    destructive: true,
  },
} satisfies Record<DocumentEventType, Rule>;

/** Who may send which event of a document and when; the only source. */
export const documentRules: RuleSet<DocumentContext, DocumentFacts, DocumentEventType> = {
  events: rules,
  factShape: documentFactShape,
};
