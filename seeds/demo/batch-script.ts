import { transition } from "#app/features/document/transition.server.ts";
import { grantAccess, recordVerification } from "#app/features/pilots/assessors.server.ts";
import { dayEnd, dayStart } from "#app/platform/days.ts";
import type { Actor } from "#app/request/actor.ts";
import { computeEffects } from "#app/features/pilots/effects.server.ts";
import { pilotVoices, recordLesson, stateSilence } from "#app/features/pilots/lessons.server.ts";
import { stateNomination } from "#app/features/pilots/nomination.server.ts";
import {
  declareInterests,
  mySeats,
  nameMember,
  releaseMember,
  setAnonymous,
} from "#app/features/pilots/panel.server.ts";
import { loadPilot, nominatePilots } from "#app/features/pilots/pilot.server.ts";
import { reportMeasuresDone } from "#app/features/plan/measures-done.server.ts";
import { measuresOf } from "#app/features/pilots/progress.server.ts";
import { effectOfSums, readSums } from "#app/features/effect/aggregate.rules.ts";
import { effectSums, saveBatchReview, startBatchReview } from "#app/features/pilots/review.server.ts";
import {
  raiseObjection,
  reconcile,
  recuse,
  scoringOf,
  settleObjection,
  submitScore,
} from "#app/features/pilots/scoring.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { reviewRubric } from "../catalogue/index.ts";
import type { Actors } from "./actors.ts";
import { batchDays } from "./scenarios.ts";
import { generateScores } from "./generator.ts";
import { operating } from "./operation-script.ts";
import {
  failAcceptance,
  goesWrong,
  resumeOne,
  returnNomination,
  suspendOne,
  triedTooLate,
  withdrawOne,
} from "./bad-days.ts";
import { code, type Days, move, type PilotRow, pilotsIn, siteOf } from "./pilots-of-batch.ts";
import { conclusionOf } from "./review-texts.ts";
import { on, plus, type Script } from "./schedule.ts";
import { locale, type ScriptSite, type SectorScript } from "./sector-script.ts";

/** What every batch needs of the rest of the cast. */
export interface Others {
  assessors: readonly { actor: Actor; institutionId: string }[];
  /** Brings the database's own clock to the play's, which grants are held against. */
  syncClock(): Promise<void>;
}

