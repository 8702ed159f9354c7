import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contextOf, restore, WorkflowRestoreError, type StoredInstance } from "#workflows/index.ts";
import { complete } from "./scenarios.ts";
import { goldensOf } from "./write-goldens.ts";

function goldens(id: string, version: number): Record<string, StoredInstance> {
  const file = new URL(`../../workflows/${id}/fixtures/v${version}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, StoredInstance>;
}

describe.each(complete)("golden snapshots of $name", (scenario) => {
  const { def } = scenario;
  const kept = goldens(def.id, def.version);

  it("has one for each leaf, and each restores to it", () => {
    expect(Object.keys(kept)).toEqual(def.states.map((state) => state.path));
    for (const [path, stored] of Object.entries(kept)) {
      expect(restore(def, stored).status, path).toBe(stored.state === path && isEnd(path) ? "done" : "active");
    }
  });

  it("is what the machine makes today: a change of a version in use shows here and asks for the next", () => {
    expect(goldensOf(scenario)).toEqual(kept);
  });

  it("refuses another machine, version, state or a broken snapshot", () => {
    const [path, stored] = Object.entries(kept)[0] ?? [];
    if (!path || !stored) throw new Error("no golden snapshot");
    const snapshot = stored.snapshot as { context: object };
    const broken: [string, StoredInstance][] = [
      ["machine", { ...stored, machine: "other" }],
      ["version", { ...stored, version: def.version + 1 }],
      ["state", { ...stored, state: "elsewhere" }],
      ["snapshot", { ...stored, snapshot: null }],
      ["snapshot", { ...stored, snapshot: { ...snapshot, value: "gone" } as unknown as StoredInstance["snapshot"] }],
      ["snapshot", { ...stored, snapshot: { ...snapshot, status: "error" } as unknown as StoredInstance["snapshot"] }],
    ];
    for (const [problem, bad] of broken) {
      expect(() => contextOf(def, bad), problem).toThrow(WorkflowRestoreError);
      expect(() => contextOf(def, bad), problem).toThrow(expect.objectContaining({ problem }));
    }
  });
});

function isEnd(path: string): boolean {
  return ["completed", "terminated", "accepted", "rejected", "withdrawn", "failed", "superseded"].includes(path);
}
