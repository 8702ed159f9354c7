import type { ReactElement } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import type { DocumentPlan } from "../engine/plan.ts";
import { Cover, documentShell } from "../kit/document-shell.tsx";
import { Callout, Chapter, Heading, Section } from "../kit/prose.tsx";
import { SignatureBlock } from "../kit/signature.tsx";
import type { Level, PdfLocale, ReportChapterKey, RiskReportData } from "../types.ts";
import { Captions, percent } from "./captions.ts";
import { distribution, heatMap, ranking, riskRegister } from "./risk-figures.tsx";
import { assetTable, assetsByValue, measureTable, threatTable, vulnerabilityTable } from "./risk-tables.tsx";
import { givenSections } from "./text-sections.tsx";

/** 1 to 9 as 一 to 九, as chapters of Chinese reports count. */
const chineseDigit = new Intl.NumberFormat("zh-CN-u-nu-hanidec");
const ORDER: readonly ReportChapterKey[] = [
  "project",
  "activity",
  "object",
  "assets",
  "threats",
  "vulnerabilities",
  "analysis",
  "evaluation",
  "remediation",
];
const HIGH: Level = 4;

function chapterTitle(key: ReportChapterKey, locale: PdfLocale): string {
  const titles = {
    project: m.pdf_chapter_project,
    activity: m.pdf_chapter_activity,
    object: m.pdf_chapter_object,
    assets: m.pdf_chapter_assets,
    threats: m.pdf_chapter_threats,
    vulnerabilities: m.pdf_chapter_vulnerabilities,
    analysis: m.pdf_chapter_analysis,
    evaluation: m.pdf_chapter_evaluation,
    remediation: m.pdf_chapter_remediation,
  };
  return titles[key]({}, { locale });
}

/** Number of a section generated after those that the chapter's text brings. */
function nextNumber(data: RiskReportData, key: ReportChapterKey, offset: number): string {
  const sections = data.chapters.find((chapter) => chapter.key === key)?.sections.length ?? 0;
  return `${ORDER.indexOf(key) + 1}.${sections + offset}`;
}

function generated(
  data: RiskReportData,
  key: ReportChapterKey,
  locale: PdfLocale,
  captions: Captions,
): ReactElement | null {
  const no = (offset: number): string => nextNumber(data, key, offset);
  const id = (offset: number): string => `${key}-${no(offset)}`;
  if (key === "assets") {
    return (
      <>
        <Section id={id(1)} no={no(1)} title={m.pdf_assets_key({}, { locale })}>
          {assetTable(
            data.assets.filter((row) => row.value >= HIGH),
            captions.table(m.pdf_assets_key({}, { locale })),
            locale,
          )}
        </Section>
        <Section id={id(2)} no={no(2)} title={m.pdf_assets_summary({}, { locale })}>
          {assetsByValue(data.assets, captions, locale)}
        </Section>
      </>
    );
  }
  if (key === "threats") {
    const rows = data.threats.filter((row) => row.frequency >= HIGH);
    return (
      <Section id={id(1)} no={no(1)} title={m.pdf_threats_main({}, { locale })}>
        {threatTable(rows, captions.table(m.pdf_threats_main({}, { locale })), locale)}
      </Section>
    );
  }
  if (key === "vulnerabilities") {
    const rows = data.vulnerabilities.filter((row) => row.severity >= HIGH);
    return (
      <Section id={id(1)} no={no(1)} title={m.pdf_vulnerabilities_main({}, { locale })}>
        {vulnerabilityTable(rows, captions.table(m.pdf_vulnerabilities_main({}, { locale })), locale)}
      </Section>
    );
  }
  if (key === "analysis") {
    return (
      <>
        <Section id={id(1)} no={no(1)} title={m.pdf_heatmap_section({}, { locale })}>
          {heatMap(data, captions, locale)}
        </Section>
        <Section id={id(2)} no={no(2)} title={m.pdf_distribution_section({}, { locale })}>
          {distribution(data.risks, captions, locale)}
        </Section>
        <Section id={id(3)} no={no(3)} title={m.pdf_register_section({}, { locale })}>
          {riskRegister(data.risks, captions, locale)}
        </Section>
        <Section id={id(4)} no={no(4)} title={m.pdf_ranking_section({}, { locale })}>
          {ranking(data.risks, captions, locale)}
        </Section>
      </>
    );
  }
  if (key === "evaluation") {
    const high = data.risks.filter((risk) => risk.level >= HIGH).length;
    const share = percent(data.risks.length > 0 ? high / data.risks.length : 0);
    return (
      <Callout label={m.pdf_finding_label({}, { locale })}>
        {m.pdf_high_risks({ total: String(data.risks.length), high: String(high), share }, { locale })}
      </Callout>
    );
  }
  if (key === "remediation") {
    return (
      <Section id={id(1)} no={no(1)} title={m.pdf_measures_section({}, { locale })}>
        {measureTable(data.measures, captions.table(m.pdf_measures({}, { locale })), locale)}
      </Section>
    );
  }
  return null;
}

