/** Difference of two texts. Pure. */

export interface Piece {
  kind: "same" | "gone" | "new";
  text: string;
}

/** Dates and numbers whole, Han characters one by one, Latin words whole, runs of space and each other sign by itself. */
const tokens = (text: string): string[] =>
  text.match(/\d[\d.,:/%-]*\d|\p{Script=Han}|[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];

/** Above this product of lengths the middle is shown as wholly replaced: the table would cost more than it tells. */
const LIMIT = 4_000_000;

function push(pieces: Piece[], kind: Piece["kind"], text: string): void {
  if (text === "") return;
  const last = pieces.at(-1);
  if (last?.kind === kind) last.text += text;
  else pieces.push({ kind, text });
}

/** Lengths of the longest common subsequence of all tails, row by row. */
function tails(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const at = i * width + j;
      table[at] =
        a[i] === b[j] ? (table[at + width + 1] ?? 0) + 1 : Math.max(table[at + width] ?? 0, table[at + 1] ?? 0);
    }
  }
  return table;
}

function middle(a: readonly string[], b: readonly string[], pieces: Piece[]): void {
  if (a.length * b.length > LIMIT) {
    push(pieces, "gone", a.join(""));
    push(pieces, "new", b.join(""));
    return;
  }
  const table = tails(a, b);
  const width = b.length + 1;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const [one, two] = [a[i] ?? "", b[j] ?? ""];
    if (one === two) {
      push(pieces, "same", one);
      i += 1;
      j += 1;
    } else if ((table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0)) {
      push(pieces, "gone", one);
      i += 1;
    } else {
      push(pieces, "new", two);
      j += 1;
    }
  }
  push(pieces, "gone", a.slice(i).join(""));
  push(pieces, "new", b.slice(j).join(""));
}

/** What went from `before` and what came in `after`: the kept and gone pieces joined give `before`, the kept and new ones `after`. */
export function diffText(before: string, after: string): Piece[] {
  const [a, b] = [tokens(before), tokens(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const pieces: Piece[] = [];
  push(pieces, "same", a.slice(0, head).join(""));
  middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), pieces);
  push(pieces, "same", a.slice(a.length - tail).join(""));
  return pieces;
}
