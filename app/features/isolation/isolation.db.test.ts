import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { certificateData } from "#app/features/isolation/certificate.server.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { complaintsAgainst } from "#db/catalogue-lint.server.ts";
import { withActor } from "#db/client.server.ts";
import { recordedWalls } from "#db/walls-record.server.ts";
import { testWorld } from "#tests/builders/world.ts";
import { populate } from "#tests/isolation/populate.ts";
import { checkWalls, type Limits } from "./check.server.ts";
import { countOfAll, countOfKind } from "#app/features/audit/check-record.rules.ts";
import { verdictOf } from "./isolation.rules.ts";
import { probeKinds, probeRoles, type SealedRecord } from "#app/features/audit/check-record.schema.ts";
import { findCheck, lastChecks, recordCheck } from "./isolation.server.ts";
import { tables } from "./model.server.ts";

const world = testWorld();
let root: postgres.Sql;
/** What a check of sound walls found, and all rows before and after it. */
let sound: SealedRecord;
let before: Record<string, string>;
let after: Record<string, string>;
/** What others saw of that check while it ran. */
let meanwhile: Seen;
beforeAll(async () => {
  await populate(world());
  root = postgres(world().database.superuserUrl, { max: 2, onnotice: () => undefined });
  before = await everything();
  const running = check();
  [sound, meanwhile] = await Promise.all([running, watch(running)]);
  after = await everything();
});
afterAll(() => root.end());

const auditor = () => world().sectors[0].auditor;
const check = (limits?: Limits) => checkWalls(world().db, auditor(), limits);
interface Seen {
  /** What stood in the list of connections. */
  queries: Set<string>;
  /** Whether the tenant's lock was held. */
  locked: boolean;
  /** Transactions of the same account that were answered before the check was over. */
  pages: number;
}
async function watch(running: Promise<unknown>): Promise<Seen> {
  const seen: Seen = { queries: new Set(), locked: false, pages: 0 };
  const over = new AbortController();
  const ended = running.finally(() => over.abort());
  while (!over.signal.aborted) {
    const others = await root<{ query: string }[]>`
      select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    for (const { query } of others) seen.queries.add(query);
    const held = await root`
      select 1 from pg_locks where locktype = 'advisory' and classid = 727301217
        and objid = (hashtext(${auditor().tenantId})::bigint & 4294967295)::oid`;
    seen.locked ||= held.length > 0;
    if (seen.pages < 5) {
      await withActor(world().db.read, auditor(), (tx) => tx.execute("select 1"));
      if (!over.signal.aborted) seen.pages += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await ended;
  return seen;
}
/** The catalogue alone. */
const glance: Limits = { statement: 2000, lock: 200, probes: 0, chain: 0 };
/** A digest of every row there is, by table: past all policies. */
async function everything(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await root.unsafe<{ d: string }[]>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as d from public."${name}" t`,
    );
    found[name] = row?.d ?? "";
  }
  return found;
}

describe("a check of sound walls", () => {
  it("finds nothing, with every kind tried by whom it concerns and nothing left undecided", () => {
    expect(sound.through).toEqual([]);
    expect(sound.catalogue).toEqual({ compared: true, complaints: 0, first: [] });
    expect(verdictOf(sound)).toBe("held");
    expect(countOfAll(sound)).toMatchObject({ through: 0, undecided: 0 });
    expect(countOfAll(sound).tried).toBeGreaterThan(4000);
    for (const kind of probeKinds) expect(countOfKind(sound, kind).tried, kind).toBeGreaterThan(50);
    for (const role of probeRoles) expect(sound.tried.read?.[role]?.[0], role).toBeGreaterThan(40);
  });

  it("leaves whoever asked for it their pages meanwhile", () => {
    expect(meanwhile.pages).toBe(5);
  });

  it("changes no row, and its transaction was given no number", () => {
    expect(after).toEqual(before);
    expect(sound.wrote).toBe(false);
  });

  it("computes the tenant's chain anew", async () => {
    const [head] = await root<
      { seq: number; hash: string }[]
    >`select seq::integer, hash from audit_heads where tenant_id = ${auditor().tenantId}`;
    expect(sound.chain).toMatchObject({ problem: null, complete: true, head, entries: head?.seq });
  });

  it("tries the same list for every auditor", async () => {
    const other = await checkWalls(world().db, world().sectors[1].auditor, glance);
    expect([other.probes, countOfAll(other).tried]).toEqual([sound.probes, countOfAll(sound).tried]);
  });

  it("leaves no secret in what other connections see", () => {
    expect(meanwhile.queries.size).toBeGreaterThan(5);
    expect([...meanwhile.queries].filter((q) => q.includes(auditor().secret))).toEqual([]);
  });

  it("holds its tenant's lock while it runs", () => {
    expect(meanwhile.locked).toBe(true);
  });
});

