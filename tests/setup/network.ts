import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll } from "vitest";

/**
 * Other people's services, inside this process: for the status, body and order of answers. A request that no handler
 * knows fails, so that nothing leaves the machine.
 *
 * Neither `fetch` nor `node:http` gets as far as a socket here: no name is resolved (a `lookup` that guards is not
 * asked), no certificate is read, a body may be shorter than its Content-Length without an error, and one that is
 * cancelled before its end is never done with it (msw keeps a second branch of it). Whatever judges those, or time, is
 * tried against a real server (`raw-server.ts`).
 */
export function network() {
  const server = setupServer();
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  return server;
}
