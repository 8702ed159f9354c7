import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  consistencyPath,
  emptyRoot,
  inclusionPath,
  isConsistent,
  leafHash,
  type NodeAt,
  nodeHash,
  nodesFrom,
  placesFor,
  rootFromInclusion,
  treeRoot,
} from "./merkle.server.ts";

/** Leaves and roots of the reference tests of Certificate Transparency (google/certificate-transparency, merkletree tests). */
const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map(
  (hex) => Buffer.from(hex, "hex"),
);
const roots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const treeOf = (contents: readonly Uint8Array[]): NodeAt => {
  const at: NodeAt = ({ level, no }) =>
    level === 0
      ? leafHash(contents[no] ?? expect.fail(`no leaf ${no}`))
      : nodeHash(at({ level: level - 1, no: no * 2 }), at({ level: level - 1, no: no * 2 + 1 }));
  return at;
};
const content = (n: number) => Buffer.from(`leaf ${n}`);
const many = treeOf(Array.from({ length: 300 }, (_, n) => content(n)));

describe("the tree", () => {
  it("has the roots of the reference tests", () => {
    expect(emptyRoot).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(roots.map((_, n) => treeRoot(n + 1, treeOf(leaves)))).toEqual(roots);
  });

  it("proves each leaf it has, by a path that no other leaf, place or size fits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), (size, a, b) => {
        const no = a % size;
        const path = inclusionPath(no, size, many);
        const root = treeRoot(size, many);
        expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
        expect(rootFromInclusion(leafHash(content(no)), no, size, path)).toBe(root);
        expect(rootFromInclusion(leafHash(content(no + 1000)), no, size, path)).not.toBe(root);
        const other = b % size;
        if (other !== no) expect(rootFromInclusion(leafHash(content(no)), other, size, path)).not.toBe(root);
        expect(rootFromInclusion(leafHash(content(no)), no, size, [...path, root])).toBeNull();
      }),
    );
  });

  it("proves that it begins with each smaller one, and with no other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (size, a) => {
        const first = 1 + (a % size);
        const path = consistencyPath(first, size, many);
        const [was, is] = [treeRoot(first, many), treeRoot(size, many)];
        expect(isConsistent(first, size, was, is, path)).toBe(true);
        const forged = treeRoot(
          first,
          treeOf(Array.from({ length: first }, (_, n) => content(n === first - 1 ? 9999 : n))),
        );
        expect(isConsistent(first, size, forged, is, path)).toBe(false);
        if (first < size) expect(isConsistent(first, size, was, is, path.slice(1))).toBe(false);
      }),
    );
  });

  it("asks for no more digests than the path is long, times the height", () => {
    const places = placesFor((at) => inclusionPath(123, 300, at));
    expect(places.length).toBeLessThanOrEqual(24);
    expect(inclusionPath(123, 300, nodesFrom(places.map((p) => ({ ...p, hash: many(p) }))))).toEqual(
      inclusionPath(123, 300, many),
    );
    expect(() => inclusionPath(123, 300, nodesFrom([]))).toThrow(RangeError);
  });
});
