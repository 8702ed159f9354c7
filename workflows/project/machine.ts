import { assign, setup } from "xstate";
import { allows, isInstant, textOrNull } from "../rules.ts";
import {
  WorkflowInputError,
  type MachineDefinition,
  type MainLinePosition,
  type RuleSet,
  type WorkflowEvent,
} from "../types.ts";
import type { ProjectContext, ProjectFacts, ProjectInput } from "./facts.ts";
import type { ProjectEventType } from "./guards.ts";
import { projectEventLabelKeys, projectLabelKey, projectStates } from "./labels.ts";
import { projectWorking, type ProjectState } from "./states.ts";

type ProjectRules = RuleSet<ProjectContext, ProjectFacts, ProjectEventType>;
type Working = (typeof projectWorking)[number];
type Action =
  | "keepEarlyClosing"
  | "keepReturn"
  | "clearReturn"
  | "countRiskReport"
  | "countPlan"
  | "countSpecification"
  | "keepBatchOneSkip"
  | "keepBatchTwoSkip";

/** A guarded step to a leaf, which notes when it was entered. */
function go(path: ProjectState, ...acts: Action[]) {
  return {
    target: `#project.${path}`,
    guard: "allowed" as const,
    actions: [...acts, { type: "stamp" as const, params: { path } }],
  };
}

/** From each leaf of each phase: interrupt it, remembering the leaf, or end the project. */
function interrupt(path: Working) {
  const remember = { type: "rememberPlace" as const, params: { path } };
  return {
    SUSPEND: {
      target: "#project.suspended",
      guard: "allowed" as const,
      actions: [remember, "keepSuspension" as const, { type: "stamp" as const, params: { path: "suspended" } }],
    },
    TERMINATE: {
      target: "#project.terminated",
      guard: "allowed" as const,
      actions: [remember, "keepTermination" as const, { type: "stamp" as const, params: { path: "terminated" } }],
    },
  };
}

const resume = projectWorking.map((path) => ({
  target: `#project.${path}`,
  guard: { type: "cameFrom" as const, params: { path } },
  // Not stamped: it goes on where it was, its time in this state did not begin anew.
  actions: ["clearSuspension" as const],
}));

/** What XState makes its throw-away actor of, at each `transition`: without it the context fails, an error that it swallows. `start` always has an input. */
const noInput: ProjectInput = { at: "" };

/** The phases with their states, and what leads from one to the next. */
const states = {
  survey: {
    initial: "preparing",
    states: {
      preparing: { on: { OPEN_SURVEY: go("survey.collecting"), ...interrupt("survey.preparing") } },
      collecting: { on: { START_CLOSING: go("survey.closing"), ...interrupt("survey.collecting") } },
      closing: {
        on: {
          REOPEN_SURVEY: go("survey.collecting"),
          CLOSE_SURVEY: go("riskReport.drafting", "keepEarlyClosing"),
          ...interrupt("survey.closing"),
        },
      },
    },
  },
  riskReport: {
    initial: "drafting",
    states: {
      drafting: {
        on: {
          SUBMIT_RISK_REPORT: go("riskReport.inReview", "countRiskReport", "clearReturn"),
          ...interrupt("riskReport.drafting"),
        },
      },
      inReview: {
        on: {
          RETURN_RISK_REPORT: go("riskReport.drafting", "keepReturn"),
          APPROVE_RISK_REPORT: go("pilotPlan.drafting"),
          ...interrupt("riskReport.inReview"),
        },
      },
    },
  },
  pilotPlan: {
    initial: "drafting",
    states: {
      drafting: {
        on: {
          SUBMIT_PLAN: go("pilotPlan.sectorReview", "countPlan", "clearReturn"),
          ...interrupt("pilotPlan.drafting"),
        },
      },
      sectorReview: {
        on: {
          RETURN_PLAN: go("pilotPlan.drafting", "keepReturn"),
          APPROVE_PLAN_SECTOR: go("pilotPlan.nationalReview"),
          ...interrupt("pilotPlan.sectorReview"),
        },
      },
      nationalReview: {
        on: {
          RETURN_PLAN_NATIONAL: go("pilotPlan.drafting", "keepReturn"),
          APPROVE_PLAN: go("batchOne.selecting"),
          ...interrupt("pilotPlan.nationalReview"),
        },
      },
    },
  },
  batchOne: {
    initial: "selecting",
    states: {
      selecting: {
        on: {
          START_BATCH: go("batchOne.running"),
          SKIP_BATCH_ONE: go("batchTwo.learning", "keepBatchOneSkip"),
          ...interrupt("batchOne.selecting"),
        },
      },
      running: { on: { START_REVIEW: go("batchOne.reviewing"), ...interrupt("batchOne.running") } },
      reviewing: {
        on: {
          REOPEN_BATCH: go("batchOne.running"),
          CLOSE_BATCH: go("batchTwo.learning"),
          ...interrupt("batchOne.reviewing"),
        },
      },
    },
  },
  batchTwo: {
    initial: "learning",
    states: {
      learning: { on: { FINISH_LEARNING: go("batchTwo.selecting"), ...interrupt("batchTwo.learning") } },
      selecting: {
        on: {
          START_BATCH: go("batchTwo.running"),
          SKIP_BATCH_TWO: go("specification.drafting", "keepBatchTwoSkip"),
          ...interrupt("batchTwo.selecting"),
        },
      },
      running: { on: { START_REVIEW: go("batchTwo.reviewing"), ...interrupt("batchTwo.running") } },
      reviewing: {
        on: {
          REOPEN_BATCH: go("batchTwo.running"),
          CLOSE_BATCH: go("specification.drafting"),
          ...interrupt("batchTwo.reviewing"),
        },
      },
    },
  },
  specification: {
    initial: "drafting",
    states: {
      drafting: {
        on: {
          SUBMIT_SPECIFICATION_DRAFT: go("specification.sectorReview", "countSpecification", "clearReturn"),
          ...interrupt("specification.drafting"),
        },
      },
      sectorReview: {
        on: {
          RETURN_SPECIFICATION: go("specification.drafting", "keepReturn"),
          APPROVE_SPECIFICATION_SECTOR: go("specification.nationalReview"),
          ...interrupt("specification.sectorReview"),
        },
      },
      nationalReview: {
        on: {
          RETURN_SPECIFICATION_NATIONAL: go("specification.drafting", "keepReturn"),
          ACCEPT_SPECIFICATION: go("completed"),
          ...interrupt("specification.nationalReview"),
        },
      },
    },
  },
  suspended: {
    on: {
      RESUME: resume,
      TERMINATE: {
        target: "#project.terminated",
        guard: "allowed" as const,
        actions: ["keepTermination" as const, { type: "stamp" as const, params: { path: "terminated" } }],
      },
    },
  },
  completed: { type: "final" as const },
  terminated: { type: "final" as const },
};

