import { ensureDocument, transition, transitionOfProject } from "#app/features/document/transition.server.ts";
import { addBudgetLine, addIndicator, addMeasure } from "#app/features/plan/plan-rows.server.ts";
import { explainShare, nominateSystem, savePlanTexts } from "#app/features/plan/plan.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { createProject, registerSite, registerSystem } from "#app/features/project/project.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { buildRegister } from "#app/features/risk/build.server.ts";
import { assignOwner, confirmRisks, dismissRisks } from "#app/features/risk/register.server.ts";
import { draftReportTexts, saveReportChapter } from "#app/features/risk/report.server.ts";
import { addAssets } from "#app/features/survey/assets.server.ts";
import { saveAnswers } from "#app/features/survey/survey.server.ts";
import { budgetLines, documents, risks } from "#db/schema/index.ts";
import { dimensions } from "#db/vocabulary.ts";
import { and, desc, eq } from "drizzle-orm";
import { createRng } from "../rng.ts";
import { type Actors, demoMail } from "./actors.ts";
import { type Scenario, dueOn } from "./scenarios.ts";
import {
  generateAnswers,
  generateBudget,
  generateIndicators,
  generateMeasure,
  type PlausibleSector,
  type PlausibleSite,
  type PlausibleSystem,
  planTexts,
  reportTexts,
} from "./generator.ts";
import { on, plus, type Script } from "./schedule.ts";

export const locale = "zh-CN";

interface ScriptSystem {
  id: string;
  plausible: PlausibleSystem;
  documentId: string;
}
export interface ScriptSite {
  id: string;
  plausible: PlausibleSite;
  officer: Actor;
  lead: Actor;
  systems: ScriptSystem[];
}
export interface SectorScript {
  seed: string;
  tenantId: string;
  projectId: string;
  plausible: PlausibleSector;
  course: Scenario;
  regulator: Actor;
  second: Actor;
  lead: Actor;
  auditor: Actor;
  sites: ScriptSite[];
}

/** The sector's tenant, people, project, sites and systems: what stands before the programme begins. */
export async function foundSector(
  cast: Actors,
  operator: Actor,
  programmeId: string,
  plausible: PlausibleSector,
  course: Scenario,
  seed: string,
): Promise<SectorScript> {
  const { code, people } = plausible;
  const mail = (who: string) => demoMail(`${code.toLowerCase()}.${who}`);
  const tenantId = await cast.tenant(
    operator,
    "sector",
    code,
    plausible.name.zh,
    plausible.name.en,
    plausible.priority,
  );
  const base = { tenantId, tenantCode: code };
  const lead = await cast.hire(operator, {
    ...base,
    email: mail("lead"),
    name: people.lead.zh,
    role: "regulator_lead",
  });
  const regulator = await cast.hire(lead, {
    ...base,
    email: mail("regulator"),
    name: people.regulator.zh,
    role: "regulator",
  });
  const second = await cast.hire(lead, {
    ...base,
    email: mail("regulator2"),
    name: people.second.zh,
    role: "regulator",
  });
  const auditor = await cast.hire(lead, { ...base, email: mail("auditor"), name: people.auditor.zh, role: "auditor" });
  const projectId = await cast.act(regulator, (tx, a) =>
    createProject(tx, a, {
      programmeId,
      code: `${code}-2013`,
      nameZh: `${plausible.name.zh}物联网安全风险管理试点`,
      nameEn: `${plausible.name.en}: pilot of IoT security risk management`,
      riskMethod: "matrix",
      assetRule: "max",
      responseThresholdBp: 8000,
      securityShareBp: 1000,
      dueOn: { ...dueOn },
    }),
  );
  const sites: ScriptSite[] = [];
  for (const [n, one] of plausible.sites.entries())
    sites.push(await foundSite(cast, { lead, regulator, code, n: n + 1 }, one));
  return { seed, tenantId, projectId, plausible, course, regulator, second, lead, auditor, sites };
}

