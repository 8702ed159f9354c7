import type postgres from "postgres";
import { backupRole, levelRole, levels, workerRole } from "./roles.ts";

/* Who is who in the server, held against what the walls suppose. */

type Sql = postgres.Sql | postgres.TransactionSql;

const loginRoles = ["anshi_app", "anshi_auth"] as const;

/** Roles: no power beyond their grants, levels that nobody inherits or signs in as. */
export async function roleComplaints(sql: Sql): Promise<string[]> {
  const all = [...loginRoles, "anshi_owner", workerRole, ...levels.map(levelRole)];
  const roles = await sql<
    {
      name: string;
      super: boolean;
      bypass: boolean;
      create: boolean;
      db: boolean;
      replication: boolean;
      login: boolean;
      config: string[] | null;
    }[]
  >`
    select rolname as name, rolsuper as super, rolbypassrls as bypass, rolcreaterole as create, rolcreatedb as db, rolreplication as replication, rolcanlogin as login, rolconfig as config
      from pg_roles where rolname = any (${all})`;
  // Up to PostgreSQL 15 it is the member who inherits or not, from 16 on each membership says so.
  const members = await sql<{ role: string; member: string; inherit: boolean; admin: boolean }[]>`
    select roleid::regrole::text as role, member::regrole::text as member, coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit) as inherit, admin_option as admin
      from pg_auth_members m join pg_roles r on r.oid = m.member where roleid::regrole::text = any (${all}) or member::regrole::text = any (${all})`;
  const seen = new Set(roles.map((r) => r.name));
  return [
    ...all.map((name) => (seen.has(name) ? "" : `role ${name} is missing`)),
    ...roles.flatMap((r) => [
      r.super || r.bypass || r.db || r.replication ? `role ${r.name} has power past every policy` : "",
      r.create && r.name !== "anshi_owner" ? `role ${r.name} may make roles` : "",
      r.login === /^anshi_(app|auth|owner)$/.test(r.name)
        ? ""
        : `role ${r.name} ${r.login ? "may log in" : "may not log in"}`,
      r.config ? `role ${r.name} carries settings: ${r.config.join()}` : "",
    ]),
    ...members.map((m) => {
      const levelToApp = m.member === "anshi_app" && levels.some((l) => levelRole(l) === m.role);
      const workerToAuth = m.member === "anshi_auth" && m.role === workerRole;
      // PostgreSQL 16 makes whoever creates a role its administrator; the owner creates the levels.
      if (m.member === "anshi_owner" && m.admin) return "";
      if (!levelToApp && !workerToAuth) return `${m.member} is a member of ${m.role}`;
      return m.inherit || m.admin ? `${m.member} ${m.inherit ? "inherits" : "administers"} ${m.role}` : "";
    }),
    ...(await backupRoleComplaints(sql)),
  ].filter(Boolean);
}

/** The role of dumps reads past every policy, so it may do nothing else; an embedded server has none. */
async function backupRoleComplaints(sql: Sql): Promise<string[]> {
  const [role] = await sql<{ more: boolean; members: string[]; of: string[] }[]>`
    select rolsuper or rolcreaterole or rolcreatedb or rolreplication or not coalesce('default_transaction_read_only=on' = any (rolconfig), false) as more,
        array(select member::regrole::text from pg_auth_members where roleid = r.oid) as members,
        array(select roleid::regrole::text from pg_auth_members where member = r.oid) as of
      from pg_roles r where rolname = ${backupRole}`;
  if (!role) return [];
  return [
    role.more ? `role ${backupRole} may do more than read` : "",
    ...role.members.map((m) => `${m} is a member of ${backupRole}`),
    ...role.of.map((r) => (r === "pg_read_all_data" ? "" : `${backupRole} is a member of ${r}`)),
  ];
}
