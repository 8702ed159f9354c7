import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { digestOf } from "#app/request/session.server.ts";
import { type Database, withActor } from "#db/client.server.ts";
import type { Member } from "./field.ts";
import type { Canaries } from "./engine.ts";
import type { HttpAttack, Visitor } from "./http-attacks.ts";

export interface Proofs {
  visitors: Visitor[];
  /** Ends what was made for the attack. */
  giveBack(): Promise<void>;
}

/** For each member a session of their own and two tokens that live ten minutes, one of which may only read. */
export async function proofsFor(db: Database, members: readonly Member[]): Promise<Proofs> {
  const visitors: Visitor[] = [];
  const undo: (() => Promise<unknown>)[] = [];
  for (const member of members) {
    const { actor } = member;
    const cookie = randomBytes(20).toString("hex");
    const soon = new Date(Date.now() + 600_000).toISOString();
    await db.auth`select auth.create_session(${digestOf(cookie)}, ${randomUUID()}, ${actor.userId}, ${actor.membershipId}, ${soon}, ${soon}, '127.0.0.1', 'isolation')`;
    undo.push(() => db.auth`select auth.delete_session(${digestOf(cookie)})`);
    const token = async (scopes: string) => {
      const secret = `ans_${randomBytes(20).toString("hex")}`;
      const id = randomUUID();
      await withActor(db.write, actor, (tx) =>
        tx.execute(
          sql`select auth.create_token(${actor.level}, ${digestOf(secret)}, ${id}, 'isolation', ${scopes}::text[], ${soon})`,
        ),
      );
      undo.push(() =>
        withActor(db.write, actor, (tx) => tx.execute(sql`select auth.revoke_token(${actor.level}, ${id})`)),
      );
      return secret;
    };
    visitors.push({ member, cookie, token: await token("{read,write}"), readToken: await token("{read}") });
  }
  return {
    visitors,
    giveBack: async () => {
      for (const one of undo) await one();
    },
  };
}

/** Names that must not come back to who asks: for members of the first sector those of all others. */
export const canariesFor =
  (members: readonly Member[], canaries: Canaries) =>
  (attack: HttpAttack): Canaries =>
    members.some((m) => m.name === attack.role && ["site", "sector", "auditor"].includes(m.level)) ? canaries : [];
