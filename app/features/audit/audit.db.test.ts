import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "#app/request/actor.ts";
import { noteEntry } from "#app/request/audit-note.server.ts";
import { createToken } from "#app/features/identity/identity.server.ts";
import { signIn } from "#app/features/identity/sign-in.server.ts";
import { newSiteSchema } from "#app/features/project/project.schema.ts";
import { registerSite } from "#app/features/project/project.server.ts";
import { fire } from "#app/features/workflow/workflow.server.ts";
import { withActor } from "#db/client.server.ts";
import { auditEntries } from "#db/schema/index.ts";
import { asc, eq } from "drizzle-orm";
import { password, testWorld } from "#tests/builders/world.ts";
import { auditPage, chainState } from "./audit.server.ts";
import { auditSearch } from "./audit.schema.ts";
import { chainVerifier, entryHash, type Verdict } from "./chain.server.ts";
import { chainLines, entryContent } from "./export.server.ts";
import { verifyDatabase, verifyFile } from "./verify.server.ts";

const world = testWorld();
let root: postgres.Sql;
beforeAll(() => {
  root = postgres(world().database.superuserUrl, { max: 1, onnotice: () => undefined });
});
afterAll(() => root.end());

const sector = () => world().sectors[0];
const all = auditSearch.parse({});
const trail = async (actor: Actor, filter = all) =>
  withActor(world().db.read, actor, async (tx) => (await auditPage(tx, actor, filter, 500)).entries);
const seal = async () => void (await root`select auth.seal_audit()`);
async function exported(actor: Actor, since?: number): Promise<string[]> {
  const lines: string[] = [];
  const tenant = { id: actor.tenantId, name: actor.tenantName.zh };
  for await (const part of chainLines(
    (work) => withActor(world().db.read, actor, work),
    tenant,
    new Date("2014-08-18T00:00:00Z"),
    since,
  ))
    lines.push(...part.trimEnd().split("\n"));
  return lines;
}
const verify = (lines: readonly string[], expected?: string): Verdict => {
  const verifier = chainVerifier(expected);
  for (const line of lines) verifier.line(line);
  return verifier.end();
};
/** A site of the first sector; the code is a unified social credit code with its check character (GB 32100). */
const siteCode = "91350100M000100Y43";
const newSite = () =>
  world().as(sector().regulator, (tx) =>
    registerSite(tx, sector().regulator, newSiteSchema.parse({ code: siteCode, name: "新单位", size: "small" })),
  );

