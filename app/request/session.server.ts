import { createHash, randomBytes } from "node:crypto";
import { type Adapter, type DatabaseSession, type DatabaseUser, Lucia, TimeSpan } from "lucia";
import { uuidv7 } from "#app/platform/id.ts";
import type { Database } from "#db/client.server.ts";
import type { MemberRole, SignedInLevel } from "#db/roles.ts";
import type { Actor, Scope } from "./actor.ts";

/** A session ends twelve hours after sign-in whatever happens, and after two hours without a request. */
export const sessionHours = 12;
export const idleHours = 2;
/** A request prolongs the idle end at most this often: no write on every page. */
const touchEveryMs = 60_000;

export const digestOf = (secret: string): Buffer => createHash("sha256").update(secret, "utf8").digest();
/** 160 bits, base32-free hex: safe in a cookie and a header. */
export const newSecret = (): string => randomBytes(20).toString("hex");

/** One row of auth.get_session / auth.get_token. */
export interface SessionRow {
  id: string;
  user_id: string;
  email: string;
  name: string;
  created_at: string;
  expires_at: string;
  idle_until: string;
  last_seen_at: string;
  membership_id: string | null;
  role: MemberRole | null;
  level: SignedInLevel | null;
  tenant_id: string | null;
  tenant_kind: Actor["tenantKind"] | null;
  tenant_code: string | null;
  tenant_zh: string | null;
  tenant_en: string | null;
  site_id: string | null;
  site_name: string | null;
  scopes: Scope[] | null;
  clock_offset_ms: string;
}

/** Each secret is looked up with a share of its own: whoever asks two hundred times at once keeps nobody else's from being found. */
type Lookups = Pick<Database, "auth" | "authFor">;

/** Keeps only SHA-256(secret): whoever reads the table cannot use what is in it. All access goes through functions of `auth`. */
class DigestAdapter implements Adapter {
  private readonly sql: Database["auth"];
  constructor(private readonly db: Lookups) {
    this.sql = db.auth;
  }
  async getSessionAndUser(secret: string): Promise<[DatabaseSession | null, DatabaseUser | null]> {
    const [row] = await this.db.authFor(secret)<SessionRow[]>`select * from auth.get_session(${digestOf(secret)})`;
    if (!row) return [null, null];
    return [
      { id: secret, userId: row.user_id, expiresAt: new Date(row.expires_at), attributes: { row } },
      { id: row.user_id, attributes: {} },
    ];
  }
  /** Ids are digests in hex: fit for a list, useless as a cookie. */
  async getUserSessions(userId: string): Promise<DatabaseSession[]> {
    const rows = await this.sql<
      { digest: Buffer; expires_at: string }[]
    >`select digest, expires_at from auth.sessions_of(${userId})`;
    return rows.map((r) => ({
      id: r.digest.toString("hex"),
      userId,
      expiresAt: new Date(r.expires_at),
      attributes: {},
    }));
  }
  async setSession(session: DatabaseSession): Promise<void> {
    const a = session.attributes;
    const idle = new Date(Date.now() + idleHours * 3_600_000);
    await this
      .sql`select auth.create_session(${digestOf(session.id)}, ${uuidv7()}, ${session.userId}, ${a.membershipId ?? null}, ${session.expiresAt.toISOString()}, ${idle.toISOString()}, ${a.ip ?? ""}, ${a.agent ?? ""})`;
  }
  /** Lucia would slide the end for ever; ours is absolute. */
  async updateSessionExpiration(): Promise<void> {}
  async deleteSession(secret: string): Promise<void> {
    await this.sql`select auth.delete_session(${digestOf(secret)})`;
  }
  async deleteUserSessions(userId: string): Promise<void> {
    await this.sql`select auth.delete_user_sessions(${userId})`;
  }
  async deleteExpiredSessions(): Promise<void> {
    await this.sql`select auth.delete_expired_sessions()`;
  }
}

interface SessionAttributes {
  membershipId?: string | null;
  ip?: string;
  agent?: string;
  row?: SessionRow;
}

function makeLucia(db: Lookups, secure: boolean) {
  return new Lucia(new DigestAdapter(db), {
    sessionExpiresIn: new TimeSpan(sessionHours, "h"),
    sessionCookie: { name: cookieName(secure), expires: false, attributes: { secure, sameSite: "lax", path: "/" } },
    getSessionAttributes: (a: SessionAttributes) => ({ row: a.row }),
  });
}
declare module "lucia" {
  interface Register {
    Lucia: ReturnType<typeof makeLucia>;
    DatabaseSessionAttributes: SessionAttributes;
    UserId: string;
  }
}

