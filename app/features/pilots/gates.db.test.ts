import { and, asc, eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transition } from "#app/features/document/transition.server.ts";
import { deleteIndicator } from "#app/features/plan/plan-rows.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { AppError } from "#app/platform/errors.ts";
import { addDays } from "#app/platform/days.ts";
import type { Actor } from "#app/request/actor.ts";
import { indicators, lessons, pilots } from "#db/schema/index.ts";
import { createRng } from "#seeds/rng.ts";
import * as builders from "#tests/builders/pilots.ts";
import { type TestSector, testWorld, type World } from "#tests/builders/world.ts";
import { next, nextOfProject, pilotMachineEvents, projectMachineEvents } from "#tests/workflows/gates.ts";
import { grantAccess, recordVerification } from "./assessors.server.ts";
import { decideLessons, recordLesson, stateSilence } from "./lessons.server.ts";
import { publishNationalLessons, stateNoLessons, takeOverNationalLessons } from "./national-lessons.server.ts";
import { stateNomination } from "./nomination.server.ts";
import { declareInterests, nameMember, panelOf, releaseMember } from "./panel.server.ts";
import { movePilot } from "./pilot.server.ts";
import { saveProgressDraft, startProgressReport } from "./progress.server.ts";
import { saveBatchReview, startBatchReview } from "./review.server.ts";
import { objectionsOf, raiseObjection, reconcile, recuse, settleObjection, submitScore } from "./scoring.server.ts";
import { gateFaults } from "#tests/builders/gates.ts";

/*
 * A walk through a batch by people who do whatever comes to mind, in any order, on any day, some of it helpful: whatever was
 * taken, the condition of the gate held, as the rows themselves tell without any rule of the product. `GATES_SEED=word
 * GATES_STEPS=3000` walks anew, and further.
 */

const locale = "en" as const;
const { nth } = builders;
type Rng = ReturnType<typeof createRng>;

class Walk {
  taken = 0;
  readonly passed = new Set<string>();
  day = "2014-04-02";
  constructor(
    readonly w: World,
    readonly s: TestSector,
    readonly rng: Rng,
    readonly sql: postgres.Sql,
  ) {}
  pick<T>(list: readonly T[]): T {
    return nth(list, this.rng.int(0, list.length - 1));
  }
  at(actor: Actor): Actor {
    return this.w.at(actor, `${this.day}T02:00:00Z`);
  }
  get people(): Actor[] {
    const { s, w } = this;
    return [
      s.regulator,
      s.regulator2,
      s.lead,
      s.expert,
      w.director,
      w.assessor,
      ...s.sites.flatMap((x) => [x.officer, x.lead]),
    ];
  }
  /** An act that may be refused; an error that is no refusal is one. */
  async try(who: Actor, work: (actor: Actor) => Promise<unknown>): Promise<boolean> {
    try {
      await work(this.at(who));
      this.taken += 1;
      return true;
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return false;
      // Beyond a policy rows are not there, and writes are refused by the database itself.
      if (
        error instanceof Error &&
        /row-level security|permission denied/.test(`${error.message} ${String(error.cause)}`)
      )
        return false;
      throw error;
    }
  }
}

const eventOf = (walk: Walk, who: Actor, pilotId: string, type: string) =>
  walk.try(who, (a) =>
    walk.w.as(a, (tx) =>
      movePilot(tx, a, {
        pilotId,
        type,
        payload: { reason: "理由", result: walk.pick(["normal", "normal", "warning", "rectify"]) },
        locale,
      }),
    ),
  );
const projectEvent = (walk: Walk, who: Actor, type: string) =>
  walk.try(who, (a) =>
    walk.w.as(a, (tx) =>
      transitionProject(tx, a, { projectId: walk.s.projectId, type, payload: { reason: "理由" }, locale }),
    ),
  );

type Pilot = typeof pilots.$inferSelect;
const siteOf = (walk: Walk, p: Pilot) => walk.s.sites.find((x) => x.id === p.siteId) ?? nth(walk.s.sites, 0);

