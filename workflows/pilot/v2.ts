import { also, unless } from "../rules.ts";
import type { RuleSet } from "../types.ts";
import type { PilotContext, PilotFacts } from "./facts.ts";
import { minScorers, type PilotEventType, pilotRules } from "./guards.ts";
import { pilotBy } from "./machine.ts";

const { events } = pilotRules;
const listed = (texts: readonly string[]) => ({ fields: texts.join(" · ") });

/**
 * Version 2 asks what version 1 let pass: the conditions of a nomination, a panel named before it scores, a note where its
 * marks lie far apart, a check in operation and every month's report before the summary. Ranking is the lead's.
 */
export const pilotRulesV2: RuleSet<PilotContext, PilotFacts, PilotEventType> = {
  ...pilotRules,
  events: {
    ...events,
    PASS_SCREENING: also(events.PASS_SCREENING, ["screeningBlocked", "panelMembers"], (_context, facts) => [
      ...unless(facts.screeningBlocked.length === 0, "reason_pilot_screening_blocked", listed(facts.screeningBlocked)),
      ...unless(facts.panelMembers >= minScorers, "reason_pilot_panel_missing", {
        count: facts.panelMembers,
        min: minScorers,
      }),
    ]),
    FINISH_SCORING: {
      ...also(events.FINISH_SCORING, ["marksUnreconciled"], (_context, facts) =>
        unless(!facts.marksUnreconciled, "reason_pilot_marks_unreconciled"),
      ),
      roles: ["regulator_lead"],
    },
    START_SUMMARY: also(events.START_SUMMARY, ["operationChecked", "monthsOwed"], (_context, facts) => [
      ...unless(facts.operationChecked, "reason_pilot_operation_not_checked"),
      ...unless(facts.monthsOwed.length === 0, "reason_pilot_months_owed", listed(facts.monthsOwed)),
    ]),
  },
};

/** The machine of a pilot, version 2. In use: it never changes. */
export const pilotV2 = pilotBy(2, pilotRulesV2);
