import { ensureDocument, transitionOfProject } from "#app/features/document/transition.server.ts";
import { and, asc, eq } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import {
  acceptMilestone,
  planBatch,
  recordMilestone,
  refuseMilestone,
  extendBatch,
  setBatchStatus,
  setQuota,
} from "#app/features/programme/programme.server.ts";
import { publishNationalLessons } from "#app/features/pilots/national-lessons.server.ts";
import { createSpecification } from "#app/features/specification/editing.server.ts";
import { importFromDrafts, sealedDrafts } from "#app/features/specification/import.server.ts";
import { proposeClauses } from "#app/features/specification/proposals.server.ts";
import {
  approve,
  closeConsultation,
  openConsultation,
  printEdition,
  proposeConsultation,
  publish,
  settleComment,
} from "#app/features/specification/publication.server.ts";
import { addComment } from "#app/features/specification/published.server.ts";
import {
  loadSectorDraft,
  removeSectorClause,
  saveSectorClause,
} from "#app/features/specification/sector-draft.server.ts";
import type { Storage } from "#app/platform/storage.server.ts";
import { withActor } from "#db/client.server.ts";
import { actionMilestones, comments } from "#db/schema/index.ts";
import type { Actors } from "./actors.ts";
import { windows } from "./scenarios.ts";
import { comments as commentTexts } from "./generator.ts";
import { on, plus, type Script } from "./schedule.ts";
import { locale, type SectorScript } from "./sector-script.ts";

export interface NationalScript {
  programmeId: string;
  director: Actor;
  editor: Actor;
  auditor: Actor;
  sectors: readonly SectorScript[];
  storage: Storage;
}
export const nationalLessonsOn = "2014-10-27";

/** Windows and quotas of both batches, and the opening and closing of each on its day. */
export async function* batchesScript(cast: Actors, n: NationalScript): Script {
  yield on("2013-12-16");
  for (const w of windows)
    await cast.act(n.director, (tx, a) => planBatch(tx, a, { programmeId: n.programmeId, ...w }));
  for (const s of n.sectors) {
    for (const [batchNo, quota] of [
      [1, s.course.quota.one],
      [2, s.course.quota.two],
    ] as const) {
      const note = quota === 0 ? "未列入本批重点领域，参加下一批。" : "";
      await cast.act(n.director, (tx, a) =>
        setQuota(tx, a, { programmeId: n.programmeId, batchNo, sectorId: s.tenantId, quota, note }),
      );
    }
  }
  for (const { no, opensOn, closesOn } of windows) {
    yield on(opensOn, "08:30");
    await cast.act(n.director, (tx, a) => setBatchStatus(tx, a, { programmeId: n.programmeId, no, status: "open" }));
    yield on(closesOn, "18:00");
    await cast.act(n.director, (tx, a) => setBatchStatus(tx, a, { programmeId: n.programmeId, no, status: "closed" }));
    if (no !== 2) continue;
    // A sector's nominations are late: the window is opened once more, for two weeks.
    yield on(plus(closesOn, 2));
    await cast.act(n.director, (tx, a) =>
      extendBatch(tx, a, {
        programmeId: n.programmeId,
        no,
        closesOn: plus(closesOn, 14),
        reason: "春节期间部分单位未能盖章，补报两周。",
      }),
    );
    yield on(plus(closesOn, 14), "18:00");
    await cast.act(n.director, (tx, a) => setBatchStatus(tx, a, { programmeId: n.programmeId, no, status: "closed" }));
  }
}

/** The lessons of batch one go out to every sector once the reviews are in. */
export async function* lessonsScript(cast: Actors, n: NationalScript): Script {
  yield on(nationalLessonsOn);
  await cast.act(n.director, (tx, a) => publishNationalLessons(tx, a, n.programmeId));
}

