import { trimEnd } from "#app/platform/trim.ts";
import type { Looked } from "./inspected.ts";

const block = 256 * 1024;

/** A byte order mark of UTF-16, which the signatures of some music would fit as well. */
export const isMarked = (head: Buffer): boolean =>
  (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);

/** What no text has. Bell, backspace, form feed and escape (colours, ECMA-48) stand in logs of terminals. */
// oxlint-disable-next-line no-control-regex
const unfit = /[\u0000-\u0006\u000e-\u001a\u001c-\u001f\u007f]/;
/** DOS ended a text with this, and filled the rest of its block with it. */
const dosEnd = "\u001a";
/** What a page or a drawing begins with, once declaration, comments and space are past. */
const pageTag = /<(?:!doctype\s+(?:html|svg)|(?:\w+:)?(?:html|svg)|head|body|script|iframe)\b/iy;
const declaration = /<\?xml[^>]*>\s*/y;
const space = /\s*/y;

/** Where a browser takes a whole text for a page or a drawing, whatever it is called: by its beginning. Each character is read once. */
export function beginsAsPage(text: string): boolean {
  const past = (expression: RegExp, from: number): number => {
    expression.lastIndex = from;
    return from + (expression.exec(text)?.[0].length ?? 0);
  };
  let at = past(declaration, past(space, 0));
  while (text.startsWith("<!--", at)) {
    // `<!-->` is a whole comment to a browser.
    const end = text.indexOf("-->", at + 2);
    if (end < 0) return false;
    at = past(space, end + 3);
  }
  return past(pageTag, at) > at;
}
/** Of text without a mark the greater part is ASCII or Chinese. */
const ordinary = /[\t\n\r\u0020-\u007e\p{Script=Han}\u2010-\u2030\u3000-\u303f\uff00-\uffef]/gu;

/**
 * `page` is text that a browser would show as a page or drawing; `no` is none in UTF-8, GB 18030 or UTF-16.
 * @param signed has the signature of another type
 */
export async function readsAsText(looked: Looked, signed: boolean): Promise<"text" | "page" | "no"> {
  const { head } = looked;
  if (isMarked(head)) return reads(looked, head[0] === 0xff ? "utf-16le" : "utf-16be", false);
  for (const encoding of ["utf-8", "gb18030"]) {
    const reading = await reads(looked, encoding, false);
    if (reading !== "no") return reading;
  }
  // Windows' older programs write UTF-16 without a mark. Chance is kept out: most of it must be in scripts that are read here.
  return !signed && looked.bytes % 2 === 0 ? reads(looked, "utf-16le", true) : "no";
}

async function reads({ part, bytes }: Looked, encoding: string, doubtful: boolean): Promise<"text" | "page" | "no"> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let found: "text" | "page" = "text";
  for (let at = 0; at < bytes; at += block) {
    const last = at + block >= bytes;
    let text: string;
    try {
      text = decoder.decode(await part(at, block), { stream: !last });
    } catch {
      return "no";
    }
    if (last) text = trimEnd(text, dosEnd);
    if (unfit.test(text)) return "no";
    if (doubtful && (/[\p{Cn}\p{Co}]/u.test(text) || (text.match(ordinary)?.length ?? 0) < 0.9 * [...text].length))
      return "no";
    if (at === 0 && beginsAsPage(text)) found = "page";
  }
  return found;
}
