import { beforeAll, describe, expect, it } from "vitest";
import { product } from "#tests/e2e/setup/person.ts";
import { complaints, generateClients } from "./clients/generate.ts";
import type { Walked } from "./clients/walked.ts";
import { tokenOf } from "./description.ts";

/*
 * Two clients that nobody wrote by hand live by the description: sign in by token, list by cursor, ask again by ETag, follow a
 * document's events, hear a refusal and a conflict in the words that are described, and move a document once.
 */

type Walk = (at: { url: string; token: string }) => Promise<Walked>;

beforeAll(async () => {
  await generateClients(await (await fetch(`${product().url}/api/v1/openapi.json`)).text());
});

describe.each([
  ["typed", "psf.regulator"],
  ["validating", "urb.regulator"],
])("a client that is %s", (name, account) => {
  it("walks the product", async () => {
    // Made when the test runs: not there when it is compiled.
    const { walk } = (await import(/* @vite-ignore */ `./clients/${name}.ts`)) as { walk: Walk };
    const { url } = product();
    const walked = await walk({ url, token: tokenOf(account) });
    expect(walked.role).toBe("regulator");
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
