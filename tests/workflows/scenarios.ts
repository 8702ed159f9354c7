import { getShortestPaths, getSimplePaths } from "xstate/graph";
import type { AnyMachineSnapshot, AnyStateMachine } from "xstate";
import {
  apply,
  current,
  pathOf,
  start,
  type Actor,
  type DocumentKind,
  type EventRequest,
  type MachineDefinition,
  type Payload,
  type PilotFacts,
  type Role,
  type StoredInstance,
} from "#workflows/index.ts";
import { documentV1 } from "#workflows/document/v1.ts";
import { pilotV1 } from "#workflows/pilot/v1.ts";
import { pilotV2 } from "#workflows/pilot/v2.ts";
import { pilotV3 } from "#workflows/pilot/v3.ts";
import { projectV1 } from "#workflows/project/v1.ts";
import { projectV2 } from "#workflows/project/v2.ts";
import { projectV3 } from "#workflows/project/v3.ts";
import { specificationV1 } from "#workflows/specification/v1.ts";
import { specificationV2 } from "#workflows/specification/v2.ts";
import type { DocumentFacts } from "#workflows/document/facts.ts";
import type { ProjectFacts } from "#workflows/project/facts.ts";
import type { SpecificationFacts } from "#workflows/specification/facts.ts";

export const at = "2014-03-01T08:00:00.000Z";
export const hash = "a".repeat(64);
export const otherHash = "b".repeat(64);

export function actor(role: Role): Actor {
  return { role, membershipId: `member-${role}`, name: role, tenantId: "tenant-1" };
}

/** Facts under which no guard of a project refuses. */
export const projectGood: ProjectFacts = {
  questionCount: 72,
  invitedSites: 10,
  respondedSites: 9,
  responseThreshold: 80,
  riskCount: 12,
  missingChapters: [],
  highRisksWithoutOwner: 0,
  measureCount: 8,
  highRisksWithoutMeasure: 0,
  measuresWithoutLifecycle: 0,
  measuresWithoutDimension: 0,
  measuresWithoutBudget: 0,
  budgetsBelowShare: 0,
  securityShareThreshold: 10,
  batchWindowOpen: true,
  batchQuota: 3,
  selectedPilots: 2,
  pilotsInSelection: 0,
  pilotsBeforeOperation: 0,
  batchReviewApproved: true,
  lessonsRecorded: 4,
  lessonsUndecided: 0,
  nationalLessonsUnread: 0,
  lessonsHandedOn: true,
  lessonsWithoutUptake: [],
  pilotsWithoutLesson: [],
  lessonsWithoutClause: [],
  clauseCount: 30,
  clausesWithoutEvidence: 0,
};

export const pilotGood: PilotFacts = {
  formMissing: [],
  duplicates: 0,
  scorers: 3,
  scorersPending: 0,
  noticeDaysLeft: 0,
  openObjections: 0,
  quotaLeft: 1,
  batchRunning: true,
  designVerified: true,
  acceptanceTested: true,
  openHighFindings: 0,
  openMilestones: 0,
  approvedProgressReports: 1,
  midtermMissing: [],
  indicatorsUnreported: 0,
  summaryApproved: true,
  screeningBlocked: [],
  panelMembers: 2,
  marksUnreconciled: false,
  operationChecked: true,
  monthsOwed: [],
  selectionOpen: true,
  projectStands: true,
};

export const documentGood: DocumentFacts = { completeness: 100, missingParts: [], contentHash: hash };

export const specificationGood: SpecificationFacts = {
  clauseCount: 30,
  clausesWithoutVerb: 0,
  clausesWithoutEvidence: 0,
  structureGaps: 0,
  consultationDays: 30,
  consultationStartsIn: 0,
  consultationMinDays: 30,
  consultationDaysLeft: 0,
  unsettledComments: 0,
  contentHash: hash,
  number: "AS-2015-01",
  edition: 1,
  successorPublished: true,
};

export interface Scenario {
  readonly name: string;
  readonly def: MachineDefinition;
  readonly input: object;
  readonly good: Readonly<Record<string, unknown>>;
  /** One explicit event for every way of sending it: role and payload. */
  readonly events: readonly EventRequest[];
  /** What tells two situations of one machine apart when paths are searched. */
  key(context: Record<string, unknown>): string;
  /** Leaves that this scenario cannot reach. */
  readonly unreachable: readonly string[];
}

export function send(type: string, role: Role, facts: object, payload: Payload = {}): EventRequest {
  return { type, actor: actor(role), facts: facts, payload, at };
}

/** Every event of a machine by every role that may send it, with everything that it needs written down. */
function everyEvent(def: MachineDefinition, good: object, extra: readonly EventRequest[] = []): EventRequest[] {
  const plain = Object.entries(def.events).flatMap(([type, rule]) =>
    rule.roles.map((role) => {
      const payload: Record<string, unknown> = {};
      if (rule.needs?.includes("reason")) payload["reason"] = "理由 because";
      if (rule.needs?.includes("parts")) payload["parts"] = [{ part: "3.1", reason: "数据有误" }];
      if (rule.needs?.includes("result")) payload["result"] = "normal";
      return send(type, role, good, payload);
    }),
  );
  return [...plain, ...extra];
}

const plain = <F extends object, I extends object, C extends object>(
  def: MachineDefinition<F, I, C>,
): MachineDefinition => def as unknown as MachineDefinition;

