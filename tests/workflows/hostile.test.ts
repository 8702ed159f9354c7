import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, available, restore, roles, start, type EventRequest, type StoredInstance } from "#workflows/index.ts";
import { replay } from "./replay.ts";
import { actor, at, otherHash, roundTrip, scenarios, type Scenario } from "./scenarios.ts";

const junk = fc.oneof(
  fc.constant(null),
  fc.constant(undefined),
  fc.boolean(),
  fc.integer(),
  fc.constant(Number.NaN),
  fc.string(),
  fc.constant([]),
  fc.constant({}),
  fc.constant([{ part: "1" }]),
);

/** The good facts, all of them, or with some gone, turned bad, or replaced by something that is not a fact. */
function facts(good: Readonly<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const changed = fc.dictionary(fc.constantFrom(...Object.keys(good), "__proto__x"), junk, { maxKeys: 3 });
  const worse = fc.constantFrom(...Object.keys(good)).chain((key) => {
    const value = good[key];
    const bad =
      typeof value === "number"
        ? fc.integer({ min: -1, max: 9 })
        : typeof value === "boolean"
          ? fc.constant(false)
          : typeof value === "string"
            ? fc.constant(otherHash)
            : fc.constant(["x"]);
    return bad.map((one) => ({ [key]: one }));
  });
  return fc
    .oneof(
      { weight: 5, arbitrary: fc.constant({}) },
      { weight: 2, arbitrary: worse },
      { weight: 1, arbitrary: changed },
    )
    .map((change) => ({ ...good, ...change }));
}

function request(scenario: Scenario): fc.Arbitrary<EventRequest> {
  const forged = fc.constantFrom(
    "",
    "__proto__",
    "constructor",
    "toString",
    "xstate.init",
    "xstate.done.state.project",
    "*",
    "open_survey",
  );
  const honest = fc
    .constantFrom(...scenario.events)
    .chain((event) => facts(scenario.good).map((some) => ({ ...event, facts: { ...event.facts, ...some } })));
  const explicit = fc.constantFrom(...scenario.events);
  const wrong = fc.record({
    type: fc.oneof(fc.constantFrom(...Object.keys(scenario.def.events)), forged),
    actor: fc.oneof(fc.constantFrom(...roles).map(actor), junk),
    facts: fc.oneof(facts(scenario.good), junk),
    payload: fc.oneof(fc.dictionary(fc.constantFrom("reason", "parts", "result"), junk), junk),
    at: fc.oneof(fc.constant(at), junk),
  });
  return fc.oneof(
    { weight: 6, arbitrary: explicit },
    { weight: 3, arbitrary: honest },
    { weight: 3, arbitrary: wrong as unknown as fc.Arbitrary<EventRequest> },
  );
}

/** Sends all, keeps what was accepted; a refusal must leave a reason. */
function drive(
  scenario: Scenario,
  requests: readonly EventRequest[],
): { stored: StoredInstance; accepted: EventRequest[] } {
  let stored = start(scenario.def, scenario.input);
  const accepted: EventRequest[] = [];
  for (const one of requests) {
    const outcome = apply(scenario.def, roundTrip(stored), one);
    if (outcome.ok) {
      expect(outcome.from).toBe(stored.state);
      stored = outcome.stored;
      accepted.push(one);
    } else {
      expect(outcome.reasons.length).toBeGreaterThan(0);
    }
  }
  return { stored, accepted };
}

/** A run that gets somewhere: at each step one of the events that the machine would take. */
function journey(scenario: Scenario, choices: readonly number[]): EventRequest[] {
  let stored = start(scenario.def, scenario.input);
  const sent: EventRequest[] = [];
  for (const choice of choices) {
    const open = scenario.events.flatMap((event) => {
      const outcome = apply(scenario.def, stored, event);
      return outcome.ok ? [{ event, stored: outcome.stored }] : [];
    });
    const next = open[choice % Math.max(1, open.length)];
    if (!next) break;
    sent.push(next.event);
    stored = next.stored;
  }
  return sent;
}

describe.each(scenarios)("$name under random events", (scenario) => {
  const { def } = scenario;
  const choices = fc.array(fc.nat({ max: 60 }), { maxLength: 25 });

  it("never throws, and replaying what was accepted gives what is stored", () => {
    fc.assert(
      fc.property(choices, fc.array(request(scenario), { maxLength: 25 }), (way, more) => {
        const { stored, accepted } = drive(scenario, [...journey(scenario, way), ...more]);
        expect(replay(def, scenario.input, accepted)).toEqual(roundTrip(stored));
      }),
      { numRuns: 60 },
    );
  });

  it("offers exactly what it then accepts", () => {
    fc.assert(
      fc.property(choices, fc.constantFrom(...roles), facts(scenario.good), (way, role, some) => {
        const { stored } = drive(scenario, journey(scenario, way));
        const offered = available(def, stored, actor(role), some);
        for (const type of Object.keys(def.events)) {
          const offer = offered.find((one) => one.type === type);
          const payload = { reason: "理由", parts: [{ part: "1", reason: "有误" }], result: "normal" };
          const outcome = apply(def, stored, { type, actor: actor(role), facts: some, payload, at });
          expect(outcome.ok, `${type} from ${stored.state} by ${role}`).toBe(offer?.enabled ?? false);
          if (outcome.ok) expect(offer?.to).toBe(outcome.to);
          if (!outcome.ok && offer) expect(outcome.kind).toBe("guard");
          if (offer && offer.needs.length > 0) {
            expect(apply(def, stored, { type, actor: actor(role), facts: some, at }).ok).toBe(false);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("can() of the bare machine never throws, whatever the event carries", () => {
    fc.assert(
      fc.property(choices, request(scenario), (way, one) => {
        const snapshot = restore(def, drive(scenario, journey(scenario, way)).stored);
        expect(typeof snapshot.can({ ...one, type: one.type })).toBe("boolean");
        expect(snapshot.can({ type: one.type })).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
