export * from "./engine.ts";
export * from "./diagram.ts";
export * from "./registry.ts";
export { eventKey, machineKey, snake, stateKey } from "./labels.ts";
export { maxReasonLength } from "./rules.ts";

export { projectV1 } from "./project/v1.ts";
export type { ProjectContext, ProjectFacts, ProjectInput } from "./project/facts.ts";
export { responseRate, type ProjectEventType } from "./project/guards.ts";
export { projectLeaves, projectPhases, type ProjectPhase, type ProjectState } from "./project/states.ts";

export { pilotV1 } from "./pilot/v1.ts";
export {
  midtermResults,
  type MidtermResult,
  type PilotContext,
  type PilotFacts,
  type PilotInput,
} from "./pilot/facts.ts";
export { minScorers, type PilotEventType } from "./pilot/guards.ts";
export { midtermKey, pilotLeaves, pilotRunning, pilotSelection, type PilotState } from "./pilot/labels.ts";

export { type PilotStage, pilotStages, stageIs, stagesWhere } from "./pilot/stages.ts";

export { documentV1 } from "./document/v1.ts";
export {
  documentKinds,
  type DocumentContext,
  type DocumentFacts,
  type DocumentInput,
  type DocumentKind,
  type DocumentSeal,
} from "./document/facts.ts";
export { documentHands, isTwoLevel, type DocumentEventType } from "./document/guards.ts";
export { documentLeaves, type DocumentState } from "./document/labels.ts";
export { handedInStates, isHandedIn, isInReview, reviewStates, writtenStates } from "./document/states.ts";
export {
  type DocumentStep,
  documentSteps,
  isDocumentEvent,
  movesWithProject,
  phaseDocument,
  stepOfProject,
  stepWith,
} from "./steps.ts";

export { specificationV1 } from "./specification/v1.ts";
export type { SpecificationContext, SpecificationFacts, SpecificationInput } from "./specification/facts.ts";
export type { SpecificationEventType } from "./specification/guards.ts";
export { specificationLeaves, type SpecificationState } from "./specification/labels.ts";
