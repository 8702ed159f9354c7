import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { machineKey, stateKey } from "#workflows/labels.ts";
import { machines } from "#workflows/index.ts";

const root = new URL("../../", import.meta.url);
type Texts = Record<string, string>;
const load = (locale: string): Texts =>
  JSON.parse(readFileSync(new URL(`app/i18n/messages/${locale}/workflow.json`, root), "utf8")) as Texts;
const texts = { "zh-CN": load("zh-CN"), en: load("en") };

/** Every reason code written in the source: a code that no test happens to provoke needs its text as well. */
function codesInSource(folder = new URL("workflows/", root)): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return codesInSource(new URL(`${entry.name}/`, folder));
    if (!entry.name.endsWith(".ts") || entry.name.endsWith(".test.ts")) return [];
    return [...readFileSync(new URL(entry.name, folder), "utf8").matchAll(/"(reason_[a-z0-9_]+)"/g)].map(
      (match) => match[1] ?? "",
    );
  });
}

function expectedKeys(): string[] {
  const keys = new Set<string>(codesInSource());
  for (const def of Object.values(machines)) {
    keys.add(machineKey(def.id));
    for (const state of def.states) {
      keys.add(state.labelKey);
      if (state.group !== null) keys.add(stateKey(def.id, state.group));
    }
    for (const key of Object.values(def.eventLabelKeys)) keys.add(key);
    for (const rule of Object.values(def.events)) for (const need of rule.needs ?? []) keys.add(`wf_need_${need}`);
  }
  return [...keys].sort();
}

describe("words of the workflows", () => {
  it.each(["zh-CN", "en"] as const)(
    "%s has a text for each state, event, need and reason, and none besides",
    (locale) => {
      expect(Object.keys(texts[locale]).sort()).toEqual(expectedKeys());
    },
  );

  it("reasons say what is missing and then what helps: two clauses at least", () => {
    for (const [key, text] of Object.entries(texts["zh-CN"])) {
      if (key.startsWith("reason_")) expect(text, key).toMatch(/[，；]/);
    }
    for (const [key, text] of Object.entries(texts.en)) {
      if (key.startsWith("reason_")) expect(text, key).toMatch(/\.$/);
    }
  });
});