/** One batch of a sector: nomination, blind scoring, notice, selection, design to operation, reports, review, lessons. */
export async function* batchScript(cast: Actors, p: SectorScript, others: Others, batchNo: 1 | 2): Script {
  const start = batchNo === 1 ? p.course.batchOne : p.course.batchTwo;
  if (start === null) return;
  const day = batchDays(start, p.course.pace);
  const quota = batchNo === 1 ? p.course.quota.one : p.course.quota.two;
  yield* selection(cast, p, batchNo, quota, day);
  yield* building(cast, p, others, batchNo, day);
  yield* operating(cast, p, batchNo, day, (at) => verified(cast, p, others, batchNo, "operation", at));
  yield* reviewing(cast, p, batchNo, day);
}
async function* selection(cast: Actors, p: SectorScript, batchNo: 1 | 2, quota: number, day: Days): Script {
  yield on(day.nominate);
  await cast.act(p.regulator, (tx, a) => nominatePilots(tx, a, p.projectId, batchNo));
  await stateNominations(cast, p, batchNo);
  const panel = await namePanel(cast, p, batchNo);
  yield on(day.screen);
  for (const [n, pilot] of (await pilotsIn(cast, p, batchNo)).entries()) {
    await move(cast, p.regulator, pilot, "START_SCREENING");
    if (n === 0 && goesWrong("returned", p, batchNo)) await returnNomination(cast, p, pilot);
    await move(cast, p.regulator, pilot, "PASS_SCREENING");
  }
  yield* scored(cast, p, batchNo, panel, day);
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

/** Each member scores by themselves; one steps aside, one does not go on. The lead ends scoring. */
async function* scored(cast: Actors, p: SectorScript, batchNo: 1 | 2, panel: readonly Actor[], day: Days): Script {
  yield on(day.score);
  const scoring = await pilotsIn(cast, p, batchNo);
  const criteria = reviewRubric.map((c) => c.code);
  for (const [n, pilot] of scoring.entries()) {
    for (const scorer of panel) {
      if (leavesPanel(p, batchNo) && scorer === p.expert && n > 0) continue;
      if (scorer === p.second && n === 1) {
        await cast.act(scorer, (tx, a) => recuse(tx, a, { pilotId: pilot.id, reason: "近亲属在该单位任职。" }));
        continue;
      }
      const points = generateScores(p.seed, code(p, pilot), scorer.name, criteria);
      await cast.act(scorer, (tx, a) => submitScore(tx, a, { pilotId: pilot.id, points, comment: "" }));
    }
  }
  if (leavesPanel(p, batchNo))
    await cast.act(p.lead, (tx, a) =>
      releaseMember(tx, a, {
        projectId: p.projectId,
        batchNo,
        membershipId: p.expert.membershipId,
        reason: "专家因病不能继续评审，已交的一份评分保留。",
      }),
    );
  for (const pilot of scoring) {
    const unreconciled = await cast.act(
      p.lead,
      async (tx, a) => (await scoringOf(tx, a, await loadPilot(tx, pilot.id))).unreconciled,
    );
    if (unreconciled)
      await cast.act(p.lead, (tx, a) =>
        reconcile(tx, a, {
          pilotId: pilot.id,
          reconciliation: "与给出最高分、最低分的成员核对，理由均成立，维持原分。",
        }),
      );
    await move(cast, p.lead, pilot, "FINISH_SCORING");
  }
}

/** The panel of which a member does not go on. */
const leavesPanel = (p: SectorScript, batchNo: 1 | 2): boolean => p.plausible.code === "TEN" && batchNo === 1;

/** Each applicant states its nomination. */
async function stateNominations(cast: Actors, p: SectorScript, batchNo: 1 | 2): Promise<void> {
  for (const [n, pilot] of (await pilotsIn(cast, p, batchNo, ["nominated"])).entries())
    await cast.act(siteOf(p, pilot).officer, (tx, a) =>
      stateNomination(tx, a, {
        pilotId: pilot.id,
        partners: n % 2 === 0 ? [] : [`${siteOf(p, pilot).plausible.zh}信息中心`],
        otherProgrammes: [],
        builtOn: `${2009 + (n % 3)}-0${1 + (n % 9)}-15`,
        committed: true,
      }),
    );
}

/** The lead names the panel before anything is scored; each member declares their interests. Returns its members. */
async function namePanel(cast: Actors, p: SectorScript, batchNo: 1 | 2): Promise<Actor[]> {
  const { projectId } = p;
  const panel = [p.regulator, p.second, p.lead, p.expert];
  for (const { membershipId } of panel)
    await cast.act(p.lead, (tx, a) => nameMember(tx, a, { projectId, batchNo, membershipId }));
  if (batchNo === 2) await cast.act(p.lead, (tx, a) => setAnonymous(tx, a, { projectId, batchNo, anonymous: true }));
  for (const member of panel) {
    const interests = member === p.expert ? "某高校物联网研究中心（任职），与本领域申报单位无合作。" : "";
    await cast.act(member, async (tx, a) => {
      const [seat] = await mySeats(tx, a);
      await declareInterests(tx, a, { panelId: seat?.panelId ?? "", interests });
    });
  }
  return panel;
}

async function* building(cast: Actors, p: SectorScript, others: Others, batchNo: 1 | 2, day: Days): Script {
  yield on(day.design);
  for (const pilot of await pilotsIn(cast, p, batchNo, ["selected"]))
    await move(cast, siteOf(p, pilot).lead, pilot, "START_DESIGN");
  yield on(day.designDone);
  for (const [n, pilot] of (await pilotsIn(cast, p, batchNo, ["design"])).entries()) {
    await move(cast, siteOf(p, pilot).lead, pilot, "COMPLETE_DESIGN");
    // One grant is given for too short a time: the institution comes after it, and is given another.
    const short = n === 0 && goesWrong("expired", p, batchNo);
    await grant(cast, p, others, pilot, "design", day.designDone, short ? day.designDone : plus(day.build, 20));
  }
  yield on(day.verify);
  await others.syncClock();
  const [first] = goesWrong("expired", p, batchNo) ? await pilotsIn(cast, p, batchNo, ["design"]) : [];
  if (first) {
    const assessor = assessorFor(others, first);
    if (assessor) await triedTooLate(cast, assessor.actor, first);
    await grant(cast, p, others, first, "design", day.verify, plus(day.build, 20));
  }
  yield* verified(cast, p, others, batchNo, "design", day.verify);
  yield on(day.build);
  for (const pilot of await pilotsIn(cast, p, batchNo, ["design"]))
    await move(cast, p.regulator, pilot, "APPROVE_DESIGN");
  yield* interrupted(cast, p, batchNo, day);
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
  for (const pilot of await pilotsIn(cast, p, batchNo, ["acceptance"])) {
    await move(cast, p.regulator, pilot, "PASS_ACCEPTANCE");
    await grant(cast, p, others, pilot, "operation", day.operate, plus(day.midterm, 30));
  }
}

/** Between design and acceptance one pilot is given up, another stopped for a while. */
async function* interrupted(cast: Actors, p: SectorScript, batchNo: 1 | 2, day: Days): Script {
  if (goesWrong("withdrawn", p, batchNo)) {
    yield on(plus(day.build, 9));
    await withdrawOne(cast, p, batchNo);
  }
  if (!goesWrong("suspended", p, batchNo)) return;
  yield on(plus(day.build, 6));
  const stopped = await suspendOne(cast, p, batchNo);
  yield on(plus(day.build, 20));
  if (stopped) await resumeOne(cast, p, stopped);
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
  kind: "design" | "acceptance" | "operation",
  day: string,
): Script {
  const list = await pilotsIn(cast, p, batchNo, [kind]);
  const number = (pilot: PilotRow, round: number) =>
    `${{ design: "SJ", acceptance: "YS", operation: "YX" }[kind]}-${p.plausible.code}-${pilot.code}-${round}`;
  const record = async (pilot: PilotRow, result: "passed" | "failed", round: number, note: string) => {
    const chosen = assessorFor(others, pilot);
    if (chosen)
      await cast.act(chosen.actor, (tx, a) =>
        recordVerification(tx, a, { pilotId: pilot.id, kind, result, reportNumber: number(pilot, round), note }),
      );
  };
  await others.syncClock();
  for (const [n, pilot] of list.entries()) {
    if (n === 0 && kind === "acceptance" && goesWrong("acceptance", p, batchNo)) {
      let round = 0;
      await failAcceptance(cast, p, pilot, (result, note) => record(pilot, result, (round += 1), note));
    } else if (n === 0 && kind === "design" && p.course.pace >= 1)
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
    const on = (ids: readonly string[], doneOn: string) => ids.map((measureId) => ({ measureId, doneOn }));
    await reportMeasuresDone(tx, a, [...on(done, plus(day.acceptance, -6)), ...on(rest, plus(day.acceptance, -1))]);
  });
}

