import { dayAt } from "#app/platform/days.ts";
import type { PrintJob } from "#app/features/document/artifact.server.ts";
import { joinList, pick } from "#app/i18n/pick.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import type { Clause, PdfTable, ProvenanceRow, SpecificationData } from "#app/pdf/types.ts";
import { controls } from "#seeds/catalogue/index.ts";
import type { ClauseView, Edition } from "./edition.server.ts";
import { sideOf } from "./sides.ts";
import type { ClauseTelling } from "./tellings.rules.ts";
import { lineWords, untoldWords } from "./tellings.server.ts";

/* The edition as a document in the layout of GB/T 1.1. */

const paragraphs = (text: string, locale: Locale) =>
  sideOf(text, locale)
    .split("\n")
    .map((l) => l.trim())
    .filter((l) => l !== "");
const word = (list: string, code: string | null, locale: Locale) =>
  code ? [translate(`rule_word_${list}_${code}`, {}, locale)] : [];

/** Numbers of the entries of annex C by clause, and the entries, in the order of the clauses: what is told, and nothing else. */
function provenanceOf(
  edition: Edition,
  tellings: readonly ClauseTelling[],
  letter: string,
  locale: Locale,
): { byClause: Map<string, string[]>; rows: ProvenanceRow[] } {
  const rows: ProvenanceRow[] = [];
  const byClause = new Map<string, string[]>();
  const told = new Map(tellings.map((t) => [t.clauseId, t]));
  for (const clause of edition.clauses)
    for (const entry of entriesOf(told.get(clause.id), locale)) {
      const no = `${letter}.${rows.length + 1}`;
      byClause.set(clause.id, [...(byClause.get(clause.id) ?? []), no]);
      rows.push({ no, clause: clause.number, ...entry });
    }
  return { byClause, rows };
}
function entriesOf(telling: ClauseTelling | undefined, locale: Locale): Omit<ProvenanceRow, "no" | "clause">[] {
  if (!telling || telling.strength === "declaredNone" || telling.strength === "missing") return [];
  const strength = translate(`rule_word_strength_${telling.strength}`, {}, locale);
  if (telling.lines.length === 0)
    return [{ finding: untoldWords(locale), pilots: "–", batch: "–", effect: "–", strength }];
  return telling.lines.map((line) => {
    const words = lineWords(line, locale);
    return {
      finding: words.statement,
      pilots: m.specification_pdf_pilots({ sector: words.who, counted: words.counted }, { locale }),
      batch: words.batches,
      effect: words.effect ?? "–",
      strength,
      ...(words.dissent ? { dissent: m.specification_dissent({}, { locale }) } : {}),
    };
  });
}

/** The clauses below one, as they are printed. */
type Build = (parent: string | null) => Clause[];

function tree(edition: Edition, byClause: ReadonlyMap<string, readonly string[]>, locale: Locale): Build {
  const children = new Map<string | null, ClauseView[]>();
  for (const c of edition.clauses) children.set(c.parentId, [...(children.get(c.parentId) ?? []), c]);
  const build = (parent: string | null): Clause[] =>
    (children.get(parent) ?? []).map((c): Clause => {
      const [text = "", ...items] = pick({ zh: c.textZh, en: c.textEn }, locale)
        .split("\n")
        .map((l) => l.trim())
        .filter((l) => l !== "");
      const title = pick({ zh: c.headingZh, en: c.headingEn }, locale);
      const below = build(c.id);
      return {
        no: c.number,
        ...(title ? { title } : {}),
        ...(text ? { text } : {}),
        ...(items.length > 0 ? { items } : {}),
        ...(c.normative && c.dimension
          ? {
              tags: {
                dimensions: word("dimension", c.dimension, locale),
                objects: word("object", c.object, locale),
                lifecycle: word("lifecycle", c.lifecycle, locale),
                mechanisms: word("mechanism", c.mechanism, locale),
              },
            }
          : {}),
        ...(byClause.has(c.id) ? { provenance: byClause.get(c.id) ?? [] } : {}),
        ...(below.length > 0 ? { clauses: below } : {}),
      };
    });
  return build;
}

const tagKey = (t: {
  dimension: string | null;
  object: string | null;
  lifecycle: string | null;
  mechanism: string | null;
}) => `${t.dimension}/${t.object}/${t.lifecycle}/${t.mechanism}`;
/** Annex A: the controls of the catalogue with the clauses that answer them. */
function controlsTable(edition: Edition, locale: Locale): PdfTable {
  const numbers = new Map<string, string[]>();
  for (const c of edition.clauses)
    if (c.normative && c.dimension) numbers.set(tagKey(c), [...(numbers.get(tagKey(c)) ?? []), c.number]);
  return {
    caption: m.specification_pdf_controls({}, { locale }),
    columns: [
      { head: m.specification_pdf_col_control({}, { locale }), share: 17 },
      { head: m.specification_pdf_col_title({}, { locale }), share: 47 },
      { head: m.specification_pdf_col_clause({}, { locale }), share: 22 },
      { head: m.specification_pdf_col_weight({}, { locale }), share: 14, align: "right" },
    ],
    rows: controls.map((c) => [
      c.id,
      locale === "en" ? c.title_en : c.title_zh,
      joinList(numbers.get(tagKey(c)) ?? [], locale) || "–",
      String(c.weight),
    ]),
  };
}
/** Annex B: head of the risk register's form. */
const riskForm = (locale: Locale): PdfTable => ({
  caption: m.specification_pdf_form({}, { locale }),
  columns: [12, 16, 18, 18, 12, 12, 12].map((share, i) => ({
    head: translate(`specification_pdf_form_col_${i + 1}`, {}, locale),
    share,
  })),
  rows: [1, 2, 3].map((n) => [`R-${String(n).padStart(3, "0")}`, "", "", "", "", "", ""]),
});

