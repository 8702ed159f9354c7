import { transition } from "#app/features/document/transition.server.ts";
import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import { grantAccess, recordVerification } from "#app/features/pilots/assessors.server.ts";
import { dayEnd, dayStart } from "#app/platform/days.ts";
import type { Actor } from "#app/request/actor.ts";
import { computeEffects } from "#app/features/pilots/effects.server.ts";
import { decideLesson, recordLesson, takeOverNationalLessons } from "#app/features/pilots/lessons.server.ts";
import { movePilot, nominatePilots } from "#app/features/pilots/pilot.server.ts";
import { measuresOf, saveProgressDraft, startProgressReport } from "#app/features/pilots/progress.server.ts";
import { saveBatchReview, startBatchReview } from "#app/features/pilots/review.server.ts";
import type { ReportBody } from "#app/features/pilots/pilots.schema.ts";
import { raiseObjection, recuse, settleObjection, submitScore } from "#app/features/pilots/scoring.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { drafts, indicators, lessons, measures, pilots } from "#db/schema/index.ts";
import { reviewRubric } from "../catalogue/index.ts";
import type { Actors } from "./actors.ts";
import { batchDays } from "./scenarios.ts";
import { generateIndicators, generateProgress, generateReportDelay, generateScores } from "./generator.ts";
import { on, plus, type Script } from "./schedule.ts";
import { locale, type ScriptSite, type SectorScript } from "./sector-script.ts";

type PilotRow = typeof pilots.$inferSelect;
/** What every batch needs of the rest of the cast. */
export interface Others {
  assessors: readonly { actor: Actor; institutionId: string }[];
  /** Brings the database's own clock to the play's, which grants are held against. */
  syncClock(): Promise<void>;
}

const code = (p: SectorScript, pilot: PilotRow) => `${p.plausible.code}/${pilot.code}`;
const siteOf = (p: SectorScript, pilot: PilotRow): ScriptSite => {
  const found = p.sites.find((s) => s.id === pilot.siteId);
  if (!found) throw new Error(`no site of ${pilot.code}`);
  return found;
};
const move = (cast: Actors, who: Actor, pilot: PilotRow, type: string, payload: Record<string, unknown> = {}) =>
  cast.act(who, (tx, a) => movePilot(tx, a, { pilotId: pilot.id, type, payload, locale }));

async function pilotsIn(
  cast: Actors,
  p: SectorScript,
  batchNo: 1 | 2,
  stages?: readonly string[],
): Promise<PilotRow[]> {
  return cast.act(p.lead, (tx, a) =>
    tx
      .select()
      .from(pilots)
      .where(
        and(
          eq(pilots.tenantId, a.tenantId),
          eq(pilots.projectId, p.projectId),
          eq(pilots.batchNo, batchNo),
          stages ? inArray(pilots.stage, [...stages]) : undefined,
        ),
      )
      .orderBy(asc(pilots.rank), asc(pilots.code)),
  );
}

/** One batch of a sector: nomination, blind scoring, notice, selection, design to operation, reports, review, lessons. */
export async function* batchScript(cast: Actors, p: SectorScript, others: Others, batchNo: 1 | 2): Script {
  const start = batchNo === 1 ? p.course.batchOne : p.course.batchTwo;
  if (start === null) return;
  const day = batchDays(start, p.course.pace);
  const quota = batchNo === 1 ? p.course.quota.one : p.course.quota.two;
  yield* selection(cast, p, batchNo, quota, day);
  yield* building(cast, p, others, batchNo, day);
  yield* operating(cast, p, others, batchNo, day);
  yield* reviewing(cast, p, batchNo, day);
}
type Days = ReturnType<typeof batchDays>;

