import { unless } from "../rules.ts";
import type { RuleSet } from "../types.ts";
import type { SpecificationContext, SpecificationFacts } from "./facts.ts";
import { type SpecificationEventType, specificationRules } from "./guards.ts";
import { specificationBy } from "./machine.ts";

const { events } = specificationRules;

/**
 * Version 2: an edition goes out for comments by the director alone, not before today, and for as many days as the programme
 * says. Before, an editor could open a consultation that was already over.
 */
const rules: RuleSet<SpecificationContext, SpecificationFacts, SpecificationEventType> = {
  ...specificationRules,
  events: {
    ...events,
    OPEN_CONSULTATION: {
      ...events.OPEN_CONSULTATION,
      roles: ["national_director"],
      facts: [...(events.OPEN_CONSULTATION.facts ?? []), "consultationStartsIn", "consultationMinDays"],
      reasons: (context, facts, payload, actor) => {
        const { consultationDays: days, consultationMinDays: min, consultationStartsIn } = facts;
        return [
          ...(events.OPEN_CONSULTATION.reasons?.(context, facts, payload, actor) ?? []),
          ...unless(days <= 0 || consultationStartsIn >= 0, "reason_specification_consultation_past"),
          ...unless(days <= 0 || days >= min, "reason_specification_consultation_short", { days, min }),
        ];
      },
    },
  },
};

/** The machine of a specification, version 2. In use: it never changes. */
export const specificationV2 = specificationBy(2, rules);
