import { sql as statement } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "#app/request/actor.ts";
import { rowsOf } from "#db/rows.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { type TestSector, testWorld } from "#tests/builders/world.ts";
import { surveyRanks } from "./ranks.server.ts";

/** A site among those of its sector: counted by the database past the wall, and nothing told of few. */
describe("a site's percentile", () => {
  const world = testWorld();
  let owner: postgres.Sql;
  let s: TestSector;
  const others: string[] = [];
  const score = (gained: number) => ({ gained, possible: 100, bp: gained * 100 });

  /** A sealed response of a site, with its figures alone; the past of the document is of no matter here. */
  async function sealed(site: { id: string; systemId: string }, overall: number, identity: number): Promise<void> {
    const [documentId, submissionId] = [uuidv7(), uuidv7()];
    const summary = { overall: score(overall), dimension: { identity: score(identity) } };
    await owner`insert into documents (tenant_id, id, project_id, kind, site_id, system_id, title, state, submission_id) values (${s.id}, ${documentId}, ${s.projectId}, 'surveyResponse', ${site.id}, ${site.systemId}, 'r', 'approved', ${submissionId})`;
    await owner`insert into submissions (tenant_id, id, document_id, project_id, kind, site_id, seq, content, summary, sha256, sealed_at, sealed_by_name, sealed_by_role)
      values (${s.id}, ${submissionId}, ${documentId}, ${s.projectId}, 'surveyResponse', ${site.id}, 1, '{}'::jsonb, ${owner.json(summary)}, ${"0".repeat(64)}, now(), 'x', 'site_lead')`;
  }
  const site = (i: number) => {
    const one = s.sites[i];
    if (!one) throw new Error("no site");
    return one;
  };
  const ranks = (actor: Actor) => world().as(actor, async (tx) => surveyRanks(tx, await loadProject(tx, s.projectId)));

  beforeAll(async () => {
    [s] = world().sectors;
    owner = postgres(world().database.superuserUrl, { max: 1, onnotice: () => undefined });
    await sealed(site(0), 30, 90);
    await sealed(site(1), 30, 10);
    for (const [i, overall] of [10, 20, 40].entries()) {
      const more = { id: uuidv7(), systemId: uuidv7() };
      others.push(more.id);
      await owner`insert into sites (tenant_id, id, code, name) values (${s.id}, ${more.id}, ${`9111000000000000${i}X`}, ${`更多 ${i}`})`;
      await owner`insert into systems (tenant_id, id, site_id, name) values (${s.id}, ${more.systemId}, ${more.id}, '系统')`;
      await sealed(more, overall, 10);
    }
  });
  afterAll(() => owner.end());

  it("is not told while the survey runs, nor with four others where five are asked for", async () => {
    expect(await ranks(site(0).officer)).toBeNull();
    await owner`update projects set state = 'riskReport.drafting' where id = ${s.projectId}`;
    expect(await ranks(site(0).officer)).toEqual({ k: 5, percentiles: {}, others: null });
  });

  it("counts lower scores whole and equal ones half, overall and by dimension", async () => {
    const fifth = { id: uuidv7(), systemId: uuidv7() };
    await owner`insert into sites (tenant_id, id, code, name) values (${s.id}, ${fifth.id}, '91110000000000009X', '第五')`;
    await owner`insert into systems (tenant_id, id, site_id, name) values (${s.id}, ${fifth.systemId}, ${fifth.id}, '系统')`;
    await sealed(fifth, 5, 99);
    // Below 30: 10, 20, 5; like it: one. (3 + ½) of 5.
    expect(await ranks(site(0).officer)).toEqual({ k: 5, percentiles: { overall: 70, identity: 80 }, others: 5 });
    expect((await ranks(site(1).lead))?.percentiles).toMatchObject({ overall: 70 });
  });

  it("follows the programme's k, and a site whose response came back has none", async () => {
    await owner`update programmes set k_threshold = 6`;
    expect(await ranks(site(0).officer)).toMatchObject({ k: 6, others: null });
    await owner`update programmes set k_threshold = 5`;
    await owner`update documents set state = 'returned' where site_id = ${site(1).id}`;
    expect((await ranks(site(1).officer))?.others).toBeNull();
  });

  it("opens no way round the wall: other sectors and other levels get nothing, and no row of another site shows", async () => {
    const w = world();
    const foreign = w.sectors[1].sites[0]?.officer;
    if (!foreign) throw new Error("no site");
    const call = (actor: Actor) =>
      w.as(actor, async (tx) => rowsOf(await tx.execute(statement`select * from auth.survey_ranks(${s.projectId})`)));
    expect(await call(foreign)).toEqual([]);
    await expect(call(s.lead)).rejects.toMatchObject({ cause: { code: "42501" } });
    await expect(call(w.editor)).rejects.toMatchObject({ cause: { code: "42501" } });
    expect(
      rowsOf(
        await w.as(site(0).officer, (tx) => tx.execute(statement`select distinct site_id as id from submissions`)),
      ),
    ).toEqual([{ id: site(0).id }]);
  });
});