async function* selection(cast: Actors, p: SectorScript, batchNo: 1 | 2, quota: number, day: Days): Script {
  yield on(day.nominate);
  await cast.act(p.regulator, (tx, a) => nominatePilots(tx, a, p.projectId, batchNo));
  yield on(day.screen);
  for (const pilot of await pilotsIn(cast, p, batchNo)) {
    await move(cast, p.regulator, pilot, "START_SCREENING");
    await move(cast, p.regulator, pilot, "PASS_SCREENING");
  }
  yield on(day.score);
  const scoring = await pilotsIn(cast, p, batchNo);
  const criteria = reviewRubric.map((c) => c.code);
  for (const [n, pilot] of scoring.entries()) {
    for (const scorer of [p.regulator, p.second, p.lead]) {
      if (scorer === p.second && n === 1) {
        await cast.act(scorer, (tx, a) => recuse(tx, a, { pilotId: pilot.id, reason: "近亲属在该单位任职。" }));
        continue;
      }
      const points = generateScores(p.seed, code(p, pilot), scorer.name, criteria);
      await cast.act(scorer, (tx, a) => submitScore(tx, a, { pilotId: pilot.id, points, comment: "" }));
    }
  }
  for (const pilot of scoring) await move(cast, p.lead, pilot, "FINISH_SCORING");
  yield on(plus(day.score, 3));
  const disputed = (await pilotsIn(cast, p, batchNo))[0];
  if (disputed && batchNo === 1) {
    const objectionId = await cast.act(p.regulator, (tx, a) =>
      raiseObjection(tx, a, {
        pilotId: disputed.id,
        raisedBy: "市民来信",
        text: "该系统去年发生过数据外泄，是否适合作为试点？",
      }),
    );
    await cast.act(p.lead, (tx, a) =>
      settleObjection(tx, a, {
        objectionId,
        settlement: "经核实，事件已于当年完成整改并经复测；试点方案将其列为重点风险。不影响入选。",
      }),
    );
  }
  yield on(day.select);
  for (const [n, pilot] of (await pilotsIn(cast, p, batchNo, ["publicNotice"])).entries()) {
    if (n < quota) await move(cast, p.lead, pilot, "SELECT");
    else await move(cast, p.lead, pilot, "REJECT", { reason: "综合名次在名额之外，建议完善方案后申报下一批。" });
  }
  yield on(day.run);
  await cast.act(p.lead, (tx, a) => transitionProject(tx, a, { projectId: p.projectId, type: "START_BATCH", locale }));
}

async function* building(cast: Actors, p: SectorScript, others: Others, batchNo: 1 | 2, day: Days): Script {
  yield on(day.design);
  for (const pilot of await pilotsIn(cast, p, batchNo, ["selected"]))
    await move(cast, siteOf(p, pilot).lead, pilot, "START_DESIGN");
  yield on(day.designDone);
  for (const pilot of await pilotsIn(cast, p, batchNo, ["design"])) {
    await move(cast, siteOf(p, pilot).lead, pilot, "COMPLETE_DESIGN");
    await grant(cast, p, others, pilot, "design", day.designDone, plus(day.build, 20));
  }
  yield on(day.verify);
  yield* verified(cast, p, others, batchNo, "design", day.verify);
  yield on(day.build);
  for (const pilot of await pilotsIn(cast, p, batchNo, ["design"]))
    await move(cast, p.regulator, pilot, "APPROVE_DESIGN");
  yield on(day.acceptance);
  for (const pilot of await pilotsIn(cast, p, batchNo, ["construction"])) {
    const site = siteOf(p, pilot);
    await installMeasures(cast, site, pilot, day);
    await move(cast, site.lead, pilot, "REQUEST_ACCEPTANCE");
    await grant(cast, p, others, pilot, "acceptance", day.acceptance, plus(day.operate, 30));
  }
  yield on(day.tested);
  yield* verified(cast, p, others, batchNo, "acceptance", day.tested);
  yield on(day.operate);
  for (const [n, pilot] of (await pilotsIn(cast, p, batchNo, ["acceptance"])).entries()) {
    await move(cast, p.regulator, pilot, "PASS_ACCEPTANCE");
    if (n < 2) await grant(cast, p, others, pilot, "operation", day.operate, plus(day.midterm, 30));
  }
}

const assessorFor = (others: Others, pilot: PilotRow) =>
  others.assessors[Number(pilot.code.slice(-2)) % others.assessors.length];

async function grant(
  cast: Actors,
  p: SectorScript,
  others: Others,
  pilot: PilotRow,
  purpose: "design" | "acceptance" | "operation",
  from: string,
  to: string,
): Promise<void> {
  const chosen = assessorFor(others, pilot);
  if (chosen)
    await cast.act(p.lead, (tx, a) =>
      grantAccess(tx, a, {
        pilotId: pilot.id,
        institutionId: chosen.institutionId,
        purpose,
        startsAt: dayStart(from),
        endsAt: dayEnd(to),
      }),
    );
}

