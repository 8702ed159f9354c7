import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { product, serverLog, signIn } from "./setup/person.ts";

const shares = async (): Promise<number> => {
  const text = await (await fetch(`${product().url}/metrics`)).text();
  return [...text.matchAll(/^anshi_share_(?:held|waiting)\{[^}]*\} (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
};

/** Asks, and is gone after so many milliseconds unless it was answered before. */
const leave = (path: string, cookie: string, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const request = http.get(new URL(path, product().url), { headers: { cookie, accept: "text/html" } }, (answer) => answer.resume());
    const timer = setTimeout(() => request.destroy(), ms);
    request.on("error", () => undefined).on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/* A reader who follows the next link before the page is there, a phone in a tunnel, or somebody who does it on purpose. */
it("readers who leave before they are answered take no connection with them, and are no errors", async () => {
  const begun = new Date().toISOString();
  const person = await signIn("ten.regulator");
  const cookie = person.cookies().map(({ name, value }) => `${name}=${value}`).join("; ");
  for (const path of ["/specifications", "/specifications.data", "/pilots", "/api/v1/me"]) {
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 16 }, (_, n) => leave(path, cookie, 5 + n * 8)));
    }
  }
  for (let left = 30; left > 0 && (await shares()) > 0; left -= 1) await sleep(100);
  expect(await shares()).toBe(0);
  const page = await person.get("/pilots");
  expect(page.status).toBe(200);
  expect(serverLog().filter((line) => line.time >= begun && line.level === "error")).toEqual([]);
});
