import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium, type Browser } from "playwright-core";
import { REPORT_SIZES, reportFixture, type ReportSize } from "#app/pdf/fixtures.ts";
import { PdfPool } from "#app/pdf/render.server.ts";
import type { RiskReportData } from "#app/pdf/types.ts";

export interface BenchRow {
  readonly name: string;
  readonly figure: string;
  readonly ratio: number;
  readonly target?: string;
  readonly note?: string;
}

export const name = "pdf";

const ROUNDS = 5;
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Pages of about 50 and 200; the HTML print has the same text, tables and type, and comes out within a few pages. */
const SIZES: readonly { readonly pages: number; readonly size: ReportSize; readonly target: number }[] = [
  { pages: 50, size: { ...REPORT_SIZES.fifty, paragraphs: 7, assets: 118, risks: 130 }, target: 1 },
  { pages: 200, size: { ...REPORT_SIZES.twoHundred, paragraphs: 30, assets: 580, risks: 620 }, target: 2 },
];

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, values: readonly string[]): string =>
    `<tr>${values.map((value) => `<${tag}>${escape(value)}</${tag}>`).join("")}</tr>`;
  return `<table><caption>${escape(caption)}</caption><thead>${cells("th", head)}</thead><tbody>${rows.map((row) => cells("td", row)).join("")}</tbody></table>`;
}

function face(file: string, weight: number): string {
  const url = pathToFileURL(createRequire(import.meta.url).resolve(file)).href;
  return `@font-face{font-family:S;font-weight:${weight};src:url(${url})}`;
}