/** What somebody may write about a pilot or a batch, right or wrong. */
async function write(walk: Walk, p: Pilot): Promise<void> {
  const { w, s, rng } = walk;
  const { officer, lead } = siteOf(walk, p);
  const { projectId } = s;
  const wrong = rng.chance(0.25);
  const fault = rng.int(0, 6);
  const acts: (() => Promise<unknown>)[] = [
    () =>
      walk.try(officer, (a) =>
        w.as(a, (tx) =>
          stateNomination(tx, a, {
            pilotId: p.id,
            // One fault at a time: what one condition refuses would hide that another does not.
            partners: fault === 1 ? ["甲", "乙", "丙"] : [],
            otherProgrammes: [],
            builtOn: fault === 2 ? null : "2012-05-01",
            committed: fault !== 3,
          }),
        ),
      ),
    async () => {
      const member = walk.pick([s.regulator, s.regulator2, s.lead]);
      await walk.try(s.lead, (a) =>
        w.as(a, (tx) => nameMember(tx, a, { projectId, batchNo: 1, membershipId: member.membershipId })),
      );
      const panel = await w.as(s.lead, (tx) => panelOf(tx, projectId, 1));
      if (panel)
        await walk.try(member, (a) => w.as(a, (tx) => declareInterests(tx, a, { panelId: panel.id, interests: "" })));
    },
    () => {
      const points = builders.pointsOf(wrong ? 20 : rng.int(70, 90));
      return walk.try(walk.pick([s.regulator, s.regulator2, s.lead]), (a) =>
        w.as(a, (tx) => submitScore(tx, a, { pilotId: p.id, points, comment: "" })),
      );
    },
    () => walk.try(s.lead, (a) => w.as(a, (tx) => reconcile(tx, a, { pilotId: p.id, reconciliation: "核对后维持。" }))),
    () =>
      rng.chance(0.1)
        ? walk.try(s.regulator2, (a) => w.as(a, (tx) => recuse(tx, a, { pilotId: p.id, reason: "亲属" })))
        : Promise.resolve(),
    () =>
      rng.chance(0.1)
        ? walk.try(s.lead, (a) =>
            w.as(a, (tx) =>
              releaseMember(tx, a, { projectId, batchNo: 1, membershipId: s.lead.membershipId, reason: "因病" }),
            ),
          )
        : Promise.resolve(),
    async () => {
      const purpose = walk.pick(["design", "acceptance", "operation"] as const);
      await walk.try(s.lead, (a) =>
        w.as(a, (tx) =>
          grantAccess(tx, a, {
            pilotId: p.id,
            institutionId: w.institutionId,
            purpose,
            startsAt: new Date("2013-01-01T00:00:00Z"),
            endsAt: new Date("2099-01-01T00:00:00Z"),
          }),
        ),
      );
      const result = wrong ? ("failed" as const) : ("passed" as const);
      await walk.try(w.assessor, (a) =>
        w.as(a, (tx) =>
          recordVerification(tx, a, { pilotId: p.id, kind: purpose, result, reportNumber: "R", note: "" }),
        ),
      );
    },
    async () => {
      if (rng.chance(0.3))
        await walk.try(s.regulator, (a) =>
          w.as(a, (tx) => raiseObjection(tx, a, { pilotId: p.id, raisedBy: "来信", text: "异议" })),
        );
      const raised = await w.as(s.lead, (tx) => objectionsOf(tx, p));
      for (const { id: objectionId } of raised)
        if (!wrong)
          await walk.try(s.lead, (a) => w.as(a, (tx) => settleObjection(tx, a, { objectionId, settlement: "不成立" })));
    },
    () => report(walk, p, officer, lead, wrong),
    () =>
      walk.try(s.regulator, (a) =>
        w.as(a, (tx) =>
          recordLesson(tx, a, { projectId, batchNo: 1, pilotId: p.id, dimension: "identity", text: "经验" }),
        ),
      ),
    () =>
      walk.try(s.regulator, (a) =>
        w.as(a, (tx) => stateSilence(tx, a, { projectId, batchNo: 1, pilotId: p.id, reason: "没有" })),
      ),
  ];
  const fitting = helps[p.stage] ?? [9, 10];
  await (rng.chance(0.85) ? nth(acts, walk.pick(fitting)) : walk.pick(acts))();
}
/** Which of these acts help a pilot in a stage, by their place. */
const helps: Readonly<Record<string, readonly number[]>> = {
  nominated: [0],
  screening: [0, 0, 0, 1],
  scoring: [2, 2, 2, 3, 1],
  publicNotice: [7],
  design: [6],
  construction: [6],
  acceptance: [6],
  operation: [6, 8, 8, 8, 9],
  summary: [8, 8],
};

