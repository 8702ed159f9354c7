import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { createDocument, loadDocument } from "#app/features/document/document.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { measures } from "#db/schema/index.ts";
import { approveDocument, endorseDocument, submitDocument } from "#tests/builders/documents.ts";
import { builtRegister, plantMeasures, testAsset } from "#tests/builders/register.ts";
import { testWorld } from "#tests/builders/world.ts";
import { lateMeasures, openMeasures, reportMeasuresDone } from "./measures-done.server.ts";
import { emptyPlan, planContent } from "./plan-content.server.ts";
import { openPlan } from "./plan.server.ts";
import { planPage } from "./plan.view.server.ts";

describe("measures of an approved plan", () => {
  const world = testWorld();
  let measureId = "";

  beforeAll(async () => {
    const w = world();
    const [s] = w.sectors;
    await builtRegister(w, s, { "IDN-EQP-01": "non_compliant" }, [testAsset()]);
    const [row] = await plantMeasures(w, s, [null]);
    measureId = row?.id ?? "";
    const move = { locale: "en" as const };
    const doc = await w.as(s.regulator, async (tx) => {
      await tx.update(measures).set({ startsOn: "2013-06-01", endsOn: "2013-06-20" }).where(eq(measures.id, measureId));
      const content = await planContent(tx, s.regulator, await loadProject(tx, s.projectId), emptyPlan);
      const d = await createDocument(tx, s.regulator, { kind: "pilotPlan", projectId: s.projectId, title: "plan" });
      await submitDocument(tx, s.regulator, {
        document: d,
        ...move,
        sealing: { content, summary: {} },
        completeness: { completeness: 100, missingParts: [] },
      });
      return d;
    });
    await w.as(s.lead, async (tx) =>
      endorseDocument(tx, s.lead, { document: await loadDocument(tx, doc.id), ...move }),
    );
    await w.as(w.director, async (tx) =>
      approveDocument(tx, w.director, { document: await loadDocument(tx, doc.id), ...move }),
    );
  });

  it("are done by the rows, not by the seal, and nothing is said of them to an office that sees the seal alone", async () => {
    const w = world();
    const [s] = w.sectors;
    const [site] = s.sites;
    if (!site) throw new Error("no site");
    const day = "2013-07-15T03:00:00Z";
    const [reg, lead, officer, director] = [s.regulator, s.lead, site.officer, w.director].map((a) => w.at(a, day));
    if (!reg || !lead || !officer || !director) throw new Error("nobody");
    const shown = (who: Actor) =>
      w.as(who, async (tx) => {
        const page = await planPage(tx, who, s.projectId, "zh-CN");
        const row = page?.risks.flatMap((r) => r.measures).find((x) => x.id === measureId);
        return [row?.doneOn, page?.gantt.find((x) => x.id === measureId)?.status];
      });
    const asked = (which: typeof openMeasures) =>
      w.as(reg, async (tx) =>
        (
          await tx
            .select({ id: measures.id })
            .from(measures)
            .where(which(today(reg)))
        ).some((r) => r.id === measureId),
      );
    for (const who of [reg, lead, officer]) expect(await shown(who), who.role).toEqual([null, "late"]);
    expect(await shown(director)).toEqual([null, null]);
    expect([await asked(openMeasures), await asked(lateMeasures)]).toEqual([true, true]);

    await w.as(officer, (tx) => reportMeasuresDone(tx, officer, [{ measureId, doneOn: "2013-06-18" }]));
    for (const who of [reg, lead, officer]) expect(await shown(who), who.role).toEqual(["2013-06-18", "done"]);
    expect(await shown(director)).toEqual([null, null]);
    expect([await asked(openMeasures), await asked(lateMeasures)]).toEqual([false, false]);
    // The seal itself is as it was.
    const plan = await w.as(reg, (tx) => openPlan(tx, reg, s.projectId));
    expect(plan?.content.measures.map((x) => x.doneOn)).toEqual([null]);
  });

  it("are not said to lack anything before an approval that was given; a plan that is changed anew is", async () => {
    const w = world();
    const [s] = w.sectors;
    const gaps = (who: Actor, work = false) =>
      w.as(who, async (tx) => (await planPage(tx, who, s.projectId, "zh-CN", work))?.gaps ?? null);
    for (const who of [s.regulator, s.lead, w.director]) expect(await gaps(who), who.role).toBeNull();
    expect((await gaps(s.regulator, true))?.length).toBeGreaterThan(0);
  });

  it("that were removed from the rows while the seal holds are said to be neither done nor late", async () => {
    const w = world();
    const [s] = w.sectors;
    await w.as(s.regulator, (tx) => tx.delete(measures).where(sql`true`));
    const reg = w.at(s.regulator, "2013-07-15T03:00:00Z");
    const page = await w.as(reg, (tx) => planPage(tx, reg, s.projectId, "zh-CN"));
    expect(page?.gantt.map((x) => x.status)).toEqual([null]);
  });
});
