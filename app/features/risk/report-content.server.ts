import { blanksOf } from "#app/domain/blanks.ts";
import { and, eq, sql } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import type { ProjectRow } from "#app/features/project/project.server.ts";
import type { RiskReportSummary } from "#app/features/project/summaries.schema.ts";
import { HIGH_LEVEL, toLevel } from "#app/domain/vocabulary.ts";
import { inCodeOrder } from "#db/codes.ts";
import { inRegisterOrder } from "#db/register-order.ts";
import type { Tx } from "#db/client.server.ts";
import { registerAssets, risks, sites, submissions, systems } from "#db/schema/index.ts";
import { reportChapters } from "#seeds/catalogue/index.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { pickField } from "#app/i18n/pick.ts";
import { riskColumns } from "./risk-columns.server.ts";
import {
  missingChapters,
  type SectionBlanks,
  type RegisterStatistics,
  registerStatistics,
  type ReportFacts,
  reportGaps,
} from "./risk-register.rules.ts";

/*
 * What a risk report holds: the written sections, and the register as it stands. The same shape is shown while it is
 * drafted, sealed when it goes up, and printed.
 */

/** Working text of a report: by section key of the catalogue, Chinese (which counts for completeness) and English. */
export interface ReportBody {
  sections: Record<string, string>;
  sectionsEn: Record<string, string>;
}
export const emptyReport: ReportBody = { sections: {}, sectionsEn: {} };

interface ReportSite {
  id: string;
  name: string;
  region: string;
  systems: { id: string; name: string; grade: number; devices: number }[];
}
interface ReportAsset {
  id: string;
  siteId: string;
  systemId: string;
  name: string;
  object: "solution" | "equipment" | "service";
  supplier: string;
  singleSource: boolean;
  c: number;
  i: number;
  a: number;
  value: number;
}
export type ReportRisk = Pick<typeof risks.$inferSelect, keyof typeof riskColumns>;
export interface ReportContent extends ReportBody {
  kind: "riskReport";
  version: 1;
  project: {
    id: string;
    code: string;
    nameZh: string;
    nameEn: string;
    method: ProjectRow["riskMethod"];
    assetRule: ProjectRow["assetRule"];
    catalogueVersion: number;
    dueOn: string;
  };
  sector: { code: string; nameZh: string; nameEn: string };
  /** Seals of the survey responses the register rests on. */
  responses: { siteId: string; systemId: string; sha256: string; sealedAt: string }[];
  sites: ReportSite[];
  assets: ReportAsset[];
  risks: ReportRisk[];
}

const reportAsset = {
  id: registerAssets.id,
  siteId: registerAssets.siteId,
  systemId: registerAssets.systemId,
  name: registerAssets.name,
  object: registerAssets.object,
  supplier: registerAssets.supplier,
  singleSource: registerAssets.singleSource,
  c: registerAssets.c,
  i: registerAssets.i,
  a: registerAssets.a,
  value: registerAssets.value,
};

/** The sealed responses that the register was built from. */
async function sealsBehind(tx: Tx, actor: Actor, project: ProjectRow): Promise<ReportContent["responses"]> {
  const sealed = await tx
    .select({
      id: submissions.id,
      siteId: submissions.siteId,
      sha256: submissions.sha256,
      sealedAt: submissions.sealedAt,
      systemId: sql<string>`(select d.system_id from documents d where d.tenant_id = ${submissions.tenantId} and d.id = ${submissions.documentId})`,
    })
    .from(submissions)
    .where(
      and(
        eq(submissions.tenantId, actor.tenantId),
        sql`${submissions.id} in (select r.submission_id from register_assets r where r.tenant_id = ${actor.tenantId} and r.project_id = ${project.id})`,
      ),
    )
    .orderBy(submissions.id);
  return sealed.map((s) => ({
    siteId: s.siteId ?? "",
    systemId: s.systemId,
    sha256: s.sha256,
    sealedAt: s.sealedAt.toISOString(),
  }));
}

/** The register as it stands: confirmed lines, assets, the seals they come from, and the sites with the systems concerned. */
async function registerNow(
  tx: Tx,
  actor: Actor,
  project: ProjectRow,
): Promise<Pick<ReportContent, "responses" | "sites" | "assets" | "risks">> {
  const own = {
    risks: and(eq(risks.tenantId, actor.tenantId), eq(risks.projectId, project.id), eq(risks.status, "confirmed")),
    assets: and(eq(registerAssets.tenantId, actor.tenantId), eq(registerAssets.projectId, project.id)),
  };
  const [lines, assets, places, installed, responses] = await Promise.all([
    tx
      .select(riskColumns)
      .from(risks)
      .where(own.risks)
      .orderBy(...inCodeOrder(risks.code)),
    tx.select(reportAsset).from(registerAssets).where(own.assets).orderBy(registerAssets.siteId, registerAssets.id),
    tx
      .select({ id: sites.id, name: sites.name, region: sites.region })
      .from(sites)
      .where(eq(sites.tenantId, actor.tenantId))
      .orderBy(...inRegisterOrder),
    tx
      .select({
        id: systems.id,
        siteId: systems.siteId,
        name: systems.name,
        grade: systems.grade,
        devices: systems.devices,
      })
      .from(systems)
      .where(eq(systems.tenantId, actor.tenantId))
      .orderBy(systems.id),
    sealsBehind(tx, actor, project),
  ]);
  const involved = new Set(assets.map((a) => a.systemId));
  return {
    responses,
    sites: places
      .map((p) => ({
        ...p,
        systems: installed
          .filter((s) => s.siteId === p.id && involved.has(s.id))
          .map((s) => ({ id: s.id, name: s.name, grade: s.grade, devices: s.devices })),
      }))
      .filter((p) => p.systems.length > 0),
    assets,
    risks: lines,
  };
}

