import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterEach, describe, expect, it } from "vitest";
import { MigrationMismatch, migrate, migrationsFolder, migrationStatus, readSteps } from "#db/migrate.server.ts";
import { createTestDatabase, type TestDatabase } from "#tests/setup/test-database.ts";
import { allComplaints } from "#tests/builders/complaints.ts";

/** From empty, again, at once, from before, and what is refused. */
const open: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
async function emptyDatabase(): Promise<{ database: TestDatabase; sql: postgres.Sql; ownerUrl: string }> {
  const database = await createTestDatabase({ migrated: false });
  const sql = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  open.push(
    () => database.drop(),
    () => sql.end(),
  );
  return { database, sql, ownerUrl: database.urls.owner };
}
/** The shipped steps in a folder of their own, to change and to add to. */
function copiedSteps(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "anshi-steps-"));
  cpSync(migrationsFolder(), folder, { recursive: true });
  open.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
function addStep(folder: string, tag: string, text: string): void {
  const file = path.join(folder, "meta/_journal.json");
  const journal = JSON.parse(readFileSync(file, "utf8")) as { entries: { idx: number; tag: string }[] };
  journal.entries.push({ idx: journal.entries.length, tag });
  writeFileSync(file, JSON.stringify(journal));
  writeFileSync(path.join(folder, `${tag}.sql`), text);
}
const applied = (sql: postgres.Sql) =>
  sql<{ idx: number; at: Date }[]>`select idx, applied_at as at from meta.migrations order by idx`;

describe("migrations", () => {
  it("build everything from nothing, and change nothing the second time", async () => {
    const { sql, ownerUrl, database } = await emptyDatabase();
    await migrate({ ownerUrl });
    expect(await allComplaints(sql)).toEqual([]);
    const first = await applied(sql);
    expect(first).toHaveLength((await readSteps()).length);
    await migrate({ ownerUrl });
    expect(await applied(sql)).toEqual(first);
    expect(await allComplaints(sql)).toEqual([]);
    const app = postgres(database.urls.app, { max: 1 });
    open.push(() => app.end());
    expect(await migrationStatus(app)).toMatchObject({ state: "current" });
  });

  it("started several times at once run once, one after another", async () => {
    const { sql, ownerUrl } = await emptyDatabase();
    const done = await Promise.all([1, 2, 3].map(() => migrate({ ownerUrl })));
    expect(done.map((d) => d.state)).toEqual(["current", "current", "current"]);
    expect(await applied(sql)).toHaveLength((await readSteps()).length);
    expect(await allComplaints(sql)).toEqual([]);
  });

  it("refuse a database that is newer than the code, in words, and touch nothing", async () => {
    const { sql, ownerUrl, database } = await emptyDatabase();
    const folder = copiedSteps();
    addStep(folder, "0099_from_the_future", "create table public.future (tenant_id uuid primary key)");
    await migrate({ ownerUrl, folder });
    const before = await applied(sql);
    await expect(migrate({ ownerUrl })).rejects.toThrow(MigrationMismatch);
    await expect(migrate({ ownerUrl })).rejects.toThrow(/0099_from_the_future.*newer release/);
    expect(await applied(sql)).toEqual(before);
    const app = postgres(database.urls.app, { max: 1 });
    open.push(() => app.end());
    expect(await migrationStatus(app)).toMatchObject({ state: "newer" });
    expect(await migrationStatus(app, folder)).toMatchObject({ state: "current" });
  });

  it("refuse a step that was changed after it had run", async () => {
    const { ownerUrl } = await emptyDatabase();
    await migrate({ ownerUrl });
    const folder = copiedSteps();
    const [first] = await readSteps(folder);
    const file = path.join(folder, `${first?.tag}.sql`);
    writeFileSync(file, `${readFileSync(file, "utf8")}\n-- one more word`);
    await expect(migrate({ ownerUrl, folder })).rejects.toThrow(/only ever added/);
  });

  it("go on from the state before, with its rows kept", async () => {
    const { sql, ownerUrl, database } = await emptyDatabase();
    await migrate({ ownerUrl, upTo: 0 });
    await sql`insert into auth.users (id, email, name, password_hash) values (gen_random_uuid(), 'old@test.example', '早', 'x')`;
    const app = postgres(database.superuserUrl, { max: 1 });
    open.push(() => app.end());
    expect(await migrationStatus(app)).toMatchObject({ state: "pending", applied: 1 });
    await migrate({ ownerUrl });
    expect(await sql`select name from auth.users`).toMatchObject([{ name: "早" }]);
    expect(await allComplaints(sql)).toEqual([]);
    await sql`insert into tenants (id, kind, code, name_zh, name_en) values (gen_random_uuid(), 'sector', 'OLD', '旧', 'Old')`;
    const folder = copiedSteps();
    addStep(folder, "0098_next", `alter table "tenants" add column "note" text not null default ''`);
    await migrate({ ownerUrl, folder });
    expect(await sql`select code, note from tenants`).toMatchObject([{ code: "OLD", note: "" }]);
  });

  it("leave no half of a step behind when it fails, and go on once it is mended", async () => {
    const { sql, ownerUrl } = await emptyDatabase();
    await migrate({ ownerUrl });
    const folder = copiedSteps();
    addStep(
      folder,
      "0098_next",
      `create table public.half (tenant_id uuid primary key)\n--> statement-breakpoint\nselect 1 / 0`,
    );
    await expect(migrate({ ownerUrl, folder })).rejects.toThrow(/division by zero/);
    expect(await sql`select to_regclass('public.half') as t`).toMatchObject([{ t: null }]);
    expect(await applied(sql)).toHaveLength((await readSteps()).length);
    writeFileSync(path.join(folder, "0098_next.sql"), "create table public.whole (tenant_id uuid primary key)");
    await migrate({ ownerUrl, folder });
    expect(await sql`select to_regclass('public.whole')::text as t`).toMatchObject([{ t: "whole" }]);
  });
});
