import { describe, expect, it } from "vitest";
import { createDocument, shareNationally, loadDocument } from "#app/features/document/document.server.ts";
import { submitDocument } from "#tests/builders/documents.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { type TestSector, testWorld, type World } from "#tests/builders/world.ts";
import { nationalComparison } from "./national-comparison.server.ts";

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
  const handOn = async (w: World, s: TestSector, sites: number) => {
    const doc = await w.as(s.regulator, async (tx) => {
      const d = await createDocument(tx, s.regulator, {
        kind: "batchReview",
        projectId: s.projectId,
        title: "r",
        period: "1",
      });
      await submitDocument(tx, s.regulator, {
        document: d,
        locale: "en",
        sealing: {
          content: {},
          summary: { batchNo: 1, pilots: sites, accepted: 0, lessons: 1, effects: effect(sites, -2_000) },
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
    const panel = (await look()).panels.find((p) => p.dimension === "identity");
    // Two sites are hidden; the other sector must be hidden as well, or the total less its figures would tell.
    expect(panel).toMatchObject({
      hidden: 2,
      cells: [
        { suppressed: true, effect: null },
        { suppressed: true, effect: null },
      ],
    });
    expect(panel?.total?.n).toBe(11);
    await expect(w.as(w.editor, (tx) => nationalComparison(tx, w.editor, uuidv7(), 1))).rejects.toMatchObject({
      status: 404,
    });
  });
});
