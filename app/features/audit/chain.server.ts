import { createHash } from "node:crypto";
import { canonicalJson } from "#app/platform/canonical.server.ts";
import { isConsistent, leafHash, rootFromInclusion } from "./merkle.server.ts";

/*
 * The audit chain of one tenant as a file of JSON lines, and what can be said of such a file without a database: each
 * line canonical JSON (RFC 8785); a header, the entries in order, and the proof that the last sealed one is in the
 * national tree (RFC 6962) under the root that the header names.
 */

/** What an entry's digest is taken of. `at`: UTC with milliseconds. `prev`: digest of the entry before, zeros for the first. */
export interface EntryContent {
  v: 1;
  tenant: string;
  seq: number;
  at: string;
  act: string;
  object: { type: string; id: string | null };
  site: string | null;
  actor: { user: string | null; membership: string | null; role: string; name: string };
  request: string;
  details: unknown;
  prev: string;
}
/** A leaf of the national tree: the head of a chain at the time of sealing. */
export interface LeafContent {
  v: 1;
  tenant: string;
  seq: number;
  head: string;
  at: string;
}
export interface HeaderLine {
  kind: "header";
  v: 1;
  tenant: string;
  name: string;
  exportedAt: string;
  /** Numbers of the first and the last entry; 0 and 0 for a chain without any. */
  first: number;
  last: number;
  /** The newest root of the national tree, null before the first sealing. */
  tree: { size: number; root: string; at: string } | null;
  /** That the tree begins with the one of `size` leaves whose root somebody wrote down earlier. */
  since?: { size: number; root: string; path: string[] };
}
export interface EntryLine {
  kind: "entry";
  hash: string;
  entry: EntryContent;
}
export interface ProofLine {
  kind: "proof";
  no: number;
  leaf: LeafContent;
  path: string[];
}

const firstPrev = "0".repeat(64);
const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
/** SHA-256 of an entry's canonical JSON (RFC 8785), 64 hexadecimal digits: what the next entry holds as `prev`. */
export const entryHash = (entry: EntryContent): string => sha256(canonicalJson(entry));
/** Digest of a leaf of the national tree: RFC 6962, 2.1, over its canonical JSON. */
export const leafHashOf = (leaf: LeafContent): string => leafHash(Buffer.from(canonicalJson(leaf), "utf8"));

const problems = [
  "malformed",
  "no_header",
  "foreign",
  "edited",
  "missing",
  "reordered",
  "relinked",
  "truncated",
  "unproven",
  "other_root",
] as const;
/**
 * malformed: no JSON, or not canonical · foreign: of another tenant · edited: content does not have its digest · missing: a
 * number is left out · reordered: a number comes again or too late · relinked: does not follow on the entry before ·
 * truncated: the end is not there · unproven: the proof does not lead to the file's root · other_root: not the root given.
 */
type Problem = (typeof problems)[number];

export interface Verdict {
  /** The first thing found wrong, null when all holds. `seq`: the entry it is about. */
  problem: { code: Problem; line: number; seq: number | null } | null;
  tenant: string | null;
  entries: number;
  /** Number and digest of the last entry read. */
  head: { seq: number; hash: string } | null;
  /** Up to which number the national tree vouches for the chain; 0 for nothing. */
  sealed: number;
  tree: { size: number; root: string; at: string } | null;
  /** Whether the root was held against one that the reader brought. */
  rooted: boolean;
}

export interface ChainVerifier {
  /** Takes the next line, without its line feed. */
  line(text: string): void;
  end(): Verdict;
}

