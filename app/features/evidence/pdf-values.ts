/*
 * Values as they stand in a PDF (ISO 32000-2, 7.3): enough to read a trailer and a dictionary of encryption.
 */

export interface PdfReference {
  object: number;
  generation: number;
}
/** Names are strings, strings of the file are bytes. */
export type PdfValue =
  | null
  | boolean
  | number
  | string
  | Buffer
  | PdfReference
  | PdfValue[]
  | ReadonlyMap<string, PdfValue>;

const depthAtMost = 12;
const space = /[\u0000\t\n\f\r ]/;
const delimiter = /[\u0000\t\n\f\r ()<>[\]{}/%]/;

/** The value at `at`, or null for what is none: cut off, too deep, or no syntax of a PDF. */
export function readPdfValue(bytes: Buffer, at: number): PdfValue {
  const reader = new Reader(bytes.toString("latin1"), at);
  try {
    return reader.value(0);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

class Reader {
  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  value(depth: number): PdfValue {
    if (depth > depthAtMost) throw new SyntaxError("too deep");
    this.skip();
    if (this.eats("<<")) return this.dictionary(depth);
    if (this.eats("<")) return this.hex();
    if (this.eats("(")) return this.literal();
    if (this.eats("[")) return this.array(depth);
    if (this.eats("/"))
      return this.word().replaceAll(/#([0-9a-f]{2})/gi, (_, code: string) =>
        String.fromCodePoint(Number.parseInt(code, 16)),
      );
    return this.plain();
  }

  private skip(): void {
    for (; this.at < this.text.length; this.at += 1) {
      const c = this.text[this.at] ?? "";
      if (c === "%")
        while (this.at + 1 < this.text.length && !/[\r\n]/.test(this.text[this.at + 1] ?? "")) this.at += 1;
      else if (!space.test(c)) return;
    }
    throw new SyntaxError("cut off");
  }
  private eats(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }
  private word(): string {
    const from = this.at;
    while (this.at < this.text.length && !delimiter.test(this.text[this.at] ?? "")) this.at += 1;
    return this.text.slice(from, this.at);
  }
  private plain(): PdfValue {
    const reference = /^(\d{1,10})\s+(\d{1,5})\s+R(?![a-zA-Z])/.exec(this.text.slice(this.at, this.at + 40));
    if (reference) {
      this.at += reference[0].length;
      return { object: Number(reference[1]), generation: Number(reference[2]) };
    }
    const word = this.word();
    if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(word)) return Number(word);
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    throw new SyntaxError(`no value: ${word.slice(0, 20)}`);
  }
  private dictionary(depth: number): ReadonlyMap<string, PdfValue> {
    const map = new Map<string, PdfValue>();
    for (;;) {
      this.skip();
      if (this.eats(">>")) return map;
      if (!this.eats("/")) throw new SyntaxError("no name");
      const name = this.word();
      map.set(name, this.value(depth + 1));
    }
  }
  private array(depth: number): PdfValue[] {
    const list: PdfValue[] = [];
    for (;;) {
      this.skip();
      if (this.eats("]")) return list;
      list.push(this.value(depth + 1));
    }
  }
  private hex(): Buffer {
    const end = this.text.indexOf(">", this.at);
    if (end === -1) throw new SyntaxError("cut off");
    const digits = this.text.slice(this.at, end).replaceAll(/[^0-9a-f]/gi, "");
    this.at = end + 1;
    return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, "hex");
  }
  private literal(): Buffer {
    const codes: number[] = [];
    for (let open = 1; this.at < this.text.length; ) {
      const c = this.text[this.at++] ?? "";
      if (c === "\\") {
        codes.push(...this.escape());
        continue;
      }
      if (c === "(") open += 1;
      if (c === ")" && (open -= 1) === 0) return Buffer.from(codes);
      // A line end in a string reads as one line feed, however it was written (7.3.4.2).
      if (c === "\r" && this.text[this.at] === "\n") this.at += 1;
      codes.push(c === "\r" ? 10 : (c.codePointAt(0) ?? 0));
    }
    throw new SyntaxError("cut off");
  }
  private escape(): number[] {
    const octal = /^[0-7]{1,3}/.exec(this.text.slice(this.at, this.at + 3))?.[0];
    if (octal !== undefined) {
      this.at += octal.length;
      return [Number.parseInt(octal, 8) & 0xff];
    }
    const c = this.text[this.at++] ?? "";
    if (c === "\r" && this.text[this.at] === "\n") this.at += 1;
    if (c === "\r" || c === "\n") return [];
    const plain = ({ n: 10, r: 13, t: 9, b: 8, f: 12 } as Readonly<Record<string, number>>)[c];
    return [plain ?? c.codePointAt(0) ?? 0];
  }
}
