import { assign, setup } from "xstate";
import { allows, isInstant, textOrNull } from "../rules.ts";
import { WorkflowInputError, type MachineDefinition, type RuleSet, type WorkflowEvent } from "../types.ts";
import type { PilotContext, PilotFacts, PilotInput } from "./facts.ts";
import { midtermResultOf, type PilotEventType } from "./guards.ts";
import { pilotEventLabelKeys, pilotLabelKey, pilotStates } from "./labels.ts";
import type { pilotSelection } from "./stages.ts";
import { pilotRunning, type PilotState } from "./stages.ts";

type Running = (typeof pilotRunning)[number];
type Selecting = (typeof pilotSelection)[number];
type Action =
  | "keepReturn"
  | "clearReturn"
  | "submitDesign"
  | "dropDesign"
  | "countAcceptance"
  | "countProgress"
  | "keepMidterm"
  | "keepEnd"
  | "keepSuspension"
  | "clearSuspension";

/** A guarded step to a stage, which notes when it was entered. */
function go(path: PilotState, ...acts: Action[]) {
  return {
    target: `#pilot.${path}`,
    guard: "allowed" as const,
    actions: [...acts, { type: "stamp" as const, params: { path } }],
  };
}

/** The same, away from the main line: remembers the stage it left. */
function leave(from: Selecting | Running, path: PilotState, ...acts: Action[]) {
  const step = go(path, ...acts);
  return { ...step, actions: [{ type: "rememberPlace" as const, params: { path: from } }, ...step.actions] };
}

/** A guarded event that changes what is remembered and not the stage. */
function note(...acts: Action[]) {
  return { guard: "allowed" as const, actions: acts };
}

const unselected = (from: Selecting) => ({ WITHDRAW: leave(from, "withdrawn", "keepEnd") });
const refusable = (from: Selecting) => ({ REJECT: leave(from, "rejected", "keepEnd"), ...unselected(from) });
const interrupt = (from: Running) => ({
  SUSPEND: leave(from, "suspended", "keepSuspension"),
  FAIL: leave(from, "failed", "keepEnd"),
  WITHDRAW: leave(from, "withdrawn", "keepEnd"),
});

const resume = pilotRunning.map((path) => ({
  target: `#pilot.${path}`,
  guard: { type: "cameFrom" as const, params: { path } },
  // Not stamped: it goes on where it was, its time in this stage did not begin anew.
  actions: ["clearSuspension" as const],
}));

/** What XState makes its throw-away actor of, at each `transition`: without it the context fails, an error that it swallows. `start` always has an input. */
const noInput: PilotInput = { at: "", batch: 1 };

/** The stages, and what leads from one to the next. */
const states = {
  nominated: { on: { START_SCREENING: go("screening", "clearReturn"), ...unselected("nominated") } },
  screening: {
    on: {
      RETURN_NOMINATION: go("nominated", "keepReturn"),
      PASS_SCREENING: go("scoring"),
      ...refusable("screening"),
    },
  },
  scoring: { on: { FINISH_SCORING: go("publicNotice", "clearReturn"), ...refusable("scoring") } },
  publicNotice: {
    on: { RETURN_TO_SCORING: go("scoring", "keepReturn"), SELECT: go("selected"), ...refusable("publicNotice") },
  },
  selected: { on: { START_DESIGN: go("design"), ...interrupt("selected") } },
  design: {
    on: {
      COMPLETE_DESIGN: note("submitDesign"),
      RETURN_DESIGN: note("dropDesign", "keepReturn"),
      APPROVE_DESIGN: go("construction"),
      ...interrupt("design"),
    },
  },
  construction: { on: { REQUEST_ACCEPTANCE: go("acceptance", "countAcceptance"), ...interrupt("construction") } },
  acceptance: {
    on: {
      FAIL_ACCEPTANCE: go("construction", "keepReturn"),
      PASS_ACCEPTANCE: go("operation"),
      ...interrupt("acceptance"),
    },
  },
  operation: {
    on: {
      RECORD_PROGRESS: note("countProgress"),
      MIDTERM_CHECK: [
        { ...leave("operation", "failed", "keepMidterm", "keepEnd"), guard: "exits" as const },
        note("keepMidterm"),
      ],
      START_SUMMARY: go("summary", "clearReturn"),
      ...interrupt("operation"),
    },
  },
  summary: {
    on: { RETURN_SUMMARY: go("operation", "keepReturn"), ACCEPT: go("accepted"), ...interrupt("summary") },
  },
  suspended: {
    on: { RESUME: resume, FAIL: go("failed", "keepEnd"), WITHDRAW: go("withdrawn", "keepEnd") },
  },
  accepted: { type: "final" as const },
  rejected: { type: "final" as const },
  withdrawn: { type: "final" as const },
  failed: { type: "final" as const },
} satisfies Record<PilotState, object>;

