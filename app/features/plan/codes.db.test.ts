import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { indicators } from "#db/schema/index.ts";
import { inCodeOrder } from "#db/codes.ts";
import { addIndicators, dated } from "#tests/builders/pilots.ts";
import { testWorld } from "#tests/builders/world.ts";
import { newIndicatorSchema } from "./plan.schema.ts";
import { addIndicator } from "./plan-rows.server.ts";

/** Codes are counted on and ordered by their number: as text K-99 is the largest for ever, and K-100 stands before it. */
describe("codes past their digits", () => {
  const world = testWorld();

  it("of indicators are counted on, and stand in their order", async () => {
    const w = world();
    const s = dated(w, "2013-12-02T02:00:00Z", w.sectors[0]);
    await addIndicators(w, s, ["identity"]);
    const { projectId, regulator: reg } = s;
    await w.as(reg, (tx) => tx.update(indicators).set({ code: "K-99" }).where(eq(indicators.projectId, projectId)));
    for (const name of ["第一百项", "第一百零一项"])
      await w.as(reg, (tx) =>
        addIndicator(tx, reg, {
          projectId,
          ...newIndicatorSchema.parse({
            name,
            unit: "%",
            dimension: "identity",
            direction: "down",
            baseline: "12.5",
            target: "1",
          }),
        }),
      );
    const codes = await w.as(reg, (tx) =>
      tx
        .select({ code: indicators.code })
        .from(indicators)
        .where(eq(indicators.projectId, projectId))
        .orderBy(...inCodeOrder(indicators.code)),
    );
    expect(codes.map((r) => r.code)).toEqual(["K-99", "K-100", "K-101"]);
  });
});
