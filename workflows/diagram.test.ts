import { describe, expect, it } from "vitest";
import { golden } from "#tests/workflows/refusal.ts";
import { complete, projectGood, send } from "#tests/workflows/scenarios.ts";
import { apply, diagram, type Box, type Diagram } from "#workflows/index.ts";
import { documentV1 } from "#workflows/document/v1.ts";
import { pilotV1 } from "#workflows/pilot/v1.ts";
import { projectV1 } from "#workflows/project/v1.ts";
import { specificationV1 } from "#workflows/specification/v1.ts";

const status = (picture: Diagram): Record<string, string> =>
  Object.fromEntries(picture.nodes.map((node) => [node.id, node.status]));
const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe("diagram", () => {
  it.each(complete)("$name: boxes stay apart and inside, lines begin and end at their boxes", ({ def }) => {
    for (const { path } of def.states) {
      const picture = diagram(def, golden(def.id, path, def.version));
      picture.nodes.forEach((node, index) => {
        expect(
          node.x >= 0 && node.y >= 0 && node.x + node.w <= picture.width && node.y + node.h <= picture.height,
          node.id,
        ).toBe(true);
        for (const other of picture.nodes.slice(index + 1))
          expect(overlap(node, other), `${node.id} ${other.id}`).toBe(false);
      });
      for (const group of picture.groups) {
        expect(group.x + group.w <= picture.width && group.y + group.h <= picture.height, group.id).toBe(true);
        for (const node of picture.nodes)
          expect(overlap(group, node), `${group.id} ${node.id}`).toBe(node.group === group.id);
      }
      for (const edge of picture.edges) expect(edge.points.length > 0, edge.event).toBe(edge.kind !== "self");
    }
  });

  it("shows what is behind, what is skipped and what lies ahead", () => {
    const empty = { ...projectGood, selectedPilots: 0 };
    const skipped = apply(
      projectV1,
      golden("project", "batchOne.selecting"),
      send("SKIP_BATCH_ONE", "regulator_lead", empty, { reason: "未列入" }),
    );
    if (!skipped.ok) throw new Error("not skipped");
    const picture = diagram(projectV1, skipped.stored);
    expect(status(picture)).toMatchObject({
      "pilotPlan.nationalReview": "done",
      "batchOne.running": "off",
      "batchTwo.learning": "now",
      "batchTwo.selecting": "ahead",
      completed: "ahead",
      terminated: "off",
    });
    expect(picture.groups.map((group) => [group.id, group.status])).toEqual([
      ["survey", "done"],
      ["riskReport", "done"],
      ["pilotPlan", "done"],
      ["batchOne", "off"],
      ["batchTwo", "now"],
      ["specification", "ahead"],
    ]);
  });

  it("keeps what was done in sight when an instance is interrupted, returned or has failed", () => {
    const halted = apply(
      projectV1,
      golden("project", "batchOne.running"),
      send("SUSPEND", "national_director", {}, { reason: "x" }),
    );
    if (!halted.ok) throw new Error("not suspended");
    expect(status(diagram(projectV1, halted.stored))).toMatchObject({
      "batchOne.selecting": "done",
      "batchOne.running": "ahead",
      suspended: "now",
    });
    expect(status(diagram(documentV1, golden("document", "returned")))).toMatchObject({
      draft: "done",
      "submitted.sector": "ahead",
      returned: "now",
    });
    expect(status(diagram(documentV1, golden("document", "superseded")))).toMatchObject({
      approved: "done",
      superseded: "now",
    });
    expect(status(diagram(specificationV1, golden("specification", "withdrawn")))).toMatchObject({
      published: "done",
      superseded: "off",
    });
    const failed = apply(pilotV1, golden("pilot", "operation"), send("FAIL", "regulator_lead", {}, { reason: "x" }));
    if (!failed.ok) throw new Error("not failed");
    expect(status(diagram(pilotV1, failed.stored))).toMatchObject({
      acceptance: "done",
      operation: "off",
      failed: "now",
      accepted: "off",
    });
  });
});
