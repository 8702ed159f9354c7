import { and, eq, sql } from "drizzle-orm";
import { reasonText, wordText } from "#app/domain/reason-text.server.ts";
import { dimensions } from "#app/domain/vocabulary.ts";
import { marksOf } from "#app/features/document/document.server.ts";
import { type DocumentStanding, standingOf } from "#app/features/document/standing.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { pickCamel, pickField } from "#app/i18n/pick.ts";
import type { Actor } from "#app/request/actor.ts";
import { may, openIn } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import { registerAssets, risks } from "#db/schema/index.ts";
import { threats, vulnerabilities } from "#seeds/catalogue/index.ts";
import { registerView, riskChain } from "./register.view.server.ts";
import { chapterStates, completenessOf, gapsOf, statisticsOf } from "./report-content.server.ts";
import { sealableReport } from "./report.kind.ts";
import { openReport, type OpenReport } from "./report.server.ts";
import type { RegisterFilter } from "./risk.schema.ts";

/* What the page «risk report» shows: the register with its map, or the report, as far as the reader may see them. */

export interface PageQuery {
  view: "register" | "report";
  filter: RegisterFilter;
  cursor?: string | undefined;
  open?: string | undefined;
  add: boolean;
  /** The author's working text of an approved report. */
  work: boolean;
}

async function registerPart(tx: Tx, actor: Actor, projectId: string, query: PageQuery, locale: Locale) {
  const sector = actor.level === "sector";
  const [view, chain, assets, [undecided]] = await Promise.all([
    registerView(tx, actor, { projectId, filter: query.filter, cursor: query.cursor, limit: 50 }, locale),
    query.open ? riskChain(tx, query.open, locale) : null,
    sector && query.add
      ? tx
          .select({ id: registerAssets.id, name: registerAssets.name })
          .from(registerAssets)
          .where(and(eq(registerAssets.tenantId, actor.tenantId), eq(registerAssets.projectId, projectId)))
          .orderBy(registerAssets.name)
      : [],
    tx
      .select({ n: sql<number>`count(*)::int` })
      .from(risks)
      .where(and(eq(risks.tenantId, actor.tenantId), eq(risks.projectId, projectId), eq(risks.status, "proposed"))),
  ]);
  const titled = (list: readonly { id: string; title_zh: string; title_en: string }[]) =>
    list.map((x) => ({ value: x.id, label: `${x.id} ${pickField(x, "title", locale)}` }));
  return {
    ...view,
    words: { dimension: Object.fromEntries(dimensions.map((d) => [d, wordText("dimension", d, locale)])) },
    undecided: undecided?.n ?? 0,
    chain: chain
      ? { ...chain, answers: chain.answers.map((a) => ({ ...a, word: wordText("answer", a.value, locale) })) }
      : null,
    add:
      sector && query.add
        ? {
            assets: assets.map((a) => ({ value: a.id, label: a.name })),
            threats: titled(threats),
            vulnerabilities: titled(vulnerabilities),
          }
        : null,
  };
}

/** Where the report stands for this reader; null before it was begun. */
function standing(tx: Tx, actor: Actor, report: OpenReport, locale: Locale): Promise<DocumentStanding> | null {
  const { document, content, submission } = report;
  if (!document) return null;
  const known = submission ? { latest: submission } : { now: sealableReport(content) };
  return standingOf(tx, actor, document, locale, known);
}

/** Where a gap is mended: the chapter itself, or the risks it speaks of. */
const placeOf = (ref: { kind: string; id: string } | undefined): string =>
  ref?.kind === "risk"
    ? "?view=register&status=confirmed&minLevel=4&owner=none"
    : `?view=report#chapter-${ref?.kind === "chapter" ? ref.id : ""}`;

async function reportPart(tx: Tx, actor: Actor, projectId: string, locale: Locale, work: boolean) {
  const report = await openReport(tx, actor, projectId, { work });
  if (!report) return null;
  const { content, document, submission } = report;
  const [state, marks] = await Promise.all([
    standing(tx, actor, report, locale),
    document ? marksOf(tx, document.id) : [],
  ]);
  const statistics = statisticsOf(content);
  const current = marks.filter(
    (x) => x.verdict === "returned" && document?.state === "returned" && x.submissionId === document.submissionId,
  );
  return {
    standing: state,
    working: report.working,
    /** An approved report is changed by its author, who then hands it in anew. */
    mayWork: may(actor.role, "report.write") && document?.state === "approved",
    state: document?.state ?? "draft",
    rev: report.rev,
    updatedByName: report.updatedByName,
    editable:
      actor.level === "sector" &&
      (document === null || document.state === "draft" || document.state === "returned" || report.working),
    chapters: chapterStates(content, locale).map((c) => ({
      ...c,
      returned: current.filter((x) => x.part === c.key).map((x) => ({ by: x.byName, reason: x.reason })),
    })),
    completeness: completenessOf(content, locale).completeness,
    gaps: gapsOf(content).map((g) => ({
      key: `${g.key}${g.refs[0]?.id ?? ""}`,
      text: reasonText(g, locale),
      to: placeOf(g.refs[0]),
    })),
    seal: submission
      ? {
          sha256: submission.sha256,
          at: submission.sealedAt.toISOString(),
          by: submission.sealedByName,
          approved: document?.state === "approved",
        }
      : null,
    figures: {
      total: statistics.total,
      byLevel: statistics.byLevel,
      sites: content.sites.length,
      assets: content.assets.length,
      byDimension: dimensions.map((d) => ({
        label: wordText("dimension", d, locale),
        total: statistics.byDimension[d].total,
        high: statistics.byDimension[d].high,
      })),
    },
    heat: statistics.heat.map(({ likelihood, loss, count, level }) => ({ likelihood, loss, count, level })),
  };
}

/** Everything the page shows to this reader. A site has the register alone, the national office the sealed report alone. */
export async function riskPage(tx: Tx, actor: Actor, projectId: string, query: PageQuery, locale: Locale) {
  const project = await loadProject(tx, projectId);
  const view = actor.level === "national" ? "report" : actor.level === "site" ? "register" : query.view;
  const [register, report] = await Promise.all([
    view === "register" ? registerPart(tx, actor, projectId, query, locale) : null,
    view === "report" ? reportPart(tx, actor, projectId, locale, query.work) : null,
  ]);
  return {
    level: actor.level,
    role: actor.role,
    view,
    project: {
      id: project.id,
      name: pickCamel(project, "name", locale),
      state: project.state,
      method: project.riskMethod,
      assetRule: project.assetRule,
      dueOn: project.dueOn.riskReport,
    },
    open: openIn("risk.method", project.state),
    filter: query.filter,
    openId: query.open ?? null,
    register,
    report,
  };
}
export type RiskPage = Awaited<ReturnType<typeof riskPage>>;
export type RegisterPart = NonNullable<RiskPage["register"]>;
export type ReportPart = NonNullable<RiskPage["report"]>;
