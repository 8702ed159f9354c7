import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Running } from "./product.ts";
import type { Target } from "./targets.ts";

export interface Finding {
  scanner: "sqlmap" | "wapiti";
  who: string;
  what: string;
}

/** Runs a program. @returns all that it said, and whether it had to be ended for want of time */
function run(command: string, args: readonly string[], seconds: number): Promise<{ said: string; late: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    let late = false;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += String(part)));
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, seconds * 1000);
    child.once("error", reject);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve({ said, late });
    });
  });
}

/** Answers that are right for nonsense, or for whoever may not: they must not keep sqlmap from going on. */
const refusals = "400,401,403,404,405,409,412,413,415,422,429";

function requestFile(product: Running, target: Target, proof: string, file: string): void {
  const lines = [
    `${target.method} ${target.address} HTTP/1.1`,
    `Host: ${new URL(product.url).host}`,
    "Accept: text/html,application/json",
    "Accept-Language: en",
    ...(target.method === "GET" || target.token ? [] : [`Origin: ${product.url}`]),
    ...(target.token ? [`Authorization: Bearer ${proof}`] : proof ? [`Cookie: ${proof}`] : []),
    ...(target.type ? [`Content-Type: ${target.type}`] : []),
  ];
  writeFileSync(file, `${lines.join("\r\n")}\r\n\r\n${target.body ?? ""}`);
}

export interface SqlmapTold {
  findings: Finding[];
  /** Parameters that were put to the question. */
  parameters: number;
  /** Targets that sqlmap could not finish, with its reason. */
  unfinished: string[];
}

/** One target. All parameters of query, body or the marked place in the path; error, boolean, union, stacked, time, inline. */
export async function sqlmap(product: Running, target: Target, proof: string, folder: string, no: number): Promise<SqlmapTold> {
  const file = path.join(folder, `${no}.http`);
  requestFile(product, target, proof, file);
  const { said, late } = await run(
    "sqlmap",
    ["-r", file, "--batch", "--ignore-stdin", "--flush-session", "--output-dir", path.join(folder, `sqlmap-${no}`), "--ignore-code", refusals, "--disable-coloring", "--dbms", "PostgreSQL", "--level", "1", "--risk", "1", "--skip", "intent", "--time-sec", "4", "--drop-set-cookie", "--answers", "redirect=N,merge=N"],
    600,
  );
  writeFileSync(path.join(folder, `${no}.log`), said);
  const who = target.account ?? "nobody";
  const name = `${target.method} ${target.address}`;
  const findings = [...said.matchAll(/^Parameter: (.+)$/gm)].map(([, parameter = ""]): Finding => ({ scanner: "sqlmap", who, what: `${name}: ${parameter}` }));
  const tested = new Set([...said.matchAll(/testing if (\S+ parameter '[^']*') is dynamic|heuristic \(basic\) test shows that (.+?) might/g)].map((m) => m[1] ?? m[2]));
  const told = /\[CRITICAL\] (.*)/.exec(said)?.[1] ?? "";
  const finished = findings.length > 0 || /do not appear to be injectable|no parameter\(s\) found for testing/.test(told);
  return { findings, parameters: tested.size, unfinished: late ? [`${name}: not done in ten minutes`] : finished ? [] : [`${name}: ${told || said.trim().split("\n").at(-1) || "said nothing"}`] };
}

/**
 * Everything but: `ssrf`, `xxe` and `log4shell` ask a server of wapiti's own on the internet (and the product fetches no
 * address of a visitor's and reads no XML but workbooks); `csrf` looks for a token in each form, which the product does not
 * need (`tests/e2e/guard.test.ts` sends every one from hostile origins); `buster`, `nikto`, `wapp`, `brute_login_form` look
 * for other people's software.
 */
const modules = "backup,blindsql,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss";

/** Debian's 3.0.4 makes the expression of `-x` as Python before 3.11 had it; everything else is as packaged. */
const wapitiMain = `import re, sys
import wapitiCore.net.crawler as crawler
crawler.wildcard_translate = lambda pattern: re.compile(re.escape(pattern).replace("\\\\*", ".*") + r"\\Z", re.M | re.S)
from wapitiCore.main.wapiti import wapiti_main
sys.argv[0] = "wapiti"
sys.exit(wapiti_main())`;

interface WapitiReport {
  vulnerabilities: Record<string, { method: string; path: string; info: string; parameter: string | null }[]>;
  anomalies: Record<string, { method: string; path: string; info: string }[]>;
  infos: { crawled_pages_nbr?: number };
}

export interface WapitiTold {
  findings: Finding[];
  /** Answers 500 and timeouts: an attack that broke something without getting through. */
  anomalies: string[];
  pages: number;
}

export async function wapiti(product: Running, account: string | null, proof: string, folder: string, starts: readonly string[], seconds: number): Promise<WapitiTold> {
  const who = account ?? "nobody";
  const report = path.join(folder, `wapiti-${who}.json`);
  const store = path.join(folder, `wapiti-${who}`);
  mkdirSync(store, { recursive: true });
  const { said } = await run(
    "/usr/bin/python3",
    ["-c", wapitiMain, "-u", `${product.url}/`, ...starts.flatMap((s) => ["-s", `${product.url}${s}`]), ...["/logout", "/login/oidc", "/switch"].flatMap((x) => ["-x", `${product.url}${x}`]), ...(proof ? ["-H", `Cookie: ${proof}`] : []), "-H", `Origin: ${product.url}`, "-m", modules, "--max-scan-time", String(seconds), "--max-attack-time", String(seconds), "--max-links-per-page", "60", "--store-session", store, "--flush-session", "--no-bugreport", "-f", "json", "-o", report],
    seconds * 18,
  );
  writeFileSync(path.join(folder, `wapiti-${who}.log`), said);
  if (!existsSync(report)) throw new Error(`wapiti wrote no report as ${who}:\n${said.slice(-2000)}`);
  const told = JSON.parse(readFileSync(report, "utf8")) as WapitiReport;
  const flat = <T>(of: Record<string, T[]>) => Object.entries(of).flatMap(([kind, all]) => all.map((one) => ({ kind, one })));
  return {
    findings: flat(told.vulnerabilities).map(({ kind, one }): Finding => ({ scanner: "wapiti", who, what: `${kind}: ${one.method} ${one.path} ${one.parameter ?? ""} ${one.info}` })),
    anomalies: flat(told.anomalies).map(({ kind, one }) => `${who}: ${kind}: ${one.method} ${one.path} ${one.info}`),
    pages: told.infos.crawled_pages_nbr ?? 0,
  };
}
