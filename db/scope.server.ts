import { type Credentials, type Database, type Tx, withActor } from "./client.server.ts";

/** The read transactions of one request: all its loaders share one for each caller (in practice: one). */
export interface RequestScope {
  read(caller: Credentials): Promise<Tx>;
  /** Commits, or rolls back after an error. Safe to call when nothing was opened. */
  end(error?: unknown): Promise<void>;
}

interface Opened {
  tx: Promise<Tx>;
  finish: (error?: unknown) => void;
  closed: Promise<void>;
}

/** @param db the request's pools; the transaction opens with the first read and stays open until `end`. */
export function createRequestScope(db: () => Pick<Database, "read">): RequestScope {
  const open = new Map<string, Opened>();
  const start = (caller: Credentials): Opened => {
    let finish: Opened["finish"] = () => undefined;
    const ended = new Promise<void>((resolve, reject) => {
      finish = (error) => {
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error("request failed", { cause: error }));
      };
    });
    let closed: Promise<void> = Promise.resolve();
    const tx = new Promise<Tx>((resolve, reject) => {
      closed = withActor(db().read, caller, async (t) => {
        resolve(t);
        await ended;
      });
      void closed.catch(reject);
    });
    return { tx, finish, closed };
  };
  return {
    read(caller) {
      const key = `${caller.level}:${caller.secret ?? ""}`;
      let one = open.get(key);
      if (!one) open.set(key, (one = start(caller)));
      return one.tx;
    },
    async end(error) {
      const all = [...open.values()];
      open.clear();
      for (const one of all) one.finish(error);
      // A read transaction has nothing to lose: what went wrong in it has reached the loader already.
      await Promise.allSettled(all.map((one) => one.closed));
    },
  };
}