/** The institution checks each pilot; one design fails at first and is mended, as happens. */
async function* verified(
  cast: Actors,
  p: SectorScript,
  others: Others,
  batchNo: 1 | 2,
  kind: "design" | "acceptance",
  day: string,
): Script {
  const stage = kind === "design" ? "design" : "acceptance";
  const list = await pilotsIn(cast, p, batchNo, [stage]);
  const number = (pilot: PilotRow, round: number) =>
    `${kind === "design" ? "SJ" : "YS"}-${p.plausible.code}-${pilot.code}-${round}`;
  const record = async (pilot: PilotRow, result: "passed" | "failed", round: number, note: string) => {
    const chosen = assessorFor(others, pilot);
    if (chosen)
      await cast.act(chosen.actor, (tx, a) =>
        recordVerification(tx, a, { pilotId: pilot.id, kind, result, reportNumber: number(pilot, round), note }),
      );
  };
  await others.syncClock();
  for (const [n, pilot] of list.entries()) {
    if (n === 0 && kind === "design" && p.course.pace >= 1)
      await record(pilot, "failed", 1, "网关与节点之间的双向鉴别未写入设计，密钥更新流程缺失。");
    else await record(pilot, "passed", 1, "抽查项全部符合，详见报告。");
  }
  const mended = list[0];
  if (!mended || kind !== "design" || p.course.pace < 1) return;
  yield on(plus(day, 3), "14:00");
  await others.syncClock();
  await record(mended, "passed", 2, "设计已补充双向鉴别和密钥更新流程，复核通过。");
}

/** The site reports every measure of the system in place before it asks for acceptance. */
async function installMeasures(cast: Actors, site: ScriptSite, pilot: PilotRow, day: Days): Promise<void> {
  const open = (await cast.act(site.officer, (tx) => measuresOf(tx, pilot))).filter((m) => m.doneOn === null);
  await cast.act(site.officer, async (tx, a) => {
    const done = open.filter((_, n) => n % 9 !== 8 || open.length < 9).map((m) => m.id);
    const rest = open.filter((m) => !done.includes(m.id)).map((m) => m.id);
    const set = (ids: string[], doneOn: string) =>
      ids.length === 0
        ? Promise.resolve()
        : tx
            .update(measures)
            .set({ doneOn, updatedAt: a.now })
            .where(and(eq(measures.tenantId, a.tenantId), inArray(measures.id, ids), isNull(measures.doneOn)))
            .then(() => undefined);
    await set(done, plus(day.acceptance, -6));
    await set(rest, plus(day.acceptance, -1));
  });
}

async function* operating(cast: Actors, p: SectorScript, others: Others, batchNo: 1 | 2, day: Days): Script {
  const months = monthsFrom(day.operate, day.summary);
  const visits = (await pilotsIn(cast, p, batchNo, ["operation"])).flatMap((pilot) =>
    months.map((month, index) => ({ pilot, month, index, due: plus(nextMonth(month), 9) })),
  );
  const dated = visits.flatMap((v) => {
    const delay = generateReportDelay(p.seed, code(p, v.pilot), v.month);
    return delay === null && v.index > 0 ? [] : [{ ...v, at: plus(v.due, delay ?? 4) }];
  });
  let midterm = false;
  const pending: Pending[] = [];
  for (const visit of dated.toSorted((a, b) => a.at.localeCompare(b.at) || a.pilot.code.localeCompare(b.pilot.code))) {
    yield* reviewDue(cast, p, pending, visit.at);
    if (!midterm && visit.index > 0 && visit.at >= day.midterm) {
      midterm = true;
      yield* midtermChecks(cast, p, batchNo, day);
    }
    yield on(visit.at, "16:10");
    const documentId = await handIn(
      cast,
      p,
      visit.pilot,
      visit.month,
      values(p, visit.pilot, visit.index, months.length + 1),
    );
    const slow = visit.pilot.code.endsWith("03");
    pending.push({
      documentId,
      pilot: visit.pilot,
      on: plus(visit.at, slow ? 9 : 4),
      returned: visit.index === 0 && visit.pilot.code.endsWith("02"),
    });
  }
  yield* reviewDue(cast, p, pending, "9999-12-31");
  if (!midterm) yield* midtermChecks(cast, p, batchNo, day);
  yield on(day.summary);
  for (const pilot of await pilotsIn(cast, p, batchNo, ["operation"])) {
    const documentId = await handIn(cast, p, pilot, "summary", values(p, pilot, months.length, months.length + 1));
    await cast.act(p.regulator, (tx, a) => transition(tx, a, { documentId, type: "APPROVE", locale }));
    await move(cast, siteOf(p, pilot).lead, pilot, "START_SUMMARY");
  }
  yield on(day.accepted);
  for (const pilot of await pilotsIn(cast, p, batchNo, ["summary"])) await move(cast, p.lead, pilot, "ACCEPT");
}

