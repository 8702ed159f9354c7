import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import decompress from "woff2-encoder/decompress";
import { addedFace, addFace, type Face } from "./fonts.server.ts";

/*
 * Rare Han characters of names (extensions A to F) and the signs beside them, from Hanazono Mincho: some hundred files of a
 * thousand characters each. They are packed (WOFF2) and fontkit cuts no subset out of a packed font, so those that a
 * document needs are unpacked before it is set.
 */

interface Part {
  readonly file: string;
  readonly ranges: readonly (readonly [number, number])[];
}

/** Before the Han blocks there is nothing that only this font has. */
const LEAST = 0x2e80;
const PRIVATE = [0xe000, 0xf8ff] as const;
let index: readonly Part[] | undefined;

/** The package's own list of what each file has: the `unicode-range` of its style sheet. */
function parts(): readonly Part[] {
  if (index) return index;
  const sheet = createRequire(import.meta.url).resolve("hanamin");
  const rules = readFileSync(sheet, "utf8")
    .split("}")
    .flatMap((rule) => {
      const [file, list] = [/url\(([^()]{1,200})\)/.exec(rule)?.[1], /unicode-range:([^;]+)/.exec(rule)?.[1]];
      return file?.endsWith(".woff2") && list ? [{ file, list }] : [];
    });
  index = rules.map(({ file, list }) => ({
    file: join(dirname(sheet), file),
    ranges: list.split(",").map((range) => {
      const [from = "0", to = from] = range.trim().replace(/^U\+/i, "").split("-");
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
    }),
  }));
  if (index.length < 100) throw new Error(`${sheet} does not list its files as it did`);
  return index;
}
const partOf = (codePoint: number): Part | undefined =>
  codePoint < LEAST || (codePoint >= PRIVATE[0] && codePoint <= PRIVATE[1])
    ? undefined
    : parts().find(({ ranges }) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to));

/** Opens the faces for characters that the ordinary ones lack; whether there was one to open. They are to be set once more then. */
export async function openRare(missing: Iterable<string>): Promise<boolean> {
  const wanted = new Set<string>();
  for (const character of missing) {
    const part = partOf(character.codePointAt(0) ?? 0);
    if (part && !addedFace(part.file)) wanted.add(part.file);
  }
  for (const file of wanted) addFace(file, await decompress(readFileSync(file)));
  return wanted.size > 0;
}

/** Whether there is a face for a rare character, opened or not. */
export const hasRare = (codePoint: number): boolean => partOf(codePoint) !== undefined;

/** The face that has a rare character; undefined where none has, or where `openRare` was not asked. */
export function rareFace(codePoint: number): Face | undefined {
  const part = partOf(codePoint);
  return part ? addedFace(part.file) : undefined;
}
