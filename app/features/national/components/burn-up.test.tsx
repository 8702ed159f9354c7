import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays } from "#app/platform/days.ts";
import { drawingsOf, faultsOf } from "#tests/ui/picture.ts";
import { renderKit, textOf } from "#tests/ui/render.tsx";
import { burnUp } from "../national.rules.ts";
import type { ActionPlanView } from "../action-plan.server.ts";
import { BurnUp } from "./burn-up.tsx";

const [from, to] = ["2013-01-01", "2015-12-31"];
const plan = (milestones: { dueOn: string; doneOn: string | null }[], today: string) =>
  ({ from, to, today, total: milestones.length, burnUp: burnUp(milestones, from, to, today) }) as ActionPlanView;

describe("burn-up", () => {
  it("counts in whole milestones, and nothing leaves the picture", () => {
    const day = fc.nat(1094).map((n) => addDays(from, n));
    fc.assert(
      fc.property(
        fc.array(fc.record({ dueOn: day, doneOn: fc.option(day) }), { minLength: 1, maxLength: 30 }),
        day,
        fc.constantFrom("zh-CN" as const, "en" as const),
        (milestones, today, locale) => {
          const html = renderKit(<BurnUp plan={plan(milestones, today)} />, { locale });
          const drawings = drawingsOf(html);
          expect(drawings.length).toBeGreaterThan(1);
          for (const drawing of drawings) expect(faultsOf(drawing)).toEqual([]);
          expect(html).not.toMatch(/>\d+\.\d+<\/text>/);
        },
      ),
      { numRuns: 60 },
    );
  });
  it("draws nothing where there is no milestone", () => {
    expect(textOf(renderKit(<BurnUp plan={plan([], "2014-08-18")} />))).toContain("暂无数据");
  });
});