describe("the trail keeps what was found", () => {
  it("in the auditor's name, and a certificate is printed from it alone", async () => {
    const [record, id] = [sound, uuidv7()];
    await world().as(auditor(), (tx) => recordCheck(tx, id, record));
    const { found, last } = await withActor(world().db.read, auditor(), async (tx) => ({
      found: await findCheck(tx, auditor(), id),
      last: await lastChecks(tx, auditor()),
    }));
    expect(found).toMatchObject({ id, name: auditor().name, record });
    expect(last[0]).toEqual(found);
    const said = JSON.stringify(certificateData(found, auditor(), "en"));
    for (const one of [found.hash, record.sha256, record.chain.head?.hash ?? "", record.probes])
      expect(said).toContain(one.replaceAll(/(.{8})(?=.)/g, "$1 "));
    expect(said).toContain(`PostgreSQL ${record.server}`);
    expect(certificateData(found, auditor(), "en")).toEqual(certificateData(found, auditor(), "en"));
  });

  it("not of another tenant, and from nobody but an auditor", async () => {
    const [record, id] = [sound, uuidv7()];
    await world().as(auditor(), (tx) => recordCheck(tx, id, record));
    const stranger = world().sectors[1].auditor;
    await expect(withActor(world().db.read, stranger, (tx) => findCheck(tx, stranger, id))).rejects.toMatchObject({
      code: "not_found",
    });
    for (const other of [world().sectors[0].lead, world().director, world().operator])
      await expect(world().as(other, (tx) => recordCheck(tx, uuidv7(), record))).rejects.toMatchObject({
        cause: { code: "42501" },
      });
  });

  it("gives no certificate of an entry that was altered", async () => {
    const id = uuidv7();
    await world().as(auditor(), async (tx) => recordCheck(tx, id, sound));
    await root`update audit_entries set details = jsonb_set(details, '{tried,read,site}', '[1, 0, 0]') where object_id = ${id}`;
    await expect(withActor(world().db.read, auditor(), (tx) => findCheck(tx, auditor(), id))).rejects.toMatchObject({
      code: "isolation_altered",
    });
    expect(
      (await withActor(world().db.read, auditor(), (tx) => lastChecks(tx, auditor()))).map((c) => c.id),
    ).not.toContain(id);
    // The chain has a broken link from here on: the next check says so.
    const next = await check({ ...glance, chain: 20_000 });
    expect(next.chain.problem).toMatchObject({ code: "edited" });
    expect(verdictOf(next)).toBe("failed");
    await root`update audit_entries set details = jsonb_set(details, '{tried,read,site}', ${root.json(sound.tried.read?.site ?? [])}) where object_id = ${id}`;
  });
});

/** [what, how it is planted, how it is taken away, table or words that name it, whether a probe gets through as well]. */
type Hole = readonly [name: string, plant: string, remove: string, named: string, sees: boolean];
const holes: readonly Hole[] = [
  [
    "a policy nobody declared",
    "create policy hole on drafts for select to anshi_site using (true)",
    "drop policy hole on drafts",
    "drafts",
    true,
  ],
  [
    "row security switched off",
    "alter table risks disable row level security",
    "alter table risks enable row level security",
    "risks",
    true,
  ],
  [
    "a right to delete",
    "grant delete on audit_entries to anshi_auditor",
    "revoke delete on audit_entries from anshi_auditor",
    "audit_entries",
    true,
  ],
  [
    "a sign-in function that requests may call",
    "grant execute on function auth.get_session(bytea) to anshi_site",
    "revoke execute on function auth.get_session(bytea) from anshi_site",
    "auth.get_session(bytea)",
    true,
  ],
  [
    "accounts that a level reads",
    "grant select on auth.users to anshi_sector",
    "revoke select on auth.users from anshi_sector",
    "auth.users",
    true,
  ],
  [
    "a missing FORCE",
    "alter table pilots no force row level security",
    "alter table pilots force row level security",
    "RLS is not forced on pilots",
    false,
  ],
  [
    "a definer function without search_path",
    "alter function auth.claim(text, text) reset search_path",
    "alter function auth.claim(text, text) set search_path = pg_catalog, pg_temp",
    "function claim(text, text) has no fixed search_path",
    false,
  ],
  [
    "a policy with one condition less",
    "alter policy drafts_sector_select on drafts using (tenant_id = (select auth.claim('sector', 'tenant')))",
    "",
    "drafts_sector_select",
    false,
  ],
];

