/** What changed from one edition to the next: clauses added, removed, changed, moved, and the words in them. */

export type EditionClause = {
  id: string;
  /** Id of the clause it was taken over from, when the edition began as a copy. */
  originId?: string | null;
  number: string;
  headingZh: string;
  headingEn: string;
  textZh: string;
  textEn: string;
  verb: string;
};
export type ClauseField = "headingZh" | "headingEn" | "textZh" | "textEn" | "verb";
export type ClauseChange = {
  status: "added" | "removed" | "changed" | "moved" | "same";
  before: EditionClause | null;
  after: EditionClause | null;
  fields: ClauseField[];
  renumbered: boolean;
};
const FIELDS: readonly ClauseField[] = ["headingZh", "headingEn", "textZh", "textEn", "verb"];

/** Partners: by origin, else by equal Chinese heading and text, else by equal number with an equal heading. */
function partnerOf(clause: EditionClause, free: ReadonlyMap<string, EditionClause>): EditionClause | null {
  const origin = free.get(clause.originId ?? clause.id);
  if (origin) return origin;
  const list = [...free.values()];
  return (
    list.find((b) => clause.textZh !== "" && b.textZh === clause.textZh && b.headingZh === clause.headingZh) ??
    list.find((b) => clause.headingZh !== "" && b.number === clause.number && b.headingZh === clause.headingZh) ??
    null
  );
}
/** In the order of the new edition; removed clauses follow the clause they stood behind, at the front if none. */
export function diffEditions(before: readonly EditionClause[], after: readonly EditionClause[]): ClauseChange[] {
  const free = new Map(before.map((c) => [c.id, c]));
  const partners = new Map<string, EditionClause>();
  const exact = (c: EditionClause) => free.has(c.originId ?? c.id);
  for (const clause of [...after.filter(exact), ...after.filter((c) => !exact(c))]) {
    const partner = partnerOf(clause, free);
    if (!partner) continue;
    partners.set(clause.id, partner);
    free.delete(partner.id);
  }
  const changes = after.map((clause): ClauseChange => {
    const old = partners.get(clause.id) ?? null;
    if (!old) return { status: "added", before: null, after: clause, fields: [], renumbered: false };
    const fields = FIELDS.filter((f) => old[f] !== clause[f]);
    const renumbered = old.number !== clause.number;
    return {
      status: fields.length > 0 ? "changed" : renumbered ? "moved" : "same",
      before: old,
      after: clause,
      fields,
      renumbered,
    };
  });
  for (const [i, old] of before.entries()) {
    if (!free.has(old.id)) continue;
    const previous = before[i - 1];
    const at = previous ? changes.findIndex((c) => c.before?.id === previous.id) : -1;
    changes.splice(at + 1, 0, { status: "removed", before: old, after: null, fields: [], renumbered: false });
  }
  return changes;
}
export function changeCounts(changes: readonly ClauseChange[]): Record<ClauseChange["status"], number> {
  const counts = { added: 0, removed: 0, changed: 0, moved: 0, same: 0 };
  for (const c of changes) counts[c.status] += 1;
  return counts;
}

export type TextPiece = { kind: "same" | "removed" | "added"; text: string };
/** Han characters and punctuation one by one, runs of letters, digits and spaces as words. */
const tokens = (text: string): string[] =>
  text.match(/[\p{L}\p{N}]+(?<!\p{Script=Han})|\s+|./gsu)?.flatMap((t) => (/\p{Script=Han}/u.test(t) ? [...t] : [t])) ??
  [];
/** Above this many comparisons the middle is shown as replaced whole: a reader gains nothing from finer pieces. */
const MAX_CELLS = 4_000_000;

/** Difference of two texts as pieces in reading order; joined, `same` + `removed` give the old text, `same` + `added` the new. */
export function textDiff(before: string, after: string): TextPiece[] {
  const [a, b] = [tokens(before), tokens(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middle = diffTokens(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return join([
    { kind: "same", text: a.slice(0, head).join("") },
    ...middle,
    { kind: "same", text: a.slice(a.length - tail).join("") },
  ]);
}
function join(pieces: readonly TextPiece[]): TextPiece[] {
  const out: TextPiece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece.text === "") continue;
    if (last?.kind === piece.kind) last.text += piece.text;
    else out.push({ ...piece });
  }
  return out;
}
/** Longest common subsequence by the table of Wagner & Fischer (1974). */
function diffTokens(a: readonly string[], b: readonly string[]): TextPiece[] {
  const width = b.length + 1;
  if (a.length * b.length > MAX_CELLS)
    return [
      { kind: "removed", text: a.join("") },
      { kind: "added", text: b.join("") },
    ];
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] =
        a[i] === b[j]
          ? (table[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
  const pieces: TextPiece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push({ kind: "same", text: a[i] ?? "" });
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || (table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0)))
      pieces.push({ kind: "removed", text: a[i++] ?? "" });
    else pieces.push({ kind: "added", text: b[j++] ?? "" });
  }
  return pieces;
}
