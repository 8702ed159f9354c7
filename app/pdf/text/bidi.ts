import bidiFactory from "bidi-js";

/*
 * Which way text runs (UAX #9, package bidi-js). Our paragraphs run from the left; an Uyghur word, or several of them, run from
 * the right inside one.
 */

const bidi = bidiFactory();
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

interface Paragraph {
  start: number;
  text: string;
  /** Asked once: a line or a character must not cost as much as its paragraph. */
  rtl: boolean;
  levels: ReturnType<typeof bidi.getEmbeddingLevels> | undefined;
}
export interface Directions {
  /** Indices into the text, from left to right, of code units `from` to `to` (excluded) as one line. */
  order(from: number, to: number): number[];
  /** The sign that stands for the one at an index: brackets turn round where text runs from the right. */
  mirrored(at: number): string | undefined;
}

/** Undefined where everything runs from the left, as nearly always. */
export function directionsOf(text: string): Directions | undefined {
  if (!RTL.test(text)) return undefined;
  // Each line that somebody typed is a paragraph of its own, so that the cost of a line does not grow with the text.
  const paragraphs: Paragraph[] = [];
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf("\n", start);
    const own = text.slice(start, end < 0 ? text.length : end);
    paragraphs.push({ start, text: own, rtl: RTL.test(own), levels: undefined });
    start += own.length + 1;
  }
  const at = (place: number): Paragraph => {
    let [low, high] = [0, paragraphs.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((paragraphs[middle]?.start ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return paragraphs[low] ?? { start: 0, text, rtl: true, levels: undefined };
  };
  const levelsOf = (p: Paragraph) => (p.levels ??= bidi.getEmbeddingLevels(p.text, "ltr"));
  return {
    order(from, to) {
      const indices = Array.from({ length: to - from }, (_, i) => from + i);
      const p = at(from);
      if (!p.rtl) return indices;
      const last = Math.min(to, p.start + p.text.length) - 1 - p.start;
      if (last < from - p.start) return indices;
      for (const [start = 0, end = 0] of bidi.getReorderSegments(p.text, levelsOf(p), from - p.start, last)) {
        const first = start + p.start - from;
        const turned = indices.slice(first, end + p.start - from + 1).toReversed();
        indices.splice(first, turned.length, ...turned);
      }
      return indices;
    },
    mirrored(place) {
      const p = at(place);
      const own = place - p.start;
      if (!p.rtl || (levelsOf(p).levels[own] ?? 0) % 2 === 0) return undefined;
      return bidi.getMirroredCharacter(p.text[own] ?? "") ?? undefined;
    },
  };
}
