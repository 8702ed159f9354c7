/** Texts measured on a server that has no fonts: on the wide side, so that what is laid out by it stays apart. */

/** Han characters and their punctuation, and the dashes, quotes and arrows that a Chinese font sets as wide as them. */
const WIDE = /[\u2010-\u2027\u2190-\u21ff\u2e80-\uffef\u{10000}-\u{10ffff}]/u;

/** Width of a text in units of the drawing, at 12 unless another size is given. */
export function textWidth(text: string, size = 12): number {
  let width = 0;
  for (const sign of text)
    width += WIDE.test(sign) ? 1 : /[iljtfr.,:;'|!() ]/.test(sign) ? 0.36 : /[A-Zmw@%]/.test(sign) ? 0.78 : 0.6;
  return width * size;
}

/** The text, or as much of it as fits with «…». */
export function fitText(text: string, width: number, size = 12): string {
  if (textWidth(text, size) <= width) return text;
  let kept = "";
  for (const sign of text) {
    if (textWidth(`${kept + sign}…`, size) > width) break;
    kept += sign;
  }
  return `${kept.trimEnd()}…`;
}

/** A piece no wider than its place: words stay whole where they can, Han characters break anywhere. */
function pieces(text: string, width: number, size: number): string[] {
  return text
    .split(/(?<=\s)|(?<=[\u2e80-\uffef])(?![，。、；：！？）》」』”])/)
    .flatMap((piece) => (textWidth(piece.trimEnd(), size) <= width ? [piece] : [...piece]));
}

/** The text in at most so many lines, each no wider than its place; what is left over ends the last one with «…». */
export function wrapText(text: string, width: number, most = 2, size = 12): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces(text, width, size)) {
    if (line !== "" && lines.length < most - 1 && textWidth((line + piece).trimEnd(), size) > width) {
      lines.push(line.trimEnd());
      line = piece;
    } else line += piece;
  }
  return [...lines, fitText(line.trimEnd(), width, size)];
}
