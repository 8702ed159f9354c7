import { loadDraft } from "#app/features/document/document.server.ts";
import type { DocumentKindOf } from "#app/features/document/kind.ts";
import { lessonsForClauses } from "#app/features/project/lesson-facts.server.ts";
import { loadProject, type ProjectRow } from "#app/features/project/project.server.ts";
import { specDraftSummary, summaryOf } from "#app/features/project/summaries.schema.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { draftShape } from "./content-shapes.rules.ts";
import { chapterTitle, clauseName, draftSummary, type SealedDraft, unsoundClauses } from "./sector-draft.server.ts";
import { sideOf } from "./sides.ts";
import { emptySpecDraft, type SpecDraftBody } from "./specification.schema.ts";

const contentOf = (project: ProjectRow, body: SpecDraftBody): SealedDraft => ({
  kind: "specDraft",
  project: { code: project.code, nameZh: project.nameZh, nameEn: project.nameEn },
  clauses: body.clauses,
});

/** Percent of the clauses that may go up as they are worded, and the names of the others. */
function completenessOf(content: SealedDraft) {
  const missingParts = unsoundClauses(content);
  const { length } = content.clauses;
  return { completeness: length === 0 ? 0 : Math.floor(((length - missingParts.length) * 100) / length), missingParts };
}

/** A sector's draft of the specification, one a project: approved by its lead, then accepted by the national office. */
export const specDraftKind: DocumentKindOf<SealedDraft> = {
  kind: "specDraft",
  author: "sector",
  async now(tx, _actor, document) {
    const project = await loadProject(tx, document.projectId);
    const [draft, promised] = await Promise.all([
      loadDraft<SpecDraftBody>(tx, document.id, emptySpecDraft),
      lessonsForClauses(tx, project),
    ]);
    const content = contentOf(project, draft.body);
    const resting = new Set(
      content.clauses.flatMap((c) => c.evidence.flatMap((e) => (e.kind === "lesson" ? [e.ref] : []))),
    );
    const lessonsWithoutClause = promised.filter((code) => !resting.has(code));
    const summary = { ...draftSummary(content), lessonsWithoutClause };
    return { content, summary, completeness: () => completenessOf(content) };
  },
  shape: () => draftShape,
  words: () => ({ side: sideOf, chapter: (key, locale) => chapterTitle(key, locale) }),
  parts: ({ clauses }) => clauses.map((c) => ({ part: c.key, label: clauseName(c) })),
  begin: (project) => ({
    title: m.specification_draft_title({ project: project.nameZh }, { locale: "zh-CN" }),
    dueOn: project.dueOn.specification ?? null,
  }),
  gate(summary) {
    const sealed = summaryOf(specDraftSummary, summary);
    if (!sealed) return {};
    const { clauseCount, clausesWithoutEvidence, lessonsWithoutClause = [] } = sealed;
    return { clauseCount, clausesWithoutEvidence, lessonsWithoutClause };
  },
};
