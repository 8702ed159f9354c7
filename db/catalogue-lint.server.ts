import type postgres from "postgres";
import { askInTurn, catalogueComplaints, type Expressions, nationalFrame } from "./catalogue.server.ts";
import { declaredWalls } from "./policies.ts";
import { backupRole } from "./roles.ts";
import { auditedTables, auditTriggerNames, queueSchema } from "./walls.ts";

/*
 * Ways around a policy that are no policy's fault and that public linters pass over: keys that tell of or change other
 * tenants' rows, operators that cost a policy its index, settings and triggers that are switched off, schemas and
 * extensions that nobody declared. Each function answers with complaints that name what they found.
 */

type Sql = postgres.Sql | postgres.TransactionSql;

const tenantTables = (): string[] =>
  [...declaredWalls().values()].filter((w) => !w.reference && !nationalFrame.has(w.table)).map((w) => w.table);

/** Unique across tenants on purpose; all rows of both are the national office's own, so nobody else's insert can ask them. */
const nationwide = new Set(["national_lessons_code", "specifications_number"]);

/** A unique key tells whoever inserts that a row exists: it begins with the tenant, so that it tells of their own alone. */
export async function uniqueComplaints(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string; table: string; first: string | null }[]>`
    select i.relname as name, c.relname as table, a.attname as first
      from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0] and a.attnum > 0
      where c.relnamespace = 'public'::regnamespace and (x.indisunique or x.indisexclusion) and c.relname = any (${tenantTables()})`;
  return rows
    .filter((r) => r.first !== "tenant_id" && !nationwide.has(r.name))
    .map((r) => `unique key ${r.name} of ${r.table} begins with ${r.first ?? "an expression"}, not with the tenant`);
}

/** References of the national office to what a sector has handed over: the sector's id stands in a column of its own. */
const handedOver: Readonly<Record<string, string>> = {
  national_lessons: "from_sector",
  clause_evidence: "sector_tenant_id",
};
/** Rows that go with their parent; both carry the tenant in the key, so what goes is of the same tenant. */
const cascading = new Set([
  "clause_evidence → clauses",
  "clause_tellings → clauses",
  "webhook_deliveries → webhook_endpoints",
]);

interface Reference {
  name: string;
  table: string;
  parent: string;
  own: string[];
  theirs: string[];
  onDelete: string;
  onUpdate: string;
  valid: boolean;
}
/** Key checks and their actions run past policies: tenant to tenant, checked, and without an action that changes rows. */
export async function referenceComplaints(sql: Sql): Promise<string[]> {
  const rows = await sql<Reference[]>`
    select k.conname as name, c.relname as table, p.relname as parent, k.confdeltype::text as "onDelete", k.confupdtype::text as "onUpdate", k.convalidated as valid,
        array(select a.attname from unnest(k.conkey) with ordinality as u(n, o) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by u.o) as own,
        array(select a.attname from unnest(k.confkey) with ordinality as u(n, o) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by u.o) as theirs
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
      where c.relnamespace = 'public'::regnamespace and k.contype = 'f'`;
  const ofTenants = new Set(tenantTables());
  return rows.flatMap((r) => {
    const pair = `${r.table} → ${r.parent}`;
    const between = ofTenants.has(r.table) && ofTenants.has(r.parent);
    const tenantOf = r.own[r.theirs.indexOf("tenant_id")];
    const within = tenantOf === "tenant_id" || (tenantOf !== undefined && tenantOf === handedOver[r.table]);
    const acts = ![r.onDelete, r.onUpdate].every((a) => a === "a" || a === "r");
    return [
      between && !within ? `reference ${r.name} (${pair}) leads out of the tenant` : "",
      acts && !cascading.has(pair) ? `reference ${r.name} (${pair}) changes rows past every policy` : "",
      r.valid ? "" : `reference ${r.name} (${pair}) was never checked`,
    ].filter(Boolean);
  });
}

/** Ours, asked once a statement behind a `(select …)`, so that no row's value is ever handed to them but the last's ids. */
const askedByPolicies = new Set([
  "auth.claim",
  "auth.claim_role",
  "auth.granted_pilots",
  "auth.consultation_open",
  "auth.broken_glass",
  "auth.panel_pilots",
  "auth.hidden_marks",
  "auth.accepting_tenants",
  "auth.colleagues",
]);

/**
 * An operator that is not leakproof may not be asked before the policy, so a filter with it reads the tenant's whole
 * table; within a policy it could tell of a row by its error (CREATE FUNCTION, LEAKPROOF).
 */