/** Milestones of the action plan as the office records them: most in time, one late, one above its target, with what shows it. */
const recorded: readonly [id: string, on: string, value: number | null, proof: string, note: string][] = [
  ["A1-M1", "2013-11-29", null, "专项办〔2013〕18 号 立项批复汇总表", "关键技术立项 12 项，覆盖感知、网络和平台三层。"],
  ["A2-M1", "2013-12-10", 1, "专项办〔2013〕21 号 专家团队名单", "第一批专家团队 46 人，按四个维度分组。"],
  ["A5-M1", "2014-01-15", null, "各领域调研与风险评估报告封存件", "调研与风险评估报告较计划晚半个月。"],
  ["A4-M1", "2013-12-20", null, "专项办〔2013〕24 号 研究报告验收意见", "完成等级保护在物联网系统适用性的研究报告。"],
  ["A3-M1", "2013-12-24", null, "专项办〔2013〕26 号 平台方案论证意见", "验证与测试平台方案通过论证。"],
  ["A2-M2", "2014-06-30", null, "启动会会议纪要", "标准自主研制与验证机制研究已启动。"],
  ["A3-M2", "2014-11-20", 3, "专项办〔2014〕37 号 支持机构名单", "支持 3 家国家级科研机构。"],
  ["A4-M2", "2014-12-18", null, "专项办〔2014〕41 号 试运行报告", "预警与态势通报机制试运行。"],
  ["A5-M2", "2014-12-26", 2, "两批试点启动批文", "两批试点均已启动。"],
  ["A1-M2", "2015-11-30", 34, "专项办〔2015〕33 号 成果转化登记表", "实现科技成果转化 34 项。"],
  ["A3-M3", "2015-12-04", null, "专项办〔2015〕35 号 平台验收意见", "平台基础环境建成并提供服务。"],
  ["A4-M3", "2015-12-08", null, "专项办〔2015〕36 号 推广情况报告", "安全保障体系在各领域推广。"],
  ["A5-M3", "2015-12-15", null, "WLW-GF 002-2015 发布公告", "管理规范发布并向全国推广。"],
];
/** One that the director did not accept at first: minutes of a meeting do not show that research has begun. */
const refusedMilestone = {
  id: "A2-M2",
  reason: "会议纪要不能证明研究已经启动，请附立项批复。",
  proof: "专项办〔2014〕22 号 标准研制立项批复",
  againOn: "2014-07-08",
};
/** The day of that refusal on the business clock, which the trail does not know, and its reason, which the row forgets. */
export const milestoneRefusal = {
  on: plus(recorded.find(([id]) => id === refusedMilestone.id)?.[1] ?? "", 1),
  reason: refusedMilestone.reason,
};

interface Recorded {
  id: string;
  value: number | null;
  doneOn: string;
  proof: string;
  note: string;
}
async function revOf(cast: Actors, n: NationalScript, id: string): Promise<number> {
  const [row] = await cast.act(n.editor, (tx) =>
    tx
      .select({ rev: actionMilestones.rev })
      .from(actionMilestones)
      .where(and(eq(actionMilestones.programmeId, n.programmeId), eq(actionMilestones.id, id))),
  );
  return row?.rev ?? 0;
}
async function record(cast: Actors, n: NationalScript, of: Recorded): Promise<void> {
  const rev = await revOf(cast, n, of.id);
  await cast.act(n.editor, (tx, a) => recordMilestone(tx, a, { programmeId: n.programmeId, ...of, rev }));
}
async function accept(cast: Actors, n: NationalScript, id: string): Promise<void> {
  const rev = await revOf(cast, n, id);
  await cast.act(n.director, (tx, a) => acceptMilestone(tx, a, { programmeId: n.programmeId, id, rev }));
}

/** The office records what was reached, the director accepts it the day after. */
export async function* milestonesScript(cast: Actors, n: NationalScript): Script {
  for (const [id, day, value, proof, note] of recorded.toSorted((a, b) => a[1].localeCompare(b[1]))) {
    yield on(day, "17:00");
    await record(cast, n, { id, value, doneOn: day, proof, note });
    yield on(plus(day, 1), "10:00");
    if (id === refusedMilestone.id) {
      const rev = await revOf(cast, n, id);
      const refusal = { programmeId: n.programmeId, id, rev, reason: refusedMilestone.reason };
      await cast.act(n.director, (tx, a) => refuseMilestone(tx, a, refusal));
      yield on(refusedMilestone.againOn, "15:00");
      await record(cast, n, { id, value, doneOn: day, proof: refusedMilestone.proof, note });
      yield on(plus(refusedMilestone.againOn, 1), "10:00");
    }
    await accept(cast, n, id);
  }
}

