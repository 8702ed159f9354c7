import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readinessChecks } from "#app/platform/lifecycle.server.ts";
import { missingPlaces, namedWithFile, placesOf } from "./readmes.ts";

const root = new URL("../..", import.meta.url).pathname;
const read = (file: string) => readFileSync(join(root, file), "utf8");
const places = placesOf(root);
const readmes = places.filter((name) => name.endsWith(".md") && name !== "tests/asvs/README.md");

describe("READMEs, which a newcomer believes", () => {
  it.each(readmes)("%s names no file that is gone", (readme) =>
    expect(missingPlaces(root, readme, places)).toEqual([]),
  );

  it("the first one is read in one go: 150 lines at most, with a picture under 200 kB", () => {
    const text = read("README.md");
    expect(text.split("\n").length).toBeLessThanOrEqual(151);
    const [, picture = ""] = /!\[[^\]]+\]\(([^)]+)\)/.exec(text) ?? [];
    expect(readFileSync(join(root, picture)).length).toBeLessThan(200_000);
  });

  it("names every check of /readyz, as whoever is called at night looks it up", () => {
    const [line = ""] = /^- `\/readyz` names .*$/m.exec(read("app/README.md")) ?? [];
    const names = line.replaceAll(/\([^)]*\)/g, "").matchAll(/`([a-z-]+)`/g);
    expect([...names].map(([, name]) => name)).toEqual(readinessChecks);
  });

  it("every room has one", () => {
    const rooms = places.filter((name) => /^app\/features\/[^/]+$/.test(name));
    expect(rooms.length).toBeGreaterThan(15);
    expect(rooms.filter((room) => !places.includes(`${room}/README.md`))).toEqual([]);
  });

  it("every decision is a line of the list, in order, with its reason in the room that the line names", () => {
    const rows = [
      ...read("app/README.md").matchAll(/^\| (\d+) \| \d{4}-\d\d-\d\d \| .+ \| \[[\w-]+\]\(([^)#]+)#why\) \|$/gm),
    ];
    expect(rows.map(([, number]) => Number(number))).toEqual(rows.map((_, i) => i + 1));
    const reasonsIn = (readme: string) => [
      ...(read(readme).split(/^## Why$/m)[1] ?? "").matchAll(/^- \*\*(\d+)\*\* /gm),
    ];
    const rooms = new Set(rows.map(([, , to = ""]) => join("app", to)));
    const told = [...rooms].flatMap((room) => reasonsIn(room).map(([, number]) => `${number} ${dirname(room)}`));
    expect(told.sort()).toEqual(rows.map(([, number, to = ""]) => `${number} ${dirname(join("app", to))}`).sort());
  });

  it("the ways from door to row name functions that stand in the files they name", () => {
    const [, walk = ""] = /^## From door to row$([^]*?)^## /m.exec(read("app/request/README.md")) ?? [];
    const steps = namedWithFile(walk);
    expect(steps.length).toBeGreaterThan(20);
    const fileOf = (file: string) =>
      places.find((place) => place === file || place === `app/request/${file}`) ??
      places.find((place) => place.endsWith(`/${file}`)) ??
      "";
    const gone = steps.filter(({ name, file }) => !new RegExp(`\\b${name}\\b`).test(read(fileOf(file))));
    expect(gone).toEqual([]);
  });
});
