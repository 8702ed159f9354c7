import type { Joined } from "../text/complex.server.ts";
import type { Line } from "../text/paragraph.server.ts";
import type { Face } from "../text/fonts.server.ts";
import type { LaidNode } from "./layout.server.ts";
import type { EmbeddedFonts } from "./fonts-embedded.server.ts";
import { numberOf, textOf } from "./tree.ts";

/** Numbers of a content stream: short, never in exponent form (ISO 32000-1, 7.3.3). */
function n(value: number): string {
  const rounded = Math.round(value * 1000) / 1000;
  return Object.is(rounded, -0) ? "0" : String(rounded);
}

const colors = new Map<string, string>();

/** `#rrggbb` as three components. */
function rgb(color: string): string {
  const known = colors.get(color);
  if (known) return known;
  const value = Number.parseInt(color.slice(1), 16);
  const made = [value >> 16, (value >> 8) & 255, value & 255].map((part) => n(part / 255)).join(" ");
  colors.set(color, made);
  return made;
}

/** Ascent of the em box: Chinese faces are drawn in a box that reaches 0.88 em above the baseline. */
const EM_ASCENT = 0.88;

/** Words and characters of a line as they stand from left to right, by their index; what a word holds is left out. */
function unitsOf({ shaped, from, to }: Line): number[] {
  const all = Array.from({ length: to - from }, (_, i) => from + i);
  const byPlace = new Map(all.map((i) => [shaped.at[i] ?? 0, i]));
  const end = to < shaped.at.length ? (shaped.at[to] ?? 0) : shaped.text.length;
  const placed = shaped.directions
    ? shaped.directions.order(shaped.at[from] ?? 0, end).flatMap((place) => byPlace.get(place) ?? [])
    : all;
  return placed.filter((i) => !shaped.inside.has(i));
}

/**
 * Writes one page's content stream. Coordinates come in from the top left corner, as the layout has them, and go out
 * from the bottom left, as PDF wants them. One string a page: a call per operator costs more than setting the type.
 */
export class PageContent {
  private readonly out: string[] = [];
  private fill = "";
  private stroke = "";

  constructor(
    private readonly pageHeight: number,
    private readonly fonts: EmbeddedFonts,
  ) {}

  /** Faces used so far on the page, for its resources. */
  readonly used = new Set<Face>();

  toString(): string {
    return this.out.join("\n");
  }

  rect(x: number, y: number, width: number, height: number, color: string): void {
    this.fillWith(color);
    this.out.push(`${n(x)} ${n(this.pageHeight - y - height)} ${n(width)} ${n(height)} re f`);
  }

  line(x1: number, y1: number, x2: number, y2: number, width: number, color: string, dash = ""): void {
    this.strokeWith(color);
    this.out.push(
      `${n(width)} w ${dash ? `[${dash}] 0 d 1 J ` : ""}${n(x1)} ${n(this.pageHeight - y1)} m ${n(x2)} ${n(this.pageHeight - y2)} l S${dash ? " [] 0 d 0 J" : ""}`,
    );
  }

  polygon(
    points: readonly (readonly [number, number])[],
    style: { fill?: string; stroke?: string; width?: number; closed: boolean },
  ): void {
    if (points.length < 2) return;
    if (style.fill) this.fillWith(style.fill);
    if (style.stroke) this.strokeWith(style.stroke);
    const path = points.map(([x, y], i) => `${n(x)} ${n(this.pageHeight - y)} ${i === 0 ? "m" : "l"}`).join(" ");
    const paint = style.fill && style.stroke ? "B" : style.fill ? "f" : "S";
    this.out.push(`${style.stroke ? `${n(style.width ?? 1)} w ` : ""}${path}${style.closed ? " h" : ""} ${paint}`);
  }

  node(node: LaidNode, x: number, y: number): void {
    const { style } = node;
    if (typeof style["backgroundColor"] === "string")
      this.rect(x, y, node.width, node.height, style["backgroundColor"]);
    this.borders(node, x, y);
    if (node.kind === "text") this.text(node, x, y);
    if (node.kind === "svg") for (const child of node.children) this.shape(child, x, y);
    else for (const child of node.children) this.node(child, x + child.x, y + child.y);
  }