/** Guards by the rules of a version, and what is remembered. */
const withRules = (rules: ProjectRules) =>
  setup({
    types: {
      context: {} as ProjectContext,
      events: {} as WorkflowEvent<ProjectEventType, ProjectFacts>,
      input: {} as ProjectInput,
    },
    guards: {
      allowed: ({ context, event }) => allows(rules, context, event),
      cameFrom: ({ context, event }, params: { path: string }) =>
        context.suspendedFrom === params.path && allows(rules, context, event),
    },
    actions: {
      stamp: assign(({ context, event }, params: { path: string }) => ({
        enteredAt: { ...context.enteredAt, [params.path]: event.at },
      })),
      rememberPlace: assign((_, params: { path: string }) => ({ suspendedFrom: params.path })),
      keepSuspension: assign(({ event }) => ({
        suspendedBy: event.actor.role,
        suspendReason: textOrNull(event.payload, "reason"),
      })),
      clearSuspension: assign({ suspendedFrom: null, suspendedBy: null, suspendReason: null }),
      keepTermination: assign(({ event }) => ({ terminationReason: textOrNull(event.payload, "reason") })),
      keepEarlyClosing: assign(({ context, event }) => {
        const early = (rules.events.CLOSE_SURVEY.waivable?.(context, event.facts) ?? []).length > 0;
        return { surveyClosedEarlyReason: early ? textOrNull(event.payload, "reason") : null };
      }),
      keepReturn: assign(({ event }) => ({ returnReason: textOrNull(event.payload, "reason") })),
      clearReturn: assign({ returnReason: null }),
      countRiskReport: assign(({ context }) => ({ riskReportRounds: context.riskReportRounds + 1 })),
      countPlan: assign(({ context }) => ({ planRounds: context.planRounds + 1 })),
      countSpecification: assign(({ context }) => ({ specificationRounds: context.specificationRounds + 1 })),
      keepBatchOneSkip: assign(({ event }) => ({
        batchOneSkipped: true,
        batchOneSkipReason: textOrNull(event.payload, "reason"),
      })),
      keepBatchTwoSkip: assign(({ event }) => ({
        batchTwoSkipped: true,
        batchTwoSkipReason: textOrNull(event.payload, "reason"),
      })),
    },
  });

const machineBy = (rules: ProjectRules) =>
  withRules(rules).createMachine({
    id: "project",
    initial: "survey",
    context: ({ input = noInput }) => ({
      enteredAt: { "survey.preparing": input.at },
      surveyClosedEarlyReason: null,
      riskReportRounds: 0,
      planRounds: 0,
      specificationRounds: 0,
      returnReason: null,
      batchOneSkipped: false,
      batchOneSkipReason: null,
      batchTwoSkipped: false,
      batchTwoSkipReason: null,
      suspendedFrom: null,
      suspendedBy: null,
      suspendReason: null,
      terminationReason: null,
    }),
    states,
  });

function standing(context: ProjectContext): MainLinePosition {
  const skipped: ProjectState[] = [];
  if (context.batchOneSkipped) skipped.push("batchOne.selecting", "batchOne.running", "batchOne.reviewing");
  if (context.batchTwoSkipped) skipped.push("batchTwo.selecting", "batchTwo.running", "batchTwo.reviewing");
  return { reached: context.suspendedFrom, finished: false, skipped };
}

/** The machine of a project in a version: all have the same states and the same memory, and ask by the rules given. */
export const projectBy = (
  version: number,
  rules: ProjectRules,
): MachineDefinition<ProjectFacts, ProjectInput, ProjectContext> => ({
  id: "project",
  version,
  labelKey: projectLabelKey,
  machine: machineBy(rules),
  events: rules.events,
  eventLabelKeys: projectEventLabelKeys,
  factShape: rules.factShape,
  states: projectStates,
  input: (raw) => {
    if (!isInstant(raw.at)) throw new WorkflowInputError("project: at must be an ISO 8601 instant");
    return { at: raw.at };
  },
  standing,
});
