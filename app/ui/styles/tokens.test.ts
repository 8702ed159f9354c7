import fs from "node:fs";
import { describe, expect, it } from "vitest";

const sheet = fs.readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const raw = new Map(
  [...sheet.matchAll(/--([\w-]+): (var\(--l, [^;]+|var\(--[\w-]+\));/g)].map((match) => [
    match[1] ?? "",
    match[2] ?? "",
  ]),
);

function colour(name: string, side: "light" | "dark"): string {
  const value = raw.get(name) ?? "";
  const pair = /var\(--l, (#\w+)\) var\(--d, (#\w+)\)/.exec(value);
  if (pair) return (side === "light" ? pair[1] : pair[2]) ?? "";
  const link = /var\(--([\w-]+)\)/.exec(value);
  if (!link) throw new Error(`no colour --${name}`);
  return colour(link[1] ?? "", side);
}
/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const texts: [string, string[]][] = [
  ["ink", ["ground", "sunken", "raised", "hover", "accent-soft"]],
  ["ink-2", ["ground", "sunken", "raised", "hover", "accent-soft"]],
  ["ink-3", ["ground", "sunken", "raised", "hover"]],
  ["accent", ["ground", "sunken", "raised", "accent-soft"]],
  ["on-accent", ["accent", "accent-strong"]],
  ["late", ["ground", "sunken", "raised", "late-soft"]],
  ["due", ["ground", "sunken", "raised", "due-soft"]],
  ["done", ["ground", "sunken", "raised", "done-soft"]],
  ["returned", ["ground", "sunken", "raised", "returned-soft"]],
  ...[1, 2, 3, 4, 5].map((n): [string, string[]] => [`on-risk-${n}`, [`risk-${n}`]]),
];

describe.each(["light", "dark"] as const)("colours, %s", (side) => {
  it("give text 4.5:1 on every ground it stands on", () => {
    const weak = texts
      .flatMap(([ink, grounds]) =>
        grounds.map((ground) => [`${ink} on ${ground}`, contrast(colour(ink, side), colour(ground, side))] as const),
      )
      .filter(([, ratio]) => ratio < 4.5);
    expect(weak).toEqual([]);
  });
  it("give the borders of controls 3:1", () => {
    for (const ground of ["ground", "sunken", "raised"])
      expect(contrast(colour("border", side), colour(ground, side)), ground).toBeGreaterThanOrEqual(3);
  });
  it("let the five risks be told apart in grey: lightness goes one way", () => {
    const steps = [1, 2, 3, 4, 5].map((n) => luminance(colour(`risk-${n}`, side)));
    const sorted = steps.toSorted((a, b) => (side === "light" ? b - a : a - b));
    expect(steps).toEqual(sorted);
    for (let n = 1; n < 5; n += 1)
      expect(contrast(colour(`risk-${n}`, side), colour(`risk-${n + 1}`, side)), `${n} and ${n + 1}`).toBeGreaterThan(
        1.15,
      );
  });
});
