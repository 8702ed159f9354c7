import PDFDocument from "pdfkit";
import { openRare } from "../text/rare.server.ts";
import type { ReactElement } from "react";
import { createElement } from "react";
import { Document, Page } from "@react-pdf/renderer";
import { cleanText } from "../text/clean.ts";
import { EmbeddedFonts, type FontHost } from "./fonts-embedded.server.ts";
import { PageContent } from "./content.server.ts";
import { Layout, type LaidNode } from "./layout.server.ts";
import { paginate, type Anchor, type OnPage } from "./paginate.ts";
import { PAPER, type DocumentMeta, type DocumentPlan, type Margins, type RunningInfo } from "./plan.ts";
import { pagesOf, textOf, type SourceNode } from "./tree.ts";

export interface ComposeOptions {
  /** Share of the work done, 0…1. */
  readonly onProgress?: (share: number) => void;
}

export interface Composed {
  readonly bytes: Uint8Array;
  readonly pages: number;
  /** Characters that no font has, set as 〓; each once. */
  readonly missing: readonly string[];
}

interface Part {
  readonly kind: string;
  readonly pages: readonly (readonly OnPage[])[];
  readonly anchors: readonly Anchor[];
}

interface Heading extends Anchor {
  readonly absolute: number;
}

const CREATOR = "Anshi 安试";

/** Height of the part of a page that carries text. */
function bodyHeight(margins: Margins): number {
  return PAPER.height - margins.top - margins.bottom;
}

function setPart(node: SourceNode, layout: Layout, margins: Margins): Part {
  const kind = textOf(node.props["data-part"], "chapter");
  const column: SourceNode = { ...node, type: "VIEW", style: { ...node.style, width: undefined } };
  if (kind === "cover") {
    const { node: laid } = layout.place(column, PAPER.width, 0, 0);
    return { kind, pages: [[{ node: laid, x: 0, y: 0 }]], anchors: [] };
  }
  const { node: laid } = layout.place(column, PAPER.width - margins.left - margins.right, 0, 0);
  return { kind, ...paginate(laid, bodyHeight(margins)) };
}

/** Headings of all parts with their page in the file, from 1. */
function headingsOf(parts: readonly Part[]): Heading[] {
  const headings: Heading[] = [];
  let before = 0;
  for (const part of parts) {
    for (const anchor of part.anchors) headings.push({ ...anchor, absolute: before + anchor.page + 1 });
    before += part.pages.length;
  }
  return headings;
}

function single(element: ReactElement): SourceNode {
  const [page] = pagesOf(createElement(Document, null, createElement(Page, null, element)));
  if (!page) throw new TypeError("A running element rendered nothing");
  return page;
}

/**
 * Contents in one pass: chapters are set first and never again; the list is set once to learn its length and once with
 * the numbers, which have a column of fixed width, so its lines fall the same way both times.
 */
function withContents(plan: DocumentPlan, parts: readonly Part[], layout: Layout): Part[] {
  const place = parts.findIndex((part) => part.kind === "contents");
  if (place < 0) return [...parts];
  const make = (headings: readonly Heading[]): Part => {
    const entries = headings.map(({ id, level, title, absolute }) => ({ id, level, title, page: absolute }));
    return { ...setPart(single(plan.contents(entries)), layout, plan.margins), kind: "contents" };
  };
  const draft = parts.with(place, make(headingsOf(parts)));
  return parts.with(place, make(headingsOf(draft)));
}

interface Annotated {
  readonly node: LaidNode;
  readonly x: number;
  readonly y: number;
}

function linksIn(node: LaidNode, x: number, y: number, found: Annotated[]): void {
  if (typeof node.props["src"] === "string") found.push({ node, x, y });
  for (const child of node.children) linksIn(child, x + child.x, y + child.y, found);
}

/** pdfkit's document with the internals that are used here made visible. */
type Target = PDFKit.PDFDocument & FontHost & { page: { fonts: Record<string, unknown> } };

class Writer {
  readonly target: Target;
  readonly fonts: EmbeddedFonts;
  private readonly chunks: Uint8Array[] = [];

  constructor(meta: DocumentMeta) {
    // `lang` is read by pdfkit though its types leave it out of one release and in the next.
    const options = {
      autoFirstPage: false,
      compress: true,
      font: "",
      lang: meta.locale,
      displayTitle: true,
      pdfVersion: "1.7" as const,
      info: {
        Title: cleanText(meta.title),
        Author: cleanText(meta.author),
        Subject: cleanText(meta.subject),
        Keywords: cleanText(meta.keywords),
        Creator: CREATOR,
        Producer: CREATOR,
        CreationDate: meta.created,
        ModDate: meta.created,
      },
    };
    this.target = new PDFDocument(options) as unknown as Target;
    this.target.on("data", (chunk: Uint8Array) => this.chunks.push(chunk));
    this.fonts = new EmbeddedFonts(this.target);
  }

