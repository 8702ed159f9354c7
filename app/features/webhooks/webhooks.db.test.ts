import { transitionProject } from "#app/features/project/move.server.ts";
import postgres from "postgres";
import { beforeEach, describe, expect, it } from "vitest";
import { opens } from "#app/request/access.rules.ts";
import { startJobs } from "#app/platform/jobs.server.ts";
import { levelRole, signedInLevels } from "#db/roles.ts";
import type { Receiver } from "#tests/builders/webhooks.ts";
import { log, webhookWorld } from "#tests/builders/webhook-world.ts";
import type { World } from "#tests/builders/world.ts";
import { webhookTasks } from "./tasks.server.ts";
import {
  createEndpoint,
  pauseEndpoint,
  removeEndpoint,
  rotateSecret,
  sendTest,
  webhooksView,
} from "./webhooks.server.ts";

describe("webhooks", () => {
  const { there, work, listen, jobs, stored, happened } = webhookWorld();
  let w: World;
  let superuser: postgres.Sql;
  let receiver: Receiver;
  beforeEach(() => {
    ({ w, superuser, receiver } = there());
  });

  describe("the queue", () => {
    it("is filled in the transaction of the event, with ids alone, and not after a rollback", async () => {
      const { regulator, lead, projectId, id: tenantId } = w.sectors[0];
      await listen(lead);
      const undo = new Error("undo");
      await expect(
        w.as(regulator, async (tx) => {
          await transitionProject(tx, regulator, { projectId, type: "OPEN_SURVEY", locale: "zh-CN" });
          throw undo;
        }),
      ).rejects.toBe(undo);
      expect(await jobs()).toEqual([]);
      await w.as(regulator, (tx) =>
        transitionProject(tx, regulator, { projectId, type: "OPEN_SURVEY", locale: "zh-CN" }),
      );
      // Beside it people are told, by jobs of their own.
      const queued = (await jobs()).filter(({ task }) => task.startsWith("webhooks."));
      expect(queued.length).toBeGreaterThan(0);
      for (const job of queued) {
        expect(job).toEqual({
          task: "webhooks.fan",
          payload: { tenantId, eventId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
        });
      }
    });

    it("stays empty where nobody listens", async () => {
      await listen(w.sectors[1].lead);
      await happened({ tenantId: w.sectors[0].id });
      expect(await jobs()).toEqual([]);
    });

    it("is out of reach of every level, and of the application's own login", async () => {
      const app = postgres(w.database.urls.app, { max: 1, onnotice: () => undefined });
      for (const role of ["none", ...signedInLevels.map(levelRole)])
        await expect(
          app.begin(async (tx) => {
            await tx.unsafe(`select set_config('role', '${role}', true)`);
            await tx.unsafe("select graphile_worker.add_job('webhooks.fan', '{}')");
          }),
        ).rejects.toThrow(/permission denied/);
      await expect(app.unsafe("set role anshi_worker")).rejects.toThrow(/permission denied/);
      await app.end();
    });
  });

  describe("endpoints", () => {
    it("are seen by their owners alone: no other site, not the sector above, no other sector", async () => {
      const [one, two] = w.sectors;
      const [site, beside] = one.sites;
      if (!site || !beside) throw new Error("two sites are needed");
      const owners = [site.lead, beside.lead, one.lead, two.lead, w.director];
      for (const by of owners) await listen(by);
      for (const by of owners) {
        const view = await w.as(by, (tx) => webhooksView(tx, by, undefined));
        expect(view.endpoints.map((e) => e.createdByName)).toEqual([by.name]);
      }
      for (const by of [site.officer, one.regulator, w.editor, w.operator, w.assessor, one.auditor])
        expect(opens(by.role, "/settings/webhooks")).toBe(false);
      const { id } = await listen(site.lead);
      for (const by of [beside.lead, one.lead, two.lead, w.director])
        for (const act of [pauseEndpoint, removeEndpoint, rotateSecret, sendTest])
          await expect(w.as<unknown>(by, (tx) => act(tx, by, id))).rejects.toMatchObject({ status: 404 });
    });

    it("keep their secret from every level", async () => {
      await listen(w.sectors[0].lead);
      const app = postgres(w.database.urls.app, { max: 1, onnotice: () => undefined });
      for (const level of signedInLevels)
        for (const column of ["secret", "previous_secret"])
          await expect(
            app.begin(async (tx) => {
              await tx.unsafe(
                `select set_config('role', '${levelRole(level)}', true), set_config('anshi.secret', '${w.sectors[0].lead.secret}', true)`,
              );
              await tx.unsafe(`select ${column} from webhook_endpoints`);
            }),
          ).rejects.toThrow(/permission denied/);
      await app.end();
    });

    it("take no address inside, none without TLS, none with a password, and say which field", async () => {
      const { lead } = w.sectors[0];
      const wanted = {
        "https://10.0.0.1/x": "error_webhook_private",
        "https://[::1]/": "error_webhook_private",
        "http://hooks.example/x": "error_webhook_https",
        "https://me:pw@hooks.example/": "error_webhook_credentials",
        "hooks.example": "error_webhook_url",
      };
      for (const [url, message] of Object.entries(wanted))
        await expect(
          w.as(lead, (tx) => createEndpoint(tx, lead, { url, description: "", events: [] }, "public")),
        ).rejects.toMatchObject({ status: 422, fieldErrors: { url: [message] } });
    });
  });

  describe("the worker", () => {
    const until = async (what: () => Promise<boolean>) => {
      for (const end = Date.now() + 20_000; !(await what()); await new Promise((r) => setTimeout(r, 50)))
        if (Date.now() > end) throw new Error("it did not happen");
    };

    it("comes back after its connections were cut, gives back what it holds when it stops, and tells how it is", async () => {
      const { lead, id: tenantId } = w.sectors[0];
      await listen(lead);
      const jobsRunning = await startJobs({
        authUrl: w.database.urls.auth,
        tasks: webhookTasks({ targets: "any" }),
        crons: [],
        log,
      });
      expect(await jobsRunning.check()).toBeUndefined();
      await happened({ tenantId });
      await until(async () => receiver.received.length === 1);
      for (let n = 0; n < 3; n += 1)
        await superuser`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'anshi-worker'`;
      await happened({ tenantId });
      await until(async () => receiver.received.length === 2);
      expect(await jobsRunning.check()).toBeUndefined();
      let arrived: () => void = () => undefined;
      const underWay = new Promise<void>((resolve) => (arrived = resolve));
      receiver.answer = () => {
        arrived();
        return new Promise<number>(() => undefined);
      };
      await happened({ tenantId });
      await underWay;
      await jobsRunning.stop();
      expect(await jobsRunning.check().catch(() => "stopped")).toBeDefined();
      expect((await stored()).at(-1)).toMatchObject({ state: "waiting", attempts: 0 });
      receiver.answer = () => 200;
      // One whose connection was cut between the receiver's yes and the note of it is tried again when its time has come.
      await until(async () => {
        await work();
        return (await stored()).every((d) => d.state === "delivered");
      });
    });
  });
});
