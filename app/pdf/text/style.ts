import type { Family, Weight } from "./fonts.server.ts";

/** How a stretch of text looks. Sizes in points; `rise` lifts the baseline (superscripts). */
export interface TextStyle {
  readonly family: Family;
  readonly weight: Weight;
  readonly size: number;
  readonly color: string;
  readonly rise: number;
  /** Extra space after each character, points. */
  readonly tracking: number;
}

export interface Span {
  readonly text: string;
  readonly style: TextStyle;
}

export type Align = "left" | "center" | "right" | "justify";

export interface ParagraphStyle {
  readonly align: Align;
  /** Distance between baselines, points. */
  readonly leading: number;
  /** First line's indent, points. */
  readonly indent: number;
}
