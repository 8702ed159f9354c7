import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { type Locale, type Person, product } from "./person.ts";

let connected: Promise<Browser> | undefined;
/** Ends this file's connection, and with it every window that was opened through it. */
export async function closeWindows(): Promise<void> {
  const browser = await connected;
  connected = undefined;
  keptOpen.clear();
  await browser?.close();
}

function browser(): Promise<Browser> {
  const { browser: address } = product();
  if (!address) throw new Error("there is no browser in this run");
  return (connected ??= chromium.connect(address));
}

export interface Look {
  locale?: Locale;
  width?: number;
  theme?: "light" | "dark";
  /** False: as a reader without script. */
  script?: boolean;
  /** For who looks at many pages and changes nothing: the same window profile for all of them, until the file's end. */
  kept?: boolean;
}

/** Width → height of the windows we look through. */
const heightOf = (width: number): number => (width < 600 ? 844 : 900);

/** A window of one person. Errors of the console, of scripts and of requests gather in `problems`. */
export class Visit {
  readonly problems: string[] = [];
  /** Answers that this visit expects to be refused. */
  readonly expected: RegExp[] = [];
  constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly kept: boolean,
  ) {
    page.on(
      "console",
      (line) => line.type() === "error" && this.note(`console: ${line.text()} ${line.location().url}`),
    );
    page.on("pageerror", (error) => this.note(`script: ${error.message}`));
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // What a navigation left behind is no failure, nor is a script that this reader has switched off («csp»).
      if (why !== "net::ERR_ABORTED" && why !== "csp") this.note(`request: ${why} ${request.url()}`);
    });
    page.on(
      "response",
      (response) => response.status() >= 400 && this.note(`answer ${response.status()}: ${response.url()}`),
    );
  }
  private note(problem: string): void {
    if (!this.expected.some((e) => e.test(problem))) this.problems.push(problem);
  }
  /** Refused on purpose: the browser writes those to its console as well. */
  expectStatus(status: number): this {
    this.expected.push(new RegExp(`answer ${status}:|status of ${status}`));
    return this;
  }

  async go(path: string): Promise<number> {
    const response = await this.page.goto(new URL(path, product().url).href, { waitUntil: "load" });
    return response?.status() ?? 0;
  }
  /** Waits until React has taken the page over. */
  async ready(): Promise<void> {
    await this.page.waitForFunction(
      () => Object.keys(document.querySelector("body *") ?? {}).some((key) => key.startsWith("__react")),
      undefined,
      { timeout: 15_000 },
    );
  }
  async resize(width: number): Promise<void> {
    await this.page.setViewportSize({ width, height: heightOf(width) });
  }
  /** Changes the theme that the reader's system asks for, and waits until nothing of the old one is still turning. */
  async turn(theme: "light" | "dark"): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme });
    await this.page.waitForFunction((wanted) => {
      // The style is computed first: what it sets going counts as well.
      const { color } = getComputedStyle(document.body);
      return (
        color !== "" &&
        matchMedia(`(prefers-color-scheme: ${wanted})`).matches &&
        document.getAnimations().every((one) => one.playState === "finished")
      );
    }, theme);
  }
  text(): Promise<string> {
    return this.page.evaluate(() => document.body.innerText);
  }
  /** Without a word of what went wrong. */
  async leave(): Promise<void> {
    await (this.kept ? this.page : this.context).close();
  }
  async close(): Promise<void> {
    await this.leave();
    if (this.problems.length > 0) throw new Error(`The browser complained:\n${this.problems.join("\n")}`);
  }
}

async function open(
  person: Person | null,
  { locale = "zh-CN", width = 1440, theme = "light", script = true }: Look,
): Promise<BrowserContext> {
  const context = await (await browser()).newContext({
    viewport: { width, height: heightOf(width) },
    colorScheme: theme,
    reducedMotion: "reduce",
    javaScriptEnabled: script,
    baseURL: product().url,
    locale,
  });
  await context.addCookies([
    ...(person?.cookies() ?? []).filter((c) => c.name !== "anshi_lng"),
    { name: "anshi_lng", value: locale, url: product().url },
  ]);
  return context;
}

/** By person and look: what a browser that stays open has fetched once, it need not fetch and compile with every page. */
const keptOpen = new Map<string, Promise<BrowserContext>>();

export async function visit(person: Person | null, options: Look = {}): Promise<Visit> {
  const { kept = false, ...seen } = options;
  if (!kept) {
    const context = await open(person, seen);
    return new Visit(context, await context.newPage(), false);
  }
  const name = JSON.stringify([person?.name ?? null, seen]);
  const opened = keptOpen.get(name) ?? open(person, seen);
  keptOpen.set(name, opened);
  const context = await opened;
  return new Visit(context, await context.newPage(), true);
}

