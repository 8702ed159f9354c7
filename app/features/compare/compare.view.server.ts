import type { Actor } from "#app/request/actor.ts";
import { currentProgramme } from "#app/features/programme/programme.server.ts";
import { ownProject } from "#app/features/project/project.server.ts";
import { reasonText, wordText } from "#app/domain/reason-text.server.ts";
import { stateLabel } from "#app/features/workflow/labels.server.ts";
import { formatNumber } from "#app/i18n/format.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { translate } from "#app/i18n/translate.server.ts";
import type { Tx } from "#db/client.server.ts";
import { dimensions, objects } from "#db/vocabulary.ts";
import type { ComparisonFilter } from "./compare.schema.ts";
import { comparison, type Comparison, type Known, type Panel } from "./comparison.server.ts";
import { oneDecimal } from "#app/features/effect/effects.rules.ts";
import { formatDate } from "#app/i18n/format.ts";
import { type GroupCell, nationalComparison } from "./national-comparison.server.ts";
import { type Replaceable, replaceable } from "./replaceable.server.ts";
import { stagesWhere } from "#workflows/index.ts";

const units = (milli: number): number => Math.round(milli) / 1000;
const change = (effect: Panel["effect"]) =>
  effect.change
    ? { value: units(effect.change.mean), low: units(effect.change.low), high: units(effect.change.high) }
    : { value: null };

function likeWithLike(panel: Panel, word: string, locale: Locale): string {
  const { difference, nA, nB, leftOut } = panel.batches;
  const o = { locale };
  if (!difference) return m.compare_like_none({ dimension: word }, o);
  const side = difference.mean < 0 ? m.compare_like_lower({}, o) : m.compare_like_higher({}, o);
  return m.compare_like_sentence(
    {
      dimension: word,
      word: side,
      difference: oneDecimal(Math.abs(difference.mean)),
      low: oneDecimal(difference.low),
      high: oneDecimal(difference.high),
      nA,
      nB,
      leftOut,
    },
    o,
  );
}

export const knownWord = (known: Known, locale: Locale): string => translate(`compare_known_${known}`, {}, locale);

function panelView(panel: Panel, locale: Locale) {
  const word = wordText("dimension", panel.dimension, locale);
  return {
    dimension: panel.dimension,
    word,
    n: panel.effect.n,
    /** With those whose effect is promised alone. */
    all: panel.effect.n + panel.known.promised,
    knownLine: m.compare_known_counts(
      { ...panel.known, change: panel.promisedMilli === null ? "–" : oneDecimal(panel.promisedMilli) },
      { locale },
    ),
    sentence: reasonText(panel.sentence, locale),
    ...change(panel.effect),
    median: panel.medianMilli === null ? null : units(panel.medianMilli),
    points: panel.points.map((p) => ({
      pilotId: p.pilotId,
      label: p.code,
      name: p.name,
      before: units(p.beforeMilli),
      after: units(p.afterMilli),
      promised: p.known === "promised",
      knownWord: knownWord(p.known, locale),
    })),
    unshown: panel.unshown,
    like: likeWithLike(panel, word, locale),
    strata: panel.batches.strata.map((s) => ({
      grade: s.tags.grade ?? null,
      size: s.tags.size ?? null,
      nA: s.nA,
      nB: s.nB,
      meanA: units(s.meanA),
      meanB: units(s.meanB),
      difference: units(s.difference),
    })),
  };
}

function indicatorsView(c: Comparison, locale: Locale) {
  return c.indicators.map((i) => ({
    id: i.indicatorId,
    code: i.code,
    name: i.name,
    unit: i.unit,
    dimension: wordText("dimension", i.dimension, locale),
    n: i.effect.n,
    reached: i.reached,
    baseline: i.baselineMilli === null ? null : units(i.baselineMilli),
    target: i.targetMilli === null ? null : units(i.targetMilli),
    mean: i.meanMilli === null ? null : units(i.meanMilli),
    median: i.medianMilli === null ? null : units(i.medianMilli),
    awaiting: i.awaiting,
    ...change(i.effect),
    points: i.points.map((p) => ({
      pilotId: p.pilotId,
      label: `${p.code} ${p.name}${p.awaiting ? m.compare_awaiting_mark({}, { locale }) : ""}`,
      before: units(p.beforeMilli),
      after: units(p.afterMilli),
    })),
  }));
}

