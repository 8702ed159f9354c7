import type { Font } from "fontkit";
import type { PlacedGlyph } from "../text/complex.server.ts";
import type { Face } from "../text/fonts.server.ts";

/** The part of pdfkit's embedded font that this module fills itself (pdfkit 0.20, `lib/font/embedded.js`). */
interface EmbeddedFont {
  readonly id: string;
  readonly subset: { readonly glyphs: number[] };
  readonly widths: number[];
  readonly unicode: number[][];
  ref(): unknown;
}

/** The part of a pdfkit document that holds fonts. */
export interface FontHost {
  font(source: Font): unknown;
  _font: EmbeddedFont;
}

interface Entry {
  readonly embedded: EmbeddedFont;
  readonly codes: Map<number | string, string>;
}
function enter(
  { embedded, codes }: Entry,
  key: number | string,
  glyph: { gid: number; advance: number; text: number[] },
): string {
  const index = embedded.subset.glyphs.push(glyph.gid) - 1;
  embedded.widths[index] = glyph.advance;
  embedded.unicode[index] = glyph.text;
  const code = index.toString(16).padStart(4, "0");
  codes.set(key, code);
  return code;
}

/** Beyond the glyph ids of any font: joins glyph and character in one map key. */
const CHARACTERS = 0x110000;

/**
 * Subsets of the faces a document uses. A code stands for a glyph *and* its character: a glyph that two characters share
 * (or 〓, set for one that no font has) is entered once for each, so that copied and searched text is always the text.
 */
export class EmbeddedFonts {
  private readonly entries = new Map<Face, Entry>();

  constructor(private readonly host: FontHost) {}

  private entry(face: Face): Entry {
    const known = this.entries.get(face);
    if (known) return known;
    this.host.font(face.font);
    const made = { embedded: this.host._font, codes: new Map<number | string, string>() };
    this.entries.set(face, made);
    return made;
  }

  name(face: Face): string {
    return this.entry(face).embedded.id;
  }

  ref(face: Face): unknown {
    return this.entry(face).embedded.ref();
  }

  /** Four hexadecimal digits that show the glyph in a content stream. `advance` in thousandths of the em. */
  code(face: Face, gid: number, codePoint: number, advance: number): string {
    const entry = this.entry(face);
    const key = gid * CHARACTERS + codePoint;
    return entry.codes.get(key) ?? enter(entry, key, { gid, advance, text: [codePoint] });
  }

  /** The same of a glyph of a shaped word, which stands for any number of characters. */
  placedCode(face: Face, { gid, advance, codePoints }: PlacedGlyph): string {
    const entry = this.entry(face);
    const key = `${gid} ${codePoints.join(" ")}`;
    return entry.codes.get(key) ?? enter(entry, key, { gid, advance, text: [...codePoints] });
  }
}
