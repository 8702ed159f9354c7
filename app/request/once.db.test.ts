import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { invalid } from "#app/platform/errors.ts";
import { createLogger } from "#app/platform/log.server.ts";
import { openWorkerPool, type WorkerPool } from "#db/jobs.server.ts";
import { withActor } from "#db/client.server.ts";
import { testWorld } from "#tests/builders/world.ts";
import { inTurn, type Once, once, onceOfForm } from "./once.server.ts";
import { sweepAnswers } from "./sweep.server.ts";

const world = testWorld();
let root: postgres.Sql;
let worker: WorkerPool;
beforeAll(() => {
  root = postgres(world().database.superuserUrl, { max: 1, onnotice: () => undefined });
  worker = openWorkerPool(world().database.urls.auth, 1);
});
afterAll(async () => {
  await worker.close();
  await root.end();
});

const request = (key: string, requestSha256 = "a".repeat(64)): Once => ({ key, requestSha256, status: 201 });
const actor = () => world().sectors[0].regulator;
let acts = 0;
const write = (one: Once, run: () => Promise<unknown> = async () => ({ act: (acts += 1) }), who = actor()) =>
  inTurn(() =>
    withActor(world().db.write, who, (tx) =>
      once(tx, who, one, async () => (await tx.execute(sql`select pg_sleep(0.2)`), run())),
    ),
  );

describe("one key, one answer", () => {
  it("ten equal requests at once, on four connections: one act, ten equal answers", async () => {
    const before = acts;
    const answers = await Promise.all(Array.from({ length: 10 }, () => write(request("ten at one time"))));
    expect(acts - before).toBe(1);
    expect(new Set(answers.map((a) => JSON.stringify(a)))).toEqual(
      new Set([JSON.stringify({ status: 201, response: { act: acts } })]),
    );
  });

  it("another request under the key is refused by name, at the same time and later; somebody else's key is theirs", async () => {
    const answers = await Promise.allSettled([
      write(request("two at one time")),
      write(request("two at one time", "b".repeat(64))),
    ]);
    expect(answers.map((a) => a.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(answers.find((a) => a.status === "rejected")).toMatchObject({
      reason: { code: "idempotency_key_reused", status: 422 },
    });
    const before = acts;
    await write(request("two at one time"), undefined, world().sectors[1].regulator);
    expect(acts - before).toBe(1);
  });

  it("what was refused is not kept: the next one acts", async () => {
    await expect(
      write(request("refused at first"), () => Promise.reject(invalid({ name: ["error_field_required"] }))),
    ).rejects.toMatchObject({ status: 422 });
    const before = acts;
    await write(request("refused at first"));
    expect(acts - before).toBe(1);
  });

  it("waiting ones hold no connection: others write meanwhile", async () => {
    let free: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    const first = write(request("held for a while"), () => held);
    await sleep(50);
    const waiting = Array.from({ length: 8 }, () => write(request("held for a while")));
    expect(await write(request("somebody else's"))).toMatchObject({ status: 201 });
    free();
    await Promise.all([first, ...waiting]).catch(() => undefined);
  });

  it("answers go after three days, by the worker, who sees nothing of them", async () => {
    await write(request("young and kept"));
    await write(request("old and swept"));
    await root`update idempotency_keys set at = now() - interval '73 hours' where key = 'old and swept'`;
    await expect(worker.db.execute(sql`select response from idempotency_keys`)).rejects.toThrow();
    await sweepAnswers.run({}, { db: worker.db, log: createLogger("silent"), signal: new AbortController().signal });
    const left = await root<
      { key: string }[]
    >`select key from idempotency_keys where key in ('young and kept', 'old and swept')`;
    expect(left.map(({ key }) => key)).toEqual(["young and kept"]);
  });
});

describe("a form", () => {
  const key = "0190a6e2-5d5c-7bb0-8f3c-2f1d0c9b8a76";
  const approve = (type = "APPROVE", of = key): [string, string][] => [
    ["intent", "act"],
    ["idempotencyKey", of],
    ["type", type],
  ];
  it("is the same act only with the same page, place and content, wherever its key stands", () => {
    const first = onceOfForm("/projects/1", approve());
    const [intent, own, type] = approve() as [[string, string], [string, string], [string, string]];
    expect(onceOfForm("/projects/1", [own, intent, type])).toEqual(first);
    for (const other of [
      onceOfForm("/projects/1", approve("APPROVE", key.replace("0", "1"))),
      onceOfForm("/projects/2", approve()),
      onceOfForm("/projects/1", approve("RETURN")),
    ])
      expect(other?.key).not.toBe(first?.key);
  });
  it("without a key of ours acts each time, lone surrogates and all", () => {
    for (const odd of ["", "short", "x".repeat(65), "no key but some words"])
      expect(onceOfForm("/", [["idempotencyKey", odd]])).toBeNull();
    expect(
      onceOfForm("/", [
        ["idempotencyKey", key],
        ["text", "a\ud800b"],
      ]),
    ).not.toBeNull();
  });
});
