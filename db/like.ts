/** What a reader typed as a part of a pattern of LIKE: `%`, `_` and `\` are letters in it. */
const escaped = (words: string): string => words.replaceAll(/[\\%_]/g, String.raw`\$&`);

/** Pattern of what holds the words anywhere. */
export const containing = (words: string): string => `%${escaped(words)}%`;
/** Pattern of what begins with the words. */
export const beginning = (words: string): string => `${escaped(words)}%`;