async function* midtermChecks(cast: Actors, p: SectorScript, batchNo: 1 | 2, day: Days): Script {
  yield on(day.midterm, "11:00");
  for (const [n, pilot] of (await pilotsIn(cast, p, batchNo, ["operation"])).entries()) {
    const result = n === 1 ? "warning" : "normal";
    await move(cast, p.regulator, pilot, "MIDTERM_CHECK", {
      result,
      reason: result === "warning" ? "两项指标低于计划进度，请在下一期报告中说明原因和措施。" : "按计划推进。",
    });
  }
}

/** Latest month first reported is that in which operation began; the last before the summary. */
function monthsFrom(from: string, to: string): string[] {
  const months: string[] = [];
  for (let m = from.slice(0, 7); plus(nextMonth(m), 9) < to; m = nextMonth(m).slice(0, 7)) months.push(m);
  return months;
}
const nextMonth = (month: string): string => plus(`${month}-28`, 4).slice(0, 7).concat("-01");

function values(p: SectorScript, pilot: PilotRow, index: number, periods: number): Record<string, number> {
  const maturity = siteOf(p, pilot).plausible.maturity;
  return Object.fromEntries(
    generateIndicators(p.seed, p.plausible.code).map((i) => [
      i.name.zh,
      generateProgress(p.seed, code(p, pilot), maturity, i, periods)[index] ?? i.baselineMilli,
    ]),
  );
}

/** One progress report, written by the officer and signed by the lead. Returns its document. */
async function handIn(
  cast: Actors,
  p: SectorScript,
  pilot: PilotRow,
  period: string,
  byName: Record<string, number>,
): Promise<string> {
  const site = siteOf(p, pilot);
  const document = await cast.act(site.officer, (tx, a) => startProgressReport(tx, a, { pilotId: pilot.id, period }));
  const body = await cast.act(site.officer, async (tx, a): Promise<ReportBody> => {
    const defined = await tx
      .select({ id: indicators.id, name: indicators.name })
      .from(indicators)
      .where(and(eq(indicators.tenantId, a.tenantId), eq(indicators.projectId, p.projectId)));
    const given = Object.fromEntries(defined.map((i) => [i.id, byName[i.name] ?? null] as const));
    const text =
      period === "summary"
        ? "试点任务已全部完成，措施均已投入运行；指标、问题与体会见附表。"
        : `${period} 运行平稳，按计划开展巡检与密钥轮换，未发生安全事件。`;
    return {
      values: given,
      text,
      problems: period.endsWith("8") ? "两处外场点位供电不稳，影响数据连续性。" : "",
      next: "继续跟踪高风险项，完善备件与替代方案。",
      done: {},
    };
  });
  await writeAndSign(cast, site, document.id, body);
  return document.id;
}
async function writeAndSign(cast: Actors, site: ScriptSite, documentId: string, body: ReportBody): Promise<void> {
  const [kept] = await cast.act(site.officer, (tx) =>
    tx.select({ rev: drafts.rev }).from(drafts).where(eq(drafts.documentId, documentId)),
  );
  await cast.act(site.officer, (tx, a) => saveProgressDraft(tx, a, { documentId, body, rev: kept?.rev ?? 0 }));
  await cast.act(site.lead, (tx, a) => transition(tx, a, { documentId, type: "SUBMIT", locale }));
}

interface Pending {
  documentId: string;
  pilot: PilotRow;
  /** Day on which the regulator comes to it. */
  on: string;
  /** Comes back once before it is approved. */
  returned: boolean;
}
/** The regulator's desk: reports handed in some days before, in the order in which they are read. */
async function* reviewDue(cast: Actors, p: SectorScript, pending: Pending[], until: string): Script {
  for (;;) {
    const next = pending.toSorted((a, b) => a.on.localeCompare(b.on))[0];
    if (!next || next.on > until) return;
    pending.splice(pending.indexOf(next), 1);
    yield on(next.on, "11:20");
    const { documentId } = next;
    if (!next.returned) {
      await cast.act(p.regulator, (tx, a) => transition(tx, a, { documentId, type: "APPROVE", locale }));
      continue;
    }
    await cast.act(p.regulator, (tx, a) =>
      transition(tx, a, {
        documentId,
        type: "RETURN",
        payload: { parts: [{ part: "text", reason: "请补充密钥轮换的数量和失败处理情况。" }] },
        locale,
      }),
    );
    yield on(plus(next.on, 8), "09:40");
    const site = siteOf(p, next.pilot);
    const [draft] = await cast.act(site.officer, (tx) =>
      tx.select({ body: drafts.body }).from(drafts).where(eq(drafts.documentId, documentId)),
    );
    const body = draft?.body as ReportBody;
    await writeAndSign(cast, site, documentId, {
      ...body,
      text: `${body.text}本期轮换 312 台，失败 4 台，均已现场处理。`,
    });
    pending.push({ ...next, on: plus(next.on, 11), returned: false });
  }
}

