/** Numbers of chapters, clauses and annexes, computed from the ordered tree and never stored (GB/T 1.1-2020: 5, 5.1, 5.1.1; A, A.1). */
import { type Reason, reason, reasonFor } from "#app/domain/reasons.ts";

export type ClauseNode = {
  id: string;
  parentId: string | null;
  position: number;
  kind: "chapter" | "clause" | "annex";
};
export type NumberedClause<T extends ClauseNode = ClauseNode> = T & {
  /** `5.1.1`, `A.2`; annexes are «A», shown as «附录A» by its message. */
  number: string;
  /** 1 for chapters and annexes. */
  depth: number;
};
/** Clauses deeper than this are hard to cite; GB/T 1.1 goes down to five levels below the chapter. */
const MAX_DEPTH = 6;

/** A, B … Z, AA: letters of annexes. */
export function annexLetter(index: number): string {
  return index < 26
    ? String.fromCharCode(65 + index)
    : annexLetter(Math.floor(index / 26) - 1) + annexLetter(index % 26);
}
/**
 * All clauses in document order with their numbers: chapters first, then annexes; siblings by position, then id. Nodes that hang
 * on a missing parent or a ring are left out of the order and named in `orphans`.
 */
export function numberClauses<T extends ClauseNode>(
  nodes: readonly T[],
): { ordered: NumberedClause<T>[]; orphans: string[] } {
  const children = new Map<string | null, T[]>();
  for (const node of nodes) children.set(node.parentId, [...(children.get(node.parentId) ?? []), node]);
  const sorted = (parent: string | null) =>
    [...(children.get(parent) ?? [])].sort(
      (a, b) => a.position - b.position || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
    );
  const ordered: NumberedClause<T>[] = [];
  const walk = (node: T, number: string, depth: number) => {
    ordered.push({ ...node, number, depth });
    for (const [i, child] of sorted(node.id).entries()) walk(child, `${number}.${i + 1}`, depth + 1);
  };
  const top = sorted(null);
  for (const [i, node] of top.filter((n) => n.kind !== "annex").entries()) walk(node, String(i + 1), 1);
  for (const [i, node] of top.filter((n) => n.kind === "annex").entries()) walk(node, annexLetter(i), 1);
  const placed = new Set(ordered.map((n) => n.id));
  return { ordered, orphans: nodes.filter((n) => !placed.has(n.id)).map((n) => n.id) };
}
/** What is wrong with the tree: orphans block; too deep, or a heading with a single sub-clause, warns (GB/T 1.1 wants two or none). */
export function structureGaps(nodes: readonly ClauseNode[]): Reason[] {
  const { ordered, orphans } = numberClauses(nodes);
  const counts = new Map<string, number>();
  for (const node of ordered)
    if (node.parentId !== null) counts.set(node.parentId, (counts.get(node.parentId) ?? 0) + 1);
  const lonely = ordered.filter((n) => counts.get(n.id) === 1).map((n) => n.id);
  return [
    ...reasonFor("blocking", "rule_specification_orphans", "clause", orphans),
    ...reasonFor(
      "warning",
      "rule_specification_too_deep",
      "clause",
      ordered.filter((n) => n.depth > MAX_DEPTH).map((n) => n.id),
      { max: MAX_DEPTH },
    ),
    ...reasonFor("warning", "rule_specification_single_subclause", "clause", lonely),
  ];
}

export type SkeletonPart = { key: string; kind: string; no: string | null; required: boolean };
/**
 * Required elements of the skeleton (GB/T 1.1 order) that are not there. `present` holds the keys of those that stand; cover
 * and contents are made by the program, references and terms may stand empty but always stand.
 */
export function skeletonGaps(skeleton: readonly SkeletonPart[], present: ReadonlySet<string>): Reason[] {
  const always = new Set(["cover", "contents", "references", "terms"]);
  return skeleton
    .filter((part) => part.required && !always.has(part.key) && !present.has(part.key))
    .map((part) =>
      reason("blocking", "rule_specification_element_missing", { element: part.key }, [
        { kind: "section", id: part.key },
      ]),
    );
}
