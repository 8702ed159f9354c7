import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import postgres from "postgres";
import { serverEnvironment } from "../embedded/binaries.server.ts";
import { StartError } from "../embedded/start-error.ts";
import { ensureLevelRoles } from "../migrate.server.ts";
import { ownTables } from "./facts.server.ts";

/*
 * Dumps of a server that is not ours: pg_dump and pg_restore of its own release, found on this machine or said to be
 * missing before anything begins. They never see a password on their command line.
 */

export interface Tool {
  path: string;
  /** Major release. */
  major: number;
}
type ToolName = "pg_dump" | "pg_restore";

/** Where packages put them (Debian, Red Hat, Homebrew), and the path. */
function placesOf(given: string | undefined): string[] {
  if (given !== undefined) return [given];
  const versioned = (root: string, below: string) =>
    existsSync(root) ? readdirSync(root).map((name) => join(root, name, below)) : [];
  return [
    ...versioned("/usr/lib/postgresql", "bin"),
    ...(existsSync("/usr")
      ? readdirSync("/usr")
          .filter((name) => name.startsWith("pgsql-"))
          .map((name) => join("/usr", name, "bin"))
      : []),
    ...(existsSync("/opt/homebrew/opt")
      ? readdirSync("/opt/homebrew/opt")
          .filter((name) => /^(?:postgresql@|libpq)/.test(name))
          .map((name) => join("/opt/homebrew/opt", name, "bin"))
      : []),
    ...(process.env["PATH"] ?? "").split(delimiter).filter(Boolean),
  ];
}

function toolsIn(name: ToolName, given?: string): Tool[] {
  return [...new Set(placesOf(given))].flatMap((folder) => {
    const path = join(folder, name);
    if (!existsSync(path)) return [];
    const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
    // Debian's wrapper in /usr/bin goes where the cluster of the machine is; its answer is that one's release.
    const major = status === 0 ? Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]) : Number.NaN;
    return Number.isInteger(major) ? [{ path, major }] : [];
  });
}

/**
 * The tool nearest to the release: its own, else the next newer one, for an older one refuses a newer server.
 * @throws StartError that names what is there and the package that is wanted.
 */
export function findTool(name: ToolName, atLeast: number, given?: string, found = toolsIn(name, given)): Tool {
  const [best] = found.filter((t) => t.major >= atLeast).sort((a, b) => a.major - b.major);
  if (best) return best;
  const releases = found.filter((t, i) => found.findIndex((other) => other.major === t.major) === i);
  const there =
    releases.length === 0
      ? "there is none on this machine"
      : `there is ${releases.map((t) => `${t.major} (${t.path})`).join(", ")}`;
  throw new StartError(
    `${name} of PostgreSQL ${atLeast} or newer is needed for this; ${there}. Install the package postgresql-client-${atLeast} (Debian, Ubuntu; newer ones from apt.postgresql.org) or name its folder in PG_BIN.`,
  );
}

/** What libpq takes of an address; the password goes by the environment, where other users of the machine do not see it. */
function connectionOf(url: string): { args: string[]; env: NodeJS.ProcessEnv } {
  const of = new URL(url);
  const secret = decodeURIComponent(of.password);
  of.password = "";
  const known = new Set([
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslcrl",
    "connect_timeout",
    "channel_binding",
    "target_session_attrs",
  ]);
  of.search = new URLSearchParams([...of.searchParams].filter(([key]) => known.has(key))).toString();
  return {
    args: [`--dbname=${of.href}`],
    env: { ...serverEnvironment(), ...(secret === "" ? {} : { PGPASSWORD: secret }) },
  };
}

/** Ends when the program does. @throws StartError with its last words. */
async function run(
  tool: Tool,
  args: string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
  onLine?: (line: string) => void,
): Promise<void> {
  const child = spawn(tool.path, args, {
    env,
    stdio: ["ignore", onLine ? "pipe" : "ignore", "pipe"],
    ...(signal ? { signal } : {}),
  });
  let said = "";
  child.stderr?.on("data", (part: Buffer) => (said = (said + part.toString()).slice(-4000)));
  const lines =
    child.stdout && onLine ? createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }) : null;
  lines?.on("line", (line) => onLine?.(line));
  const read = lines ? new Promise<void>((resolve) => lines.once("close", resolve)) : Promise.resolve();
  const status = await new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.once("close", (code, by) => resolve(`${code ?? by ?? ""}`));
  });
  await read;
  signal?.throwIfAborted();
  if (status !== "0")
    throw new StartError(`${tool.path} failed (${status}): ${said.trim().split("\n").slice(-3).join(" | ")}`);
}

