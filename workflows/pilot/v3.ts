import { also, unless } from "../rules.ts";
import type { Reason, RuleSet } from "../types.ts";
import type { PilotContext, PilotFacts } from "./facts.ts";
import { type PilotEventType, pilotRules } from "./guards.ts";
import { pilotBy } from "./machine.ts";
import { pilotRulesV2 } from "./v2.ts";

const { events } = pilotRulesV2;
type Facts = Partial<PilotFacts>;
const inSelection = (_context: PilotContext, facts: PilotFacts): Reason[] =>
  unless(facts.selectionOpen, "reason_pilot_selection_not_open");
const standing = (_context: PilotContext, facts: PilotFacts): Reason[] =>
  unless(facts.projectStands, "reason_pilot_project_stands_still");
const selection = ["selectionOpen"] as const satisfies readonly (keyof Facts)[];
const project = ["projectStands"] as const satisfies readonly (keyof Facts)[];

/**
 * Version 3 asks where the project stands. Version 2 went on by itself: a nomination was selected in a batch that had been
 * skipped, and systems were built and accepted while the project was suspended or had been ended.
 */
const rules: RuleSet<PilotContext, PilotFacts, PilotEventType> = {
  ...pilotRules,
  events: {
    ...events,
    START_SCREENING: also(events.START_SCREENING, selection, inSelection),
    PASS_SCREENING: also(events.PASS_SCREENING, selection, inSelection),
    FINISH_SCORING: also(events.FINISH_SCORING, selection, inSelection),
    RETURN_TO_SCORING: also(events.RETURN_TO_SCORING, selection, inSelection),
    SELECT: also(events.SELECT, selection, inSelection),
    COMPLETE_DESIGN: also(events.COMPLETE_DESIGN, project, standing),
    APPROVE_DESIGN: also(events.APPROVE_DESIGN, project, standing),
    REQUEST_ACCEPTANCE: also(events.REQUEST_ACCEPTANCE, project, standing),
    PASS_ACCEPTANCE: also(events.PASS_ACCEPTANCE, project, standing),
    MIDTERM_CHECK: also(events.MIDTERM_CHECK, project, standing),
    START_SUMMARY: also(events.START_SUMMARY, project, standing),
    ACCEPT: also(events.ACCEPT, project, standing),
    RESUME: also(events.RESUME, project, standing),
  },
};

/** The machine of a pilot, version 3. In use: it never changes. */
export const pilotV3 = pilotBy(3, rules);