/** The next report of a pilot: begun, filled in, handed in, approved; or left on the way. */
async function report(walk: Walk, p: Pilot, officer: Actor, lead: Actor, stops: boolean): Promise<void> {
  const { w, s } = walk;
  const months: string[] = [];
  for (let m = walk.day.slice(0, 7); months.length < 10; m = addDays(`${m}-01`, -1).slice(0, 7)) months.unshift(m);
  let documentId = "";
  for (const period of walk.rng.chance(0.3) ? [walk.pick(months), "summary"] : months) {
    if (documentId !== "") break;
    await walk.try(officer, (a) =>
      w.as(a, async (tx) => {
        const { id } = await startProgressReport(tx, a, { pilotId: p.id, period });
        const list = await tx
          .select({ id: indicators.id })
          .from(indicators)
          .where(eq(indicators.projectId, s.projectId));
        const values = Object.fromEntries(list.map((i) => [i.id, 6_000]));
        await saveProgressDraft(tx, a, {
          documentId: id,
          body: { values, text: "正常", problems: "", next: "", done: {} },
          rev: 0,
        });
        documentId = id;
      }),
    );
  }
  if (documentId === "" || stops) return;
  for (const [who, type] of [
    [lead, "SUBMIT"],
    [s.regulator, "APPROVE"],
  ] as const)
    await walk.try(who, (a) => w.as(a, (tx) => transition(tx, a, { documentId, type, payload: {}, locale })));
}

/** What somebody may do about the batch as a whole, and after it. */
async function conclude(walk: Walk): Promise<void> {
  const { w, s } = walk;
  const { projectId } = s;
  const acts: (() => Promise<unknown>)[] = [
    async () => {
      let documentId = "";
      await walk.try(s.regulator, (a) =>
        w.as(a, async (tx) => {
          documentId = (await startBatchReview(tx, a, { projectId, batchNo: 1 })).id;
          await saveBatchReview(tx, a, {
            documentId,
            body: { conclusions: "达到预期", problems: "", advice: "" },
            rev: 0,
          });
        }),
      );
      for (const [who, type] of [
        [s.regulator, "SUBMIT"],
        [s.lead, "APPROVE"],
      ] as const)
        if (documentId !== "")
          await walk.try(who, (a) => w.as(a, (tx) => transition(tx, a, { documentId, type, payload: {}, locale })));
    },
    () => walk.try(w.director, (a) => w.as(a, (tx) => publishNationalLessons(tx, a, w.programmeId))),
    () =>
      walk.try(w.director, (a) =>
        w.as(a, (tx) => stateNoLessons(tx, a, { programmeId: w.programmeId, reason: "没有" })),
      ),
    () => walk.try(s.regulator, (a) => w.as(a, (tx) => takeOverNationalLessons(tx, a, projectId))),
    async () => {
      const open = await w.as(s.lead, (tx) =>
        tx
          .select()
          .from(lessons)
          .where(and(eq(lessons.projectId, projectId), eq(lessons.batchNo, 1))),
      );
      const [uptake] = await w.as(s.lead, (tx) =>
        tx.select().from(indicators).where(eq(indicators.projectId, projectId)),
      );
      if (open.length === 0) return;
      const { id, rev } = walk.pick(open);
      const decision = walk.pick(["adopted", "adapted", "refused"] as const);
      await walk.try(s.lead, (a) =>
        w.as(a, (tx) =>
          decideLessons(tx, a, {
            projectId,
            lessons: [{ id, rev }],
            decision,
            reason: "理由",
            uptakeKind: walk.rng.chance(0.8) ? "indicator" : null,
            uptake: uptake?.code ?? "",
          }),
        ),
      );
    },
    // What took a lesson up goes from the plan, as a plan may change.
    () =>
      walk.rng.chance(0.05)
        ? walk.try(s.regulator, async (a) => {
            const [last] = await w.as(a, (tx) => tx.select().from(indicators).where(eq(indicators.code, "I-3")));
            if (last) await w.as(a, (tx) => deleteIndicator(tx, a, { indicatorId: last.id }));
          })
        : Promise.resolve(),
  ];
  await walk.pick(acts)();
}

