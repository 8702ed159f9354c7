import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, available, current, type MachineId, roles as allRoles } from "#workflows/index.ts";
import { documentKinds } from "#workflows/document/facts.ts";
import { isTwoLevel } from "#workflows/document/guards.ts";
import { authorities, maySend, sendersOf } from "#workflows/authority.ts";
import type { DocumentKind, Payload, Role, StoredInstance } from "#workflows/index.ts";
import { actor, at, complete, paths, run, type Scenario, scenarios } from "./scenarios.ts";

/*
 * The table of who may send what, against the machines: every state that a machine reaches, every role, every event.
 */

interface Reached {
  name: string;
  kind: DocumentKind | null;
  scenario: Scenario;
  stored: StoredInstance;
}
/** The scenarios with one for every kind of document: kinds of as many levels go the same way through other hands. */
const everyKind: readonly { kind: DocumentKind | null; scenario: Scenario }[] = [
  // The table is of the versions in which instances go on.
  ...scenarios
    .filter((s) => s.def.id !== "document" && s.def.version === current[s.def.id as MachineId].version)
    .map((scenario) => ({ kind: null, scenario })),
  ...documentKinds.map((kind) => {
    const like = scenarios.find((s) => s.name === `document ${isTwoLevel(kind) ? "pilotPlan" : "surveyResponse"}`);
    if (!like) throw new Error(`no scenario like ${kind}`);
    return { kind, scenario: { ...like, name: `document ${kind}`, input: { at, kind } } };
  }),
];
const reached: Reached[] = everyKind.flatMap(({ kind, scenario }) =>
  paths(scenario, "shortest").map((path) => ({
    name: scenario.name,
    kind,
    scenario,
    stored: run(scenario, path.events),
  })),
);
const known = (r: Reached, role: Role, type: string) =>
  maySend(role, r.scenario.def.id as "project", type, r.stored.state, r.kind);
const payload: Payload = { reason: "because", parts: [{ part: "1", reason: "because" }], result: "normal" };

describe("the table of authorities", () => {
  it("is reached in every kind of document and every machine", () => {
    expect(new Set(reached.map((r) => r.kind ?? r.scenario.def.id))).toEqual(
      new Set([...documentKinds, "project", "pilot", "specification"]),
    );
  });

  it("offers to a role what the machine offers, and a machine takes from nobody what the table does not name", () => {
    const people = allRoles.filter((role) => role !== "system");
    fc.assert(
      fc.property(fc.constantFrom(...reached), fc.constantFrom(...people), (r, role) => {
        const offered = available(r.scenario.def, r.stored, actor(role), r.scenario.good)
          .filter((e) => e.enabled)
          .map((e) => e.type);
        for (const type of offered)
          expect(known(r, role, type), `${r.name} ${r.stored.state} ${role} ${type}`).toBe(true);
        for (const type of Object.keys(r.scenario.def.events)) {
          const outcome = apply(r.scenario.def, r.stored, {
            type,
            actor: actor(role),
            facts: r.scenario.good,
            payload,
            at,
          });
          if (outcome.ok) expect(known(r, role, type), `${r.name} ${r.stored.state} ${role} ${type}`).toBe(true);
          else if (known(r, role, type))
            expect(["guard"], `${r.name} ${r.stored.state} ${role} ${type}: ${outcome.kind}`).toContain(outcome.kind);
          else
            expect(
              ["role_not_allowed", "not_in_this_state", "guard"],
              `${r.name} ${r.stored.state} ${role} ${type}`,
            ).toContain(outcome.kind);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("names nobody who is never let through: for each line there is a case in which the machine takes it", () => {
    const taken = new Set<string>();
    for (const { kind, scenario, stored } of reached)
      for (const event of scenario.events)
        for (const role of scenario.def.events[event.type]?.roles ?? [])
          if (apply(scenario.def, stored, { ...event, actor: actor(role) }).ok)
            taken.add(`${kind ?? scenario.def.id} ${event.type} ${stored.state} ${role}`);
    const claimed = authorities.flatMap((a) =>
      a.states.flatMap((state) => a.roles.map((role) => `${a.kind ?? a.machine} ${a.event} ${state} ${role}`)),
    );
    expect(claimed.filter((one) => !taken.has(one))).toEqual([]);
  });

  it("covers every event of every machine, each leaf named by its machine", () => {
    for (const { def } of complete) {
      const mine = authorities.filter((a) => a.machine === def.id);
      expect(new Set(mine.map((a) => a.event))).toEqual(new Set(Object.keys(def.events)));
      const leaves = new Set(def.states.map((s) => s.path));
      expect(mine.flatMap((a) => a.states).filter((state) => !leaves.has(state))).toEqual([]);
    }
    expect(sendersOf("document", "surveyResponse")).not.toContain("national_director");
    expect(sendersOf("pilot")).not.toContain("site_officer");
  });
});