/**
 * The regulator words the proposals that came from lessons: one becomes a clause of its own, with what it rests on; those
 * that say no more than it are taken out. A requirement no pilot has tried is added and says so.
 */
async function wordLessons(cast: Actors, p: SectorScript): Promise<void> {
  const { projectId } = p;
  const worded = p.plausible.clauses.map((c) => ({
    chapter: "operation" as const,
    title: c.headingZh,
    titleEn: c.headingEn,
    text: c.textZh,
    textEn: c.textEn,
    tags: { dimension: c.dimension, object: c.object, lifecycle: c.lifecycle, mechanism: c.mechanism },
    evidenceNone: c.evidenceNone,
  }));
  await cast.act(p.regulator, async (tx, a) => {
    const { draft } = await loadSectorDraft(tx, a, projectId);
    if (!draft) throw new Error(`no draft of ${projectId}`);
    let { rev } = draft;
    const left = worded.filter((w) => !w.evidenceNone);
    for (const proposal of draft.body.clauses.filter((c) => c.key.startsWith("L-"))) {
      const at = left.findIndex((w) => w.tags.dimension === proposal.tags.dimension);
      const [own] = at < 0 ? [] : left.splice(at, 1);
      if (own)
        ({ rev } = await saveSectorClause(tx, a, {
          projectId,
          rev,
          clause: { ...own, key: proposal.key, evidence: proposal.evidence },
        }));
      else rev = await removeSectorClause(tx, a, { projectId, rev, key: proposal.key });
    }
    for (const own of worded.filter((w) => w.evidenceNone))
      ({ rev } = await saveSectorClause(tx, a, { projectId, rev, clause: { ...own, key: "", evidence: [] } }));
  });
}

/** A sector's draft: proposed from what its pilots showed, submitted, endorsed, taken by the national office. */
export async function* sectorDraftScript(cast: Actors, p: SectorScript, director: Actor): Script {
  const { projectId, course } = p;
  yield on(course.specification);
  await cast.act(p.regulator, (tx, a) => ensureDocument(tx, a, { projectId, kind: "specDraft" }));
  await cast.act(p.regulator, (tx, a) => proposeClauses(tx, a, { projectId, rev: 0 }));
  yield on(plus(course.specification, 7));
  await wordLessons(cast, p);
  yield on(plus(course.specification, 14));
  await cast.act(p.regulator, (tx, a) =>
    transitionOfProject(tx, a, { projectId, kind: "specDraft", type: "SUBMIT", locale }),
  );
  yield on(plus(course.specification, 20));
  await cast.act(p.lead, (tx, a) =>
    transitionOfProject(tx, a, { projectId, kind: "specDraft", type: "ENDORSE", locale }),
  );
  yield on(plus(course.specification, 34));
  await cast.act(director, (tx, a) =>
    transitionOfProject(tx, a, { projectId, kind: "specDraft", type: "APPROVE", locale }),
  );
}

interface EditionDays {
  created: string;
  imported: string | null;
  consultFrom: string;
  consultTo: string;
  settled: string;
  approved: string;
  published: string;
  effective: string;
}

