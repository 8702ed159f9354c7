import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { totpCode } from "#tests/builders/authenticator.ts";
import { acceptedStep, newTotpSecret, stepOf, totpAddress } from "./totp.rules.ts";

const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const at = 1_700_000_010_000;
const ask = (code: string, lastStep = 0, when = at) => acceptedStep({ secret, code, at: when, lastStep });

describe("codes of an authenticator", () => {
  it("are those of RFC 6238, appendix B (the last six of its eight digits)", () => {
    for (const [seconds, code] of [
      [59, "287082"],
      [1_111_111_109, "081804"],
      [1_234_567_890, "005924"],
      [20_000_000_000, "353130"],
    ] as const)
      expect([
        totpCode(secret, seconds * 1000),
        acceptedStep({ secret, code, at: seconds * 1000, lastStep: 0 }),
      ]).toEqual([code, stepOf(seconds * 1000)]);
  });
  it("hold for one step each way and no further", () => {
    for (const steps of [-1, 0, 1]) expect(ask(totpCode(secret, at + steps * 30_000))).toBe(stepOf(at) + steps);
    for (const steps of [-3, -2, 2, 3]) expect(ask(totpCode(secret, at + steps * 30_000))).toBeNull();
  });
  it("are worth nothing once used, nor is any that came before", () => {
    const step = stepOf(at);
    expect(ask(totpCode(secret, at), step)).toBeNull();
    expect(ask(totpCode(secret, at - 30_000), step)).toBeNull();
    expect(ask(totpCode(secret, at + 30_000), step)).toBe(step + 1);
  });
  it("whatever else is typed is none", () => {
    const digitless = fc.string({ maxLength: 40 }).filter((text) => !/\d/.test(text));
    fc.assert(fc.property(digitless, (text) => ask(text) === null));
    for (const text of ["", "12345", "1234567", "abcdef", "１２３４５６", "-1-1-1", "NaN"])
      expect(ask(text)).toBeNull();
  });
  it("may be typed as authenticators show them", () => {
    const code = totpCode(secret, at);
    expect(ask(`${code.slice(0, 3)} ${code.slice(3)}`)).toBe(stepOf(at));
  });
  it("the address names issuer and person, the secret has 160 bits", () => {
    expect(totpAddress(secret, "a@b.example")).toMatch(
      /^otpauth:\/\/totp\/Anshi:a%40b\.example\?issuer=Anshi&secret=GEZ/,
    );
    expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(newTotpSecret());
  });
});