describe("an act is in the chain of the tenant whose affair it is", () => {
  it("sign-in, a change of rows, a transition, a token, a download, a refusal; with who and where", async () => {
    await newSite();
    await world().as(sector().lead, async (tx) => {
      await createToken(tx, sector().lead, { name: "接口", days: 3, write: false });
      await noteEntry(tx, "download", "risk-report", null, { path: "/projects/x/risk-report.pdf", sha256: "ab" });
      await noteEntry(tx, "refusal", "page", null, { code: "not_found" });
    });
    await expect(
      signIn(
        world().db,
        world().sessions,
        { email: sector().regulator.email, password: "wrong" },
        { ip: "127.0.0.9", agent: "" },
      ),
    ).rejects.toMatchObject({ code: "sign_in_failed" });
    await expect(
      signIn(
        world().db,
        world().sessions,
        { email: "nobody@test.example", password: "wrong" },
        { ip: "127.0.0.9", agent: "" },
      ),
    ).rejects.toMatchObject({ code: "sign_in_failed" });
    const facts = { questionCount: 72, invitedSites: 2 };
    await world().as(sector().regulator, (tx) =>
      fire(tx, sector().regulator, { objectId: sector().projectId, type: "OPEN_SURVEY", facts }, "en"),
    );
    const entries = await trail(sector().auditor);
    const acts = new Set(entries.map((e) => e.act));
    expect([...acts]).toEqual(
      expect.arrayContaining([
        "sign_in",
        "change",
        "transition",
        "token_created",
        "download",
        "refusal",
        "sign_in_failed",
        "member_added",
      ]),
    );
    const change = entries.find((e) => e.act === "change" && e.objectType === "sites");
    expect(change).toMatchObject({
      name: sector().regulator.name,
      role: "regulator",
      details: { verb: "insert", rows: 1 },
    });
    expect(change?.objectId).toMatch(/^[0-9a-f-]{36}$/);
    expect(entries.find((e) => e.act === "transition")).toMatchObject({
      objectType: "project",
      objectId: sector().projectId,
      details: { event: "OPEN_SURVEY", to: "survey.collecting" },
    });
    expect((await trail(world().operator)).find((e) => e.act === "sign_in_failed")?.details).not.toHaveProperty(
      "email",
    );
    expect(JSON.stringify(entries)).not.toContain(password);
  });

  it("tells which columns of a row changed, never their values; nothing where nothing changed", async () => {
    const { lead, regulator } = sector();
    await world().as(regulator, async (tx) =>
      tx.execute(`update sites set name = '秘密的新名字' where code = '${siteCode}'`),
    );
    const [latest] = await trail(lead);
    expect(latest).toMatchObject({
      act: "change",
      objectType: "sites",
      details: { verb: "update", rows: 1, columns: ["name"] },
    });
    expect(JSON.stringify(latest)).not.toContain("秘密");
    const before = (await trail(lead)).length;
    await world().as(regulator, async (tx) => tx.execute(`update sites set name = name where code = '${siteCode}'`));
    expect(await trail(lead)).toHaveLength(before);
  });

  it("leaves nothing of what was rolled back", async () => {
    const before = (await trail(sector().auditor)).length;
    await expect(
      world().as(sector().regulator, async (tx) => {
        await tx.execute(`update sites set name = 'x' where code = '${siteCode}'`);
        throw new Error("undo");
      }),
    ).rejects.toThrow("undo");
    expect(await trail(sector().auditor)).toHaveLength(before);
  });

  it("shows a regulator what was handed in, not when a site writes at its drafts", async () => {
    const site = sector().sites[0];
    if (!site) throw new Error("no site");
    await root`select auth.note(${sector().id}, ${site.id}, 'change', 'answers', ${site.id}, '{"verb":"update"}'::text::jsonb)`;
    const drafts = (entries: Awaited<ReturnType<typeof trail>>) =>
      entries.filter((e) => e.objectId === site.id && e.objectType === "answers").length;
    expect(drafts(await trail(sector().auditor))).toBe(1);
    expect(drafts(await trail(sector().lead))).toBe(0);
    expect((await trail(world().sectors[1].auditor)).some((e) => e.objectId === site.id)).toBe(false);
  });
});

describe("the chain", () => {
  it("has the digests that the same words in TypeScript have", async () => {
    const { auditor } = sector();
    const rows = await withActor(world().db.read, auditor, (tx) =>
      tx.select().from(auditEntries).where(eq(auditEntries.tenantId, auditor.tenantId)).orderBy(asc(auditEntries.seq)),
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.map((r) => r.hash)).toEqual(rows.map((r) => entryHash(entryContent(r))));
    expect(rows.map((r) => r.seq)).toEqual(rows.map((_, i) => i + 1));
  });

  it("writes canonical JSON as RFC 8785 has it, whatever the text", async () => {
    const { canonicalJson } = await import("#app/platform/canonical.server.ts");
    const text = fc.string({ unit: "binary", maxLength: 20 }).map((s) => s.replaceAll("\u0000", ""));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,8}$/),
          fc.oneof(
            text,
            fc.maxSafeInteger().map((n) => n % 1_000_000_000_000),
            fc.boolean(),
            fc.constant(null),
            fc.array(text, { maxLength: 3 }),
          ),
        ),
        async (value) => {
          const [row] = await root`select auth.canonical(${JSON.stringify(value)}::text::jsonb) as text`;
          expect(row?.["text"]).toBe(canonicalJson(value));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("does not keep one tenant waiting for another, nor one transaction of a tenant for another that is still open", async () => {
    const [a, b] = world().sectors;
    let open = (): void => undefined;
    const held = new Promise<void>((resolve) => (open = resolve));
    const slow = world().as(a.regulator, async (tx) => {
      await tx.execute(`update sites set name = 'slow' where code = '${siteCode}'`);
      await held;
    });
    await world().as(b.regulator, (tx) => noteEntry(tx, "refusal", "page", null, {}));
    await world().as(a.lead, (tx) => noteEntry(tx, "refusal", "page", null, {}));
    open();
    await slow;
    expect((await verifyDatabase(world().database.urls.owner)).tenants.every((t) => t.problem === null)).toBe(true);
  });

  it("stays whole under many at once, in several tenants in either order", async () => {
    const [a, b] = world().sectors;
    const who = [a.regulator, b.regulator, a.lead, b.lead, world().director, a.auditor];
    await Promise.all(
      Array.from({ length: 120 }, (_, i) =>
        world().as(who[i % who.length] ?? a.lead, (tx) => noteEntry(tx, "refusal", "page", null, { i })),
      ),
    );
    const many = postgres(world().database.superuserUrl, { max: 8, onnotice: () => undefined });
    const both = async (first: string, second: string) =>
      many.begin(async (tx) => {
        for (const t of [first, second]) await tx`select auth.note(${t}, null, 'refusal', 'page', null, '{}')`;
      });
    await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? both(a.id, b.id) : both(b.id, a.id))));
    await many.end();
    const verdict = await verifyDatabase(world().database.urls.owner);
    expect(verdict.tenants.map((t) => t.problem)).toEqual(verdict.tenants.map(() => null));
  });

  it.each([
    "update audit_entries set name = 'x'",
    "delete from audit_entries",
    "insert into audit_entries (tenant_id) values (gen_random_uuid())",
    "update audit_heads set seq = 1",
    "truncate audit_entries",
    "select auth.note(gen_random_uuid(), null, 'x', '', null, '{}')",
    "select auth.seal_audit()",
  ])("is nobody's to touch: %s", async (statement) => {
    for (const actor of [sector().regulator, sector().lead, sector().auditor, world().director, world().operator])
      await expect(
        world().as(actor, (tx) => tx.execute(statement)),
        actor.role,
      ).rejects.toMatchObject({ cause: { code: "42501" } });
  });
});

