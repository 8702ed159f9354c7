import LineBreaker from "linebreak";

/**
 * Where a line may end. The base is the Unicode line breaking algorithm (UAX #14, package `linebreak`), tailored to
 * Chinese setting: the marks that GB/T 15834 and CLREQ forbid at a line's start or end, quotation marks that take a
 * side, and identifiers such as «GB/T 22239» that stay whole. No hyphen is ever added: a break is a position only.
 */
export const BREAK_NONE = 0;
export const BREAK_ALLOWED = 1;
export const BREAK_MANDATORY = 2;

/** Marks that may not begin a line: closing brackets and quotes, stops, joiners, percent and degree signs. */
export const FORBIDDEN_START = new Set("，。、；：？！”’）》】〕」』〉〗］｝·…—～％‰℃°‐–,.;:?!)]}%»›・ー々〻/／");
/** Marks that may not end a line: opening brackets and quotes, currency and number signs. */
export const FORBIDDEN_END = new Set("“‘（《【〔「『〈〖［｛([{￥¥＄$#＃№«‹/／");

/** A run without a break longer than this (a digest, an address) may be cut anywhere, before it leaves its column. */
const LONGEST_WHOLE = 28;

/** UAX #14 gives curly quotes no side (class QU); as corner brackets they have one, at the same string length. */
const SIDED: Readonly<Record<string, string>> = { "“": "「", "”": "」", "‘": "『", "’": "』" };
const SIDED_RE = /[“”‘’]/g;
const HAN_OR_WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]/;

/** «GB/T 22239», «ISO/IEC 27001», «RFC 9457», «第 12 页»: a space inside such a name is no place to end a line. */
const WHOLE_NAME = /\b(?:GB|GB\/T|GB\/Z|YD\/T|GA\/T|ISO|IEC|ISO\/IEC|EN|ETSI|NIST|SP|RFC|IEEE|TLS|v|No\.) (?=[\dA-Z])/g;

function sided(text: string): string {
  // An apostrophe inside a Latin word stays an apostrophe.
  return text.replace(SIDED_RE, (mark, at: number) => {
    if (mark === "’" && /[A-Za-z]/.test(text[at - 1] ?? "") && /[A-Za-z]/.test(text[at + 1] ?? "")) return mark;
    return SIDED[mark] ?? mark;
  });
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}

function forbidden(text: string, at: number): boolean {
  const before = text[at - 1] ?? "";
  const after = text[at] ?? "";
  if (isLowSurrogate(text, at)) return true;
  return FORBIDDEN_START.has(after) || FORBIDDEN_END.has(before);
}

/** Han text breaks between any two characters; UAX #14 holds back beside letters of class QU or AL that touch it. */
function hanBoundary(text: string, at: number): boolean {
  const before = text[at - 1] ?? "";
  const after = text[at] ?? "";
  if (before === " " || after === " " || before === "\u00a0" || after === "\u00a0") return false;
  return HAN_OR_WIDE.test(before) !== HAN_OR_WIDE.test(after) && !/[\u2000-\u206f]/.test(before + after);
}

function openLongRuns(text: string, breaks: Uint8Array): void {
  let start = 0;
  for (let at = 1; at <= text.length; at += 1) {
    const ends = at === text.length || (breaks[at] ?? 0) !== BREAK_NONE || text[at] === " ";
    if (!ends) continue;
    if (at - start > LONGEST_WHOLE) {
      for (let cut = start + 4; cut < at - 3; cut += 1) if (!forbidden(text, cut)) breaks[cut] = BREAK_ALLOWED;
    }
    start = text[at] === " " ? at + 1 : at;
  }
}

/**
 * Break classes of each position: entry `i` tells what may happen between code units `i-1` and `i`.
 * The array has `text.length + 1` entries; the first and last are BREAK_NONE.
 */
export function breakOpportunities(text: string): Uint8Array {
  const breaks = new Uint8Array(text.length + 1);
  if (text.length < 2) return breaks;
  const breaker = new LineBreaker(sided(text));
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) {
    if (next.position >= text.length) break;
    const mandatory = next.required && text[next.position - 1] === "\n";
    if (mandatory) breaks[next.position] = BREAK_MANDATORY;
    else if (!forbidden(text, next.position)) breaks[next.position] = BREAK_ALLOWED;
  }
  for (let at = 1; at < text.length; at += 1) {
    if (breaks[at] === BREAK_NONE && hanBoundary(text, at) && !forbidden(text, at)) breaks[at] = BREAK_ALLOWED;
  }
  for (const name of text.matchAll(WHOLE_NAME)) breaks[name.index + name[0].length] = BREAK_NONE;
  openLongRuns(text, breaks);
  return breaks;
}
