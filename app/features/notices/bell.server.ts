import postgres from "postgres";
import type { Logger } from "#app/platform/log.server.ts";
import type { Metrics } from "#app/platform/metrics.server.ts";
import { digestOf } from "#app/request/session.server.ts";
import type { AuthSql } from "#db/client.server.ts";

/*
 * The live bell: how many notices a person has not read, told to their open pages within a second (server-sent events). One
 * connection of the process listens; what it hears is only whose number changed, and the number itself is read, for all of them in
 * one statement. A stream is told a state, never a change: after a cut it begins with the number of that moment, and nothing is lost.
 */

const channel = "anshi_bell";
/** Streams of a process, and of one membership: a browser has one for all its pages. */
const bellLimits = { streams: 2_000, ofMembership: 12 } as const;
/** Less than what proxies wait for. Sessions that ended are found by it too. */
const beatEveryMs = 25_000;
/** What comes in a burst is told once. */
const restMs = 300;
/** A reader who takes nothing of so many pieces has gone. */
const behindAtMost = 8;

interface Stream {
  digest: Buffer;
  membershipId: string;
  told: number | null;
  out: ReadableStreamDefaultController<Uint8Array>;
}
interface Row {
  digest: Buffer;
  membership_id: string;
  unread: number;
}

const encoder = new TextEncoder();
const beat = encoder.encode(":\n\n");
/** The browser comes again after so long. */
const hello = encoder.encode("retry: 3000\n\n");
const ended = encoder.encode("event: over\ndata: {}\n\n");
const told = (unread: number) => encoder.encode(`data: {"unread":${unread}}\n\n`);

export class Bell {
  private readonly streams = new Set<Stream>();
  private readonly byMembership = new Map<string, Set<Stream>>();
  /** Of these the number may have changed. */
  private readonly changed = new Set<Stream>();
  private readonly listener: postgres.Sql;
  private readonly timer: NodeJS.Timeout;
  private looking = false;
  private resting: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param listenUrl for a connection of its own, past any pooler: LISTEN is a session's */
  constructor(
    listenUrl: string,
    private readonly read: AuthSql,
    private readonly log: Logger,
    metrics?: Metrics,
  ) {
    this.listener = postgres(listenUrl, {
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      onnotice: () => undefined,
      connection: { application_name: "anshi-bell" },
    });
    this.timer = setInterval(() => this.beat(), beatEveryMs);
    this.timer.unref();
    metrics?.gauge("anshi_bell_streams", "Open streams of live bells", () => this.streams.size);
  }

  /** Listens, and again whenever the connection was cut; what was missed meanwhile is read anew. Never rejects. */
  listen(): void {
    const hear = (membershipId: string) => this.ring(this.byMembership.get(membershipId) ?? []);
    this.listener
      .listen(channel, hear, () => this.ring(this.streams))
      .catch((error: unknown) => {
        if (this.closed) return;
        this.log.warn({ err: error }, "bells are not live for the moment");
        setTimeout(() => this.listen(), 5_000).unref();
      });
  }

  /**
   * A stream for a session, which ends with it or when it acts in another membership. It does not prolong the session: a page that
   * stands open is nobody at work.
   * @returns what is wrong instead: nobody is signed in, or there are too many
   */
  async open(secret: string, gone: AbortSignal): Promise<ReadableStream<Uint8Array> | "nobody" | "full"> {
    if (this.closed || this.streams.size >= bellLimits.streams) return "full";
    const [session] = await this.unreadOf([digestOf(secret)]);
    if (!session) return "nobody";
    const membershipId = session.membership_id;
    const mates = this.byMembership.get(membershipId) ?? new Set();
    if (mates.size >= bellLimits.ofMembership) return "full";
    if (gone.aborted) return "nobody";
    let stream: Stream | undefined;
    const leave = () => stream && this.remove(stream);
    return new ReadableStream<Uint8Array>({
      start: (out) => {
        stream = { digest: digestOf(secret), membershipId, told: null, out };
        this.streams.add(stream);
        this.byMembership.set(membershipId, mates.add(stream));
        out.enqueue(hello);
        gone.addEventListener("abort", leave, { once: true });
        this.ring([stream]);
      },
      cancel: leave,
    });
  }

  /** Answers `GET /notices/stream`: 204 to nobody (a browser does not come again), 503 when there are too many. */
  async answer(secret: string | null, method: string, gone: AbortSignal): Promise<Response> {
    const headers = { "cache-control": "no-store", "content-type": "text/event-stream" };
    if (method === "HEAD") return new Response(null, { headers });
    const stream = secret === null ? "nobody" : await this.open(secret, gone);
    if (stream === "nobody") return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
    if (stream === "full")
      return new Response(null, { status: 503, headers: { "cache-control": "no-store", "retry-after": "60" } });
    // A proxy that gathers an answer before it hands it on would hand on nothing; its connection is used for nothing else after it.
    return new Response(stream, { headers: { ...headers, "x-accel-buffering": "no", connection: "close" } });
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    clearTimeout(this.resting);
    for (const stream of this.streams) this.end(stream);
    await this.listener.end({ timeout: 1 }).catch(() => undefined);
  }

  private unreadOf(digests: readonly Buffer[]): Promise<Row[]> {
    const hex = digests.map((one) => one.toString("hex")).join();
    return this.read<Row[]>`
      select * from auth.bells(array(select decode(x, 'hex') from unnest(string_to_array(${hex}, ',')) x))`;
  }

  private ring(streams: Iterable<Stream>): void {
    for (const stream of streams) this.changed.add(stream);
    if (this.looking || this.resting !== undefined || this.changed.size === 0) return;
    void this.look();
  }

  private async look(): Promise<void> {
    this.looking = true;
    const asked = [...this.changed];
    this.changed.clear();
    try {
      const rows = await this.unreadOf(asked.map((s) => s.digest));
      const found = new Map(rows.map((row) => [row.digest.toString("hex"), row]));
      for (const stream of asked) this.tell(stream, found.get(stream.digest.toString("hex")));
    } catch (error) {
      // The database is away, or busy: asked again with the next beat, if not before.
      this.log.debug({ err: error }, "bells could not be read");
    }
    this.looking = false;
    this.resting = setTimeout(() => {
      this.resting = undefined;
      this.ring([]);
    }, restMs);
    this.resting.unref();
  }

  private tell(stream: Stream, row: Row | undefined): void {
    if (!this.streams.has(stream)) return;
    if (row?.membership_id !== stream.membershipId) {
      this.put(stream, ended);
      this.end(stream);
      return;
    }
    if (row.unread === stream.told) return;
    stream.told = row.unread;
    this.put(stream, told(row.unread));
  }

  private beat(): void {
    for (const stream of this.streams) this.put(stream, beat);
    this.ring(this.streams);
  }

  private put(stream: Stream, piece: Uint8Array): void {
    if ((stream.out.desiredSize ?? 0) < -behindAtMost) {
      this.end(stream);
      return;
    }
    stream.out.enqueue(piece);
  }

  private remove(stream: Stream): void {
    this.streams.delete(stream);
    this.changed.delete(stream);
    const mates = this.byMembership.get(stream.membershipId);
    mates?.delete(stream);
    if (mates?.size === 0) this.byMembership.delete(stream.membershipId);
  }

  private end(stream: Stream): void {
    this.remove(stream);
    try {
      stream.out.close();
    } catch {
      // Its reader had gone.
    }
  }
}
