import { marksOf } from "#app/features/document/document.server.ts";
import { pairedActs } from "#app/features/document/paired-acts.server.ts";
import { asNoted, standingOf } from "#app/features/document/reapproval.server.ts";
import { clauseFacts } from "#app/features/project/summaries.schema.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import { projectFacts } from "#app/features/project/facts.server.ts";
import { actsOf, documentContext, loadInstance } from "#app/features/workflow/workflow.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { Tx } from "#db/client.server.ts";
import { evidenceSources } from "./proposals.server.ts";
import { tagWords } from "./public-view.server.ts";
import {
  asWorking,
  chapterTitle,
  clauseReasons,
  draftAsNow,
  draftPairs,
  draftSummary,
  loadSectorDraft,
  type SealedDraft,
  sealedClauses,
  sectorDraftActs,
  unsoundClauses,
} from "./sector-draft.server.ts";
import { sideOf } from "./sides.ts";
import { isEditable } from "#app/features/document/document.server.ts";
import { clauseChapters, type DraftClause } from "./specification.schema.ts";
import { dimensions, lifecycles, mechanisms, objects } from "#app/domain/vocabulary.ts";

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

type Loaded = Awaited<ReturnType<typeof loadSectorDraft>>;

/** What stands against the last approval, and the acts of a draft that has one: the document's own, as its project has gone on. */
async function sinceApproval(tx: Tx, actor: Actor, { project, document, submission }: Loaded, locale: Locale) {
  if (!document) return null;
  const own = await loadInstance(tx, document.id);
  if (documentContext(own).seals.length === 0) return null;
  const reviewed = document.state.startsWith("submitted");
  const content = reviewed
    ? (submission?.content as SealedDraft | undefined)
    : actor.level === "sector"
      ? await draftAsNow(tx, project, document)
      : undefined;
  const standing = await standingOf(tx, document, own, content ? asWorking(content) : null, locale);
  const clauses = content?.clauses ?? [];
  const missingParts = unsoundClauses({ clauses });
  const facts = {
    ...clauseFacts({ clauses }),
    completeness: missingParts.length === 0 ? 100 : 50,
    missingParts,
    contentHash: reviewed ? (submission?.sha256 ?? "") : sealOf(content ?? null),
  };
  const instance = content ? asNoted(own, actor, standing.needed, content) : own;
  const { acts, version } = await pairedActs(tx, actor, {
    project,
    document,
    pairs: draftPairs,
    facts,
    locale,
    instance,
  });
  return { standing, acts, version };
}

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
  const [instance, facts, marks, sources, since] = await Promise.all([
    loadInstance(tx, projectId),
    projectFacts(tx, actor, project),
    document ? marksOf(tx, document.id) : [],
    author && chosen !== undefined ? evidenceSources(tx, actor, projectId) : [],
    sinceApproval(tx, actor, loaded, locale),
  ]);
  const editable = author && (document === null || isEditable(document));
  const body = draft && editable ? draft.body.clauses : sealedClauses(submission);
  const acts = project.state.startsWith("specification.")
    ? actsOf(instance, actor, facts, locale).filter((a) => (sectorDraftActs as readonly string[]).includes(a.type))
    : [];
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
        part: x.part === "*" ? "" : (body.find((c) => c.key === x.part)?.title ?? x.part),
        reason: x.reason,
        by: x.byName,
      })),
    state: document?.state ?? "draft",
    standing: since?.standing ?? null,
    acts: since?.acts ?? acts,
    version: since?.version ?? instance.lockVersion,
  };
}
export type SectorDraftView = Awaited<ReturnType<typeof sectorDraftView>>;