/** The report as it stands now, from the register and the given text. For the sector. */
export async function reportContent(
  tx: Tx,
  actor: Actor,
  project: ProjectRow,
  body: ReportBody,
): Promise<ReportContent> {
  return {
    kind: "riskReport",
    version: 1,
    project: {
      id: project.id,
      code: project.code,
      nameZh: project.nameZh,
      nameEn: project.nameEn,
      method: project.riskMethod,
      assetRule: project.assetRule,
      catalogueVersion: project.questionnaireVersion,
      dueOn: project.dueOn.riskReport,
    },
    sector: { code: actor.tenantCode, nameZh: actor.tenantName.zh, nameEn: actor.tenantName.en },
    sections: body.sections,
    sectionsEn: body.sectionsEn,
    ...(await registerNow(tx, actor, project)),
  };
}

/** What is still to be stated, by section and language. */
const blanksBySection = ({ sections, sectionsEn }: ReportContent): SectionBlanks[] =>
  (
    [
      ["zh", sections],
      ["en", sectionsEn],
    ] as const
  ).flatMap(([language, texts]) =>
    Object.entries(texts).flatMap(([section, text]) => {
      const blanks = blanksOf(text);
      return blanks.length === 0 ? [] : [{ section, language, blanks }];
    }),
  );

/** Counts the completeness rules ask for. */
function reportFactsOf(content: ReportContent): ReportFacts {
  return {
    assets: content.assets.length,
    threats: new Set(content.risks.map((r) => r.threatCode)).size,
    vulnerabilities: new Set(content.risks.map((r) => r.vulnerabilityCode)).size,
    risks: content.risks.length,
    answers: content.responses.length,
    highRisksWithoutOwner: content.risks.filter((r) => r.level >= HIGH_LEVEL && r.owner.trim() === "").map((r) => r.id),
    blanks: blanksBySection(content),
  };
}
/** What stands between the report and its approval, with the rows concerned. */
export const gapsOf = (content: ReportContent) => reportGaps(content.sections, reportFactsOf(content));

export const statisticsOf = (content: ReportContent): RegisterStatistics =>
  registerStatistics(
    content.risks.map((r) => ({
      id: r.id,
      dimension: r.dimension,
      level: toLevel(r.level),
      likelihoodLevel: toLevel(r.likelihoodLevel),
      lossLevel: toLevel(r.lossLevel),
      residualLevel: r.residualLevel === null ? null : toLevel(r.residualLevel),
      ownerId: r.owner,
    })),
  );

export interface ReportSummary extends RiskReportSummary {
  method: string;
  byResidualLevel: Record<string, number>;
  /** 25 counts as `likelihood.loss`. */
  heat: Record<string, number>;
  singleSource: number;
}
/** What lists and comparisons need of a sealed report. */
export function summaryOfReport(content: ReportContent): ReportSummary {
  const s = statisticsOf(content);
  return {
    count: s.total,
    highCount: s.high,
    byLevel: s.byLevel,
    byResidualLevel: s.byResidualLevel,
    byDimension: Object.fromEntries(
      Object.entries(s.byDimension).map(([d, v]) => [d, { count: v.total, high: v.high }]),
    ),
    highRisksWithoutOwner: reportFactsOf(content).highRisksWithoutOwner?.length ?? 0,
    missingChapters: missingChapters(content.sections, reportFactsOf(content)).map((m) => m.no),
    heat: Object.fromEntries(s.heat.map((c) => [`${c.likelihood}.${c.loss}`, c.count])),
    assets: content.assets.length,
    sites: content.sites.length,
    singleSource: content.assets.filter((a) => a.singleSource).length,
    method: content.project.method,
  };
}

export interface ChapterState {
  key: string;
  no: string;
  title: string;
  complete: boolean;
  sections: { key: string; no: string; title: string; from: string; complete: boolean; text: string; textEn: string }[];
}
/** The chapters of the catalogue with their text and whether each is complete. */
export function chapterStates(content: ReportContent, locale: Locale): ChapterState[] {
  const missing = new Map(
    missingChapters(content.sections, reportFactsOf(content)).map((m) => [m.chapter, new Set(m.sections)]),
  );
  const open = new Set(blanksBySection(content).map(({ section }) => section));
  const complete = (chapter: string, section: string) => !missing.get(chapter)?.has(section) && !open.has(section);
  return reportChapters.map((c, i) => ({
    key: c.key,
    // The annexes have no number of their own; English readers count in figures.
    no: c.no === c.title_zh ? "" : locale === "en" ? String(i + 1) : c.no,
    title: pickField(c, "title", locale),
    complete: c.sections.every((s) => complete(c.key, s.key)),
    sections: c.sections.map((s) => ({
      key: s.key,
      no: s.no,
      title: pickField(s, "title", locale),
      from: s.from,
      complete: complete(c.key, s.key),
      text: content.sections[s.key] ?? "",
      textEn: content.sectionsEn[s.key] ?? "",
    })),
  }));
}
/** Share of sections that are complete, 0–100, floored; and the chapters that lack something, in words. */
export function completenessOf(
  content: ReportContent,
  locale: Locale,
): { completeness: number; missingParts: string[] } {
  const chapters = chapterStates(content, locale);
  const all = chapters.flatMap((c) => c.sections);
  return {
    completeness: Math.floor((all.filter((s) => s.complete).length * 100) / all.length),
    missingParts: chapters.filter((c) => !c.complete).map((c) => `${c.no} ${c.title}`.trim()),
  };
}
