import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "#tests/setup/test-database.ts";
import {
  catalogueComplaints,
  declaredPolicies,
  functionComplaints,
  grantComplaints,
  keyComplaints,
  nationalFrame,
  queueComplaints,
  roleComplaints,
  surroundingComplaints,
  tableComplaints,
} from "./catalogue.ts";
import { declaredWalls } from "#db/policies.ts";

/** The walls as the database has them, held against the declarations; and that a hole in any kind of wall is seen. */
const database = testDatabase();
let sql: postgres.Sql;
beforeAll(() => {
  sql = postgres(database().superuserUrl, { max: 2, onnotice: () => undefined });
});
afterAll(() => sql.end());

const undo = new Error("undo");
async function afterwards(
  statement: string,
  look: (tx: postgres.TransactionSql) => Promise<string[]>,
): Promise<string[]> {
  let complaints: string[] = [];
  await sql
    .begin(async (tx) => {
      await tx.unsafe(statement);
      complaints = await look(tx);
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return complaints;
}

describe("the catalogue of a migrated database", () => {
  it("has every wall as declared and no hole", async () => {
    expect(await catalogueComplaints(sql)).toEqual([]);
  });

  it("opens to everybody's eyes only what belongs to nobody", () => {
    const open = declaredPolicies().filter((p) =>
      [p.using, p.check].some((e) => e !== null && /^\(*true\)*$/.test(e.trim())),
    );
    expect(open.filter((p) => p.verb !== "select")).toEqual([]);
    const tables = new Set(open.map((p) => p.table));
    expect([...tables].filter((t) => !declaredWalls().get(t)?.reference && !nationalFrame.has(t))).toEqual([]);
  });

  it("has a tenant in every policy that writes", () => {
    const writing = declaredPolicies().filter((p) => p.verb !== "select" && p.level !== "public");
    expect(
      writing.filter(
        (p) => ![p.using, p.check].filter((e) => e !== null).every((e) => /auth\.(claim|granted_pilots)\(/.test(e)),
      ),
    ).toEqual([]);
  });
});

describe("a hole is seen:", () => {
  it.each([
    ["a table without RLS", "create table public.hole (tenant_id uuid primary key)", tableComplaints],
    ["RLS not forced", "alter table pilots no force row level security", tableComplaints],
    ["RLS switched off", "alter table drafts disable row level security", tableComplaints],
    [
      "a view that asks as its owner",
      "create view public.hole as select * from pilots; alter view public.hole owner to anshi_owner",
      tableComplaints,
    ],
    [
      "a materialised copy",
      "create materialized view public.hole as select * from pilots; alter materialized view public.hole owner to anshi_owner",
      tableComplaints,
    ],
    ["a table-wide grant", "grant select on pilots to anshi_site", grantComplaints],
    ["a grant to the login role", "grant select (id) on pilots to anshi_app", grantComplaints],
    ["a grant to everybody", "grant select on pilots to public", grantComplaints],
    ["TRUNCATE", "grant truncate on pilots to anshi_sector", grantComplaints],
    ["REFERENCES", "grant references on pilots to anshi_sector", grantComplaints],
    ["TRIGGER", "grant trigger on pilots to anshi_sector", grantComplaints],
    ["another column", "grant update (tenant_id) on pilots to anshi_sector", grantComplaints],
    ["sign-in tables", "grant select on auth.users to anshi_auth", grantComplaints],
    [
      "a sign-in function for requests",
      "grant execute on function auth.get_session(bytea) to anshi_site",
      functionComplaints,
    ],
    ["a function for everybody", "grant execute on function auth.claim(text, text) to public", functionComplaints],
    [
      "a function with the caller's search_path",
      "alter function auth.claim(text, text) reset search_path",
      functionComplaints,
    ],
    [
      "a function that acts as a superuser",
      "alter function auth.claim(text, text) owner to postgres",
      functionComplaints,
    ],
    [
      "a function nobody declared",
      "create function public.hole() returns int language sql as 'select 1'",
      functionComplaints,
    ],
    [
      "a key that does not begin with the tenant",
      "alter table visits drop constraint visits_tenant_id_membership_id_pk, add primary key (membership_id)",
      keyComplaints,
    ],
    [
      "a reference without its tenant",
      "alter table submissions add unique (id); alter table review_marks add constraint hole foreign key (submission_id) references submissions (id)",
      keyComplaints,
    ],
    ["a role past every policy", "alter role anshi_app bypassrls", roleComplaints],
    ["a role that makes roles", "alter role anshi_app createrole", roleComplaints],
    ["a level that signs in", "alter role anshi_sector login", roleComplaints],
    ["a level that is inherited", "grant anshi_sector to anshi_app with inherit true", roleComplaints],
    ["a level within a level", "grant anshi_national to anshi_sector", roleComplaints],
    ["settings that come with the role", "alter role anshi_app set anshi.secret = 'x'", roleComplaints],
    ["objects in public by anybody", "grant create on schema public to anshi_sector", surroundingComplaints],
    [
      "temporary tables",
      `do $$ begin execute format('grant temporary on database %I to anshi_app', current_database()); end $$`,
      surroundingComplaints,
    ],
    [
      "default privileges",
      "alter default privileges for role anshi_owner in schema public grant select on tables to anshi_app",
      surroundingComplaints,
    ],
    ["the worker's role for requests", "grant anshi_worker to anshi_app", roleComplaints],
    ["the worker's role by inheritance", "grant anshi_worker to anshi_auth with inherit true", roleComplaints],
    ["a worker that signs in", "alter role anshi_worker login", roleComplaints],
    ["the secret of a webhook for its owner", "grant select (secret) on webhook_endpoints to anshi_sector", grantComplaints],
    ["the words of an event for the worker", "grant select (reason) on workflow_events to anshi_worker", grantComplaints],
    ["a trigger nobody declared", "create trigger hole before insert on visits for each row execute function suppress_redundant_updates_trigger()", surroundingComplaints],
    ["the queue's schema for requests", "grant usage on schema graphile_worker to anshi_app", surroundingComplaints],
    ["a queue that anybody fills", "grant execute on all functions in schema graphile_worker to public", queueComplaints],
    ["a queue that a level reads", "grant select on graphile_worker._private_jobs to anshi_operator", queueComplaints],
    ["a published table", "create publication hole for table pilots", surroundingComplaints],
  ])("%s", async (_name, statement, look) => {
    expect(await afterwards(statement, look)).not.toEqual([]);
  });
});
