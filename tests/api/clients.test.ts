import { beforeAll, describe, expect, it } from "vitest";
import { accounts, product } from "#tests/e2e/setup/person.ts";
import { complaints, generateClients } from "./clients/generate.ts";
import type { Walked } from "./clients/walked.ts";
import { call, items } from "./description.ts";

/*
 * Two clients that nobody wrote by hand live by the description: sign in by token, list by cursor, ask again by ETag, follow a
 * document's events, hear a refusal and a conflict in the words that are described, and move a document once.
 */

type Walk = (at: { url: string; token: string }) => Promise<Walked>;

beforeAll(async () => {
  await generateClients(await (await fetch(`${product().url}/api/v1/openapi.json`)).text());
});

interface Listed {
  type: string;
  enabled: boolean;
  sealing: boolean;
  needs: string[];
}
/** Documents that a token sees, each with its version and what may be sent to it. */
async function documentsOf(token: string): Promise<{ id: string; version: number; events: Listed[] }[]> {
  const lines = items((await call(token, "get", "/api/v1/documents?limit=200")).body);
  return Promise.all(
    lines.map(async ({ id }) => {
      const { body } = await call(token, "get", `/api/v1/documents/${String(id)}/events`);
      return { id: String(id), version: Number(body["version"]), events: body["events"] as Listed[] };
    }),
  );
}

/** Somebody who may send an event that fixes nothing for good, wherever the tests before have left the demonstration. */
async function sender(): Promise<string | null> {
  for (const { apiToken } of accounts().filter((a) => a.role.startsWith("regulator"))) {
    const events = (await documentsOf(apiToken)).flatMap((document) => document.events);
    const open = events.some((e) => e.enabled && !e.sealing && e.needs.every((need) => need === "parts"));
    if (open && events.some((e) => !e.enabled && e.needs.length === 0)) return apiToken;
  }
  return null;
}

/** Hands in again what came back, so that somebody has something to answer. */
async function handIn(): Promise<void> {
  for (const { apiToken } of accounts())
    for (const { id, version, events } of await documentsOf(apiToken)) {
      const event = events.find((e) => e.enabled && (e.type === "SUBMIT" || e.type === "RESUBMIT"));
      if (!event) continue;
      const body = { type: event.type, expectedVersion: version };
      if ((await call(apiToken, "post", `/api/v1/documents/${id}/events`, { body })).status === 200) return;
    }
}

describe.each(["typed", "validating"])("a client that is %s", (name) => {
  it("walks the product", async () => {
    // Made when the test runs: not there when it is compiled.
    const { walk } = (await import(/* @vite-ignore */ `./clients/${name}.ts`)) as { walk: Walk };
    const token = (await sender()) ?? (await handIn().then(sender)) ?? expect.fail("nobody has anything to send");
    const walked = await walk({ url: product().url, token });
    expect(walked.role).toMatch(/^regulator/);
    expect(walked.documents).toBeGreaterThan(4);
    expect(walked.unchanged).toEqual([304, 304]);
    expect([422, 403]).toContain(walked.refused.status);
    expect(walked.refused.given).toEqual(walked.refused.listed);
    expect(walked.stale).toMatchObject({ status: 409, state: expect.any(String) });
    expect(walked.sent.state).toBe(walked.sent.again);
    if (walked.sent.told !== null) expect(walked.sent.state).toBe(walked.sent.told);
  });
});

it("both compile against what was made of the description", () => {
  expect(complaints(["typed.ts", "validating.ts"])).toEqual([]);
});