/** Opens one page, does something, closes it, and fails for any error meanwhile. */
export async function look<T>(
  person: Person | null,
  path: string,
  options: Look,
  work: (v: Visit) => Promise<T>,
): Promise<T> {
  const v = await visit(person, options);
  let done: T;
  try {
    await v.go(path);
    done = await work(v);
  } catch (error) {
    await v.leave();
    throw error;
  }
  await v.close();
  return done;
}

/** By how many pixels the page is wider than its window, and what sticks out. */
export function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width + 1) return [];
    const inScroller = (e: Element): boolean => {
      for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
        if (/auto|scroll|hidden|clip/.test(getComputedStyle(p).overflowX)) return true;
      return false;
    };
    const out = [...document.querySelectorAll("body *")]
      .filter((e) => e.getBoundingClientRect().right > width + 1 && !inScroller(e))
      .map(
        (e) =>
          `${e.tagName.toLowerCase()}.${(e.getAttribute("class") ?? "").slice(0, 50)} to ${Math.round(e.getBoundingClientRect().right)} of ${width}`,
      );
    return out.length > 0 ? out.slice(0, 4) : [`${document.documentElement.scrollWidth} of ${width}`];
  });
}

/**
 * What is wrong in the cells of tables, as they are laid out now: on a phone, something of a value in the column of the labels;
 * wide, a word that is broken in two.
 */
export function cellFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const seen = (e: Element) =>
      e.checkVisibility() && !e.closest("details:not([open]) > :not(summary), .ui-sr, dialog, [popover]");
    const textsOf = (cell: Element) => {
      const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      for (let n = walk.nextNode(); n; n = walk.nextNode())
        if (n.textContent?.trim() && n.parentElement && seen(n.parentElement)) texts.push(n as Text);
      return texts;
    };
    const linesOf = (text: Text, from: number, to: number) => {
      const range = document.createRange();
      range.setStart(text, from);
      range.setEnd(text, to);
      return [...range.getClientRects()];
    };
    for (const cell of document.querySelectorAll<HTMLElement>(".ui-table-rows > tbody > tr > td[data-label]")) {
      const asCard = getComputedStyle(cell).display !== "table-cell";
      const start = cell.getBoundingClientRect().left + Number.parseFloat(getComputedStyle(cell).paddingLeft) - 1;
      for (const text of textsOf(cell)) {
        const words = text.data.trim().slice(0, 40);
        if (asCard && linesOf(text, 0, text.data.length).some((line) => line.width > 0 && line.left < start))
          faults.push(`under its label «${cell.dataset["label"]}»: ${words}`);
        if (asCard) continue;
        for (const { 0: word, index } of text.data.matchAll(/[A-Za-z]{2,24}/g)) {
          const tops = new Set(linesOf(text, index, index + word.length).map((line) => Math.round(line.top)));
          if (tops.size > 1) faults.push(`broken in «${cell.dataset["label"]}»: ${word}`);
        }
      }
    }
    return [...new Set(faults)].slice(0, 4);
  });
}

/**
 * Of siblings that are built alike, such as the rows of a table, leaves the first three to be seen: axe takes seconds over
 * hundreds of them, and whatever is wrong with one is wrong with its likes.
 */
export function thinOut(page: Page): Promise<void> {
  return page.evaluate(() => {
    const builds = new WeakMap<Element, string>();
    const buildOf = (one: Element): string => {
      const build = `${one.tagName}.${one.getAttribute("class") ?? ""}(${[...one.children].map(buildOf).join()})`;
      builds.set(one, build);
      return build;
    };
    buildOf(document.body);
    for (const parent of document.body.querySelectorAll("*")) {
      const met = new Map<string, number>();
      for (const child of parent.children) {
        const build = builds.get(child) ?? "";
        const before = met.get(build) ?? 0;
        met.set(build, before + 1);
        if (before >= 3 && child instanceof HTMLElement) child.style.setProperty("display", "none", "important");
      }
    }
  });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
interface AxeResult {
  violations: { id: string; impact: string | null; nodes: { target: unknown[]; failureSummary?: string }[] }[];
}

/** Serious and critical violations (axe-core), one line each. `only`: rules, such as the contrast after a change of theme. */
export async function axe(page: Page, only?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate<AxeResult, readonly string[] | null>(
    (rules) => {
      const run = (globalThis as unknown as { axe: { run(context: Document, options: object): Promise<AxeResult> } })
        .axe;
      // Experimental, and so asked for by name: what is seen of a name is part of it (WCAG 2.2, 2.5.3).
      const named = { rules: { "label-content-name-mismatch": { enabled: true } } };
      return run.run(document, {
        resultTypes: ["violations"],
        preload: false,
        ...(rules ? {} : named),
        ...(rules
          ? { runOnly: { type: "rule", values: rules } }
          : { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } }),
      });
    },
    only ? [...only] : null,
  );
  return violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map(
      (v) =>
        `${v.id} ×${v.nodes.length}: ${v.nodes
          .slice(0, 2)
          .map((n) => `${String(n.target)} ${n.failureSummary?.split("\n")[1]?.trim().slice(0, 160) ?? ""}`)
          .join(" | ")}`,
    );
}
