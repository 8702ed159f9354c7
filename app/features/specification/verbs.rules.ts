/**
 * Verb discipline of standards: 应/不应 requirement, 宜/不宜 recommendation, 可/不必 permission, 能/不能 capability (GB/T 1.1-2020
 * annex C); shall, should, may/need not, can in English (ISO/IEC Directives Part 2, clause 7). Never 必须 for 应, 不可 for 不应,
 * 能 for 可. Chinese has no spaces, so words that only contain such a character (应用, 响应, 可信, 功能) are masked first.
 */
import { type Reason, reason } from "#app/domain/reasons.ts";

export type VerbKind = "requirement" | "recommendation" | "permission" | "capability";
export type FoundVerb = { word: string; kind: VerbKind; negative: boolean; index: number; language: "zh" | "en" };
export type WrongWord = {
  word: string;
  instead: string;
  index: number;
  language: "zh" | "en";
  /** Ruled out by the standard itself, not only by style. */
  strict: boolean;
};
export type VerbCheck = {
  found: FoundVerb[];
  wrong: WrongWord[];
  /** Strongest kind of each language; null when it has no verb. */
  zh: VerbKind | null;
  en: VerbKind | null;
  reasons: Reason[];
};
const STRENGTH: readonly VerbKind[] = ["requirement", "recommendation", "permission", "capability"];

const COMPOUNDS = [
  "应用",
  "应急",
  "响应",
  "对应",
  "相应",
  "供应",
  "适应",
  "反应",
  "效应",
  "感应",
  "应答",
  "应对",
  "应变",
  "应力",
  "应聘",
  "适宜",
  "事宜",
  "便宜",
  "权宜",
  "时宜",
  "宜居",
  "可能",
  "许可",
  "认可",
  "可信",
  "可靠",
  "可用",
  "可行",
  "可控",
  "可见",
  "可视",
  "可读",
  "可写",
  "可执行",
  "可验证",
  "可追溯",
  "可追踪",
  "可审计",
  "可恢复",
  "可移植",
  "可扩展",
  "可编程",
  "可替换",
  "可替代",
  "可发现",
  "可防御",
  "可管理",
  "可维护",
  "可逆",
  "可疑",
  "可接受",
  "可观测",
  "可信赖",
  "可穿戴",
  "可再生",
  "不可否认",
  "不可抵赖",
  "不可逆",
  "不可篡改",
  "不可更改",
  "不可用",
  "不可信",
  "不可见",
  "不可抗力",
  "不可分割",
  "不可预测",
  "不可恢复",
  "不可避免",
  "功能",
  "性能",
  "能力",
  "智能",
  "能源",
  "节能",
  "职能",
  "能耗",
  "能量",
  "电能",
  "效能",
  "技能",
  "机能",
  "能效",
  "储能",
  "热能",
  "动能",
  "能级",
  "赋能",
  "使能",
].sort((a, b) => b.length - a.length);
const compoundPattern = new RegExp(`${COMPOUNDS.join("|")}|不?可\\p{Script=Han}{1,2}(?:性|的)`, "gu");
const mask = (text: string) => text.replaceAll(compoundPattern, (word) => "□".repeat(word.length));

type Entry = { word: string; kind: VerbKind; negative: boolean; instead?: string; strict?: boolean };
const entry = (word: string, kind: VerbKind, negative: boolean, instead?: string, strict = false): Entry => ({
  word,
  kind,
  negative,
  strict,
  ...(instead ? { instead } : {}),
});
/** Longest first, so that 不应 is not read as 应 and 必须 not as 须. */
const CHINESE: readonly Entry[] = [
  entry("必须", "requirement", false, "应", true),
  entry("不可", "requirement", true, "不应", true),
  entry("不得", "requirement", true, "不应"),
  entry("不准", "requirement", true, "不应"),
  entry("严禁", "requirement", true, "不应"),
  entry("禁止", "requirement", true, "不应"),
  entry("务必", "requirement", false, "应"),
  entry("应当", "requirement", false, "应"),
  entry("应该", "requirement", false, "应"),
  entry("不应", "requirement", true),
  entry("应", "requirement", false),
  entry("须", "requirement", false, "应"),
  entry("不宜", "recommendation", true),
  entry("宜", "recommendation", false),
  entry("建议", "recommendation", false, "宜"),
  entry("不必", "permission", true),
  entry("无须", "permission", true, "不必"),
  entry("无需", "permission", true, "不必"),
  entry("可以", "permission", false, "可"),
  entry("可", "permission", false),
  entry("不能", "capability", true),
  entry("能够", "capability", false, "能"),
  entry("能", "capability", false),
].sort((a, b) => b.word.length - a.word.length);
const ENGLISH: readonly Entry[] = [
  entry("shall not", "requirement", true),
  entry("shall", "requirement", false),
  entry("must not", "requirement", true, "shall not", true),
  entry("must", "requirement", false, "shall", true),
  entry("should not", "recommendation", true),
  entry("should", "recommendation", false),
  entry("may not", "requirement", true, "shall not", true),
  entry("may", "permission", false),
  entry("need not", "permission", true),
  entry("cannot", "capability", true),
  entry("can not", "capability", true, "cannot"),
  entry("can", "capability", false),
];
const chinesePattern = new RegExp(CHINESE.map((e) => e.word).join("|"), "gu");
/** Case matters: «May» is a month. */
const englishPattern = new RegExp(
  `\\b(?:${[...ENGLISH]
    .sort((a, b) => b.word.length - a.word.length)
    .map((e) => e.word)
    .join("|")})\\b`,
  "g",
);
/** A person or body that «can choose» is being permitted something: 可, not 能. */
const permissionMeant =
  /(?:单位|机构|部门|人员|用户|企业|厂商|管理员|供应商|运营方|组织)[^，。；,;]{0,4}(能)(?:够)?(?:自行|自主|选择|选用|采用|使用|申请|委托|另行|免)/gu;

