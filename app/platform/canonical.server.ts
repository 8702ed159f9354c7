import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** Canonical JSON (RFC 8785): the same content has the same bytes wherever it is written. Throws for what is no JSON. */
export function canonicalJson(value: unknown): string {
  // Through JSON once, so that undefined members and dates are settled the way they will be stored.
  const text = canonicalize(JSON.parse(JSON.stringify(value)) as unknown);
  if (text === undefined) throw new TypeError("value has no canonical JSON form");
  return text;
}

/** SHA-256 of the canonical JSON, 64 hex digits: the seal of a submission. */
export const sealOf = (value: unknown): string =>
  createHash("sha256").update(canonicalJson(value), "utf8").digest("hex");