  private fillWith(color: string): void {
    if (this.fill === color) return;
    this.fill = color;
    this.out.push(`${rgb(color)} rg`);
  }

  private strokeWith(color: string): void {
    if (this.stroke === color) return;
    this.stroke = color;
    this.out.push(`${rgb(color)} RG`);
  }

  private borders(node: LaidNode, x: number, y: number): void {
    const { style, width, height } = node;
    const edge = (side: string, x1: number, y1: number, x2: number, y2: number): void => {
      const thickness = numberOf(style[`border${side}Width`], 0);
      if (thickness <= 0) return;
      const color = textOf(style[`border${side}Color`], textOf(style["borderColor"], "#000000"));
      const dotted = style[`border${side}Style`] === "dotted";
      this.line(x1, y1, x2, y2, thickness, color, dotted ? `0 ${n(thickness * 4)}` : "");
    };
    edge("Top", x, y, x + width, y);
    edge("Bottom", x, y + height, x + width, y + height);
    edge("Left", x, y, x, y + height);
    edge("Right", x + width, y, x + width, y + height);
  }

  private text(node: LaidNode, x: number, y: number): void {
    const paragraph = node.paragraph;
    if (!paragraph) return;
    const left =
      x +
      numberOf(
        node.style["paddingLeft"],
        numberOf(node.style["paddingHorizontal"], numberOf(node.style["padding"], 0)),
      );
    let top =
      y +
      numberOf(node.style["paddingTop"], numberOf(node.style["paddingVertical"], numberOf(node.style["padding"], 0)));
    for (const line of paragraph.lines) {
      this.setLine(line, left + line.x, top, paragraph.leading);
      top += paragraph.leading;
    }
  }

  private setLine(line: Line, x: number, top: number, leading: number): void {
    const { shaped } = line;
    if (line.to <= line.from) return;
    const largest = shaped.styles[line.from]?.size ?? 0;
    const baseline = this.pageHeight - (top + (leading - largest) / 2 + EM_ASCENT * largest);
    this.out.push("BT");
    if (shaped.joined.size > 0 || shaped.directions) this.setUnits(line, x, baseline);
    else this.setRuns(line, x, baseline);
    this.out.push("ET");
  }

  private setRuns(line: Line, x: number, baseline: number): void {
    const { shaped } = line;
    let at = x;
    for (let i = line.from; i < line.to; ) {
      const style = shaped.styles[i];
      const face = shaped.faces[i];
      if (!style || !face) break;
      let end = i + 1;
      while (end < line.to && shaped.styles[end] === style && shaped.faces[end] === face) end += 1;
      this.fillWith(style.color);
      this.used.add(face);
      this.out.push(`/${this.fonts.name(face)} ${n(style.size)} Tf 1 0 0 1 ${n(at)} ${n(baseline + style.rise)} Tm`);
      at += this.show(line, i, end, style.size);
      i = end;
    }
  }

  /** A line with joined letters or text from the right: each word and character at its own place, from left to right. */
  private setUnits(line: Line, x: number, baseline: number): void {
    const { shaped, extra } = line;
    let at = x;
    for (const i of unitsOf(line)) {
      const [style, face] = [shaped.styles[i], shaped.faces[i]];
      if (!style || !face) continue;
      const { size } = style;
      this.used.add(face);
      this.fillWith(style.color);
      this.out.push(`/${this.fonts.name(face)} ${n(size)} Tf 1 0 0 1 ${n(at)} ${n(baseline + style.rise)} Tm`);
      const word = shaped.joined.get(i);
      if (word) {
        const natural = (word.advance * size) / 1000 + style.tracking;
        const share = (shaped.advances[i] ?? natural) / natural;
        if (share < 0.999) this.out.push(`${n(share * 100)} Tz`);
        this.word(word, size);
        if (share < 0.999) this.out.push("100 Tz");
      } else {
        const codePoint = shaped.codePoints[i] ?? 0;
        const turned = shaped.directions?.mirrored(shaped.at[i] ?? 0)?.codePointAt(0);
        const glyph = turned === undefined ? undefined : face.glyph(turned);
        const natural = glyph?.advance ?? shaped.natural[i] ?? 0;
        this.out.push(`<${this.fonts.code(face, glyph?.gid ?? shaped.gids[i] ?? 0, codePoint, natural)}> Tj`);
      }
      at += (shaped.advances[i] ?? 0) + (extra?.[i - line.from] ?? 0);
    }
  }

