import { expect, test } from "vitest";
import { type AssetGroup, replaceableIndex } from "./replaceable.rules.ts";

const group = (
  singleSource: boolean,
  replacementTested: boolean,
  count: number,
  over: Partial<AssetGroup> = {},
): AssetGroup => ({ object: "equipment", supplier: "甲厂", singleSource, replacementTested, count, ...over });

test("replaceable index: a tested way out counts, an untested single source does not, and the share never rounds up", () => {
  const r = replaceableIndex([group(true, false, 1), group(true, true, 1), group(false, false, 1)]);
  expect(r.overall).toEqual({ total: 3, singleSource: 2, tested: 1, indexBp: 6666 });
  expect(r.byObject.equipment).toEqual(r.overall);
  expect(r.byObject.service.indexBp).toBeNull();
  // Tested without being single-source is no way out of anything.
  expect(replaceableIndex([group(false, true, 2)]).overall).toEqual({
    total: 2,
    singleSource: 0,
    tested: 0,
    indexBp: 10_000,
  });
});
test("suppliers of untested single sources over all objects, most first, the unnamed left out", () => {
  const groups = [
    group(true, false, 2),
    group(true, false, 1, { object: "service", supplier: " 乙厂 " }),
    group(true, false, 2, { object: "service", supplier: "乙厂" }),
    group(true, true, 9, { supplier: "丙厂" }),
    group(true, false, 4, { supplier: " " }),
  ];
  expect(replaceableIndex(groups).suppliers).toEqual([
    { supplier: "乙厂", count: 3 },
    { supplier: "甲厂", count: 2 },
  ]);
  expect(replaceableIndex([])).toMatchObject({ overall: { total: 0, indexBp: null }, suppliers: [] });
});
