import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, ensurePostgres, usePostgres } from "#db/embedded/launcher.server.ts";

let base = "";
let dataDir = "";
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "anshi pg "));
  chmodSync(base, 0o755);
  dataDir = join(base, "data dir");
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const started: EmbeddedPostgres[] = [];
async function start(): Promise<EmbeddedPostgres> {
  const server = await ensurePostgres({ dataDir, durable: false });
  started.push(server);
  return server;
}
// A test that failed must not leave its server to the next one.
afterEach(() => Promise.all(started.splice(0).map((server) => server.stop())));
async function ask<T>(url: string, question: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await question(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

describe("the embedded PostgreSQL", () => {
  it("is made once, speaks UTF-8 everywhere, and has three roles that are no superusers", async () => {
    const server = await start();
    expect(server).toMatchObject({ created: true, adopted: false });
    const facts = await ask(server.superuserUrl("anshi"), async (sql) => {
      const roles =
        await sql`select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname like 'anshi\_%' and rolcanlogin order by 1`;
      const [database] =
        await sql`select datlocprovider, datlocale, datctype, pg_encoding_to_char(encoding) as encoding from pg_database where datname = 'anshi'`;
      const [listens] =
        await sql`select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets`;
      return { roles: roles.map((row) => Object.values(row)), database, listens };
    });
    expect(facts.roles).toEqual([
      ["anshi_app", false, false, false, false],
      ["anshi_auth", false, false, false, false],
      ["anshi_owner", false, false, true, false],
    ]);
    expect(facts.database).toMatchObject({ datlocprovider: "b", datlocale: "C.UTF-8", encoding: "UTF8" });
    expect(facts.listens).toEqual({ addresses: "127.0.0.1", sockets: "" });
    for (const file of ["connection.json", "postgres.json"])
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
    await ask(server.urls.owner, (sql) => sql`create table kept (id int)`);
    await expect(ask(server.urls.app.replace(/\/anshi$/, "/postgres"), (sql) => sql`select 1`)).rejects.toMatchObject({
      code: "42501",
    });
    await expect(ask(server.urls.app, (sql) => sql`create temp table t (id int)`)).rejects.toMatchObject({
      code: "42501",
    });
    await expect(start()).rejects.toThrow(/in use by another Anshi/);
    const beside = await usePostgres({ dataDir });
    expect(beside.urls).toEqual(server.urls);
    await beside.stop();
    expect(await ask(server.urls.owner, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await server.stop();
  });

  it("keeps data, address and passwords from one start to the next", async () => {
    const before = readFileSync(join(dataDir, "connection.json"), "utf8");
    const server = await start();
    expect(server.created).toBe(false);
    expect(readFileSync(join(dataDir, "connection.json"), "utf8")).toBe(before);
    expect(await ask(server.urls.owner, (sql) => sql`select * from kept`)).toHaveLength(0);
    await server.stop();
  });

  it("is adopted when the program before was killed", async () => {
    const program = `import { ensurePostgres } from ${JSON.stringify(new URL("../../db/embedded/launcher.server.ts", import.meta.url).href)};
      await ensurePostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false }); process.kill(process.pid, "SIGKILL");`;
    await once(
      spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], { stdio: "inherit" }),
      "exit",
    );
    const server = await start();
    expect(server.adopted).toBe(true);
    expect(await ask(server.urls.owner, (sql) => sql`select * from kept`)).toHaveLength(0);
    await server.stop();
  });

  it("is not misled by a pid file whose number belongs to another program now", async () => {
    const pidFile = join(dataDir, "postgres", "postmaster.pid");
    writeFileSync(pidFile, `${process.pid}\n${join(dataDir, "postgres")}\n1\n1\n\n127.0.0.1\n1 1\nready   \n`);
    const server = await start();
    expect(server.adopted).toBe(false);
    await server.stop();
  });

  it("comes back at the same address when it died", async () => {
    const server = await start();
    const pid = Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
    expect(await server.revive()).toBe(false);
    process.kill(pid, "SIGKILL");
    while ((await server.revive()) === false) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await ask(server.urls.owner, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await server.stop();
  });
});
