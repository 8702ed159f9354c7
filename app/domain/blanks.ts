/*
 * Places in a generated text where data say nothing and a person must: 【待填：…】, [To be stated: …]. A text that still has one
 * is not whole, even where somebody began to write over it.
 */

const blank = /【待填[：:]?([^【】\n]{0,100})】?|\[To be stated:?([^[\]\n]{0,200})\]?/g;

/** What is still to be stated, in the order of the text. */
export const blanksOf = (text: string): string[] =>
  [...text.matchAll(blank)].map(([, zh, en]) => (zh ?? en ?? "").trim());

/** The text with something stated in each blank. */
export const stated = (text: string, say: (what: string) => string): string =>
  text.replaceAll(blank, (_, zh?: string, en?: string) => say((zh ?? en ?? "").trim()));
