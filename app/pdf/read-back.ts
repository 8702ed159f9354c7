import { getDocumentProxy } from "unpdf";

/** What the tests read back from a file, with a reader that shares no code with the writer. */
export interface ReadPdf {
  readonly pages: readonly {
    readonly text: string;
    readonly lines: readonly string[];
    /** Where each piece of text ends, points from the left edge of the paper. */
    readonly right: readonly number[];
  }[];
  readonly title: string;
  readonly language: string;
  readonly outline: readonly OutlineItem[];
}

export interface OutlineItem {
  readonly title: string;
  /** From 1. */
  readonly page: number;
  readonly items: readonly OutlineItem[];
}

type Proxy = Awaited<ReturnType<typeof getDocumentProxy>>;
type RawOutline = Awaited<ReturnType<Proxy["getOutline"]>>;

async function outlineOf(proxy: Proxy, raw: RawOutline | null): Promise<OutlineItem[]> {
  const items: OutlineItem[] = [];
  for (const item of raw ?? []) {
    const ref: unknown = Array.isArray(item.dest) ? item.dest[0] : undefined;
    const page =
      typeof ref === "object" && ref !== null ? (await proxy.getPageIndex(ref as { num: number; gen: number })) + 1 : 0;
    items.push({ title: item.title, page, items: await outlineOf(proxy, item.items as RawOutline) });
  }
  return items;
}

/** Reads text in the order of the content, lines as they stand on the paper. */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const proxy = await getDocumentProxy(Uint8Array.from(bytes));
  const pages: { text: string; lines: string[]; right: number[] }[] = [];
  for (let number = 1; number <= proxy.numPages; number += 1) {
    const page = await proxy.getPage(number);
    const { items } = await page.getTextContent();
    const lines: { x: number; y: number; text: string; size: number; end: number }[] = [];
    for (const item of items) {
      if (!("str" in item) || item.str === "") continue;
      const [x, y, size] = [Number(item.transform[4]), Number(item.transform[5]), Number(item.transform[0])];
      const last = lines.at(-1);
      if (last && Math.abs(last.y - y) < 0.5 && x - last.end < size && x >= last.end - size) {
        last.text += item.str;
        last.end = x + item.width;
      } else lines.push({ x, y, text: item.str, size, end: x + item.width });
    }
    const texts = lines.map((line) => line.text.trim()).filter(Boolean);
    pages.push({ text: texts.join("\n"), lines: texts, right: lines.map(({ end }) => end) });
    page.cleanup();
  }
  const { info } = await proxy.getMetadata();
  const facts = info as { Title?: string; Language?: string };
  const outline = await outlineOf(proxy, await proxy.getOutline());
  await proxy.loadingTask.destroy();
  return { pages, title: facts.Title ?? "", language: facts.Language ?? "", outline };
}
