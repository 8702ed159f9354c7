/**
 * The invented programme as plain objects, a pure function of a seed: sectors, sites, systems, assets, answers, budgets,
 * measures, indicators and their course. Whoever loads it goes through the use-cases; nothing here touches a database.
 * A site's `maturity` runs through all of it, so that answers, assets, budgets and progress fit each other.
 */
import { assetValue } from "#app/features/risk/risk-method.rules.ts";
import { type AnswerValue, type Level, type ObjectKind, toLevel } from "#app/domain/vocabulary.ts";
import { type Control, controls, sectors } from "../catalogue/index.ts";
import { clamp, createRng, type Rng } from "../rng.ts";
import { cities, creditCode, type Named, newPerson, suppliers } from "./texts.ts";
import { type ClauseText, clauseTexts } from "./clause-texts.ts";
import { type LessonText, lessons } from "./lesson-texts.ts";
import { sectorBanks } from "./sector-texts.ts";
import { type AssetKind, common, type SectorBank, type SiteKind, type SystemKind } from "./system-kinds.ts";
import * as texts from "./report-texts.ts";

export * from "./course-generator.ts";
export { comments, planTexts, reportTexts } from "./report-texts.ts";

type PlausibleAsset = Named & {
  object: ObjectKind;
  supplier: string;
  singleSource: boolean;
  replacementTested: boolean;
  c: Level;
  i: Level;
  a: Level;
  value: Level;
};
export type PlausibleSystem = Named & {
  key: string;
  about: Named;
  grade: 2 | 3 | 4;
  devices: number;
  personal: boolean;
  assets: PlausibleAsset[];
};
export type PlausibleSite = Named & {
  /** Stable within a seed: `TEN-1`. */
  key: string;
  creditCode: string;
  region: string;
  size: "small" | "medium" | "large";
  /** 0..1, how far its security has come before the pilots. */
  maturity: number;
  officer: Named;
  lead: Named;
  phone: string;
  systems: PlausibleSystem[];
};
export type PlausibleSector = {
  code: string;
  name: Named;
  priority: boolean;
  regulator: Named;
  people: { regulator: Named; second: Named; lead: Named; scorers: Named[]; auditor: Named };
  sites: PlausibleSite[];
  lessons: LessonText[];
  clauses: ClauseText[];
};
export type PlausibleAnswer = { controlId: string; value: AnswerValue; note: string; evidence: string | null };
export type PlausibleProgramme = {
  seed: string;
  national: { editors: Named[]; director: Named; auditor: Named };
  institutions: (Named & { assessors: Named[] })[];
  sectors: PlausibleSector[];
};

const level = (rng: Rng, usual: number): Level => toLevel(Math.round(clamp(rng.near(usual, 0.45), 1, 5)));

