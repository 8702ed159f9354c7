import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { endsWithUs, type Running } from "./product.ts";
import type { Target } from "./targets.ts";

export interface Finding {
  scanner: "sqlmap" | "wapiti";
  who: string;
  what: string;
}

/** Runs a program. @returns all that it said, and whether it had to be ended for want of time */
function run(command: string, args: readonly string[], seconds: number): Promise<{ said: string; late: boolean }> {
  return new Promise((resolve, reject) => {
    const child = endsWithUs(spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] }));
    let said = "";
    let late = false;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += String(part)));
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, seconds * 1000);
    child.on("error", reject);
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
    ...(target.method === "GET" || target.token ? [] : [`Origin: ${product.origin}`]),
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
export async function sqlmap(
  product: Running,
  target: Target,
  proof: string,
  folder: string,
  no: number,
): Promise<SqlmapTold> {
  const file = path.join(folder, `${no}.http`);
  requestFile(product, target, proof, file);
  // What a form's address asks is put to the question where a link asks it.
  const fields = target.body !== null && !target.token ? ["--param-filter", "POST"] : [];
  const { said, late } = await run(
    "sqlmap",
    [
      "-r",
      file,
      "--batch",
      "--ignore-stdin",
      "--flush-session",
      "--output-dir",
      path.join(folder, `sqlmap-${no}`),
      "--ignore-code",
      refusals,
      "--disable-coloring",
      "--dbms",
      "PostgreSQL",
      "--level",
      "1",
      "--risk",
      "1",
      "--skip",
      "intent",
      "--time-sec",
      "4",
      "--drop-set-cookie",
      "--answers",
      "redirect=N,merge=N",
      ...fields,
    ],
    1800,
  );
  writeFileSync(path.join(folder, `${no}.log`), said);
  const who = target.account ?? "nobody";
  const name = `${target.method} ${target.address}`;
  const findings = [...said.matchAll(/^Parameter: (.+)$/gm)].map(
    ([, parameter = ""]): Finding => ({ scanner: "sqlmap", who, what: `${name}: ${parameter}` }),
  );
  const tested = new Set(
    [
      ...said.matchAll(
        /testing if (\S+ parameter '[^']*') is dynamic|heuristic \(basic\) test shows that (.+?) might/g,
      ),
    ].map((m) => m[1] ?? m[2]),
  );
  const told = /\[CRITICAL\] (.*)/.exec(said)?.[1] ?? "";
  const finished =
    findings.length > 0 || /do not appear to be injectable|no parameter\(s\) found for testing/.test(told);
  return {
    findings,
    parameters: tested.size,
    unfinished: late
      ? [`${name}: not done in half an hour`]
      : finished
        ? []
        : [`${name}: ${told || said.trim().split("\n").at(-1) || "said nothing"}`],
  };
}

/**
 * Everything but: `ssrf`, `xxe` and `log4shell` ask a server of wapiti's own on the internet (and the product fetches no
 * address of a visitor's and reads no XML but workbooks); `csrf` looks for a token in each form, which the product does not
 * need (`tests/e2e/guard.test.ts` sends every one from hostile origins); `blindsql` is sqlmap's; `buster`,
 * `nikto`, `wapp`, `brute_login_form` look for other people's software. `exec` and `file` go through queries alone: their hundred and more payloads to each field of
 * each form take hours, and no field is a path or part of a command.
 */
const modules =
  "backup,cookieflags,crlf,csp,exec:get,file:get,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss";

/** What wapiti holds against the product and is meant so, with the reason. Everything else it says counts. */
const meant: readonly { says: RegExp; why: string }[] = [
  {
    says: /^HttpOnly Flag cookie: .*anshi-(?:theme|density)$/,
    why: "the page's own script changes theme and density; these cookies prove nothing",
  },
  {
    says: /X-XSS-Protection is not set/,
    why: "browsers have dropped the filter it switched on, for it made holes of its own; the content policy does its work",
  },
];

interface WapitiReport {
  vulnerabilities: Record<string, { method: string; path: string; info: string; parameter: string | null }[]>;
  anomalies: Record<string, { method: string; path: string; info: string }[]>;
}

