import { addMember, createTenant, createToken } from "#app/features/identity/identity.server.ts";
import { signIn } from "#app/features/identity/sign-in.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { openSessions, type Sessions } from "#app/request/session.server.ts";
import { type Database, type Tx, withActor } from "#db/client.server.ts";
import type { MemberRole } from "#db/roles.ts";
import type { ScriptClock } from "./schedule.ts";

export const demoPassword = "anshi-demo-2014";
export const demoMail = (name: string): string => `${name}@demo.anshi.example`;

/** One line of demo-accounts.json (CONTRACT.md). */
export interface DemoAccount {
  email: string;
  password: string;
  role: MemberRole;
  tenant: string;
  site: string | null;
  apiToken: string;
  name: string;
}

interface NewPlayer {
  email: string;
  name: string;
  role: MemberRole;
  tenantId: string;
  tenantCode: string;
  siteId?: string;
  siteName?: string;
}

/** Everybody who acts in the demonstration. Each acts through a session of their own. */
export class Actors {
  readonly accounts: DemoAccount[] = [];
  readonly sessions: Sessions;
  constructor(
    readonly db: Database,
    readonly clock: ScriptClock,
  ) {
    this.sessions = openSessions(db, false);
  }

  /** One use-case as somebody, in one transaction, at the next instant of the business clock. */
  act<T>(who: Actor, work: (tx: Tx, actor: Actor) => Promise<T>): Promise<T> {
    const actor = { ...who, now: this.clock.tick() };
    return withActor(this.db.write, actor, (tx) => work(tx, actor));
  }

  /** Signs in for the first time and takes an API token, as the account file promises one. */
  async enter(account: Omit<DemoAccount, "apiToken">): Promise<Actor> {
    const secret = await signIn(this.db, this.sessions, account, { ip: "127.0.0.1", agent: "demo" });
    const person = await this.sessions.find(secret);
    if (!person?.actor) throw new Error(`${account.email} has no membership`);
    const { actor } = person;
    const { token } = await withActor(this.db.write, actor, (tx) =>
      createToken(tx, actor, { name: "demo", days: 366, write: true, seal: true }),
    );
    this.accounts.push({ ...account, apiToken: token });
    return actor;
  }

  /** Opens an account and signs in with it. */
  async hire(by: Actor, player: NewPlayer): Promise<Actor> {
    const { email, name, role, tenantId, siteId } = player;
    await withActor(this.db.write, by, (tx) =>
      addMember(tx, by, { email, name, password: demoPassword, role, tenantId, ...(siteId ? { siteId } : {}) }),
    );
    return this.enter({
      email,
      password: demoPassword,
      role,
      tenant: player.tenantCode,
      site: player.siteName ?? null,
      name,
    });
  }

  tenant(
    operator: Actor,
    kind: "sector" | "national" | "institution",
    code: string,
    nameZh: string,
    nameEn: string,
    priority = false,
  ): Promise<string> {
    return this.act(operator, (tx, a) => createTenant(tx, a, { kind, code, nameZh, nameEn, priority }));
  }
}
