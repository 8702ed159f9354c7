import { describe, expect, it } from "vitest";
import { apply, current, diagram, type MachineId, restore, start, stepsOf } from "#workflows/index.ts";
import { replay } from "./replay.ts";
import { complete, paths, roundTrip, run, scenarios } from "./scenarios.ts";

describe.each(scenarios)("$name", (scenario) => {
  const { def } = scenario;

  // Versions before the present one have the same states and steps: their shortest ways are enough.
  const present = def.version === (current[def.id as MachineId] as { version: number }).version;
  it.each(present ? (["shortest", "simple"] as const) : (["shortest"] as const))(
    "walks all %s paths, each step through JSON",
    (kind) => {
      const walked = paths(scenario, kind);
      for (const path of walked) {
        const end = run(scenario, path.events);
        expect(end.state).toBe(path.to);
        expect(replay(def, scenario.input, path.events)).toEqual(end);
        expect(restore(def, roundTrip(end)).status).toMatch(/active|done/);
      }
      const reached = new Set(walked.map((path) => path.to));
      const expected = def.states.map((state) => state.path).filter((path) => !scenario.unreachable.includes(path));
      expect([...reached].sort()).toEqual([...expected].sort());
    },
  );

  it("lights exactly one state in every picture, and draws every leaf", () => {
    for (const path of paths(scenario, "shortest")) {
      const picture = diagram(def, run(scenario, path.events));
      expect(picture.nodes.filter((node) => node.status === "now").map((node) => node.id)).toEqual([path.to]);
      expect(picture.nodes.map((node) => node.id)).toEqual(def.states.map((state) => state.path));
    }
  });
});

describe("steps of the machines", () => {
  it.each(complete.map((one) => one.def.id))("%s: each step can be taken, and leads where the machine says", (id) => {
    const taken = new Set<string>();
    for (const scenario of scenarios.filter((one) => one.def.id === id)) {
      for (const path of paths(scenario, "shortest")) {
        const stored = run(scenario, path.events);
        for (const event of scenario.events) {
          const outcome = apply(scenario.def, roundTrip(stored), event);
          if (outcome.ok) taken.add(`${outcome.from} ${event.type} ${outcome.to}`);
        }
      }
    }
    const def = complete.find((one) => one.def.id === id)?.def;
    const drawn = def ? stepsOf(def).map((step) => `${step.from} ${step.event} ${step.to}`) : [];
    expect([...taken].sort()).toEqual([...drawn].sort());
  });

  it.each(complete)("$name: `from` of each rule is what the machine has", ({ def }) => {
    const steps = stepsOf(def);
    for (const [type, rule] of Object.entries(def.events)) {
      const from = [...new Set(steps.filter((step) => step.event === type).map((step) => step.from))];
      expect([...rule.from].sort(), type).toEqual(from.sort());
    }
    expect([...new Set(steps.map((step) => step.event))].sort()).toEqual(Object.keys(def.events).sort());
  });

  it.each(complete)("$name: no invoke, no delay, no eventless step; labels for all", ({ def }) => {
    const config = JSON.stringify(def.machine.config);
    for (const word of ["invoke", "after", "always"]) expect(config).not.toContain(`"${word}"`);
    expect(Object.keys(def.eventLabelKeys).sort()).toEqual(Object.keys(def.events).sort());
    expect(def.states.map((state) => state.order)).toEqual(def.states.map((_, index) => index));
  });

  it("starts nothing from a wrong input", () => {
    for (const { def } of complete) {
      for (const bad of [{}, { at: "2014-03-01" }, { at: "yesterday", kind: "riskReport", batch: 1 }]) {
        expect(() => start(def, bad)).toThrow(expect.objectContaining({ code: "workflow_input_invalid" }));
      }
    }
  });
});
