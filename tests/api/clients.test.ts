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
  enabled: boolean;
  sealing: boolean;
  needs: string[];
}
/**
 * A regulator who may send an event that fixes nothing for good, or, where the tests before have left none, any who is told
 * of one that is refused.
 */
async function sender(): Promise<string> {
  let told: string | null = null;
  for (const { apiToken } of accounts().filter((a) => a.role.startsWith("regulator"))) {
    const lines = items((await call(apiToken, "get", "/api/v1/documents?limit=200")).body);
    const lists = await Promise.all(
      lines.map(({ id }) => call(apiToken, "get", `/api/v1/documents/${String(id)}/events`)),
    );
    const events = lists.flatMap(({ body }) => body["events"] as Listed[]);
    if (!events.some((e) => !e.enabled && e.needs.length === 0)) continue;
    if (events.some((e) => e.enabled && !e.sealing && e.needs.every((need) => need === "parts"))) return apiToken;
    if (lines.length > 4) told ??= apiToken;
  }
  return told ?? expect.fail("nobody has anything to send");
}

/** How many of the clients have moved a document. */
let sent = 0;
describe.each(["typed", "validating"])("a client that is %s", (name) => {
  it("walks the product", async () => {
    // Made when the test runs: not there when it is compiled.
    const { walk } = (await import(/* @vite-ignore */ `./clients/${name}.ts`)) as { walk: Walk };
    const walked = await walk({ url: product().url, token: await sender() });
    expect(walked.role).toMatch(/^regulator/);
    expect(walked.documents).toBeGreaterThan(4);
    expect(walked.unchanged).toEqual([304, 304]);
    expect([422, 403]).toContain(walked.refused.status);
    expect(walked.refused.given).toEqual(walked.refused.listed);
    expect(walked.stale).toMatchObject({ status: 409, state: expect.any(String) });
    if (!walked.sent) return;
    sent += 1;
    expect(walked.sent.state).toBe(walked.sent.again);
    if (walked.sent.told !== null) expect(walked.sent.state).toBe(walked.sent.told);
  });
});

it("one of them at least has moved a document", () => {
  expect(sent).toBeGreaterThan(0);
});

it("both compile against what was made of the description", () => {
  expect(complaints(["typed.ts", "validating.ts"])).toEqual([]);
});
