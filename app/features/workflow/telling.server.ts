import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import type { Instance } from "./instance.server.ts";

/** An event as it was taken: what it was, of what, and what its doer gave with it. */
export interface Taken {
  instance: Instance;
  type: string;
  payload: Readonly<Record<string, unknown>>;
}
/** Tells whom an event concerns, in its transaction. */
export type Teller = (tx: Tx, actor: Actor, taken: Taken) => Promise<void>;

let teller: Teller | null = null;
/** Called once, where the program begins: machines know no feature that lives on their events (`app/declarations.server.ts`). */
export function declareTeller(declared: Teller): void {
  teller = declared;
}
export async function tellOf(tx: Tx, actor: Actor, taken: Taken): Promise<void> {
  if (!teller)
    throw new Error("nothing was declared: call declareAll (app/declarations.server.ts) where the program begins");
  await teller(tx, actor, taken);
}
