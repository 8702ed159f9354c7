import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import postgres from "postgres";
import { StartError } from "./embedded/start-error.ts";
import { installJobs } from "./jobs.server.ts";
import { backupRole, levelRole, levels, workerRole } from "./roles.ts";
import { recordWalls } from "./walls-record.server.ts";
import { wallStatements } from "./walls.ts";

/** Serial of the advisory lock under which one process at a time migrates. */
export const migrationLock = 727_301_214;

interface Step {
  idx: number;
  tag: string;
  sha256: string;
  statements: string[];
}
export interface MigrationStatus {
  applied: number;
  known: number;
  /** pending: the code is ahead; newer: the database is ahead, this code must not touch it. */
  state: "current" | "pending" | "newer";
}

/** The database holds a migration this code does not know, or one that was changed after it ran. */
export class MigrationMismatch extends Error {
  override readonly name = "MigrationMismatch";
}

export const migrationsFolder = (): string => path.resolve(process.env["ANSHI_ROOT"] ?? process.cwd(), "db/migrations");

/** Reads the steps that ship with the code, in order. */
export async function readSteps(folder = migrationsFolder()): Promise<Step[]> {
  const journal = JSON.parse(await readFile(path.join(folder, "meta/_journal.json"), "utf8")) as {
    entries: { idx: number; tag: string }[];
  };
  return Promise.all(
    journal.entries.map(async ({ idx, tag }) => {
      const text = await readFile(path.join(folder, `${tag}.sql`), "utf8");
      return {
        idx,
        tag,
        sha256: createHash("sha256").update(text).digest("hex"),
        statements: text
          .split("--> statement-breakpoint")
          .map((s) => s.trim())
          .filter(Boolean),
      };
    }),
  );
}

const quietly = { max: 1, onnotice: () => undefined, connection: { application_name: "anshi-migrate" } } as const;

/**
 * Brings the database to the state of this code: level roles, the job queue, versioned steps, then grants and FORCE, and
 * the record that the walls are held against.
 * Forward only, one transaction a step, under an advisory lock. `upTo` stops after that step (tests of upgrades).
 * @throws MigrationMismatch when the database is newer than the code or a step's text changed after it was applied.
 */
export async function migrate({
  ownerUrl,
  folder,
  upTo,
}: {
  ownerUrl: string;
  folder?: string;
  upTo?: number;
}): Promise<MigrationStatus> {
  const steps = (await readSteps(folder)).filter((s) => upTo === undefined || s.idx <= upTo);
  const sql = postgres(ownerUrl, quietly);
  try {
    await sql`select pg_advisory_lock(${migrationLock})`;
    await ensureLevelRoles(sql);
    await sql`create schema if not exists meta`;
    await sql`create table if not exists meta.migrations (idx integer primary key, tag text not null, sha256 text not null, applied_at timestamptz not null default now())`;
    // Whether a demonstration is under way (founding.server.ts). Kept when everything else is taken away.
    await sql`create table if not exists meta.demonstration (one boolean primary key default true check (one), run uuid not null, begun_at timestamptz not null default now(), ended_at timestamptz, files text[] not null default '{}')`;
    const applied = await sql<
      { idx: number; tag: string; sha256: string }[]
    >`select idx, tag, sha256 from meta.migrations order by idx`;
    refuseForeign(applied, steps);
    await installJobs(ownerUrl);
    for (const step of steps.slice(applied.length)) {
      await sql.begin(async (tx) => {
        for (const statement of step.statements) await tx.unsafe(statement);
        await tx`insert into meta.migrations (idx, tag, sha256) values (${step.idx}, ${step.tag}, ${step.sha256})`;
      });
    }
    if (upTo === undefined) {
      await raiseWalls(sql);
      await recordWalls(sql);
    }
    return { applied: steps.length, known: steps.length, state: "current" };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function refuseForeign(applied: readonly { idx: number; tag: string; sha256: string }[], steps: readonly Step[]) {
  for (const [i, row] of applied.entries()) {
    const step = steps[i];
    if (!step)
      throw new MigrationMismatch(
        `the database is at migration ${row.tag}, which this release does not know: start the newer release, or restore a backup of before into a new place: npm run restore -- DIR`,
      );
    if (step.sha256 !== row.sha256)
      throw new MigrationMismatch(
        `migration ${row.tag} was changed after it had been applied: migrations are only ever added`,
      );
  }
}

/** Roles without login that policies are written for, and who may take them. @param sql the owner's connection. */
export async function ensureLevelRoles(sql: postgres.Sql) {
  const version = Number((await sql`select current_setting('server_version_num') as v`)[0]?.["v"]);
  if (version < 150_000) throw new Error(`PostgreSQL 15 or newer is needed, this server is ${version}`);
  for (const [role, login] of [...levels.map((l) => [levelRole(l), "anshi_app"]), [workerRole, "anshi_auth"]] as [
    string,
    string,
  ][]) {
    const [known] = await sql`select 1 from pg_roles where rolname = ${role}`;
    if (!known) await sql.unsafe(`create role ${role} nologin`).catch(ignoreRace);
    const [member] =
      await sql`select 1 from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles u on u.oid = m.member where r.rolname = ${role} and u.rolname = ${login}`;
    if (!member)
      await sql.unsafe(`grant ${role} to ${login}${version >= 160_000 ? " with inherit false, set true" : ""}`);
  }
}
/** Roles are the whole cluster's: another database's migration may have made it a moment before. */
function ignoreRace(error: unknown) {
  if (!(error instanceof postgres.PostgresError && (error.code === "42710" || error.code === "23505"))) throw error;
}

async function raiseWalls(sql: postgres.Sql) {
  const statements = wallStatements();
  const database = (await sql`select current_database() as name`)[0]?.["name"] as string;
  await sql.begin(async (tx) => {
    for (const statement of statements) await tx.unsafe(statement);
    await tx.unsafe(`revoke all on database "${database}" from public`);
    const [forDumps] = await tx`select 1 from pg_roles where rolname = ${backupRole}`;
    await tx.unsafe(
      `grant connect on database "${database}" to anshi_app, anshi_auth${forDumps ? `, ${backupRole}` : ""}`,
    );
    await tx.unsafe(
      `grant usage on schema meta to anshi_app; grant select on meta.migrations, meta.demonstration to anshi_app`,
    );
  });
}

/**
 * A login that has a level's rights without taking the level stands before one wall fewer.
 * @param sql as the login itself. @throws StartError that names the role and the remedy.
 */
export async function refuseInherited(sql: postgres.ISql): Promise<void> {
  const all = [...levels.map(levelRole), workerRole];
  const [found] = await sql<{ login: string; level: string; version: number }[]>`
    select session_user as login, rolname as level, current_setting('server_version_num')::integer as version
      from pg_roles where rolname = any (${all}) and pg_has_role(session_user, oid, 'usage') order by 2 limit 1`;
  if (!found) return;
  const { login, level, version } = found;
  const remedy = version >= 160_000 ? `grant ${level} to ${login} with inherit false` : `alter role ${login} noinherit`;
  throw new StartError(
    `The database role ${login} has the rights of ${level} without taking it, which leaves one wall out. Run as a superuser: ${remedy};`,
  );
}

/** How the database stands to this code, as seen by anshi_app. One query. */
export async function migrationStatus(sql: postgres.ISql, folder?: string): Promise<MigrationStatus> {
  const steps = await readSteps(folder);
  const applied = await sql<{ idx: number }[]>`select idx from meta.migrations`;
  const state = applied.length > steps.length ? "newer" : applied.length < steps.length ? "pending" : "current";
  return { applied: applied.length, known: steps.length, state };
}
