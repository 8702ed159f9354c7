/*
 * Codes of organisations in China: the organisation code (GB 11714-1997, nine characters) of the time before October 2015, and
 * the unified social credit code (GB 32100-2015, eighteen) that took its place and holds it at places 9 to 17.
 */

/** Digits of the unified code: no I, O, S, V, Z, which are misread. */
const unifiedDigits = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/** The department that registers (1 to 9, A, N, Y), the class, the division, of which none begins with 0, and the organisation. */
const unifiedShape = /^[1-9ANY][0-9A-HJ-NPQRTUWXY][1-9][0-9]{5}(?!0{8})[0-9A-HJ-NPQRTUWXY]{10}$/;
const organisationDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const organisationShape = /^(?!0{8})[0-9A-Z]{8}[0-9X]$/;
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2];

/** Check character of an organisation code from its first eight (modulo 11, 10 is written X); null when malformed. */
export function organisationCheck(first8: string): string | null {
  const values = [...first8].map((char) => organisationDigits.indexOf(char));
  if (values.length !== 8 || values.includes(-1)) return null;
  const sum = values.reduce((all, value, at) => all + value * (organisationWeights[at] ?? 0), 0);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? "X" : String(check);
}
/** Check character of a unified code from its first seventeen (weights 3^i modulo 31); null when malformed. */
export function unifiedCheck(first17: string): string | null {
  const values = [...first17].map((char) => unifiedDigits.indexOf(char));
  if (values.length !== 17 || values.includes(-1)) return null;
  let weight = 1;
  let sum = 0;
  for (const value of values) {
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return unifiedDigits[(31 - (sum % 31)) % 31] ?? null;
}

export type OrganisationCode =
  | { ok: true; kind: "organisation" | "unified"; code: string }
  /** `place`: of the character that is wrong, counted from 1, with the right one; 0 when it is no code of either kind. */
  | { ok: false; place: number; right: string };

const malformed: OrganisationCode = { ok: false, place: 0, right: "" };

/** Reads a code as people write it: full width, small letters, with spaces or hyphens. Every check character is held. */
export function readOrganisationCode(written: string): OrganisationCode {
  const code = written
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, "");
  const at = (place: number, right: string | null): OrganisationCode | null =>
    right === null || code[place - 1] === right ? null : { ok: false, place, right };
  if (organisationShape.test(code))
    return at(9, organisationCheck(code.slice(0, 8))) ?? { ok: true, kind: "organisation", code };
  if (!unifiedShape.test(code)) return malformed;
  return (
    at(17, organisationCheck(code.slice(8, 16))) ??
    at(18, unifiedCheck(code.slice(0, 17))) ?? { ok: true, kind: "unified", code }
  );
}

/** The nine characters that both codes of one organisation share. */
export const sharedPart = (code: string): string => (code.length === 18 ? code.slice(8, 17) : code);
