import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadAssets } from "./assets.server.ts";

const folder = mkdtempSync(join(tmpdir(), "anshi-assets-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "assets"));
mkdirSync(join(folder, ".vite"));
for (const [name, text] of [
  ["assets/a-1f.js", "1"],
  ["mark.svg", "<svg/>"],
  ["secret.env", "x"],
  ["assets/page.php", "x"],
  [".vite/manifest.json", "{}"],
] as const)
  writeFileSync(join(folder, name), text);
writeFileSync(join(folder, "..", "anshi-beside.js"), "x");
afterAll(() => rmSync(join(folder, "..", "anshi-beside.js")));
const assets = loadAssets(folder);
const ask = (path: string, method = "GET") => assets(new Request(`http://anshi.example${path}`, { method }));

it("gives files of known kinds alone, under their type; no folder, no path out of it, nothing of the builder's", () => {
  expect(ask("/assets/a-1f.js")?.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(ask("/mark.svg")?.headers.get("content-type")).toBe("image/svg+xml; charset=utf-8");
  for (const path of [
    "/",
    "/assets",
    "/assets/",
    "/secret.env",
    "/assets/page.php",
    "/.vite/manifest.json",
    "/../anshi-beside.js",
    "/%2e%2e/anshi-beside.js",
    "/assets/..%2fmark.svg",
    "/.git/HEAD",
  ])
    expect([path, ask(path)]).toEqual([path, null]);
  expect(ask("/assets/a-1f.js", "POST")).toBeNull();
});

it("only what is named by its content is kept by others", () => {
  expect(ask("/assets/a-1f.js")?.headers.get("cache-control")).toContain("immutable");
  expect(ask("/mark.svg")?.headers.get("cache-control")).not.toContain("immutable");
});
