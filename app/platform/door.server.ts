import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/*
 * What a connection may take without giving anything: time and a place. Node's own limits bound headers and the pause
 * between requests. A body needs a rate instead of one length of time, since a big file over a slow line is honest work.
 */

export interface DoorLimits {
  /** Headers must be whole this long after the first byte, or after the connection was made. */
  headersMs: number;
  /** A body may be as slow as it likes for so long; */
  bodyGraceMs: number;
  /** afterwards each second must have brought this many bytes, on average. */
  bodyBytesPerSecond: number;
  /** However it trickles. */
  requestMs: number;
  /** Between two requests. Longer than usual proxies wait (60 s), so that it is they who close and no request meets a closing socket. */
  idleMs: number;
  /** Nothing moves either way: the reader has gone. Longer than the longest answer takes to make. */
  silentMs: number;
  /** At once. Idle ones are closed for newcomers; when all are at work, a newcomer is told 503. */
  connections: number;
  /** Further headers of a request are not read. */
  headers: number;
  /** How often all this is looked at. */
  lookEveryMs: number;
}

export const doorLimits: DoorLimits = {
  headersMs: 15_000,
  bodyGraceMs: 20_000,
  bodyBytesPerSecond: 2_048,
  requestMs: 3_600_000,
  idleMs: 75_000,
  silentMs: 180_000,
  connections: 1_000,
  headers: 100,
  lookEveryMs: 2_000,
};

/** Puts the limits on a server that does not listen yet. @returns what ends the looking */
export function limitDoor(server: Server, limits: DoorLimits): () => void {
  server.headersTimeout = limits.headersMs;
  server.requestTimeout = limits.requestMs;
  server.keepAliveTimeout = limits.idleMs;
  server.maxHeadersCount = limits.headers;
  server.timeout = limits.silentMs;
  const bodies = new Bodies(limits);
  server.prependListener("request", (request: IncomingMessage, response: ServerResponse) =>
    bodies.add(request, response),
  );
  limitConnections(server, limits.connections);
  const timer = setInterval(() => bodies.look(), limits.lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

interface Coming {
  request: IncomingMessage;
  response: ServerResponse;
  since: number;
  /** Of the socket, when the request began. */
  bytesBefore: number;
  /** How long it was we who did not read. */
  oursMs: number;
}

/** The requests whose bodies are under way. */
class Bodies {
  private readonly coming = new Set<Coming>();
  private last = performance.now();
  constructor(private readonly limits: DoorLimits) {}

  add(request: IncomingMessage, response: ServerResponse): void {
    const { headers, socket } = request;
    if (headers["transfer-encoding"] === undefined && (headers["content-length"] ?? "0") === "0") return;
    const one: Coming = { request, response, since: performance.now(), bytesBefore: socket.bytesRead, oursMs: 0 };
    this.coming.add(one);
    const over = () => this.coming.delete(one);
    request.once("end", over);
    request.once("close", over);
    // Whatever happens to a body that we end: somebody listens, from the first moment.
    request.on("error", over);
  }

  look(): void {
    const now = performance.now();
    const passed = now - this.last;
    this.last = now;
    const { bodyGraceMs, bodyBytesPerSecond } = this.limits;
    for (const one of this.coming) {
      // Bytes that wait for our reader: the sender cannot be blamed.
      if (one.request.readableLength > 0) one.oursMs += passed;
      const waited = now - one.since - one.oursMs;
      const brought = one.request.socket.bytesRead - one.bytesBefore;
      if (waited > bodyGraceMs + (brought / bodyBytesPerSecond) * 1000) refuse(one);
    }
  }
}

const words = (status: string, more = "") =>
  `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${more}\r\n`;

function refuse({ request, response }: Coming): void {
  const { socket } = request;
  if (!response.headersSent) socket.write(words("408 Request Timeout"));
  socket.destroySoon();
}

/**
 * `server.maxConnections` would close newcomers without a word, while idle connections keep their places. Here idle ones
 * make room; when none is idle the newcomer is told when to come again.
 */
function limitConnections(server: Server, most: number): void {
  const open = new Set<Socket>();
  server.prependListener("connection", (socket: Socket) => {
    if (open.size >= most) {
      server.closeIdleConnections();
      for (const one of open) if (one.destroyed) open.delete(one);
    }
    if (open.size >= most) {
      socket.on("error", () => undefined);
      socket.end(words("503 Service Unavailable", "Retry-After: 5\r\n"));
      // Told, whether or not it listens.
      socket.destroySoon();
      return;
    }
    open.add(socket);
    const free = () => open.delete(socket);
    socket.once("close", free);
    socket.once(asideEvent, free);
  });
}

const asideEvent = "anshi-set-aside";
/** A connection that stays open for hours is no place among those that ask and go: whoever keeps it has a limit of their own. */
export const setAside = (socket: Socket | undefined): void => void socket?.emit(asideEvent);

/**
 * With BASE_URL the address that people use is known, whatever Host a proxy passes on: everything behind compares with
 * that one. X-Forwarded-Host goes, since whoever sends the request writes it and Remix would believe it.
 */
export function nameHost(request: IncomingMessage, baseUrl: string | undefined): void {
  const host = baseUrl === undefined ? undefined : new URL(baseUrl).host;
  const { headers, rawHeaders } = request;
  delete headers["x-forwarded-host"];
  if (host !== undefined) headers.host = host;
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    const name = rawHeaders[at]?.toLowerCase();
    if (name === "x-forwarded-host") rawHeaders.splice(at, 2);
    else if (name === "host" && host !== undefined) rawHeaders[at + 1] = host;
  }
}
