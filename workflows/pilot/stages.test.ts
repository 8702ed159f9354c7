import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentLeaves } from "../document/labels.ts";
import { pilotLeaves, pilotStages, stageIs, stagesWhere } from "./stages.ts";

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

/** Files of the application in which names out of `all` stand in a row, at least one of them in `own`: no schema, no rule. */
function handLists(all: readonly string[], own: readonly string[]): { files: number; found: string[] } {
  const app = join(import.meta.dirname, "../../app");
  const one = (names: readonly string[]) => names.map((name) => name.replaceAll(".", "\\.")).join("|");
  const listed = new RegExp(`(['"])(?:${one(all)})\\1,\\s*(['"])(?:${one(all)})\\2`, "u");
  const telling = new RegExp(`(['"])(?:${one(own)})\\1`, "u");
  const files = (readdirSync(app, { recursive: true }) as string[]).filter(
    (file) => /\.tsx?$/u.test(file) && !/\.test\.tsx?$|paraglide/u.test(file),
  );
  const found = files.filter((file) =>
    readFileSync(join(app, file), "utf8")
      .split(/[;{}]/u)
      .some((part) => listed.test(part) && telling.test(part) && !/z\.enum/u.test(part)),
  );
  return { files: files.length, found };
}

test("lists of stages and states stand beside the machines: no query, page or rule writes one by hand", () => {
  // The other names are words of the lifecycle of a measure as well.
  const ofPilots = "selected summary accepted suspended rejected failed publicNotice scoring screening nominated".split(
    " ",
  );
  const stages = handLists(pilotLeaves, ofPilots);
  expect(stages.files).toBeGreaterThan(300);
  expect(stages.found).toEqual([]);
  // A filter of a list may be called as a state is; nobody calls one a draft.
  const documents = handLists(
    documentLeaves,
    documentLeaves.filter((s) => s !== "approved" && s !== "returned"),
  );
  expect(documents.found).toEqual([]);
});
