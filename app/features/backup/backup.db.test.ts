import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { access, chmod, constants } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWorld, type World } from "#tests/builders/world.ts";
import { type Env, readEnv } from "#app/platform/env.server.ts";
import { spool } from "#app/platform/spool.server.ts";
import { spoolFolder, storageOf } from "#app/platform/storage.server.ts";
import { readManifest } from "#db/backup/folder.server.ts";
import { demandEverything, findTool } from "#db/backup/dump.server.ts";
import { manifestName } from "#db/backup/manifest.ts";
import { type EmbeddedPostgres, ensurePostgres } from "#db/embedded/launcher.server.ts";
import { roleComplaints } from "#db/catalogue-roles.server.ts";
import { placeComplaints } from "#db/catalogue-lint.server.ts";
import { levelRole } from "#db/roles.ts";
import { migrate, refuseInherited } from "#db/migrate.server.ts";
import { createTestDatabase, type TestDatabase } from "#tests/setup/test-database.ts";
import { makeBackup } from "./backup.server.ts";
import { restoreBackup, restorePasswords } from "./restore.server.ts";
import { isSound } from "./verify.server.ts";

/*
 * A small world on an embedded server of its own, backed up while somebody writes and restored elsewhere. In memory where
 * the machine has some: what is asked is whether it comes back, not the disk.
 */

const memory = await access("/dev/shm", constants.W_OK).then(
  () => "/dev/shm",
  () => tmpdir(),
);
const root = mkdtempSync(join(memory, "anshi-backup-"));
const env = (name: string): Env => readEnv({ DATA_DIR: join(root, name), ANSHI_DEMO: "0" });
const home = env("home");
const dir = join(root, "taken");
const quiet = { say: () => undefined };

let server: EmbeddedPostgres;
let world: World;
let superuser: postgres.Sql;
let lost = "";

async function fileEvidence(): Promise<string> {
  const [sector] = world.sectors;
  const site = sector.sites[0];
  const { id } = (await superuser<{ id: string }[]>`select gen_random_uuid()::text as id`)[0] ?? { id: "" };
  const bytes = Buffer.from(`佐证 ${id}`);
  const spooled = await spool(new Blob([bytes]).stream(), spoolFolder(home), 1000);
  await storageOf(home).keep(`${sector.id}/${id}`, spooled);
  // Past the keys: what a file belongs to is not what is asked here.
  await superuser.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`insert into evidence (tenant_id, id, project_id, site_id, document_id, name, media_type, bytes, sha256, uploaded_by_name)
      values (${sector.id}, ${id}, ${sector.projectId}, ${site?.id ?? ""}, gen_random_uuid(), '记录.txt', 'text/plain', ${bytes.length}, ${spooled.sha256}, '测试')`;
  });
  return `${sector.id}/${id}`;
}

