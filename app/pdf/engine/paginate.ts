import { cleanText } from "../text/clean.ts";
import type { LaidNode } from "./layout.server.ts";
import { numberOf, textOf } from "./tree.ts";

/** One thing on a page, at page coordinates relative to the body's top left corner. */
export interface OnPage {
  readonly node: LaidNode;
  readonly x: number;
  readonly y: number;
}

export interface Anchor {
  readonly id: string;
  readonly level: number;
  readonly title: string;
  /** Index of the page within the part, from 0, and the distance from the body's top, points. */
  readonly page: number;
  readonly y: number;
}

export interface Paginated {
  readonly pages: readonly (readonly OnPage[])[];
  readonly anchors: readonly Anchor[];
}

/** A block in the order of reading. `before` is the space above it, dropped at a page's top. */
interface Item {
  readonly node: LaidNode;
  readonly x: number;
  readonly before: number;
  readonly keepNext: boolean;
  readonly table?: TableParts;
  readonly pageBreak: boolean;
}

interface TableParts {
  /** Title above the table, as on its first page and as repeated («表 1（续）»). */
  readonly captions: readonly LaidNode[];
  readonly continued: readonly LaidNode[];
  readonly head: readonly LaidNode[];
  readonly rows: readonly LaidNode[];
  readonly foot: readonly LaidNode[];
}

// Fewest lines of a paragraph left at a page's foot or taken to the next page's head.
const ORPHANS = 2;
const WIDOWS = 2;
/** A table row taller than this share of the page is cut; a lower one goes to the next page whole. */
const CUT_ROW_FROM = 0.45;

function role(node: LaidNode): string {
  return textOf(node.props["data-flow"], "");
}

function tableParts(node: LaidNode): TableParts {
  const of = (name: string): LaidNode[] => node.children.filter((child) => role(child) === name);
  return { captions: of("caption"), continued: of("continued"), head: of("head"), rows: of("row"), foot: of("foot") };
}

/** The blocks of a laid column, with the flow containers around them dissolved. */
function flatten(node: LaidNode): Item[] {
  const items: Item[] = [];
  let cursor = 0;
  const visit = (parent: LaidNode, x: number, y: number): void => {
    for (const child of parent.children) {
      const left = x + child.x;
      const top = y + child.y;
      if (role(child) === "flow") {
        visit(child, left, top);
        continue;
      }
      const table = role(child) === "table" ? { table: tableParts(child) } : {};
      items.push({
        node: child,
        x: left,
        before: top - cursor,
        keepNext: child.props["data-keep-next"] === true,
        pageBreak: child.props["data-break"] === "page",
        ...table,
      });
      cursor = top + child.height;
    }
  };
  visit(node, 0, 0);
  return items;
}

function cutText(node: LaidNode, from: number, to: number): LaidNode {
  const paragraph = node.paragraph;
  if (!paragraph) return node;
  const lines = paragraph.lines.slice(from, to);
  return { ...node, paragraph: { ...paragraph, lines }, height: lines.length * paragraph.leading };
}

/** Cuts a row's cells at `height`: lines above stay, lines below go on. Figures go where their top lies. */
function cutBox(node: LaidNode, height: number): [LaidNode, LaidNode] {
  if (node.kind === "text" && node.paragraph) {
    const fit = Math.max(0, Math.min(node.paragraph.lines.length, Math.floor(height / node.paragraph.leading)));
    return [cutText(node, 0, fit), cutText(node, fit, node.paragraph.lines.length)];
  }
  const above: LaidNode[] = [];
  const below: LaidNode[] = [];
  const padding = Math.min(8, ...node.children.map((child) => Math.max(0, child.y)));
  for (const child of node.children) {
    if (child.y + child.height <= height) above.push(child);
    else if (child.y >= height) below.push({ ...child, y: child.y - height + padding });
    else {
      const [head, tail] = cutBox(child, height - child.y);
      if (head.height > 0) above.push(head);
      if (tail.height > 0) below.push({ ...tail, y: padding });
    }
  }
  const rest = below.reduce((deepest, child) => Math.max(deepest, child.y + child.height), 0) + padding;
  return [
    { ...node, height, children: above },
    { ...node, height: rest, children: below },
  ];
}

class Paginator {
  readonly pages: OnPage[][] = [[]];
  readonly anchors: Anchor[] = [];
  private y = 0;

  constructor(private readonly height: number) {}

  private get left(): number {
    return this.height - this.y;
  }

  private get empty(): boolean {
    return this.pages.at(-1)?.length === 0;
  }

