import { also, unless } from "../rules.ts";
import type { Reason, RuleSet } from "../types.ts";
import type { ProjectContext, ProjectFacts } from "./facts.ts";
import { type ProjectEventType, projectRules } from "./guards.ts";
import { projectBy } from "./machine.ts";
import { projectRulesV2 } from "./v2.ts";

const { events } = projectRulesV2;
const nobodyOnTheWay = (_context: ProjectContext, facts: ProjectFacts): Reason[] =>
  unless(facts.pilotsInSelection === 0, "reason_project_pilots_in_selection", { count: facts.pilotsInSelection });

/**
 * Version 3 skips no batch over nominations that are under way: version 2 left them standing in a batch that did not come, and
 * one that was selected there could never begin.
 */
const rules: RuleSet<ProjectContext, ProjectFacts, ProjectEventType> = {
  ...projectRules,
  events: {
    ...events,
    SKIP_BATCH_ONE: also(events.SKIP_BATCH_ONE, ["pilotsInSelection"], nobodyOnTheWay),
    SKIP_BATCH_TWO: also(events.SKIP_BATCH_TWO, ["pilotsInSelection"], nobodyOnTheWay),
  },
};

/** The machine of a project, version 3. In use: it never changes. */
export const projectV3 = projectBy(3, rules);
