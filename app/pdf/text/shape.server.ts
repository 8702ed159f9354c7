import { cleanText } from "./clean.ts";
import { type Directions, directionsOf } from "./bidi.ts";
import { type Joined, joinedAt, needsShaping } from "./complex.server.ts";
import { rareFace } from "./rare.server.ts";
import { faceStack, type Face, type FaceGlyph, type Family, type Weight } from "./fonts.server.ts";
import type { Span, TextStyle } from "./style.ts";
import type { PdfLocale } from "../types.ts";

/** A paragraph's characters with their glyphs; parallel arrays, one entry a character (code point). */
export interface Shaped {
  readonly text: string;
  /** Index into `text` of each character. */
  readonly at: readonly number[];
  readonly codePoints: readonly number[];
  readonly faces: readonly Face[];
  readonly gids: readonly number[];
  /** Natural advance in thousandths of the em: what the font file says. */
  readonly natural: readonly number[];
  /** Advance as set, points: with kerning, squeezed punctuation, spacing and tracking. */
  readonly advances: Float64Array;
  readonly styles: readonly TextStyle[];
  /** Words that are shaped as a whole, by the index of their first character, which has the advance of all. */
  readonly joined: ReadonlyMap<number, Joined>;
  /** Their other characters: nothing is set for them, and no line ends before one. */
  readonly inside: ReadonlySet<number>;
  /** Where something runs from the right. */
  readonly directions: Directions | undefined;
}

/** Shown where no face has a character; the character itself still stands in the file's text (GB 18030 uses 〓 likewise). */
const MISSING_MARK = 0x3013;

// Han next to Latin or digits stands a little off (CLREQ 3.2.3). Under a tenth of the em, or readers that extract text see a space.
const HAN_LATIN_GAP = 0.09;
const SHARED_MARKS = new Set([0x2014, 0x2018, 0x2019, 0x201c, 0x201d, 0x2026, 0x00b7]);
const OPENING = new Set([..."“‘（《【〔「『〈〖［｛"].map((c) => c.codePointAt(0) ?? 0));
const CLOSING = new Set([..."”’）》】〕」』〉〗］｝，。、；："].map((c) => c.codePointAt(0) ?? 0));
const DIGIT_ZERO = 0x30;
const EM_DASH = 0x2014;
const TWO_EM_DASH = 0x2e3a;

export function isHan(codePoint: number): boolean {
  return (
    (codePoint >= 0x3400 && codePoint <= 0x9fff) ||
    (codePoint >= 0x20000 && codePoint <= 0x3ffff) ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    codePoint === 0x3007
  );
}

export function isOpening(codePoint: number): boolean {
  return OPENING.has(codePoint);
}

export function isClosing(codePoint: number): boolean {
  return CLOSING.has(codePoint);
}

function isLatinOrDigit(codePoint: number): boolean {
  return (
    (codePoint >= DIGIT_ZERO && codePoint <= 0x39) ||
    (codePoint >= 0x41 && codePoint <= 0x5a) ||
    (codePoint >= 0x61 && codePoint <= 0x7a) ||
    (codePoint >= 0xc0 && codePoint <= 0x24f) ||
    (codePoint >= 0x391 && codePoint <= 0x3c9)
  );
}

/** Reports a character that no face has. */
export type OnMissing = (character: string) => void;

interface Found {
  readonly face: Face;
  readonly glyph: FaceGlyph;
}

function findGlyph(family: Family, weight: Weight, codePoint: number, onMissing: OnMissing): Found {
  const [first, ...others] = faceStack(family, weight);
  const glyph = first.glyph(codePoint);
  if (glyph) return { face: first, glyph };
  for (const other of others) {
    const face = other();
    const found = face.glyph(codePoint);
    if (found) return { face, glyph: found };
  }
  const rare = rareFace(codePoint);
  const rareGlyph = rare?.glyph(codePoint);
  if (rare && rareGlyph) return { face: rare, glyph: rareGlyph };
  onMissing(String.fromCodePoint(codePoint));
  return { face: first, glyph: first.glyph(MISSING_MARK) ?? { gid: 0, advance: 1000 } };
}

class Shaper {
  readonly at: number[] = [];
  readonly codePoints: number[] = [];
  readonly faces: Face[] = [];
  readonly gids: number[] = [];
  readonly natural: number[] = [];
  readonly set: number[] = [];
  readonly styles: TextStyle[] = [];
  readonly joined = new Map<number, Joined>();
  readonly inside = new Set<number>();
  text = "";

  constructor(
    private readonly locale: PdfLocale,
    private readonly onMissing: OnMissing,
  ) {}

