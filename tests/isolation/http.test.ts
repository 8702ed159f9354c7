import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testWorld } from "#tests/builders/world.ts";
import { addIndicators } from "#tests/builders/pilots.ts";
import { answersWith, closeSurvey, respond, testAsset } from "#tests/builders/register.ts";
import { attemptAllHttp, httpAttacks, type OpenApi } from "./http-attacks.ts";
import { type Field, layField } from "./field.ts";
import { everyone } from "./populate.ts";
import { type RunningServer, startServer } from "./server.ts";
import { canariesFor, type Proofs, proofsFor } from "./visitors.ts";

describe("attacks at the front door of the built product", () => {
  const world = testWorld();
  let field: Field;
  let server: RunningServer;
  let proofs: Proofs;
  beforeAll(async () => {
    const w = world();
    for (const s of w.sectors) {
      for (const site of s.sites) await respond(w, s, site, { answers: answersWith({}), assets: [testAsset()] });
      await addIndicators(w, s);
      await closeSurvey(w, s);
    }
    field = await layField(w.db, everyone(w), 1);
    server = await startServer(w.database.urls);
    proofs = await proofsFor(w.db, field.members);
  });
  afterAll(async () => {
    await proofs?.giveBack();
    await server?.stop();
  });

  it("get nothing through", async () => {
    const api = (await (await fetch(`${server.url}/api/v1/openapi.json`)).json()) as OpenApi;
    const attacks = httpAttacks(proofs.visitors, field, api);
    const tried = await attemptAllHttp(server.url, attacks, canariesFor(field.members, field.canaries));
    expect(
      tried
        .filter((t) => t.won !== null)
        .map((t) => `${t.attack.role}: ${t.attack.name} → ${t.won} (${t.attack.request.path})`),
    ).toEqual([]);
    expect(tried.length).toBeGreaterThan(500);
    process.stdout.write(`${tried.length} requests\n`);
    expect(server.ended()).toBeNull();
  });

  it("are made by people who get in where they belong", async () => {
    for (const v of proofs.visitors) {
      const me = await fetch(`${server.url}/api/v1/me`, { headers: { authorization: `Bearer ${v.token}` } });
      expect([v.member.name, me.status]).toEqual([v.member.name, 200]);
      const home = await fetch(`${server.url}/`, {
        headers: { cookie: `anshi_session=${v.cookie}` },
        redirect: "manual",
      });
      expect([v.member.name, home.status]).toEqual([v.member.name, 200]);
    }
    const lead = proofs.visitors.find((v) => v.member.who.role === "regulator_lead");
    const own = await fetch(`${server.url}/projects/${world().sectors[0].projectId}`, {
      headers: { cookie: `anshi_session=${lead?.cookie}` },
    });
    expect(own.status).toBe(200);
  });
});
