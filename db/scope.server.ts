import { Busy } from "./gate.server.ts";
import { type Credentials, type Database, isOutdated, isSpoilt, type Tx, withActor } from "./client.server.ts";

/** The read transactions of one request: all its loaders share one for each caller (in practice: one). */
export interface RequestScope {
  read(caller: Credentials): Promise<Tx>;
  /** As `read`, for work that is done once more on a new transaction where statements of the first were out of date, or somebody else's were refused. */
  reading<T>(caller: Credentials, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Commits, or rolls back after an error. Safe to call when nothing was opened. Whoever reads afterwards is told that the
   * request is over: of one whose sender left, some loaders still run, and a transaction that they opened would end with no one.
   */
  end(error?: unknown): Promise<void>;
}

interface Opened {
  tx: Promise<Tx>;
  finish: (error?: unknown) => void;
  closed: Promise<void>;
  /** It failed, and a new one stands in its place. */
  outdated?: boolean;
}

/** How often work is begun anew in one request. */
const attempts = 2;

/** @param db the request's pools; the transaction opens with the first read and stays open until `end`. */
export function createRequestScope(db: () => Pick<Database, "read">): RequestScope {
  const open = new Map<string, Opened>();
  let over = false;
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
      closed = withActor(
        db().read,
        caller,
        async (t) => {
          resolve(t);
          await ended;
          // Others hold on to this transaction: a second one would be handed to nobody.
        },
        { once: true },
      );
      void closed.catch(reject);
    });
    return { tx, finish, closed };
  };
  const keyOf = (caller: Credentials): string => `${caller.level}:${caller.secret ?? ""}`;
  const opened = (caller: Credentials): Opened => {
    if (over) throw new Busy("read", "gone", 1);
    const found = open.get(keyOf(caller)) ?? start(caller);
    open.set(keyOf(caller), found);
    return found;
  };
  const reading = async <T>(caller: Credentials, work: (tx: Tx) => Promise<T>, left = attempts): Promise<T> => {
    const one = opened(caller);
    try {
      return await work(await one.tx);
    } catch (error) {
      // Those who share the transaction hear only that it has failed: one part's refusal is not the whole page's fall.
      if (left === 0 || !(isOutdated(error) || isSpoilt(error) || one.outdated)) throw error;
      one.outdated ||= isOutdated(error);
      if (open.get(keyOf(caller)) === one) open.delete(keyOf(caller));
      one.finish(error);
      await Promise.allSettled([one.closed]);
      return reading(caller, work, left - 1);
    }
  };
  return {
    read: async (caller) => opened(caller).tx,
    reading: (caller, work) => reading(caller, work),
    async end(error) {
      over = true;
      const all = [...open.values()];
      open.clear();
      for (const one of all) one.finish(error);
      // A read transaction has nothing to lose: what went wrong in it has reached the loader already.
      await Promise.allSettled(all.map((one) => one.closed));
    },
  };
}
