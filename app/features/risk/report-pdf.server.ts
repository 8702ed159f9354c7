import { type PrintJob, printed, type StoredFile } from "#app/features/document/artifact.server.ts";
import { coverDate, handsOf, paragraphs, sealFor } from "#app/features/document/print.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { wordText } from "#app/domain/reason-text.server.ts";
import { type Level, toLevel } from "#app/domain/vocabulary.ts";
import { formatDate, NO_VALUE } from "#app/i18n/format.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { joinList, pick, pickField } from "#app/i18n/pick.ts";
import type { Approval, MeasureRow, ReportChapter, ReportChapterKey, RiskReportData } from "#app/pdf/types.ts";
import { notFound } from "#app/platform/errors.ts";
import type { Storage } from "#app/platform/storage.server.ts";
import type { Tx } from "#db/client.server.ts";
import { reportChapters, threatById, vulnerabilityById } from "#seeds/catalogue/index.ts";
import { controlOf } from "#seeds/catalogue/load.server.ts";
import { openReport, type OpenReport } from "./report.server.ts";
import type { ReportContent, ReportRisk } from "./report-content.server.ts";
import { matrixLevels, residualRisk } from "./risk-method.rules.ts";
import { maySend } from "#workflows/authority.ts";

/* The risk report as printed: from the seal where there is one, else from the draft as it stands, then without a digest. */

const chapterKeys: Readonly<Record<string, ReportChapterKey>> = {
  overview: "project",
  activity: "activity",
  subject: "object",
  assets: "assets",
  threats: "threats",
  vulnerabilities: "vulnerabilities",
  analysis: "analysis",
  evaluation: "evaluation",
  remediation: "remediation",
};

/** Text in the language of the document; the Chinese text where an English one was not written. */
const textOf = (content: ReportContent, key: string, locale: Locale): string =>
  pick({ zh: content.sections[key] ?? "", en: content.sectionsEn[key] ?? "" }, locale);

/** Sections are numbered as they come: those drawn from the register follow them with numbers of their own. */
function chapters(content: ReportContent, locale: Locale): ReportChapter[] {
  return reportChapters.flatMap((c, i): ReportChapter[] => {
    const key = chapterKeys[c.key];
    if (!key) return [];
    const written = c.sections.filter((s) => s.from === "text");
    return [
      {
        key,
        sections: written.map((s, k) => ({
          no: `${i + 1}.${k + 1}`,
          title: pickField(s, "title", locale),
          paragraphs: paragraphs(textOf(content, s.key, locale)),
        })),
      },
    ];
  });
}

