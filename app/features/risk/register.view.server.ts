import { and, desc, eq, gte, ilike, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "#app/request/actor.ts";
import { HIGH_LEVEL, type Level, levels, toLevel } from "#app/domain/vocabulary.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { pickField } from "#app/i18n/pick.ts";
import { translate } from "#app/i18n/translate.server.ts";
import { readCursor, writeCursor } from "#app/platform/cursor.ts";
import { inCodeOrder } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { containing } from "#db/like.ts";
import { measures, registerAssets, risks, sites, submissions, systems } from "#db/schema/index.ts";
import { threatById, threats, vulnerabilities, vulnerabilityById } from "#seeds/catalogue/index.ts";
import { controlOf } from "#seeds/catalogue/load.server.ts";
import { assessRisk, measureEffects, type ExplainStep, residualRisk } from "./risk-method.rules.ts";
import { riskColumns } from "./risk-columns.server.ts";
import type { RegisterFilter } from "./risk.schema.ts";
import { sealedResponseSchema } from "./sealed-response.ts";

/*
 * The register as it is read: a page of lines with the words of the catalogue, the heat map over all that match, and the
 * chain of one line from the answer to what remains. A site sees its confirmed lines; the database decides.
 */

const open = sql`(${risks.status} in ('proposed', 'confirmed'))`;

function statusCondition(status: RegisterFilter["status"]): SQL | undefined {
  if (status === "all") return undefined;
  return status === "open" ? open : eq(risks.status, status);
}

function searchCondition(q: string | undefined): SQL | undefined {
  const wanted = q?.trim();
  if (!wanted) return undefined;
  const small = wanted.toLowerCase();
  const named = (row: { title_zh: string; title_en: string; id: string }) =>
    row.title_zh.toLowerCase().includes(small) ||
    row.title_en.toLowerCase().includes(small) ||
    row.id.toLowerCase() === small;
  const threatCodes = threats.filter(named).map((t) => t.id);
  const vulnerabilityCodes = vulnerabilities.filter(named).map((v) => v.id);
  return or(
    ilike(risks.code, containing(wanted)),
    ilike(risks.owner, containing(wanted)),
    ilike(risks.note, containing(wanted)),
    ilike(registerAssets.name, containing(wanted)),
    threatCodes.length > 0 ? inArray(risks.threatCode, threatCodes) : undefined,
    vulnerabilityCodes.length > 0 ? inArray(risks.vulnerabilityCode, vulnerabilityCodes) : undefined,
  );
}

function conditions(tenantId: string, projectId: string, f: RegisterFilter, withCell: boolean): SQL | undefined {
  const [likelihood, loss] = (withCell ? (f.cell ?? "") : "").split(".").map(Number);
  return and(
    eq(risks.tenantId, tenantId),
    eq(risks.projectId, projectId),
    statusCondition(f.status),
    f.level ? eq(risks.level, f.level) : undefined,
    f.minLevel ? gte(risks.level, f.minLevel) : undefined,
    f.dimension ? eq(risks.dimension, f.dimension) : undefined,
    f.site ? eq(risks.siteId, f.site) : undefined,
    f.owner === "none" ? eq(risks.owner, "") : undefined,
    likelihood && loss ? and(eq(risks.likelihoodLevel, likelihood), eq(risks.lossLevel, loss)) : undefined,
    searchCondition(f.q),
  );
}

const cursorShape = z.tuple([z.number().int().min(1).max(5), z.string().regex(/^R-[0-9]{1,9}$/)]);
function afterCursor(cursor: string | undefined): SQL | undefined {
  if (!cursor) return undefined;
  const [level, code] = readCursor("risks", cursor, cursorShape);
  return or(
    lt(risks.level, level),
    and(eq(risks.level, level), sql`(length(${risks.code}), ${risks.code}) > (length(${code}), ${code})`),
  );
}

const columns = {
  ...riskColumns,
  rev: risks.rev,
  siteName: sites.name,
  assetName: registerAssets.name,
  method: risks.method,
  status: risks.status,
  measures: sql<number>`(select count(*)::int from measures x where x.tenant_id = ${risks.tenantId} and x.risk_id = ${risks.id})`,
};
const joined = (tx: Tx) =>
  tx
    .select(columns)
    .from(risks)
    .innerJoin(registerAssets, and(eq(registerAssets.tenantId, risks.tenantId), eq(registerAssets.id, risks.assetId)))
    .innerJoin(sites, and(eq(sites.tenantId, risks.tenantId), eq(sites.id, risks.siteId)));

type Line = Awaited<ReturnType<typeof joined>>[number];
type RegisterLine = Line & { threatTitle: string; vulnerabilityTitle: string };

const titled =
  (locale: Locale) =>
  (r: Line): RegisterLine => {
    const threat = threatById.get(r.threatCode);
    const vulnerability = vulnerabilityById.get(r.vulnerabilityCode);
    return {
      ...r,
      threatTitle: threat ? pickField(threat, "title", locale) : r.threatCode,
      vulnerabilityTitle: vulnerability ? pickField(vulnerability, "title", locale) : r.vulnerabilityCode,
    };
  };

export interface Page {
  lines: RegisterLine[];
  /** Hand it back for the next page; null at the end. */
  next: string | null;
}

/** A page of lines, highest risk first. */
export async function listRisks(
  tx: Tx,
  actor: Actor,
  input: { projectId: string; filter: RegisterFilter; cursor?: string | undefined; limit?: number },
  locale: Locale,
): Promise<Page> {
  const limit = Math.min(input.limit ?? 50, 200);
  const rows = await joined(tx)
    .where(and(conditions(actor.tenantId, input.projectId, input.filter, true), afterCursor(input.cursor)))
    .orderBy(desc(risks.level), ...inCodeOrder(risks.code))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    lines: shown.map(titled(locale)),
    next: rows.length > limit && last ? writeCursor("risks", [last.level, last.code]) : null,
  };
}

