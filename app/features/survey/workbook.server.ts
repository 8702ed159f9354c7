import { and, desc, eq } from "drizzle-orm";
import type { CellValue, WriteOptions } from "hucre/xlsx";
import type { Actor } from "#app/request/actor.ts";
import { loadProject, type ProjectRow } from "#app/features/project/project.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { bookOptions, type Sheet } from "#app/platform/workbook.server.ts";
import { xlsxBytes } from "#app/platform/xlsx.server.ts";
import type { Tx } from "#db/client.server.ts";
import { answers, documents, sites, submissions, systems } from "#db/schema/index.ts";
import { dimensions } from "#db/vocabulary.ts";
import { responseLines, type ResponseLine } from "./progress.server.ts";
import { sealedContent } from "./response-content.server.ts";
import type { SealedAnswer } from "./survey.schema.ts";
import { questionnaire } from "./locked.server.ts";

/*
 * The survey as a workbook: what the caller may see of it, in three sheets.
 */

interface AnswerLine extends SealedAnswer {
  siteName: string;
  systemName: string;
}

const share = (bp: number | null | undefined): number | null => (bp === null || bp === undefined ? null : bp / 10_000);
const dayCell = (day: string | null): Date | null => (day === null ? null : new Date(`${day}T00:00:00Z`));

/** Sealed answers of the sector's sites, or the caller's own working answers for a site. */
async function answerLines(tx: Tx, actor: Actor, project: ProjectRow): Promise<AnswerLine[]> {
  if (actor.level === "site") {
    return tx
      .select({
        controlCode: answers.controlCode,
        value: answers.value,
        note: answers.note,
        evidenceRef: answers.evidenceRef,
        siteName: sites.name,
        systemName: systems.name,
      })
      .from(answers)
      .innerJoin(documents, and(eq(documents.tenantId, answers.tenantId), eq(documents.id, answers.documentId)))
      .innerJoin(sites, and(eq(sites.tenantId, documents.tenantId), eq(sites.id, documents.siteId)))
      .innerJoin(systems, and(eq(systems.tenantId, documents.tenantId), eq(systems.id, documents.systemId)))
      .where(and(eq(answers.tenantId, actor.tenantId), eq(documents.projectId, project.id)))
      .orderBy(systems.id, answers.controlCode);
  }
  const sealed = await tx
    .selectDistinctOn([submissions.documentId], { content: submissions.content })
    .from(submissions)
    .where(
      and(
        eq(submissions.tenantId, actor.tenantId),
        eq(submissions.projectId, project.id),
        eq(submissions.kind, "surveyResponse"),
      ),
    )
    .orderBy(submissions.documentId, desc(submissions.seq));
  return sealed
    .map((s) => sealedContent(s))
    .sort((a, b) => (a.site.code + a.system.id < b.site.code + b.system.id ? -1 : 1))
    .flatMap((c) => c.answers.map((a) => ({ ...a, siteName: c.site.name, systemName: c.system.name })));
}

function summarySheet(lines: readonly ResponseLine[], t: (key: string) => string): Sheet {
  return {
    name: t("survey_sheet_summary"),
    columns: [
      { head: t("survey_site"), width: 32 },
      { head: t("survey_site_code"), width: 22 },
      { head: t("survey_system"), width: 32 },
      { head: t("survey_grade"), width: 8, numFmt: "0" },
      { head: t("survey_state"), width: 22 },
      { head: t("survey_due"), width: 12, numFmt: "yyyy-mm-dd" },
      { head: t("survey_submitted_on"), width: 12, numFmt: "yyyy-mm-dd" },
      { head: t("survey_days_late"), width: 10, numFmt: "0" },
      { head: t("survey_completeness"), width: 10, numFmt: "0%" },
      { head: t("survey_score"), width: 10, numFmt: "0.00%" },
      ...dimensions.map((d) => ({ head: t(`rule_word_dimension_${d}`), width: 12, numFmt: "0.00%" })),
      { head: t("survey_assets"), width: 10, numFmt: "0" },
    ],
    rows: lines.map((l) => [
      l.siteName,
      l.siteCode,
      l.systemName,
      l.grade,
      l.stateLabel,
      dayCell(l.dueOn),
      dayCell(l.submittedOn),
      l.daysLate === null ? null : Math.max(0, l.daysLate),
      l.completeness === null ? null : l.completeness / 100,
      share(l.overallBp),
      ...dimensions.map((d) => share(l.summary?.dimension[d]?.bp)),
      l.summary?.assets ?? null,
    ]),
  };
}

