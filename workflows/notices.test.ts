import { describe, expect, it } from "vitest";
import { current, type MachineId, tellings, untold } from "./index.ts";

describe("notices", () => {
  it.each(Object.keys(current) as MachineId[])(
    "each event of a %s is told of, or said to be told to nobody",
    (machine) => {
      const told = Object.keys(tellings[machine]);
      const known = Object.keys(current[machine].events);
      expect([...told, ...untold[machine]].sort()).toEqual([...known].sort());
    },
  );
});