async function step(walk: Walk): Promise<string | null> {
  const { w, s, rng } = walk;
  const own = await w.as(s.lead, (tx) =>
    tx
      .select()
      .from(pilots)
      .where(and(eq(pilots.projectId, s.projectId), eq(pilots.batchNo, 1)))
      .orderBy(asc(pilots.code)),
  );
  const p = walk.pick(own);
  const kind = rng.next();
  const running = own.some((one) => one.stage === "operation" || one.stage === "summary");
  if (kind < 0.05) walk.day = addDays(walk.day, walk.pick(running ? [1, 9, 20] : [1, 1, 3]));
  else if (kind < 0.5) await write(walk, p);
  else if (kind < 0.6) await conclude(walk);
  else if (kind < 0.72) {
    const { state } = await w.as(s.lead, (tx) => loadProject(tx, s.projectId));
    const type = rng.chance(0.5) ? (nextOfProject[state] ?? "FINISH_LEARNING") : walk.pick(projectMachineEvents);
    if (await projectEvent(walk, walk.pick([s.lead, s.lead, s.regulator, w.director]), type)) return `project ${type}`;
  } else {
    const helpful = rng.chance(0.8);
    const type = helpful ? walk.pick(next[p.stage] ?? ["WITHDRAW"]) : walk.pick(pilotMachineEvents);
    if (["WITHDRAW", "REJECT", "FAIL"].includes(type) && !rng.chance(0.03)) return null;
    const who = helpful ? walk.pick([s.lead, s.regulator, siteOf(walk, p).lead]) : walk.pick(walk.people);
    if (await eventOf(walk, who, p.id, type)) return `pilot ${type} ${p.id}`;
  }
  return null;
}

describe("no sequence of acts gets past a gate whose condition does not hold", () => {
  const world = testWorld();
  let sql: postgres.Sql;
  beforeAll(async () => {
    const w = world();
    sql = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
    for (const s of w.sectors) {
      const april = builders.dated(w, "2014-04-02T02:00:00Z", s);
      await builders.addIndicators(w, april, ["identity", "network", "privacy"]);
      await builders.toBatchOne(w, april);
      await builders.describeSystems(w, april);
      const nominations = s.sites.map(({ systemId }) => ({ systemId, batchNo: 1, direction: "identity" }) as const);
      await builders.approvedPlan(w, april, nominations);
      await builders.nominate(w, april);
    }
  });
  afterAll(() => sql.end());

  it("in a walk through each of two sectors", async () => {
    const w = world();
    const seed = process.env["GATES_SEED"] ?? "gates";
    const steps = Number(process.env["GATES_STEPS"] ?? 330);
    const all = new Set<string>();
    for (const [n, s] of w.sectors.entries()) {
      const walk = new Walk(w, s, createRng(`${seed}/${n}`), sql);
      for (let i = 0; i < steps; i += 1) {
        const passed = await step(walk);
        if (passed === null) continue;
        const [machine = "", type = "", id = ""] = passed.split(" ");
        walk.passed.add(`${machine} ${type}`);
        const faults = await gateFaults(sql, { machine, type, pilotId: id, projectId: s.projectId, day: walk.day });
        expect(faults, `step ${i} on ${walk.day}: ${passed}; GATES_SEED=${seed}`).toEqual([]);
      }
      for (const one of walk.passed) all.add(one);
      process.stdout.write(`walk ${seed}/${n}: ${walk.taken} acts taken until ${walk.day}\n`);
    }
    process.stdout.write(`past ${[...all].sort().join(", ")}\n`);
    // A walk that gets nowhere shows nothing.
    expect([...all]).toEqual(expect.arrayContaining(["pilot PASS_SCREENING", "pilot FINISH_SCORING"]));
  }, 120_000);
});
