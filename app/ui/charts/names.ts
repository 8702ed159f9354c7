/** Places of the names of lines that go level and straight up. */
import { textWidth } from "./text.ts";

export type Point = readonly [number, number];
export interface NamePlace {
  x: number;
  y: number;
  textAnchor: "start" | "end";
}

/** The corners of steps through points: level until the next, then up or down (curveStepAfter). */
export const stepCorners = (points: readonly Point[]): Point[] =>
  points.flatMap(
    ([x, y], index) =>
      (index === 0
        ? [[x, y]]
        : [
            [x, points[index - 1]?.[1] ?? y],
            [x, y],
          ]) as Point[],
  );

/** What a name covers, with a little around it. */
function coverOf(name: string, { x, y, textAnchor }: NamePlace) {
  const left = textAnchor === "start" ? x : x - textWidth(name);
  return { left: left - 3, right: left + textWidth(name) + 3, top: y - 12, bottom: y + 4 };
}
type Cover = ReturnType<typeof coverOf>;

/** Whether a path of lying and standing lines passes through. */
const crosses = (path: readonly Point[], c: Cover): boolean =>
  path.some(([x, y], index) => {
    const [fromX, fromY] = path[index - 1] ?? [x, y];
    const [left, right, top, bottom] = [Math.min(x, fromX), Math.max(x, fromX), Math.min(y, fromY), Math.max(y, fromY)];
    return left < c.right && c.left < right + 1e-9 && top < c.bottom && c.top < bottom + 1e-9;
  });

/** Where names may stand, in units of the drawing. */
interface Room {
  left: number;
  top: number;
  bottom: number;
}
interface End {
  name: string;
  x: number;
  y: number;
}

/** Behind the end of a line, above before it, above or below behind it. */
const around = ({ x, y }: End): NamePlace[] => [
  { x: x + 6, y: y + 4, textAnchor: "start" },
  { x: x - 6, y: y - 7, textAnchor: "end" },
  { x: x + 6, y: y - 10, textAnchor: "start" },
  { x: x + 6, y: y + 18, textAnchor: "start" },
  { x: x + 6, y: y + 34, textAnchor: "start" },
];

/** Names at the ends of their lines, each at the first place that nothing passes through, or that no other name has taken. */
export function placeNames(ends: readonly End[], paths: readonly (readonly Point[])[], room: Room): NamePlace[] {
  const taken: Cover[] = [];
  const free = (a: Cover) =>
    a.left >= room.left &&
    a.top >= room.top &&
    a.bottom <= room.bottom &&
    taken.every((b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top);
  return ends.map((end) => {
    const places = around(end).filter((one) => free(coverOf(end.name, one)));
    const clear = places.find((one) => !paths.some((path) => crosses(path, coverOf(end.name, one))));
    const place = clear ?? places[0] ?? { x: end.x + 6, y: end.y + 4, textAnchor: "start" };
    taken.push(coverOf(end.name, place));
    return place;
  });
}
