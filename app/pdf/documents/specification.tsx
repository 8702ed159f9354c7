import { Text, View } from "@react-pdf/renderer";
import type { ReactElement } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import type { DocumentPlan } from "../engine/plan.ts";
import { documentShell } from "../kit/document-shell.tsx";
import { NumberedList, Para, Paras } from "../kit/prose.tsx";
import { DataTable } from "../kit/table.tsx";
import { bodyOf, INK } from "../kit/theme.ts";
import type { PdfLocale, SpecificationAnnex, SpecificationData } from "../types.ts";
import { StandardCover } from "./specification-cover.tsx";
import { Clauses } from "./specification-clauses.tsx";

/** A chapter's heading in the manner of GB/T 1.1: number and title in the line, black, no rule. */
function Head({
  id,
  no,
  title,
  centred = false,
}: {
  readonly id: string;
  readonly no?: string;
  readonly title: string;
  readonly centred?: boolean;
}): ReactElement {
  const full = no ? `${no}  ${title}` : title;
  const zh = /^[\u4e00-\u9fff]{2}$/.test(title);
  return (
    <Text
      data-anchor={id}
      data-level={1}
      data-title={full.replace(/\s+/g, " ")}
      data-keep-next
      style={{
        fontSize: centred ? 15 : 12.5,
        fontWeight: 700,
        lineHeight: 1.5,
        marginTop: centred ? 6 : 18,
        marginBottom: centred ? 16 : 8,
        textAlign: centred ? "center" : "left",
        letterSpacing: centred && zh ? 15 : 0,
      }}
    >
      {full}
    </Text>
  );
}

function AnnexHead({
  annex,
  locale,
}: {
  readonly annex: { letter: string; title: string; normative: boolean };
  readonly locale: PdfLocale;
}): ReactElement {
  const name = m.pdf_spec_annex({ letter: annex.letter }, { locale });
  const kind = annex.normative ? m.pdf_spec_normative({}, { locale }) : m.pdf_spec_informative({}, { locale });
  const line = { fontSize: 12, lineHeight: 1.55, fontWeight: 700, textAlign: "center" as const };
  return (
    <View
      data-anchor={`annex-${annex.letter}`}
      data-level={1}
      data-title={`${name}${locale === "zh-CN" ? "" : " "}${kind} ${annex.title}`}
      data-keep-next
      style={{ marginBottom: 14 }}
    >
      <Text style={line}>{name}</Text>
      <Text style={line}>{kind}</Text>
      <Text data-balance style={line}>
        {annex.title}
      </Text>
    </View>
  );
}

function Annex({ annex, locale }: { readonly annex: SpecificationAnnex; readonly locale: PdfLocale }): ReactElement {
  return (
    <>
      <AnnexHead annex={annex} locale={locale} />
      <Clauses clauses={annex.clauses} locale={locale} />
      {(annex.tables ?? []).map((table, i) => (
        <DataTable
          key={i}
          caption={m.pdf_table_caption({ no: `${annex.letter}.${i + 1}`, title: table.caption }, { locale })}
          columns={table.columns}
          rows={table.rows}
          {...(table.note ? { note: table.note } : {})}
        />
      ))}
    </>
  );
}

function Provenance({
  data,
  locale,
}: {
  readonly data: SpecificationData["provenance"];
  readonly locale: PdfLocale;
}): ReactElement {
  return (
    <>
      <AnnexHead annex={{ letter: data.letter, title: data.title, normative: false }} locale={locale} />
      <Para>{m.pdf_spec_provenance_lead({}, { locale })}</Para>
      <DataTable
        size={8}
        caption={m.pdf_table_caption(
          { no: `${data.letter}.1`, title: m.pdf_spec_provenance_table({}, { locale }) },
          { locale },
        )}
        columns={[
          { head: m.pdf_col_code({}, { locale }), share: 8 },
          { head: m.pdf_col_clause({}, { locale }), share: 9 },
          { head: m.pdf_col_finding({}, { locale }), share: 23 },
          { head: m.pdf_col_pilots({}, { locale }), share: 13 },
          { head: m.pdf_col_batch({}, { locale }), share: 10 },
          { head: m.pdf_col_effect({}, { locale }), share: 20 },
          { head: m.pdf_col_strength({}, { locale }), share: 12 },
          { head: m.pdf_col_dissent({}, { locale }), share: 13 },
        ]}
        rows={data.rows.map((row) => [
          row.no,
          row.clause,
          row.finding,
          row.pilots,
          row.batch,
          row.effect,
          row.strength,
          row.dissent ?? "–",
        ])}
      />
    </>
  );
}

