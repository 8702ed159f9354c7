import { dimensions, HIGH_LEVEL, levels, toLevel } from "#app/domain/vocabulary.ts";
import { formatDate, formatNumber, formatPercent } from "#app/i18n/format.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { joinList, pick, pickField } from "#app/i18n/pick.ts";
import { translate } from "#app/i18n/translate.server.ts";
import { threatById, vulnerabilityById } from "#seeds/catalogue/index.ts";
import { controlOf } from "#seeds/catalogue/load.server.ts";
import type { ReportContent, ReportRisk } from "./report-content.server.ts";

/*
 * First texts of the report from its own data, for an editor to amend. They state only what the register holds.
 */

const most = 5;

/** Names of the most frequent codes, most first. */
function frequent(codes: readonly string[], nameOf: (code: string) => string | undefined, locale: Locale): string {
  const counts = new Map<string, number>();
  for (const c of codes) counts.set(c, (counts.get(c) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return listed(
    sorted.map(([c]) => nameOf(c) ?? c),
    locale,
  );
}
/** At most five names in full, the rest by number. */
function listed(names: readonly string[], locale: Locale): string {
  if (names.length === 0) return m.risk_text_none({}, { locale });
  const list = joinList(names.slice(0, most), locale);
  return names.length > most ? m.risk_text_more({ list, count: formatNumber(names.length, locale) }, { locale }) : list;
}

function words(content: ReportContent, locale: Locale) {
  const site = new Map(content.sites.map((s) => [s.id, s.name]));
  const asset = new Map(content.assets.map((a) => [a.id, a.name]));
  const threat = (code: string) => threatById.get(code);
  const vulnerability = (code: string) => vulnerabilityById.get(code);
  return {
    threat: (code: string) => pickField(threat(code) ?? { title_zh: code, title_en: code }, "title", locale),
    vulnerability: (code: string) =>
      pickField(vulnerability(code) ?? { title_zh: code, title_en: code }, "title", locale),
    control: (code: string) =>
      pickField(
        controlOf(code, content.project.catalogueVersion) ?? { title_zh: code, title_en: code },
        "title",
        locale,
      ),
    risk(r: ReportRisk): string {
      return m.risk_text_risk(
        {
          code: r.code,
          site: site.get(r.siteId) ?? "",
          asset: asset.get(r.assetId) ?? "",
          vulnerability: this.vulnerability(r.vulnerabilityCode),
          threat: this.threat(r.threatCode),
        },
        { locale },
      );
    },
  };
}

/** The level that stands for the whole: the highest that at least a tenth of the risks reach. */
function overallLevel(all: readonly number[]): 1 | 2 | 3 | 4 | 5 {
  const reached = levels
    .toReversed()
    .find((l) => all.length > 0 && all.filter((x) => x >= l).length * 10 >= all.length);
  return toLevel(reached ?? 1);
}

function subjectTexts(content: ReportContent, locale: Locale): Record<string, string> {
  const { project, sector } = content;
  const n = (value: number) => formatNumber(value, locale);
  const names = {
    project: pick({ zh: project.nameZh, en: project.nameEn }, locale),
    sector: pick({ zh: sector.nameZh, en: sector.nameEn }, locale),
  };
  const systems = content.sites.flatMap((s) => s.systems);
  const days = content.responses.map((r) => r.sealedAt).sort();
  const grades = [1, 2, 3, 4, 5]
    .map((grade) => ({ grade, count: systems.filter((s) => s.grade === grade).length }))
    .filter((g) => g.count > 0);
  const of = (object: string) => n(content.assets.filter((a) => a.object === object).length);
  const method =
    project.method === "matrix"
      ? m.risk_text_method_matrix({}, { locale })
      : m.risk_text_method_multiplication({}, { locale });
  return {
    "1.1": m.risk_text_1_1(
      {
        ...names,
        code: project.code,
        sites: n(content.sites.length),
        systems: n(systems.length),
        devices: n(systems.reduce((sum, s) => sum + s.devices, 0)),
        siteNames: listed(
          content.sites.map((s) => s.name),
          locale,
        ),
      },
      { locale },
    ),
    "1.2": m.risk_text_1_2({ sector: names.sector }, { locale }),
    "2.1": m.risk_text_2_1({}, { locale }),
    "2.2": m.risk_text_2_2(
      { method, responses: n(content.responses.length), from: formatDate(days[0]), to: formatDate(days.at(-1)) },
      { locale },
    ),
    "2.3": m.risk_text_2_3({}, { locale }),
    "2.4": m.risk_text_2_4({}, { locale }),
    "3.1": m.risk_text_3_1(
      {
        assets: n(content.assets.length),
        solution: of("solution"),
        equipment: of("equipment"),
        service: of("service"),
        grades: joinList(
          grades.map((g) => m.risk_text_grade({ grade: g.grade, count: n(g.count) }, { locale })),
          locale,
        ),
      },
      { locale },
    ),
    "3.2": m.risk_text_3_2({}, { locale }),
  };
}

function findingTexts(content: ReportContent, locale: Locale): Record<string, string> {
  const n = (value: number) => formatNumber(value, locale);
  const say = words(content, locale);
  const key = content.assets.filter((a) => a.value === 5);
  const single = content.assets.filter((a) => a.singleSource);
  const byThreat = new Map(content.risks.map((r) => [r.threatCode, r.threat]));
  const top = dimensions
    .map((d) => ({ d, n: content.risks.filter((r) => r.dimension === d).length }))
    .sort((a, b) => b.n - a.n)[0];
  const rule =
    content.project.assetRule === "max" ? m.risk_text_rule_max({}, { locale }) : m.risk_text_rule_mean({}, { locale });
  return {
    "4.2": m.risk_text_4_2(
      {
        rule,
        key: n(key.length),
        keyNames: listed(
          key.map((a) => a.name),
          locale,
        ),
        single: n(single.length),
        suppliers: n(new Set(single.map((a) => a.supplier).filter(Boolean)).size),
      },
      { locale },
    ),
    "5.1": m.risk_text_5_1({}, { locale }),
    "5.2": m.risk_text_5_2(
      {
        threats: n(byThreat.size),
        topThreats: frequent(
          content.risks.map((r) => r.threatCode),
          say.threat,
          locale,
        ),
        frequent: n([...byThreat.values()].filter((f) => f >= HIGH_LEVEL).length),
      },
      { locale },
    ),
    "6.1": m.risk_text_6_1(
      {
        vulnerabilities: n(new Set(content.risks.map((r) => r.vulnerabilityCode)).size),
        topDimension: translate(`rule_word_dimension_${top?.d ?? "supervision"}`, {}, locale),
        topVulnerabilities: frequent(
          content.risks.map((r) => r.vulnerabilityCode),
          say.vulnerability,
          locale,
        ),
      },
      { locale },
    ),
    "6.2": m.risk_text_6_2({}, { locale }),
  };
}

function conclusionTexts(content: ReportContent, locale: Locale): Record<string, string> {
  const n = (value: number) => formatNumber(value, locale);
  const say = words(content, locale);
  const { risks } = content;
  const at = (level: number) => n(risks.filter((r) => r.level === level).length);
  const of = (dimension: string) => n(risks.filter((r) => r.dimension === dimension).length);
  const high = risks.filter((r) => r.level >= HIGH_LEVEL);
  const worst = risks.toSorted((a, b) => b.level - a.level || Number(b.value) - Number(a.value)).slice(0, most);
  const weak = (high.length > 0 ? high : worst).flatMap((r) => (r.controlCode ? [r.controlCode] : []));
  return {
    "8": m.risk_text_8(
      {
        risks: n(risks.length),
        l1: at(1),
        l2: at(2),
        l3: at(3),
        l4: at(4),
        l5: at(5),
        share: formatPercent(risks.length === 0 ? 0 : high.length / risks.length, locale),
        supervision: of("supervision"),
        identity: of("identity"),
        network: of("network"),
        privacy: of("privacy"),
        sector: pick({ zh: content.sector.nameZh, en: content.sector.nameEn }, locale),
        overall: translate(`rule_word_level_${overallLevel(risks.map((r) => r.level))}`, {}, locale),
        topRisks:
          worst.length === 0
            ? m.risk_text_none({}, { locale })
            : joinList(
                worst.map((r) => say.risk(r)),
                locale,
              ),
      },
      { locale },
    ),
    "9": m.risk_text_9({ weakControls: frequent(weak, say.control, locale) }, { locale }),
  };
}

/** Texts by section key for all sections that are written by hand. */
export const draftTexts = (content: ReportContent, locale: Locale): Record<string, string> => ({
  ...subjectTexts(content, locale),
  ...findingTexts(content, locale),
  ...conclusionTexts(content, locale),
});
