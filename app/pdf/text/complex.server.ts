import { Blob, Buffer as ShapeBuffer, Face as ShapeFace, Font as ShapeFont, shape } from "harfbuzzjs";
import { faceBytes, openFace, type Face } from "./fonts.server.ts";

/*
 * Scripts whose letters join, stack or run from the right: HarfBuzz chooses and places their glyphs. A word is shaped as a
 * whole and is never broken inside.
 */

interface Script {
  /** One word: letters with their marks. Tibetan may break after its syllable mark. */
  readonly word: RegExp;
  readonly rtl: boolean;
  /** Key of the face that has it. */
  readonly face: string;
}

/** What is longer than these 24 signs is cut into pieces: a column is narrower. */
const SCRIPTS: readonly Script[] = [
  // Digits of the script run from the left like any others.
  {
    word: /(?:(?!\p{Nd})\p{Script=Arabic})(?:(?!\p{Nd})[\p{Script=Arabic}\p{M}]){0,23}/uy,
    rtl: true,
    face: "arabic-400",
  },
  {
    word: /(?:(?![\u0f0b\u0f0d\u0f0e])\p{Script=Tibetan}){1,24}[\u0f0b\u0f0d\u0f0e]{0,3}/uy,
    rtl: false,
    face: "tibetan-400",
  },
  {
    word: /\p{Script=Mongolian}[\p{Script=Mongolian}\u180b-\u180f\u202f]{0,23}/uy,
    rtl: false,
    face: "mongolian-400",
  },
];
const ANY = /[\p{Script=Arabic}\p{Script=Tibetan}\p{Script=Mongolian}]/u;

export interface PlacedGlyph {
  readonly gid: number;
  /** The characters that it stands for, in reading order; none for a mark that belongs to the glyph before. */
  readonly codePoints: readonly number[];
  /** All in thousandths of the em. */
  readonly advance: number;
  readonly dx: number;
  readonly dy: number;
}
/** A shaped word. Glyphs stand from left to right, whichever way it is read. */
export interface Joined {
  readonly text: string;
  readonly face: Face;
  readonly rtl: boolean;
  readonly glyphs: readonly PlacedGlyph[];
  readonly advance: number;
}

const shapers = new Map<string, { font: ShapeFont; unit: number }>();
function shaperOf(key: string): { font: ShapeFont; unit: number } {
  const known = shapers.get(key);
  if (known) return known;
  const face = new ShapeFace(new Blob(Uint8Array.from(faceBytes(key)).buffer));
  const made = { font: new ShapeFont(face), unit: 1000 / face.upem };
  shapers.set(key, made);
  return made;
}

function shapeWord(text: string, script: Script): Joined | undefined {
  const face = openFace(script.face);
  const { font, unit } = shaperOf(script.face);
  const buffer = new ShapeBuffer();
  buffer.addText(text);
  buffer.guessSegmentProperties();
  shape(font, buffer);
  const [infos, positions] = [buffer.getGlyphInfos(), buffer.getGlyphPositions()];
  // No such sign in the font: each character is looked for by itself, and told where no font has it.
  if (infos.some((info) => info.codepoint === 0)) return undefined;
  const starts = [...new Set(infos.map((info) => info.cluster))].sort((a, b) => a - b);
  const textOf = (cluster: number): number[] =>
    Array.from(
      text.slice(cluster, starts[starts.indexOf(cluster) + 1] ?? text.length),
      (character) => character.codePointAt(0) ?? 0,
    );
  // The widest glyph of a cluster carries its text, marks beside it none.
  const bearer = new Map<number, number>();
  for (const [i, { cluster }] of infos.entries()) {
    const best = bearer.get(cluster);
    if (best === undefined || (positions[i]?.xAdvance ?? 0) > (positions[best]?.xAdvance ?? 0)) bearer.set(cluster, i);
  }
  const glyphs = infos.map(({ codepoint, cluster }, i): PlacedGlyph => {
    const at = positions[i];
    return {
      gid: codepoint,
      codePoints: bearer.get(cluster) === i ? textOf(cluster) : [],
      advance: (at?.xAdvance ?? 0) * unit,
      dx: (at?.xOffset ?? 0) * unit,
      dy: (at?.yOffset ?? 0) * unit,
    };
  });
  return { text, face, rtl: script.rtl, glyphs, advance: glyphs.reduce((sum, glyph) => sum + glyph.advance, 0) };
}

const MOST = 5_000;
const words = new Map<string, Joined | undefined>();

/** Whether a text has anything that must be shaped: most have not. */
export const needsShaping = (text: string): boolean => ANY.test(text);

/** The word of such a script that begins at `at`; undefined where none does, or where its font lacks a sign of it. */
export function joinedAt(text: string, at: number): Joined | undefined {
  for (const script of SCRIPTS) {
    script.word.lastIndex = at;
    const word = script.word.exec(text)?.[0];
    if (word === undefined) continue;
    const known = words.get(word);
    if (known || words.has(word)) return known;
    if (words.size > MOST) words.clear();
    const made = shapeWord(word, script);
    words.set(word, made);
    return made;
  }
  return undefined;
}