function scan(text: string, language: "zh" | "en"): { found: FoundVerb[]; wrong: WrongWord[] } {
  const [pattern, entries] = language === "zh" ? [chinesePattern, CHINESE] : [englishPattern, ENGLISH];
  const found: FoundVerb[] = [];
  const wrong: WrongWord[] = [];
  for (const match of (language === "zh" ? mask(text) : text).matchAll(pattern)) {
    const hit = entries.find((e) => e.word === match[0]);
    if (!hit) continue;
    found.push({ word: hit.word, kind: hit.kind, negative: hit.negative, index: match.index, language });
    if (hit.instead)
      wrong.push({ word: hit.word, instead: hit.instead, index: match.index, language, strict: hit.strict ?? false });
  }
  if (language === "zh")
    for (const match of mask(text).matchAll(permissionMeant))
      wrong.push({
        word: "能",
        instead: "可",
        index: match.index + match[0].lastIndexOf("能"),
        language,
        strict: true,
      });
  return { found, wrong };
}
const strongest = (found: readonly FoundVerb[]): VerbKind | null =>
  STRENGTH.find((k) => found.some((f) => f.kind === k)) ?? null;
/** Sentences of a text with where they begin. */
function sentences(text: string): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = [];
  let from = 0;
  for (const match of text.matchAll(/[。；！？;!?\n]|\.(?=\s|$)/gu)) {
    parts.push({ from, to: match.index });
    from = match.index + 1;
  }
  return from < text.length ? [...parts, { from, to: text.length }] : parts;
}
const mixedSentences = (text: string, found: readonly FoundVerb[]) =>
  sentences(text).filter(
    ({ from, to }) => new Set(found.filter((f) => f.index >= from && f.index < to).map((f) => f.kind)).size > 1,
  ).length;

/**
 * Checks one clause. `normative: false` for scope, terms, forewords and informative annexes, where no verb is needed.
 * A missing verb and a word that the standard rules out block; style, mixtures and a disagreement of the languages warn.
 */
export function checkVerbs(clause: {
  id: string;
  textZh: string;
  textEn?: string;
  normative?: boolean;
  declared?: VerbKind | "none" | null;
}): VerbCheck {
  const english = clause.textEn ?? "";
  const zh = scan(clause.textZh, "zh");
  const en = scan(english, "en");
  const wrong = [...zh.wrong, ...en.wrong];
  const [kindZh, kindEn] = [strongest(zh.found), strongest(en.found)];
  const ref = [{ kind: "clause" as const, id: clause.id }];
  const normative = clause.normative ?? true;
  const mixed = mixedSentences(clause.textZh, zh.found) + mixedSentences(english, en.found);
  const declared = clause.declared === "none" ? null : (clause.declared ?? null);
  const kind = kindZh ?? kindEn;
  const reasons = [
    ...(normative && kindZh === null ? [reason("blocking", "rule_specification_verb_missing", {}, ref)] : []),
    ...(normative && english.trim() !== "" && kindEn === null
      ? [reason("warning", "rule_specification_verb_missing_en", {}, ref)]
      : []),
    ...wrong.map((w) =>
      reason(
        w.strict ? "blocking" : "warning",
        "rule_specification_word_wrong",
        { word: w.word, instead: w.instead },
        ref,
      ),
    ),
    ...(mixed > 0 ? [reason("warning", "rule_specification_verbs_mixed", { count: mixed }, ref)] : []),
    ...(kindZh !== null && kindEn !== null && kindZh !== kindEn
      ? [reason("warning", "rule_specification_languages_differ", { verb: kindZh, verbEn: kindEn }, ref)]
      : []),
    ...(declared !== null && kind !== null && declared !== kind
      ? [reason("warning", "rule_specification_declared_differs", { verb: declared, found: kind }, ref)]
      : []),
  ];
  return { found: [...zh.found, ...en.found], wrong, zh: kindZh, en: kindEn, reasons };
}
/** Kind for the stored field: what the Chinese text says, `none` without a verb. */
export const verbOf = (textZh: string): VerbKind | "none" => strongest(scan(textZh, "zh").found) ?? "none";
