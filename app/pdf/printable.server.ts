import { cleanText } from "./text/clean.ts";
import { faceStack } from "./text/fonts.server.ts";
import { hasRare } from "./text/rare.server.ts";

/* What our fonts can print, asked before anything is set: fonts are opened only for text that is out of the ordinary. */

/** Of these one Chinese face or the other has every sign. */
const USUAL =
  /^[\s\u0021-\u007e\u00a1-\u00ac\u00ae-\u00ff\u2014\u2018\u2019\u201c\u201d\u2026\u3001-\u303f\u3041-\u3096\u3400-\u4dbf\u4e00-\u9fa5\uff01-\uff5e]*$/;

const known = new Map<number, boolean>();
function prints(codePoint: number): boolean {
  const before = known.get(codePoint);
  if (before !== undefined) return before;
  const [first, ...others] = faceStack("serif", 400);
  const found =
    first.glyph(codePoint) !== undefined ||
    others.some((face) => face().glyph(codePoint) !== undefined) ||
    hasRare(codePoint);
  known.set(codePoint, found);
  return found;
}

/** Characters of a text that would be printed as 〓, each once, in the order of the text. */
export function unprintable(text: string): string[] {
  if (USUAL.test(text)) return [];
  const shown = new Set([...cleanText(text)].filter((c) => c !== "\n"));
  return [...shown].filter((character) => !prints(character.codePointAt(0) ?? 0));
}
