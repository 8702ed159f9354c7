import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { freePort } from "#tests/setup/free-port.ts";
import { median, milliseconds, statusText, table } from "../figures.ts";
import { databaseSettings, type Product, startProduct } from "../product.ts";
import { killKinds, lastWords, strike } from "./kills.ts";
import { Hooks, Letters, subscribe } from "./receivers.ts";
import { type Writer, writersFor } from "./writers.ts";

/*
 * `npm run chaos [-- --kills 20]`: the product, its supervisor, the database and single backends are killed while people write;
 * what was acknowledged must be there, once. Ends with 1 when anything was lost or is there twice.
 * `npm run chaos -- demo` kills while the demonstration loads.
 */

const say = (text: string) => process.stdout.write(`${text}\n`);

interface Strike {
  kind: string;
  what: string;
  /** Milliseconds until a write that was sent after the kill is acknowledged. */
  back: number;
}

/** Strikes in turn, each after a quiet while, and waits for the next write that is acknowledged. */
async function strikes(product: Product, most: number, lastSent: () => number): Promise<Strike[]> {
  const found: Strike[] = [];
  const { own } = product;
  if (own === null) return found;
  for (let n = 0; found.length < most && n < most * 2; n += 1) {
    await sleep(1000 + Math.random() * 3000);
    const kind = killKinds[n % killKinds.length] ?? "server";
    const begun = performance.now();
    const what = await strike(kind, own);
    if (what === null) continue;
    while (lastSent() <= begun && performance.now() - begun < 180_000) await sleep(5);
    const back = performance.now() - begun;
    found.push({ kind, what, back });
    say(`  ${found.length}. ${what}: next acknowledged write after ${milliseconds(back)}`);
    if (lastSent() <= begun) throw new Error(`nothing was acknowledged any more:\n${lastWords(own)}`);
  }
  return found;
}

/** Each event that was acknowledged is told to the receiver, under an id of its own. */
async function missingHooks(hooks: Hooks, wanted: number): Promise<number> {
  for (let left = 200; left > 0 && hooks.seen.size < wanted; left -= 1) await sleep(1000);
  return Math.max(0, wanted - hooks.seen.size);
}

function report(writers: readonly Writer[], found: readonly Strike[], hooks: Hooks, missing: number): boolean {
  const kinds = [...new Set(found.map((one) => one.kind))];
  say(
    `\n${table(
      ["kill", "n", "next write: shortest", "median", "longest"],
      kinds.map((kind) => {
        const times = found.filter((one) => one.kind === kind).map((one) => one.back);
        return [
          kind,
          String(times.length),
          ...[Math.min(...times), median(times), Math.max(...times)].map(milliseconds),
        ];
      }),
    )}`,
  );
  const tallies = writers.map((one) => one.tally);
  say(
    `\n${table(
      ["writer", "acknowledged", "lost", "doubled", "stored though told an error", "refused"],
      tallies.map((t) => [
        t.name,
        String(t.acknowledged),
        String(t.lost.length),
        String(t.doubled.length),
        String(t.unsure),
        statusText(t.refused),
      ]),
    )}`,
  );
  say(`  webhooks: ${hooks.seen.size} messages, ${missing} missing, ${hooks.repeated} sent again under the same id`);
  for (const line of tallies.flatMap((t) => [
    ...t.lost.map((text) => `lost, ${t.name}: ${text}`),
    ...t.doubled.map((text) => `doubled, ${t.name}: ${text}`),
  ]))
    say(`  ${line}`);
  return missing === 0 && tallies.every((t) => t.lost.length === 0 && t.doubled.length === 0);
}

async function chaos(most: number): Promise<boolean> {
  const [hooks, letters] = [new Hooks(), new Letters()];
  const database = Object.fromEntries(
    databaseSettings.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const origin = `http://127.0.0.1:${await freePort()}`;
  const [hookUrl, mailUrl] = await Promise.all([hooks.open(), letters.open()]);
  say("starting a product with the demonstration");
  const product = await startProduct({
    name: "this",
    database,
    env: { SMTP_URL: mailUrl, MAIL_FROM: "Anshi <anshi@load.example>", BASE_URL: origin, PORT: new URL(origin).port },
  });
  const giveUp = async () => {
    await product.own?.stop();
    process.exit(1);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void giveUp());
  try {
    const { writers, lead } = await writersFor(product, () => letters.to());
    await subscribe(product, lead, hookUrl);
    const stop = new AbortController();
    // A write that was under way at a kill may be answered after it, and says nothing of the product's return.
    let last = 0;
    const writing = Promise.all(writers.map((one) => one.write(stop.signal, (sent) => (last = Math.max(last, sent)))));
    const found = await strikes(product, most, () => last).finally(() => stop.abort());
    await writing;
    say("  counting");
    for (const one of writers) await one.judge();
    const events = writers
      .filter((one) => one.tally.name.startsWith("events"))
      .reduce((sum, one) => sum + one.tally.acknowledged, 0);
    const missing = await missingHooks(hooks, events);
    const whole = report(writers, found, hooks, missing);
    mkdirSync("out", { recursive: true });
    writeFileSync(
      "out/chaos.json",
      `${JSON.stringify({ at: new Date().toISOString(), strikes: found, writers: writers.map((one) => one.tally), webhooks: { messages: hooks.seen.size, missing, repeated: hooks.repeated } }, null, 2)}\n`,
    );
    say("  out/chaos.json");
    return whole;
  } finally {
    await product.own?.stop();
    hooks.close();
    await letters.close();
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { kills: { type: "string" } } });
  const kills = Number(values.kills ?? (positionals[0] === "demo" ? 50 : 20));
  if (!Number.isInteger(kills) || kills < 1 || kills > 500) throw new Error("--kills is a number from 1 to 500.");
  if (positionals[0] === "demo") {
    const file = path.join(import.meta.dirname, "../demo-kills.ts");
    if (!existsSync(file)) throw new Error(`${file} is missing`);
    const child = spawn(process.execPath, ["--import", "tsx", file, "--kills", String(kills)], { stdio: "inherit" });
    const [code] = (await once(child, "exit")) as [number | null];
    return code ?? 1;
  }
  if (positionals.length > 0) throw new Error("npm run chaos -- [demo] [--kills N]");
  return (await chaos(kills)) ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
