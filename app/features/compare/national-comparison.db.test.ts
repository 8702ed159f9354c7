import { readXlsx } from "hucre/xlsx";
import { describe, expect, it } from "vitest";
import { createDocument, shareNationally, loadDocument } from "#app/features/document/document.server.ts";
import { submitDocument } from "#tests/builders/documents.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { type TestSector, testWorld, type World } from "#tests/builders/world.ts";
import { nationalCompare } from "./compare.view.server.ts";
import { nationalComparison } from "./national-comparison.server.ts";
import { nationalWorkbook } from "./workbook.server.ts";

describe("comparison across sectors", () => {
  const world = testWorld();
  const effect = (sites: number, change: number) => ({
    identity: {
      pilots: sites,
      sites,
      beforeMilli: 10_000,
      afterMilli: 10_000 + change,
      changeSum: sites * change,
      changeSquares: sites * change * change,
    },
  });
  const members = (sites: number) => ({
    identity: Array.from({ length: sites }, (_, i) => ({ site: `site ${i}`, pilot: `pilot ${i}`, version: "1" })),
  });
  const handOn = async (w: World, s: TestSector, sites: number, batchNo: 1 | 2 = 1, named = true) => {
    const doc = await w.as(s.regulator, async (tx) => {
      const d = await createDocument(tx, s.regulator, {
        kind: "batchReview",
        projectId: s.projectId,
        title: "r",
        period: String(batchNo),
      });
      await submitDocument(tx, s.regulator, {
        document: d,
        locale: "en",
        sealing: {
          content: {},
          summary: {
            batchNo,
            pilots: sites,
            accepted: 0,
            lessons: 1,
            effects: effect(sites, -2_000),
            ...(named ? { members: members(sites) } : {}),
          },
        },
        completeness: { completeness: 100, missingParts: [] },
      });
      return d;
    });
    return {
      doc,
      share: () =>
        w.as(s.lead, async (tx) => {
          const { latestSubmission } = await import("#app/features/document/document.server.ts");
          const sealed = await latestSubmission(tx, doc.id);
          if (sealed) await shareNationally(tx, s.lead, await loadDocument(tx, doc.id), sealed);
        }),
    };
  };

  it("sees only what was handed on, and hides groups below k with what would give them away", async () => {
    const w = world();
    const [one, two] = w.sectors;
    const a = await handOn(w, one, 9);
    const look = () => w.as(w.editor, (tx) => nationalComparison(tx, w.editor, w.programmeId, 1));
    expect((await look()).sectors).toEqual([]);
    await a.share();
    expect((await look()).panels.find((p) => p.dimension === "identity")).toMatchObject({
      hidden: 0,
      cells: [{ suppressed: false, effect: { n: 9, verdict: "fell" } }],
    });
    await (await handOn(w, two, 2)).share();
    const identity = async (batch: 1 | 2) => {
      const c = await w.as(w.editor, (tx) => nationalComparison(tx, w.editor, w.programmeId, batch));
      return c.panels.find((p) => p.dimension === "identity") ?? expect.fail();
    };
    // What was told of the nine stays; a total of eleven would tell of the two.
    expect(await identity(1)).toMatchObject({
      hidden: 1,
      cells: [
        { suppressed: false, since: null, effect: { n: 9 } },
        { suppressed: true, effect: null, both: null },
      ],
      total: { suppressed: true, effect: null },
      everything: { suppressed: true, effect: null },
    });
    // With the second batch there are five of them, and fourteen of all.
    await (await handOn(w, two, 3, 2)).share();
    expect(await identity(1)).toMatchObject({
      cells: [{ effect: { n: 9 } }, { suppressed: true }],
      everything: { suppressed: true },
    });
    await expect(w.as(w.editor, (tx) => nationalComparison(tx, w.editor, uuidv7(), 1))).rejects.toMatchObject({
      status: 404,
    });
  });

  it("tells nothing of a review that does not record its sites, and says that this is why", async () => {
    const w = world();
    // Beside the three sites of the other sector, of the test before.
    await (await handOn(w, w.sectors[0], 9, 2, false)).share();
    const c = await w.as(w.editor, (tx) => nationalComparison(tx, w.editor, w.programmeId, 2));
    expect(c.sectors.map((s) => s.unnamed)).toEqual([true, false]);
    expect(c.panels.find((p) => p.dimension === "identity")?.cells[0]).toMatchObject({
      suppressed: true,
      effect: null,
    });
    const page = await w.as(w.editor, (tx) => nationalCompare(tx, w.editor, 2, "en"));
    expect(page?.panels.find((p) => p.dimension === "identity")?.bars.map((b) => b.unnamed)).toEqual([
      true,
      false,
      false,
    ]);
    const told = JSON.stringify((await readXlsx(await nationalWorkbook(c, "en"))).sheets[0]?.rows);
    expect(told).toContain("Not shown: its review does not record the sites");
  });
});