function project(def: MachineDefinition): Scenario {
  // No pilot chosen: only then may a batch be skipped.
  const empty = { ...projectGood, selectedPilots: 0 };
  const skips = [
    send("SKIP_BATCH_ONE", "regulator_lead", empty, { reason: "本领域未入选第一批" }),
    send("SKIP_BATCH_TWO", "national_director", empty, { reason: "本领域仅参加第一批" }),
  ];
  return {
    name: def.version === current.project.version ? "project" : `project@${def.version}`,
    def,
    input: { at },
    good: projectGood,
    events: everyEvent(def, projectGood, skips),
    key: (context) =>
      JSON.stringify([
        context["suspendedFrom"],
        context["suspendedBy"],
        context["batchOneSkipped"],
        context["batchTwoSkipped"],
      ]),
    unreachable: [],
  };
}

function pilot(def: MachineDefinition): Scenario {
  const checks = ["rectify", "exit"].map((result) =>
    send("MIDTERM_CHECK", "regulator", pilotGood, { result, reason: "指标滞后" }),
  );
  return {
    name: def.version === current.pilot.version ? "pilot" : `pilot@${def.version}`,
    def,
    input: { at, batch: 1 },
    good: pilotGood,
    events: everyEvent(def, pilotGood, checks),
    key: (context) => {
      const midterm = context["midterm"] as { result: string } | null;
      return JSON.stringify([
        context["leftFrom"],
        context["designSubmittedAt"],
        context["progressCount"],
        midterm?.result ?? null,
      ]);
    },
    unreachable: [],
  };
}

function document(kind: DocumentKind, twoLevel: boolean): Scenario {
  const def = plain(documentV1);
  const changed = [send("NOTE_CHANGE", "system", { ...documentGood, contentHash: otherHash })];
  return {
    name: `document ${kind}`,
    def,
    input: { at, kind },
    good: documentGood,
    events: everyEvent(def, documentGood, changed),
    key: (context) =>
      JSON.stringify([
        context["level"],
        context["reviewStartedAt"],
        context["reapprovalNeeded"],
        context["sealedHash"],
      ]),
    unreachable: twoLevel ? [] : ["submitted.national"],
  };
}

function specification(def: MachineDefinition): Scenario {
  return {
    name: def.version === current.specification.version ? "specification" : `specification@${def.version}`,
    def,
    input: { at },
    good: specificationGood,
    events: everyEvent(def, specificationGood),
    key: () => "",
    unreachable: [],
  };
}

export const scenarios: readonly Scenario[] = [
  project(plain(projectV1)),
  project(plain(projectV2)),
  project(plain(projectV3)),
  pilot(plain(pilotV1)),
  pilot(plain(pilotV2)),
  pilot(plain(pilotV3)),
  document("pilotPlan", true),
  document("surveyResponse", false),
  document("riskReport", false),
  specification(plain(specificationV1)),
  specification(plain(specificationV2)),
];

/** The first scenario of each machine reaches all its leaves. */
export const complete = scenarios.filter((one) => one.unreachable.length === 0);

export interface WalkedPath {
  readonly to: string;
  readonly events: readonly EventRequest[];
}

/**
 * What is tried in a situation. For simple paths one role for each kind of event: which of the permitted roles sends it does not
 * change where it leads, and every parallel edge would double all paths behind it.
 */
function distinct(scenario: Scenario, snapshot: AnyMachineSnapshot, kind: "shortest" | "simple"): { type: string }[] {
  const seen = new Set<string>();
  return scenario.events.filter((event) => {
    if (kind === "shortest") return true;
    const same = JSON.stringify([event.type, event.payload, event.facts]);
    if (seen.has(same) || !snapshot.can(event)) return false;
    seen.add(same);
    return true;
  });
}

/** Event sequences found in the machine by xstate/graph: the shortest to every situation, or all that visit none twice. */
export function paths(scenario: Scenario, kind: "shortest" | "simple"): WalkedPath[] {
  const options = {
    input: scenario.input,
    events: (snapshot: AnyMachineSnapshot) => distinct(scenario, snapshot, kind),
    serializeState: (state: AnyMachineSnapshot) =>
      `${pathOf(state.value)} ${scenario.key(state.context as Record<string, unknown>)}`,
    serializeEvent: (event: { type: string }) => JSON.stringify(event),
    limit: 100_000,
  };
  const machine: AnyStateMachine = scenario.def.machine;
  const found = kind === "shortest" ? getShortestPaths(machine, options) : getSimplePaths(machine, options);
  return found.map((path) => ({
    to: pathOf((path.state as AnyMachineSnapshot).value),
    events: path.steps
      .map((step) => step.event as unknown as EventRequest)
      .filter((event) => !event.type.startsWith("xstate.")),
  }));
}

/** What a database does to an instance between two requests. */
export function roundTrip(stored: StoredInstance): StoredInstance {
  return JSON.parse(JSON.stringify(stored)) as StoredInstance;
}

/** Runs events one after the other; fails loudly at a refusal. */
export function run(scenario: Pick<Scenario, "def" | "input">, events: readonly EventRequest[]): StoredInstance {
  return events.reduce(
    (stored, event) => {
      const outcome = apply(scenario.def, roundTrip(stored), event);
      if (!outcome.ok)
        throw new Error(`${event.type} from ${stored.state}: ${outcome.kind} ${JSON.stringify(outcome.reasons)}`);
      return outcome.stored;
    },
    start(scenario.def, scenario.input),
  );
}
