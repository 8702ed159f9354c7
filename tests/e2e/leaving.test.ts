import http from "node:http";
import { expect, it } from "vitest";
import { product, serverLog, signIn } from "./setup/person.ts";
import { until } from "./setup/until.ts";

/** Connections to the database that are held or waited for, and that reading or looking for a session takes. */
const connections = async (): Promise<number> => {
  const text = await (await fetch(`${product().url}/metrics`)).text();
  return [...text.matchAll(/^anshi_share_(?:held|waiting)\{resource="(?:read|sign_in)"\} (\d+)$/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
};

/** Asks, and is gone after so many milliseconds unless it was answered before. */
const leave = (path: string, cookie: string, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const request = http.get(new URL(path, product().url), { headers: { cookie, accept: "text/html" } }, (answer) =>
      answer.resume(),
    );
    const timer = setTimeout(() => request.destroy(), ms);
    request
      .on("error", () => undefined)
      .on("close", () => {
        clearTimeout(timer);
        resolve();
      });
  });

/* A reader who follows the next link before the page is there, a phone in a tunnel, or somebody who does it on purpose. */
it("readers who leave before they are answered take no connection with them, and are no errors", async () => {
  const begun = new Date().toISOString();
  const person = await signIn("ten.regulator");
  const cookie = person
    .cookies()
    .map(({ name, value }) => `${name}=${value}`)
    .join("; ");
  for (const path of ["/specifications", "/specifications.data", "/pilots", "/api/v1/me"]) {
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 16 }, (_, n) => leave(path, cookie, 5 + n * 8)));
    }
  }
  // A transaction that nobody ends is ended by the database after a minute: half of it is waited here at most.
  await until("all connections are given back", async () => (await connections()) === 0);
  const page = await person.get("/pilots");
  expect(page.status).toBe(200);
  expect(serverLog().filter((line) => line.time >= begun && line.level === "error")).toEqual([]);
});
