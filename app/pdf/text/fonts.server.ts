import { createRequire } from "node:module";
import { openSync, type Font } from "fontkit";

/** Families a document may name. The emoji face is never named: it is where signs outside the Chinese fonts are found. */
export type Family = "sans" | "serif";
export type Weight = 400 | 700;

export interface FaceGlyph {
  readonly gid: number;
  /** Advance in thousandths of the em. */
  readonly advance: number;
}

/** One font file, with the little that setting type needs cached by code point and by word. */
export interface Face {
  readonly key: string;
  readonly font: Font;
  glyph(codePoint: number): FaceGlyph | undefined;
  /** Glyphs of a Latin word with kerning, one for each character; undefined when the font forms ligatures. */
  word(text: string): readonly FaceGlyph[] | undefined;
  /** The proportional form of a mark that is full width in Chinese (“ ” — …), for English text. */
  proportional(codePoint: number): FaceGlyph | undefined;
}

// Fonts come whole from npm packages (Noto, SIL OFL), so a document never depends on what the machine has installed.
const FILES: Readonly<Record<string, string>> = {
  "sans-400": "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
  "sans-700": "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
  "serif-400": "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
  "serif-700": "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
  "emoji-400": "@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
};

const MAX_WORDS = 20_000;
const faces = new Map<string, Face>();

// Ligatures off: one glyph a character keeps text, glyphs and what a reader copies in step.
const WORD_FEATURES = { liga: false, dlig: false, clig: false, calt: false, kern: true };

function makeFace(key: string, font: Font): Face {
  const unit = 1000 / font.unitsPerEm;
  const glyphs = new Map<number, FaceGlyph | undefined>();
  const wide = new Map<number, FaceGlyph | undefined>();
  const words = new Map<string, readonly FaceGlyph[] | undefined>();
  const find = (codePoint: number): FaceGlyph | undefined => {
    if (!font.hasGlyphForCodePoint(codePoint)) return undefined;
    const glyph = font.glyphForCodePoint(codePoint);
    return { gid: glyph.id, advance: glyph.advanceWidth * unit };
  };
  const shape = (text: string, features: Record<string, boolean>): readonly FaceGlyph[] | undefined => {
    const run = font.layout(text, features);
    if (run.glyphs.length !== text.length) return undefined;
    return run.glyphs.map((glyph, i) => ({
      gid: glyph.id,
      advance: (run.positions[i]?.xAdvance ?? glyph.advanceWidth) * unit,
    }));
  };
  const remember = <K, V>(map: Map<K, V>, at: K, make: () => V): V => {
    const known = map.get(at);
    if (known !== undefined || map.has(at)) return known as V;
    if (map.size > MAX_WORDS) map.clear();
    const made = make();
    map.set(at, made);
    return made;
  };
  return {
    key,
    font,
    glyph: (codePoint) => remember(glyphs, codePoint, () => find(codePoint)),
    word: (text) => remember(words, text, () => shape(text, WORD_FEATURES)),
    proportional: (codePoint) =>
      remember(wide, codePoint, () => shape(String.fromCodePoint(codePoint), { pwid: true })?.[0] ?? find(codePoint)),
  };
}

function open(key: string): Face {
  const known = faces.get(key);
  if (known) return known;
  const file = FILES[key];
  if (!file) throw new Error(`No font file for ${key}`);
  // Resolved from this module, which lies above node_modules both as source and inside the build.
  const font = openSync(createRequire(import.meta.url).resolve(file));
  if (!("layout" in font)) throw new Error(`${file} is a collection, not a font`);
  const face = makeFace(key, font);
  faces.set(key, face);
  return face;
}

/** Faces to try for a character, in order: the asked one, the other Chinese family, the emoji face. */
export function faceStack(family: Family, weight: Weight): readonly [Face, ...(() => Face)[]] {
  const other: Family = family === "sans" ? "serif" : "sans";
  return [open(`${family}-${weight}`), () => open(`${other}-${weight}`), () => open("emoji-400")];
}