type Rules = RuleSet<PilotContext, PilotFacts, PilotEventType>;
/** Guards by the rules of a version, and what is remembered. Stages and memory the versions share: they differ in their rules alone. */
const withRules = (rules: Rules) =>
  setup({
    types: {
      context: {} as PilotContext,
      events: {} as WorkflowEvent<PilotEventType, PilotFacts>,
      input: {} as PilotInput,
    },
    guards: {
      allowed: ({ context, event }) => allows(rules, context, event),
      cameFrom: ({ context, event }, params: { path: string }) =>
        context.leftFrom === params.path && allows(rules, context, event),
      exits: ({ context, event }) => allows(rules, context, event) && midtermResultOf(event.payload) === "exit",
    },
    actions: {
      stamp: assign(({ context, event }, params: { path: string }) => ({
        enteredAt: { ...context.enteredAt, [params.path]: event.at },
      })),
      rememberPlace: assign((_, params: { path: string }) => ({ leftFrom: params.path })),
      keepReturn: assign(({ event }) => ({ returnReason: textOrNull(event.payload, "reason") })),
      clearReturn: assign({ returnReason: null }),
      submitDesign: assign(({ context, event }) => ({
        designSubmittedAt: event.at,
        designRounds: context.designRounds + 1,
        returnReason: null,
      })),
      dropDesign: assign({ designSubmittedAt: null }),
      countAcceptance: assign(({ context }) => ({
        acceptanceRounds: context.acceptanceRounds + 1,
        returnReason: null,
      })),
      countProgress: assign(({ context, event }) => ({
        progressCount: context.progressCount + 1,
        lastProgressAt: event.at,
      })),
      keepMidterm: assign(({ context, event }) => {
        const result = midtermResultOf(event.payload);
        return {
          midterm: result ? { result, at: event.at, reason: textOrNull(event.payload, "reason") } : context.midterm,
        };
      }),
      keepEnd: assign(({ event }) => ({ endReason: textOrNull(event.payload, "reason") })),
      keepSuspension: assign(({ event }) => ({ suspendReason: textOrNull(event.payload, "reason") })),
      clearSuspension: assign({ leftFrom: null, suspendReason: null }),
    },
  });
const machineBy = (rules: Rules) =>
  withRules(rules).createMachine({
    id: "pilot",
    initial: "nominated",
    context: ({ input = noInput }) => ({
      batch: input.batch,
      enteredAt: { nominated: input.at },
      designSubmittedAt: null,
      designRounds: 0,
      acceptanceRounds: 0,
      progressCount: 0,
      lastProgressAt: null,
      midterm: null,
      returnReason: null,
      leftFrom: null,
      suspendReason: null,
      endReason: null,
    }),
    states,
  });

/** The definition of a version that has these stages. Versions in use never change, so neither does what they share. */
export const pilotBy = (version: number, rules: Rules): MachineDefinition<PilotFacts, PilotInput, PilotContext> => ({
  id: "pilot",
  version,
  labelKey: pilotLabelKey,
  machine: machineBy(rules),
  events: rules.events,
  eventLabelKeys: pilotEventLabelKeys,
  factShape: rules.factShape,
  states: pilotStates,
  input: (raw) => {
    if (!isInstant(raw.at)) throw new WorkflowInputError("pilot: at must be an ISO 8601 instant");
    if (raw.batch !== 1 && raw.batch !== 2) throw new WorkflowInputError("pilot: batch must be 1 or 2");
    return { at: raw.at, batch: raw.batch };
  },
  standing: (context) => ({ reached: context.leftFrom, finished: false, skipped: [] }),
});
