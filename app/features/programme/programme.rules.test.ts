import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays } from "#app/platform/days.ts";
import { milestoneFaults, windowStanding } from "./programme.rules.ts";

const of = { target: 30, from: "2013-01-01", to: "2015-12-31", today: "2015-12-01" };
const reached = { value: 30, doneOn: "2015-11-30", proof: "专项办〔2015〕33 号" };

describe("a milestone that is recorded as reached", () => {
  it("has its count, a day of the programme that is past, and a proof", () => {
    expect(milestoneFaults(reached, of)).toEqual({});
    expect(milestoneFaults({ ...reached, value: 0 }, of)).toEqual({ value: ["error_milestone_count|target=30"] });
    expect(milestoneFaults({ ...reached, value: null }, of)).toEqual({ value: ["error_milestone_count|target=30"] });
    expect(milestoneFaults({ ...reached, value: null }, { ...of, target: null })).toEqual({});
    expect(milestoneFaults({ ...reached, doneOn: "2015-12-02" }, of)).toEqual({ doneOn: ["error_field_day_ahead"] });
    expect(milestoneFaults({ ...reached, doneOn: "2010-01-01" }, of)).toEqual({
      doneOn: ["error_milestone_day|from=2013-01-01|to=2015-12-31"],
    });
    expect(milestoneFaults({ ...reached, proof: "" }, of)).toEqual({ proof: ["error_milestone_proof"] });
  });
  it("is told of everything that is wrong at once; one that is under way may say what it likes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -2000, max: 4000 }),
        fc.option(fc.nat(60)),
        fc.constantFrom("", "证明"),
        (offset, value, proof) => {
          const doneOn = addDays(of.from, offset);
          const faults = milestoneFaults({ value, doneOn, proof }, of);
          expect("value" in faults).toBe((value ?? 0) < 30);
          expect("doneOn" in faults).toBe(doneOn < of.from || doneOn > of.today);
          expect("proof" in faults).toBe(proof === "");
          expect(milestoneFaults({ value, doneOn: null, proof }, of)).toEqual({});
        },
      ),
    );
  });
});

describe("a window", () => {
  it("is open if and only if it was opened and its days hold today; opened early it opens on its first day", () => {
    const day = fc.nat(60).map((n) => addDays("2014-10-01", n));
    fc.assert(
      fc.property(fc.constantFrom("planned", "open", "closed"), day, day, day, (status, from, to, today) => {
        const [opensOn, closesOn] = from <= to ? [from, to] : [to, from];
        const said = windowStanding({ status, opensOn, closesOn }, today);
        expect(said === "open").toBe(status === "open" && opensOn <= today && today <= closesOn);
        if (status !== "open") expect(said).toBe(status);
        else if (today < opensOn) expect(said).toBe("ahead");
      }),
    );
  });
});
