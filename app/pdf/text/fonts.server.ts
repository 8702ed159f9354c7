import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { create, openSync, type Font } from "fontkit";

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

// Fonts come whole from npm packages (Noto, Nanum: SIL OFL), so a document never depends on what the machine has installed.
const FILES: Readonly<Record<string, string>> = {
  "sans-400": "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
  "sans-700": "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
  "serif-400": "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
  "serif-700": "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
  "emoji-400": "@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
  "arabic-400": "@expo-google-fonts/noto-naskh-arabic/400Regular/NotoNaskhArabic_400Regular.ttf",
  "tibetan-400": "@expo-google-fonts/noto-serif-tibetan/400Regular/NotoSerifTibetan_400Regular.ttf",
  "yi-400": "@expo-google-fonts/noto-sans-yi/400Regular/NotoSansYi_400Regular.ttf",
  "hangul-400": "@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf",
  "mongolian-400": "@expo-google-fonts/noto-sans-mongolian/400Regular/NotoSansMongolian_400Regular.ttf",
};

/** Where the Chinese faces lack a sign. */
const SINGLE_SCRIPTS = ["emoji-400", "arabic-400", "tibetan-400", "mongolian-400", "yi-400", "hangul-400"];
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

function keep(key: string, font: ReturnType<typeof create>): Face {
  if (!("layout" in font)) throw new Error(`${key} is a collection, not a font`);
  const face = makeFace(key, font);
  faces.set(key, face);
  return face;
}

// Resolved from this module, which lies above node_modules both as source and inside the build.
const fileOf = (key: string): string => createRequire(import.meta.url).resolve(FILES[key] ?? key);

/** The face of one of our files, by its key. @throws for a key that has none */
export const openFace = (key: string): Face => faces.get(key) ?? keep(key, openSync(fileOf(key)));

/** The bytes of one of our files, for a shaper of its own. */
export const faceBytes = (key: string): Uint8Array => readFileSync(fileOf(key));

/** Keeps a face under a key, from the bytes of a font that is not packed. */
export const addFace = (key: string, bytes: Uint8Array): Face => keep(key, create(Buffer.from(bytes)));
/** A face that `addFace` kept. */
export const addedFace = (key: string): Face | undefined => faces.get(key);

/** Faces to try for a character, in order: the asked one, the other Chinese family, emoji, then those of single scripts. */
export function faceStack(family: Family, weight: Weight): readonly [Face, ...(() => Face)[]] {
  const other: Family = family === "sans" ? "serif" : "sans";
  const later = [`${other}-${weight}`, ...SINGLE_SCRIPTS];
  return [openFace(`${family}-${weight}`), ...later.map((key) => () => openFace(key))];
}
