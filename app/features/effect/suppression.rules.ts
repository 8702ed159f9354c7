/**
 * Small groups are hidden, and so is whatever would give them away (PRODUCT.md, «Who sees what» 3). A cell with 1..k−1
 * members is hidden; then further cells are, until no hidden one follows from the totals and the shown ones. In a table with
 * row and column totals a hidden cell is exactly determined if and only if it is a bridge of the graph of hidden cells
 * (Gusfield 1988, SIAM J. Comput. 17), so bridges are broken up by hiding more.
 */

export type GroupCount = { key: string; count: number };
export type SuppressedGroups = {
  hidden: string[];
  /** The total must not be shown either: nothing else could hide the group. */
  totalHidden: boolean;
};

/** Groups that add up to a known total. Empty groups are shown: they tell about nobody. */
export function suppressGroups(groups: readonly GroupCount[], k = 5): SuppressedGroups {
  const hidden = new Set(groups.filter((g) => g.count > 0 && g.count < k).map((g) => g.key));
  if (hidden.size === 0) return { hidden: [], totalHidden: false };
  const spare = groups.filter((g) => g.count >= k).sort((a, b) => a.count - b.count || (a.key < b.key ? -1 : 1));
  const together = () => groups.filter((g) => hidden.has(g.key)).reduce((sum, g) => sum + g.count, 0);
  while ((hidden.size < 2 || together() < k) && spare.length > 0) hidden.add(spare.shift()?.key ?? "");
  return {
    hidden: groups.filter((g) => hidden.has(g.key)).map((g) => g.key),
    totalHidden: hidden.size < 2 || together() < k,
  };
}
