import { slugOf, specificationPath } from "#app/domain/hrefs.ts";
import { strengthOf } from "./tellings.rules.ts";
import { lineWords, untoldWords } from "./tellings.server.ts";
import { formatBytes, formatDate } from "#app/i18n/format.ts";
import { pick } from "#app/i18n/pick.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { controls } from "#seeds/catalogue/index.ts";
import type { ClauseView } from "./edition.server.ts";
import { sideOf } from "./sides.ts";
import { anchorOf } from "./numbers.ts";
import type { PublicEdition } from "./published.server.ts";

/* An edition put into words for its public page: everything ready, so that the page is markup alone. */

const lines = (text: string) =>
  text
    .split("\n")
    .map((l) => l.trim())
    .filter((l) => l !== "");
/** The tags of a clause in words; those it does not have are left out. */
export const tagWords = (
  c: Pick<ClauseView, "dimension" | "object" | "lifecycle" | "mechanism">,
  locale: Locale,
): string[] =>
  (["dimension", "object", "lifecycle", "mechanism"] as const).flatMap((t) =>
    c[t] ? [translate(`rule_word_${t}_${c[t]}`, {}, locale)] : [],
  );

function clauseWords(c: ClauseView, e: PublicEdition, locale: Locale) {
  const telling = c.grade ? e.tellings.get(c.id) : undefined;
  const strength = strengthOf(c, telling);
  return {
    id: c.id,
    no: c.number,
    depth: c.depth,
    anchor: anchorOf(c.number),
    title: pick({ zh: c.headingZh, en: c.headingEn }, locale),
    text: lines(pick({ zh: c.textZh, en: c.textEn }, locale)),
    tags: c.normative ? tagWords(c, locale) : [],
    strength: strength ? { code: strength, word: translate(`rule_word_strength_${strength}`, {}, locale) } : null,
    /** Figures that are told; where there is evidence and none is, `untold` says so. */
    evidence: (telling?.lines ?? []).map((line) => lineWords(line, locale)),
    untold: telling && telling.lines.length === 0 && strength === "limited" ? untoldWords(locale) : null,
  };
}
export type PublicClause = ReturnType<typeof clauseWords>;

const tagKey = (t: {
  dimension: string | null;
  object: string | null;
  lifecycle: string | null;
  mechanism: string | null;
}) => `${t.dimension}/${t.object}/${t.lifecycle}/${t.mechanism}`;
/** Annex A: each control of the catalogue with the clauses on it. */
function controlRows(e: PublicEdition, locale: Locale) {
  const numbers = new Map<string, string[]>();
  for (const c of e.clauses)
    if (c.normative && c.dimension) numbers.set(tagKey(c), [...(numbers.get(tagKey(c)) ?? []), c.number]);
  return controls.map((c) => ({
    code: c.id,
    title: locale === "en" ? c.title_en : c.title_zh,
    clauses: numbers.get(tagKey(c)) ?? [],
  }));
}

/** Chapters and annexes, each with the clauses below it. */
function partsOf(e: PublicEdition, locale: Locale) {
  const tops = e.clauses.filter((c) => c.parentId === null);
  const below = new Map<string, PublicClause[]>();
  let top = "";
  for (const c of e.clauses) {
    if (c.parentId === null) top = c.id;
    else below.set(top, [...(below.get(top) ?? []), clauseWords(c, e, locale)]);
  }
  const part = (c: ClauseView) => ({ ...clauseWords(c, e, locale), clauses: below.get(c.id) ?? [] });
  const chapters = tops.filter((c) => c.kind !== "annex").map(part);
  const annexes = tops.filter((c) => c.kind === "annex").map((c) => ({ ...part(c), anchor: `annex-${c.number}` }));
  return { chapters, annexes };
}

/** The consultation that runs, or has run, on this edition; null in any other state. */
function consultationOf({ specification: s, consultationDaysLeft }: PublicEdition) {
  if (s.state !== "consultation") return null;
  const daysLeft = consultationDaysLeft ?? 0;
  return { from: s.consultFrom, to: s.consultTo, daysLeft, open: daysLeft > 0 };
}

/** What stands before the first chapter. */
function frontWords({ body }: PublicEdition["specification"], locale: Locale) {
  const side = (text: string) => lines(sideOf(text, locale));
  return {
    foreword: side(body.foreword),
    introduction: side(body.introduction),
    scope: side(body.scope),
    references: body.references,
    terms: body.terms.map((t, i) => ({
      no: `3.${i + 1}`,
      term: locale === "en" ? t.termEn : t.term,
      other: locale === "en" ? t.term : t.termEn,
      definition: sideOf(t.definition, locale),
    })),
    abbreviations: body.abbreviations,
  };
}

/** The page of an edition for everybody, in one language. */
export function publicView(e: PublicEdition, locale: Locale) {
  const s = e.specification;
  return {
    id: s.id,
    number: s.number,
    slug: slugOf(s.number),
    edition: s.edition,
    title: pick({ zh: s.titleZh, en: s.titleEn }, locale),
    otherTitle: locale === "en" ? s.titleZh : s.titleEn,
    state: s.state,
    mark: translate(`specification_mark_${s.state}`, {}, locale),
    published: s.publishedAt ? formatDate(s.publishedAt) : null,
    effective: s.effectiveOn,
    issuer: s.body.issuedBy,
    codes: `ICS ${s.body.ics} · CCS ${s.body.ccs}`,
    withdrawnReason: s.withdrawnReason,
    contentSha256: s.contentSha256,
    consultation: consultationOf(e),
    files: e.files.map((f) => ({
      label: f.locale === "en" ? m.specification_file_en({}, { locale }) : m.specification_file_zh({}, { locale }),
      href: `${specificationPath(s.number)}.pdf?lng=${f.locale}`,
      size: formatBytes(f.bytes, locale),
      pages: f.pages,
      sha256: f.sha256,
    })),
    editions: e.editions
      .filter((o) => o.number !== s.number)
      .map((o) => ({
        number: o.number,
        href: specificationPath(o.number),
        mark: translate(`specification_mark_${o.state}`, {}, locale),
      })),
    ...frontWords(s, locale),
    bibliography: s.body.bibliography,
    ...partsOf(e, locale),
    controls: controlRows(e, locale),
    counts: {
      clauses: e.clauses.filter((c) => c.normative).length,
      supported: [...e.tellings.values()].filter((t) => t.strength !== "declaredNone" && t.strength !== "missing")
        .length,
      told: [...e.tellings.values()].filter((t) => t.lines.length > 0).length,
    },
  };
}
export type PublicView = ReturnType<typeof publicView>;
