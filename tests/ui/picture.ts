/** What stands where in a drawing that was rendered to HTML: boxes of its texts and marks, in units of its viewBox. */
import { textWidth } from "#app/ui/charts/text.ts";

interface Box {
  what: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
}
export interface Drawing {
  width: number;
  height: number;
  texts: Box[];
  marks: Box[];
}

const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
const number = (tag: string, name: string): number => Number(attribute(tag, name) ?? 0);
const plain = (html: string): string =>
  html
    .replace(/<!-- -->/g, "")
    .replace(/<title>.*?<\/title>/gs, "")
    .replace(/&amp;/g, "&")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#x27;/g, "'");

/** Ink of a line of text of size 12: its baseline is at y. */
function textBox(words: string, x: number, y: number, anchor: string): Box {
  const width = textWidth(words);
  const left = anchor === "end" ? x - width : anchor === "middle" ? x - width / 2 : x;
  return { what: words, left, top: y - 10, right: left + width, bottom: y + 2 };
}

function textsOf(svg: string): Box[] {
  return [...svg.matchAll(/<text\b([^>]*)>(.*?)<\/text>/gs)].flatMap(([, tag = "", inner = ""]) => {
    const anchor = attribute(tag, "text-anchor") ?? "start";
    const lines = [...plain(inner).matchAll(/<tspan\b([^>]*)>(.*?)<\/tspan>/gs)];
    const parts =
      lines.length > 0 ? lines.map((m) => [m[1] ?? "", m[2] ?? ""] as const) : [[tag, plain(inner)] as const];
    return parts.flatMap(([at, words]) =>
      words.trim() === "" ? [] : [textBox(words, number(at, "x"), number(at, "y"), anchor)],
    );
  });
}

/** Corners of a path of straight lines; of an arc its end. */
function cornersOf(path: string): [number, number][] {
  let [x, y] = [0, 0];
  return [...path.matchAll(/([MLHVmlhvaAzZ])([^MLHVmlhvaAzZ]*)/g)].flatMap(([, command = "", rest = ""]) => {
    const n = [...rest.matchAll(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g)].map(Number);
    const size = { M: 2, L: 2, H: 1, V: 1, A: 7 }[command.toUpperCase()] ?? 0;
    const steps = size === 0 ? 0 : Math.floor(n.length / size);
    const found: [number, number][] = [];
    for (let step = 1; step <= steps; step += 1) {
      const [a = 0, b = 0] = n.slice(step * size - Math.min(2, size), step * size);
      const own = command === command.toLowerCase();
      if (command.toUpperCase() === "H") x = own ? x + a : a;
      else if (command.toUpperCase() === "V") y = own ? y + a : a;
      else [x, y] = own ? [x + a, y + b] : [a, b];
      found.push([x, y]);
    }
    return found;
  });
}

function markBox(name: string, tag: string): Box[] {
  const box = (xs: number[], ys: number[]) => ({
    what: `${name} ${tag}`,
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  });
  const n = (key: string) => number(tag, key);
  if (name === "line") return [box([n("x1"), n("x2")], [n("y1"), n("y2")])];
  if (name === "rect") return [box([n("x"), n("x") + n("width")], [n("y"), n("y") + n("height")])];
  if (name === "circle") return [box([n("cx") - n("r"), n("cx") + n("r")], [n("cy") - n("r"), n("cy") + n("r")])];
  const corners = cornersOf(attribute(tag, "d") ?? "");
  return corners.length === 0
    ? []
    : [
        box(
          corners.map(([x]) => x),
          corners.map(([, y]) => y),
        ),
      ];
}

/** Every drawing of the charts in a page; a group that is moved holds all that is in its drawing. */
export function drawingsOf(html: string): Drawing[] {
  return [...html.matchAll(/<svg\b([^>]*aria-label=[^>]*)>(.*?)<\/svg>/gs)].map(([, tag = "", inner = ""]) => {
    const [, , width = 0, height = 0] = (attribute(tag, "viewBox") ?? "").split(" ").map(Number);
    const [dx = 0, dy = 0] = (/translate\(([^)]*)\)/.exec(inner)?.[1] ?? "0 0").split(" ").map(Number);
    const moved = (b: Box): Box => ({
      what: b.what,
      left: b.left + dx,
      top: b.top + dy,
      right: b.right + dx,
      bottom: b.bottom + dy,
    });
    const marks = [...inner.matchAll(/<(line|rect|circle|path)\b([^>]*)>/g)].flatMap(([, name = "", rest = ""]) =>
      markBox(name, rest),
    );
    return { width, height, texts: textsOf(inner).map(moved), marks: marks.map(moved) };
  });
}

/** What leaves a drawing, and the pairs of texts that touch. Empty when all is well. */
export function faultsOf({ width, height, texts, marks }: Drawing): string[] {
  const out = [...texts, ...marks].filter(
    (b) => b.left < -0.6 || b.top < -0.6 || b.right > width + 0.6 || b.bottom > height + 0.6,
  );
  const touching = texts.flatMap((a, i) =>
    texts
      .slice(i + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `«${a.what}» touches «${b.what}»`),
  );
  return [
    ...out.map(
      (b) =>
        `out of ${width} × ${height}: ${b.what} ${Math.round(b.left)} ${Math.round(b.top)} ${Math.round(b.right)} ${Math.round(b.bottom)}`,
    ),
    ...touching,
  ];
}
