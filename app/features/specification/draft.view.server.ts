import { dimensions, lifecycles, mechanisms, objects } from "#app/domain/vocabulary.ts";
import { isEditable, marksOf } from "#app/features/document/document.server.ts";
import { standingOf } from "#app/features/document/standing.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import { evidenceSources } from "./evidence-sources.server.ts";
import { tagWords } from "./public.view.server.ts";
import { chapterTitle, clauseReasons, draftSummary, loadSectorDraft, sealedClauses } from "./sector-draft.server.ts";
import { sideOf } from "./sides.ts";
import { clauseChapters, type DraftClause } from "./specification.schema.ts";

/* A sector's draft put into words for its page, for the authors and for the national office. */

const choices = (list: string, codes: readonly string[], locale: Locale) =>
  codes.map((value) => ({ value, label: translate(`rule_word_${list}_${value}`, {}, locale) }));
/** Words to choose a clause's chapter and tags from. */
export const tagChoices = (locale: Locale) => ({
  dimension: choices("dimension", dimensions, locale),
  object: choices("object", objects, locale),
  lifecycle: choices("lifecycle", lifecycles, locale),
  mechanism: choices("mechanism", mechanisms, locale),
});
export type TagChoices = ReturnType<typeof tagChoices>;
export const chapterChoices = (locale: Locale) =>
  clauseChapters.map((value) => ({ value, label: chapterTitle(value, locale) }));

const reasonWords = (c: DraftClause, locale: Locale) =>
  clauseReasons(c).map((r) => ({
    blocking: r.severity === "blocking",
    text: translate(r.key, wordedParams(r.params, locale), locale),
  }));
/** Parameters that are codes of word lists, in words. */
export function wordedParams(
  params: Readonly<Record<string, string | number>>,
  locale: Locale,
): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([k, v]) => [
      k,
      k === "verb" || k === "verbEn" || k === "found" ? translate(`rule_word_verb_${v}`, {}, locale) : v,
    ]),
  );
}

function clauseView(c: DraftClause, locale: Locale) {
  return {
    ...c,
    evidence: c.evidence.map((e) => ({ ...e, statement: sideOf(e.statement, locale) })),
    tagWords: tagWords({ ...c.tags }, locale),
    verbWord: translate(`rule_word_verb_${c.verb}`, {}, locale),
    reasons: reasonWords(c, locale),
  };
}
export type DraftClauseView = ReturnType<typeof clauseView>;

/** All of the page. */
export async function sectorDraftView(
  tx: Tx,
  actor: Actor,
  projectId: string,
  chosen: string | undefined,
  locale: Locale,
) {
  const author = may(actor.role, "specification.draft");
  const loaded = await loadSectorDraft(tx, actor, projectId);
  const { project, document, draft, submission } = loaded;
  const [standing, marks, sources] = await Promise.all([
    document ? standingOf(tx, actor, document, locale, { latest: submission }) : null,
    document ? marksOf(tx, document.id) : [],
    author && chosen !== undefined ? evidenceSources(tx, actor, projectId) : [],
  ]);
  const editable = author && (document === null || isEditable(document));
  const body = draft && editable ? draft.body.clauses : sealedClauses(submission);
  const views = body.map((c) => clauseView(c, locale));
  return {
    project: { id: project.id, name: { zh: project.nameZh, en: project.nameEn } },
    begun: document !== null,
    editable,
    rev: draft?.rev ?? 0,
    savedBy: draft?.updatedByName ?? "",
    summary: draftSummary({ clauses: body }),
    submission: submission ? { sha256: submission.sha256, at: submission.sealedAt, by: submission.sealedByName } : null,
    chapters: chapterChoices(locale).map((c) => ({ ...c, clauses: views.filter((v) => v.chapter === c.value) })),
    chosen: chosen === undefined ? null : (views.find((v) => v.key === chosen) ?? null),
    isNew: chosen === "new",
    sources: sources.map((s) => ({ id: s.id, label: `${s.ref} · ${sideOf(s.statement, locale)}` })),
    tags: tagChoices(locale),
    marks: marks
      .filter((x) => x.submissionId === submission?.id && x.verdict === "returned")
      .map((x) => ({
        part: x.part === "*" ? "" : (standing?.parts.find((p) => p.part === x.part)?.label ?? x.part),
        reason: x.reason,
        by: x.byName,
      })),
    state: document?.state ?? "draft",
    standing,
  };
}
export type SectorDraftView = Awaited<ReturnType<typeof sectorDraftView>>;
