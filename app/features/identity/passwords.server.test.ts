import { describe, expect, it } from "vitest";
import { longest } from "./password.rules.ts";
import { hashPassword, passwordFits, weaknessOf } from "./passwords.server.ts";

const person = { email: "zhang.wei@water.example", name: "张伟" };

describe("what a password must be (NIST SP 800-63B)", () => {
  it.each([
    "correct horse battery staple",
    "anshi-demo-2014",
    "a word that is long enough",
    "门前老树长新芽院里枯木又开花",
    "🐟🐟会飞的鱼在天上游来游去呢",
    "    spaces count, every one    ",
  ])("takes «%s» without asking for capitals, digits or signs", (word) => expect(weaknessOf(word, person)).toBeNull());
  it.each(["", "short", "elevenchars", "密码太短了一共才十"])("«%s» is too short", (word) =>
    expect(weaknessOf(word, person)).toBe("error_password_short"),
  );
  it.each([
    "password1234",
    "123456789012",
    "qwertyuiop123",
    "aaaaaaaaaaaaaaaa",
    "密码密码密码密码密码密码",
    "P@ssw0rd!2024",
    "iloveyou1234!",
    "abcdefghijklmnop",
    "asdfghjkl;'123",
  ])("«%s» is common, or a common one with little added", (word) =>
    expect(weaknessOf(word, person)).toBe("error_password_common"),
  );
  it.each([
    "zhang.wei@water.example",
    "ZHANG.WEI@WATER.EXAMPLE",
    "zhangwei-zhangwei-2024",
    "张伟张伟张伟张伟张伟张伟张伟",
    "zhang.wei 1234567",
  ])("«%s» is the person's own", (word) => expect(weaknessOf(word, person)).toBe("error_password_personal"));
  it.each(["anshi-anshi-2014", "安试试点安试试点2015", "shidian-shidian-1", "regulator-pilot-1"])(
    "«%s» is made of words of this programme",
    (word) => expect(weaknessOf(word, person)).toBe("error_password_common"),
  );
  it("is taken up to its full length and not beyond; 64 characters at least", () => {
    const phrase = "seven brown foxes count the lamps of a quiet harbour ";
    expect(weaknessOf(phrase.repeat(5).slice(0, longest), person)).toBeNull();
    expect(weaknessOf(phrase.repeat(9), person)).toBe("error_password_long");
  });
  it("is the same from a keyboard that composes letters in another way, and every character counts", async () => {
    const stored = await hashPassword("café au lait, très chaud");
    expect(await passwordFits(stored, "cafe\u0301 au lait, tre\u0300s chaud")).toBe(true);
    expect(await passwordFits(stored, "café au lait, très chaud ")).toBe(false);
    expect(await passwordFits(stored, "Café au lait, très chaud")).toBe(false);
    expect(await passwordFits(null, "café au lait, très chaud")).toBe(false);
  });
});
