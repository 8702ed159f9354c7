import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { holedCopy, outFolder, root, Running, scanners } from "./product.ts";
import { type Finding, sqlmap, wapiti, type WapitiJob } from "./scanners.ts";
import { apiTargets, pageTargets, type Target } from "./targets.ts";

/*
 * `npm run scan`: sqlmap and wapiti (Debian's packages) against the running product with the demonstration, as each role
 * and as nobody, on a data folder that is thrown away; then the same against a copy with holes in it, which must be found.
 */

const people = [
  null,
  "ten.s1.officer",
  "ten.s1.lead",
  "ten.regulator",
  "ten.lead",
  "assessor1",
  "editor",
  "director",
  "ten.auditor",
  "operator",
];
const apiCaller = "ten.regulator";
const say = (text: string) => process.stdout.write(`${text}\n`);

interface Told {
  findings: Finding[];
  targets: number;
  parameters: number;
  pages: number;
  unfinished: string[];
  setAside: Set<string>;
  anomalies: string[];
}

async function proofOf(product: Running, target: Pick<Target, "account" | "token">): Promise<string> {
  if (target.account === null) return "";
  if (target.token) return product.accounts.find((a) => a.email.startsWith(`${target.account}@`))?.apiToken ?? "";
  return product.signIn(target.account);
}

/** Two at a time: a scanner spends most of its time in itself. */
async function two<T>(all: readonly T[], work: (one: T, no: number) => Promise<void>): Promise<void> {
  const left = all.map((one, no) => [one, no] as const);
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(...next);
  };
  await Promise.all([worker(), worker()]);
  process.stderr.write("\n");
}

const allSqlmap = (product: Running, targets: readonly Target[], folder: string, told: Told) =>
  two(targets, async (target, no) => {
    const one = await sqlmap(product, target, await proofOf(product, target), folder, no);
    told.findings.push(...one.findings);
    told.parameters += one.parameters;
    told.unfinished.push(...one.unfinished);
    told.targets += 1;
    process.stderr.write(
      `\rsqlmap: ${told.targets} of ${targets.length}, ${told.parameters} parameters, ${told.findings.length} found `,
    );
  });

const allWapiti = (product: Running, jobs: readonly WapitiJob[], folder: string, told: Told) =>
  two(jobs, async (job) => {
    const one = await wapiti(product, job, job.account === null ? "" : await product.signIn(job.account), folder);
    told.findings.push(...one.findings);
    told.anomalies.push(...one.anomalies);
    told.unfinished.push(...one.unfinished);
    for (const reason of one.setAside) told.setAside.add(reason);
    told.pages += one.pages;
    process.stderr.write(
      `\rwapiti: ${job.account ?? "nobody"}, ${told.pages} places, ${told.findings.length} found          `,
    );
  });

const nothing = (): Told => ({
  findings: [],
  targets: 0,
  parameters: 0,
  pages: 0,
  unfinished: [],
  setAside: new Set(),
  anomalies: [],
});
function print(title: string, told: Told): void {
  say(
    `\n${title}: sqlmap put ${told.parameters} parameters of ${told.targets} requests to the question, wapiti ${told.pages} pages and forms; ${told.findings.length} findings`,
  );
  for (const f of told.findings) say(`  ${f.scanner} as ${f.who}: ${f.what}`);
  for (const u of told.unfinished) say(`  not finished: ${u}`);
  for (const reason of told.setAside) say(`  meant so: ${reason}`);
  for (const a of told.anomalies) say(`  answered badly: ${a}`);
}

/** The pages to show wapiti as somebody: those on which a browser first saw something as that person, and what a link there asks. */
function startsOf(account: string | null, targets: readonly Target[]): string[] {
  const starts = targets.flatMap((t) =>
    t.account === account ? [t.seenOn, ...(t.method === "GET" && !t.address.includes("*") ? [t.address] : [])] : [],
  );
  return [...new Set(starts)].filter((address) => address !== null);
}

async function theProduct(folder: string, seconds: number, only: string | undefined): Promise<Told> {
  const product = await Running.start(root);
  const told = nothing();
  try {
    const pages = await pageTargets(product, people, 60);
    const targets = [...pages.targets, ...(await apiTargets(product, apiCaller))];
    say(
      `${targets.length} requests that take something in, found by ${people.length - 1} people, by nobody, and in the API's description`,
    );
    writeFileSync(path.join(folder, "targets.json"), JSON.stringify(targets, null, 1));
    if (only !== "wapiti") await allSqlmap(product, targets, folder, told);
    const jobs = people.map(
      (account): WapitiJob => ({
        account,
        starts: [
          ...startsOf(account, pages.targets),
          ...(account === null ? ["/login?lng=en&theme=dark&density=compact"] : []),
        ],
        skip: pages.alike,
        seconds,
      }),
    );
    if (only !== "sqlmap") await allWapiti(product, jobs, folder, told);
  } finally {
    await product.stop();
  }
  return told;
}

async function theHoledCopy(folder: string, seconds: number): Promise<Told> {
  const copy = holedCopy();
  const told = nothing();
  try {
    const product = await Running.start(copy);
    try {
      const account = "editor";
      // A number that is there: what is asked for beside it then shows in the answer.
      const list = (await (
        await fetch(new URL("/api/v1/specifications", product.url), {
          headers: { authorization: `Bearer ${await proofOf(product, { account, token: true })}` },
        })
      ).json()) as { items: { number: string }[] };
      const address = `/search.json?q=${encodeURIComponent(list.items[0]?.number ?? "")}`;
      await allSqlmap(
        product,
        [{ account, method: "GET", address, body: null, type: null, token: false, seenOn: null }],
        folder,
        told,
      );
      await allWapiti(product, [{ account, starts: ["/search?q=a"], skip: [], seconds }], folder, told);
    } finally {
      await product.stop();
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  return told;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: "string" }, seconds: { type: "string", default: "900" }, part: { type: "string" } },
  });
  const missing = scanners();
  if (missing.length > 0)
    throw new Error(`${missing.join(" and ")} not found. Debian, Ubuntu: apt-get install ${missing.join(" ")}`);
  const seconds = Number(values.seconds);
  const told = values.part === "copy" ? nothing() : await theProduct(outFolder("product"), seconds, values.only);
  if (values.part !== "copy") print("the product", told);
  const control = values.part === "product" ? null : await theHoledCopy(outFolder("copy"), seconds);
  if (control) print("the copy with holes", control);
  const found = (scanner: Finding["scanner"]) =>
    control === null || control.findings.some((f) => f.scanner === scanner && f.what.includes("/search"));
  for (const scanner of ["sqlmap", "wapiti"] as const)
    if (!found(scanner)) say(`${scanner} did not find the planted hole: what it says of the product is worth nothing`);
  return told.findings.length + told.unfinished.length === 0 && found("sqlmap") && found("wapiti") ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  },
);
