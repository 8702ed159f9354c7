import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { reason, reasonFor } from "./reasons.ts";

const features = new URL("../features/", import.meta.url).pathname;
const messages = (locale: string) =>
  JSON.parse(fs.readFileSync(new URL(`../i18n/messages/${locale}/rules.json`, import.meta.url), "utf8")) as Record<
    string,
    string
  >;
const sources = fs
  .readdirSync(features, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".rules.ts"))
  .map((name) => fs.readFileSync(path.join(features, name), "utf8"))
  .join("\n");
/** Keys written out in the rules; those put together from a word list end with `_` and are not taken here. */
const used = [...new Set([...sources.matchAll(/"(rule_(?!word_)[a-z_]*[a-z])"/g)].map((m) => m[1] ?? ""))];

test("every reason that a rule gives has its message, and no message is left without a rule", () => {
  const known = Object.keys(messages("zh-CN"));
  expect(used.length).toBeGreaterThan(80);
  expect(used.filter((key) => !known.includes(key))).toEqual([]);
  const built = new Set(["rule_risk_step_measure_threat", "rule_risk_step_measure_vulnerability"]);
  expect(known.filter((key) => !key.startsWith("rule_word_") && !used.includes(key) && !built.has(key))).toEqual([]);
});
test("a reason for many rows counts them, and none is given for no rows", () => {
  expect(reasonFor("blocking", "rule_x", "risk", [])).toEqual([]);
  expect(reasonFor("blocking", "rule_x", "risk", ["a", "b"])).toEqual([
    reason("blocking", "rule_x", { count: 2 }, [
      { kind: "risk", id: "a" },
      { kind: "risk", id: "b" },
    ]),
  ]);
});
