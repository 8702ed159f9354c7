import { and, asc, eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transitionProject } from "#app/features/project/move.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { addDays } from "#app/platform/days.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { pilots } from "#db/schema/index.ts";
import { createRng } from "#seeds/rng.ts";
import { gateFaults } from "#tests/builders/gates.ts";
import { learningOf } from "#tests/builders/lessons.ts";
import * as builders from "#tests/builders/pilots.ts";
import { conclude, review, siteOf, Walk, write } from "#tests/builders/walk.ts";
import { type TestSector, testWorld, type World } from "#tests/builders/world.ts";
import { next, nextOfProject, pilotMachineEvents, projectMachineEvents } from "#tests/workflows/gates.ts";
import { movePilot } from "./pilot.server.ts";

/*
 * A walk through a batch by people who do whatever comes to mind, in any order, on any day, some of it helpful: whatever was
 * taken, the condition of the gate held, as the rows themselves tell without any rule of the product. `GATES_SEED=word
 * GATES_STEPS=3000` walks anew, and further.
 */

const locale = "en" as const;
const { nth } = builders;

/** An event of a pilot, or of the project for its batch. */
interface Sent {
  machine: "pilot" | "project";
  type: string;
  id: string;
}
const send = (tx: Tx, actor: Actor, { machine, type, id }: Sent, result: string) =>
  machine === "pilot"
    ? movePilot(tx, actor, { pilotId: id, type, payload: { reason: "理由", result }, locale })
    : transitionProject(tx, actor, { projectId: id, type, payload: { reason: "理由" }, locale });

const pilotsOf = ({ w, s }: Walk) =>
  w.as(s.lead, (tx) =>
    tx
      .select()
      .from(pilots)
      .where(and(eq(pilots.projectId, s.projectId), eq(pilots.batchNo, 1)))
      .orderBy(asc(pilots.code)),
  );
const stateOf = ({ w, s }: Walk) => w.as(s.lead, async (tx) => (await loadProject(tx, s.projectId)).state);

/** Something somebody does. The event that was taken, if it was one. */
async function step(walk: Walk): Promise<Sent | null> {
  const { w, s, rng } = walk;
  const own = await pilotsOf(walk);
  const p = walk.pick(own);
  const state = await stateOf(walk);
  // Where the batch as a whole is what is worked on, most of what people do is about it.
  const whole = state === "batchOne.reviewing" || state === "batchTwo.learning";
  const kind = whole ? 0.45 + rng.next() * 0.55 : rng.next();
  const running = own.some((one) => one.stage === "operation" || one.stage === "summary");
  if (kind < 0.05) walk.day = addDays(walk.day, walk.pick(running ? [1, 9, 20] : [1, 1, 3]));
  else if (kind < 0.5) await write(walk, p);
  else if (kind < (whole ? 0.78 : 0.6)) await conclude(walk);
  else if (kind < (whole ? 0.95 : 0.72)) {
    const type = rng.chance(0.5) ? (nextOfProject[state] ?? "FINISH_LEARNING") : walk.pick(projectMachineEvents);
    const sent = { machine: "project", type, id: s.projectId } as const;
    const who = walk.pick([s.lead, s.lead, s.regulator, w.director]);
    if (await walk.try(who, (a) => w.as(a, (tx) => send(tx, a, sent, "")))) return sent;
  } else {
    const helpful = rng.chance(0.8);
    const type = helpful ? walk.pick(next[p.stage] ?? ["WITHDRAW"]) : walk.pick(pilotMachineEvents);
    if (["WITHDRAW", "REJECT", "FAIL"].includes(type) && !rng.chance(0.03)) return null;
    const who = helpful ? walk.pick([s.lead, s.regulator, siteOf(walk, p).lead]) : walk.pick(walk.people);
    const sent = { machine: "pilot", type, id: p.id } as const;
    const result = walk.pick(["normal", "normal", "warning", "rectify"]);
    if (await walk.try(who, (a) => w.as(a, (tx) => send(tx, a, sent, result)))) return sent;
  }
  return null;
}