beforeAll(async () => {
  await chmod(root, 0o711);
  server = await ensurePostgres({ dataDir: home.DATA_DIR });
  await migrate({ ownerUrl: server.urls.owner });
  superuser = postgres(server.superuserUrl("anshi"), { max: 2, onnotice: () => undefined });
  world = await buildWorld({
    name: "anshi",
    urls: server.urls,
    superuserUrl: server.superuserUrl("anshi"),
    drop: async () => undefined,
  });
  lost = await fileEvidence();
  await fileEvidence();
  await superuser`select auth.seal_audit()`;
}, 120_000);
afterAll(async () => {
  await world?.db.close();
  await superuser?.end({ timeout: 5 });
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

describe("a backup of the embedded server", () => {
  it("is of one moment while somebody writes, and comes back equal elsewhere: rows, chains, tree, walls, files", async () => {
    const ended = new AbortController();
    let wrote = 0;
    const writing = (async () => {
      const [sector] = world.sectors;
      for (; !ended.signal.aborted; wrote += 1) {
        await world.as(sector.regulator, (tx) =>
          tx.execute(`update sites set contact = '${wrote}' where id = '${sector.sites[0]?.id ?? ""}'`),
        );
        const key = await fileEvidence();
        // Taken away as the product does it: first the row, then the bytes.
        if (wrote % 2 === 0) {
          await superuser`delete from evidence where id = ${key.split("/")[1] ?? ""}`;
          await storageOf(home).remove(key);
        }
      }
    })();
    const made = await makeBackup({ env: home, dir, files: true, dump: false, ...quiet }).finally(() => ended.abort());
    await writing;
    expect(wrote).toBeGreaterThan(0);
    expect(made.amiss).toEqual([]);
    expect(made.manifest.trail.tree?.root).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(join(dir, manifestName), "utf8")).not.toContain(new URL(server.urls.owner).password);
    expect(existsSync(join(dir, "cluster", "postmaster.pid"))).toBe(false);

    const there = env("there");
    const { findings } = await restoreBackup({ env: there, dir, sha256: made.sha256, ...quiet });
    expect(findings).toMatchObject({
      counts: [],
      trail: [],
      amiss: [],
      strays: [],
      walls: [],
      migrated: 0,
      tables: Object.keys(made.manifest.counts).length,
    });
    expect(isSound(findings)).toBe(true);
    expect(findings.stored).toBe(made.manifest.stored.evidence);
    expect(findings.stored).toBeGreaterThan(1);
    // Whoever has the backup cannot sign in at the system that it was made of.
    const secret = (of: Env) =>
      (JSON.parse(readFileSync(join(of.DATA_DIR, "postgres.json"), "utf8")) as { superuser: string }).superuser;
    expect(secret(there)).not.toBe(secret(home));
  }, 120_000);

  it("comes back without a file that is gone from it, and names the file", async () => {
    const path = `kept/${lost}`;
    rmSync(join(dir, "files", path));
    const { findings } = await restoreBackup({ env: env("less"), dir, ...quiet });
    expect(findings.amiss).toEqual([{ path, problem: "missing" }]);
    expect(findings).toMatchObject({ counts: [], trail: [], walls: [] });
    expect(isSound(findings)).toBe(false);
  }, 120_000);

  it("is refused with one line, and nothing is written, when a byte is changed, the release is another, or the place is not empty", async () => {
    const nowhere = env("nowhere");
    const refused = async (at: Env, words: RegExp, sha256?: string) => {
      await expect(restoreBackup({ env: at, dir, ...quiet, ...(sha256 ? { sha256 } : {}) })).rejects.toThrow(words);
    };
    await refused(home, /is not empty/);
    await refused(nowhere, /is not the one you name/, "0".repeat(64));
    const manifest = await readManifest(dir);
    const kept = readFileSync(join(dir, manifestName), "utf8");
    const changed = (change: object) =>
      writeFileSync(join(dir, manifestName), JSON.stringify({ ...manifest, ...change }));
    changed({ server: { ...manifest.server, major: manifest.server.major - 1 } });
    await refused(nowhere, /copy of PostgreSQL 17, this release has 18/);
    changed({ migrations: [...manifest.migrations, { idx: 9999, tag: "9999_later", sha256: "0".repeat(64) }] });
    await refused(nowhere, /newer release .*9999_later/);
    changed({ v: 2 });
    await refused(nowhere, /newer form/);
    changed({ files: [{ path: "../../etc/passwd", bytes: 1, sha256: "0".repeat(64) }] });
    await refused(nowhere, /is damaged/);
    writeFileSync(join(dir, manifestName), kept);
    const victim = join(dir, "cluster", "global", "pg_control");
    const bytes = readFileSync(victim);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(victim, bytes);
    await refused(nowhere, /cluster\/global\/pg_control was changed/);
    expect(existsSync(nowhere.DATA_DIR)).toBe(false);
  });

  it("is never half: an interrupted one keeps the name .part, and what was half restored is refused by the start and begun again", async () => {
    const asked = new AbortController();
    const half = join(root, "half");
    await expect(
      makeBackup({
        env: home,
        dir: half,
        files: true,
        dump: false,
        signal: asked.signal,
        say: () => asked.abort(new Error("interrupted")),
      }),
    ).rejects.toThrow("interrupted");
    expect([half, `${half}.part`].filter((path) => existsSync(path))).toEqual([]);
    mkdirSync(join(root, "torn.part"));
    await expect(restoreBackup({ env: env("nowhere"), dir: join(root, "torn.part"), ...quiet })).rejects.toThrow(
      /is no backup/,
    );
    mkdirSync(env("torn").DATA_DIR);
    writeFileSync(join(env("torn").DATA_DIR, "restoring"), "0".repeat(64));
    await expect(ensurePostgres({ dataDir: env("torn").DATA_DIR })).rejects.toThrow(/was interrupted/);
  });

  it("gives a database whose passwords were lost new ones", async () => {
    const there = env("there");
    rmSync(join(there.DATA_DIR, "postgres.json"));
    await expect(ensurePostgres({ dataDir: there.DATA_DIR })).rejects.toThrow(/--passwords/);
    await restorePasswords(there);
    const again = await ensurePostgres({ dataDir: there.DATA_DIR });
    const sql = postgres(again.urls.owner, { max: 1, onnotice: () => undefined });
    expect((await sql`select count(*)::int as n from meta.migrations`)[0]?.["n"]).toBeGreaterThan(0);
    await sql.end();
    await again.stop();
  }, 60_000);
});

describe("a backup of a server of one's own", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => database.drop());

  it("is refused for a role that row-level security shows a part", async () => {
    const owner = postgres(database.urls.owner, { max: 1, onnotice: () => undefined });
    await expect(demandEverything(owner)).rejects.toThrow(/anshi_owner.*silently short.*anshi_backup/);
    await owner.end();
    const all = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
    await expect(demandEverything(all)).resolves.toBeUndefined();
    await all.end();
  });

  it("wants the tool of the server's release or the next newer one, and names the package", () => {
    const found = [15, 18, 17].map((major) => ({ path: `/x/${major}/pg_dump`, major }));
    expect(findTool("pg_dump", 16, undefined, found).major).toBe(17);
    expect(findTool("pg_dump", 15, undefined, found).major).toBe(15);
    expect(() => findTool("pg_dump", 19, undefined, found)).toThrow(/postgresql-client-19/);
    expect(() => findTool("pg_dump", 18, join(root, "no-such-folder"))).toThrow(/there is none on this machine/);
  });

  it("has a role for it that may read everything and nothing else, which the check of the walls holds it to", async () => {
    const all = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
    const undo = new Error("undo");
    const about = async (tx: postgres.TransactionSql) =>
      [...(await roleComplaints(tx)), ...(await placeComplaints(tx))].filter((c) =>
        /anshi_backup|default_transaction/.test(c),
      );
    // Roles are the whole server's: nobody else sees this one before it is gone.
    const work = all.begin(async (tx) => {
      await tx.unsafe("create role anshi_backup login bypassrls");
      expect(await about(tx)).toEqual(["role anshi_backup may do more than read"]);
      await tx.unsafe(
        "alter role anshi_backup set default_transaction_read_only = on; grant pg_read_all_data to anshi_backup",
      );
      expect(await about(tx)).toEqual([]);
      await tx.unsafe("grant anshi_backup to anshi_app; grant pg_write_all_data to anshi_backup");
      expect((await about(tx)).sort()).toEqual([
        "anshi_app is a member of anshi_backup",
        "anshi_app is a member of anshi_backup",
        "anshi_backup is a member of pg_write_all_data",
      ]);
      throw undo;
    });
    await expect(work).rejects.toBe(undo);
    await all.end();
  });

  it("cannot start where a login has a level's rights without taking the level", async () => {
    const all = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
    const name = `t_inherits_${process.pid}`;
    await all.unsafe(
      `create role ${name} login password 'x'; grant connect on database ${database.name} to ${name}; grant ${levelRole("site")} to ${name} with inherit true`,
    );
    const login = postgres(Object.assign(new URL(database.superuserUrl), { username: name, password: "x" }).href, {
      max: 1,
      onnotice: () => undefined,
    });
    await expect(refuseInherited(login)).rejects.toThrow(`grant anshi_site to ${name} with inherit false`);
    await all.unsafe(
      `revoke ${levelRole("site")} from ${name}; grant ${levelRole("site")} to ${name} with inherit false`,
    );
    await expect(refuseInherited(login)).resolves.toBeUndefined();
    await login.end();
    await all.unsafe(`drop owned by ${name}; drop role ${name}`);
    await all.end();
  });
});