describe("an exported file", () => {
  let lines: string[] = [];
  let rootHash = "";
  beforeAll(async () => {
    await seal();
    lines = await exported(sector().auditor);
    rootHash = (JSON.parse(lines[0] ?? "{}") as { tree: { root: string } }).tree.root;
  });
  const entriesOf = (of: readonly string[]) => of.filter((l) => l.includes('"kind":"entry"'));

  it("proves itself with nothing but the root", () => {
    const verdict = verify(lines, rootHash);
    expect(verdict).toMatchObject({
      problem: null,
      entries: entriesOf(lines).length,
      sealed: entriesOf(lines).length,
      rooted: true,
    });
    expect(verify(lines, "0".repeat(64)).problem?.code).toBe("other_root");
  });

  it("is still the beginning of what the tree has become", async () => {
    const size = (JSON.parse(lines[0] ?? "{}") as { tree: { size: number } }).tree.size;
    await world().as(sector().lead, (tx) => noteEntry(tx, "export", "audit", null, {}));
    await seal();
    const later = await exported(sector().auditor, size);
    expect(verify(later, rootHash).problem).toBeNull();
    expect(verify(await exported(sector().auditor), rootHash).problem?.code).toBe("other_root");
  });

  it("shows whatever is done to it, and where first", () => {
    const at = (n: number) => 1 + (n % (entriesOf(lines).length - 2));
    const seqAt = (n: number) => (JSON.parse(lines[n] ?? "{}") as { entry: { seq: number } }).entry.seq;
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(),
        fc.constantFrom("edit", "remove", "swap", "repeat", "truncate", "rehash"),
        (a, b, how) => {
          const n = at(a);
          const forged = [...lines];
          const other = at(b);
          if (how === "edit") forged[n] = (forged[n] ?? "").replace(/"name":"[^"]*"/, '"name":"别人"');
          if (how === "remove") forged.splice(n, 1);
          if (how === "repeat") forged.splice(n, 0, forged[n] ?? "");
          if (how === "truncate") forged.splice(n + 1);
          if (how === "swap") [forged[n], forged[other]] = [forged[other] ?? "", forged[n] ?? ""];
          if (how === "rehash") {
            const line = JSON.parse(forged[n] ?? "{}") as { entry: { act: string }; hash: string };
            line.entry.act = "other";
            line.hash = entryHash(line.entry as never);
            forged[n] = JSON.stringify(line);
          }
          if (forged.join("\n") === lines.join("\n")) return;
          const { problem } = verify(forged);
          expect(problem).not.toBeNull();
          const first = how === "swap" ? Math.min(n, other) : n;
          const named = {
            edit: seqAt(first),
            remove: seqAt(n),
            swap: seqAt(first),
            repeat: seqAt(n),
            truncate: seqAt(n) + 1,
            rehash: seqAt(n) + 1,
          }[how];
          expect(problem?.seq, how).toBe(named);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("that was cut off with its proof and a header to match is told by the root alone", () => {
    const header = JSON.parse(lines[0] ?? "{}") as { last: number };
    const cut = [JSON.stringify({ ...header, last: 3 }), ...lines.slice(1, 4)];
    expect(verify(cut)).toMatchObject({ problem: null, sealed: 0 });
    expect(verify(cut, rootHash).problem?.code).toBe("unproven");
    expect(verify([...cut, lines.at(-1) ?? ""]).problem?.code).toBe("truncated");
  });

  it("is read by the command without any database", async () => {
    const dir = mkdtempSync(path.join(tmpdir(), "anshi-audit-"));
    try {
      const file = path.join(dir, "audit.jsonl");
      writeFileSync(file, `${lines.join("\n")}\n`);
      expect(await verifyFile(file, rootHash)).toMatchObject({ problem: null });
      const run = promisify(execFile);
      const command = (...args: string[]) =>
        run(process.execPath, ["--import", "tsx", "app/cli/audit-verify.ts", ...args], {
          env: { ...process.env, DATABASE_OWNER_URL: "", DATA_DIR: dir },
        });
      expect((await command(file, "--root", rootHash)).stdout).toContain(String(entriesOf(lines).length));
      writeFileSync(file, `${lines.filter((_, i) => i !== 2).join("\n")}\n`);
      await expect(command(file)).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining("2") });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

describe("a database that a superuser tampered with is found out", () => {
  const tampered = async (statement: string) => {
    const found: unknown[] = [];
    await root.unsafe(`create table if not exists public.keep as select * from audit_entries`);
    await root.unsafe(`begin; set local session_replication_role = replica; ${statement}; commit`);
    const verdict = await verifyDatabase(world().database.urls.owner);
    found.push(verdict.tenants.find((t) => t.tenant === sector().id)?.problem ?? null, verdict.tree.problem);
    await root.unsafe(
      `begin; set local session_replication_role = replica; truncate audit_entries; insert into audit_entries overriding system value select * from keep; drop table keep; commit`,
    );
    return found;
  };
  const mine = () => `tenant_id = '${sector().id}'`;

  it.each<[string, () => string, { code: string; seq: number }]>([
    [
      "an entry edited",
      () => `update audit_entries set name = '别人' where ${mine()} and seq = 4`,
      { code: "edited", seq: 4 },
    ],
    ["an entry removed", () => `delete from audit_entries where ${mine()} and seq = 4`, { code: "missing", seq: 4 }],
    [
      "two entries exchanged",
      () =>
        `update audit_entries set seq = 9 - seq + 100000 where ${mine()} and seq in (4, 5); update audit_entries set seq = seq - 100000 where ${mine()} and seq > 90000`,
      { code: "edited", seq: 4 },
    ],
    ["the end cut off", () => `delete from audit_entries where ${mine()} and seq > 5`, { code: "truncated", seq: 6 }],
  ])("%s", async (_name, statement, problem) => {
    const [found] = await tampered(statement());
    expect(found).toMatchObject(problem);
  });

  it("a chain written anew from the middle, heads and digests included", async () => {
    const rewrite = `update audit_entries set name = '别人' where ${mine()} and seq = 2;
      do $$ declare e audit_entries; p text := repeat('0', 64); begin
        for e in select * from audit_entries where ${mine()} order by seq loop
          e.prev := p; e.hash := encode(sha256(convert_to(auth.audit_text(e), 'UTF8')), 'hex'); p := e.hash;
          update audit_entries set prev = e.prev, hash = e.hash where tenant_id = e.tenant_id and no = e.no;
        end loop; end $$`;
    const [found] = await tampered(rewrite);
    expect(found).toMatchObject({ code: "edited" });
  });

  it("and sound again once it is put back", async () => {
    const verdict = await verifyDatabase(world().database.urls.owner);
    expect(verdict.tenants.map((t) => t.problem)).toEqual(verdict.tenants.map(() => null));
    expect(verdict.tree.problem).toBeNull();
    expect(
      (await withActor(world().db.read, sector().auditor, (tx) => chainState(tx, sector().auditor))).sealed,
    ).toBeGreaterThan(0);
  });
});