interface HeatCell {
  likelihood: Level;
  loss: Level;
  count: number;
  /** Highest level of risk in the cell; null for an empty one. */
  level: Level | null;
}
interface RegisterFigures {
  total: number;
  high: number;
  highWithoutOwner: number;
  proposed: number;
  byLevel: Record<Level, number>;
  byDimension: Record<string, { total: number; high: number }>;
  /** 25 cells, loss from 5 down to 1, likelihood from 1 to 5. */
  heat: HeatCell[];
}

/** Counts over everything that matches, whatever the page: one grouped query. The chosen cell does not narrow the map. */
async function registerFigures(
  tx: Tx,
  actor: Actor,
  projectId: string,
  filter: RegisterFilter,
): Promise<RegisterFigures> {
  const groups = await tx
    .select({
      likelihood: risks.likelihoodLevel,
      loss: risks.lossLevel,
      level: risks.level,
      dimension: risks.dimension,
      n: sql<number>`count(*)::int`,
      ownerless: sql<number>`(count(*) filter (where ${risks.owner} = ''))::int`,
      proposed: sql<number>`(count(*) filter (where ${risks.status} = 'proposed'))::int`,
    })
    .from(risks)
    .innerJoin(registerAssets, and(eq(registerAssets.tenantId, risks.tenantId), eq(registerAssets.id, risks.assetId)))
    .where(conditions(actor.tenantId, projectId, filter, false))
    .groupBy(risks.likelihoodLevel, risks.lossLevel, risks.level, risks.dimension);
  const sum = (of: typeof groups, key: "n" | "ownerless" | "proposed" = "n") => of.reduce((n, g) => n + g[key], 0);
  const high = groups.filter((g) => g.level >= HIGH_LEVEL);
  const byDimension: RegisterFigures["byDimension"] = {};
  for (const g of groups) {
    const d = (byDimension[g.dimension] ??= { total: 0, high: 0 });
    d.total += g.n;
    if (g.level >= HIGH_LEVEL) d.high += g.n;
  }
  return {
    total: sum(groups),
    high: sum(high),
    highWithoutOwner: sum(high, "ownerless"),
    proposed: sum(groups, "proposed"),
    byLevel: Object.fromEntries(levels.map((l) => [l, sum(groups.filter((g) => g.level === l))])) as Record<
      Level,
      number
    >,
    byDimension,
    heat: levels.toReversed().flatMap((loss) =>
      levels.map((likelihood): HeatCell => {
        const own = groups.filter((g) => g.loss === loss && g.likelihood === likelihood);
        return {
          likelihood,
          loss,
          count: sum(own),
          level: own.length === 0 ? null : toLevel(Math.max(...own.map((g) => g.level))),
        };
      }),
    ),
  };
}

export interface RegisterView extends Page {
  figures: RegisterFigures;
  sites: { id: string; name: string }[];
}
/** Everything the register's page shows, in one round of queries. */
export async function registerView(
  tx: Tx,
  actor: Actor,
  input: { projectId: string; filter: RegisterFilter; cursor?: string | undefined; limit?: number },
  locale: Locale,
): Promise<RegisterView> {
  const [page, figures, places] = await Promise.all([
    listRisks(tx, actor, input, locale),
    registerFigures(tx, actor, input.projectId, input.filter),
    tx
      .select({ id: sites.id, name: sites.name })
      .from(sites)
      .where(eq(sites.tenantId, actor.tenantId))
      .orderBy(sites.code),
  ]);
  return { ...page, figures, sites: places };
}

