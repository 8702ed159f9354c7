import { createHash, randomUUID } from "node:crypto";
import type postgres from "postgres";
import { sql } from "drizzle-orm";
import { chainVerifier } from "#app/features/audit/chain.server.ts";
import { chainLines } from "#app/features/audit/export.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { rowsOf } from "#db/rows.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { AppError } from "#app/platform/errors.ts";
import { release } from "#app/platform/release.server.ts";
import { complaintsAgainst } from "#db/catalogue-lint.server.ts";
import { type Database, type Pool, withActor } from "#db/client.server.ts";
import { recordedWalls } from "#db/walls-record.server.ts";
import { type Outcome, runSteps } from "./engine.server.ts";
import { kept, type Tried } from "./isolation.rules.ts";
import type { CheckRecord, SealedRecord } from "#app/features/audit/check-record.schema.ts";
import { type Probe, probesFor } from "./probes.server.ts";

/*
 * A check of the walls on the running system. It reads alone: its transactions are READ ONLY and rolled back, each statement
 * has little time, all of them together not much, and no more than two run here at once, one a tenant wherever they run.
 */

export interface Limits {
  /** Milliseconds for one statement, for waiting on a lock, for all probes, for reading the chain. */
  statement: number;
  lock: number;
  probes: number;
  chain: number;
}
const usual: Limits = { statement: 2000, lock: 200, probes: 60_000, chain: 20_000 };
/** Of the pool of ten that pages read with, a check takes one connection, and a second while it reads the chain. */
const atOnce = 2;
const lockSpace = 727_301_217;

/** Out of time, out of room, interrupted: says nothing about a wall. */
const saysNothing = /^(57|55P03|53|40|08|54)/;

/** What a probe's end says; never what came back. */
function judged(probe: Probe, outcome: Outcome): Pick<Tried, "end" | "rows"> {
  if (outcome.code !== null && saysNothing.test(outcome.code)) return { end: "undecided", rows: null };
  if (probe.won(outcome) !== null)
    return { end: "through", rows: outcome.code === null ? (outcome.n ?? outcome.rows) : null };
  const held = outcome.code === null || outcome.code === "42501" || probe.held?.includes(outcome.code);
  return { end: held ? "held" : "undecided", rows: null };
}

async function tryAll(tx: postgres.TransactionSql, probes: readonly Probe[], until: number): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const probe of probes) {
    const { kind, role, name, table } = probe;
    const end =
      performance.now() < until
        ? judged(probe, (await runSteps(tx, probe.steps)).last)
        : ({ end: "undecided", rows: null } as const);
    tried.push({ kind, role, name, table, ...end });
  }
  return tried;
}

/** Reads in a transaction that cannot write, and rolls it back. */
async function readOnly<T>(
  pool: Pool,
  actor: Actor,
  limits: Limits,
  work: (tx: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  const undo: { done?: { value: T } } = {};
  try {
    // In a share of its own: whoever asked for it goes on reading pages meanwhile.
    await pool.begin(
      { tenant: "isolation check", account: actor.tenantId },
      "isolation level read committed read only",
      async (tx) => {
        await tx
          .unsafe(
            `set local statement_timeout = ${limits.statement}; set local lock_timeout = ${limits.lock}; set local idle_in_transaction_session_timeout = ${2 * (limits.probes + limits.chain) + 60_000}`,
          )
          .simple();
        undo.done = { value: await work(tx) };
        throw undo;
      },
    );
  } catch (error) {
    if (error !== undo) throw error;
  }
  if (!undo.done) throw new Error("a transaction ended without being undone");
  return undo.done.value;
}

/** What the catalogue has wrong. A table that somebody holds alone cannot be looked at: then not all was compared. */
async function catalogueOf(tx: postgres.TransactionSql): Promise<{ compared: boolean; complaints: string[] }> {
  try {
    return await tx.savepoint(async (inner) => {
      const expected = await recordedWalls(inner);
      return { compared: expected !== null, complaints: await complaintsAgainst(inner, expected) };
    });
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === "string" && saysNothing.test(code)) return { compared: false, complaints: [] };
    throw error;
  }
}

