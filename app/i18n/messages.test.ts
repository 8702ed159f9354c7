import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = new URL("./messages/", import.meta.url).pathname;
const locales = ["zh-CN", "en"] as const;
type File = Record<string, unknown>;

const names = (locale: string) =>
  fs
    .readdirSync(path.join(root, locale))
    .filter((name) => name.endsWith(".json"))
    .sort();
const load = (locale: string, name: string) =>
  JSON.parse(fs.readFileSync(path.join(root, locale, name), "utf8")) as File;

/** Every text of a message, with its variants. */
function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  if (value !== null && typeof value === "object") {
    return "match" in value ? texts(value.match) : Object.values(value).flatMap(texts);
  }
  return [];
}

/** The parameters a message takes: those declared, or those written in its text. */
function params(value: unknown): string[] {
  const declared = Array.isArray(value)
    ? value
        .flatMap((v: { declarations?: string[] }) => v.declarations ?? [])
        .flatMap((d) => /^input (\w+)/.exec(d)?.[1] ?? [])
    : [];
  const local = new Set(
    Array.isArray(value)
      ? value
          .flatMap((v: { declarations?: string[] }) => v.declarations ?? [])
          .flatMap((d) => /^local (\w+)/.exec(d)?.[1] ?? [])
      : [],
  );
  const used = texts(value).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? ""));
  return [...new Set([...declared, ...used.filter((name) => !local.has(name))])].sort();
}

describe("message files", () => {
  it("are the same in both languages", () => {
    expect(names("en")).toEqual(names("zh-CN"));
  });

  const owners = new Map<string, string>();
  for (const name of names("zh-CN")) {
    it(`${name}: same keys, same parameters, no empty text`, () => {
      const [zh, en] = locales.map((locale) => load(locale, name)) as [File, File];
      expect(Object.keys(en).sort(), "keys").toEqual(Object.keys(zh).sort());
      for (const key of Object.keys(zh)) {
        if (key.startsWith("$")) continue;
        expect(key, "keys are snake_case with the feature in front").toMatch(/^[a-z][a-z0-9]*(_[a-zA-Z0-9]+)+$/);
        expect(params(en[key]), `parameters of ${key}`).toEqual(params(zh[key]));
        for (const text of [...texts(zh[key]), ...texts(en[key])]) expect(text.trim(), key).not.toBe("");
        expect(owners.get(key) ?? name, `${key} stands in two files`).toBe(name);
        owners.set(key, name);
      }
    });
  }

  it("write Chinese with full-width punctuation", () => {
    const wrong = names("zh-CN").flatMap((name) =>
      Object.entries(load("zh-CN", name))
        .filter(([, v]) => texts(v).some((t) => /\p{Script=Han}[,;:?!]/u.test(t)))
        .map(([key]) => key),
    );
    expect(wrong).toEqual([]);
  });
});
