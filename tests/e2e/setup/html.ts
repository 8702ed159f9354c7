import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locale } from "./person.ts";

const root = new URL("../../..", import.meta.url).pathname;

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
export const decode = (text: string): string =>
  text.replace(
    /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex: string | undefined, dec: string | undefined, name: string | undefined) =>
      hex
        ? String.fromCodePoint(parseInt(hex, 16))
        : dec
          ? String.fromCodePoint(Number(dec))
          : (named[name ?? ""] ?? whole),
  );

interface Told {
  text: string;
  /** Language of the nearest element that names one: a Chinese term on an English page says so of itself. */
  lang: string;
}
const hollow = new Set([
  "area",
  "base",
  "br",
  "col",
  "embed",
  "hr",
  "img",
  "input",
  "link",
  "meta",
  "source",
  "track",
  "wbr",
]);
const pieces = /<!--[\s\S]*?-->|<(\/?)([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>|[^<]+/gi;
const spoken = /\s(?:aria-label|title|placeholder|alt|aria-description)="([^"]*)"/g;

/** What a reader is told: text nodes, and the attributes that are read out or shown. Scripts and styles are left out. */
function told(html: string): Told[] {
  const found: Told[] = [];
  const stack: { name: string; lang: string }[] = [];
  const say = (text: string, lang: string) => {
    const clean = decode(text).trim();
    if (clean !== "") found.push({ text: clean, lang });
  };
  for (const [piece, closing, name, rest = ""] of html
    .replace(/<(script|style|template)\b[^>]*>[\s\S]*?<\/\1>/gi, "")
    .matchAll(pieces)) {
    const lang = stack.at(-1)?.lang ?? "";
    if (piece.startsWith("<!--")) continue;
    if (name === undefined) say(piece, lang);
    else if (closing) {
      const at = stack.findLastIndex((open) => open.name === name);
      if (at >= 0) stack.length = at;
    } else {
      const own = /\slang="([^"]+)"/.exec(rest)?.[1] ?? lang;
      for (const [, text = ""] of rest.matchAll(spoken)) say(text, own);
      if (!hollow.has(name.toLowerCase()) && !rest.endsWith("/")) stack.push({ name, lang: own });
    }
  }
  return found;
}
const textsOf = (html: string): string[] => told(html).map(({ text }) => text);

export const visibleText = (html: string): string => textsOf(html).join(" ");
export const titleOf = (html: string): string => decode(/<title>([^<]*)<\/title>/.exec(html)?.[1] ?? "");

/**
 * What a page is built of: every element with its classes, under the one that holds it. Two pages of the same build differ in
 * words and numbers alone.
 */
export function buildOf(html: string): Set<string> {
  const found = new Set<string>();
  const stack: string[] = [];
  const body = html.replace(/<(script|style|template)\b[^>]*>[\s\S]*?<\/\1>/gi, "");
  for (const [piece, closing, name, rest = ""] of body.matchAll(pieces)) {
    if (name === undefined || piece.startsWith("<!--")) continue;
    if (closing) {
      const at = stack.findLastIndex((open) => open.startsWith(`${name}.`));
      if (at >= 0) stack.length = at;
      continue;
    }
    const own = `${name}.${/\sclass="([^"]*)"/.exec(rest)?.[1] ?? ""}`;
    found.add(`${stack.at(-1) ?? ""}>${own}`);
    if (!hollow.has(name.toLowerCase()) && !rest.endsWith("/")) stack.push(own);
  }
  return found;
}

/** What a form on the page sends unseen. */
export const hidden = (html: string, name: string): string =>
  decode(new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html)?.[1] ?? "");
/** What the page says went wrong. */
export const alerts = (html: string): string =>
  [...html.matchAll(/role="(?:alert|status)"[^>]*>([\s\S]{0,800})/g)]
    .map((found) => visibleText(found[1] ?? ""))
    .join(" | ");