/**
 * Sees this login every row? A dump by who does not ends well and holds a part, or nothing.
 * @throws StartError that names the role and the remedy.
 */
export async function demandEverything(sql: postgres.Sql | postgres.ReservedSql): Promise<void> {
  const [who] = await sql<
    { role: string; all: boolean }[]
  >`select current_user as role, rolsuper or rolbypassrls as all from pg_roles where rolname = current_user`;
  if (who?.all !== true)
    throw new StartError(
      `DATABASE_BACKUP_URL signs in as ${who?.role ?? "nobody"}, whom row-level security shows a part of the rows: the backup would be silently short. Use the role anshi_backup that deploy/roles.sh makes (BYPASSRLS, member of pg_read_all_data).`,
    );
  const tables = await ownTables(sql);
  if (tables.length === 0)
    throw new StartError("The database at DATABASE_BACKUP_URL holds no tables: there is nothing to back up.");
  const hidden = await sql<{ name: string }[]>`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'S') and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
        and not (has_schema_privilege(n.oid, 'usage') and case c.relkind when 'S' then has_sequence_privilege(c.oid, 'select') else has_table_privilege(c.oid, 'select') end) limit 1`;
  if (hidden[0])
    throw new StartError(
      `${who.role} may not read ${hidden[0].name}. As a superuser: grant pg_read_all_data to ${who.role};`,
    );
}

/** @param snapshot exported by a transaction that is still open: dump, counts and files are of one moment. */
export async function dumpDatabase(
  tool: Tool,
  url: string,
  snapshot: string,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const { args, env } = connectionOf(url);
  await run(
    tool,
    [...args, "--format=custom", "--no-password", `--snapshot=${snapshot}`, `--file=${file}`],
    env,
    signal,
  );
}

/** Rows of each table that a dump really holds, by `schema.table`: read back from the archive itself. */
export async function rowsInDump(tool: Tool, file: string, signal?: AbortSignal): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  let table: string | null = null;
  await run(tool, ["--data-only", "--file=-", file], serverEnvironment(), signal, (line) => {
    if (table === null) {
      const found = /^COPY (\S+) (?:\([^)]*\) )?FROM stdin;$/.exec(line);
      if (!found?.[1]) return;
      table = found[1].replaceAll('"', "");
      rows[table] = 0;
    } else if (line === "\\.") table = null;
    else rows[table] = (rows[table] ?? 0) + 1;
  });
  return rows;
}

/** @throws StartError unless nothing was ever put into the database. */
export async function demandEmpty(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const [first] = await ownTables(sql);
    if (first)
      throw new StartError(
        `The database ${new URL(url).pathname.slice(1)} at ${new URL(url).host} is not empty (${first.schema}.${first.name}): a backup is restored into an empty one.`,
      );
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Puts a dump into an empty database as its owner, in one transaction: whole or not at all. Row-level security is in force
 * from the moment it is enabled, which pg_restore does after the rows are in, so that the owner needs no power past it.
 */
export async function loadDump(tool: Tool, ownerUrl: string, file: string, signal?: AbortSignal): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    await ensureLevelRoles(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
  const { args, env } = connectionOf(ownerUrl);
  await run(
    tool,
    [...args, "--no-password", "--no-owner", "--no-comments", "--exit-on-error", "--single-transaction", file],
    env,
    signal,
  );
}

/** The server's own vacuum walks through new tables, and of two who wait for each other one has to give way: then again. */
export async function givingWay<T>(work: () => Promise<T>, tries = 5): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await work();
    } catch (error) {
      if ((error as { code?: unknown }).code !== "40P01" || n === tries) throw error;
    }
  }
}

/**
 * Reads as the owner what the owner's forced policies hide: in one transaction they are not forced, and that
 * is undone at its end. For a database that nobody works with yet.
 */
export async function seeingAll<T>(ownerUrl: string, read: (sql: postgres.TransactionSql) => Promise<T>): Promise<T> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  const undo: { done?: { value: T } } = {};
  try {
    await sql.begin(async (tx) => {
      const forced = await tx<
        { name: string }[]
      >`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relforcerowsecurity`;
      for (const { name } of forced) await tx.unsafe(`alter table ${name} no force row level security`);
      undo.done = { value: await read(tx) };
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  } finally {
    await sql.end({ timeout: 5 });
  }
  if (!undo.done) throw new Error("the transaction ended without being undone");
  return undo.done.value;
}
