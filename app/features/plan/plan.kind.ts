import { loadDraft } from "#app/features/document/document.server.ts";
import type { OwnWords } from "#app/features/document/difference.server.ts";
import type { DocumentKindOf, Sealable } from "#app/features/document/kind.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { pilotPlanSummary, summaryOf } from "#app/features/project/summaries.schema.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pickField } from "#app/i18n/pick.ts";
import { planSections } from "#seeds/catalogue/index.ts";
import { emptyPlan, type PlanBody, type PlanContent, planContent, summaryOfPlan } from "./plan-content.server.ts";
import { planShape } from "./plan-shape.rules.ts";
import { completenessOfPlan } from "./plan.server.ts";

const wordsOf = (content: PlanContent): OwnWords => ({
  site: (id) => content.sites.find((s) => s.id === id)?.name ?? id,
  section: (key, locale) => {
    const found = planSections.find((s) => s.key === key);
    return found ? pickField(found, "title", locale) : key;
  },
});

/** A plan's content with what is sealed beside it. */
export const sealablePlan = (content: PlanContent): Sealable<PlanContent> => ({
  content,
  summary: summaryOfPlan(content),
  completeness: (locale) => completenessOfPlan(content, locale),
});

/** The pilot plan of a sector, one a project: approved by its lead, then by the national office. */
export const pilotPlanKind: DocumentKindOf<PlanContent> = {
  kind: "pilotPlan",
  author: "sector",
  printed: true,
  async now(tx, actor, document) {
    const project = await loadProject(tx, document.projectId);
    const { body } = await loadDraft<PlanBody>(tx, document.id, emptyPlan);
    return sealablePlan(await planContent(tx, actor, project, { ...emptyPlan, ...body }));
  },
  shape: () => planShape,
  words: wordsOf,
  parts: (_content, locale) => planSections.map((s) => ({ part: s.key, label: pickField(s, "title", locale) })),
  begin: (project) => ({
    title: m.plan_document({ project: project.nameZh }, { locale: "zh-CN" }),
    dueOn: project.dueOn.pilotPlan,
  }),
  gate(summary) {
    const sealed = summaryOf(pilotPlanSummary, summary);
    if (!sealed) return {};
    return {
      measureCount: sealed.measureCount,
      highRisksWithoutMeasure: sealed.highRisksWithoutMeasure,
      measuresWithoutLifecycle: sealed.measuresWithoutLifecycle,
      measuresWithoutDimension: sealed.measuresWithoutDimension,
      measuresWithoutBudget: sealed.measuresWithoutBudget,
      budgetsBelowShare: sealed.budgetsBelowShare,
      securityShareThreshold: sealed.securityShareThreshold,
    };
  },
  // By the report's digest and by its risks.
  restsOn: ["riskReport"],
};
