import { createContext, useContext } from "react";
import type { Level, PdfLocale } from "../types.ts";

/** Colours of print: near-black text, three greys, one accent; the ramp of levels differs in lightness, so it reads in grey too. */
export const INK = {
  text: "#1b2226",
  soft: "#56636a",
  rule: "#1b2226",
  hairline: "#c9d0d4",
  faint: "#eef2f3",
  accent: "#0b5568",
  accentSoft: "#d6e5e9",
} as const;

export const LEVEL_FILL: Readonly<Record<Level, string>> = {
  1: "#eef2f3",
  2: "#cfdfe3",
  3: "#f3e2b3",
  4: "#e3a868",
  5: "#b8452e",
};
export const LEVEL_TEXT: Readonly<Record<Level, string>> = {
  1: "#1b2226",
  2: "#1b2226",
  3: "#1b2226",
  4: "#1b2226",
  5: "#ffffff",
};

export interface Setting {
  readonly locale: PdfLocale;
  readonly family: "sans" | "serif";
  /** Width of the body, points. */
  readonly measure: number;
}

export const SettingContext = createContext<Setting>({ locale: "zh-CN", family: "sans", measure: 460 });

export function useSetting(): Setting {
  return useContext(SettingContext);
}

export interface Body {
  readonly size: number;
  readonly lineHeight: number;
  readonly indent: number;
  readonly after: number;
  readonly align: "justify" | "left";
}

/** Running text. Chinese: 五号 (10.5 pt), two characters' indent, set to the full measure; English: a little smaller, spaced, ragged. */
export function bodyOf(locale: PdfLocale): Body {
  return locale === "zh-CN"
    ? { size: 10.5, lineHeight: 1.72, indent: 21, after: 3, align: "justify" }
    : { size: 10, lineHeight: 1.5, indent: 0, after: 7, align: "left" };
}
