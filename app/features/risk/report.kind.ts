import { loadDraft } from "#app/features/document/document.server.ts";
import type { OwnWords } from "#app/features/document/difference.server.ts";
import type { DocumentKindOf, Sealable } from "#app/features/document/kind.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { riskReportSummary, summaryOf } from "#app/features/project/summaries.schema.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pickField } from "#app/i18n/pick.ts";
import { reportChapters } from "#seeds/catalogue/index.ts";
import {
  chapterStates,
  completenessOf,
  emptyReport,
  type ReportBody,
  type ReportContent,
  reportContent,
  summaryOfReport,
} from "./report-content.server.ts";
import { reportShape } from "./report-shape.rules.ts";

const sections = reportChapters.flatMap((c) => c.sections);
const wordsOf = (...contents: readonly ReportContent[]): OwnWords => {
  const places = contents.flatMap((c) => c.sites ?? []);
  const systems = new Map(places.flatMap((s) => s.systems.map((x) => [x.id, `${s.name} ${x.name}`] as const)));
  return {
    system: (id) => systems.get(id) ?? id,
    section: (key, locale) => {
      const found = sections.find((s) => s.key === key);
      return found ? `${found.no} ${pickField(found, "title", locale)}` : key;
    },
  };
};

/** A report's content with what is sealed beside it. */
export const sealableReport = (content: ReportContent): Sealable<ReportContent> => ({
  content,
  summary: summaryOfReport(content),
  completeness: (locale) => completenessOf(content, locale),
});

/**
 * The risk assessment report of a sector, one a project: derived from the register, approved by the lead; from then on the
 * national office reads its seal.
 */
export const riskReportKind: DocumentKindOf<ReportContent> = {
  kind: "riskReport",
  author: "sector",
  printed: true,
  async now(tx, actor, document) {
    const project = await loadProject(tx, document.projectId);
    const { body } = await loadDraft<ReportBody>(tx, document.id, emptyReport);
    return sealableReport(await reportContent(tx, actor, project, body));
  },
  shape: () => reportShape,
  words: (after, before) => wordsOf(...(before ? [before] : []), after),
  parts: (content, locale) =>
    chapterStates(content, locale).map((c) => ({ part: c.key, label: `${c.no} ${c.title}`.trim() })),
  begin: (project) => ({
    title: m.risk_report_document({ project: project.nameZh }, { locale: "zh-CN" }),
    dueOn: project.dueOn.riskReport,
  }),
  gate(summary) {
    const sealed = summaryOf(riskReportSummary, summary);
    if (!sealed) return {};
    const { count: riskCount, missingChapters, highRisksWithoutOwner } = sealed;
    return { riskCount, missingChapters, highRisksWithoutOwner };
  },
  handedOnWhenApproved: true,
};
