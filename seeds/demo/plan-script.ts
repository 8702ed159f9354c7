import { and, desc, eq } from "drizzle-orm";
import { ensureDocument, transitionOfProject } from "#app/features/document/transition.server.ts";
import { addBudgetLine, addIndicator, addMeasure } from "#app/features/plan/plan-rows.server.ts";
import { explainShare, nominateSystem, savePlanTexts } from "#app/features/plan/plan.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { budgetLines, risks } from "#db/schema/index.ts";
import { dimensions } from "#db/vocabulary.ts";
import type { Actors } from "./actors.ts";
import { generateBudget, generateIndicators, generateMeasure, planTexts } from "./generator.ts";
import { on, plus, type Script } from "./schedule.ts";
import { locale, type SectorScript } from "./sector-script.ts";

/** Pilot plan: budget, measures, indicators, nominations, texts, two levels of approval. */
export async function* planScript(cast: Actors, p: SectorScript, director: Actor): Script {
  yield* writing(cast, p);
  yield* approving(cast, p, director);
}

async function* writing(cast: Actors, p: SectorScript): Script {
  const { plan, pace } = p.course;
  const { projectId } = p;
  yield on(plan);
  await cast.act(p.regulator, (tx, a) => ensureDocument(tx, a, { projectId, kind: "pilotPlan" }));
  let rev = await budgets(cast, p);
  yield on(plus(plan, 12 * pace));
  await writeMeasures(cast, p);
  await defineIndicators(cast, p);
  yield on(plus(plan, 22 * pace));
  for (const { systemId, batchNo, direction } of nominations(p)) {
    const seen = rev;
    rev = await cast.act(p.regulator, (tx, a) =>
      nominateSystem(tx, a, { projectId, rev: seen, systemId, batchNo, direction }),
    );
  }
  await writeTexts(cast, p, rev);
}

/** Up through both levels; some come back from the national office once. */
async function* approving(cast: Actors, p: SectorScript, director: Actor): Script {
  const { plan, pace, planReturned } = p.course;
  const { projectId } = p;
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

async function defineIndicators(cast: Actors, p: SectorScript): Promise<void> {
  const { projectId } = p;
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
}

async function writeTexts(cast: Actors, p: SectorScript, rev: number): Promise<void> {
  const { projectId } = p;
  const texts = planTexts({
    sectorZh: p.plausible.name.zh,
    sites: p.sites.length,
    systems: p.sites.flatMap((s) => s.systems).length,
    risks: 0,
    high: 0,
    body: p.plausible.regulator.zh,
  });
  await cast.act(p.regulator, (tx, a) =>
    savePlanTexts(tx, a, {
      projectId,
      language: "zh",
      rev,
      texts: {
        goals: `到 2015 年底，${p.plausible.name.zh}领域参加试点的系统不再有很高等级的风险，高风险减少一半以上；身份、网络和隐私三方面形成可复制的做法，经检测机构核验。`,
        ...texts,
      },
    }),
  );
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
