import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { organisationCheck, readOrganisationCode, sharedPart, unifiedCheck } from "./organisation-code.ts";

const letter = (of: string, n: number) => fc.string({ unit: fc.constantFrom(...of), minLength: n, maxLength: n });
const unified = fc
  .tuple(
    letter("159AN", 1),
    letter("0123456789", 1),
    letter("123456789", 1),
    letter("0123456789", 5),
    letter("0123456789ABCDEFGHJKLMNPQRTUWXY", 8).filter((body) => !/^0+$/.test(body)),
  )
  .map(([office, kind, province, division, body]) => {
    const first17 = `${office}${kind}${province}${division}${body}${organisationCheck(body) ?? ""}`;
    return first17 + (unifiedCheck(first17) ?? "");
  });

describe("codes of organisations", () => {
  it("are those of the standards' own examples", () => {
    // GB 32100-2015, 4.2; GB 11714-1997, 4.1.
    expect(readOrganisationCode("91350100M000100Y43")).toEqual({
      ok: true,
      kind: "unified",
      code: "91350100M000100Y43",
    });
    expect(readOrganisationCode("D2143569-X")).toEqual({ ok: true, kind: "organisation", code: "D2143569X" });
  });
  it.each([
    ["91350100m000100y43", "91350100M000100Y43"],
    ["９１３５０１００Ｍ０００１００Ｙ４３", "91350100M000100Y43"],
    ["9135 0100 M000 100Y43", "91350100M000100Y43"],
    ["d2143569—x", "D2143569X"],
  ])("%s is read as %s", (written, code) => expect(readOrganisationCode(written)).toMatchObject({ ok: true, code }));
  it.each([
    ["91350100M000100Y44", 18, "3"],
    ["91350100M000100Y53", 17, "4"],
    ["D21435691", 9, "X"],
    ["91110000MA00000X1A", 17, "7"],
  ])("%s is wrong at place %i, where %s stands", (code, place, right) =>
    expect(readOrganisationCode(code)).toEqual({ ok: false, place, right }),
  );
  // Noughts meet every check character and are nobody's.
  it.each(["000000000", "000000000000000000", "91350100000000000X", "91000000M000100Y43"])("%s is no code", (code) =>
    expect(readOrganisationCode(code)).toEqual({ ok: false, place: 0, right: "" }),
  );
  it.each(["", "91350100M000100Y4", "9135010OM000100Y43", "91350100I000100Y43", "AA350100M000100Y43", "D214356"])(
    "%j is no code",
    (text) => expect(readOrganisationCode(text)).toMatchObject({ ok: false, place: text.startsWith("AA") ? 18 : 0 }),
  );
  it("of one organisation share nine characters, and one changed character is always found", () => {
    fc.assert(
      fc.property(unified, fc.nat(17), fc.constantFrom(..."0123456789ABCDEFGHJKLMNPQRTUWXY"), (code, at, other) => {
        expect(readOrganisationCode(code)).toEqual({ ok: true, kind: "unified", code });
        expect(readOrganisationCode(sharedPart(code))).toEqual({
          ok: true,
          kind: "organisation",
          code: sharedPart(code),
        });
        const changed = code.slice(0, at) + other + code.slice(at + 1);
        expect(readOrganisationCode(changed).ok).toBe(changed === code);
      }),
    );
  });
});
