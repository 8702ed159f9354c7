import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readme } from "./readme.ts";
import { requirements } from "./requirements.ts";
import { table } from "./table.ts";
import { isTest, type Proof } from "./types.ts";

const root = new URL("../../", import.meta.url);
const texts = new Map<string, string | null>();
/** A file of the repository, or null where there is none. */
function textOf(file: string): string | null {
  if (!texts.has(file))
    texts.set(file, existsSync(new URL(file, root)) ? readFileSync(new URL(file, root), "utf8") : null);
  return texts.get(file) ?? null;
}
const flat = (text: string): string => text.replaceAll(/\s+/g, " ");
const pattern = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** A test of that name that runs: `it("name", …)`, `test(…)`, or a table of cases. */
const declares = (text: string, name: string): boolean => {
  const written = JSON.stringify(name).slice(1, -1);
  return (
    [name, written].some((one) =>
      new RegExp(`(?:\\b(?:it|test)(?:\\.concurrent)?|\\))\\(\\s*(["'\`])${pattern(one)}\\1,`).test(text),
    ) && ![name, written].some((one) => new RegExp(`\\.(?:skip|todo)\\(\\s*["'\`]${pattern(one)}`).test(text))
  );
};
/** What is wrong with a proof, or null. */
function fault(proof: Proof): string | null {
  const text = textOf(proof.file);
  if (text === null) return `${proof.file} is not there`;
  if (isTest(proof)) {
    if (!/\.test\.tsx?$/.test(proof.file)) return `${proof.file} is no file of tests`;
    return declares(text, proof.name) ? null : `${proof.file} has no test «${proof.name}»`;
  }
  return flat(text).includes(flat(proof.what)) ? null : `${proof.file} does not have «${proof.what}»`;
}

describe("the requirements", () => {
  it("are those of 5.0.0 in number: 345, of which 70 of level 1 and 183 of level 2, each once", () => {
    expect(
      [0, 1, 2, 3].map((level) => requirements.filter((one) => level === 0 || one.level === level).length),
    ).toEqual([345, 70, 183, 92]);
    expect(new Set(requirements.map((one) => one.id)).size).toBe(345);
  });
  it("of levels 1 and 2 are in the table, each once, in order, at its level", () => {
    const asked = requirements.filter((one) => one.level < 3).map(({ id, level }) => `${id} level ${level}`);
    expect(table.map(({ id, level }) => `${id} level ${level}`)).toEqual(asked);
  });
});

describe("a verdict", () => {
  it("has a short title of ours, and says why where it is not plainly met", () => {
    const wrong = table.filter(
      ({ title, verdict, note }) =>
        title.trim().split(/\s+/).length > 12 || (verdict !== "met" && note.trim().length < 10),
    );
    expect(wrong.map((one) => one.id)).toEqual([]);
  });
  it("is met with a proof alone, and partly with what there is", () => {
    const bare = table.filter(({ verdict, by }) => (verdict === "met" || verdict === "partly") && by.length === 0);
    expect(bare.map((one) => one.id)).toEqual([]);
    expect(
      table.filter(({ verdict, by }) => verdict === "not applicable" && by.length > 0).map((one) => one.id),
    ).toEqual([]);
  });
  it("names tests and settings that are there", () => {
    const faults = table.flatMap(({ id, by }) =>
      by
        .map(fault)
        .filter((one) => one !== null)
        .map((one) => `${id}: ${one}`),
    );
    expect(faults).toEqual([]);
  });
});

describe("the check of proofs", () => {
  it.each<[string, Proof]>([
    ["a file that is gone", { file: "app/nowhere.test.ts", name: "x" }],
    ["a test that is gone or renamed", { file: "app/platform/log.server.test.ts", name: "whatever is written" }],
    [
      "words that stand in a file but name no test",
      { file: "app/platform/log.server.test.ts", name: 'two\nlines "quoted"' },
    ],
    ["a setting that is gone", { file: "deploy/Dockerfile", what: "USER root" }],
  ])("notices %s", (_what, proof) => expect(fault(proof)).not.toBeNull());
});

it("tests/asvs/README.md is what the table says (npx tsx tests/asvs/write-readme.ts)", () => {
  expect(readFileSync(new URL("README.md", import.meta.url), "utf8")).toBe(readme());
});