/** Put out for comments, commented on by the public, each comment answered. */
async function* consultation(cast: Actors, n: NationalScript, specificationId: string, d: EditionDays): Script {
  yield on(d.consultFrom, "09:00");
  const days = { specificationId, from: d.consultFrom, to: d.consultTo };
  await cast.act(n.editor, (tx, a) => proposeConsultation(tx, a, days));
  await cast.act(n.director, (tx, a) => openConsultation(tx, a, { ...days, locale }));
  for (const [i, c] of commentTexts.entries()) {
    yield on(plus(d.consultFrom, 3 + i * 4), "20:15");
    const now = cast.clock.tick();
    await addComment(
      cast.db,
      {
        specificationId,
        clauseId: null,
        authorName: c.from,
        authorOrganisation: c.organisation,
        text: c.textZh,
        proposal: c.proposalZh,
      },
      { ip: `demo-${i}`, at: Date.now(), now },
    );
  }
  yield on(plus(d.consultTo, 1));
  await cast.act(n.editor, (tx, a) => closeConsultation(tx, a, { specificationId, locale }));
  yield on(d.settled);
  const open = await cast.act(n.editor, (tx, a) =>
    tx
      .select()
      .from(comments)
      .where(
        and(
          eq(comments.tenantId, a.tenantId),
          eq(comments.specificationId, specificationId),
          eq(comments.disposition, "open"),
        ),
      )
      .orderBy(asc(comments.at)),
  );
  for (const comment of open) {
    const known = commentTexts.find((c) => c.textZh === comment.text);
    await cast.act(n.editor, (tx, a) =>
      settleComment(tx, a, {
        commentId: comment.id,
        rev: comment.rev,
        disposition: known?.disposition ?? "partly",
        reply: known?.replyZh ?? "已吸收其意。",
      }),
    );
  }
}

/** One edition from its skeleton to publication. */
async function* editionScript(
  cast: Actors,
  n: NationalScript,
  title: { zh: string; en: string },
  d: EditionDays,
): Script {
  yield on(d.created);
  const specificationId = await cast.act(n.editor, (tx, a) =>
    createSpecification(tx, a, { programmeId: n.programmeId, titleZh: title.zh, titleEn: title.en, number: "" }),
  );
  if (d.imported) {
    yield on(d.imported);
    await cast.act(n.editor, async (tx, a) => {
      const drafts = await sealedDrafts(tx, n.programmeId);
      const picks = drafts.flatMap((draft) => draft.clauses.map((c) => `${draft.submissionId}/${c.key}`));
      if (picks.length > 0) await importFromDrafts(tx, a, { specificationId, picks, intoClauseId: null });
    });
  }
  yield* consultation(cast, n, specificationId, d);
  yield on(d.approved);
  await cast.act(n.director, (tx, a) => approve(tx, a, { specificationId, locale }));
  yield on(d.published, "10:00");
  const publication = { specificationId, effectiveOn: d.effective, locale } as const;
  const director = { ...n.director, now: cast.clock.tick() };
  const printed = await printEdition((work) => withActor(cast.db.read, director, work), director, {
    ...publication,
    storage: n.storage,
  });
  await withActor(cast.db.write, director, (tx) => publish(tx, director, { ...publication, printed }));
}

/** Rules for running the pilots, before there is anything to learn from: each clause says that it rests on nothing yet. */
export const trialScript = (cast: Actors, n: NationalScript): Script =>
  editionScript(
    cast,
    n,
    {
      zh: "物联网应用安全风险管理试点工作规范（试行）",
      en: "Rules for pilots of IoT application security risk management (trial)",
    },
    {
      created: "2013-10-21",
      imported: null,
      consultFrom: "2013-12-02",
      consultTo: "2013-12-31",
      settled: "2014-01-13",
      approved: "2014-02-17",
      published: "2014-03-03",
      effective: "2014-04-01",
    },
  );

/** The management specification that the programme is for, out of all sectors' drafts. */
export const specificationScript = (cast: Actors, n: NationalScript): Script =>
  editionScript(
    cast,
    n,
    {
      zh: "物联网应用全生命周期安全风险管理规范",
      en: "Management specification for the security risk of IoT applications over their lifecycle",
    },
    {
      created: "2015-06-29",
      imported: "2015-08-24",
      consultFrom: "2015-09-01",
      consultTo: "2015-09-30",
      settled: "2015-10-19",
      approved: "2015-11-16",
      published: "2015-12-01",
      effective: "2016-01-01",
    },
  );