const highest = (all: readonly number[]): Level => toLevel(Math.max(1, ...all));
/** Rows grouped by a code, in the order of the codes. */
function grouped(rows: readonly ReportRisk[], by: (r: ReportRisk) => string): [string, ReportRisk[]][] {
  const groups = new Map<string, ReportRisk[]>();
  for (const r of rows) groups.set(by(r), [...(groups.get(by(r)) ?? []), r]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * What the weak answers behind the risks ask for: the question itself, met, is the measure. Its residual level takes the
 * vulnerability as closed (severity 1), or is that of the measures planned since.
 */
function recommended(content: ReportContent, locale: Locale): MeasureRow[] {
  const { method } = content.project;
  const after = (r: ReportRisk) =>
    r.residualLevel ??
    residualRisk(
      method,
      { asset: toLevel(r.assetValue), threat: toLevel(r.threat), vulnerability: toLevel(r.vulnerability) },
      [{ measureId: r.id, target: "vulnerability", reduce: 4 }],
    ).level;
  return grouped(
    content.risks.filter((r) => r.controlCode !== null),
    (r) => r.controlCode ?? "",
  ).flatMap(([code, rows]) => {
    const control = controlOf(code, content.project.catalogueVersion);
    if (!control) return [];
    return [
      {
        code,
        name: pickField(control, "title", locale),
        kind: control.dimension === "supervision" ? ("management" as const) : ("technical" as const),
        risks: rows.map((r) => r.code),
        owner: joinList([...new Set(rows.map((r) => r.owner).filter(Boolean))], locale) || NO_VALUE,
        due: NO_VALUE,
        residual: highest(rows.map(after)),
      },
    ];
  });
}

const threatName = (code: string, locale: Locale) =>
  pickField(threatById.get(code) ?? { title_zh: code, title_en: code }, "title", locale);
const flawName = (code: string, locale: Locale) =>
  pickField(vulnerabilityById.get(code) ?? { title_zh: code, title_en: code }, "title", locale);

/** Threats of the catalogue that risks name, each as often as it strikes at the worst of them. */
const threatRows = (content: ReportContent, locale: Locale): RiskReportData["threats"] =>
  grouped(content.risks, (r) => r.threatCode).flatMap(([code, rows]) => {
    const t = threatById.get(code);
    if (!t) return [];
    return [
      {
        code,
        name: threatName(code, locale),
        source: pickField(t, "category", locale),
        description: pickField(t, "description", locale),
        frequency: highest(rows.map((r) => r.threat)),
      },
    ];
  });

/** Vulnerabilities of the catalogue that risks name, with the assets that have them. */
const vulnerabilityRows = (
  content: ReportContent,
  named: ReadonlyMap<string, string>,
  locale: Locale,
): RiskReportData["vulnerabilities"] =>
  grouped(content.risks, (r) => r.vulnerabilityCode).flatMap(([code, rows]) => {
    const v = vulnerabilityById.get(code);
    if (!v) return [];
    const assets = [...new Set(rows.map((r) => named.get(r.assetId) ?? ""))];
    const list = joinList(assets.slice(0, 2), locale);
    return [
      {
        code,
        name: flawName(code, locale),
        asset: assets.length > 2 ? m.risk_text_more({ list, count: assets.length }, { locale }) : list,
        description: pickField(v, "detection", locale),
        severity: highest(rows.map((r) => r.vulnerability)),
      },
    ];
  });

function tables(
  content: ReportContent,
  locale: Locale,
): Pick<RiskReportData, "assets" | "threats" | "vulnerabilities" | "risks" | "measures"> {
  const site = new Map(content.sites.map((s) => [s.id, s.name]));
  const named = new Map(content.assets.map((a) => [a.id, a.name]));
  return {
    assets: content.assets.map((a, i) => ({
      code: `A-${String(i + 1).padStart(3, "0")}`,
      name: a.name,
      kind: wordText("object", a.object, locale),
      owner: site.get(a.siteId) ?? NO_VALUE,
      confidentiality: toLevel(a.c),
      integrity: toLevel(a.i),
      availability: toLevel(a.a),
      value: toLevel(a.value),
    })),
    threats: threatRows(content, locale),
    vulnerabilities: vulnerabilityRows(content, named, locale),
    risks: content.risks.map((r) => ({
      code: r.code,
      asset: named.get(r.assetId) ?? NO_VALUE,
      threat: threatName(r.threatCode, locale),
      vulnerability: flawName(r.vulnerabilityCode, locale),
      assetValue: toLevel(r.assetValue),
      threatFrequency: toLevel(r.threat),
      severity: toLevel(r.vulnerability),
      likelihood: toLevel(r.likelihoodLevel),
      loss: toLevel(r.lossLevel),
      // The exact figure stands in the register; print needs two decimals of a root.
      score: Number(Number(r.value).toFixed(2)),
      level: toLevel(r.level),
      owner: r.owner || NO_VALUE,
    })),
    measures: recommended(content, locale),
  };
}

async function approvals(
  tx: Tx,
  { document, submission }: OpenReport,
  unit: string,
  locale: Locale,
): Promise<Approval[]> {
  const hands = document && submission ? await handsOf(tx, document.id) : new Map<string, { name: string; at: Date }>();
  // The national office sees the seal, not the log of the sector: the lead's hand stands on the seal itself.
  const lead =
    hands.get("APPROVE") ??
    (submission && maySend(submission.sealedByRole, "document", "APPROVE", "submitted.sector", "riskReport")
      ? { name: submission.sealedByName, at: submission.sealedAt }
      : undefined);
  const line = (role: string, hand: { name: string; at: Date } | undefined): Approval => ({
    role,
    unit,
    ...(hand ? { name: hand.name, date: formatDate(hand.at) } : {}),
  });
  const approved = document?.state === "approved";
  return [
    line(m.risk_pdf_prepared({}, { locale }), submission ? hands.get("SUBMIT") : undefined),
    line(m.risk_pdf_approved({}, { locale }), approved ? lead : undefined),
  ];
}

export const reportNumber = (projectCode: string): string => `${projectCode}-RA`;

/** What there is to print, or null where the reader has nothing to read. */
export async function riskReportJob(
  tx: Tx,
  actor: Actor,
  projectId: string,
  locale: Locale,
  baseUrl?: string,
): Promise<(PrintJob<"riskReport"> & { name: string }) | null> {
  const report = await openReport(tx, actor, projectId);
  if (!report) return null;
  const { content, submission } = report;
  const sector = pick({ zh: content.sector.nameZh, en: content.sector.nameEn }, locale);
  const project = pick({ zh: content.project.nameZh, en: content.project.nameEn }, locale);
  const body = m.risk_pdf_body({ sector }, { locale });
  const at = submission?.sealedAt ?? new Date(`${today(actor)}T00:00:00Z`);
  const data: RiskReportData = {
    head: {
      title: m.risk_report_document({ project }, { locale }),
      sector,
      project,
      number: reportNumber(content.project.code),
      date: coverDate(at, locale),
      body,
      createdAt: at.toISOString(),
      seal: sealFor(submission, baseUrl),
    },
    chapters: chapters(content, locale),
    ...tables(content, locale),
    matrix: matrixLevels(),
    approvals: await approvals(tx, report, body, locale),
  };
  return {
    kind: "riskReport",
    objectId: report.document?.id ?? content.project.id,
    data,
    locale,
    name: `${m.risk_report_document({ project }, { locale })}.pdf`,
  };
}

/** Prints the report and keeps the file; the same content is printed once. For programs; pages print outside of a transaction. */
export async function riskReportPdf(
  tx: Tx,
  actor: Actor,
  storage: Storage,
  { projectId, locale, baseUrl }: { projectId: string; locale: Locale; baseUrl?: string },
): Promise<StoredFile> {
  const job = await riskReportJob(tx, actor, projectId, locale, baseUrl);
  if (!job) throw notFound({ logMessage: `no report of project ${projectId}` });
  return printed(tx, actor, storage, job);
}
