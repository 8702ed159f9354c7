/*
 * What a password must be (NIST SP 800-63B-4, 3.1.1.2): long enough, not a common one, not one's own name or address. No
 * rule about kinds of characters, no change by the calendar; every character counts, spaces and Han included.
 */

/** Characters (code points). NIST asks for 15 where the password stands alone; ours is slowed by argon2id, counted attempts and a second factor for who leads. */
export const shortest = 12;
export const longest = 256;

export type Weakness =
  | "error_password_short"
  | "error_password_long"
  | "error_password_personal"
  | "error_password_common";

/** How hard to guess, by the power of ten of guesses needed (zxcvbn): 0…4. */
export type Strength = 0 | 1 | 2 | 3 | 4;

/** Normalised as it is hashed: the same text from another keyboard is the same password (SP 800-63B-4, 3.1.1.2: NFKC or NFKD). */
export const normal = (password: string): string => password.normalize("NFKC");

/** Words that anybody would try here first: they count as common in every password (`deploy/SECURITY.md` lists them). */
export const contextWords = [
  "anshi",
  "安试",
  "试点",
  "物联网",
  "专项行动",
  "管理规范",
  "shidian",
  "wulianwang",
  "pilot",
  "regulator",
  "operator",
  "director",
] as const;

/** Words of a person that no password may consist of. */
export function personalWords(person: { email: string; name: string }): string[] {
  const parts = [
    person.email,
    ...person.email.split(/[@.\-_+]/),
    person.name,
    ...person.name.split(/\s+/),
    ...contextWords,
  ];
  return [...new Set(parts.map((one) => one.trim().toLowerCase()).filter((one) => [...one].length >= 2))];
}

/** Without regard to the list of common ones. */
export function plainWeakness(password: string, person: { email: string; name: string }): Weakness | null {
  const given = normal(password);
  const length = [...given].length;
  if (length < shortest) return "error_password_short";
  if (length > longest) return "error_password_long";
  const bare = given.toLowerCase().replaceAll(/[\s\d\p{P}\p{S}]+/gu, "");
  const own = [person.email, person.email.split("@")[0] ?? "", person.name].map((one) => one.toLowerCase());
  const squeezed = own.map((one) => one.replaceAll(/[\s\d\p{P}\p{S}]+/gu, "")).filter((one) => one !== "");
  // Their own name or address, however often repeated and with whatever digits around it.
  if (own.includes(given.toLowerCase()) || squeezed.some((one) => bare !== "" && bare.replaceAll(one, "") === ""))
    return "error_password_personal";
  // The words of this programme, alone or with their own, are the first that are tried; length does not help them.
  const left = [...squeezed, ...contextWords]
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, word) => rest.replaceAll(word, ""), bare);
  if (bare !== "" && left === "") return "error_password_common";
  return null;
}
