import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pilotLeaves } from "./labels.ts";
import { pilotStages, stageIs, stagesWhere } from "./stages.ts";

test("a pilot that failed keeps its place, and so does one that is interrupted; one turned down never had one", () => {
  expect(stagesWhere("takesPlace")).toEqual([
    "selected",
    "design",
    "construction",
    "acceptance",
    "operation",
    "summary",
    "accepted",
    "suspended",
    "failed",
  ]);
  expect(stageIs("rejected", "takesPlace")).toBe(false);
  expect(stageIs("no such stage", "takesPlace")).toBe(false);
  expect(Object.keys(pilotStages)).toEqual([...pilotLeaves]);
});

test("lists of stages stand beside the machine: no query, page or rule writes one by hand", () => {
  const app = join(import.meta.dirname, "../../app");
  const stage = pilotLeaves.join("|");
  // Two names in a row that are no words of the lifecycle of a measure as well.
  const listed = new RegExp(`(['"])(?:${stage})\\1,\\s*(['"])(?:${stage})\\2`, "u");
  const own =
    /(['"])(?:selected|summary|accepted|suspended|rejected|failed|publicNotice|scoring|screening|nominated)\1/u;
  const files = (readdirSync(app, { recursive: true }) as string[]).filter(
    (file) => /\.tsx?$/u.test(file) && !/\.test\.tsx?$|paraglide/u.test(file),
  );
  const found = files.filter((file) =>
    readFileSync(join(app, file), "utf8")
      .split(/[;{}]/u)
      .some((part) => listed.test(part) && own.test(part) && !/z\.enum/u.test(part)),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(found).toEqual([]);
});
