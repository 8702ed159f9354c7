import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import postgres from "postgres";
import type { Actor } from "#app/request/actor.ts";
import { openSessions } from "#app/request/session.server.ts";
import { type EnvError, readEnv } from "#app/platform/env.server.ts";
import { fileStorage } from "#app/platform/storage.server.ts";
import { openDatabase, type Database } from "#db/client.server.ts";
import { type PostgresUrls, usePostgres } from "#db/embedded/launcher.server.ts";
import { beginFounding } from "#db/founding.server.ts";
import { migrate } from "#db/migrate.server.ts";
import { loadCatalogue } from "#seeds/catalogue/load.server.ts";
import { clearInterruptedDemo, loadDemoIfEmpty } from "#seeds/demo/load.ts";
import { allComplaints } from "#tests/builders/complaints.ts";
import { allAttacks } from "./attacks.ts";
import { attemptAll, type Tried } from "./engine.ts";
import { type Field, layField } from "./field.ts";
import { attemptAllHttp, httpAttacks, type OpenApi } from "./http-attacks.ts";
import { operationsAside, toldOf } from "./throwaway.ts";
import { canariesFor, proofsFor } from "./visitors.ts";

/*
 * `npm run isolation`: attacks the running database as every role. Every attack on the database happens in a transaction
 * that is rolled back; those at the front door only ask, with proofs that live ten minutes and are taken back.
 */

interface Account {
  email: string;
  apiToken?: string | null;
}
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Members of the demonstration by their API tokens: one secret serves both the API and the policies. */
async function membersOf(db: Database, dataDir: string): Promise<Actor[]> {
  const file = path.join(dataDir, "demo-accounts.json");
  if (!existsSync(file)) return [];
  const accounts = JSON.parse(readFileSync(file, "utf8")) as Account[];
  const sessions = openSessions(db, false);
  const found = await Promise.all(accounts.map(async (a) => (a.apiToken ? sessions.findToken(a.apiToken) : null)));
  return found.filter((a) => a !== null);
}

interface Line {
  role: string;
  group: string;
  tried: number;
  won: number;
}
function printTable(lines: readonly Line[]): void {
  const groups = [...new Set(lines.map((l) => l.group))];
  const roles = [...new Set(lines.map((l) => l.role))];
  const width = Math.max(...roles.map((r) => r.length));
  for (const group of groups) {
    say(`\n${group}`);
    for (const role of roles) {
      const of = lines.filter((l) => l.group === group && l.role === role);
      const [tried, won] = [of.reduce((n, l) => n + l.tried, 0), of.reduce((n, l) => n + l.won, 0)];
      if (tried > 0)
        say(
          `  ${role.padEnd(width)}  ${String(tried).padStart(6)} tried  ${String(won).padStart(4)} through${won > 0 ? "  ←" : ""}`,
        );
    }
  }
}

async function attackDatabase(urls: { app: string; auth: string }, field: Field): Promise<Tried[]> {
  const attacks = allAttacks(field);
  const open = (url: string) =>
    postgres(url, { max: 1, onnotice: () => undefined, connection: { application_name: "anshi-isolation" } });
  const [app, auth] = [open(urls.app), open(urls.auth)];
  try {
    const of = (login: string) => attacks.filter((a) => a.login === login);
    return [
      ...(await attemptAll(app, of("app"), field.canaries)),
      ...(await attemptAll(auth, of("auth"), field.canaries)),
    ];
  } finally {
    await Promise.all([app.end({ timeout: 5 }), auth.end({ timeout: 5 })]);
  }
}

/** The front door, when the product answers at its port. */
async function attackDoor(db: Database, field: Field, port: number) {
  const base = `http://127.0.0.1:${port}`;
  const api = await fetch(`${base}/api/v1/openapi.json`)
    .then(async (r) => (r.ok ? ((await r.json()) as OpenApi) : null))
    .catch(() => null);
  if (api === null) return null;
  const proofs = await proofsFor(db, field.members);
  try {
    return await attemptAllHttp(
      base,
      httpAttacks(proofs.visitors, field, api),
      canariesFor(field.members, field.canaries),
    );
  } finally {
    await proofs.giveBack();
  }
}

/** The embedded database as `npm start` would leave it: on a fresh clone there is nothing to attack yet. */
async function prepare(db: Database, urls: PostgresUrls, dataDir: string): Promise<void> {
  const founding = await beginFounding({
    ownerUrl: urls.owner,
    onWait: () => say("waiting for another process that prepares this database"),
  });
  try {
    const demo = { founding, storage: fileStorage(path.join(dataDir, "files")), dataDir, say };
    await clearInterruptedDemo(demo);
    await migrate({ ownerUrl: urls.owner });
    await loadCatalogue({ ownerUrl: urls.owner });
    await loadDemoIfEmpty({ ...demo, urls, db });
  } finally {
    await founding.end();
  }
}

