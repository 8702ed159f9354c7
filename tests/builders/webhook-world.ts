import { Logger as QueueLogger, runOnce } from "graphile-worker";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Actor } from "#app/request/actor.ts";
import { type DeliveryOptions, webhookTasks } from "#app/features/webhooks/tasks.server.ts";
import { createEndpoint } from "#app/features/webhooks/webhooks.server.ts";
import { taskList } from "#app/platform/jobs.server.ts";
import { createLogger } from "#app/platform/log.server.ts";
import { openWorkerPool, type WorkerPool } from "#db/jobs.server.ts";
import { type Happening, putEvent, queuedJobs, Receiver, storedDeliveries } from "./webhooks.ts";
import { testWorld, type World } from "./world.ts";

export const log = createLogger("silent");

interface There {
  w: World;
  /** Past the walls. */
  superuser: postgres.Sql;
  worker: WorkerPool;
  /** Another for each test. */
  receiver: Receiver;
}

/** For a file: a world with a worker and a receiver beside it. Each test begins without endpoints and with an empty queue. */
export function webhookWorld() {
  const world = testWorld();
  let there: There;
  beforeAll(() => {
    const w = world();
    there = {
      w,
      superuser: postgres(w.database.superuserUrl, { max: 2, onnotice: () => undefined }),
      worker: openWorkerPool(w.database.urls.auth),
      receiver: new Receiver(),
    };
  });
  afterAll(async () => {
    await Promise.all([there.superuser.end(), there.worker.close()]);
  });
  beforeEach(async () => {
    there.receiver = new Receiver();
    await there.receiver.open();
  });
  afterEach(async () => {
    there.receiver.close();
    await there.superuser`delete from webhook_endpoints`;
    await there.superuser`delete from graphile_worker._private_jobs`;
  });
  return {
    /** What is there, inside hooks and tests. */
    there: () => there,
    /** Runs what is due now, and what comes of it, as one worker. */
    work: (options: Partial<DeliveryOptions> = {}, as = there.worker) =>
      runOnce({
        pgPool: as.pool,
        noHandleSignals: true,
        logger: new QueueLogger(() => () => undefined),
        taskList: taskList(webhookTasks({ targets: "any", chance: () => 0.5, ...options }), { db: as.db, log }),
      }),
    listen: (by: Actor, events: ("project" | "document")[] = [], url = there.receiver.url) =>
      there.w.as(by, (tx) => createEndpoint(tx, by, { url, description: "", events }, "any")),
    jobs: () => queuedJobs(there.superuser),
    stored: () => storedDeliveries(there.superuser),
    due: () => there.superuser`update webhook_deliveries set next_at = now() where state = 'waiting'`,
    happened: (of: Happening) => putEvent(there.superuser, of),
  };
}