const filled = (own: Clause[], locale: Locale): Clause[] =>
  own.length > 0 ? own : [{ no: "", text: m.specification_no_clauses({}, { locale }) }];

/** Clause 4 is written here, from the abbreviations; the edition's own chapters follow it. */
function chaptersOf(edition: Edition, build: Build, locale: Locale): SpecificationData["chapters"] {
  const { abbreviations } = edition.specification.body;
  return [
    {
      no: "4",
      title: m.specification_abbreviations({}, { locale }),
      clauses:
        abbreviations.length > 0
          ? abbreviations.map((a, i) => ({ no: `4.${i + 1}`, text: `${a.short}  ${a.full}` }))
          : [{ no: "", text: m.specification_no_abbreviations({}, { locale }) }],
    },
    ...edition.clauses
      .filter((c) => c.parentId === null && c.kind !== "annex")
      .map((c) => ({
        no: c.number,
        title: pick({ zh: c.headingZh, en: c.headingEn }, locale),
        clauses: filled(build(c.id), locale),
      })),
  ];
}

/** All annexes but the one of the evidence; the first two carry a table. */
function annexesOf(
  edition: Edition,
  annexes: readonly ClauseView[],
  build: Build,
  locale: Locale,
): SpecificationData["annexes"] {
  const tables = [controlsTable(edition, locale), riskForm(locale)];
  return annexes.map((a, i) => {
    const intro =
      i === 0 ? m.specification_pdf_annex_controls({}, { locale }) : m.specification_pdf_annex_form({}, { locale });
    const own = build(a.id);
    return {
      letter: a.number,
      title: pick({ zh: a.headingZh, en: a.headingEn }, locale),
      normative: i === 0,
      clauses: own.length > 0 ? own : [{ no: `${a.number}.1`, text: intro }],
      ...(tables[i] ? { tables: [tables[i]] } : {}),
    };
  });
}

/** The data of the printed document. */
function specificationData(edition: Edition, tellings: readonly ClauseTelling[], locale: Locale): SpecificationData {
  const s = edition.specification;
  const annexes = edition.clauses.filter((c) => c.parentId === null && c.kind === "annex");
  const evidenceAnnex = annexes.at(-1);
  const letter = evidenceAnnex?.number ?? "C";
  const { byClause, rows } = provenanceOf(edition, tellings, letter, locale);
  const build = tree(edition, byClause, locale);
  const day = (d: Date | string | null) => (d instanceof Date ? dayAt(d) : (d ?? ""));
  const text = (t: string) => sideOf(t, locale);
  return {
    title: pick({ zh: s.titleZh, en: s.titleEn }, locale),
    englishTitle: s.titleEn,
    ics: `ICS ${s.body.ics}`,
    ccs: `CCS ${s.body.ccs}`,
    level: m.specification_pdf_level({}, { locale }),
    code: s.number.split(" ")[0] ?? "",
    number: s.number.replace(/-(\d{4})$/, "—$1"),
    published: day(s.publishedAt),
    effective: s.effectiveOn ?? "",
    issuer: s.body.issuedBy,
    status: translate(`specification_mark_${s.state}`, {}, locale),
    createdAt: (s.publishedAt ?? s.updatedAt).toISOString(),
    seal: s.contentSha256 ? { sha256: s.contentSha256 } : {},
    foreword: paragraphs(s.body.foreword, locale),
    introduction: paragraphs(s.body.introduction, locale),
    scope: paragraphs(s.body.scope, locale),
    references: s.body.references,
    terms: s.body.terms.map((t, i) => ({
      no: `3.${i + 1}`,
      term: locale === "en" ? t.termEn : t.term,
      english: t.termEn,
      definition: text(t.definition),
    })),
    chapters: chaptersOf(edition, build, locale),
    annexes: annexesOf(edition, annexes.slice(0, -1), build, locale),
    provenance: {
      letter,
      title: evidenceAnnex ? pick({ zh: evidenceAnnex.headingZh, en: evidenceAnnex.headingEn }, locale) : "",
      rows,
    },
    bibliography: s.body.bibliography,
  };
}

/** One file a language. `tellings`: what is told of the evidence (`tellEdition`). */
export const specificationJob = (
  edition: Edition,
  tellings: readonly ClauseTelling[],
  locale: Locale,
): PrintJob<"specification"> => ({
  kind: "specification",
  objectId: edition.specification.id,
  data: specificationData(edition, tellings, locale),
  locale,
  public: edition.specification.public,
});
