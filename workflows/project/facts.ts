import type { FactShape, Role } from "../types.ts";

/**
 * What the guards of a project are told. The facts of a batch (`batch…`, `selectedPilots`, `pilots…`, `lessonsRecorded`) are those of
 * the batch in which the project stands: batch one in `batchOne`, batch two in `batchTwo`.
 */
export type ProjectFacts = {
  /** Questions in the published questionnaire. */
  questionCount: number;
  invitedSites: number;
  /** Sites of which every response has been submitted. */
  respondedSites: number;
  /** Percent, 0–100, set per project. */
  responseThreshold: number;
  riskCount: number;
  /** Numbers of the required chapters that are empty. */
  missingChapters: string[];
  /** Risks of level 4 or 5 without an owner. */
  highRisksWithoutOwner: number;
  measureCount: number;
  highRisksWithoutMeasure: number;
  measuresWithoutLifecycle: number;
  measuresWithoutDimension: number;
  measuresWithoutBudget: number;
  /** Budgets whose security share is below the sector's threshold and that give no reason. */
  budgetsBelowShare: number;
  /** Percent, 0–100. */
  securityShareThreshold: number;
  /** The national window of the batch is open now. */
  batchWindowOpen: boolean;
  /** Pilots that the national office allows this sector in the batch; 0 when it was not chosen. */
  batchQuota: number;
  selectedPilots: number;
  /** Nominations of the batch that are neither selected nor over. */
  pilotsInSelection: number;
  /** Pilots of the batch that have neither reached operation nor ended. */
  pilotsBeforeOperation: number;
  /** The batch review document is approved. */
  batchReviewApproved: boolean;
  lessonsRecorded: number;
  /** Lessons of batch one neither adopted, adapted nor refused with a reason. */
  lessonsUndecided: number;
  /** Lessons of other sectors' batch one that the sector has not taken over yet; version 1 asks only who skipped batch one. */
  nationalLessonsUnread: number;
  /** The national office has handed the lessons of batch one on, or has stated that there are none. */
  lessonsHandedOn: boolean;
  /** Codes of lessons that were adopted or adapted and that no measure, indicator or clause takes up. */
  lessonsWithoutUptake: string[];
  /** Codes of the batch's pilots that neither have a lesson nor the reason why there is none. */
  pilotsWithoutLesson: string[];
  /** Codes of lessons that a clause was to take up and on which no clause of the draft rests. */
  lessonsWithoutClause: string[];
  clauseCount: number;
  /** Clauses that neither name evidence nor say that they have none. */
  clausesWithoutEvidence: number;
};

/** The kind of each fact, checked when an event arrives. */
export const projectFactShape = {
  questionCount: "number",
  invitedSites: "number",
  respondedSites: "number",
  responseThreshold: "number",
  riskCount: "number",
  missingChapters: "texts",
  highRisksWithoutOwner: "number",
  measureCount: "number",
  highRisksWithoutMeasure: "number",
  measuresWithoutLifecycle: "number",
  measuresWithoutDimension: "number",
  measuresWithoutBudget: "number",
  budgetsBelowShare: "number",
  securityShareThreshold: "number",
  batchWindowOpen: "boolean",
  batchQuota: "number",
  selectedPilots: "number",
  pilotsInSelection: "number",
  pilotsBeforeOperation: "number",
  batchReviewApproved: "boolean",
  lessonsRecorded: "number",
  lessonsUndecided: "number",
  nationalLessonsUnread: "number",
  lessonsHandedOn: "boolean",
  lessonsWithoutUptake: "texts",
  pilotsWithoutLesson: "texts",
  lessonsWithoutClause: "texts",
  clauseCount: "number",
  clausesWithoutEvidence: "number",
} as const satisfies FactShape<ProjectFacts>;

export type ProjectInput = {
  /** ISO instant at which the project was set up. */
  at: string;
};

export type ProjectContext = {
  /** When each leaf was last entered: dotted path → ISO instant. */
  enteredAt: Record<string, string>;
  /** Why the survey closed below its threshold; null when it reached it. */
  surveyClosedEarlyReason: string | null;
  /** How often each document went up. */
  riskReportRounds: number;
  planRounds: number;
  specificationRounds: number;
  /** The text with the latest return, cleared when the work goes up again. */
  returnReason: string | null;
  batchOneSkipped: boolean;
  batchOneSkipReason: string | null;
  batchTwoSkipped: boolean;
  batchTwoSkipReason: string | null;
  /** The leaf in which it was interrupted; resuming leads back there. Kept after termination to show how far it came. */
  suspendedFrom: string | null;
  suspendedBy: Role | null;
  suspendReason: string | null;
  terminationReason: string | null;
};
