import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type DoorLimits, doorLimits, limitDoor } from "./door.server.ts";

/** The port cannot be had; the message says what to do. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export interface Listening {
  port: number;
  /** Takes no new connection, lets running requests finish; after `patienceMs`, or when told to hurry, cuts them. */
  close(patienceMs: number, hurry: AbortSignal): Promise<void>;
}

/** Listens, or throws ListenError with one line and the remedy. */
export async function listen(
  listener: Listener,
  port: number,
  host: string,
  { server: given, limits = doorLimits }: { server?: Server | undefined; limits?: DoorLimits } = {},
): Promise<Listening> {
  const server = given ?? createServer({ connectionsCheckingInterval: limits.lookEveryMs });
  server.on("request", listener);
  const unlimit = limitDoor(server, limits);
  server.once("close", unlimit);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new ListenError(reasonOf(error, port, host), { cause: error })),
    );
    server.listen({ port, host }, resolve);
  });
  server.on("error", () => {});
  return {
    port: (server.address() as AddressInfo).port,
    close: (patience, hurry) => closeServer(server, patience, hurry),
  };
}

function reasonOf(error: NodeJS.ErrnoException, port: number, host: string): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} is in use. Stop the program that holds it, or take another: PORT=${port + 1} npm start`;
    case "EACCES":
      return `Port ${port} may not be used by this account. Take one above 1023: PORT=3000 npm start`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST ${host} is no address of this machine.`;
    default:
      return `The server cannot listen on ${host}:${port}: ${error.message}`;
  }
}

async function closeServer(server: Server, patienceMs: number, hurry: AbortSignal): Promise<void> {
  const cut = () => server.closeAllConnections();
  const timer = setTimeout(cut, patienceMs);
  hurry.addEventListener("abort", cut, { once: true });
  if (hurry.aborted) cut();
  // A connection that answers its last request now would be kept alive for the next one.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearTimeout(timer);
  clearInterval(sweep);
  hurry.removeEventListener("abort", cut);
}