  /** Shows a shaped word from where the pen stands: one string where no mark is lifted, so that readers find the word whole. */
  private word({ face, glyphs }: Joined, size: number): void {
    let [pen, wanted, rise] = [0, 0, 0];
    let parts: string[] = [];
    const end = (): void => {
      if (parts.length > 0) this.out.push(`[${parts.join("")}] TJ`);
      parts = [];
    };
    for (const glyph of glyphs) {
      if (glyph.dy !== rise) {
        end();
        rise = glyph.dy;
        this.out.push(`${n((rise * size) / 1000)} Ts`);
      }
      const back = Math.round(pen - (wanted + glyph.dx));
      if (back !== 0) parts.push(String(back));
      pen += glyph.advance - back;
      parts.push(`<${this.fonts.placedCode(face, glyph)}>`);
      wanted += glyph.advance;
    }
    end();
    if (rise !== 0) this.out.push("0 Ts");
  }

  /** Shows characters `from`…`to`; returns how far the pen moved. Differences from the font's own widths go into the TJ array. */
  private show(line: Line, from: number, to: number, size: number): number {
    const { shaped, extra } = line;
    const parts: string[] = [];
    let hex = "";
    let moved = 0;
    for (let i = from; i < to; i += 1) {
      const face = shaped.faces[i];
      if (!face) continue;
      const natural = shaped.natural[i] ?? 0;
      hex += this.fonts.code(face, shaped.gids[i] ?? 0, shaped.codePoints[i] ?? 0, natural);
      const advance = (shaped.advances[i] ?? 0) + (extra?.[i - line.from] ?? 0);
      moved += advance;
      const adjust = Math.round(natural - (advance * 1000) / size);
      if (adjust !== 0 && i < to - 1) {
        parts.push(`<${hex}>${adjust}`);
        hex = "";
      }
    }
    if (hex) parts.push(`<${hex}>`);
    this.out.push(`[${parts.join("")}] TJ`);
    return moved;
  }

  private shape(node: LaidNode, x: number, y: number): void {
    const { props } = node.source;
    if (node.kind === "text") {
      this.node(node, x + node.x, y + node.y);
      return;
    }
    const at = (name: string): number =>
      numberOf(typeof props[name] === "string" ? Number(props[name]) : props[name], 0);
    const fill = textOf(props["fill"], "");
    const stroke = textOf(props["stroke"], "none") === "none" ? "" : textOf(props["stroke"], "");
    const width = at("strokeWidth") || 1;
    const paint = { ...(fill && fill !== "none" ? { fill } : {}), ...(stroke ? { stroke, width } : {}) };
    if (node.source.type === "RECT") {
      const [left, top, w, h] = [x + at("x"), y + at("y"), at("width"), at("height")];
      this.polygon(
        [
          [left, top],
          [left + w, top],
          [left + w, top + h],
          [left, top + h],
        ],
        { ...paint, closed: true },
      );
    } else if (node.source.type === "LINE") {
      this.line(
        x + at("x1"),
        y + at("y1"),
        x + at("x2"),
        y + at("y2"),
        width,
        stroke || "#000000",
        textOf(props["strokeDasharray"], ""),
      );
    } else if (node.source.type === "POLYGON" || node.source.type === "POLYLINE") {
      const numbers = textOf(props["points"], "")
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(Number);
      const points: [number, number][] = [];
      for (let i = 0; i + 1 < numbers.length; i += 2) points.push([x + (numbers[i] ?? 0), y + (numbers[i + 1] ?? 0)]);
      this.polygon(points, { ...paint, closed: node.source.type === "POLYGON" });
    }
    for (const child of node.children) this.shape(child, x, y);
  }
}