/** Each gate before which the batch stands and whose condition, as the rows tell it, does not hold: it is shut to whoever may open it. */
async function knock(walk: Walk, sql: postgres.Sql, where: string): Promise<void> {
  const { s, day } = walk;
  const own = (await pilotsOf(walk)).flatMap((p) =>
    [...new Set(next[p.stage])].map((type) => ({ sent: { machine: "pilot", type, id: p.id } as const, p })),
  );
  const ofProject = { machine: "project", type: nextOfProject[await stateOf(walk)] ?? "", id: s.projectId } as const;
  for (const { sent, p } of [...own, { sent: ofProject, p: null }]) {
    const faults = await gateFaults(sql, { ...sent, day });
    if (faults.length === 0 || !walk.isNews(`${sent.type}: ${faults.join()}`)) continue;
    for (const who of p ? [s.lead, siteOf(walk, p).lead] : [s.lead]) {
      const opened = await walk.would(who, (tx, a) => send(tx, a, sent, "normal"));
      expect(opened && faults, `${where}: ${sent.type} is open`).toBe(false);
    }
  }
}

/**
 * Walks. After each act the gates ahead are knocked at, and of one that was passed the rows are asked whether its condition
 * held. Returns what was passed.
 */
async function go(walk: Walk, steps: number, sql: postgres.Sql): Promise<string[]> {
  const passed = new Set<string>();
  for (let i = 0; i < steps; i += 1) {
    const sent = await step(walk);
    const where = `step ${i} on ${walk.day}, GATES_SEED=${seed}`;
    if (sent) {
      passed.add(`${sent.machine} ${sent.type}`);
      expect(await gateFaults(sql, { ...sent, day: walk.day }), `${where}: past ${sent.type}`).toEqual([]);
    }
    await knock(walk, sql, where);
  }
  process.stdout.write(`walk ${seed}: ${walk.taken} acts until ${walk.day}; past ${[...passed].join(", ")}\n`);
  return [...passed];
}
/** A sector's batch one closed with a lesson, wherever it stood: what the others must decide on once it is handed on. */
async function lessonOfAnother(walk: Walk): Promise<void> {
  const { w, s } = walk;
  const reviewing = "batchOne.reviewing";
  for (let n = 0; n < 2; n += 1) {
    const state = await stateOf(walk);
    if (state !== reviewing) await builders.moveProjectAs(w, s.lead, s.projectId, nextOfProject[state] ?? "");
  }
  await learningOf(w, s).record({});
  await review(walk);
}
const seed = process.env["GATES_SEED"] ?? "a";
const stepsOr = (usual: number) => Number(process.env["GATES_STEPS"] ?? usual);
const superuser = (w: World) => postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });

describe("no sequence of acts gets past a gate whose condition does not hold", () => {
  const world = testWorld();
  let sql: postgres.Sql;
  beforeAll(async () => {
    const w = world();
    sql = superuser(w);
    const [first, second] = w.sectors;
    const april = (s: TestSector) => builders.dated(w, "2014-04-02T02:00:00Z", s);
    for (const s of [first, second]) await builders.addIndicators(w, april(s), ["identity", "network", "privacy"]);
    await builders.toBatchOne(w, april(first));
    await builders.describeSystems(w, april(first));
    const nominations = first.sites.map(({ systemId }) => ({ systemId, batchNo: 1, direction: "identity" }) as const);
    await builders.approvedPlan(w, april(first), nominations);
    await builders.nominate(w, april(first));
    const running = await builders.runningBatch(w, april(second));
    for (const [i, id] of running.entries())
      await builders.toOperation(w, april(second), nth(april(second).sites, i).lead, id);
  });
  afterAll(() => sql.end());

  it("from the nominations of a batch on", async () => {
    const [s] = world().sectors;
    const walk = new Walk(world(), s, createRng(`${seed}/0`), "2014-04-02");
    // A walk that gets nowhere shows nothing.
    expect(await go(walk, stepsOr(330), sql)).toEqual(
      expect.arrayContaining(["pilot PASS_SCREENING", "pilot FINISH_SCORING"]),
    );
  }, 120_000);

  it("from operation to what a sector learns of the others", async () => {
    const w = world();
    const s = w.sectors[1];
    await lessonOfAnother(new Walk(w, w.sectors[0], createRng(seed), "2014-05-20"));
    const walk = new Walk(w, s, createRng(`${seed}/1`), "2014-04-20");
    expect(await go(walk, stepsOr(330), sql)).toEqual(
      expect.arrayContaining(["pilot START_SUMMARY", "project CLOSE_BATCH", "project FINISH_LEARNING"]),
    );
  }, 120_000);
});
