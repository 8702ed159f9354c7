import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import { parseArgs } from "node:util";
import { startClients } from "./clients.ts";
import { fair } from "./parts/fair.ts";
import { guard } from "./parts/guard.ts";
import { heap } from "./parts/heap.ts";
import { mix } from "./parts/mix.ts";
import type { Part, Run } from "./parts/part.ts";
import { signin } from "./parts/signin.ts";
import { databaseSettings, type Product, startProduct, type StartOptions, strangersProduct } from "./product.ts";

/*
 * `npm run load [-- mix|fair|signin|heap|guard|all …]`: people, programs and floods on a product of its own (or on `--url`), from
 * processes of their own; with `--against DIR` another checkout in turn in the same run, for ratios. Tables to the screen,
 * out/load.json.
 */

const parts: readonly Part[] = [mix, signin, fair, heap, guard];
const say = (text: string) => process.stdout.write(`${text}\n`);
const usage = `npm run load -- [${parts.map((p) => p.name).join("|")}|all …] [--seconds 20] [--rounds 3] [--people 50] [--reads 100000] [--against DIR] [--url URL --accounts FILE]`;

function argumentsOf(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      seconds: { type: "string", default: "20" },
      rounds: { type: "string", default: "3" },
      people: { type: "string", default: "50" },
      reads: { type: "string", default: "100000" },
      against: { type: "string" },
      url: { type: "string" },
      accounts: { type: "string" },
    },
  });
  const number = (name: "seconds" | "rounds" | "people" | "reads", most: number): number => {
    const n = Number(values[name]);
    if (!Number.isInteger(n) || n < 1 || n > most) throw new Error(`--${name} is a number from 1 to ${most}.`);
    return n;
  };
  const wanted =
    positionals.length === 0 || positionals.includes("all") ? parts : parts.filter((p) => positionals.includes(p.name));
  const unknown = positionals.filter((name) => name !== "all" && !parts.some((p) => p.name === name));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(", ")}. ${usage}`);
  return {
    wanted,
    against: values.against,
    url: values.url,
    accounts: values.accounts,
    seconds: number("seconds", 600),
    rounds: number("rounds", 50),
    people: number("people", 500),
    reads: number("reads", 1_000_000),
  };
}

/** DATABASE_* for the product in hand, AGAINST_DATABASE_* for the other: two builds never share a database. */
const databaseOf = (prefix: string): NonNullable<StartOptions["database"]> =>
  Object.fromEntries(
    databaseSettings.flatMap((name) =>
      process.env[prefix + name] === undefined ? [] : [[name, process.env[prefix + name]]],
    ),
  );

async function open(given: ReturnType<typeof argumentsOf>): Promise<Product[]> {
  if (given.url !== undefined) return [strangersProduct(given.url, given.accounts ?? "demo-accounts.json")];
  say("starting a product with the demonstration");
  const products = [await startProduct({ name: "this", database: databaseOf("") })];
  if (given.against === undefined) return products;
  say(`starting the one of ${given.against}`);
  try {
    products.push(await startProduct({ name: "other", dir: given.against, database: databaseOf("AGAINST_") }));
  } catch (error) {
    await products[0]?.own?.stop();
    throw error;
  }
  return products;
}

async function main(): Promise<void> {
  const given = argumentsOf(process.argv.slice(2));
  const about = {
    node: process.version,
    cpu: os.cpus()[0]?.model ?? "",
    cores: os.cpus().length,
    loadBefore: os.loadavg(),
  };
  const products = await open(given);
  const stop = () => Promise.all(products.map(async (product) => product.own?.stop()));
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  for (const { name, firstStart } of products)
    if (firstStart !== null) say(`${name}: first start, demonstration and all, ${firstStart.toFixed(1)} s`);
  const clients = await startClients();
  const results: Record<string, unknown> = {};
  try {
    const run: Run = {
      products,
      clients,
      say,
      seconds: given.seconds,
      rounds: given.rounds,
      people: given.people,
      reads: given.reads,
    };
    for (const part of given.wanted) {
      say(`\n${part.name}: ${part.about}`);
      results[part.name] = await part.run(run);
    }
  } finally {
    clients.stop();
    await stop();
  }
  mkdirSync("out", { recursive: true });
  writeFileSync(
    "out/load.json",
    `${JSON.stringify({ at: new Date().toISOString(), about: { ...about, loadAfter: os.loadavg() }, given, firstStarts: products.map((one) => one.firstStart), results }, null, 2)}\n`,
  );
  say(`\nout/load.json; ${about.cores} cores, load ${about.loadBefore.map((n) => n.toFixed(1)).join(" ")} before`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
