import { createActor } from "xstate";
import { describe, expect, it } from "vitest";
import { machines } from "#workflows/index.ts";

describe("each step of a machine", () => {
  // XState's pure functions build an actor without input, once a step, for its scope alone; an error in there is swallowed.
  it.each(Object.entries(machines))("builds the actor it throws away without an error: %s", (_name, { machine }) => {
    const { status, error } = createActor(machine).getSnapshot();
    expect({ status, error }).toEqual({ status: "active", error: undefined });
  });
});
