import { Link, useLocation, useRevalidator } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { buttonClass } from "../button.tsx";
import { Icon } from "../icon.tsx";

/** After the page itself has come; whoever only passes through opens none. */
const beginAfterMs = 1_000;
/** The server has no place now, or cannot be reached by this page at all. */
const againAfterMs = 60_000;

/** One stream, opened anew when it was refused. Returns what ends it. */
function follow(tell: (unread: number) => void): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  const open = () => {
    source = new EventSource("/notices/stream");
    source.addEventListener("message", ({ data }: MessageEvent<string>) =>
      tell((JSON.parse(data) as { unread: number }).unread),
    );
    // Signed out, or in another membership: what this page shows is of before.
    source.addEventListener("over", () => source?.close());
    source.addEventListener("error", () => {
      // A cut is mended by the browser itself; an answer that is no stream ends it.
      if (source?.readyState === EventSource.CLOSED) timer = window.setTimeout(open, againAfterMs);
    });
  };
  open();
  return () => {
    window.clearTimeout(timer);
    source?.close();
  };
}

/** One page at a time while it is seen: what browsers do without locks, which they have over TLS and on this machine alone. */
function followWhileSeen(tell: (unread: number) => void): () => void {
  let stop: (() => void) | undefined;
  const look = () => {
    if (document.visibilityState === "visible") stop ??= follow(tell);
    else {
      stop?.();
      stop = undefined;
    }
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    stop?.();
  };
}

/** A browser has one stream for all its pages of a membership: one of them holds it and tells the others. */
function followTogether(name: string, tell: (unread: number) => void): () => void {
  const others = new BroadcastChannel(name);
  others.addEventListener("message", ({ data }: MessageEvent<number>) => tell(data));
  const over = new AbortController();
  let stop: (() => void) | undefined;
  navigator.locks
    .request(name, { signal: over.signal }, async () => {
      stop = follow((unread) => {
        tell(unread);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin and takes no other
        others.postMessage(unread);
      });
      await new Promise<void>((resolve) => over.signal.addEventListener("abort", () => resolve(), { once: true }));
    })
    // The page went before its turn came.
    .catch(() => undefined);
  return () => {
    over.abort();
    stop?.();
    others.close();
  };
}

/** Unread notices as the server counts them now, from the number that came with the page. */
function useUnread(membershipId: string, count: number): { unread: number; live: boolean } {
  const [{ unread, live }, set] = useState({ unread: count, live: false });
  useEffect(() => set((was) => (was.unread === count ? was : { unread: count, live: false })), [count]);
  useEffect(() => {
    let stop: (() => void) | undefined;
    const timer = window.setTimeout(() => {
      const tell = (now: number) => set((was) => (was.unread === now ? was : { unread: now, live: true }));
      const together = "locks" in navigator && "BroadcastChannel" in window;
      stop = together ? followTogether(`anshi-bell-${membershipId}`, tell) : followWhileSeen(tell);
    }, beginAfterMs);
    return () => {
      window.clearTimeout(timer);
      stop?.();
    };
  }, [membershipId]);
  return { unread, live };
}

/** The bell with how many notices are unread, live. On the page of notices the list follows it. */
export function Bell({ membershipId, count }: { membershipId: string; count: number }) {
  const { unread, live } = useUnread(membershipId, count);
  const { pathname } = useLocation();
  const { revalidate } = useRevalidator();
  const before = useRef(unread);
  useEffect(() => {
    const changed = before.current !== unread;
    before.current = unread;
    if (changed && live && pathname === "/notices") revalidate();
  }, [unread, live, pathname, revalidate]);
  return (
    <>
      <Link className={buttonClass({ kind: "quiet" })} to="/notices" title={m.ui_bell()}>
        <Icon name="bell" />
        <span className="ui-sr">{m.ui_bell()}</span>
        {unread > 0 ? (
          <span className="ui-count">
            {unread > 999 ? "999+" : unread}
            <span className="ui-sr"> {m.ui_bell_unread()}</span>
          </span>
        ) : null}
      </Link>
      <span role="status" className="ui-sr">
        {live && unread > 0 ? m.ui_bell_live({ n: unread }) : ""}
      </span>
    </>
  );
}