/** `__Host-` binds the cookie to this origin, but browsers take it over TLS alone. */
export const cookieName = (secure: boolean): string => (secure ? "__Host-anshi" : "anshi_session");

export interface SignedIn {
  secret: string;
  userId: string;
  email: string;
  name: string;
  sessionId: string;
  expiresAt: Date;
  /** Null when the person's last membership ended. */
  actor: Actor | null;
}

export interface Sessions {
  /** The session behind a cookie's secret, its idle end prolonged. Null when there is none or it has ended. */
  find(secret: string): Promise<SignedIn | null>;
  /** The membership behind an API token. */
  findToken(token: string): Promise<Actor | null>;
  create(userId: string, membershipId: string | null, from: { ip: string; agent: string }): Promise<string>;
  remove(secret: string): Promise<void>;
  /** Set-Cookie value; ends with the browser session and, at the latest, with the session itself. */
  cookie(secret: string): string;
  blankCookie(): string;
  /** Reads our cookie out of a Cookie header. */
  secretFrom(cookieHeader: string | null): string | null;
}

const secretShape = /^[0-9a-f]{40}$/;

/** @param secure whether people reach us over TLS (BASE_URL begins with https). */
export function openSessions(db: Lookups, secure: boolean): Sessions {
  const lucia = makeLucia(db, secure);
  const touches = touchClock();
  return {
    async find(secret) {
      if (!secretShape.test(secret)) return null;
      const { session } = await lucia.validateSession(secret);
      const row = session?.row;
      if (!session || !row) return null;
      if (Date.now() - new Date(row.last_seen_at).getTime() > touchEveryMs) {
        await db.authFor(
          secret,
        )`select auth.touch_session(${digestOf(secret)}, ${new Date(Date.now() + idleHours * 3_600_000).toISOString()})`;
      }
      return {
        secret,
        userId: row.user_id,
        email: row.email,
        name: row.name,
        sessionId: row.id,
        expiresAt: new Date(row.expires_at),
        actor: actorFrom(row, secret),
      };
    },
    async findToken(token) {
      if (!token.startsWith("ans_") || !secretShape.test(token.slice(4))) return null;
      const [row] = await db.authFor(token)<SessionRow[]>`select * from auth.get_token(${digestOf(token)})`;
      if (!row) return null;
      if (touches.due(row.id)) {
        db.authFor(token)`select auth.touch_token(${digestOf(token)})`.catch(() => touches.forget(row.id));
      }
      return actorFrom(row, token);
    },
    async create(userId, membershipId, from) {
      const secret = newSecret();
      await lucia.createSession(userId, { membershipId, ...from }, { sessionId: secret });
      return secret;
    },
    remove: (secret) => lucia.invalidateSession(secret),
    cookie: (secret) => lucia.createSessionCookie(secret).serialize(),
    blankCookie: () => lucia.createBlankSessionCookie().serialize(),
    secretFrom: (header) => lucia.readSessionCookie(header ?? ""),
  };
}

/** Tells whose use was last written down more than a minute ago: a token that asks all day costs no second statement each time. */
function touchClock(most = 10_000) {
  const at = new Map<string, number>();
  return {
    due(id: string): boolean {
      const now = Date.now();
      if (now - (at.get(id) ?? Number.NEGATIVE_INFINITY) < touchEveryMs) return false;
      if (at.size >= most) at.clear();
      at.set(id, now);
      return true;
    },
    forget: (id: string): void => void at.delete(id),
  };
}

/** The membership of a row, null where it has none. @param secret what its transactions prove themselves with */
export function actorFrom(row: SessionRow, secret: string): Actor | null {
  const { membership_id, role, level, tenant_id, tenant_kind } = row;
  if (!membership_id || !role || !level || !tenant_id || !tenant_kind) return null;
  return {
    level,
    secret,
    userId: row.user_id,
    email: row.email,
    name: row.name,
    membershipId: membership_id,
    role,
    tenantId: tenant_id,
    tenantKind: tenant_kind,
    tenantCode: row.tenant_code ?? "",
    tenantName: { zh: row.tenant_zh ?? "", en: row.tenant_en ?? "" },
    siteId: row.site_id,
    siteName: row.site_name ?? "",
    now: new Date(Date.now() + Number(row.clock_offset_ms)),
    scopes: row.scopes,
  };
}
