export * from "./engine.ts";
export * from "./diagram.ts";
export * from "./registry.ts";
export * from "./duties.ts";
export * from "./notices.ts";
export type { ProjectPhase } from "./project/states.ts";

export type { ProjectContext, ProjectFacts } from "./project/facts.ts";
export { type ProjectEventType } from "./project/guards.ts";

export {
  midtermResults,
  type PilotContext,
  type PilotFacts,
} from "./pilot/facts.ts";
export { pilotLeaves, pilotRunning, pilotSelection, stageIs, stagesWhere } from "./pilot/stages.ts";

export {
  type DocumentContext,
  type DocumentKind,
} from "./document/facts.ts";
export { type DocumentEventType } from "./document/guards.ts";
export { currentStates, isHandedIn, isInReview, reviewStates, withAuthorStates } from "./document/states.ts";
export {
  type DocumentStep,
  documentSteps,
  isDocumentEvent,
  movesWithProject,
  phaseDocument,
  phaseOfDocument,
  stepOfProject,
  stepWith,
} from "./steps.ts";
