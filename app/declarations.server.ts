import { declareKinds } from "./features/document/kinds.server.ts";
import { tellFired } from "./features/notices/tell.server.ts";
import { progressReportKind } from "./features/pilots/progress-report.kind.ts";
import { batchReviewKind } from "./features/pilots/review.kind.ts";
import { pilotPlanKind } from "./features/plan/plan.kind.ts";
import { declareEntailments } from "./features/project/move.server.ts";
import { riskReportKind } from "./features/risk/report.kind.ts";
import { specDraftKind } from "./features/specification/sector-draft.kind.ts";
import { surveyResponseKind } from "./features/survey/response.kind.ts";
import { inviteSystems } from "./features/survey/survey.server.ts";
import { declareTeller } from "./features/workflow/telling.server.ts";

/*
 * What the rooms below are told of those above: the kinds of documents, and what a project's events bring about. Called where
 * a program begins: server, API, pages, demonstration, tests. An import alone would be left out of the bundle, whose modules
 * promise to have no side effects (package.json).
 */

export function declareAll(): void {
  declareKinds({
    surveyResponse: surveyResponseKind,
    riskReport: riskReportKind,
    pilotPlan: pilotPlanKind,
    progressReport: progressReportKind,
    batchReview: batchReviewKind,
    specDraft: specDraftKind,
  });
  declareEntailments({
    // Every registered system of the sector gets a response to fill in.
    OPEN_SURVEY: (tx, actor, project) => inviteSystems(tx, actor, { projectId: project.id }),
  });
  declareTeller(tellFired);
}
