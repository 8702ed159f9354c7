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

export type TableCell = { row: string; column: string; count: number };
export type SuppressedTable = {
  hidden: { row: string; column: string }[];
  /** Row, column and grand totals must stay hidden as well. */
  totalsHidden: boolean;
};

const idOf = (cell: { row: string; column: string }) => JSON.stringify([cell.row, cell.column]);
type Edge = { id: string; from: string; to: string };

/** Edges whose removal would part their ends: walk from one end to the other without the edge. Tables here are small. */
function bridges(edges: readonly Edge[]): Edge[] {
  return edges.filter((edge) => {
    const reached = new Set([edge.from]);
    for (let grown = true; grown; ) {
      grown = false;
      for (const e of edges) {
        if (e.id === edge.id || reached.has(e.from) === reached.has(e.to)) continue;
        reached.add(e.from).add(e.to);
        grown = true;
      }
    }
    return !reached.has(edge.to);
  });
}
/** Rows and columns whose hidden cells together are fewer than k: the total minus the shown would tell of a small group. */
function weakLines(
  cells: readonly TableCell[],
  hidden: ReadonlySet<string>,
  k: number,
): { row?: string; column?: string }[] {
  const sums = new Map<string, { line: { row?: string; column?: string }; sum: number }>();
  for (const cell of cells.filter((c) => hidden.has(idOf(c)))) {
    for (const line of [{ row: cell.row }, { column: cell.column }]) {
      const key = JSON.stringify(line);
      sums.set(key, { line, sum: (sums.get(key)?.sum ?? 0) + cell.count });
    }
  }
  return [...sums.values()].filter((s) => s.sum < k).map((s) => s.line);
}

/** A table published with its row, column and grand totals. `cells` lists every cell once, empty ones with count 0. */
export function suppressTable(cells: readonly TableCell[], k = 5): SuppressedTable {
  const hidden = new Set(cells.filter((c) => c.count > 0 && c.count < k).map(idOf));
  const candidates = [...cells]
    .filter((c) => c.count >= k)
    .sort((a, b) => a.count - b.count || (idOf(a) < idOf(b) ? -1 : 1));
  const list = () => cells.filter((c) => hidden.has(idOf(c))).map(({ row, column }) => ({ row, column }));
  for (;;) {
    const edges = cells
      .filter((c) => hidden.has(idOf(c)))
      .map((c): Edge => ({ id: idOf(c), from: `r${c.row}`, to: `c${c.column}` }));
    const open = bridges(edges)[0];
    const weak = weakLines(cells, hidden, k)[0];
    if (!open && !weak) return { hidden: list(), totalsHidden: false };
    const free = candidates.filter((c) => !hidden.has(idOf(c)));
    const near = free.find((c) =>
      open ? `r${c.row}` === open.from || `c${c.column}` === open.to : c.row === weak?.row || c.column === weak?.column,
    );
    const next = near ?? free[0];
    if (!next) return { hidden: list(), totalsHidden: true };
    hidden.add(idOf(next));
  }
}