async function foundSite(
  cast: Actors,
  of: { lead: Actor; regulator: Actor; code: string; n: number },
  plausible: PlausibleSite,
): Promise<ScriptSite> {
  const { lead, regulator } = of;
  const id = await cast.act(regulator, (tx, a) =>
    registerSite(tx, a, {
      code: plausible.creditCode,
      name: plausible.zh,
      region: plausible.region,
      size: plausible.size,
      contact: `${plausible.officer.zh} ${plausible.phone}`,
    }),
  );
  const systems: ScriptSystem[] = [];
  for (const s of plausible.systems) {
    const systemId = await cast.act(regulator, (tx, a) =>
      registerSystem(tx, a, { siteId: id, name: s.zh, description: s.about.zh, grade: s.grade, devices: s.devices }),
    );
    systems.push({ id: systemId, plausible: s, documentId: "" });
  }
  const person = (who: string, name: string, role: "site_officer" | "site_lead") =>
    cast.hire(lead, {
      email: demoMail(`${of.code.toLowerCase()}.s${of.n}.${who}`),
      name,
      role,
      tenantId: lead.tenantId,
      tenantCode: of.code,
      siteId: id,
      siteName: plausible.zh,
    });
  return {
    id,
    plausible,
    systems,
    officer: await person("officer", plausible.officer.zh, "site_officer"),
    lead: await person("lead", plausible.lead.zh, "site_lead"),
  };
}

/** Survey: opened, answered by every site at its own pace, some answers returned, closed. */
export async function* surveyScript(cast: Actors, p: SectorScript): Script {
  const { survey, report, pace } = p.course;
  yield on(survey);
  await cast.act(p.regulator, (tx, a) =>
    transitionProject(tx, a, { projectId: p.projectId, type: "OPEN_SURVEY", locale }),
  );
  const opened = await cast.act(p.regulator, (tx, a) =>
    tx
      .select({ id: documents.id, systemId: documents.systemId })
      .from(documents)
      .where(and(eq(documents.tenantId, a.tenantId), eq(documents.kind, "surveyResponse"))),
  );
  for (const site of p.sites)
    for (const system of site.systems) system.documentId = opened.find((d) => d.systemId === system.id)?.id ?? "";
  const rng = createRng(`${p.seed}/${p.plausible.code}/survey`);
  const span = Math.round(80 * pace);
  const visits = p.sites.map((site, n) => ({
    site,
    n,
    begins: plus(survey, rng.int(4, 24)),
    ends: plus(survey, Math.round(span * (0.35 + 0.6 * rng.next()))),
  }));
  for (const { site, begins } of visits.toSorted((a, b) => a.begins.localeCompare(b.begins))) {
    yield on(begins, "10:00");
    for (const system of site.systems) await beginAnswers(cast, p, site, system);
  }
  for (const { site, n, ends } of visits.toSorted((a, b) => a.ends.localeCompare(b.ends))) {
    yield on(ends, "15:00");
    for (const system of site.systems) await finishAnswers(cast, p, site, system);
    yield on(plus(ends, 5), "10:20");
    for (const system of site.systems) yield* reviewResponse(cast, p, site, system, n === 1, plus(ends, 5));
  }
  yield on(plus(report, -6));
  await cast.act(p.regulator, (tx, a) =>
    transitionProject(tx, a, { projectId: p.projectId, type: "START_CLOSING", locale }),
  );
  yield on(plus(report, -3));
  await cast.act(p.lead, (tx, a) =>
    transitionProject(tx, a, {
      projectId: p.projectId,
      type: "CLOSE_SURVEY",
      payload: { reason: "应报系统均已报送并通过审核。" },
      locale,
    }),
  );
}

const cellsOf = (p: SectorScript, site: ScriptSite, system: ScriptSystem) =>
  generateAnswers(p.seed, site.plausible, system.plausible).map((x) => ({
    controlCode: x.controlId,
    value: x.value,
    note: x.note,
    evidenceRef: x.evidence ?? "",
    rev: 0,
  }));

async function beginAnswers(cast: Actors, p: SectorScript, site: ScriptSite, system: ScriptSystem): Promise<void> {
  const half = cellsOf(p, site, system).slice(0, 40);
  const { documentId } = system;
  await cast.act(site.officer, (tx, a) => saveAnswers(tx, a, { documentId, cells: half, locale }));
  const list = system.plausible.assets.map((x) => ({
    name: x.zh,
    object: x.object,
    supplier: x.supplier,
    singleSource: x.singleSource,
    replacementTested: x.replacementTested,
    c: x.c,
    i: x.i,
    a: x.a,
    note: "",
  }));
  await cast.act(site.officer, (tx, a) => addAssets(tx, a, { documentId, list, locale }));
}

