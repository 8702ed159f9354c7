import { and, eq, sql } from "drizzle-orm";
import { marksOf } from "#app/features/document/document.server.ts";
import { type DocumentStanding, pairedActs } from "#app/features/document/paired-acts.server.ts";
import { asNoted, type Standing as Reapproval, standingOf } from "#app/features/document/reapproval.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { may, openIn } from "#app/request/permissions.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { reasonText, wordText } from "#app/domain/reason-text.server.ts";
import { type ActInput, payloadOf } from "#app/features/workflow/workflow.schema.ts";
import { type Fired, loadInstance } from "#app/features/workflow/workflow.server.ts";
import { dimensions } from "#app/domain/vocabulary.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { pickCamel, pickField } from "#app/i18n/pick.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { AppError } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { registerAssets, risks } from "#db/schema/index.ts";
import { threats, vulnerabilities } from "#seeds/catalogue/index.ts";
import { registerView, riskChain } from "./register-view.server.ts";
import {
  approveReport,
  openReport,
  type OpenReport,
  reportApprovalFacts,
  returnReport,
  submitReport,
} from "./report.server.ts";
import { asWorking, reportAsNow } from "./report-change.server.ts";
import { chapterStates, completenessOf, gapsOf, type ReportContent, statisticsOf } from "./report-content.server.ts";
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

const pairs = {
  SUBMIT: ["SUBMIT_RISK_REPORT"],
  RESUBMIT: ["SUBMIT_RISK_REPORT"],
  RETURN: ["RETURN_RISK_REPORT"],
  APPROVE: ["APPROVE_RISK_REPORT"],
};

/** The content that is held against the approval: an approved report as its sector would seal it now, another one as it is shown. */
async function contentNow(
  tx: Tx,
  actor: Actor,
  { project, document, content, working }: OpenReport,
): Promise<ReportContent | null> {
  if (document?.state !== "approved" || working) return content;
  return actor.level === "sector" ? reportAsNow(tx, actor, project, document) : null;
}

async function standing(
  tx: Tx,
  actor: Actor,
  report: OpenReport,
  locale: Locale,
): Promise<{ own: DocumentStanding | null; reapproval: Reapproval | null }> {
  const { document, project, submission } = report;
  if (!document) return { own: null, reapproval: null };
  const [instance, now, approval] = await Promise.all([
    loadInstance(tx, document.id),
    contentNow(tx, actor, report),
    reportApprovalFacts(tx, actor, project, document.state === "approved" ? null : submission),
  ]);
  const reapproval = await standingOf(
    tx,
    document,
    instance,
    now && asWorking(now, submission?.content as ReportContent | undefined),
    locale,
  );
  if (actor.level === "national") return { own: null, reapproval };
  const content = now ?? report.content;
  const reviewed = document.state.startsWith("submitted");
  const facts = {
    ...approval,
    ...completenessOf(content, locale),
    contentHash: reviewed ? (submission?.sha256 ?? "") : sealOf(content),
  };
  return {
    own: await pairedActs(tx, actor, {
      project,
      document,
      pairs,
      facts,
      locale,
      instance: now ? asNoted(instance, actor, reapproval.needed, now) : instance,
    }),
    reapproval,
  };
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
    standing: state.own,
    reapproval: state.reapproval,
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

/** An act of the report's page: document and project move together. */
export function actOnReport(
  tx: Tx,
  actor: Actor,
  { projectId, locale, ...input }: ActInput & { projectId: string; locale: Locale },
): Promise<Fired> {
  const move = { projectId, locale, expectedVersion: input.expectedVersion };
  switch (input.type) {
    case "SUBMIT":
    case "RESUBMIT":
      return submitReport(tx, actor, move);
    case "RETURN":
      return returnReport(tx, actor, { ...move, parts: partsOf(input) });
    case "APPROVE":
      return approveReport(tx, actor, move);
    default:
      throw new AppError("unknown_intent", 400, `no such act of a report: ${input.type}`);
  }
}
/** Parts as posted; blank ones were dropped, and the machine refuses none at all. */
export function partsOf(input: ActInput): { part: string; reason: string }[] {
  const { parts } = payloadOf(input);
  return Array.isArray(parts) ? (parts as { part: string; reason: string }[]) : [];
}
