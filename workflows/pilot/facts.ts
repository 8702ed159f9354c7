import type { FactShape } from "../types.ts";

/** What the guards of a pilot are told, about this pilot unless said otherwise. */
export type PilotFacts = {
  /** Codes of the required fields and attachments of the nomination that are empty. */
  formMissing: string[];
  /** Other pilots, running or nominated, national ones included, of the same system. */
  duplicates: number;
  /** Scorers named and not recused. */
  scorers: number;
  /** Of these, those who have not handed in their score. */
  scorersPending: number;
  /** Days of public notice still to run; 0 or less when it is over. */
  noticeDaysLeft: number;
  openObjections: number;
  /** Places of the sector in this batch still free. */
  quotaLeft: number;
  /** The project's batch is running. */
  batchRunning: boolean;
  /** An assessor has verified the design. */
  designVerified: boolean;
  /** An assessor has tested the system for acceptance. */
  acceptanceTested: boolean;
  /** Findings of high or very high severity neither closed nor accepted. */
  openHighFindings: number;
  /** Milestones of construction not yet reached. */
  openMilestones: number;
  /** Progress reports of this pilot that are approved, counted from the start. */
  approvedProgressReports: number;
  /** Fields of the mid-term report that are empty. */
  midtermMissing: string[];
  /** Indicators of the pilot without a reported final value. */
  indicatorsUnreported: number;
  /** The summary has been handed in by the site lead and approved. */
  summaryApproved: boolean;
  /** Why the nomination does not meet the conditions of the call, each in words; what is missing and doubled apart. */
  screeningBlocked: string[];
  /** Members of the batch's panel who were not released and still serve. */
  panelMembers: number;
  /** Marks lie far apart, and no note of this round says why they stand. */
  marksUnreconciled: boolean;
  /** A check in operation passed, at once or after what it found was mended. */
  operationChecked: boolean;
  /** Months of operation that are over and have no approved report. */
  monthsOwed: string[];
  /** The project selects or runs the pilot's batch. */
  selectionOpen: boolean;
  /** The project is neither suspended nor ended before its time. */
  projectStands: boolean;
};

/** The kind of each fact, checked when an event arrives. */
export const pilotFactShape = {
  formMissing: "texts",
  duplicates: "number",
  scorers: "number",
  scorersPending: "number",
  noticeDaysLeft: "number",
  openObjections: "number",
  quotaLeft: "number",
  batchRunning: "boolean",
  designVerified: "boolean",
  acceptanceTested: "boolean",
  openHighFindings: "number",
  openMilestones: "number",
  approvedProgressReports: "number",
  midtermMissing: "texts",
  indicatorsUnreported: "number",
  summaryApproved: "boolean",
  screeningBlocked: "texts",
  panelMembers: "number",
  marksUnreconciled: "boolean",
  operationChecked: "boolean",
  monthsOwed: "texts",
  selectionOpen: "boolean",
  projectStands: "boolean",
} as const satisfies FactShape<PilotFacts>;

/** Conclusions of the mid-term check (评估结论: 正常 / 预警 / 整改 / 退出); `exit` ends the pilot. */
export const midtermResults = ["normal", "warning", "rectify", "exit"] as const;
export type MidtermResult = (typeof midtermResults)[number];

export type PilotInput = {
  /** ISO instant of the nomination. */
  at: string;
  batch: 1 | 2;
};

export type PilotContext = {
  batch: 1 | 2;
  /** When each stage was last entered: state → ISO instant. */
  enteredAt: Record<string, string>;
  /** When the site last handed in its design; null before that and after a return. */
  designSubmittedAt: string | null;
  designRounds: number;
  acceptanceRounds: number;
  /** Approved progress reports taken note of in operation. */
  progressCount: number;
  lastProgressAt: string | null;
  midterm: { result: MidtermResult; at: string; reason: string | null } | null;
  /** The text with the latest return, cleared when the work goes up again. */
  returnReason: string | null;
  /** The stage in which it was interrupted or left for good. */
  leftFrom: string | null;
  suspendReason: string | null;
  /** Why it was rejected, withdrawn or failed. */
  endReason: string | null;
};