describe("a hole is reported by name, and no row with it:", () => {
  const clauseOf = async (policy: string) =>
    (
      await root<
        { using: string }[]
      >`select pg_get_expr(polqual, polrelid) as using from pg_policy where polname = ${policy}`
    )[0]?.using ?? "";

  /** Takes the holes away again, whatever became of the check. */
  async function whileOpen(open: readonly Hole[], limits?: Limits): Promise<SealedRecord> {
    const sector = await clauseOf("drafts_sector_select");
    for (const [, plant] of open) await root.unsafe(plant);
    try {
      return await check(limits);
    } finally {
      for (const [, , remove] of open)
        await root.unsafe(remove || `alter policy drafts_sector_select on drafts using (${sector})`);
    }
  }

  it.each(holes)("%s, by the catalogue", async (...hole) => {
    const record = await whileOpen([hole], glance);
    expect(verdictOf(record)).toBe("failed");
    expect(record.catalogue.first.join("\n")).toContain(hole[3].replace("auth.", ""));
    expect((await check(glance)).catalogue).toEqual({ compared: true, complaints: 0, first: [] });
  });

  it("whatever a probe gets through, by the probe; rows that came through are counted, and nothing of them told", async () => {
    const own = await clauseOf("submissions_auditor_select");
    const seen = holes.filter((hole) => hole[4]);
    const record = await whileOpen([
      ...seen,
      [
        "another tenant's submissions",
        "alter policy submissions_auditor_select on submissions using (true)",
        `alter policy submissions_auditor_select on submissions using (${own})`,
        "submissions",
        true,
      ],
    ]);
    expect(verdictOf(record)).toBe("failed");
    const through = record.through.map((t) => `${t.table} ${t.name}`).join("\n");
    for (const [, , , named] of seen) expect(through).toContain(named);
    const foreign = await root<{ id: string }[]>`select id from submissions where tenant_id <> ${auditor().tenantId}`;
    expect(record.through.find((t) => t.role === "auditor" && t.table === "submissions")?.rows).toBe(foreign.length);
    expect(foreign.length).toBeGreaterThan(0);
    const names = await root<{ name: string }[]>`select name from sites union select name from systems`;
    const told = JSON.stringify(record);
    expect([...foreign.map((s) => s.id), ...names.map((s) => s.name)].filter((one) => told.includes(one))).toEqual([]);
  });

  it("a login past every policy, as the running system sees it", async () => {
    // Roles are the whole cluster's: undone before any other test could see it.
    const undo = new Error("undo");
    let complaints: string[] = [];
    const look = root.begin(async (tx) => {
      await tx`alter role anshi_app bypassrls`;
      await tx`set local role anshi_app`;
      complaints = await complaintsAgainst(tx, await recordedWalls(tx));
      throw undo;
    });
    await expect(look).rejects.toBe(undo);
    expect(complaints).toEqual(["role anshi_app has power past every policy"]);
  });
});

describe("a check takes no more than its share", () => {
  it("one at a time in a tenant, whoever asks; another tenant's is not held up", async () => {
    const tenant = auditor().tenantId;
    // A check that runs for as long as this needs: its lock, in another session.
    await root.begin(async (running) => {
      await running`select pg_advisory_xact_lock(727301217, hashtext(${tenant}))`;
      await expect(check()).rejects.toMatchObject({ code: "isolation_busy", status: 409 });
      await expect(checkWalls(world().db, world().sectors[1].auditor, glance)).resolves.toMatchObject({ wrote: false });
    });
    await expect(check(glance)).resolves.toMatchObject({ wrote: false });
  });

  it("stops trying when its time is up, and says that it did not look at all", async () => {
    const record = await check({ ...glance, probes: 100 });
    expect(countOfAll(record).undecided).toBeGreaterThan(1000);
    expect(record.chain.complete).toBe(false);
  });

  it("does not wait for who holds a table, and makes nobody wait", async () => {
    await root.begin(async (tx) => {
      await tx`lock table lessons in access exclusive mode`;
      const record = await check({ statement: 2000, lock: 20, probes: 120_000, chain: 0 });
      expect(record.through.filter((t) => t.table === "lessons")).toEqual([]);
      expect(countOfAll(record).undecided).toBeGreaterThan(10);
      // Probes of that one table alone: all others were judged meanwhile.
      expect(countOfAll(record).undecided).toBeLessThan(200);
    });
  });

  it("tells a server whose policies nobody recorded from one that is sound", async () => {
    await root`update meta.walls set declared = 'another release'`;
    const record = await check(glance);
    expect(record.catalogue).toMatchObject({ compared: false, complaints: 0 });
    expect(verdictOf(record)).toBe("incomplete");
  });
});