  add(span: Span): void {
    const text = cleanText(span.text);
    const word = /[A-Za-z][A-Za-z'.-]*[A-Za-z]/gy;
    const joins = needsShaping(text);
    for (let i = 0; i < text.length; ) {
      const joined = joins ? joinedAt(text, i) : undefined;
      if (joined) {
        this.join(joined, span.style);
        i += joined.text.length;
        continue;
      }
      word.lastIndex = i;
      const latin = word.exec(text)?.[0];
      const glyphs = latin ? faceStack(span.style.family, span.style.weight)[0].word(latin) : undefined;
      if (latin && glyphs) {
        for (let k = 0; k < latin.length; k += 1) this.word(latin, k, glyphs, span.style);
        i += latin.length;
        continue;
      }
      const codePoint = text.codePointAt(i) ?? 0;
      if (codePoint === EM_DASH && text.codePointAt(i + 1) === EM_DASH && this.dash(span.style)) {
        i += 2;
        continue;
      }
      this.single(codePoint, span.style);
      i += codePoint > 0xffff ? 2 : 1;
    }
  }

  private join(joined: Joined, style: TextStyle): void {
    for (const [k, character] of [...joined.text].entries()) {
      if (k === 0) this.joined.set(this.codePoints.length, joined);
      else this.inside.add(this.codePoints.length);
      const advance = k === 0 ? joined.advance : 0;
      const found = { face: joined.face, glyph: { gid: 0, advance } };
      this.push(character.codePointAt(0) ?? 0, found, k === 0 ? style : { ...style, tracking: 0 }, advance);
    }
  }

  private word(latin: string, k: number, glyphs: readonly FaceGlyph[], style: TextStyle): void {
    const glyph = glyphs[k];
    if (!glyph) return;
    const codePoint = latin.charCodeAt(k);
    const face = faceStack(style.family, style.weight)[0];
    this.push(codePoint, { face, glyph }, style, face.glyph(codePoint)?.advance ?? glyph.advance);
  }

  /** The Chinese dash is one stroke of two ems (GB/T 15834, 4.13): two signs in the text, one glyph and an empty one on paper. */
  private dash(style: TextStyle): boolean {
    const [face] = faceStack(style.family, style.weight);
    const long = this.locale === "zh-CN" ? face.glyph(TWO_EM_DASH) : undefined;
    const empty = face.glyph(0x20);
    if (!long || !empty) return false;
    this.push(EM_DASH, { face, glyph: long }, style, long.advance);
    this.push(EM_DASH, { face, glyph: { gid: empty.gid, advance: 0 } }, style, empty.advance);
    return true;
  }

  private single(codePoint: number, style: TextStyle): void {
    if (codePoint === 0x0a) {
      this.push(codePoint, { face: faceStack(style.family, style.weight)[0], glyph: { gid: 0, advance: 0 } }, style, 0);
      return;
    }
    const found = findGlyph(style.family, style.weight, codePoint === 0xa0 ? 0x20 : codePoint, this.onMissing);
    const proportional =
      this.locale === "en" && SHARED_MARKS.has(codePoint) ? found.face.proportional(codePoint) : undefined;
    const glyph = proportional ?? found.glyph;
    this.push(codePoint, { face: found.face, glyph }, style, glyph.advance);
  }

  private push(codePoint: number, found: Found, style: TextStyle, natural: number): void {
    this.at.push(this.text.length);
    this.text += String.fromCodePoint(codePoint);
    this.codePoints.push(codePoint);
    this.faces.push(found.face);
    this.gids.push(found.glyph.gid);
    this.natural.push(natural);
    this.set.push((found.glyph.advance * style.size) / 1000 + style.tracking);
    this.styles.push(style);
  }

  /** Punctuation that meets punctuation gives up its empty half (CLREQ 3.1.6.1); Han and Latin stand a little apart. */
  finish(): Shaped {
    const advances = Float64Array.from(this.set);
    for (let i = 0; i + 1 < advances.length; i += 1) {
      const here = this.codePoints[i] ?? 0;
      const next = this.codePoints[i + 1] ?? 0;
      const size = this.styles[i]?.size ?? 0;
      const wide = (this.natural[i] ?? 0) >= 900;
      const nextWide = (this.natural[i + 1] ?? 0) >= 900;
      if (wide && nextWide && CLOSING.has(here) && (CLOSING.has(next) || OPENING.has(next)))
        advances[i] = (advances[i] ?? 0) - size / 2;
      else if (wide && nextWide && OPENING.has(here) && OPENING.has(next)) advances[i] = (advances[i] ?? 0) - size / 2;
      else if ((isHan(here) && isLatinOrDigit(next)) || (isLatinOrDigit(here) && isHan(next)))
        advances[i] = (advances[i] ?? 0) + size * HAN_LATIN_GAP;
    }
    return {
      text: this.text,
      at: this.at,
      codePoints: this.codePoints,
      faces: this.faces,
      gids: this.gids,
      natural: this.natural,
      advances,
      styles: this.styles,
      joined: this.joined,
      inside: this.inside,
      directions: directionsOf(this.text),
    };
  }
}

/** Shapes a paragraph's spans: fallback faces, kerning of Latin words, squeezed Chinese punctuation. */
export function shape(spans: readonly Span[], locale: PdfLocale, onMissing: OnMissing): Shaped {
  const shaper = new Shaper(locale, onMissing);
  for (const span of spans) shaper.add(span);
  return shaper.finish();
}
