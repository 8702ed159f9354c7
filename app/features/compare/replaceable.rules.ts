/** The replaceable index 可替换 (PRODUCT.md): how much of what a sector's pilots run on could be exchanged for something else. */
import { type ObjectKind, objects } from "#app/domain/vocabulary.ts";

/** Assets alike in what counts here, as the database groups them. */
export type AssetGroup = {
  object: ObjectKind;
  supplier: string;
  singleSource: boolean;
  replacementTested: boolean;
  count: number;
};
type ReplaceableIndex = {
  total: number;
  singleSource: number;
  /** Single-source assets whose replacement was tried and worked. */
  tested: number;
  /** Share that can be replaced (not single-source, or tested), 0..10000 floored; null without assets. */
  indexBp: number | null;
};
export type ReplaceableReport = {
  overall: ReplaceableIndex;
  byObject: Record<ObjectKind, ReplaceableIndex>;
  /** Suppliers of single-source assets without a tested way out, most first; those nobody named are left out. */
  suppliers: { supplier: string; count: number }[];
};

const counted = (groups: readonly AssetGroup[]): number => groups.reduce((sum, g) => sum + g.count, 0);
function indexOf(own: readonly AssetGroup[]): ReplaceableIndex {
  const single = own.filter((g) => g.singleSource);
  const [total, singleSource, tested] = [
    counted(own),
    counted(single),
    counted(single.filter((g) => g.replacementTested)),
  ];
  return {
    total,
    singleSource,
    tested,
    indexBp: total === 0 ? null : Math.floor(((total - singleSource + tested) * 10_000) / total),
  };
}

/** The index over all assets and by object, and whom the sector is bound to. */
export function replaceableIndex(groups: readonly AssetGroup[]): ReplaceableReport {
  const bySupplier = new Map<string, number>();
  for (const g of groups) {
    const supplier = g.supplier.trim();
    if (g.singleSource && !g.replacementTested && supplier !== "")
      bySupplier.set(supplier, (bySupplier.get(supplier) ?? 0) + g.count);
  }
  return {
    overall: indexOf(groups),
    byObject: Object.fromEntries(
      objects.map((o) => [o, indexOf(groups.filter((g) => g.object === o))]),
    ) as ReplaceableReport["byObject"],
    suppliers: [...bySupplier]
      .map(([supplier, count]) => ({ supplier, count }))
      .sort((a, b) => b.count - a.count || (a.supplier < b.supplier ? -1 : 1)),
  };
}