/** Null where the register holds nothing of the chosen pilots. */
function replaceableView(r: Replaceable, locale: Locale) {
  const { overall } = r;
  if (overall.indexBp === null) return null;
  const o = { locale };
  const word = (object: string) => wordText("object", object, locale);
  const percent = (bp: number | null) => (bp === null ? null : bp / 100);
  const figures = { total: overall.total, single: overall.singleSource, tested: overall.tested };
  return {
    sentence: m.compare_replaceable_sentence(
      {
        ...figures,
        open: overall.singleSource - overall.tested,
        index: formatNumber(overall.indexBp / 100, locale, 1),
      },
      o,
    ),
    rows: [
      ...objects.map((x) => ({
        key: x as string,
        label: word(x),
        ...r.byObject[x],
        percent: percent(r.byObject[x].indexBp),
      })),
      { key: "all", label: m.compare_replaceable_all({}, o), ...overall, percent: percent(overall.indexBp) },
    ],
    suppliers: r.suppliers,
    bound: r.bound.map((a) => ({ ...a, objectWord: word(a.object) })),
    unshown: overall.singleSource - overall.tested - r.bound.length,
  };
}

/** The page of a sector: its pilots over the dimensions and indicators. Null before there is a project. */
export async function sectorCompare(tx: Tx, actor: Actor, filter: ComparisonFilter, locale: Locale) {
  const project = await ownProject(tx, actor);
  if (!project) return null;
  const [c, r] = await Promise.all([
    comparison(tx, actor, project.id, filter),
    replaceable(tx, actor, project.id, filter),
  ]);
  const panels = c.panels.map((p) => panelView(p, locale));
  return {
    pilots: c.pilots,
    sites: c.sites,
    headline: c.headline ? reasonText(c.headline, locale) : null,
    panels,
    indicators: indicatorsView(c, locale),
    replaceable: replaceableView(r, locale),
    scaleMax: units(c.scaleMaxMilli),
    words: {
      dimensions: dimensions.map((value) => ({ value, label: wordText("dimension", value, locale) })),
      stages: stagesWhere("effective").map((value) => ({
        value,
        label: stateLabel("pilot", value, locale),
      })),
    },
  };
}

/** The page of the national office: sectors side by side, what is suppressed said so. */
export async function nationalCompare(tx: Tx, actor: Actor, batch: 1 | 2, locale: Locale) {
  const programme = await currentProgramme(tx);
  if (!programme) return null;
  const c = await nationalComparison(tx, actor, programme.id, batch);
  const nameOf = new Map(c.sectors.map((s) => [s.sectorId, locale === "en" ? s.en : s.zh]));
  const unnamed = new Set(c.sectors.filter((s) => s.unnamed).map((s) => s.sectorId));
  const bar = (label: string, x: GroupCell, own: boolean, unjudged = false) => ({
    label,
    ...(x.effect ? change(x.effect) : { value: null }),
    suppressed: x.suppressed,
    unnamed: unjudged,
    n: x.effect?.n ?? null,
    /** Of several sectors, or of both batches. */
    own,
  });
  const o = { locale };
  const panels = c.panels.map((p) => {
    const groups = [...p.cells.flatMap((x) => [x, ...(x.both ? [x.both] : [])]), p.total, p.everything];
    const finding = p.total.effect ? p.total : p.everything.effect ? p.everything : null;
    return {
      dimension: p.dimension,
      word: wordText("dimension", p.dimension, locale),
      sentence: finding ? reasonText(finding.sentence, locale) : null,
      hidden: p.hidden,
      earlier: groups.flatMap((x) => (x.since ? [formatDate(x.since)] : [])).sort()[0] ?? null,
      bars: [
        ...p.cells.map((x) => {
          const name = nameOf.get(x.sectorId) ?? "";
          return x.both
            ? bar(m.compare_both_batches({ name }, o), x.both, false)
            : bar(name, x, true, unnamed.has(x.sectorId));
        }),
        ...(c.sectors.length > 1 ? [bar(m.compare_all_sectors({}, o), p.total, false)] : []),
        ...(c.sectors.length > 1 && p.everything.effect
          ? [bar(m.compare_both_batches({ name: m.compare_all_sectors({}, o) }, o), p.everything, false)]
          : []),
      ],
    };
  });
  return { k: c.k, batch: c.batch, sectors: c.sectors, panels };
}
