import { beforeAll, describe, expect, test } from "vitest";
import { noticesPage } from "#app/features/notices/notices.server.ts";
import { changeThreshold, currentProgramme } from "#app/features/programme/programme.server.ts";
import { withActor } from "#db/client.server.ts";
import { handOnTwoDrafts } from "#tests/builders/specification.ts";
import { testWorld } from "#tests/builders/world.ts";
import { createSpecification } from "./editing.server.ts";
import { importFromDrafts, sealedDrafts } from "./import.server.ts";
import { openConsultation } from "./publication.server.ts";
import { provenance, publicEdition } from "./published.server.ts";
import { toldBelow } from "./told-below.server.ts";

const world = testWorld();
const number = "WLW-GF 001-2015";

beforeAll(async () => {
  const w = world();
  await handOnTwoDrafts(w);
  const editor = w.at(w.editor, new Date("2015-03-02T02:00:00Z"));
  const specificationId = await w.as(editor, async (tx) => {
    const titles = { titleZh: "物联网安全管理规范", titleEn: "IoT security management" };
    const id = await createSpecification(tx, editor, { programmeId: w.programmeId, number, ...titles });
    const drafts = await sealedDrafts(tx, w.programmeId);
    const picks = drafts.flatMap((s) => s.clauses.map((c) => `${s.submissionId}/${c.key}`));
    await importFromDrafts(tx, editor, { specificationId: id, picks, intoClauseId: null });
    return id;
  });
  const director = w.at(w.director, new Date("2015-03-03T02:00:00Z"));
  const days = { from: "2015-04-01", to: "2015-04-30" };
  await w.as(director, (tx) => openConsultation(tx, director, { specificationId, ...days, locale: "zh-CN" }));
});

test("a consultation is told to the sectors' offices, with the page on which they read and comment", async () => {
  const w = world();
  const { lead } = w.sectors[1];
  const { rows } = await w.as(lead, (tx) => noticesPage(tx, lead, { unread: true, after: undefined, limit: 50 }));
  expect(rows.map((r) => [r.kind, r.href])).toContainEqual(["consultation", "/specifications/WLW-GF-001-2015"]);
});

describe("the smallest group", () => {
  test("is changed with a reason; the director is told what was told below it, and everybody what they were told", async () => {
    const w = world();
    const programme = async () => (await w.as(w.director, (tx) => currentProgramme(tx))) ?? expect.fail("no programme");
    const { id: programmeId, kThreshold: from } = await programme();
    const change = (input: { from?: number; kThreshold: number }) =>
      w.as(w.director, (tx) =>
        changeThreshold(tx, w.director, { programmeId, from, reason: "试点数量增加", ...input }),
      );
    const below = async () => w.as(w.director, async (tx) => toldBelow(tx, w.director, await programme()));
    const lines = async () =>
      provenance(
        await withActor(w.db.read, { level: "public", secret: null }, (tx) => publicEdition(tx, number)),
        "6.1",
      ).lines;
    expect(await below()).toEqual([]);
    await expect(change({ from: from + 1, kThreshold: 8 })).rejects.toMatchObject({ code: "stale_revision" });
    await expect(change({ kThreshold: from })).rejects.toMatchObject({
      fieldErrors: { kThreshold: ["national_error_same_threshold"] },
    });
    const told = await lines();
    expect(told).toMatchObject([{ pilots: 7 }]);
    await change({ kThreshold: 8 });
    expect((await programme()).kChanges).toMatchObject([{ from, to: 8, reason: "试点数量增加" }]);
    expect((await below()).map((e) => [e.number, e.groups.map(({ n }) => n)])).toEqual([[number, [7]]]);
    expect(await lines(), "what was told stays told").toEqual(told);
    await change({ from: 8, kThreshold: from });
    expect(await below()).toEqual([]);
  });
});
