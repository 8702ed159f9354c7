import { assign, setup } from "xstate";
import { allows, isInstant, partsOf } from "../rules.ts";
import { WorkflowInputError, type MachineDefinition, type MainLinePosition, type WorkflowEvent } from "../types.ts";
import { documentKinds, type DocumentContext, type DocumentFacts, type DocumentInput } from "./facts.ts";
import { documentRules, isTwoLevel, type DocumentEventType } from "./guards.ts";
import { documentEventLabelKeys, documentLabelKey, documentStates, type DocumentState } from "./labels.ts";

type Action = "goUp" | "endReview" | "keepParts" | "endorse" | "seal";

/** A guarded step to a leaf, which notes when it was entered. */
function go(path: DocumentState, ...acts: Action[]) {
  return {
    target: `#document.${path}`,
    guard: "allowed" as const,
    actions: [...acts, { type: "stamp" as const, params: { path } }],
  };
}

const note = (act: "startReview" | "noteChange") => ({ guard: "allowed" as const, actions: [act] });

/** What XState makes its throw-away actor of, at each `transition`: without it the context fails, an error that it swallows. `start` always has an input. */
const noInput: DocumentInput = { at: "", kind: "surveyResponse" };

const documentMachineV1 = setup({
  types: {
    context: {} as DocumentContext,
    events: {} as WorkflowEvent<DocumentEventType, DocumentFacts>,
    input: {} as DocumentInput,
  },
  guards: { allowed: ({ context, event }) => allows(documentRules, context, event) },
  actions: {
    stamp: assign(({ context, event }, params: { path: string }) => ({
      enteredAt: { ...context.enteredAt, [params.path]: event.at },
    })),
    goUp: assign(({ context, event }) => ({
      submissions: context.submissions + 1,
      level: "sector" as const,
      submittedHash: event.facts.contentHash,
      reviewStartedAt: null,
      endorsedAt: null,
      returnedParts: [],
    })),
    endReview: assign({ level: null, submittedHash: null, reviewStartedAt: null, endorsedAt: null }),
    startReview: assign(({ event }) => ({ reviewStartedAt: event.at })),
    keepParts: assign(({ event }) => ({ returnedParts: partsOf(event.payload) ?? [] })),
    endorse: assign(({ event }) => ({ level: "national" as const, endorsedAt: event.at, reviewStartedAt: null })),
    seal: assign(({ context, event }) => ({
      level: null,
      reviewStartedAt: null,
      sealedHash: event.facts.contentHash,
      seals: [
        ...context.seals,
        { hash: event.facts.contentHash, at: event.at, membershipId: event.actor.membershipId },
      ],
      reapprovalNeeded: false,
    })),
    noteChange: assign(({ context, event }) => ({ reapprovalNeeded: event.facts.contentHash !== context.sealedHash })),
  },
}).createMachine({
  id: "document",
  initial: "draft",
  context: ({ input = noInput }) => ({
    kind: input.kind,
    enteredAt: { draft: input.at },
    submissions: 0,
    level: null,
    submittedHash: null,
    reviewStartedAt: null,
    endorsedAt: null,
    returnedParts: [],
    sealedHash: null,
    seals: [],
    reapprovalNeeded: false,
  }),
  states: {
    draft: { on: { SUBMIT: go("submitted.sector", "goUp") } },
    submitted: {
      initial: "sector",
      states: {
        sector: {
          on: {
            WITHDRAW: go("draft", "endReview"),
            START_REVIEW: note("startReview"),
            RETURN: go("returned", "keepParts", "endReview"),
            ENDORSE: go("submitted.national", "endorse"),
            APPROVE: go("approved", "seal"),
          },
        },
        national: {
          on: {
            START_REVIEW: note("startReview"),
            RETURN: go("returned", "keepParts", "endReview"),
            APPROVE: go("approved", "seal"),
          },
        },
      },
    },
    returned: { on: { RESUBMIT: go("submitted.sector", "goUp") } },
    approved: {
      on: {
        NOTE_CHANGE: note("noteChange"),
        RESUBMIT: go("submitted.sector", "goUp"),
        SUPERSEDE: go("superseded"),
      },
    },
    superseded: { type: "final" },
  },
});

function standing(context: DocumentContext): MainLinePosition {
  const skipped: DocumentState[] = isTwoLevel(context.kind) ? [] : ["submitted.national"];
  // Returned: it stands where its author left it. Superseded: it had been approved.
  const finished = context.enteredAt["superseded"] !== undefined;
  return { reached: finished ? "approved" : "submitted.sector", finished, skipped };
}

/** The machine of a document, version 1. In use: it never changes. */
export const documentV1: MachineDefinition<DocumentFacts, DocumentInput, DocumentContext> = {
  id: "document",
  version: 1,
  labelKey: documentLabelKey,
  machine: documentMachineV1,
  events: documentRules.events,
  eventLabelKeys: documentEventLabelKeys,
  factShape: documentRules.factShape,
  states: documentStates,
  input: (raw) => {
    if (!isInstant(raw.at)) throw new WorkflowInputError("document: at must be an ISO 8601 instant");
    if (!documentKinds.some((kind) => kind === raw.kind)) throw new WorkflowInputError("document: unknown kind");
    return { at: raw.at, kind: raw.kind };
  },
  standing,
};