  private turn(): void {
    this.pages.push([]);
    this.y = 0;
  }

  private put(node: LaidNode, x: number, before: number): void {
    if (!this.empty) this.y += before;
    this.record(node, this.y);
    this.pages.at(-1)?.push({ node, x, y: this.y });
    this.y += node.height;
  }

  private record(node: LaidNode, y: number): void {
    const id = node.props["data-anchor"];
    if (typeof id === "string") {
      this.anchors.push({
        id,
        level: numberOf(node.props["data-level"], 1),
        title: cleanText(textOf(node.props["data-title"], "")),
        page: this.pages.length - 1,
        y,
      });
    }
    for (const child of node.children) this.record(child, y + child.y);
  }

  /** Least height a block needs on the page where it begins. */
  private least(item: Item): number {
    if (item.table) {
      const fixed = [...item.table.captions, ...item.table.head].reduce((sum, node) => sum + node.height, 0);
      const first = item.table.rows.slice(0, 2).reduce((sum, node) => sum + node.height, 0);
      return fixed + Math.min(first, this.height * CUT_ROW_FROM);
    }
    const lines = item.node.paragraph?.lines.length ?? 0;
    if (lines > ORPHANS + WIDOWS - 1) return ORPHANS * (item.node.paragraph?.leading ?? 0);
    return item.node.height;
  }

  run(items: readonly Item[]): void {
    items.forEach((item, i) => {
      if (item.pageBreak && !this.empty) this.turn();
      let needed = (this.empty ? 0 : item.before) + this.least(item);
      // Headings stand with what follows them, through a chain of headings.
      for (let k = i; items[k]?.keepNext === true; k += 1) {
        const next = items[k + 1];
        if (!next) break;
        needed += (k === i ? item.node.height - this.least(item) : 0) + next.before + this.least(next);
      }
      if (needed > this.left + 0.01 && !this.empty) this.turn();
      if (item.table) this.table(item, item.table);
      else if (item.node.paragraph) this.text(item);
      else this.put(item.node, item.x, item.before);
    });
  }

  private text(item: Item): void {
    let node = item.node;
    let before = item.before;
    for (;;) {
      const paragraph = node.paragraph;
      if (!paragraph) return;
      const room = this.left - (this.empty ? 0 : before);
      if (node.height <= room + 0.01) break;
      const total = paragraph.lines.length;
      let fit = Math.min(Math.floor((room + 0.01) / paragraph.leading), total - WIDOWS);
      if (fit < ORPHANS && !this.empty) {
        this.turn();
        continue;
      }
      fit = Math.max(fit, 1);
      this.put(cutText(node, 0, fit), item.x, before);
      node = cutText(node, fit, total);
      before = 0;
      this.turn();
    }
    this.put(node, item.x, before);
  }

  private table(item: Item, parts: TableParts): void {
    let before = item.before;
    const each = (nodes: readonly LaidNode[]): void => {
      for (const node of nodes) {
        this.put(node, item.x + node.x, before);
        before = 0;
      }
    };
    each([...parts.captions, ...parts.head]);
    const again = (): void => {
      this.turn();
      each([...parts.continued, ...parts.head]);
    };
    parts.rows.forEach((row, i) => {
      const last = parts.rows[i + 1];
      // The last row never goes over alone: it takes the one before it along.
      const tail =
        i === parts.rows.length - 2 && last && row.height + last.height < this.height * CUT_ROW_FROM ? last.height : 0;
      if (i > 0 && row.height + tail > this.left + 0.01 && row.height <= this.height * CUT_ROW_FROM) again();
      this.row(item, row, again);
    });
    if (parts.foot.reduce((sum, node) => sum + node.height, 0) > this.left) this.turn();
    each(parts.foot);
  }

  private row(item: Item, row: LaidNode, again: () => void): void {
    let rest = row;
    for (let guard = 0; rest.height > this.left + 0.01 && guard < 200; guard += 1) {
      if (this.left < 48) {
        again();
        continue;
      }
      const [head, tail] = cutBox(rest, this.left);
      this.put(head, item.x + row.x, 0);
      rest = tail;
      again();
    }
    this.put(rest, item.x + row.x, 0);
  }
}

/** Cuts a laid column into pages whose body is `height` points high. Linear in the number of blocks. */
export function paginate(column: LaidNode, height: number): Paginated {
  const paginator = new Paginator(height);
  paginator.run(flatten(column));
  return { pages: paginator.pages, anchors: paginator.anchors };
}