interface ChainStep {
  key: string;
  text: string;
}
export interface RiskChain {
  risk: RegisterLine;
  systemName: string;
  /** The weak answers behind the line, worst first; empty for one entered by hand. */
  answers: { code: string; title: string; question: string; value: string; note: string }[];
  asset: {
    name: string;
    supplier: string;
    singleSource: boolean;
    replacementTested: boolean;
    c: number;
    i: number;
    a: number;
    value: number;
  };
  /** How each figure came about, in words. */
  steps: ChainStep[];
  measures: {
    id: string;
    code: string;
    title: string;
    doneOn: string | null;
    threatCut: number;
    vulnerabilityCut: number;
  }[];
  /** With all planned measures, and with those in place; null without any. */
  planned: { level: Level; steps: ChainStep[] } | null;
  present: { level: Level; steps: ChainStep[] } | null;
  sealedAt: Date | null;
}

const inWords = (steps: readonly ExplainStep[], locale: Locale, names: ReadonlyMap<string, string>): ChainStep[] =>
  steps.map((s) => {
    const { measure } = s.params;
    const params =
      typeof measure === "string" ? { ...s.params, measure: names.get(measure) ?? measure } : { ...s.params };
    return { key: s.key, text: translate(s.key, params, locale) };
  });

/** One line from the answer to what remains. @throws notFound like `loadRisk`. */
export async function riskChain(tx: Tx, riskId: string, locale: Locale): Promise<RiskChain | null> {
  const [line] = await joined(tx).where(eq(risks.id, riskId));
  if (!line) return null;
  const [assets, places, [source], planned] = await Promise.all([
    tx.select().from(registerAssets).where(eq(registerAssets.id, line.assetId)),
    tx.select({ name: systems.name }).from(systems).where(eq(systems.id, line.systemId)),
    tx
      .select({ content: submissions.content, sealedAt: submissions.sealedAt, version: risks.catalogueVersion })
      .from(risks)
      .innerJoin(submissions, and(eq(submissions.tenantId, risks.tenantId), eq(submissions.id, risks.submissionId)))
      .where(eq(risks.id, riskId)),
    tx
      .select({
        id: measures.id,
        code: measures.code,
        title: measures.title,
        doneOn: measures.doneOn,
        threatCut: measures.threatCut,
        vulnerabilityCut: measures.vulnerabilityCut,
      })
      .from(measures)
      .where(eq(measures.riskId, riskId))
      .orderBy(...inCodeOrder(measures.code)),
  ]);
  const [asset] = assets;
  if (!asset) return null;
  const base = {
    asset: toLevel(line.assetValue),
    threat: toLevel(line.threat),
    vulnerability: toLevel(line.vulnerability),
  };
  const names = new Map(planned.map((m) => [m.id, m.code]));
  const after = (own: typeof planned) => {
    if (own.length === 0) return null;
    const r = residualRisk(line.method, base, own.flatMap(measureEffects));
    return { level: r.level, steps: inWords(r.explain, locale, names) };
  };
  return {
    risk: titled(locale)(line),
    systemName: places[0]?.name ?? "",
    answers: source ? answersBehind(source, line, locale) : [],
    asset,
    steps: inWords(assessRisk(line.method, base).explain, locale, names),
    measures: planned,
    planned: after(planned),
    present: after(planned.filter((m) => m.doneOn !== null)),
    sealedAt: source?.sealedAt ?? null,
  };
}

function answersBehind(
  { content, version }: { content: unknown; version: number },
  line: Line,
  locale: Locale,
): RiskChain["answers"] {
  const vulnerability = vulnerabilityById.get(line.vulnerabilityCode);
  const parsed = sealedResponseSchema.safeParse(content ?? {});
  if (line.controlCode === null || !parsed.success || !vulnerability) return [];
  return parsed.data.answers
    .filter(
      (a) => vulnerability.controls.includes(a.controlCode) && (a.value === "partial" || a.value === "non_compliant"),
    )
    .sort((a, b) =>
      a.value === b.value ? (a.controlCode < b.controlCode ? -1 : 1) : a.value === "non_compliant" ? -1 : 1,
    )
    .flatMap((a) => {
      const control = controlOf(a.controlCode, version);
      return control
        ? [
            {
              code: a.controlCode,
              title: pickField(control, "title", locale),
              question: pickField(control, "question", locale),
              value: a.value ?? "",
              note: a.note,
            },
          ]
        : [];
    });
}