export interface WapitiTold {
  findings: Finding[];
  /** What it holds against the product that is meant so, with the reason. */
  setAside: string[];
  /** Answers 500 and timeouts: an attack that broke something without getting through. */
  anomalies: string[];
  /** Pages and forms that were attacked. */
  pages: number;
  /** Parts that were ended for want of time, or a session that an attack has ended. */
  unfinished: string[];
}

export interface WapitiJob {
  account: string | null;
  /** Pages that a browser has found, each with its query; wapiti takes their forms along. */
  starts: readonly string[];
  /** Names of fields that it need not try. */
  skip: readonly string[];
  /** The most that crawling, and each kind of attack, may take. */
  seconds: number;
}

const flags = (name: string, values: readonly string[]) => values.flatMap((value) => [name, value]);

/**
 * The pages were found by a browser, which reads them as people do, so wapiti goes one step from each, for the forms; of
 * forms that are alike (one to each question of a survey) one (`-S paranoid`).
 * Language, theme and density are asked for on every page alike and are tried where a start names them.
 */
export async function wapiti(product: Running, job: WapitiJob, proof: string, folder: string): Promise<WapitiTold> {
  const who = job.account ?? "nobody";
  const report = path.join(folder, `wapiti-${who}.json`);
  const store = path.join(folder, `wapiti-${who}`);
  mkdirSync(store, { recursive: true });
  const at = (address: string) => `${product.url}${address}`;
  const { said, late } = await run(
    "/usr/bin/python3",
    [
      path.join(import.meta.dirname, "wapiti.py"),
      "-u",
      at("/"),
      "-m",
      modules,
      "-d",
      "1",
      "--max-links-per-page",
      "1",
      "-S",
      "paranoid",
      ...flags("-s", job.starts.map(at)),
      ...flags("-x", ["/logout", "/login/oidc*", "/switch*", "/assets/*"].map(at)),
      ...flags("-r", ["lng", "theme", "density"]),
      ...flags("--skip", job.skip),
      ...flags("-H", [...(proof ? [`Cookie: ${proof}`] : []), `Origin: ${product.origin}`, "Accept-Language: en"]),
      "--max-scan-time",
      String(job.seconds),
      "--max-attack-time",
      String(job.seconds),
      "--store-session",
      store,
      "--flush-session",
      "--no-bugreport",
      "-f",
      "json",
      "-o",
      report,
    ],
    3600,
  );
  writeFileSync(path.join(folder, `wapiti-${who}.log`), said);
  if (!existsSync(report)) throw new Error(`wapiti wrote no report as ${who}:\n${said.slice(-2000)}`);
  const told = JSON.parse(readFileSync(report, "utf8")) as WapitiReport;
  const flat = <T>(of: Record<string, T[]>) =>
    Object.entries(of).flatMap(([kind, all]) => all.map((one) => ({ kind, one })));
  const held = flat(told.vulnerabilities).map(
    ({ kind, one }) => `${kind}: ${one.method} ${one.path} ${one.parameter ?? ""} ${one.info}`,
  );
  const reasonFor = (what: string) => meant.find(({ says }) => says.test(what))?.why;
  return {
    findings: held
      .filter((what) => reasonFor(what) === undefined)
      .map((what): Finding => ({ scanner: "wapiti", who, what })),
    setAside: held.flatMap((what) =>
      reasonFor(what) === undefined ? [] : [`${what.split(": GET")[0]}: ${reasonFor(what)}`],
    ),
    anomalies: flat(told.anomalies).map(({ kind, one }) => `${who}: ${kind}: ${one.method} ${one.path} ${one.info}`),
    pages: Number(/found (\d+) URLs and forms/.exec(said)?.[1] ?? 0),
    unfinished: [
      ...(late ? [`wapiti as ${who}: not done in an hour`] : []),
      ...[...said.matchAll(/Max (scan|attack) time was reached(?: for module (\S+?),)?/g)].map(
        ([, phase, name]) => `wapiti as ${who}: ${name ?? phase} not done in ${job.seconds} s`,
      ),
      ...(proof !== "" && !(await product.isSignedIn(proof)) ? [`wapiti as ${who}: an attack ended the session`] : []),
    ],
  };
}
