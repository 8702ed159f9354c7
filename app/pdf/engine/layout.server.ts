import type { PdfLocale } from "../types.ts";
import { shape, type OnMissing, type Shaped } from "../text/shape.server.ts";
import { setParagraph, type Paragraph } from "../text/paragraph.server.ts";
import type { Align, ParagraphStyle, Span, TextStyle } from "../text/style.ts";
import { numberOf, textOf, type SourceNode } from "./tree.ts";

/** A node with its place. Positions are relative to the parent's border box; all lengths in points. */
export interface LaidNode {
  readonly kind: "box" | "text" | "svg";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly style: Readonly<Record<string, unknown>>;
  readonly props: Readonly<Record<string, unknown>>;
  readonly children: readonly LaidNode[];
  readonly paragraph?: Paragraph;
  readonly source: SourceNode;
}

export interface LayoutContext {
  readonly locale: PdfLocale;
  readonly onMissing: OnMissing;
}

/** What text inherits from the nodes around it. */
interface Inherited {
  readonly text: TextStyle;
  readonly lineHeight: number;
  readonly align: Align;
}

const ROOT_TEXT: Inherited = {
  text: { family: "sans", weight: 400, size: 10, color: "#1b2226", rise: 0, tracking: 0 },
  lineHeight: 1.5,
  align: "left",
};

function inherit(from: Inherited, style: Readonly<Record<string, unknown>>): Inherited {
  const size = numberOf(style["fontSize"], from.text.size);
  const family =
    style["fontFamily"] === "serif" || style["fontFamily"] === "sans" ? style["fontFamily"] : from.text.family;
  const weight =
    style["fontWeight"] === undefined
      ? from.text.weight
      : numberOf(style["fontWeight"], style["fontWeight"] === "bold" ? 700 : 400) >= 600
        ? 700
        : 400;
  const rise = style["verticalAlign"] === "super" ? from.text.size * 0.38 : from.text.rise;
  const align = textOf(style["textAlign"], from.align);
  return {
    text: {
      family,
      weight,
      size,
      color: textOf(style["color"], from.text.color),
      rise,
      tracking: numberOf(style["letterSpacing"], from.text.tracking),
    },
    lineHeight: numberOf(style["lineHeight"], from.lineHeight),
    align: align === "center" || align === "right" || align === "justify" ? align : "left",
  };
}

function edges(
  style: Readonly<Record<string, unknown>>,
  name: "padding" | "margin",
): readonly [number, number, number, number] {
  const all = numberOf(style[name], 0);
  const horizontal = numberOf(style[`${name}Horizontal`], all);
  const vertical = numberOf(style[`${name}Vertical`], all);
  const side = (which: string, otherwise: number): number => numberOf(style[`${name}${which}`], otherwise);
  return [side("Top", vertical), side("Right", horizontal), side("Bottom", vertical), side("Left", horizontal)];
}

function collectSpans(node: SourceNode, inherited: Inherited, spans: Span[]): void {
  for (const child of node.children) {
    if (child.value !== undefined) spans.push({ text: child.value, style: inherited.text });
    else collectSpans(child, inherit(inherited, child.style), spans);
  }
}

/** Resolves a length given as points or as a percentage of the containing width. */
function length(value: unknown, whole: number): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "string" && value.endsWith("%")) return (Number.parseFloat(value) / 100) * whole;
  return undefined;
}

export class Layout {
  constructor(private readonly context: LayoutContext) {}

  /** Lays a node into `width` points; `x`, `y` are its margin box's corner in the parent. Returns it with its outer height. */
  place(
    node: SourceNode,
    width: number,
    x: number,
    y: number,
    from: Inherited = ROOT_TEXT,
  ): { node: LaidNode; outer: number } {
    const margin = edges(node.style, "margin");
    const inner = length(node.style["width"], width) ?? width - margin[1] - margin[3];
    const inherited = inherit(from, node.style);
    const made =
      node.type === "TEXT"
        ? this.text(node, inner, inherited)
        : node.type === "SVG"
          ? this.svg(node, inherited)
          : this.box(node, inner, inherited);
    return { node: { ...made, x: x + margin[3], y: y + margin[0] }, outer: made.height + margin[0] + margin[2] };
  }

  private text(node: SourceNode, width: number, inherited: Inherited): LaidNode {
    const padding = edges(node.style, "padding");
    const spans: Span[] = [];
    collectSpans(node, inherited, spans);
    const shaped = shape(spans, this.context.locale, this.context.onMissing);
    const leading = inherited.lineHeight * inherited.text.size;
    const style = { align: inherited.align, leading, indent: numberOf(node.style["textIndent"], 0) };
    const measure = width - padding[1] - padding[3];
    const paragraph =
      node.props["data-balance"] === true ? balanced(shaped, measure, style) : setParagraph(shaped, measure, style);
    const height = padding[0] + padding[2] + paragraph.lines.length * leading;
    return {
      kind: "text",
      x: 0,
      y: 0,
      width,
      height,
      style: node.style,
      props: node.props,
      children: [],
      paragraph,
      source: node,
    };
  }

  private svg(node: SourceNode, inherited: Inherited): LaidNode {
    const width = numberOf(node.props["width"], 0);
    const height = numberOf(node.props["height"], 0);
    const children = node.children.flatMap((child) => this.shapeOf(child, inherited));
    return { kind: "svg", x: 0, y: 0, width, height, style: node.style, props: node.props, children, source: node };
  }

