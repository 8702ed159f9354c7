import bidiFactory from "bidi-js";

/*
 * Which way text runs (UAX #9, package bidi-js). Our paragraphs run from the left; an Uyghur word, or several of them, run from
 * the right inside one.
 */

const bidi = bidiFactory();
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

export interface Directions {
  /** Indices into the text, from left to right, of code units `from` to `to` (excluded) as one line. */
  order(from: number, to: number): number[];
  /** The sign that stands for the one at an index: brackets turn round where text runs from the right. */
  mirrored(at: number): string | undefined;
}

/** Undefined where everything runs from the left, as nearly always. */
export function directionsOf(text: string): Directions | undefined {
  if (!RTL.test(text)) return undefined;
  const levels = bidi.getEmbeddingLevels(text, "ltr");
  return {
    order(from, to) {
      const indices = Array.from({ length: to - from }, (_, i) => from + i);
      for (const [start = 0, end = 0] of bidi.getReorderSegments(text, levels, from, to - 1)) {
        const turned = indices.slice(start - from, end - from + 1).toReversed();
        indices.splice(start - from, turned.length, ...turned);
      }
      return indices;
    },
    mirrored: (at) =>
      (levels.levels[at] ?? 0) % 2 === 1 ? (bidi.getMirroredCharacter(text[at] ?? "") ?? undefined) : undefined,
  };
}