async function* reviewing(cast: Actors, p: SectorScript, batchNo: 1 | 2, day: Days): Script {
  const { projectId } = p;
  yield on(day.review);
  await cast.act(p.regulator, (tx, a) => transitionProject(tx, a, { projectId, type: "START_REVIEW", locale }));
  await cast.act(p.regulator, (tx, a) => computeEffects(tx, a, { projectId }));
  const told = batchNo === 1 ? p.plausible.lessons : p.plausible.lessons.slice(0, 2);
  for (const lesson of told) {
    const text = batchNo === 1 ? lesson.zh : `第二批验证：${lesson.zh}`;
    await cast.act(p.regulator, (tx, a) =>
      recordLesson(tx, a, { projectId, batchNo, dimension: lesson.dimension, text }),
    );
  }
  const document = await cast.act(p.regulator, (tx, a) => startBatchReview(tx, a, { projectId, batchNo }));
  const body = {
    conclusions: `第${batchNo === 1 ? "一" : "二"}批试点按计划完成，四个维度的风险均有下降，身份维度降幅最大。做法可在领域内推广。`,
    problems: "部分存量设备算力不足，无法直接启用证书鉴别；单一来源设备的备选型号测试周期偏长。",
    advice: "把在线更新、服务退出和断链显示写入采购条款。",
  };
  await cast.act(p.regulator, (tx, a) => saveBatchReview(tx, a, { documentId: document.id, body, rev: 0 }));
  yield on(plus(day.review, 3));
  await cast.act(p.regulator, (tx, a) => transition(tx, a, { documentId: document.id, type: "SUBMIT", locale }));
  yield on(plus(day.review, 6));
  await cast.act(p.lead, (tx, a) => transition(tx, a, { documentId: document.id, type: "APPROVE", locale }));
  yield on(day.close);
  await cast.act(p.lead, (tx, a) => transitionProject(tx, a, { projectId, type: "CLOSE_BATCH", locale }));
}

/** Between the batches: every lesson decided with a reason; a sector that was not in batch one takes over the others'. */
export async function* learningScript(cast: Actors, p: SectorScript, nationalLessonsOn: string): Script {
  const { projectId, course } = p;
  if (course.batchOne === null) {
    yield on(plus(nationalLessonsOn, 5));
    await cast.act(p.regulator, (tx, a) => takeOverNationalLessons(tx, a, projectId));
  }
  yield on(plus(course.batchOne === null ? nationalLessonsOn : course.batchTwo, course.batchOne === null ? 12 : -8));
  const open = await cast.act(p.lead, (tx, a) =>
    tx
      .select()
      .from(lessons)
      .where(
        and(
          eq(lessons.tenantId, a.tenantId),
          eq(lessons.projectId, projectId),
          eq(lessons.decision, "open"),
          sql`${lessons.batchNo} = 1`,
        ),
      )
      .orderBy(asc(lessons.code)),
  );
  for (const [n, lesson] of open.entries()) {
    const known = p.plausible.lessons.find((l) => l.zh === lesson.text);
    const decision = known?.decision ?? (["adopted", "adapted", "adopted", "refused"] as const)[n % 4] ?? "adopted";
    const reason =
      known?.reasonZh ??
      {
        adopted: "本领域情况相同，直接采用。",
        adapted: "结合本领域设备条件调整时限后采用。",
        refused: "本领域没有同类设备。",
      }[decision];
    await cast.act(p.lead, (tx, a) => decideLesson(tx, a, { lessonId: lesson.id, rev: lesson.rev, decision, reason }));
  }
  await cast.act(p.lead, (tx, a) => transitionProject(tx, a, { projectId, type: "FINISH_LEARNING", locale }));
}
