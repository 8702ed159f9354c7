import postgres from "postgres";

export const LOGIN_ROLES = ["anshi_owner", "anshi_auth", "anshi_app"] as const;
export type LoginRole = (typeof LOGIN_ROLES)[number];

/**
 * The three roles that log in, and the database, on a server of our own. Idempotent. `anshi_owner` may create roles (the
 * levels that policies are written for) but is no superuser; nobody else may even connect.
 */
export async function ensureRoles(
  superuserUrl: string,
  passwords: Record<LoginRole, string>,
  database: string,
): Promise<void> {
  const sql = postgres(superuserUrl, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    const rows = await sql<
      { rolname: string }[]
    >`select rolname from pg_roles where rolname in ${sql([...LOGIN_ROLES])}`;
    const present = new Set(rows.map((row) => row.rolname));
    for (const role of LOGIN_ROLES) {
      if (present.has(role)) continue;
      const rights = role === "anshi_owner" ? "createrole" : "nocreaterole";
      // A password cannot be a parameter here; ours are of the base64url alphabet, which the check keeps true.
      if (!/^[\w-]+$/.test(passwords[role])) throw new Error("unexpected character in a generated password");
      await sql.unsafe(
        `create role ${role} login nosuperuser nobypassrls nocreatedb ${rights} password '${passwords[role]}'`,
      );
    }
    const [found] = await sql`select 1 from pg_database where datname = ${database}`;
    if (!found) await sql.unsafe(`create database "${database}" owner anshi_owner`);
    await restrictDatabase(sql, database);
    await sql.unsafe("revoke connect on database postgres, template1 from public");
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Connecting is for our three roles; temporary tables are for the owner. A cloned database does not inherit this. */
export async function restrictDatabase(sql: postgres.Sql, database: string): Promise<void> {
  await sql.unsafe(`revoke all on database "${database}" from public`);
  await sql.unsafe(`grant connect on database "${database}" to anshi_app, anshi_auth`);
}
