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
type ClauseField = "headingZh" | "headingEn" | "textZh" | "textEn" | "verb";
export type ClauseChange = {
  status: "added" | "removed" | "changed" | "moved" | "same";
  before: EditionClause | null;
  after: EditionClause | null;
  fields: ClauseField[];
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
    if (!old) return { status: "added", before: null, after: clause, fields: [] };
    const fields = FIELDS.filter((f) => old[f] !== clause[f]);
    const renumbered = old.number !== clause.number;
    return {
      status: fields.length > 0 ? "changed" : renumbered ? "moved" : "same",
      before: old,
      after: clause,
      fields,
    };
  });
  for (const [i, old] of before.entries()) {
    if (!free.has(old.id)) continue;
    const previous = before[i - 1];
    const at = previous ? changes.findIndex((c) => c.before?.id === previous.id) : -1;
    changes.splice(at + 1, 0, { status: "removed", before: old, after: null, fields: [] });
  }
  return changes;
}