/** The sector's lessons, each from a pilot in turn; of the pilots beyond them, why they have none of their own. */
async function tellLessons(cast: Actors, p: SectorScript, batchNo: 1 | 2): Promise<void> {
  const { projectId } = p;
  const voices = await cast.act(p.regulator, (tx, a) => pilotVoices(tx, a, projectId, batchNo));
  const told = batchNo === 1 ? p.plausible.lessons : p.plausible.lessons.slice(0, 2);
  for (const [n, { zh, dimension }] of told.entries()) {
    const text = batchNo === 1 ? zh : `第二批验证：${zh}`;
    const pilotId = voices[n % voices.length]?.id ?? null;
    await cast.act(p.regulator, (tx, a) => recordLesson(tx, a, { projectId, batchNo, pilotId, dimension, text }));
  }
  for (const { id: pilotId } of voices.slice(told.length))
    await cast.act(p.regulator, (tx, a) =>
      stateSilence(tx, a, { projectId, batchNo, pilotId, reason: "做法与本批其他试点相同，没有另外的经验。" }),
    );
}

async function* reviewing(cast: Actors, p: SectorScript, batchNo: 1 | 2, day: Days): Script {
  const { projectId } = p;
  yield on(day.review);
  await cast.act(p.regulator, (tx, a) => transitionProject(tx, a, { projectId, type: "START_REVIEW", locale }));
  await cast.act(p.regulator, (tx, a) => computeEffects(tx, a, { projectId }));
  await tellLessons(cast, p, batchNo);
  const document = await cast.act(p.regulator, (tx, a) => startBatchReview(tx, a, { projectId, batchNo }));
  const known = Object.entries(await cast.act(p.regulator, (tx, a) => effectSums(tx, a, projectId, batchNo)));
  const effects = Object.fromEntries(
    known.map(([dimension, { sums }]) => [
      dimension,
      effectOfSums(readSums({ n: sums.pilots, sum: sums.changeSum, squares: sums.changeSquares }), sums.sites),
    ]),
  );
  const body = {
    conclusions: conclusionOf(batchNo, effects),
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