export async function leakproofComplaints(sql: Sql): Promise<string[]> {
  const inPolicies = await sql<{ policy: string; asks: string }[]>`
    select distinct y.polname as policy, p.pronamespace::regnamespace || '.' || p.proname as asks
      from pg_policy y join pg_class c on c.oid = y.polrelid,
        regexp_matches(coalesce(y.polqual::text, '') || coalesce(y.polwithcheck::text, ''), ':(?:opfuncid|funcid) (\\d+)', 'g') m
        join pg_proc p on p.oid = m[1]::oid
      where c.relnamespace = 'public'::regnamespace and not p.proleakproof`;
  const inIndexes = await sql<{ index: string; table: string; type: string }[]>`
    select distinct i.relname as index, c.relname as table, format_type(k.opcintype, null) as type
      from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid, unnest(x.indclass) as u(o)
        join pg_opclass k on k.oid = u.o
        join pg_amop s on s.amopfamily = k.opcfamily and s.amoplefttype = k.opcintype and s.amoprighttype = k.opcintype
        join pg_operator o on o.oid = s.amopopr join pg_proc p on p.oid = o.oprcode
      where c.relnamespace = 'public'::regnamespace and not p.proleakproof and c.relname = any (${tenantTables()})`;
  const ours = await sql<{ name: string }[]>`
    select p.pronamespace::regnamespace || '.' || p.proname as name from pg_proc p where p.proleakproof and p.pronamespace <> 'pg_catalog'::regnamespace`;
  return [
    ...inPolicies
      .filter((r) => !askedByPolicies.has(r.asks))
      .map((r) => `policy ${r.policy} asks ${r.asks}, which is not leakproof`),
    ...inIndexes.map(
      (r) => `index ${r.index} of ${r.table} compares ${r.type}, which is not leakproof: no policy leaves it in use`,
    ),
    ...ours.map((r) => `function ${r.name} is called leakproof by us alone`),
  ];
}

/** Every trigger of the audit chain is there and fires: a disabled one would leave the walls up and the trail blind. */
export async function triggerComplaints(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string; table: string; enabled: string }[]>`
    select t.tgname as name, c.relname as table, t.tgenabled::text as enabled from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace)`;
  const there = new Set(rows.map((r) => r.name));
  return [
    ...rows.filter((r) => r.enabled !== "O").map((r) => `trigger ${r.name} of ${r.table} does not fire as it should`),
    ...auditedTables()
      .flatMap(auditTriggerNames)
      .filter((name) => !there.has(name))
      .map((name) => `trigger ${name} is missing`),
  ];
}

const ownSchemas = ["public", "auth", "meta", queueSchema];

/** Places nobody declared, and rights that stand outside of tables: parameters, settings, large objects, languages. */
export async function placeComplaints(sql: Sql): Promise<string[]> {
  const found = await sql<{ what: string }[]>`
    select 'schema ' || nspname || ' is declared nowhere' as what from pg_namespace
      where nspname !~ '^pg_' and nspname <> 'information_schema' and not nspname = any (${ownSchemas})
    union all select 'extension ' || extname || ' is declared nowhere' from pg_extension where extname <> 'plpgsql'
    union all select 'language ' || lanname || ' may do anything' from pg_language where not lanpltrusted and lanname not in ('internal', 'c')
    union all select 'parameter ' || parname || ' may be set by ' || case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end
      from pg_parameter_acl, aclexplode(paracl) a where a.grantee <> 10
    union all select 'setting ' || array_to_string(setconfig, ', ') || ' comes with the database' from pg_db_role_setting
      where setdatabase in (0, (select oid from pg_database where datname = current_database()))
        and not (setconfig = array['default_transaction_read_only=on'] and coalesce(setrole = (select oid from pg_roles where rolname = ${backupRole}), false))
    union all select 'large object ' || oid || ' stands behind no policy' from pg_largeobject_metadata
    union all select c.relname || ' in schema ' || n.nspname || ' shows tables as its owner'
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('auth', 'meta') and c.relkind in ('v', 'm', 'f')
    union all select 'rule ' || rulename || ' in schema auth' from pg_rewrite w join pg_class c on c.oid = w.ev_class
      where c.relnamespace = 'auth'::regnamespace and rulename <> '_RETURN'
    union all select lower(a.privilege_type) || ' on meta.' || c.relname || ' to ' || case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end
      from pg_class c, aclexplode(c.relacl) a where c.relnamespace = 'meta'::regnamespace and a.grantee <> c.relowner
        and not (c.relname in ('migrations', 'walls', 'demonstration') and a.privilege_type = 'SELECT' and a.grantee = 'anshi_app'::regrole)`;
  const open = await sql<{ name: string }[]>`
    select p.pronamespace::regnamespace || '.' || p.proname as name from pg_proc p
      where p.prosecdef and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        and exists (select 1 from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)`;
  return [...found.map((r) => r.what), ...open.map((r) => `function ${r.name} acts as its owner for everybody`)];
}

const lintRules = [uniqueComplaints, referenceComplaints, leakproofComplaints, triggerComplaints, placeComplaints];

/** Walls against their declarations and every rule of this file; none means sound. It writes nothing and locks nothing. @param expected as with `policyComplaints`. */
export async function complaintsAgainst(sql: Sql, expected: Expressions | null): Promise<string[]> {
  return [...(await catalogueComplaints(sql, expected)), ...(await askInTurn(sql, lintRules))];
}
