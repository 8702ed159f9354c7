/**
 * Text as it may be set: no control characters, no lone surrogates, no invisible direction or variation marks.
 * Interface data reaches documents as plain text, so markup such as `<b>` is printed, never read.
 */
const CONTROLS =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u115f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ufe00-\ufe0f]|\u034f/g;
const UNUSUAL =
  /[^\u000a\u0020-\u007e\u00a0-\u00ac\u00ae-\u034e\u0350-\u115e\u1160-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff\uf900-\ufdff\ufe10-\ufefe\uff00-\ufff8]/;
const SKIN_TONES_AND_TAGS = /[\u{1f3fb}-\u{1f3ff}\u{e0000}-\u{e01ef}]/gu;

/** The clean form; line feeds stay, other white space becomes a plain space, a lone surrogate becomes 〓 (U+3013). */
export function cleanText(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text
    .replace(/\r\n?|\u2028|\u2029/g, "\n")
    .replace(/[\t\u2000-\u200a\u205f]/g, " ")
    .replace(CONTROLS, "")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "〓")
    .replace(SKIN_TONES_AND_TAGS, "");
}
