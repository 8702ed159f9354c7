import { assign, setup } from "xstate";
import { allows, isInstant, textOrNull } from "../rules.ts";
import {
  WorkflowInputError,
  type MachineDefinition,
  type MainLinePosition,
  type RuleSet,
  type WorkflowEvent,
} from "../types.ts";
import type { SpecificationContext, SpecificationFacts, SpecificationInput } from "./facts.ts";
import type { SpecificationEventType } from "./guards.ts";
import {
  specificationEventLabelKeys,
  specificationLabelKey,
  specificationStates,
  type SpecificationState,
} from "./labels.ts";

type Action =
  | "countConsultation"
  | "keepReturn"
  | "clearReturn"
  | "approve"
  | "dropApproval"
  | "publish"
  | "keepWithdrawal";

/** A guarded step to a state, which notes when it was entered. */
function go(path: SpecificationState, ...acts: Action[]) {
  return {
    target: `#specification.${path}`,
    guard: "allowed" as const,
    actions: [...acts, { type: "stamp" as const, params: { path } }],
  };
}

/** What XState makes its throw-away actor of, at each `transition`: without it the context fails, an error that it swallows. `start` always has an input. */
const noInput: SpecificationInput = { at: "" };

type Rules = RuleSet<SpecificationContext, SpecificationFacts, SpecificationEventType>;
/** States and memory, which versions 1 and 2 share: they differ in their rules alone. */
const machineBy = (rules: Rules) =>
  setup({
    types: {
      context: {} as SpecificationContext,
      events: {} as WorkflowEvent<SpecificationEventType, SpecificationFacts>,
      input: {} as SpecificationInput,
    },
    guards: { allowed: ({ context, event }) => allows(rules, context, event) },
    actions: {
      stamp: assign(({ context, event }, params: { path: string }) => ({
        enteredAt: { ...context.enteredAt, [params.path]: event.at },
      })),
      countConsultation: assign(({ context }) => ({ consultations: context.consultations + 1 })),
      keepReturn: assign(({ event }) => ({ returnReason: textOrNull(event.payload, "reason") })),
      clearReturn: assign({ returnReason: null }),
      approve: assign(({ event }) => ({ approvedHash: event.facts.contentHash })),
      dropApproval: assign({ approvedHash: null }),
      publish: assign(({ event }) => ({
        published: {
          number: event.facts.number.trim(),
          edition: event.facts.edition,
          hash: event.facts.contentHash,
          at: event.at,
        },
      })),
      keepWithdrawal: assign(({ event }) => ({ withdrawReason: textOrNull(event.payload, "reason") })),
    },
  }).createMachine({
    id: "specification",
    initial: "drafting",
    context: ({ input = noInput }) => ({
      enteredAt: { drafting: input.at },
      consultations: 0,
      returnReason: null,
      approvedHash: null,
      published: null,
      withdrawReason: null,
    }),
    states: {
      drafting: { on: { OPEN_CONSULTATION: go("consultation", "countConsultation", "clearReturn") } },
      consultation: { on: { CLOSE_CONSULTATION: go("reviewing") } },
      reviewing: {
        on: { RETURN_TO_DRAFTING: go("drafting", "keepReturn"), APPROVE: go("approved", "approve", "clearReturn") },
      },
      approved: {
        on: { REOPEN_REVIEW: go("reviewing", "keepReturn", "dropApproval"), PUBLISH: go("published", "publish") },
      },
      published: { on: { SUPERSEDE: go("superseded"), WITHDRAW: go("withdrawn", "keepWithdrawal") } },
      superseded: { type: "final" },
      withdrawn: { type: "final" },
    },
  });

/** What was superseded or withdrawn had been published. */
const standing = (context: SpecificationContext): MainLinePosition => ({
  reached: context.published ? "published" : null,
  finished: context.published !== null,
  skipped: [],
});

/** The definition of a version that has these states. Versions in use never change, so neither does what they share. */
export const specificationBy = (
  version: number,
  rules: Rules,
): MachineDefinition<SpecificationFacts, SpecificationInput, SpecificationContext> => ({
  id: "specification",
  version,
  labelKey: specificationLabelKey,
  machine: machineBy(rules),
  events: rules.events,
  eventLabelKeys: specificationEventLabelKeys,
  factShape: rules.factShape,
  states: specificationStates,
  input: (raw) => {
    if (!isInstant(raw.at)) throw new WorkflowInputError("specification: at must be an ISO 8601 instant");
    return { at: raw.at };
  },
  standing,
});
