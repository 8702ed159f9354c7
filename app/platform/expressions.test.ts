import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkSync } from "recheck";
import { describe, expect, it } from "vitest";
import { expressionsIn } from "#tests/house/expressions.ts";

const root = new URL("../..", import.meta.url).pathname;

/** What the checker can prove to cost more than the text is long; where it finds neither within its time, it says so of nothing. */
function slow(found: ReturnType<typeof expressionsIn>): string[] {
  return found.flatMap(({ file, line, source, flags }) => {
    const told = checkSync(source, flags, { timeout: 5000 });
    return told.status === "vulnerable" ? [`${file}:${line} ${told.complexity.summary}: /${source}/${flags}`] : [];
  });
}

describe("regular expressions, which read what others have sent", () => {
  it("there is none in the house whose time grows faster than the text", { timeout: 180_000 }, () => {
    const files = ["app", "db", "workflows", "seeds"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    );
    const own = files.filter(
      (name) => /\.(?:tsx?|mjs|cjs)$/.test(name) && !/\.test\.tsx?$|paraglide|node_modules/.test(name),
    );
    const all = own.flatMap((name) => expressionsIn(name, readFileSync(join(root, name), "utf8")));
    expect(all.length).toBeGreaterThan(150);
    const each = new Map(all.map((one) => [`/${one.source}/${one.flags}`, one]));
    expect(slow([...each.values()])).toEqual([]);
  });

  it.each([
    ["a run that may end elsewhere", "const a = text.replace(/x+$/, '');"],
    ["a repetition of what repeats", "const a = /^(?:a|a)*b/.test(text);"],
    ["two runs of the same", "const a = new RegExp('^\\\\s*x?\\\\s*y').test(text);"],
  ])("finds %s", (_what, text) => expect(slow(expressionsIn("planted.ts", text))).toHaveLength(1));
  it("lets be what reads each character once", () =>
    expect(slow(expressionsIn("planted.ts", "const a = /^[a-z]+(?:-[a-z]+)*$/.test(text);"))).toEqual([]));
});
