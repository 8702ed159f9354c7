import fc from "fast-check";
import { expect, it } from "vitest";
import { dimensions } from "#app/domain/vocabulary.ts";
import { effectOf } from "#app/features/effect/effects.rules.ts";
import { conclusionOf } from "./review-texts.ts";

const words = { supervision: "监管", identity: "身份", network: "网络", privacy: "隐私" };

it("a demonstration's conclusion says of a dimension's risk what its figures say, and ranks none", () => {
  const level = fc.integer({ min: 0, max: 25_000 });
  const pairs = fc.array(fc.tuple(level, level), { maxLength: 8 });
  fc.assert(
    fc.property(
      fc.constantFrom(1 as const, 2 as const),
      fc.record({ supervision: pairs, identity: pairs, network: pairs, privacy: pairs }),
      (batchNo, of) => {
        const effects = Object.fromEntries(
          dimensions.map((d) => [
            d,
            effectOf(
              of[d].map(([beforeMilli, afterMilli], n) => ({
                pilotId: `${n}`,
                siteId: `${n}`,
                beforeMilli,
                afterMilli,
              })),
            ),
          ]),
        );
        const said = conclusionOf(batchNo, effects);
        const part = (word: string) => said.split(/[。；]/).find((s) => s.includes(word)) ?? "";
        for (const d of dimensions) {
          expect(part("风险下降").includes(words[d])).toBe(effects[d]?.verdict === "fell");
          expect(part("风险上升").includes(words[d])).toBe(effects[d]?.verdict === "rose");
        }
        expect(said).not.toMatch(/最大|均有|四个维度/);
      },
    ),
  );
});
