import { describe, expect, it } from "vitest";
import { current, type MachineId, tellings } from "./index.ts";

describe("notices", () => {
  it.each(Object.keys(current) as MachineId[])(
    "of each event of a %s are told, or it is said that nobody is told",
    (machine) => {
      expect(Object.keys(tellings[machine]).sort()).toEqual(Object.keys(current[machine].events).sort());
    },
  );
});
