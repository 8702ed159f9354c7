import type { ReactElement } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import type { DocumentPlan } from "../engine/plan.ts";
import { Cover, documentShell } from "../kit/document-shell.tsx";
import { Chapter, NumberedList, Para, Paras } from "../kit/prose.tsx";
import { SignatureBlock } from "../kit/signature.tsx";
import type { PdfLocale, PilotPlanData, PlanSectionKey } from "../types.ts";
import { Captions } from "./captions.ts";
import { budget, highRisks, indicators, measures, schedule, sites } from "./plan-sections.tsx";
import { givenTables } from "./text-sections.tsx";

const ORDER: readonly PlanSectionKey[] = [
  "organisation",
  "system",
  "findings",
  "goals",
  "construction",
  "mechanism",
  "technology",
  "schedule",
  "budget",
  "partners",
  "results",
  "risks",
  "commitment",
];

function chapterTitle(key: PlanSectionKey, locale: PdfLocale): string {
  const titles = {
    organisation: m.pdf_plan_organisation,
    system: m.pdf_plan_system,
    findings: m.pdf_plan_findings,
    goals: m.pdf_plan_goals,
    construction: m.pdf_plan_construction,
    mechanism: m.pdf_plan_mechanism,
    technology: m.pdf_plan_technology,
    schedule: m.pdf_plan_schedule,
    budget: m.pdf_plan_budget,
    partners: m.pdf_plan_partners,
    results: m.pdf_plan_results,
    risks: m.pdf_plan_risks,
    commitment: m.pdf_plan_commitment,
  };
  return titles[key]({}, { locale });
}

/** What is made from the register of measures, indicators, tasks and budget, after the chapter's own text. */
function generated(
  data: PilotPlanData,
  key: PlanSectionKey,
  no: string,
  captions: Captions,
  locale: PdfLocale,
): ReactElement | null {
  switch (key) {
    case "organisation":
      return sites(data.sites, captions, locale);
    case "findings":
      return (
        <>
          <Para>{m.pdf_plan_report({ number: data.reportNumber }, { locale })}</Para>
          {highRisks(data.risks, captions, locale)}
        </>
      );
    case "goals":
      return (
        <>
          <NumberedList
            items={data.goals}
            mark={(i) => (locale === "zh-CN" ? `${i + 1}）` : `${i + 1})`)}
            indent={locale === "zh-CN" ? 21 : 0}
          />
          {indicators(data.indicators, captions, locale)}
        </>
      );
    case "construction":
      return measures(data.risks, no, captions, locale);
    case "schedule":
      // No dated works, no figure of them: nothing begins nowhere.
      return data.tasks.length > 0 ? schedule(data.tasks, captions, locale) : <Para>{m.pdf_none({}, { locale })}</Para>;
    case "budget":
      return budget(data, captions, locale);
    case "commitment":
      return <SignatureBlock approvals={data.approvals} />;
    default:
      return null;
  }
}

/** Implementation plan of a pilot, in the thirteen chapters that the published notices ask for. */
export function pilotPlan(data: PilotPlanData, locale: PdfLocale): DocumentPlan {
  const { head } = data;
  const captions = new Captions(locale);
  // Chapters of a plan are short: they follow one another on one run of pages.
  const chapters = ORDER.map((key, i) => {
    const given = data.sections.find((section) => section.key === key);
    const no = String(i + 1);
    return (
      <Chapter key={key} id={key} no={no} title={chapterTitle(key, locale)}>
        <Paras of={given?.paragraphs ?? []} />
        {given?.items ? (
          <NumberedList
            items={given.items}
            mark={(at) => (locale === "zh-CN" ? `${at + 1}）` : `${at + 1})`)}
            indent={locale === "zh-CN" ? 21 : 0}
          />
        ) : null}
        {givenTables(given?.tables, captions)}
        {generated(data, key, no, captions, locale)}
      </Chapter>
    );
  });
  return documentShell({
    meta: {
      title: head.title,
      author: head.body,
      subject: m.pdf_plan_subject({}, { locale }),
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
        kind={m.pdf_plan_kind({}, { locale })}
        sector={head.sector}
        rows={[
          [m.pdf_cover_project({}, { locale }), head.project],
          [m.pdf_cover_number({}, { locale }), head.number],
          [m.pdf_cover_report({}, { locale }), data.reportNumber],
        ]}
        body={head.body}
        date={head.date}
        seal={head.seal}
      />
    ),
    parts: [<>{chapters}</>],
  });
}
