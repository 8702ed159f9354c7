import type postgres from "postgres";
import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "#app/request/actor.ts";
import { releaseAbandoned } from "#app/platform/jobs-recovery.server.ts";
import { openWorkerPool, type WorkerPool } from "#db/jobs.server.ts";
import type { Receiver } from "#tests/builders/webhooks.ts";
import { webhookWorld } from "#tests/builders/webhook-world.ts";
import type { World } from "#tests/builders/world.ts";
import { createEndpoint, pauseEndpoint, resumeEndpoint, rotateSecret, sendAgain, sendTest } from "./webhooks.server.ts";

describe("webhooks", () => {
  const { there, work, listen, jobs, stored, due, happened } = webhookWorld();
  let w: World;
  let superuser: postgres.Sql;
  let worker: WorkerPool;
  let receiver: Receiver;
  beforeEach(() => {
    ({ w, superuser, worker, receiver } = there());
  });

  describe("deliveries", () => {
    it("fail first, are tried again, arrive once, signed and thin", async () => {
      const sector = w.sectors[0];
      const { secret } = await listen(sector.lead);
      receiver.answer = (n) => (n === 1 ? 500 : 200);
      const eventId = await happened({ tenantId: sector.id });
      await work();
      expect(await stored()).toMatchObject([{ state: "waiting", attempts: 1, last_status: 500, last_error: "status" }]);
      const [{ rest } = { rest: 0 }] = await stored();
      expect(rest).toBeGreaterThan(3);
      expect(rest).toBeLessThan(6);
      await work();
      expect(receiver.received).toHaveLength(1);
      await due();
      await work();
      expect(await stored()).toMatchObject([{ state: "delivered", attempts: 2, last_status: 200, last_error: null }]);
      await expect.poll(jobs).toEqual([]);
      const [first, second] = [receiver.verified(0, secret), receiver.verified(1, secret)];
      expect(second).toEqual(first);
      expect(first).toMatchObject({
        type: "workflow.transitioned",
        id: eventId,
        data: { machine: "document", event: "SUBMIT", from: "drafting", to: "submitted", version: 3 },
      });
      expect(Object.keys(first.data).sort()).toEqual([
        "at",
        "event",
        "from",
        "machine",
        "objectId",
        "projectId",
        "to",
        "version",
      ]);
      expect(receiver.received[0]?.body).not.toMatch(/内情|张三/);
      expect(receiver.received.map((r) => r.headers["webhook-id"])).toEqual([eventId, eventId]);
    });

    it("reach whom an event concerns and nobody else", async () => {
      const [one, two] = w.sectors;
      const [site, beside] = one.sites;
      if (!site || !beside) throw new Error("two sites are needed");
      const ids = new Map<string, Actor>();
      for (const by of [site.lead, beside.lead, one.lead, two.lead, w.director]) ids.set((await listen(by)).id, by);
      const reached = async () => {
        await work();
        const rows = await superuser<{ endpoint_id: string }[]>`delete from webhook_deliveries returning endpoint_id`;
        return rows.map((r) => ids.get(r.endpoint_id)).sort((a, b) => (a?.name ?? "").localeCompare(b?.name ?? ""));
      };
      const sorted = (...of: Actor[]) => of.sort((a, b) => a.name.localeCompare(b.name));
      await happened({ tenantId: one.id, siteId: site.id });
      expect(await reached()).toEqual(sorted(site.lead, one.lead));
      await happened({ tenantId: one.id, national: true });
      expect(await reached()).toEqual(sorted(one.lead, w.director));
      await happened({ tenantId: two.id });
      expect(await reached()).toEqual([two.lead]);
      await happened({ tenantId: w.nationalId, machine: "specification" });
      expect(await reached()).toEqual([w.director]);
    });

    it("end dead after the last attempt, and go out again when asked, under the same id", async () => {
      const { lead, id: tenantId } = w.sectors[0];
      const { secret } = await listen(lead, ["document"]);
      receiver.answer = () => 503;
      await happened({ tenantId, machine: "project" });
      await happened({ tenantId });
      for (let n = 0; n < 12; n += 1) {
        await work();
        await due();
      }
      expect(receiver.received).toHaveLength(8);
      const [dead] = await stored();
      expect(dead).toMatchObject({ state: "dead", attempts: 8, last_status: 503 });
      receiver.answer = () => 200;
      await w.as(lead, (tx) => sendAgain(tx, lead, dead?.id ?? ""));
      await work();
      expect(await stored()).toMatchObject([{ state: "delivered", attempts: 1 }]);
      expect(receiver.verified(8, secret).id).toBe(receiver.verified(0, secret).id);
      await expect(w.as(lead, (tx) => sendAgain(tx, lead, dead?.id ?? ""))).rejects.toMatchObject({
        code: "webhook_not_dead",
      });
    });

    it("carry both signatures for a day after a new secret", async () => {
      const { lead, id: tenantId } = w.sectors[0];
      const old = await listen(lead);
      const fresh = await w.as(lead, (tx) => rotateSecret(tx, lead, old.id));
      await happened({ tenantId });
      await work();
      expect(receiver.verified(0, old.secret)).toEqual(receiver.verified(0, fresh.secret));
      await superuser`update webhook_endpoints set previous_until = now() - interval '1 second'`;
      await happened({ tenantId });
      await work();
      expect(() => receiver.verified(1, old.secret)).toThrow();
      expect(receiver.verified(1, fresh.secret).type).toBe("workflow.transitioned");
    });

    it("stop at 410, wait while paused, and go on when resumed", async () => {
      const { lead, id: tenantId } = w.sectors[0];
      const { id } = await listen(lead);
      receiver.answer = () => 410;
      await happened({ tenantId });
      await work();
      expect(await superuser`select state from webhook_endpoints`).toMatchObject([{ state: "gone" }]);
      await happened({ tenantId });
      await expect.poll(jobs).toEqual([]);
      receiver.answer = (n) => (n === 2 ? 500 : 200);
      await w.as(lead, (tx) => resumeEndpoint(tx, lead, id));
      await happened({ tenantId });
      await work();
      await w.as(lead, (tx) => pauseEndpoint(tx, lead, id));
      await due();
      await work();
      expect(receiver.received).toHaveLength(2);
      await w.as(lead, (tx) => resumeEndpoint(tx, lead, id));
      await work();
      expect((await stored()).map((d) => d.state)).toEqual(["dead", "delivered"]);
    });

    it("of a test are tried once", async () => {
      const { lead } = w.sectors[0];
      const { id, secret } = await listen(lead);
      await w.as(lead, (tx) => sendTest(tx, lead, id));
      await work();
      expect(receiver.verified(0, secret).type).toBe("webhook.test");
      receiver.answer = () => 500;
      await w.as(lead, (tx) => sendTest(tx, lead, id));
      await work();
      expect((await stored()).map((d) => d.state)).toEqual(["delivered", "dead"]);
    });

    it("wait for nobody for long", async () => {
      const { lead, id: tenantId } = w.sectors[0];
      await listen(lead);
      receiver.answer = () => new Promise<number>(() => undefined);
      await happened({ tenantId });
      await work({ timeoutMs: 200 });
      expect(await stored()).toMatchObject([{ attempts: 1, last_status: null, last_error: "timeout" }]);
      expect(receiver.received).toHaveLength(1);
    });

    it("go nowhere inside, whatever the name resolves to at that moment", async () => {
      const { lead, id: tenantId } = w.sectors[0];
      const url = `https://hooks.example:${new URL(receiver.url).port}/`;
      await w.as(lead, (tx) => createEndpoint(tx, lead, { url, description: "", events: [] }, "public"));
      for (const address of ["127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "fd00::1"]) {
        await superuser`delete from webhook_deliveries`;
        await happened({ tenantId });
        await work({
          targets: "public",
          resolve: (_host, done) =>
            done(null, [
              { address: "93.184.216.34", family: 4 },
              { address, family: address.includes(":") ? 6 : 4 },
            ]),
        });
        expect(await stored()).toMatchObject([{ state: "waiting", last_error: "refused_target" }]);
      }
      expect(receiver.received).toHaveLength(0);
    });

    it("are made once each by two workers at once", async () => {
      const { lead, id: tenantId } = w.sectors[0];
      const { secret } = await listen(lead);
      const events = await Promise.all(Array.from({ length: 30 }, () => happened({ tenantId })));
      const beside = openWorkerPool(w.database.urls.auth);
      while ((await jobs()).length > 0) await Promise.all([work(), work({}, beside)]);
      await beside.close();
      expect(receiver.received.map((_, n) => receiver.verified(n, secret).id).sort()).toEqual([...events].sort());
    });

    it("cut short by a death are taken up by the next worker", async () => {
      const { lead, id: tenantId } = w.sectors[0];
      await listen(lead);
      await happened({ tenantId });
      const dying = openWorkerPool(w.database.urls.auth);
      let arrived: () => void = () => undefined;
      const underWay = new Promise<void>((resolve) => (arrived = resolve));
      receiver.answer = (n) => {
        arrived();
        return n === 1 ? new Promise<number>(() => undefined) : 200;
      };
      const dead = work({}, dying).catch(() => undefined);
      // Its process dies then: nothing is written down and the answer never comes.
      await underWay;
      await work();
      expect(receiver.received).toHaveLength(1);
      expect(await releaseAbandoned(worker.db, 0)).toBeGreaterThan(0);
      // The claim of the dead still runs: the job is put off to its end, not dropped.
      await superuser`update webhook_deliveries set claimed_until = now() + interval '60 seconds'`;
      await work();
      expect((await stored())[0]?.rest).toBeGreaterThan(10);
      await superuser`update webhook_deliveries set claimed_until = now() - interval '1 second', next_at = now()`;
      await work();
      expect(await stored()).toMatchObject([{ state: "delivered", attempts: 2 }]);
      receiver.close();
      await dead;
      expect(await stored()).toMatchObject([{ state: "delivered", attempts: 2 }]);
      await dying.close();
    });
  });
});