/** The same report as a page for the browser: equal text, tables, sizes and margins, the same two font files. */
export function reportHtml(data: RiskReportData): string {
  const style = `${face("@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf", 400)}${face("@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf", 700)}
@page{size:A4;margin:76pt 62pt 68pt 70pt}body{font:10.5pt/1.72 S;margin:0}p{text-indent:2em;margin:0 0 3pt;text-align:justify}h1{font-size:17pt;break-before:page}h2{font-size:12.5pt;margin:16pt 0 6pt}
table{width:100%;border-collapse:collapse;font-size:8.5pt;line-height:1.45;margin:9pt 0}td,th{padding:3.5pt 4pt;border-bottom:.35pt solid #c9d0d4;text-align:left;vertical-align:top}thead{display:table-header-group}tr{break-inside:avoid}caption{font-weight:700}`;
  const assets = data.assets.map((row) => [
    row.code,
    row.name,
    row.kind,
    row.owner,
    String(row.confidentiality),
    String(row.integrity),
    String(row.availability),
    String(row.value),
  ]);
  const threats = data.threats.map((row) => [row.code, row.name, row.source, row.description, String(row.frequency)]);
  const flaws = data.vulnerabilities.map((row) => [
    row.code,
    row.name,
    row.asset,
    row.description,
    String(row.severity),
  ]);
  const risks = data.risks.map((row) => [
    row.code,
    row.asset,
    row.threat,
    row.vulnerability,
    `${row.assetValue}/${row.threatFrequency}/${row.severity}`,
    String(row.likelihood),
    String(row.loss),
    String(row.score),
    String(row.level),
  ]);
  const measures = data.measures.map((row) => [
    row.code,
    row.name,
    row.risks.join("、"),
    row.owner,
    row.due,
    String(row.residual),
  ]);
  const text = data.chapters
    .map(
      (chapter) =>
        `<h1>${chapter.key}</h1>${chapter.sections.map((section) => `<h2>${section.no} ${escape(section.title)}</h2>${section.paragraphs.map((p) => `<p>${escape(p)}</p>`).join("")}`).join("")}`,
    )
    .join("");
  const high = (rows: readonly (readonly string[])[], at: number): readonly (readonly string[])[] =>
    rows.filter((row) => Number(row[at]) >= 4);
  const tables = [
    table("4", ["编号", "名称", "类别", "责任人", "保密性", "完整性", "可用性", "资产价值"], high(assets, 7)),
    table("5", ["编号", "威胁", "来源", "说明", "频率"], high(threats, 4)),
    table("6", ["编号", "脆弱性", "资产", "说明", "严重程度"], high(flaws, 4)),
    table("7", ["编号", "资产", "威胁", "脆弱性", "A/T/V", "可能性", "损失", "风险值", "等级"], risks),
    table("9", ["编号", "措施", "对应风险", "责任人", "完成期限", "残余风险"], measures),
    table("附件 1、2", ["编号", "措施", "对应风险", "责任人", "完成期限", "残余风险"], measures),
    table("附件 3", ["编号", "名称", "类别", "责任人", "保密性", "完整性", "可用性", "资产价值"], assets),
    table("附件 4", ["编号", "威胁", "来源", "说明", "频率"], threats),
    table("附件 5", ["编号", "脆弱性", "资产", "说明", "严重程度"], flaws),
  ];
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>${style}</style><body>${text}${tables.map((one) => `<h2></h2>${one}`).join("")}</body></html>`;
}

interface Printed {
  readonly ms: number;
  readonly pages: number;
}

async function print(browser: Browser, file: string): Promise<Printed> {
  const page = await browser.newPage();
  const begun = performance.now();
  await page.goto(pathToFileURL(file).href);
  await page.evaluate("document.fonts.ready");
  const footer =
    '<span style="font-size:8px;margin-left:70px"><span class="pageNumber"></span>/<span class="totalPages"></span></span>';
  const bytes = await page.pdf({
    preferCSSPageSize: true,
    displayHeaderFooter: true,
    headerTemplate: "<span></span>",
    footerTemplate: footer,
  });
  const ms = performance.now() - begun;
  await page.close();
  return { ms, pages: bytes.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0 };
}

interface Growth {
  readonly pages: number;
  readonly ms: number;
  /** Peak memory of a fresh process that makes this report once, bytes. */
  readonly rss: number;
}

/** Peak resident memory of one report in a process of its own. */
function peakMemory(size: ReportSize): number {
  const code = `
const { compose } = await import("#app/pdf/engine/compose.server.ts");
const { documentPlan } = await import("#app/pdf/documents/index.ts");
const { reportFixture } = await import("#app/pdf/fixtures.ts");
await compose(documentPlan("riskReport", reportFixture("zh-CN", ${JSON.stringify(size)}), "zh-CN"));
console.log(process.resourceUsage().maxRSS);`;
  const root = new URL("../..", import.meta.url);
  const out = execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    cwd: root,
    encoding: "utf8",
  });
  return Number(out.trim()) * 1024;
}

/** One size in turns: ours, the browser's, ours … so that both meet the same machine. */
async function compare(
  browser: Browser,
  pool: PdfPool,
  pages: number,
  size: ReportSize,
  target: number,
): Promise<{ rows: BenchRow[]; growth: Growth }> {
  const data = reportFixture("zh-CN", size);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "anshi-bench-"));
  const file = path.join(folder, "report.html");
  fs.writeFileSync(file, reportHtml(data));
  const ours: number[] = [];
  const theirs: number[] = [];
  const counted = { ours: 0, theirs: 0 };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const begun = performance.now();
    const made = await pool.render("riskReport", data, "zh-CN");
    const ms = performance.now() - begun;
    const printed = await print(browser, file);
    // The first round warms both: fonts read, code compiled.
    if (round === 0) continue;
    ours.push(ms);
    theirs.push(printed.ms);
    counted.ours = made.pages;
    counted.theirs = printed.pages;
  }
  const row = {
    name: `report of ${pages} pages against Chromium's print of equal HTML (warm)`,
    figure: `${Math.round(median(ours))} ms for ${counted.ours} pages, ${Math.round(median(theirs))} ms for ${counted.theirs}`,
    ratio: median(ours) / median(theirs),
    target: `≤ ${target}`,
    note: "whole time, worker thread included; ours adds cover, contents, figures and repeated captions",
  };
  fs.rmSync(folder, { recursive: true });
  return { rows: [row], growth: { pages: counted.ours, ms: median(ours), rss: peakMemory(size) } };
}

/** Compares with a warm browser and tells how time and memory grow from the short report to the long one. */
export async function run(): Promise<BenchRow[]> {
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: FLAGS,
  });
  const pool = new PdfPool({ workers: 1 });
  const rows: BenchRow[] = [];
  const growths: Growth[] = [];
  try {
    for (const { pages, size, target } of SIZES) {
      const { rows: made, growth } = await compare(browser, pool, pages, size, target);
      rows.push(...made);
      growths.push(growth);
    }
  } finally {
    await pool.close();
    await browser.close();
  }
  const [short, long] = growths;
  if (short && long) {
    const time = long.ms / long.pages / (short.ms / short.pages);
    rows.push({
      name: "growth of time, long report's time a page over the short one's",
      figure: `${(short.ms / short.pages).toFixed(1)} → ${(long.ms / long.pages).toFixed(1)} ms a page`,
      ratio: time,
      target: "≤ 1.3 (linear)",
    });
    const mb = (bytes: number): number => Math.round(bytes / 1048576);
    rows.push({
      name: "peak memory of the process, long report over short",
      figure: `${mb(short.rss)} → ${mb(long.rss)} MB`,
      ratio: long.rss / short.rss,
      target: `≤ ${(long.pages / short.pages).toFixed(1)} (the ratio of pages)`,
    });
  }
  return rows;
}
