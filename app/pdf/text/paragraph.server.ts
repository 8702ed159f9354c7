import { BREAK_MANDATORY, BREAK_NONE, breakOpportunities } from "./line-break.ts";
import { isClosing, isHan, isOpening, type Shaped } from "./shape.server.ts";
import type { ParagraphStyle } from "./style.ts";

/** One set line: characters `from`…`to` of the paragraph, `extra[i]` points added after the i-th of them. */
export interface Line {
  readonly shaped: Shaped;
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly width: number;
  readonly extra: Float64Array | undefined;
}

export interface Paragraph {
  readonly lines: readonly Line[];
  readonly leading: number;
  /** Width of the longest line, points. */
  readonly width: number;
}

// Justification limits, in ems: past them a gap would be read as a space, so the line is left ragged instead.
const MAX_HAN_STRETCH = 0.085;
const MAX_SPACE_STRETCH = 0.6;

const SPACE = 0x20;

/** The empty half of a full-width mark at a line's edge does not count against the measure (CLREQ 3.1.6.2). */
function edgeGain(shaped: Shaped, index: number, opening: boolean): number {
  const codePoint = shaped.codePoints[index] ?? 0;
  if ((shaped.natural[index] ?? 0) < 900) return 0;
  const fits = opening ? isOpening(codePoint) : isClosing(codePoint);
  return fits ? (shaped.styles[index]?.size ?? 0) / 2 : 0;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly last: boolean;
}

function trimmed(shaped: Shaped, from: number, to: number): number {
  let end = to;
  while (end > from && (shaped.codePoints[end - 1] === SPACE || shaped.codePoints[end - 1] === 0x0a)) end -= 1;
  return end;
}

function sum(shaped: Shaped, from: number, to: number): number {
  let width = 0;
  for (let i = from; i < to; i += 1) width += shaped.advances[i] ?? 0;
  return width;
}

/** Greedy lines: Chinese text has a break almost everywhere, so the longest line that fits is also the most even. */
function ranges(shaped: Shaped, breaks: Uint8Array, measure: number, indent: number): Range[] {
  const result: Range[] = [];
  const count = shaped.codePoints.length;
  const breakBefore = (i: number): number =>
    i >= count ? BREAK_MANDATORY : shaped.inside.has(i) ? BREAK_NONE : (breaks[shaped.at[i] ?? 0] ?? BREAK_NONE);
  let from = 0;
  while (from < count) {
    const room = measure - (from === 0 ? indent : 0) + edgeGain(shaped, from, true);
    let width = 0;
    let end = -1;
    let i = from;
    for (; i < count; i += 1) {
      const advance = shaped.advances[i] ?? 0;
      const isSpace = shaped.codePoints[i] === SPACE;
      const held = isSpace || shaped.inside.has(i);
      if (!held && width + advance - edgeGain(shaped, i, false) > room + 0.01 && i > from) break;
      width += advance;
      const after = breakBefore(i + 1);
      if (after !== BREAK_NONE) end = i + 1;
      if (after === BREAK_MANDATORY) break;
    }
    // Nothing may break inside the measure: cut where the column ends rather than run out of it.
    if (end <= from) end = Math.max(i, from + 1);
    const stop = trimmed(shaped, from, end);
    result.push({
      from,
      to: stop,
      width: sum(shaped, from, stop),
      last: end >= count || breakBefore(end) === BREAK_MANDATORY,
    });
    from = end;
  }
  return result;
}

function stretchable(shaped: Shaped, i: number): boolean {
  const here = shaped.codePoints[i] ?? 0;
  const next = shaped.codePoints[i + 1] ?? 0;
  const wide = (cp: number): boolean => isHan(cp) || isOpening(cp) || isClosing(cp);
  return wide(here) && wide(next);
}

/** Spreads what is missing to the full measure over spaces first, then over the gaps between Han characters. */
function justify(shaped: Shaped, range: Range, missing: number): Float64Array | undefined {
  const count = range.to - range.from;
  const size = shaped.styles[range.from]?.size ?? 10;
  let spaces = 0;
  let gaps = 0;
  for (let i = range.from; i < range.to - 1; i += 1) {
    if (shaped.codePoints[i] === SPACE) spaces += 1;
    else if (stretchable(shaped, i)) gaps += 1;
  }
  const onSpaces = Math.min(missing, spaces * size * (gaps > 0 ? 0.2 : MAX_SPACE_STRETCH));
  const rest = missing - onSpaces;
  if (rest > gaps * size * MAX_HAN_STRETCH + 0.01) return undefined;
  const extra = new Float64Array(count);
  for (let i = range.from; i < range.to - 1; i += 1) {
    if (shaped.codePoints[i] === SPACE) extra[i - range.from] = onSpaces / spaces;
    else if (gaps > 0 && stretchable(shaped, i)) extra[i - range.from] = rest / gaps;
  }
  return extra;
}

/** A word that is shaped as a whole and wider than the column is set as narrow as the column is: it cannot be broken. */
function squeezed(shaped: Shaped, measure: number): Shaped {
  const wide = [...shaped.joined.keys()].filter((i) => (shaped.advances[i] ?? 0) > measure);
  if (wide.length === 0 || measure <= 0) return shaped;
  const advances = Float64Array.from(shaped.advances);
  for (const i of wide) advances[i] = measure;
  return { ...shaped, advances };
}

/** Breaks a shaped paragraph into lines of at most `measure` points. An empty paragraph has one empty line. */
export function setParagraph(given: Shaped, measure: number, style: ParagraphStyle): Paragraph {
  const shaped = squeezed(given, measure);
  const breaks = breakOpportunities(shaped.text);
  const lines: Line[] = [];
  let widest = 0;
  for (const range of ranges(shaped, breaks, measure, style.indent)) {
    const hang = edgeGain(shaped, range.from, true);
    const tail = range.to > range.from ? edgeGain(shaped, range.to - 1, false) : 0;
    const indent = lines.length === 0 ? style.indent : 0;
    const room = measure - indent;
    const visible = range.width - hang;
    const missing = room - visible;
    const shift =
      style.align === "center"
        ? Math.max(0, (missing + tail) / 2)
        : style.align === "right"
          ? Math.max(0, missing + tail)
          : 0;
    const fill = style.align === "justify" && !range.last && missing > 0 ? justify(shaped, range, missing) : undefined;
    lines.push({
      shaped,
      from: range.from,
      to: range.to,
      x: indent + shift - hang,
      width: fill ? room : visible,
      extra: fill,
    });
    widest = Math.max(widest, indent + (fill ? room : visible));
  }
  return {
    lines: lines.length > 0 ? lines : [{ shaped, from: 0, to: 0, x: 0, width: 0, extra: undefined }],
    leading: style.leading,
    width: widest,
  };
}