  page(things: readonly OnPage[]): void {
    const { target } = this;
    target.addPage({ size: [PAPER.width, PAPER.height], margin: 0 });
    const content = new PageContent(PAPER.height, this.fonts);
    const links: Annotated[] = [];
    for (const thing of things) {
      content.node(thing.node, thing.x, thing.y);
      linksIn(thing.node, thing.x, thing.y, links);
    }
    for (const face of content.used) target.page.fonts[this.fonts.name(face)] = this.fonts.ref(face);
    target.addContent(`q 1 0 0 -1 0 ${PAPER.height} cm\n${content.toString()}\nQ`);
    for (const { node, x, y } of links) {
      const src = textOf(node.props["src"], "");
      if (src.startsWith("#")) target.goTo(x, y, node.width, node.height, src.slice(1));
      else target.link(x, y, node.width, node.height, src);
    }
  }

  destination(id: string, y: number): void {
    this.target.addNamedDestination(id, "XYZ", 0, Math.max(0, y - 8), 0);
  }

  outline(headings: readonly Heading[], top: number): void {
    const open: { level: number; item: PDFKit.PDFOutline }[] = [];
    for (const heading of headings) {
      while ((open.at(-1)?.level ?? 0) >= heading.level) open.pop();
      const parent = open.at(-1)?.item ?? this.target.outline;
      // pdfkit measures `left` from the right edge; the page's width puts it at the left one.
      const options = {
        pageNumber: heading.absolute - 1,
        top: Math.max(0, top + heading.y - 8),
        left: PAPER.width,
        expanded: heading.level < 2,
      };
      open.push({ level: heading.level, item: parent.addItem(heading.title, options) });
    }
  }

  async end(): Promise<Uint8Array> {
    const done = new Promise<void>((resolve, reject) => {
      this.target.on("end", resolve);
      this.target.on("error", reject);
    });
    this.target.end();
    await done;
    return new Uint8Array(Buffer.concat(this.chunks));
  }
}

function shifted(things: readonly OnPage[], x: number, y: number): OnPage[] {
  return things.map((thing) => ({ ...thing, x: thing.x + x, y: thing.y + y }));
}

/** A page in the order of reading: header, body, footer. */
function whole(plan: DocumentPlan, layout: Layout, info: RunningInfo, body: readonly OnPage[]): OnPage[] {
  const { margins } = plan;
  const width = PAPER.width - margins.left - margins.right;
  const lay = (element: ReactElement, y: number): OnPage[] => {
    const { node } = layout.place({ ...single(element), type: "VIEW", style: {} }, width, 0, 0);
    return [{ node, x: margins.left, y }];
  };
  return [
    ...lay(plan.header(info), margins.top * 0.5),
    ...body,
    ...lay(plan.footer(info), PAPER.height - margins.bottom * 0.62),
  ];
}

/** Sets and writes a whole document. Pure but for reading the fonts; the same plan gives the same bytes. */
export async function compose(plan: DocumentPlan, options: ComposeOptions = {}): Promise<Composed> {
  const made = await attempt(plan, options);
  // Rare characters have fonts of their own, which are opened for the documents that hold one.
  return made.missing.length > 0 && (await openRare(made.missing)) ? attempt(plan, options) : made;
}

async function attempt(plan: DocumentPlan, options: ComposeOptions): Promise<Composed> {
  const missing = new Set<string>();
  const layout = new Layout({ locale: plan.meta.locale, onMissing: (character) => missing.add(character) });
  const sources = pagesOf(plan.document);
  const set = sources.map((source, i) => {
    options.onProgress?.((0.7 * i) / sources.length);
    return setPart(source, layout, plan.margins);
  });
  const parts = withContents(plan, set, layout);
  const headings = headingsOf(parts);
  const total = parts.reduce((sum, part) => sum + part.pages.length, 0);
  const writer = new Writer(plan.meta);
  let number = 0;
  for (const part of parts) {
    for (const [i, things] of part.pages.entries()) {
      const chapter = part.anchors.findLast((anchor) => anchor.level === 1 && anchor.page <= i)?.title ?? "";
      number += 1;
      const cover = part.kind === "cover";
      const body = cover ? things : shifted(things, plan.margins.left, plan.margins.top);
      writer.page(cover ? body : whole(plan, layout, { page: number, pages: total, chapter }, body));
      for (const anchor of part.anchors)
        if (anchor.page === i) writer.destination(anchor.id, plan.margins.top + anchor.y);
      options.onProgress?.(0.7 + (0.28 * number) / total);
    }
  }
  writer.outline(headings, plan.margins.top);
  const bytes = await writer.end();
  options.onProgress?.(1);
  return { bytes, pages: total, missing: [...missing] };
}
