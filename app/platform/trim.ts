/*
 * What `/x+$/` says of a text's end costs the square of a run of x that is not at its end: an expression is tried from each
 * of them. These look at each character once.
 */

/** `text` without the characters of `edge` at its end. */
export function trimEnd(text: string, edge: string): string {
  let to = text.length;
  while (to > 0 && edge.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(0, to);
}

/** `text` without the characters of `edge` at both of its ends. */
export function trimEnds(text: string, edge: string): string {
  const kept = trimEnd(text, edge);
  let from = 0;
  while (from < kept.length && edge.includes(kept.charAt(from))) from += 1;
  return kept.slice(from);
}
