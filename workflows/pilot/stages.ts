/** Stages before selection: a pilot leaves them by selection, rejection or withdrawal. */
export const pilotSelection = ["nominated", "screening", "scoring", "publicNotice"] as const;
/** Stages of the work itself: they can be interrupted and resumed. */
export const pilotRunning = ["selected", "design", "construction", "acceptance", "operation", "summary"] as const;

/** Every stage, in reading order. */
export const pilotLeaves = [
  ...pilotSelection,
  ...pilotRunning,
  "accepted",
  "suspended",
  "rejected",
  "withdrawn",
  "failed",
] as const;
export type PilotState = (typeof pilotLeaves)[number];

/** What a stage of a pilot means to those who count, compare and remind; said here and nowhere else. */
export interface PilotStage {
  /** Before the choice of the batch. */
  readonly selecting: boolean;
  /** Nobody scores it yet. */
  readonly unscored: boolean;
  /** At work: it can be interrupted and resumed. */
  readonly running: boolean;
  /** Takes a place of its sector's quota. One that failed keeps it: the place was used. */
  readonly takesPlace: boolean;
  /** In use: its indicators are reported, and in the end summed up. */
  readonly operates: boolean;
  /** Its effect counts. */
  readonly effective: boolean;
  /** Has reached operation or will not any more. */
  readonly builtOrEnded: boolean;
  /** Waits for the regulator's word. */
  readonly awaitsDecision: boolean;
  /** Ended without result. */
  readonly failed: boolean;
  /** Ended, one way or the other: its system is free for another pilot. */
  readonly over: boolean;
}

const of = (...stages: readonly PilotState[]) => new Set<PilotState>(stages);
const running = of(...pilotRunning);
const selecting = of(...pilotSelection);
const operating = of("operation", "summary");
const unscored = of("nominated", "screening");
const lost = of("rejected", "withdrawn", "failed");
const effective = of(...operating, "accepted");

/** What each stage means. */
export const pilotStages = Object.fromEntries(
  pilotLeaves.map((stage): [PilotState, PilotStage] => [
    stage,
    {
      selecting: selecting.has(stage),
      unscored: unscored.has(stage),
      running: running.has(stage),
      takesPlace: running.has(stage) || of("accepted", "suspended", "failed").has(stage),
      operates: operating.has(stage),
      effective: effective.has(stage),
      builtOrEnded: effective.has(stage) || lost.has(stage),
      awaitsDecision: of("acceptance", "summary").has(stage),
      failed: lost.has(stage),
      over: lost.has(stage) || stage === "accepted",
    },
  ]),
) as Readonly<Record<PilotState, PilotStage>>;

/** The stages of which something holds, in the order of the machine. */
export const stagesWhere = (flag: keyof PilotStage): PilotState[] =>
  pilotLeaves.filter((stage) => pilotStages[stage][flag]);
/** Whether it holds of a stage as stored; of no stage of this machine nothing does. */
export const stageIs = (stage: string, flag: keyof PilotStage): boolean =>
  pilotLeaves.some((leaf) => leaf === stage && pilotStages[leaf][flag]);
