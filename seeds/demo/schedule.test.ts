import { describe, expect, it } from "vitest";
import { on, runScript, ScriptClock, plus, type Script } from "./schedule.ts";

describe("the play's schedule", () => {
  const script = (days: string[], name: string, seen: string[]): Script =>
    (async function* () {
      for (const day of days) {
        yield on(day);
        seen.push(`${name} ${day}`);
      }
    })();

  it("runs scripts in the order of their days and stops in mid-flight", async () => {
    const seen: string[] = [];
    const clock = new ScriptClock(on("2014-01-01"));
    await runScript(
      [script(["2014-01-05", "2014-03-01", "2014-09-01"], "a", seen), script(["2014-02-01", "2014-08-01"], "b", seen)],
      clock,
      on("2014-08-18"),
    );
    expect(seen).toEqual(["a 2014-01-05", "b 2014-02-01", "a 2014-03-01", "b 2014-08-01"]);
    expect(clock.now <= on("2014-08-18")).toBe(true);
  });
  it("counts days over the end of a month", () => expect(plus("2014-02-27", 3)).toBe("2014-03-02"));
});
