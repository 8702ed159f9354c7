export * from "./engine.ts";
export * from "./diagram.ts";
export * from "./registry.ts";
export { machineKey, stateKey } from "./labels.ts";

export { projectV1 } from "./project/v1.ts";
export type { ProjectFacts } from "./project/facts.ts";
export { responseRate, type ProjectEventType } from "./project/guards.ts";

export { pilotV1 } from "./pilot/v1.ts";
export {
  midtermResults,
  type PilotContext,
  type PilotFacts,
} from "./pilot/facts.ts";
export { midtermKey, pilotLeaves, pilotRunning, pilotSelection } from "./pilot/labels.ts";

export { stageIs, stagesWhere } from "./pilot/stages.ts";

export { documentV1 } from "./document/v1.ts";
export {
  documentKinds,
  type DocumentContext,
  type DocumentFacts,
  type DocumentKind,
} from "./document/facts.ts";
export { documentHands, isTwoLevel, type DocumentEventType } from "./document/guards.ts";
export { isHandedIn, isInReview } from "./document/states.ts";
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
export type { SpecificationFacts } from "./specification/facts.ts";