/** Every address of this origin that a page links to. */
export function linksOf(html: string): string[] {
  return [...html.matchAll(/\s(?:href|action)="(\/[^"]*)"/g)].map((found) => decode(found[1] ?? ""));
}

/** The first link that fits, with what its first group found. */
export function findLink(html: string, pattern: RegExp): string | null {
  return linksOf(html).find((link) => pattern.test(link)) ?? null;
}

function messagesOf(locale: Locale): Map<string, string> {
  const folder = join(root, "app/i18n/messages", locale);
  const found = new Map<string, string>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
    const entries = Object.entries(JSON.parse(readFileSync(join(folder, name), "utf8")) as Record<string, unknown>);
    for (const [key, value] of entries) if (typeof value === "string" && !key.startsWith("$")) found.set(key, value);
  }
  return found;
}

interface Words {
  keys: Set<string>;
  /** Chinese interface texts without parameters that English has other words for. */
  plain: Map<string, string>;
  /** The same with parameters, as patterns. */
  patterns: { key: string; probe: string; pattern: RegExp }[];
}
let words: Words | undefined;
const han = /\p{Script=Han}/u;

function theWords(): Words {
  if (words) return words;
  const [zh, en] = [messagesOf("zh-CN"), messagesOf("en")];
  const plain = new Map<string, string>();
  const patterns: Words["patterns"] = [];
  for (const [key, value] of zh) {
    if (!han.test(value) || en.get(key) === value) continue;
    const pieces = value.split(/\{\w+\}/);
    if (pieces.length === 1) plain.set(value.trim(), key);
    else {
      const probe = pieces.toSorted((a, b) => b.length - a.length)[0] ?? "";
      // Shorter ones would also fit what people have written themselves.
      if ((pieces.join("").match(/\p{Script=Han}/gu) ?? []).length >= 4)
        patterns.push({
          key,
          probe,
          pattern: new RegExp(
            `^${pieces.map((p) => p.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[\\s\\S]{1,60}?")}$`,
            "u",
          ),
        });
    }
  }
  words = { keys: new Set(zh.keys()), plain, patterns };
  return words;
}

/** Titles that a document got when it was made, in the language of who made it: what people wrote, not the interface. */
const storedTitle = /_document$|_title_of$/;

/** Names and units in people's data that are words of the interface elsewhere. */
const data = new Set(["国家办公室", "平台运营", "天", "次", "项", "个"]);

/** Interface texts in Chinese on an English page, each with the key of its message. What people wrote may be Chinese. */
export function untranslated(html: string): string[] {
  const { plain, patterns } = theWords();
  const found = new Set<string>();
  for (const { text, lang } of told(html)) {
    if (!han.test(text) || lang.startsWith("zh") || data.has(text)) continue;
    const key = plain.get(text) ?? patterns.find((p) => text.includes(p.probe) && p.pattern.test(text))?.key;
    if (key && !storedTitle.test(key)) found.add(`${text.slice(0, 60)} (${key})`);
  }
  return [...found];
}

/** Message keys and traces of code that should never reach a reader. */
export function leftovers(html: string): string[] {
  const { keys } = theWords();
  const found = new Set<string>();
  // React 18 leaves zero bytes where a Han character did not fit into its buffer; a browser shows them as «�».
  for (const [broken] of html.matchAll(/[^<>]{0,20}[\0\uFFFD]+[^<>]{0,20}/g)) found.add(`broken character: ${broken}`);
  for (const text of textsOf(html)) {
    if (/\bundefined\b|\[object |\bNaN\b|Invalid Date/.test(text)) found.add(text.slice(0, 80));
    for (const [word] of text.matchAll(/\b[a-z]+(?:_[a-z0-9]+)+\b/gi))
      if (keys.has(word) || /^(error|rule_word|reason|state|event)_/.test(word)) found.add(word);
    if (/^\{\w+\}$|\{(?:count|name|day|total|max)\}/.test(text)) found.add(text.slice(0, 80));
  }
  return [...found];
}