function annexes(data: RiskReportData, locale: PdfLocale, captions: Captions): ReactElement {
  const tables: readonly (readonly [title: string, make: (caption: string) => ReactElement])[] = [
    [
      m.pdf_annex_management({}, { locale }),
      (caption) =>
        measureTable(
          data.measures.filter((row) => row.kind === "management"),
          caption,
          locale,
        ),
    ],
    [
      m.pdf_annex_technical({}, { locale }),
      (caption) =>
        measureTable(
          data.measures.filter((row) => row.kind === "technical"),
          caption,
          locale,
        ),
    ],
    [m.pdf_annex_assets({}, { locale }), (caption) => assetTable(data.assets, caption, locale)],
    [m.pdf_annex_threats({}, { locale }), (caption) => threatTable(data.threats, caption, locale)],
    [
      m.pdf_annex_vulnerabilities({}, { locale }),
      (caption) => vulnerabilityTable(data.vulnerabilities, caption, locale),
    ],
  ];
  return (
    <Chapter id="annexes" title={m.pdf_chapter_annexes({}, { locale })}>
      {tables.map(([title, make], i) => (
        <Section key={title} id={`annex-${i + 1}`} no={m.pdf_annex_no({ no: String(i + 1) }, { locale })} title={title}>
          {make(captions.table(title))}
        </Section>
      ))}
      {data.approvals.length > 0 ? (
        <Heading id="approvals" level={2}>
          {m.pdf_approvals({}, { locale })}
        </Heading>
      ) : null}
      {data.approvals.length > 0 ? <SignatureBlock approvals={data.approvals} /> : null}
    </Chapter>
  );
}

/**
 * Risk assessment report in the chapters of the report form for e-government projects (发改高技〔2008〕2071号): nine
 * chapters and the annexes; tables, matrix, statistics and ranking are made from the register.
 */
export function riskReport(data: RiskReportData, locale: PdfLocale): DocumentPlan {
  const { head } = data;
  const captions = new Captions(locale);
  const chapters = ORDER.map((key, i) => {
    const given = data.chapters.find((chapter) => chapter.key === key);
    const text = givenSections(key, given?.sections ?? [], captions);
    return (
      <Chapter
        key={key}
        id={key}
        no={locale === "zh-CN" ? `${chineseDigit.format(i + 1)}、` : String(i + 1)}
        title={chapterTitle(key, locale)}
      >
        {text}
        {generated(data, key, locale, captions)}
      </Chapter>
    );
  });
  const kind = m.pdf_risk_kind({}, { locale });
  return documentShell({
    meta: {
      title: head.title,
      author: head.body,
      subject: m.pdf_risk_subject({}, { locale }),
      keywords: [head.sector, head.project, head.number].join(", "),
      locale,
      created: new Date(head.createdAt),
    },
    family: "sans",
    headerRight: head.number,
    footerLeft: head.body,
    cover: (
      <Cover
        locale={locale}
        title={head.title}
        kind={kind}
        sector={head.sector}
        rows={[
          [m.pdf_cover_project({}, { locale }), head.project],
          [m.pdf_cover_number({}, { locale }), head.number],
          [m.pdf_cover_sector({}, { locale }), head.sector],
        ]}
        body={head.body}
        date={head.date}
        seal={head.seal}
      />
    ),
    parts: [...chapters, annexes(data, locale, captions)],
  });
}