function assetOf(kind: AssetKind, maturity: number, rng: Rng): PlausibleAsset {
  const [c, i, a] = kind.cia.map((usual) => level(rng, usual)) as [Level, Level, Level];
  const singleSource = rng.chance(clamp(kind.single + (0.5 - maturity) * 0.3, 0.03, 0.9));
  return {
    zh: kind.zh,
    en: kind.en,
    object: kind.object,
    supplier: rng.pick(suppliers[kind.supplier]),
    singleSource,
    replacementTested: singleSource && rng.chance(maturity * 0.4),
    c,
    i,
    a,
    value: assetValue({ c, i, a }),
  };
}
function systemOf(
  kind: SystemKind,
  key: string,
  size: PlausibleSite["size"],
  maturity: number,
  rng: Rng,
): PlausibleSystem {
  const share = { small: 0.15, medium: 0.5, large: 0.9 }[size];
  const [low, high] = kind.devices;
  const devices = Math.round(low + (high - low) * clamp(rng.near(share, 0.08), 0, 1));
  const shared = rng.sample(common, rng.int(3, common.length));
  return {
    key,
    zh: kind.zh,
    en: kind.en,
    about: kind.about,
    grade: kind.grade,
    devices,
    personal: kind.personal,
    assets: [...kind.assets, ...shared].map((asset) => assetOf(asset, maturity, rng)),
  };
}
function siteOf(kind: SiteKind, city: Named, key: string, taken: Set<string>, rng: Rng): PlausibleSite {
  const most = kind.systems[0]?.devices[1] ?? 0;
  const size = rng.pick(
    most > 5000
      ? (["medium", "large", "large"] as const)
      : most > 1500
        ? (["small", "medium", "medium", "large"] as const)
        : (["small", "small", "medium"] as const),
  );
  const maturity =
    Math.round(clamp(rng.near({ small: 0.47, medium: 0.53, large: 0.6 }[size], 0.1), 0.3, 0.85) * 100) / 100;
  const named = (name: Named): Named => ({
    zh: name.zh.replace("{city}", city.zh),
    en: name.en.replace("{city}", city.en),
  });
  return {
    ...named(kind.name),
    key,
    creditCode: creditCode(rng),
    region: `${city.zh}市`,
    size,
    maturity,
    officer: newPerson(rng, taken),
    lead: newPerson(rng, taken),
    phone: `0${rng.int(510, 899)}-${rng.int(2_000_000, 8_999_999)}`,
    systems: kind.systems.map((s, i) => systemOf(s, `${key}-${i + 1}`, size, maturity, rng.fork(`system ${i}`))),
  };
}
function sectorOf(bank: SectorBank, seed: string, taken: Set<string>): PlausibleSector {
  const rng = createRng(`${seed}/${bank.code}`);
  const catalogue = sectors.find((s) => s.code === bank.code);
  if (!catalogue) throw new RangeError(`no sector ${bank.code} in the catalogue`);
  const places = rng.sample(cities, bank.sites.length);
  const people = () => newPerson(rng, taken);
  return {
    code: bank.code,
    name: { zh: catalogue.title_zh, en: catalogue.title_en },
    priority: catalogue.priority,
    regulator: bank.regulator,
    people: {
      regulator: people(),
      second: people(),
      lead: people(),
      scorers: [people(), people(), people()],
      auditor: people(),
    },
    sites: bank.sites.map((kind, i) =>
      siteOf(kind, places[i] ?? rng.pick(cities), `${bank.code}-${i + 1}`, taken, rng.fork(`site ${i}`)),
    ),
    lessons: lessons.filter((l) => l.sector === bank.code),
    clauses: clauseTexts.filter((c) => c.sector === bank.code),
  };
}
/** The whole programme: five sectors with six to seven sites each, the national office and two testing institutions. */
export function generateProgramme(seed = "anshi"): PlausibleProgramme {
  const rng = createRng(`${seed}/national`);
  const taken = new Set<string>();
  const people = (n: number) => Array.from({ length: n }, () => newPerson(rng, taken));
  const [director, auditor, ...editors] = people(4);
  if (!director || !auditor) throw new RangeError("no names");
  return {
    seed,
    national: { director, auditor, editors },
    institutions: [
      { zh: "华衡信息安全测评中心", en: "Huaheng Security Evaluation Centre", assessors: people(3) },
      { zh: "澄澜检测技术有限公司", en: "Chenglan Testing", assessors: people(2) },
    ],
    sectors: sectorBanks.map((bank) => sectorOf(bank, seed, taken)),
  };
}

/** How hard a question is, beyond a site's maturity: replacing and privacy come last, what weighs most was begun first. */
function difficulty(control: Control): number {
  const mechanism = { discover: 0, defend: -0.03, replace: 0.1 }[control.mechanism];
  const dimension = { supervision: -0.04, identity: 0.04, network: 0, privacy: 0.05 }[control.dimension];
  return mechanism + dimension - (control.weight - 4) * 0.03;
}
function answerOf(
  control: Control,
  site: PlausibleSite,
  system: PlausibleSystem,
  leaning: number,
  rng: Rng,
): PlausibleAnswer {
  const fill = (text: string) => text.replace("{t}", control.title_zh).replace("{q}", rng.pick(texts.quarters));
  const spread = rng.near(0, 0.16);
  if (control.dimension === "privacy" && !system.personal)
    return { controlId: control.id, value: "not_applicable", note: texts.notApplicableNotes.privacy, evidence: null };
  const notes = control.dimension === "supervision" ? "management" : control.object;
  const standing = site.maturity + leaning - difficulty(control) + spread;
  if (standing >= 0.56)
    return {
      controlId: control.id,
      value: "compliant",
      note: rng.pick(texts.metNotes),
      evidence: fill(rng.pick(texts.evidenceTitles)),
    };
  if (standing >= 0.34)
    return {
      controlId: control.id,
      value: "partial",
      note: fill(rng.pick(texts.partialNotes[notes])),
      evidence: rng.chance(0.5) ? fill(rng.pick(texts.evidenceTitles)) : null,
    };
  return {
    controlId: control.id,
    value: "non_compliant",
    note: fill(rng.pick(texts.failedNotes[notes])),
    evidence: null,
  };
}
/**
 * The 72 answers of a site for one system. `gain` (0..0.4) is what a pilot added to its maturity: asked again with a higher
 * gain, no answer gets worse, for the chance of each question stays the same.
 */
export function generateAnswers(
  seed: string,
  site: PlausibleSite,
  system: PlausibleSystem,
  gain = 0,
): PlausibleAnswer[] {
  const rng = createRng(`${seed}/answers/${system.key}`);
  const leaning = new Map(["supervision", "identity", "network", "privacy"].map((d) => [d, rng.near(0, 0.07)]));
  return controls.map((c) => answerOf(c, site, system, (leaning.get(c.dimension) ?? 0) + gain, rng.fork(c.id)));
}