/** @param expectedRoot what the reader brought, hexadecimal; without it a file is only held against itself. */
export function chainVerifier(expectedRoot?: string): ChainVerifier {
  let no = 0;
  let problem: Verdict["problem"] = null;
  let header: HeaderLine | null = null;
  let head: Verdict["head"] = null;
  let entries = 0;
  let proof: { line: number; of: ProofLine } | null = null;
  const heads = new Map<number, string>();
  const fail = (code: Problem, seq: number | null = null) => void (problem ??= { code, line: no, seq });

  const readHeader = (line: HeaderLine) => {
    header = line;
    if (line.first > 1) head = null;
  };
  const readEntry = ({ entry, hash }: EntryLine, of: HeaderLine) => {
    const expected = head ? head.seq + 1 : Math.max(1, of.first);
    if (entry.tenant !== of.tenant) return fail("foreign", entry.seq);
    if (entryHash(entry) !== hash) return fail("edited", entry.seq);
    if (entry.seq > expected) return fail("missing", expected);
    if (entry.seq < expected) return fail("reordered", entry.seq);
    const before = head ? head.hash : expected === 1 ? firstPrev : entry.prev;
    if (entry.prev !== before) return fail("relinked", entry.seq);
    head = { seq: entry.seq, hash };
    heads.set(entry.seq, hash);
    entries += 1;
  };
  const readLine = (text: string) => {
    const line = parseLine(text);
    if (!line) return fail("malformed", head ? head.seq + 1 : null);
    if (line.kind === "header") return header ? fail("malformed") : readHeader(line);
    if (!header) return fail("no_header");
    if (line.kind === "entry") return readEntry(line, header);
    proof = { line: no, of: line };
  };

  return {
    line(text) {
      no += 1;
      if (!problem && text !== "") readLine(text);
    },
    end() {
      const [of, found] = [header, head];
      if (!of) fail("no_header");
      else if (!problem && (found?.seq ?? 0) < of.last) fail("truncated", (found?.seq ?? 0) + 1);
      const sealed = of && !problem ? sealedUpTo(of, proof, found, heads, fail) : 0;
      if (of && !problem && expectedRoot !== undefined && !isRootOf(of, expectedRoot)) fail("other_root");
      if (!problem && expectedRoot !== undefined && sealed === 0 && (found?.seq ?? 0) > 0) fail("unproven");
      return {
        problem,
        tenant: of?.tenant ?? null,
        entries,
        head: found,
        sealed: problem ? 0 : sealed,
        tree: of?.tree ?? null,
        rooted: expectedRoot !== undefined,
      };
    },
  };
}

/** Number of the last entry that the tree vouches for. */
function sealedUpTo(
  header: HeaderLine,
  proof: { line: number; of: ProofLine } | null,
  head: Verdict["head"],
  heads: ReadonlyMap<number, string>,
  fail: (code: Problem, seq: number | null) => void,
): number {
  if (!proof || !header.tree) return 0;
  const { leaf, no, path } = proof.of;
  const wrong = (code: Problem) => {
    fail(code, leaf.seq);
    return 0;
  };
  if (leaf.tenant !== header.tenant) return wrong("foreign");
  // Before what is left of the chain is believed: a leaf beyond its end tells that the end was cut off.
  if (leaf.seq > (head?.seq ?? 0)) return wrong("truncated");
  if (heads.get(leaf.seq) !== leaf.head) return wrong("edited");
  if (rootFromInclusion(leafHashOf(leaf), no, header.tree.size, path) !== header.tree.root) return wrong("unproven");
  return leaf.seq;
}

/** The file's root itself, or an earlier one that its tree provably begins with. */
function isRootOf({ tree, since }: HeaderLine, root: string): boolean {
  if (!tree) return false;
  if (tree.root === root) return true;
  return (
    since !== undefined && since.root === root && isConsistent(since.size, tree.size, since.root, tree.root, since.path)
  );
}

const digestShape = /^[0-9a-f]{64}$/;
const isCount = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;

/** A line as what it says it is; null where it is none, or not in canonical form. */
function parseLine(text: string): HeaderLine | EntryLine | ProofLine | null {
  try {
    const line = JSON.parse(text) as HeaderLine | EntryLine | ProofLine;
    if (canonicalJson(line) !== text) return null;
    if (line.kind === "header")
      return line.v === 1 && typeof line.tenant === "string" && isCount(line.first) && isCount(line.last) ? line : null;
    if (line.kind === "entry") return digestShape.test(line.hash) && isCount(line.entry.seq) ? line : null;
    if (line.kind === "proof")
      return isCount(line.no) && isCount(line.leaf.seq) && line.path.every((p) => digestShape.test(p)) ? line : null;
    return null;
  } catch {
    return null;
  }
}
