import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface RawServer {
  url: string;
  /** How requests began, as text. */
  heads: string[];
  close(): void;
}

/** A real server on this machine that says byte by byte what it is told to: for answers that no HTTP library sends. */
export async function rawServer(answer: (socket: Socket, n: number, first: Buffer) => void): Promise<RawServer> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", (first: Buffer) => answer(socket, heads.push(String(first)), first));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heads,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