function answerSheet(
  lines: readonly AnswerLine[],
  project: ProjectRow,
  locale: Locale,
  t: (key: string) => string,
): Sheet {
  const control = new Map(questionnaire(project.questionnaireVersion).map((c, position) => [c.id, { ...c, position }]));
  return {
    name: t("survey_sheet_answers"),
    columns: [
      { head: t("survey_site"), width: 28 },
      { head: t("survey_system"), width: 28 },
      { head: t("survey_code"), width: 12 },
      { head: t("survey_question"), width: 48 },
      ...["survey_dimension", "survey_object", "survey_lifecycle", "survey_mechanism"].map((k) => ({
        head: t(k),
        width: 14,
      })),
      { head: t("survey_weight"), width: 8, numFmt: "0" },
      { head: t("survey_answer"), width: 12 },
      { head: t("survey_note"), width: 48 },
      { head: t("survey_evidence"), width: 36 },
    ],
    rows: lines.map((a): CellValue[] => {
      const c = control.get(a.controlCode);
      return [
        a.siteName,
        a.systemName,
        a.controlCode,
        c ? (locale === "en" ? c.title_en : c.title_zh) : "",
        ...(["dimension", "object", "lifecycle", "mechanism"] as const).map((tag) =>
          c ? t(`rule_word_${tag}_${c[tag]}`) : "",
        ),
        c?.weight ?? null,
        a.value === null ? "" : t(`rule_word_answer_${a.value}`),
        a.note,
        a.evidenceRef,
      ];
    }),
  };
}

function missingSheet(lines: readonly ResponseLine[], t: (key: string) => string): Sheet {
  return {
    name: t("survey_sheet_missing"),
    columns: [
      { head: t("survey_site"), width: 32 },
      { head: t("survey_site_code"), width: 22 },
      { head: t("survey_system"), width: 32 },
      { head: t("survey_state"), width: 22 },
      { head: t("survey_due"), width: 12, numFmt: "yyyy-mm-dd" },
      { head: t("survey_days_late"), width: 10, numFmt: "0" },
    ],
    rows: lines
      .filter((l) => !l.submitted)
      .map((l) => [
        l.siteName,
        l.siteCode,
        l.systemName,
        l.stateLabel,
        dayCell(l.dueOn),
        l.daysLate === null ? null : Math.max(0, l.daysLate),
      ]),
  };
}

/** What stands in a project's workbook: summary, answers (sealed ones for the sector), and for the sector what is missing. */
export async function surveySheets(tx: Tx, actor: Actor, projectId: string, locale: Locale): Promise<WriteOptions> {
  const t = (key: string) => translate(key, {}, locale);
  const project = await loadProject(tx, projectId);
  const [lines, sealed] = await Promise.all([
    responseLines(tx, actor, project, locale),
    answerLines(tx, actor, project),
  ]);
  const sheets = [
    summarySheet(lines, t),
    answerSheet(sealed, project, locale, t),
    ...(actor.level === "site" ? [] : [missingSheet(lines, t)]),
  ];
  const title = `${locale === "en" ? project.nameEn : project.nameZh} · ${t("survey_title")}`;
  return bookOptions({ title, sheets });
}
/** The survey of a project as XLSX. No connection need be held while it is written: read the sheets first, then write them. */
export const surveyWorkbook = async (tx: Tx, actor: Actor, projectId: string, locale: Locale): Promise<Uint8Array> =>
  xlsxBytes(await surveySheets(tx, actor, projectId, locale));