/** An outside database is prepared by the product that uses it, not from here. @throws when none has been started on it yet */
async function mustBeFounded(db: Database): Promise<void> {
  // By the catalogue: the role that signs in may not look into the schema.
  const found = await db.auth`select from pg_tables where schemaname = 'public' and tablename = 'pilots'`;
  if (found.length === 0)
    throw new Error(
      "This database is empty: start Anshi on it first (npm start, with ANSHI_DEMO=1 for members to attack with), then run npm run isolation beside it.",
    );
}

/** Reads the walls from the catalogue, as the owner; nothing is written and no table locked. @returns what is wrong, in words. */
async function readCatalogue(ownerUrl: string | undefined): Promise<string[]> {
  if (ownerUrl === undefined) {
    say("The catalogue was not read: that needs DATABASE_OWNER_URL.");
    return [];
  }
  const sql = postgres(ownerUrl, { max: 2, onnotice: () => undefined });
  try {
    const complaints = await allComplaints(sql);
    say(
      complaints.length === 0
        ? "The catalogue has every wall as declared, and no hole."
        : `The catalogue has ${complaints.length} holes:`,
    );
    for (const one of complaints) say(`  ${one}`);
    return complaints;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const lately = 2000;
/** `--operations N [--seed S]`: operations made up at random, instead of the attacks, on a database of their own. */
async function madeUp(operations: number, seed: number): Promise<number> {
  let told = performance.now();
  const tally = await operationsAside(operations, seed, (t) => {
    if (performance.now() - told < lately) return;
    told = performance.now();
    process.stderr.write(`\r${t.operations} of ${operations}, ${t.through.length} got through `);
  });
  process.stderr.write("\r");
  for (const line of toldOf(tally)) say(line);
  say(
    `seed ${seed}; ${tally.through.length === 0 ? "no row of somebody else was seen, none was changed." : `${tally.through.length} got through:`}`,
  );
  for (const one of tally.through) say(`  ${one}`);
  return tally.through.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { operations: { type: "string" }, seed: { type: "string", default: "20131122" } },
  });
  if (values.operations !== undefined) {
    const [operations, seed] = [Number(values.operations), Number(values.seed)];
    if (!(Number.isSafeInteger(operations) && operations > 0 && Number.isSafeInteger(seed)))
      throw new Error("--operations N [--seed S]: whole numbers, please.");
    return madeUp(operations, seed);
  }
  const env = readEnv();
  const own = env.DATABASE_URL === undefined ? await usePostgres({ dataDir: env.DATA_DIR }) : null;
  const server = own ?? {
    urls: { app: env.DATABASE_URL ?? "", auth: env.DATABASE_AUTH_URL ?? "" },
    stop: async () => undefined,
  };
  const db = openDatabase({ appUrl: server.urls.app, authUrl: server.urls.auth, max: 4 });
  try {
    if (own && !own.adopted) await prepare(db, own.urls, env.DATA_DIR);
    if (!own) await mustBeFounded(db);
    const actors = await membersOf(db, env.DATA_DIR);
    say(
      actors.length > 0
        ? `${actors.length} accounts of the demonstration; one of each role attacks.`
        : "No accounts of the demonstration here: only attacks without a proof of one's own.",
    );
    const complaints = await readCatalogue(own?.urls.owner ?? env.DATABASE_OWNER_URL);
    const field = await layField(db, actors, 1);
    const begun = performance.now();
    const tried = await attackDatabase(server.urls, field);
    const door = field.members.length > 0 ? await attackDoor(db, field, env.PORT) : null;
    const lines = [
      ...tried.map((t) => ({ role: t.attack.role, group: t.attack.group, tried: 1, won: t.won === null ? 0 : 1 })),
      ...(door ?? []).map((t) => ({
        role: t.attack.role,
        group: `front door: ${t.attack.group}`,
        tried: 1,
        won: t.won === null ? 0 : 1,
      })),
    ];
    printTable(lines);
    const through = [
      ...tried.filter((t) => t.won !== null).map((t) => `${t.attack.role}: ${t.attack.name} → ${t.won}`),
      ...(door ?? []).filter((t) => t.won !== null).map((t) => `${t.attack.role}: ${t.attack.name} → ${t.won}`),
    ];
    if (door === null)
      say(`\nNothing answers at port ${env.PORT}: the front door was not tried. Start the product with npm start.`);
    say(
      `\n${lines.length} attacks in ${((performance.now() - begun) / 1000).toFixed(1)} s; ${through.length === 0 ? "nothing got through." : `${through.length} got through:`}`,
    );
    for (const one of through) say(`  ${one}`);
    return through.length + complaints.length === 0 ? 0 : 1;
  } finally {
    await db.close();
    await server.stop();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: EnvError | Error) => {
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  },
);
