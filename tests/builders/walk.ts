import { and, eq } from "drizzle-orm";
import { transition } from "#app/features/document/transition.server.ts";
import { grantAccess, recordVerification } from "#app/features/pilots/assessors.server.ts";
import { decideLessons, recordLesson, stateSilence } from "#app/features/pilots/lessons.server.ts";
import {
  publishNationalLessons,
  stateNoLessons,
  takeOverNationalLessons,
} from "#app/features/pilots/national-lessons.server.ts";
import { stateNomination } from "#app/features/pilots/nomination.server.ts";
import { declareInterests, nameMember, panelOf, releaseMember } from "#app/features/pilots/panel.server.ts";
import { saveProgressDraft, startProgressReport } from "#app/features/pilots/progress.server.ts";
import { saveBatchReview, startBatchReview } from "#app/features/pilots/review.server.ts";
import {
  objectionsOf,
  raiseObjection,
  reconcile,
  recuse,
  settleObjection,
  submitScore,
} from "#app/features/pilots/scoring.server.ts";
import { deleteIndicator } from "#app/features/plan/plan-rows.server.ts";
import { addDays } from "#app/platform/days.ts";
import { AppError } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { indicators, lessons, type pilots } from "#db/schema/index.ts";
import type { createRng } from "#seeds/rng.ts";
import { nth, pointsOf } from "./pilots.ts";
import type { TestSector, World } from "./world.ts";

/* What people of a sector do about its batch one, right or wrong, in any order and on any day. */

const locale = "en" as const;
type Rng = ReturnType<typeof createRng>;

/** A refusal is an answer; whatever else is thrown is a fault of the product. */
function isRefusal(error: unknown): boolean {
  if (error instanceof AppError) return error.status < 500;
  // Beyond a policy rows are not there, and writes are refused by the database itself.
  return (
    error instanceof Error && /row-level security|permission denied/.test(`${error.message} ${String(error.cause)}`)
  );
}
class Undone extends Error {}

/** People of a sector who do whatever comes to mind about its batch one. */
export class Walk {
  taken = 0;
  constructor(
    readonly w: World,
    readonly s: TestSector,
    readonly rng: Rng,
    public day: string,
  ) {}
  private readonly seen = new Map<string, number>();
  /** Whether a thing was met fewer than four times; later on now and then, since what else holds may differ. */
  isNews(what: string): boolean {
    const times = (this.seen.get(what) ?? 0) + 1;
    this.seen.set(what, times);
    return times < 4 || times % 8 === 0;
  }
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
  /** An act that may be refused. Whether it was taken. */
  async try(who: Actor, work: (actor: Actor) => Promise<unknown>): Promise<boolean> {
    try {
      await work(this.at(who));
      this.taken += 1;
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }
  /** Whether an act would be taken now; nothing of it stays. */
  async would(who: Actor, work: (tx: Tx, actor: Actor) => Promise<unknown>): Promise<boolean> {
    const actor = this.at(who);
    try {
      await this.w.as(actor, async (tx) => {
        await work(tx, actor);
        throw new Undone();
      });
      return true;
    } catch (error) {
      if (error instanceof Undone) return true;
      if (isRefusal(error)) return false;
      throw error;
    }
  }
}

type Pilot = typeof pilots.$inferSelect;
export const siteOf = (walk: Walk, p: Pilot) => walk.s.sites.find((x) => x.id === p.siteId) ?? nth(walk.s.sites, 0);

/** What somebody may write about a pilot or a batch, right or wrong. */
export async function write(walk: Walk, p: Pilot): Promise<void> {
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
      const points = pointsOf(wrong ? 20 : rng.int(70, 90));
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
  screening: [0, 0, 0, 0, 1],
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

/** The review of the batch: begun, written, handed in, approved, as far as each is taken. */
export async function review(walk: Walk): Promise<void> {
  const { w, s } = walk;
  let documentId = "";
  await walk.try(s.regulator, (a) =>
    w.as(a, async (tx) => {
      documentId = (await startBatchReview(tx, a, { projectId: s.projectId, batchNo: 1 })).id;
      const body = { conclusions: "达到预期", problems: "", advice: "" };
      await saveBatchReview(tx, a, { documentId, body, rev: 0 });
    }),
  );
  for (const [who, type] of [
    [s.regulator, "SUBMIT"],
    [s.lead, "APPROVE"],
  ] as const)
    if (documentId !== "")
      await walk.try(who, (a) => w.as(a, (tx) => transition(tx, a, { documentId, type, payload: {}, locale })));
}

/** What somebody may do about the batch as a whole, and after it. */
export async function conclude(walk: Walk): Promise<void> {
  const { w, s } = walk;
  const { projectId } = s;
  const acts: (() => Promise<unknown>)[] = [
    () => review(walk),
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
