import { get } from "node:http";
import { describe, expect, it } from "vitest";
import { createLifecycle } from "./lifecycle.server.ts";
import { listen, ListenError } from "./listen.server.ts";

const quiet = () => createLifecycle(() => undefined);

describe("lifecycle", () => {
  it("ends once, last first, whatever fails on the way", async () => {
    const lifecycle = quiet();
    const done: string[] = [];
    for (const name of ["database", "pools", "requests"]) {
      lifecycle.onStop(name, () => {
        done.push(name);
        if (name === "pools") throw new Error("stuck");
      });
    }
    await Promise.all([lifecycle.stop("SIGTERM"), lifecycle.stop("again")]);
    expect(done).toEqual(["requests", "pools", "database"]);
  });

  it("is ready when every check is, and tells no reasons of its own accord", async () => {
    const lifecycle = quiet();
    lifecycle.readyWhen("database", async () => {});
    expect(await lifecycle.readiness()).toEqual({ ready: true, checks: { database: "ok" } });
    lifecycle.readyWhen("jobs", async () => {
      throw new Error("password=hunter2");
    });
    expect(await lifecycle.readiness()).toEqual({ ready: false, checks: { database: "ok", jobs: "failing" } });
    await lifecycle.stop("x");
    expect((await lifecycle.readiness()).ready).toBe(false);
  });
});

const fetchText = (port: number) =>
  new Promise<string>((resolve, reject) => {
    get({ port, host: "127.0.0.1" }, (answer) => {
      let text = "";
      answer.on("data", (part) => (text += String(part)));
      answer.once("end", () => resolve(text));
      answer.on("error", reject);
    }).on("error", reject);
  });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("listen", () => {
  it("says what to do when the port is taken", async () => {
    const first = await listen(() => {}, 0, "127.0.0.1");
    const attempt = listen(() => {}, first.port, "127.0.0.1");
    await expect(attempt).rejects.toThrow(ListenError);
    await expect(listen(() => {}, first.port, "127.0.0.1")).rejects.toThrow(`Port ${first.port} is in use`);
    await first.close(0, new AbortController().signal);
  });

  it("finishes running requests and takes no new ones", async () => {
    const door = await listen((_request, response) => void setTimeout(() => response.end("done"), 200), 0, "127.0.0.1");
    const running = fetchText(door.port);
    await pause(50);
    const closed = door.close(5_000, new AbortController().signal);
    await expect(fetchText(door.port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(await running).toBe("done");
    await closed;
  });

  it("cuts what does not end in time, or at once when told to hurry", async () => {
    const never = await listen(() => {}, 0, "127.0.0.1");
    const hanging = expect(fetchText(never.port)).rejects.toThrow();
    await pause(50);
    await never.close(100, new AbortController().signal);
    await hanging;
    const again = await listen(() => {}, 0, "127.0.0.1");
    const hung = expect(fetchText(again.port)).rejects.toThrow();
    await pause(50);
    await again.close(60_000, AbortSignal.abort());
    await hung;
  });
});
