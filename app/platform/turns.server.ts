/**
 * Work that holds the event loop for milliseconds at a time (taking a request in, drawing a page) takes turns: one piece each
 * time the loop goes round. Two hundred requests that arrive in one packet train, or ten pages whose rows arrive together,
 * would otherwise be done one after another before the loop looks at anything else: seconds in which nobody is answered.
 */
export interface Turns {
  /** Resolves when it is this caller's turn. Callers follow each other in turn, however many pieces each of them waits with. */
  take(caller: string): Promise<void>;
  /** Pieces that wait now. */
  readonly waiting: number;
}

/** @param later runs something once the loop has gone round */
export function createTurns(later: (run: () => void) => void = setImmediate): Turns {
  // In the order of their next turn.
  const callers = new Map<string, (() => void)[]>();
  let waiting = 0;
  let awake = false;
  const next = (): void => {
    const [first] = callers;
    if (first === undefined) {
      awake = false;
      return;
    }
    const [caller, pieces] = first;
    callers.delete(caller);
    const begin = pieces.shift();
    if (pieces.length > 0) callers.set(caller, pieces);
    waiting -= 1;
    later(next);
    begin?.();
  };
  return {
    take: (caller) =>
      new Promise((resolve) => {
        const pieces = callers.get(caller);
        if (pieces) pieces.push(resolve);
        else callers.set(caller, [resolve]);
        waiting += 1;
        if (awake) return;
        awake = true;
        later(next);
      }),
    get waiting() {
      return waiting;
    },
  };
}

/** Taking requests in, and drawing pages: one piece of each a round. */
export const arrivals = createTurns();
export const drawings = createTurns();

/**
 * Who asks, for the order of turns alone: a program by its token, a browser by its cookies, anybody else by their address.
 * Nothing is checked here. Somebody who makes up tokens is given more turns, each of which ends at the door.
 */
export const callerOf = (
  headers: { readonly authorization?: string | null | undefined; readonly cookie?: string | null | undefined },
  address: string | undefined,
): string => headers.authorization ?? headers.cookie ?? address ?? "";

/** What proxies and probes ask for and what costs nothing waits for nobody. */
export const waitsForNobody = (url: string | undefined): boolean =>
  url === undefined || /^\/(healthz|readyz|metrics|assets\/.*)$/.test(url);