async function finishAnswers(cast: Actors, p: SectorScript, site: ScriptSite, system: ScriptSystem): Promise<void> {
  const { documentId } = system;
  await cast.act(site.officer, (tx, a) =>
    saveAnswers(tx, a, { documentId, cells: cellsOf(p, site, system).slice(40), locale }),
  );
  await cast.act(site.lead, (tx, a) => transition(tx, a, { documentId, type: "SUBMIT", locale }));
}

async function* reviewResponse(
  cast: Actors,
  p: SectorScript,
  site: ScriptSite,
  system: ScriptSystem,
  returned: boolean,
  day: string,
): Script {
  const { documentId } = system;
  await cast.act(p.regulator, (tx, a) => transition(tx, a, { documentId, type: "START_REVIEW", locale }));
  if (returned) {
    const part = cellsOf(p, site, system).find((c) => c.value === "partial")?.controlCode ?? "SUP-SOL-01";
    await cast.act(p.regulator, (tx, a) =>
      transition(tx, a, {
        documentId,
        type: "RETURN",
        payload: {
          parts: [{ part, reason: "说明与佐证不一致：请写明未覆盖的范围和完成时间，并补充现行版本的佐证材料。" }],
        },
        locale,
      }),
    );
    yield on(plus(day, 9), "16:00");
    await cast.act(site.officer, (tx, a) =>
      saveAnswers(tx, a, {
        documentId,
        cells: [
          {
            controlCode: part,
            value: "partial",
            note: "已覆盖中心机房和新建点位，早期点位尚余三成，计划本年底完成；佐证已更新。",
            evidenceRef: "整改说明及现场照片（现行版）",
            rev: 1,
          },
        ],
        locale,
      }),
    );
    await cast.act(site.lead, (tx, a) => transition(tx, a, { documentId, type: "SUBMIT", locale }));
    yield on(plus(day, 13), "10:40");
  }
  await cast.act(p.regulator, (tx, a) => transition(tx, a, { documentId, type: "APPROVE", locale }));
}

/** How many risks of each system go into the register; the rest stay out as of no weight. */
const keptPerSystem = 14;

