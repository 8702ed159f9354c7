import { createHash } from "node:crypto";

/*
 * The tree of RFC 6962, section 2.1 (the same in RFC 9162): proofs that a leaf is in a tree, and that a tree is the
 * beginning of a later one, from digests of complete subtrees alone. Digests are 64 hexadecimal digits.
 */

const digest = (...parts: readonly Uint8Array[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};
const bytes = (hex: string): Buffer => Buffer.from(hex, "hex");
const [leafMark, nodeMark] = [Uint8Array.of(0), Uint8Array.of(1)];

/** Digest of a leaf: SHA-256 over 0x00 and its bytes. */
export const leafHash = (content: Uint8Array): string => digest(leafMark, content);
/** Digest of a node: SHA-256 over 0x01 and the digests of both sides. */
export const nodeHash = (left: string, right: string): string => digest(nodeMark, bytes(left), bytes(right));
/** Root of a tree without leaves. */
export const emptyRoot: string = digest();

/** A complete subtree: 2^level leaves from leaf `no` × 2^level on. */
export interface NodePlace {
  level: number;
  no: number;
}
/** Digest of a complete subtree. */
export type NodeAt = (place: NodePlace) => string;
const keyOf = ({ level, no }: NodePlace): string => `${level}/${no}`;

/** Largest power of two below `n` (n ≥ 2). */
const splitOf = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);

/** Root of leaves [from, from + count), from complete subtrees. */
function rootOf(from: number, count: number, at: NodeAt): string {
  if (count === 0) return emptyRoot;
  const level = Math.log2(count);
  if (Number.isInteger(level) && from % count === 0) return at({ level, no: from / count });
  const split = splitOf(count);
  return nodeHash(rootOf(from, split, at), rootOf(from + split, count - split, at));
}
/** Root of the first `size` leaves; `emptyRoot` for none. */
export const treeRoot = (size: number, at: NodeAt): string => rootOf(0, size, at);

/** Audit path of leaf `no` in a tree of `size` leaves, lowest first. */
export function inclusionPath(no: number, size: number, at: NodeAt): string[] {
  const path = (m: number, from: number, count: number): string[] => {
    if (count === 1) return [];
    const split = splitOf(count);
    return m < split
      ? [...path(m, from, split), rootOf(from + split, count - split, at)]
      : [...path(m - split, from + split, count - split), rootOf(from, split, at)];
  };
  return path(no, 0, size);
}

/** Proof that a tree of `size` leaves begins with the one of `first` leaves (0 < first ≤ size). */
export function consistencyPath(first: number, size: number, at: NodeAt): string[] {
  const sub = (m: number, from: number, count: number, whole: boolean): string[] => {
    if (m === count) return whole ? [] : [rootOf(from, count, at)];
    const split = splitOf(count);
    return m <= split
      ? [...sub(m, from, split, whole), rootOf(from + split, count - split, at)]
      : [...sub(m - split, from + split, count - split, false), rootOf(from, split, at)];
  };
  return sub(first, 0, size, true);
}

/** The complete subtrees that a root or a proof over [0, size) is made of: what to fetch before asking for them. */
export function placesFor(ask: (at: NodeAt) => unknown): NodePlace[] {
  const places = new Map<string, NodePlace>();
  ask((place) => {
    places.set(keyOf(place), place);
    return emptyRoot;
  });
  return [...places.values()];
}
/** Looks digests up in what was fetched. @throws RangeError for one that is missing. */
export function nodesFrom(rows: readonly (NodePlace & { hash: string })[]): NodeAt {
  const known = new Map(rows.map((r) => [keyOf(r), r.hash]));
  return (place) => known.get(keyOf(place)) ?? missing(place);
}
function missing(place: NodePlace): never {
  throw new RangeError(`the tree has no node ${keyOf(place)}`);
}

/** Root that a leaf's audit path leads to; null for a path of the wrong length (RFC 9162, 2.1.3.2). */
export function rootFromInclusion(leaf: string, no: number, size: number, path: readonly string[]): string | null {
  if (no < 0 || no >= size) return null;
  let [fn, sn, root] = [no, size - 1, leaf];
  for (const p of path) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      root = nodeHash(p, root);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else root = nodeHash(root, p);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? root : null;
}

/** Whether the tree of `size` leaves with root `root` begins with that of `first` leaves with root `firstRoot` (RFC 9162, 2.1.4.2). */
export function isConsistent(
  first: number,
  size: number,
  firstRoot: string,
  root: string,
  path: readonly string[],
): boolean {
  if (first < 1 || first > size) return false;
  if (first === size) return path.length === 0 && firstRoot === root;
  const proof = Number.isInteger(Math.log2(first)) ? [firstRoot, ...path] : [...path];
  const [head, ...rest] = proof;
  if (head === undefined) return false;
  let [fn, sn] = [first - 1, size - 1];
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  let [fr, sr] = [head, head];
  for (const c of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [nodeHash(c, fr), nodeHash(c, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else sr = nodeHash(sr, c);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return fr === firstRoot && sr === root && sn === 0;
}
