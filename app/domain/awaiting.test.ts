import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
/** Rows of «What waits»: a name, and the file in which it stands. */
const rows = [...read("app/domain/README.md").matchAll(/^\| `(\w+)` \| `([^`]+)` \| .+ \|$/gm)].map(
  ([, name = "", file = ""]) => ({ name, file }),
);

test("what is said to wait is there", () => {
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter(({ name, file }) => !new RegExp(`\\b${name}\\b`).test(read(file)))).toEqual([]);
});

test("what is marked as waiting is on the list", () => {
  const sources = ["app", "db", "workflows", "seeds"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !name.includes("paraglide"))
      .map((name) => path.posix.join(folder, name)),
  );
  const marked = sources.flatMap((file) =>
    [...read(file).matchAll(/@awaits[^]*?export (?:const|function|type|interface) (\w+)/g)].map(([, name = ""]) => ({
      name,
      file,
    })),
  );
  expect(marked.length).toBeGreaterThan(0);
  for (const one of marked) expect(rows).toContainEqual(one);
});