interface Ground {
  at: string;
  tables: string;
  server: string;
}
async function groundOf(tx: postgres.TransactionSql): Promise<Ground> {
  const [row] = await tx<Ground[]>`
    select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, current_setting('server_version') as server,
      (select tag from meta.migrations order by idx desc limit 1) as tables`;
  if (!row) throw new Error("the database did not say what it is");
  return row;
}

async function oneAtATime(tx: postgres.TransactionSql, tenantId: string): Promise<void> {
  const [lock] = await tx<
    { got: boolean }[]
  >`select pg_try_advisory_xact_lock(${lockSpace}, hashtext(${tenantId})) as got`;
  if (!lock?.got) throw busy();
}
const busy = () => new AppError("isolation_busy", 409, "a check is running already");

/** The tenant's chain, read as the auditor reads it and computed anew; no further than there is time for. */
async function chainOf(db: Pick<Database, "read">, actor: Actor, ms: number): Promise<CheckRecord["chain"]> {
  const until = performance.now() + ms;
  const verifier = chainVerifier();
  let complete = true;
  const tenant = { id: actor.tenantId, name: actor.tenantName.zh };
  for await (const lines of chainLines((work) => withActor(db.read, actor, work), tenant, actor.now)) {
    for (const line of lines.split("\n")) verifier.line(line);
    complete = performance.now() < until;
    if (!complete) break;
  }
  const { problem, entries, head, sealed, tree } = verifier.end();
  // What was not read is not missing.
  const found = !complete && problem?.code === "truncated" ? null : problem;
  return { entries, head, sealed, tree, problem: found && { code: found.code, seq: found.seq }, complete };
}

const otherTenant = (db: Pick<Database, "read">, actor: Actor): Promise<string> =>
  withActor(db.read, actor, async (tx) => {
    const rows = rowsOf<{ id: string }>(
      await tx.execute(
        sql`select id from tenants where id <> ${actor.tenantId} order by kind = 'sector' desc, code limit 1`,
      ),
    );
    return rows[0]?.id ?? randomUUID();
  });

let running = 0;

/**
 * Tries everything of `probesFor`, reads the catalogue, computes the chain. Writes nothing. @param actor an auditor, whose
 * own proof is used and nobody else's. @throws AppError isolation_busy (409) while another check runs.
 */
export async function checkWalls(
  db: Pick<Database, "read" | "authPool">,
  actor: Actor,
  limits: Limits = usual,
): Promise<SealedRecord> {
  if (running >= atOnce) throw busy();
  running += 1;
  try {
    return await check(db, actor, limits);
  } finally {
    running -= 1;
  }
}

async function check(db: Pick<Database, "read" | "authPool">, actor: Actor, limits: Limits): Promise<SealedRecord> {
  const begun = performance.now();
  const probes = probesFor(actor, await otherTenant(db, actor));
  const until = begun + limits.probes;
  const of = (login: Probe["login"]) => probes.filter((p) => p.login === login);
  const found = await readOnly(db.read, actor, limits, async (tx) => {
    await oneAtATime(tx, actor.tenantId);
    const ground = await groundOf(tx);
    const seen = await catalogueOf(tx);
    const asApp = await tryAll(tx, of("app"), until);
    const asAuth = await readOnly(db.authPool, actor, limits, (other) => tryAll(other, of("auth"), until));
    const chain = await chainOf({ read: db.read.aside() }, actor, limits.chain);
    const [end] = await tx<{ wrote: boolean }[]>`select pg_current_xact_id_if_assigned() is not null as wrote`;
    return { ground, ...seen, tried: [...asApp, ...asAuth], chain, wrote: end?.wrote ?? true };
  });
  const { first, ...findings } = kept(found.tried, found.complaints);
  const record: CheckRecord = {
    v: 1,
    ...found.ground,
    ms: Math.round(performance.now() - begun),
    system: release(),
    probes: createHash("sha256")
      .update(probes.map((p) => `${p.kind} ${p.role}: ${p.name}\n`).join(""))
      .digest("hex"),
    ...findings,
    catalogue: { compared: found.compared, complaints: found.complaints.length, first },
    chain: found.chain,
    wrote: found.wrote,
  };
  return { ...record, sha256: sealOf(record) };
}
