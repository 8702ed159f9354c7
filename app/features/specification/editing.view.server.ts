import { slugOf } from "#app/domain/hrefs.ts";
import { and, desc, eq, lt, sql } from "drizzle-orm";
import { oneDecimal } from "#app/features/effect/effects.rules.ts";
import { addDays } from "#app/platform/days.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { isBlocking } from "#app/domain/reasons.ts";
import { dimensions, lifecycles, mechanisms, objects } from "#app/domain/vocabulary.ts";
import { eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import { loadInstance } from "#app/features/workflow/instance.server.ts";
import { reasonText } from "#app/domain/reason-text.server.ts";
import { pick } from "#app/i18n/pick.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { Tx } from "#db/client.server.ts";
import { beginning } from "#db/like.ts";
import { specifications } from "#db/schema/index.ts";
import { chapterChoices, tagChoices, wordedParams } from "./draft.view.server.ts";
import {
  comparable,
  type ClauseView,
  type Edition,
  type EvidenceView,
  loadEdition,
  loadSpecification,
  seriesOf,
  specificationFacts,
} from "./edition.server.ts";
import { editionStanding, unprintableOf } from "./seals.server.ts";
import { isEditable } from "./editing.server.ts";
import { sealedDrafts } from "./import.server.ts";
import { commentsOf } from "./publication.server.ts";
import { tagWords } from "./public.view.server.ts";
import { sideOf } from "./sides.ts";
import { diffEditions } from "./editions.rules.ts";

export const editingViews = ["text", "import", "comments", "coverage", "front", "changes"] as const;
export type EditingViewName = (typeof editingViews)[number];

const word = (list: string, code: string, locale: Locale) => translate(`rule_word_${list}_${code}`, {}, locale);

function node(c: ClauseView, locale: Locale) {
  return {
    id: c.id,
    no: c.number,
    depth: c.depth,
    kind: c.kind,
    parentId: c.parentId,
    title: pick({ zh: c.headingZh, en: c.headingEn }, locale),
    evidence: c.evidence.length,
    strength: c.grade ? word("strength", c.grade.strength, locale) : "",
    wrong: c.verbs.some((r) => r.severity === "blocking") || c.grade?.strength === "missing",
  };
}

/** One piece of evidence as the sector handed it on: for the editors, who read its sealed draft. */
const evidenceWords = (e: EvidenceView, locale: Locale) => ({
  id: e.id,
  sector: pick(e.sector, locale),
  batch: word("batch", String(e.batchNo), locale),
  pilots: e.pilots,
  effect: e.effectMilli === null ? null : `${e.effectMilli > 0 ? "+" : ""}${oneDecimal(e.effectMilli)}`,
  dissent: e.dissent,
  statement: sideOf(e.statement, locale),
  digest: e.submissionSha256,
});

function chosenView(c: ClauseView, locale: Locale) {
  return {
    id: c.id,
    rev: c.rev,
    no: c.number,
    kind: c.kind,
    parentId: c.parentId,
    headingZh: c.headingZh,
    headingEn: c.headingEn,
    textZh: c.textZh,
    textEn: c.textEn,
    dimension: c.dimension,
    object: c.object,
    lifecycle: c.lifecycle,
    mechanism: c.mechanism,
    evidenceNone: c.evidenceNone,
    verb: word("verb", c.verb, locale),
    tags: tagWords(c, locale),
    reasons: [...c.verbs, ...(c.grade?.reasons ?? [])].map((r) => ({
      blocking: r.severity === "blocking",
      text: translate(r.key, wordedParams(r.params, locale), locale),
    })),
    strength: c.grade ? word("strength", c.grade.strength, locale) : null,
    evidence: c.evidence.map((e) => evidenceWords(e, locale)),
  };
}

function coverageView(e: Edition, locale: Locale) {
  const columns = lifecycles.flatMap((l) =>
    mechanisms.map((x) => ({ l, x, label: `${word("lifecycle", l, locale)} · ${word("mechanism", x, locale)}` })),
  );
  const rows = dimensions.flatMap((d) =>
    objects.map((o) => ({ d, o, label: `${word("dimension", d, locale)} · ${word("object", o, locale)}` })),
  );
  const number = new Map(e.clauses.map((c) => [c.id, c.number]));
  const grades = new Map<string, number>();
  for (const c of e.clauses) if (c.grade) grades.set(c.grade.strength, (grades.get(c.grade.strength) ?? 0) + 1);
  return {
    expected: e.coverage.expected,
    covered: e.coverage.covered,
    columns: columns.map((c) => c.label),
    rows: rows.map((r) => ({
      label: r.label,
      cells: columns.map((c) => {
        const cell = e.coverage.cells.find(
          (x) => x.dimension === r.d && x.object === r.o && x.lifecycle === c.l && x.mechanism === c.x,
        );
        return {
          expected: cell?.expected ?? false,
          clauses: (cell?.clauseIds ?? []).map((id) => ({ id, no: number.get(id) ?? "" })),
        };
      }),
    })),
    strengths: (["strong", "moderate", "limited", "contested", "declaredNone", "missing"] as const).map((s) => ({
      code: s,
      word: word("strength", s, locale),
      count: grades.get(s) ?? 0,
    })),
  };
}

async function importView(tx: Tx, e: Edition, locale: Locale) {
  const drafts = await sealedDrafts(tx, e.specification.programmeId);
  const taken = new Set(e.clauses.flatMap((c) => c.evidence.map((x) => `${x.submissionId}/${x.statement}`)));
  const texts = new Set(e.clauses.map((c) => c.textZh));
  const chapters = new Map(chapterChoices(locale).map((c) => [c.value as string, c.label]));
  return drafts.map((d) => ({
    submissionId: d.submissionId,
    sha256: d.sha256,
    sector: pick(d.sector, locale),
    clauses: d.clauses.map((c) => ({
      pick: `${d.submissionId}/${c.key}`,
      chapter: chapters.get(c.chapter) ?? c.chapter,
      title: locale === "en" ? c.titleEn || c.title : c.title,
      text: locale === "en" ? c.textEn || c.text : c.text,
      tags: tagWords(c.tags, locale),
      evidence: c.evidence.length,
      taken:
        c.evidence.length > 0
          ? c.evidence.every((x) => taken.has(`${d.submissionId}/${x.statement}`)) && texts.has(c.text)
          : texts.has(c.text),
    })),
  }));
}

async function changesView(tx: Tx, e: Edition) {
  const s = e.specification;
  const [older] = await tx
    .select()
    .from(specifications)
    .where(
      and(
        eq(specifications.tenantId, s.tenantId),
        sql`${specifications.number} like ${beginning(`${seriesOf(s.number)}-`)}`,
        lt(specifications.edition, s.edition),
      ),
    )
    .orderBy(desc(specifications.edition))
    .limit(1);
  if (!older) return null;
  const changes = diffEditions(comparable(await loadEdition(tx, older)), comparable(e));
  return {
    number: older.number,
    changes: changes
      .filter((c) => c.status !== "same")
      .map((c) => ({
        status: c.status,
        no: c.after?.number ?? c.before?.number ?? "",
        title: c.after?.headingZh ?? c.before?.headingZh ?? "",
        before: c.before?.textZh ?? "",
        after: c.after?.textZh ?? "",
      })),
  };
}

/** The days that are proposed, or the shortest from today on; and what the text lacks before it goes out. */
function consultationView(actor: Actor, e: Edition, days: number, locale: Locale) {
  const s = e.specification;
  const from = s.consultFrom ?? today(actor);
  const full = new Set(e.clauses.map((c) => c.parentId));
  return {
    from,
    to: s.consultTo ?? addDays(from, days - 1),
    empty: e.clauses
      .filter((c) => c.kind === "chapter" && !full.has(c.id))
      .map((c) => `${c.number} ${pick({ zh: c.headingZh, en: c.headingEn || c.headingZh }, locale)}`),
    withoutEnglish: e.clauses.filter((c) => c.normative && c.textEn.trim() === "").map((c) => c.number),
  };
}

/** All of the editing page; what another view needs is not loaded. */
export async function editingView(
  tx: Tx,
  actor: Actor,
  specificationId: string,
  view: EditingViewName,
  clauseId: string | undefined,
  locale: Locale,
) {
  const e = await loadEdition(tx, await loadSpecification(tx, specificationId));
  const s = e.specification;
  const [instance, facts, comments, drafts, changes, standing] = await Promise.all([
    loadInstance(tx, s.id),
    specificationFacts(tx, actor, e),
    commentsOf(tx, s.id),
    view === "import" ? importView(tx, e, locale) : [],
    view === "changes" ? changesView(tx, e) : null,
    editionStanding(tx, e, locale),
  ]);
  const number = new Map(e.clauses.map((c) => [c.id, c.number]));
  const chosen = e.clauses.find((c) => c.id === clauseId);
  return {
    id: s.id,
    rev: s.rev,
    number: s.number,
    slug: slugOf(s.number),
    edition: s.edition,
    titleZh: s.titleZh,
    titleEn: s.titleEn,
    title: pick({ zh: s.titleZh, en: s.titleEn }, locale),
    state: s.state,
    public: s.public,
    mark: translate(`specification_mark_${s.state}`, {}, locale),
    body: s.body,
    consultation: consultationView(actor, e, facts.consultationMinDays, locale),
    editable: isEditable(s),
    facts,
    view,
    gaps: e.gaps.map((g) => ({
      blocking: isBlocking(g),
      text: reasonText(g, locale),
      clauses: g.refs.flatMap((r) => (number.has(r.id) ? [{ id: r.id, no: number.get(r.id) ?? "" }] : [])),
    })),
    tree: e.clauses.map((c) => node(c, locale)),
    chosen: chosen ? chosenView(chosen, locale) : null,
    tags: tagChoices(locale),
    comments: comments.map((c) => ({ ...c, no: c.clauseId ? (number.get(c.clauseId) ?? "") : "" })),
    drafts,
    changes,
    standing,
    unprintable: isEditable(s) ? unprintableOf(e, locale) : [],
    coverage: view === "coverage" ? coverageView(e, locale) : null,
    acts: eventOptions(instance, actor, facts, locale),
    version: instance.lockVersion,
  };
}
export type EditingView = Awaited<ReturnType<typeof editingView>>;
