import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiAccess } from "#app/request/access.rules.ts";
import { memberRoles } from "#db/roles.ts";
import { testWorld } from "#tests/builders/world.ts";
import { fuzz } from "./fuzz/run.ts";
import { apiCells, type Cell, eventCells, pageCells } from "./matrix/cells.ts";
import { type Ground, layGround } from "./matrix/ground.ts";
import { type Answered, sendAll } from "./matrix/send.ts";
import { type RunningServer, startServer } from "./server.ts";

/*
 * Way in × method or act × role × whose object, against the built product: each answer is the one that the table of
 * permissions gives.
 */

describe("the matrix of permissions, on the running product", () => {
  const world = testWorld();
  let server: RunningServer;
  let ground: Ground;
  let cells: Cell[] = [];
  beforeAll(async () => {
    server = await startServer(world().database.urls);
    ground = await layGround(world(), server);
    const roles = [null, ...memberRoles];
    const state = async (path: string) => {
      const token = ground.askers.find((a) => a.role === "regulator_lead")?.token ?? "";
      const found = (await (
        await fetch(`${server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
      ).json()) as { id: string; version: number; state?: string; stage?: string };
      return { id: found.id, version: found.version, state: found.state ?? found.stage ?? "" };
    };
    const { projectId, pilotId } = ground.ids.own;
    cells = [
      ...pageCells(ground.ids, roles),
      ...apiCells(ground.ids, roles),
      ...eventCells("POST /projects/{id}/events", await state(`/projects/${projectId}`), memberRoles),
      ...eventCells("POST /pilots/{id}/events", await state(`/pilots/${pilotId}`), memberRoles),
    ];
  });
  afterAll(() => server?.stop());

  const told = ({ cell, status, invalid }: Answered) =>
    `${cell.role ?? "nobody"}: ${cell.name}${cell.readOnly ? " by a token that reads" : ""} of ${cell.target} → ${status}, not ${cell.expected.join("/")}${invalid ? ` (${invalid})` : ""}`;
  const wrong = (all: readonly Answered[]) =>
    all.filter((a) => a.invalid !== null || !a.cell.expected.includes(a.status)).map(told);

  it("knows every endpoint that the product describes", async () => {
    const { paths } = (await (await fetch(`${server.url}/api/v1/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace("/api/v1", "")}`),
    );
    expect(described.sort()).toEqual(Object.keys(apiAccess).sort());
  });

  it("is what the table says, cell by cell", async () => {
    // What changes nothing goes first, so that acts of one cell do not move what another asks for; then the acts, one by one.
    const quiet = cells.filter((c) => !c.acts);
    const acts = cells.filter((c) => c.acts);
    const begun = Date.now();
    const all = [...(await sendAll(server.url, quiet, ground)), ...(await sendAll(server.url, acts, ground, 1))];
    process.stdout.write(
      `${all.length} cells in ${Math.round((Date.now() - begun) / 1000)} s: ${all.length - wrong(all).length} as the table says\n`,
    );
    expect(wrong(all)).toEqual([]);
    expect(server.ended()).toBeNull();
  }, 900_000);

  it("answers what nobody means with 4xx, in words and by name: odd requests to every operation and every form", async () => {
    const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    const begun = Date.now();
    const {
      sent,
      byStatus,
      wrong: odd,
    } = await fuzz(server.url, ground, cells, { seed, runs: Number(process.env["FUZZ_RUNS"] ?? 500) });
    process.stdout.write(
      `${sent} odd requests in ${Math.round((Date.now() - begun) / 1000)} s, FUZZ_SEED=${seed}: ${JSON.stringify(byStatus)}\n`,
    );
    expect(odd.slice(0, 40), `FUZZ_SEED=${seed}, ${odd.length} in all\n${server.output().slice(-4000)}`).toEqual([]);
    expect(server.ended()).toBeNull();
    // It got somewhere: things were done, refused, and found wrong.
    for (const status of [200, 404, 422]) expect(byStatus[status] ?? 0).toBeGreaterThan(sent / 100);
  }, 900_000);

  it("has a cell for each role at each way in, and refuses at each that asks for a permission", () => {
    for (const role of memberRoles) expect(cells.filter((c) => c.role === role).length).toBeGreaterThan(300);
    expect(cells.filter((c) => c.expected.length === 1 && c.expected[0] === 403).length).toBeGreaterThan(1000);
    expect(cells.filter((c) => c.target !== "own" && c.expected.includes(404)).length).toBeGreaterThan(100);
  });
});