function Terms({
  terms,
  locale,
}: {
  readonly terms: SpecificationData["terms"];
  readonly locale: PdfLocale;
}): ReactElement {
  const body = bodyOf(locale);
  const lead = terms.length > 0 ? m.pdf_spec_terms_lead({}, { locale }) : m.pdf_spec_terms_none({}, { locale });
  return (
    <>
      <Para>{lead}</Para>
      {terms.map((term) => (
        <View key={term.no} style={{ marginTop: 6, marginBottom: 3 }}>
          <Text style={{ fontSize: body.size, lineHeight: 1.5, fontWeight: 700 }}>{term.no}</Text>
          <Text style={{ fontSize: body.size, lineHeight: 1.5, paddingLeft: body.indent || 18 }}>
            <Text style={{ fontWeight: 700 }}>{term.term}</Text>
            {locale === "zh-CN" ? `　${term.english}` : ""}
          </Text>
          <Text
            style={{
              fontSize: body.size,
              lineHeight: body.lineHeight,
              paddingLeft: body.indent || 18,
              textAlign: body.align,
            }}
          >
            {term.definition}
          </Text>
          {term.source ? (
            <Text style={{ fontSize: 9, lineHeight: 1.5, paddingLeft: body.indent || 18, color: INK.soft }}>
              {m.pdf_spec_term_source({ source: term.source }, { locale })}
            </Text>
          ) : null}
        </View>
      ))}
    </>
  );
}

function mainBody(data: SpecificationData, locale: PdfLocale): ReactElement {
  const references =
    data.references.length > 0
      ? m.pdf_spec_references_lead({}, { locale })
      : m.pdf_spec_references_none({}, { locale });
  return (
    <>
      <Text
        data-balance
        data-keep-next
        style={{ fontSize: 17, fontWeight: 700, lineHeight: 1.5, textAlign: "center", marginBottom: 22 }}
      >
        {data.title}
      </Text>
      <Head id="scope" no="1" title={m.pdf_spec_scope({}, { locale })} />
      <Paras of={data.scope} />
      <Head id="references" no="2" title={m.pdf_spec_references({}, { locale })} />
      <Para>{references}</Para>
      {data.references.map((reference) => (
        <Para key={reference}>{reference}</Para>
      ))}
      <Head id="terms" no="3" title={m.pdf_spec_terms({}, { locale })} />
      <Terms terms={data.terms} locale={locale} />
      {data.chapters.map((chapter) => (
        <View key={chapter.no} data-flow="flow">
          <Head id={`chapter-${chapter.no}`} no={chapter.no} title={chapter.title} />
          <Clauses clauses={chapter.clauses} locale={locale} />
        </View>
      ))}
    </>
  );
}

/**
 * A management specification in the elements and order of GB/T 1.1-2020 (8.1–8.14): cover, contents, foreword,
 * introduction, scope, references, terms, technical chapters, annexes, bibliography; set in the serif face.
 */
export function specification(data: SpecificationData, locale: PdfLocale): DocumentPlan {
  const parts: ReactElement[] = [];
  const named = (id: string, title: string, text: readonly string[]): ReactElement => (
    <>
      <Head id={id} title={title} centred />
      <Paras of={text} />
    </>
  );
  parts.push(named("foreword", m.pdf_spec_foreword({}, { locale }), data.foreword));
  if (data.introduction.length > 0)
    parts.push(named("introduction", m.pdf_spec_introduction({}, { locale }), data.introduction));
  parts.push(mainBody(data, locale));
  const annexes = [
    ...data.annexes.map((annex) => ({ letter: annex.letter, element: <Annex annex={annex} locale={locale} /> })),
    { letter: data.provenance.letter, element: <Provenance data={data.provenance} locale={locale} /> },
  ];
  parts.push(...annexes.sort((a, b) => (a.letter < b.letter ? -1 : 1)).map((annex) => annex.element));
  if (data.bibliography.length > 0) {
    parts.push(
      <>
        <Head id="bibliography" title={m.pdf_spec_bibliography({}, { locale })} centred />
        <NumberedList items={data.bibliography} mark={(i) => `[${i + 1}]`} />
      </>,
    );
  }
  return documentShell({
    meta: {
      title: data.title,
      author: data.issuer,
      subject: data.number,
      keywords: [data.number, data.code, data.ics, data.ccs].join(", "),
      locale,
      created: new Date(data.createdAt),
    },
    family: "serif",
    headerRight: data.number,
    footerLeft: data.status,
    cover: <StandardCover data={data} locale={locale} />,
    parts,
  });
}
