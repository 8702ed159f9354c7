/*
 * The words that code and database share, as lists of codes. Plain data: forms and components may import it.
 */
export const dimensions = ["supervision", "identity", "network", "privacy"] as const;
export type Dimension = (typeof dimensions)[number];
export const objects = ["solution", "equipment", "service"] as const;
export type ObjectKind = (typeof objects)[number];
export const lifecycles = ["design", "acceptance", "operation"] as const;
export type Lifecycle = (typeof lifecycles)[number];
export const mechanisms = ["discover", "defend", "replace"] as const;
export type Mechanism = (typeof mechanisms)[number];
export const phases = ["survey", "riskReport", "pilotPlan", "batchOne", "batchTwo", "specification"] as const;
export type Phase = (typeof phases)[number];
export const riskMethods = ["matrix", "multiplication"] as const;
export type RiskMethod = (typeof riskMethods)[number];
export const assetRules = ["max", "mean"] as const;
export const answerValues = ["compliant", "partial", "non_compliant", "not_applicable"] as const;
export type AnswerValue = (typeof answerValues)[number];
export const documentKinds = [
  "surveyResponse",
  "riskReport",
  "pilotPlan",
  "progressReport",
  "batchReview",
  "specDraft",
] as const;
export type DocumentKind = (typeof documentKinds)[number];
/** What of the register can be put right. */
export const correctedThings = ["site", "system", "project", "extension"] as const;
export const siteSizes = ["small", "medium", "large"] as const;
/** How a pilot in operation goes; `none` before anything is known of it. */
export const healths = ["green", "amber", "red", "none"] as const;
export type Health = (typeof healths)[number];
export const directions = ["up", "down"] as const;
export const lessonDecisions = ["open", "adopted", "adapted", "refused"] as const;
/** What may take up a lesson that was adopted. */
export const lessonUptakes = ["measure", "indicator", "clause"] as const;
export type LessonUptake = (typeof lessonUptakes)[number];
export const treatments = ["reduce", "avoid", "transfer", "accept"] as const;
export const verbKinds = ["requirement", "recommendation", "permission", "capability", "none"] as const;
/** What an indicator's figures are. */
export const indicatorKinds = ["share", "count", "duration", "amount", "score"] as const;
export type IndicatorKind = (typeof indicatorKinds)[number];
/** How strong the evidence of a clause is, best first; the last two have none. */
export const strengths = ["strong", "moderate", "limited", "contested", "declaredNone", "missing"] as const;
export const dispositions = ["open", "adopted", "partly", "refused"] as const;

/** What a notice tells of. Each is declared where its event is: `workflows/notices.ts`. */
export const noticeKinds = [
  "survey_opened",
  "handed_in",
  "returned",
  "approved",
  "selected",
  "rejected",
  "stopped",
  "resumed",
  "ended",
  "moved",
  "consultation",
  "published",
  "reminder",
  "granted",
  "comment",
  "mail_refused",
  "due",
  "overdue",
  "escalated",
] as const;
export type NoticeKind = (typeof noticeKinds)[number];
/** What becomes of a notice: here alone; with a letter at once; in the letter of the day or of the week; it is not made. */
export const noticeChannels = ["here", "mail", "daily", "weekly", "none"] as const;
export type NoticeChannel = (typeof noticeChannels)[number];
