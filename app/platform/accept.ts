import { parseAccept } from "hono/utils/accept";
import { notAcceptable } from "./errors.ts";

/**
 * How much a reader likes a type, from 0 (not acceptable) to 1: the most specific range of `Accept` that names it decides
 * (RFC 9110, 12.5.1). Without the header everything is as good.
 */
export function qualityOf(accept: string | null, type: string): number {
  if (accept === null || accept.trim() === "") return 1;
  const [family = ""] = type.split("/");
  const ranges = parseAccept(accept).map((range) => ({ type: range.type.toLowerCase(), q: range.q }));
  for (const wanted of [type, `${family}/*`, "*/*"]) {
    const named = ranges.filter((range) => range.type === wanted);
    if (named.length > 0) return Math.max(...named.map((range) => range.q));
  }
  return 0;
}

/** Whether a description in JSON is liked better than the thing itself, which is of `type`. Where nothing fits, the thing is given. */
export const prefersJson = (accept: string | null, type: string): boolean =>
  qualityOf(accept, "application/json") >
  Math.max(qualityOf(accept, type), qualityOf(accept, "application/octet-stream"));

/**
 * Asks whether a reader takes any of the media types in which an answer can be given.
 * @param accept the header `Accept`; null takes anything
 * @param more types that the reader may name as well, though the answer is not called so
 * @throws notAcceptable, which names what is offered
 */
export function demandAcceptable(accept: string | null, offers: readonly string[], more: readonly string[] = []): void {
  if (![...offers, ...more].some((type) => qualityOf(accept, type) > 0)) throw notAcceptable(offers);
}
