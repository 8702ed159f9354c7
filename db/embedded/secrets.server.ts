import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LOGIN_ROLES, type LoginRole } from "./roles.server.ts";
import { StartError } from "./start-error.ts";

export const DATABASE = "anshi";
export const SUPERUSER = "postgres";

export interface PostgresUrls {
  /** Role anshi_app: every request. */
  app: string;
  /** Role anshi_auth: sign-in alone. */
  auth: string;
  /** Role anshi_owner: migrations alone. */
  owner: string;
}

/** `DATA_DIR/postgres.json`, mode 0600. */
export interface Secrets {
  port: number;
  superuser: string;
  passwords: Record<LoginRole, string>;
}

/** @throws StartError where the file is missing or damaged. */
export function readSecrets(dataDir: string): Secrets {
  const file = join(dataDir, "postgres.json");
  try {
    const found = JSON.parse(readFileSync(file, "utf8")) as Partial<Secrets>;
    const passwords = found.passwords;
    if (
      typeof found.port === "number" &&
      typeof found.superuser === "string" &&
      passwords &&
      LOGIN_ROLES.every((role) => passwords[role])
    ) {
      return { port: found.port, superuser: found.superuser, passwords };
    }
  } catch {
    // Told below.
  }
  throw new StartError(
    `${file} with the database's passwords is missing or damaged. Give the database new ones with npm run restore -- --passwords (everything in it stays), or restore a backup into a new DATA_DIR with npm run restore -- DIR.`,
  );
}

export function urlsOf(secrets: Secrets): PostgresUrls {
  const url = (role: LoginRole) => urlOf(role, secrets.passwords[role], secrets.port, DATABASE);
  return { app: url("anshi_app"), auth: url("anshi_auth"), owner: url("anshi_owner") };
}

export function urlOf(user: string, secret: string, port: number, database: string): string {
  return `postgres://${user}:${secret}@127.0.0.1:${port}/${database}`;
}

/** URL-safe as it stands. */
export function password(): string {
  return randomBytes(24).toString("base64url");
}

/** Whole or not at all, readable by the owner alone. */
export function writePrivate(path: string, value: unknown): void {
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