  /** Shapes keep their own coordinates; text in a figure is one line, anchored by `textAnchor`. */
  private shapeOf(node: SourceNode, inherited: Inherited): LaidNode[] {
    const own = inherit(inherited, node.style);
    if (node.type !== "TEXT")
      return [
        {
          kind: "svg",
          x: 0,
          y: 0,
          width: 0,
          height: 0,
          style: node.style,
          props: node.props,
          children: node.children.flatMap((child) => this.shapeOf(child, own)),
          source: node,
        },
      ];
    const spans: Span[] = [];
    collectSpans(node, own, spans);
    const paragraph = setParagraph(shape(spans, this.context.locale, this.context.onMissing), 10_000, {
      align: "left",
      leading: own.text.size,
      indent: 0,
    });
    const shift =
      node.props["textAnchor"] === "middle"
        ? paragraph.width / 2
        : node.props["textAnchor"] === "end"
          ? paragraph.width
          : 0;
    // The baseline stands at `y`: 0.88 em below the line box's top, as in every text node.
    return [
      {
        kind: "text",
        x: numberOf(node.props["x"], 0) - shift,
        y: numberOf(node.props["y"], 0) - own.text.size * 0.88,
        width: paragraph.width,
        height: own.text.size,
        style: node.style,
        props: {},
        children: [],
        paragraph,
        source: node,
      },
    ];
  }

  private box(node: SourceNode, width: number, inherited: Inherited): LaidNode {
    const padding = edges(node.style, "padding");
    const top = padding[0] + numberOf(node.style["borderTopWidth"], 0);
    const bottom = padding[2] + numberOf(node.style["borderBottomWidth"], 0);
    const left = padding[3] + numberOf(node.style["borderLeftWidth"], 0);
    const inner = width - left - padding[1] - numberOf(node.style["borderRightWidth"], 0);
    const row = node.style["flexDirection"] === "row";
    const children = row ? this.row(node, inner, left, top, inherited) : this.column(node, inner, left, top, inherited);
    const content = children.reduce((deepest, child) => Math.max(deepest, child.bottom), top);
    const height = Math.max(
      numberOf(node.style["height"], 0) || content + bottom,
      numberOf(node.style["minHeight"], 0),
    );
    const laid = row
      ? alignRow(children, textOf(node.style["alignItems"], "stretch"), height - bottom, top)
      : children.map((child) => child.node);
    return {
      kind: "box",
      x: 0,
      y: 0,
      width,
      height,
      style: node.style,
      props: node.props,
      children: laid,
      source: node,
    };
  }

  private column(node: SourceNode, inner: number, left: number, top: number, inherited: Inherited): Placed[] {
    const gap = numberOf(node.style["gap"], 0);
    const centred = node.style["alignItems"] === "center";
    let y = top;
    return node.children.map((child) => {
      if (child.style["position"] === "absolute") {
        const fixed = this.place(
          child,
          inner,
          left + numberOf(child.style["left"], 0),
          top + numberOf(child.style["top"], 0),
          inherited,
        );
        return { node: fixed.node, bottom: top };
      }
      const { node: laid, outer } = this.place(child, inner, left, y, inherited);
      y += outer + gap;
      const shifted = centred && laid.width < inner ? { ...laid, x: left + (inner - laid.width) / 2 } : laid;
      return { node: shifted, bottom: y - gap };
    });
  }

  /** Fixed and percentage widths first; what is left goes to the children with `flexGrow`, by their shares. */
  private row(node: SourceNode, inner: number, left: number, top: number, inherited: Inherited): Placed[] {
    const gap = numberOf(node.style["gap"], 0);
    const fixed = node.children.map((child) => {
      const margin = edges(child.style, "margin");
      const own = child.type === "SVG" ? numberOf(child.props["width"], 0) : length(child.style["width"], inner);
      return own === undefined ? undefined : own + margin[1] + margin[3];
    });
    const shares = node.children.map((child, i) => (fixed[i] === undefined ? numberOf(child.style["flexGrow"], 1) : 0));
    const total = shares.reduce((a, b) => a + b, 0);
    const used = fixed.reduce<number>((a, b) => a + (b ?? 0), 0) + gap * Math.max(0, node.children.length - 1);
    const free = Math.max(0, inner - used);
    let x = left;
    return node.children.map((child, i) => {
      const space = fixed[i] ?? (total > 0 ? (free * (shares[i] ?? 0)) / total : 0);
      // A percentage is of the row, not of the slot it has been given.
      const sized =
        typeof child.style["width"] === "string" ? { ...child, style: { ...child.style, width: undefined } } : child;
      const { node: laid, outer } = this.place(sized, space, x, top, inherited);
      x += space + gap;
      return { node: laid, bottom: top + outer };
    });
  }
}

/** Lines of about equal length, as few as the measure allows: a title never ends in one lonely character. */
function balanced(shaped: Shaped, measure: number, style: ParagraphStyle): Paragraph {
  const wide = setParagraph(shaped, measure, style);
  if (wide.lines.length < 2) return wide;
  let low = measure / wide.lines.length;
  let high = measure;
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (setParagraph(shaped, middle, style).lines.length > wide.lines.length) low = middle;
    else high = middle;
  }
  const even = setParagraph(shaped, high, style);
  const shift = style.align === "center" ? (measure - high) / 2 : style.align === "right" ? measure - high : 0;
  return { ...even, lines: even.lines.map((line) => ({ ...line, x: line.x + shift })) };
}

interface Placed {
  readonly node: LaidNode;
  readonly bottom: number;
}

function alignRow(children: readonly Placed[], align: string, bottom: number, top: number): LaidNode[] {
  return children.map(({ node, bottom: end }) => {
    const free = bottom - end;
    if (align === "center") return { ...node, y: node.y + free / 2 };
    if (align === "flex-end") return { ...node, y: node.y + free };
    if (align === "stretch" && node.kind === "box" && free > 0)
      return { ...node, height: bottom - top - (node.y - top) };
    return node;
  });
}