/** Risk report: register built from what was sealed, the weightiest risks confirmed and owned, text, review, approval. */
export async function* reportScript(cast: Actors, p: SectorScript): Script {
  const { report, plan, pace, reportReturned } = p.course;
  const { projectId } = p;
  yield on(report);
  await cast.act(p.regulator, (tx, a) => buildRegister(tx, a, projectId));
  yield on(plus(report, 10 * pace));
  await decideRisks(cast, p);
  yield on(plus(report, 18 * pace));
  await cast.act(p.regulator, (tx, a) => ensureDocument(tx, a, { projectId, kind: "riskReport" }));
  const { rev } = await cast.act(p.regulator, (tx, a) => draftReportTexts(tx, a, projectId));
  const texts = reportTexts({
    sectorZh: p.plausible.name.zh,
    sites: p.sites.length,
    systems: p.sites.flatMap((s) => s.systems).length,
    risks: 0,
    high: 0,
    body: p.plausible.regulator.zh,
  });
  await cast.act(p.regulator, (tx, a) =>
    saveReportChapter(tx, a, {
      projectId,
      language: "zh",
      rev,
      texts: pickKeys(texts, ["1.1", "1.2", "2.1", "2.2", "2.4"]),
    }),
  );
  yield on(plus(report, 26 * pace));
  await cast.act(p.regulator, (tx, a) =>
    transitionOfProject(tx, a, { projectId, kind: "riskReport", type: "SUBMIT", locale }),
  );
  if (reportReturned) {
    yield on(plus(report, 35 * pace));
    await cast.act(p.lead, (tx, a) =>
      transitionOfProject(tx, a, {
        projectId,
        kind: "riskReport",
        type: "RETURN",
        payload: { parts: [{ part: "remediation", reason: "整改意见未写明完成时限和责任单位，请逐条补充。" }] },
        locale,
      }),
    );
    yield on(plus(report, 50 * pace));
    await cast.act(p.regulator, (tx, a) =>
      transitionOfProject(tx, a, { projectId, kind: "riskReport", type: "SUBMIT", locale }),
    );
  }
  yield on(plus(plan, -10 * pace));
  await cast.act(p.lead, (tx, a) =>
    transitionOfProject(tx, a, { projectId, kind: "riskReport", type: "APPROVE", locale }),
  );
}
const pickKeys = (all: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(keys.flatMap((k) => (all[k] === undefined ? [] : [[k, all[k]]])));

async function decideRisks(cast: Actors, p: SectorScript): Promise<void> {
  const all = await cast.act(p.regulator, (tx, a) =>
    tx
      .select({
        id: risks.id,
        systemId: risks.systemId,
        siteId: risks.siteId,
        level: risks.level,
        dimension: risks.dimension,
        assetId: risks.assetId,
      })
      .from(risks)
      .where(and(eq(risks.tenantId, a.tenantId), eq(risks.projectId, p.projectId)))
      .orderBy(desc(risks.level), risks.code),
  );
  const kept = p.sites
    .flatMap((s) => s.systems)
    .flatMap((system) =>
      spread(
        all.filter((r) => r.systemId === system.id),
        keptPerSystem,
      ),
    );
  const ids = new Set(kept.map((r) => r.id));
  const rest = all.filter((r) => !ids.has(r.id)).map((r) => r.id);
  for (const chunk of chunks([...ids], 500))
    await cast.act(p.regulator, (tx, a) => confirmRisks(tx, a, { riskIds: chunk }));
  for (const chunk of chunks(rest, 500))
    await cast.act(p.regulator, (tx, a) => dismissRisks(tx, a, { riskIds: chunk }));
  for (const site of p.sites) {
    const own = kept.filter((r) => r.siteId === site.id).map((r) => r.id);
    if (own.length > 0)
      await cast.act(p.regulator, (tx, a) => assignOwner(tx, a, { riskIds: own, owner: site.plausible.officer.zh }));
  }
}
/** The highest first, in turn over the four dimensions, so that each of them is there. */
function spread<R extends { dimension: string }>(list: readonly R[], n: number): R[] {
  const queues = dimensions.map((d) => list.filter((r) => r.dimension === d));
  const taken: R[] = [];
  for (let round = 0; taken.length < Math.min(n, list.length); round++)
    for (const queue of queues) if (queue[round] && taken.length < n) taken.push(queue[round] as R);
  return taken;
}
const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

/** Pilot plan: budget, measures, indicators, nominations, texts, two levels of approval. */
export async function* planScript(cast: Actors, p: SectorScript, director: Actor): Script {
  const { plan, pace, planReturned } = p.course;
  const { projectId } = p;
  yield on(plan);
  await cast.act(p.regulator, (tx, a) => ensureDocument(tx, a, { projectId, kind: "pilotPlan" }));
  let rev = await budgets(cast, p);
  yield on(plus(plan, 12 * pace));
  await writeMeasures(cast, p);
  for (const i of generateIndicators(p.seed, p.plausible.code)) {
    await cast.act(p.regulator, (tx, a) =>
      addIndicator(tx, a, {
        projectId,
        name: i.name.zh,
        unit: i.unit.zh,
        dimension: i.dimension,
        direction: i.direction,
        baseline: i.baselineMilli,
        target: i.targetMilli,
      }),
    );
  }
  yield on(plus(plan, 22 * pace));
  for (const { systemId, batchNo, direction } of nominations(p)) {
    const seen = rev;
    rev = await cast.act(p.regulator, (tx, a) =>
      nominateSystem(tx, a, { projectId, rev: seen, systemId, batchNo, direction }),
    );
  }
  const texts = planTexts({
    sectorZh: p.plausible.name.zh,
    sites: p.sites.length,
    systems: p.sites.flatMap((s) => s.systems).length,
    risks: 0,
    high: 0,
    body: p.plausible.regulator.zh,
  });
  const seen = rev;
  await cast.act(p.regulator, (tx, a) =>
    savePlanTexts(tx, a, {
      projectId,
      language: "zh",
      rev: seen,
      texts: {
        goals: `到 2015 年底，${p.plausible.name.zh}领域参加试点的系统不再有很高等级的风险，高风险减少一半以上；身份、网络和隐私三方面形成可复制的做法，经检测机构核验。`,
        ...texts,
      },
    }),
  );
  yield on(plus(plan, 30 * pace));
  await cast.act(p.regulator, (tx, a) =>
    transitionOfProject(tx, a, { projectId, kind: "pilotPlan", type: "SUBMIT", locale }),
  );
  yield on(plus(plan, 38 * pace));
  await cast.act(p.lead, (tx, a) =>
    transitionOfProject(tx, a, { projectId, kind: "pilotPlan", type: "ENDORSE", locale }),
  );
  if (planReturned) {
    yield on(plus(plan, 62 * pace));
    await cast.act(director, (tx, a) =>
      transitionOfProject(tx, a, {
        projectId,
        kind: "pilotPlan",
        type: "RETURN",
        payload: {
          parts: [{ part: "schedule", reason: "两批之间未留出总结时间，请调整进度，并说明第一批经验如何用于第二批。" }],
        },
        locale,
      }),
    );
    yield on(plus(plan, 76 * pace));
    await cast.act(p.regulator, (tx, a) =>
      transitionOfProject(tx, a, { projectId, kind: "pilotPlan", type: "SUBMIT", locale }),
    );
    yield on(plus(plan, 81 * pace));
    await cast.act(p.lead, (tx, a) =>
      transitionOfProject(tx, a, { projectId, kind: "pilotPlan", type: "ENDORSE", locale }),
    );
  }
  yield on(plus(plan, (planReturned ? 96 : 56) * pace));
  await cast.act(director, (tx, a) =>
    transitionOfProject(tx, a, { projectId, kind: "pilotPlan", type: "APPROVE", locale }),
  );
}

async function budgets(cast: Actors, p: SectorScript): Promise<number> {
  let rev = 0;
  for (const site of p.sites) {
    const { lines, shareReason } = generateBudget(p.seed, site.plausible);
    await cast.act(p.regulator, async (tx, a) => {
      for (const line of lines)
        await addBudgetLine(tx, a, {
          projectId: p.projectId,
          siteId: site.id,
          title: line.zh,
          amount: line.amountCenti,
          security: line.security,
          lifecycle: line.lifecycle,
        });
    });
    if (!shareReason) continue;
    const seen = rev;
    rev = await cast.act(p.regulator, (tx, a) =>
      explainShare(tx, a, { projectId: p.projectId, rev: seen, siteId: site.id, reason: shareReason.zh }),
    );
  }
  return rev;
}

async function writeMeasures(cast: Actors, p: SectorScript): Promise<void> {
  const { projectId, course } = p;
  const confirmed = await cast.act(p.regulator, (tx, a) =>
    tx
      .select()
      .from(risks)
      .where(and(eq(risks.tenantId, a.tenantId), eq(risks.projectId, projectId), eq(risks.status, "confirmed")))
      .orderBy(desc(risks.level), risks.code),
  );
  const lines = await cast.act(p.regulator, (tx, a) =>
    tx
      .select()
      .from(budgetLines)
      .where(and(eq(budgetLines.tenantId, a.tenantId), eq(budgetLines.projectId, projectId))),
  );
  const inOne = new Set(
    nominations(p)
      .filter((n) => n.batchNo === 1)
      .map((n) => n.systemId),
  );
  for (const site of p.sites) {
    const own = confirmed.filter((r) => r.siteId === site.id && r.level >= 3);
    const security = lines.filter((l) => l.siteId === site.id && l.security);
    await cast.act(p.regulator, async (tx, a) => {
      for (const risk of own) {
        const from = (inOne.has(risk.systemId) ? course.batchOne : null) ?? course.batchTwo;
        const {
          zh: title,
          en: _en,
          ...m
        } = generateMeasure(p.seed, risk.code, risk, site.plausible.officer.zh, from, plus(from, 90));
        const line = security.find((l) => l.lifecycle === m.lifecycle) ?? security[0];
        await addMeasure(tx, a, {
          projectId,
          riskId: risk.id,
          title,
          dimension: m.dimension,
          object: m.object,
          lifecycle: m.lifecycle,
          mechanism: m.mechanism,
          budgetLineId: line?.id ?? null,
          startsOn: m.startsOn,
          endsOn: m.endsOn,
          owner: m.owner,
          threatCut: m.threatCut,
          vulnerabilityCut: m.vulnerabilityCut,
        });
      }
    });
  }
}

/** One more system than the quota allows in each batch, so that a selection is one. */
function nominations(p: SectorScript) {
  const systems = p.sites.flatMap((s) => s.systems.slice(0, 1));
  const one = p.course.batchOne === null ? 0 : Math.min(p.course.quota.one + 1, systems.length);
  const two = Math.min(p.course.quota.two + 1, systems.length - (one > 0 ? one - 1 : 0));
  const direction = (i: number) => dimensions[i % dimensions.length] ?? "identity";
  return [
    ...systems.slice(0, one).map((s, i) => ({ systemId: s.id, batchNo: 1 as const, direction: direction(i) })),
    ...systems
      .slice(systems.length - two)
      .map((s, i) => ({ systemId: s.id, batchNo: 2 as const, direction: direction(i + 1) })),
  ];
}
