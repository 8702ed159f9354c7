import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "#tests/setup/test-database.ts";
import {
  declaredPolicies,
  functionComplaints,
  grantComplaints,
  keyComplaints,
  nationalFrame,
  queueComplaints,
  surroundingComplaints,
  tableComplaints,
} from "#db/catalogue.server.ts";
import { roleComplaints } from "#db/catalogue-roles.server.ts";
import {
  leakproofComplaints,
  placeComplaints,
  referenceComplaints,
  triggerComplaints,
  uniqueComplaints,
} from "#db/catalogue-lint.server.ts";
import { allComplaints } from "#tests/builders/complaints.ts";
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
    expect(await allComplaints(sql)).toEqual([]);
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
    [
      "a table without RLS",
      "create table public.hole (tenant_id uuid primary key); alter table public.hole owner to anshi_owner",
      tableComplaints,
      "RLS is not enabled on hole",
    ],
    [
      "RLS not forced",
      "alter table pilots no force row level security",
      tableComplaints,
      "RLS is not forced on pilots",
    ],
    [
      "RLS switched off",
      "alter table drafts disable row level security",
      tableComplaints,
      "RLS is not enabled on drafts",
    ],
    [
      "a view that asks as its owner",
      "create view public.hole as select * from pilots; alter view public.hole owner to anshi_owner",
      tableComplaints,
      "view hole is not security_invoker",
    ],
    [
      "a materialised copy",
      "create materialized view public.hole as select * from pilots; alter materialized view public.hole owner to anshi_owner",
      tableComplaints,
      "hole is of kind m",
    ],
    ["a table-wide grant", "grant select on pilots to anshi_site", grantComplaints, "select on pilots to anshi_site"],
    [
      "a grant to the login role",
      "grant select (id) on pilots to anshi_app",
      grantComplaints,
      "select (id) on pilots to anshi_app",
    ],
    ["a grant to everybody", "grant select on pilots to public", grantComplaints, "select on pilots to PUBLIC"],
    ["TRUNCATE", "grant truncate on pilots to anshi_sector", grantComplaints, "truncate on pilots to anshi_sector"],
    [
      "REFERENCES",
      "grant references on pilots to anshi_sector",
      grantComplaints,
      "references on pilots to anshi_sector",
    ],
    ["TRIGGER", "grant trigger on pilots to anshi_sector", grantComplaints, "trigger on pilots to anshi_sector"],
    [
      "another column",
      "grant update (tenant_id) on pilots to anshi_sector",
      grantComplaints,
      "update (tenant_id) on pilots to anshi_sector",
    ],
    ["sign-in tables", "grant select on auth.users to anshi_auth", grantComplaints, "select on users to anshi_auth"],
    [
      "a sign-in function for requests",
      "grant execute on function auth.get_session(bytea) to anshi_site",
      functionComplaints,
      "function get_session(bytea) may be called by anshi_auth,anshi_site",
    ],
    [
      "a function for everybody",
      "grant execute on function auth.claim(text, text) to public",
      functionComplaints,
      "function claim(text, text) may be called by PUBLIC",
    ],
    [
      "a function with the caller's search_path",
      "alter function auth.claim(text, text) reset search_path",
      functionComplaints,
      "function claim(text, text) has no fixed search_path",
    ],
    [
      "a function that acts as a superuser",
      "alter function auth.claim(text, text) owner to postgres",
      functionComplaints,
      "function claim(text, text) belongs to postgres and acts as it",
    ],
    [
      "a function nobody declared",
      "create function public.hole() returns int language sql as 'select 1'",
      functionComplaints,
      "function hole()",
    ],
    [
      "a key that does not begin with the tenant",
      "alter table visits drop constraint visits_tenant_id_membership_id_pk, add primary key (membership_id)",
      keyComplaints,
      "the primary key of visits begins with membership_id",
    ],
    [
      "a reference without its tenant",
      "alter table submissions add unique (id); alter table review_marks add constraint hole foreign key (submission_id) references submissions (id)",
      keyComplaints,
      "hole leads to submissions without its tenant",
    ],
    [
      "a role past every policy",
      "alter role anshi_app bypassrls",
      roleComplaints,
      "role anshi_app has power past every policy",
    ],
    ["a role that makes roles", "alter role anshi_app createrole", roleComplaints, "role anshi_app may make roles"],
    ["a level that signs in", "alter role anshi_sector login", roleComplaints, "role anshi_sector may log in"],
    [
      "a level that is inherited",
      "grant anshi_sector to anshi_app with inherit true",
      roleComplaints,
      "anshi_app inherits anshi_sector",
    ],
    [
      "a level within a level",
      "grant anshi_national to anshi_sector",
      roleComplaints,
      "anshi_sector is a member of anshi_national",
    ],
    [
      "settings that come with the role",
      "alter role anshi_app set anshi.secret = 'x'",
      roleComplaints,
      "role anshi_app carries settings: anshi.secret=x",
    ],
    [
      "objects in public by anybody",
      "grant create on schema public to anshi_sector",
      surroundingComplaints,
      "anshi_sector create on schema public",
    ],
    [
      "temporary tables",
      `do $$ begin execute format('grant temporary on database %I to anshi_app', current_database()); end $$`,
      surroundingComplaints,
      "anshi_app temporary on database",
    ],
    [
      "default privileges",
      "alter default privileges for role anshi_owner in schema public grant select on tables to anshi_app",
      surroundingComplaints,
      "default privileges of anshi_owner",
    ],
    [
      "the worker's role for requests",
      "grant anshi_worker to anshi_app",
      roleComplaints,
      "anshi_app is a member of anshi_worker",
    ],
    [
      "the worker's role by inheritance",
      "grant anshi_worker to anshi_auth with inherit true",
      roleComplaints,
      "anshi_auth inherits anshi_worker",
    ],
    ["a worker that signs in", "alter role anshi_worker login", roleComplaints, "role anshi_worker may log in"],
    [
      "the secret of a webhook for its owner",
      "grant select (secret) on webhook_endpoints to anshi_sector",
      grantComplaints,
      "select (secret) on webhook_endpoints to anshi_sector",
    ],
    [
      "the words of an event for the worker",
      "grant select (reason) on workflow_events to anshi_worker",
      grantComplaints,
      "select (reason) on workflow_events to anshi_worker",
    ],
    [
      "a trigger nobody declared",
      "create trigger hole before insert on visits for each row execute function suppress_redundant_updates_trigger()",
      surroundingComplaints,
      "trigger hole",
    ],
    [
      "the queue's schema for requests",
      "grant usage on schema graphile_worker to anshi_app",
      surroundingComplaints,
      "anshi_app usage on schema graphile_worker",
    ],
    [
      "a queue that anybody fills",
      "grant execute on all functions in schema graphile_worker to public",
      queueComplaints,
      "granted in the queue: PUBLIC on add_job",
    ],
    [
      "a queue that a level reads",
      "grant select on graphile_worker._private_jobs to anshi_operator",
      queueComplaints,
      "granted in the queue: anshi_operator on _private_jobs",
    ],
    ["a published table", "create publication hole for table pilots", surroundingComplaints, "publication hole"],
    // Beyond what public linters know.
    [
      "a role past every policy that owns nothing",
      "alter role anshi_auth superuser",
      roleComplaints,
      "role anshi_auth has power past every policy",
    ],
    [
      "a sequence that a level may ask",
      "create sequence auth.hole; grant usage on sequence auth.hole to anshi_sector",
      grantComplaints,
      "usage on hole to anshi_sector",
    ],
    [
      "a reading of everything",
      "grant pg_read_all_data to anshi_auth",
      roleComplaints,
      "anshi_auth is a member of pg_read_all_data",
    ],
    [
      "a unique key across tenants",
      "create unique index hole on sites (code)",
      uniqueComplaints,
      "unique key hole of sites begins with code",
    ],
    [
      "a unique key over an expression",
      "create unique index hole on sites (lower(code), tenant_id)",
      uniqueComplaints,
      "unique key hole of sites begins with an expression",
    ],
    [
      "a reference that pairs another column with the tenant",
      "alter table drafts add column other uuid, add constraint hole foreign key (other, document_id) references documents (tenant_id, id)",
      referenceComplaints,
      "reference hole (drafts → documents) leads out of the tenant",
    ],
    [
      "a reference that takes rows with it",
      "alter table drafts add constraint hole foreign key (tenant_id, document_id) references documents (tenant_id, id) on delete cascade",
      referenceComplaints,
      "reference hole (drafts → documents) changes rows past every policy",
    ],
    [
      "a reference that empties columns",
      "alter table pilots add constraint hole foreign key (tenant_id, project_id) references projects (tenant_id, id) on update set null",
      referenceComplaints,
      "reference hole (pilots → projects) changes rows past every policy",
    ],
    [
      "a reference that was never checked",
      "alter table drafts add constraint hole foreign key (tenant_id, document_id) references documents (tenant_id, id) not valid",
      referenceComplaints,
      "reference hole (drafts → documents) was never checked",
    ],
    [
      "a policy that asks by a pattern",
      "create policy hole on pilots for select to anshi_site using (code like 'A%')",
      leakproofComplaints,
      "policy hole asks pg_catalog.textlike, which is not leakproof",
    ],
    [
      "an index over an enum",
      "create type hole as enum ('a'); alter table pilots add column kind hole; create index hole_kind on pilots (tenant_id, kind)",
      leakproofComplaints,
      "index hole_kind of pilots compares anyenum, which is not leakproof",
    ],
    [
      "a function called leakproof",
      "alter function auth.claim(text, text) leakproof",
      leakproofComplaints,
      "function auth.claim is called leakproof by us alone",
    ],
    [
      "a trail that is blind",
      "alter table pilots disable trigger pilots_audit_update",
      triggerComplaints,
      "trigger pilots_audit_update of pilots does not fire",
    ],
    [
      "a trigger of the trail taken away",
      "drop trigger drafts_audit_delete on drafts",
      triggerComplaints,
      "trigger drafts_audit_delete is missing",
    ],
    ["a schema nobody declared", "create schema hole", placeComplaints, "schema hole is declared nowhere"],
    [
      "a function in another schema that acts as its owner",
      "create schema hole; create function hole.f() returns int language sql security definer as 'select 1'",
      placeComplaints,
      "function hole.f acts as its owner for everybody",
    ],
    [
      "a parameter that switches triggers off",
      "grant set on parameter session_replication_role to anshi_app",
      placeComplaints,
      "parameter session_replication_role may be set by anshi_app",
    ],
    [
      "a setting that comes with the database",
      `do $$ begin execute format('alter role anshi_app in database %I set anshi.secret = %L', current_database(), 'x'); end $$`,
      placeComplaints,
      "setting anshi.secret=x comes with the database",
    ],
    [
      "a view over sign-in tables",
      "create view auth.hole as select * from auth.users",
      placeComplaints,
      "hole in schema auth shows tables as its owner",
    ],
    [
      "a migration record that anybody writes",
      "grant insert on meta.migrations to anshi_app",
      placeComplaints,
      "insert on meta.migrations to anshi_app",
    ],
    ["a large object", "select lo_create(0)", placeComplaints, "stands behind no policy"],
  ])("%s", async (_name, statement, look, named) => {
    const complaints = await afterwards(statement, look);
    expect(complaints.filter((c) => c.includes(named))).not.toEqual([]);
  });
});
