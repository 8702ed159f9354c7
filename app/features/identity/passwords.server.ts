import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";
import { invalid } from "#app/platform/errors.ts";
import { slots } from "#app/platform/slots.server.ts";
import { normal, personalWords, plainWeakness, type Strength, type Weakness } from "./password.rules.ts";

/** OWASP's first choice for argon2id at 19 MiB, two passes (Password Storage Cheat Sheet). */
const argon2id = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/**
 * A hash takes a core for some thirty milliseconds. One core is left to the event loop, and one of libuv's four threads to files
 * and compression: a crowd that signs in waits for its turn and nobody else waits with it.
 */
const hashing = slots(Math.min(3, Math.max(1, availableParallelism() - 1)));
/**
 * An argon2id hash in its own format (`$argon2id$…`), which holds salt and costs. Waits for its turn among other
 * hashes.
 */
export const hashPassword = (password: string): Promise<string> => hashing(() => hash(normal(password), argon2id));

let nobody: Promise<string> | undefined;
/** Whether the password is the one that was hashed. Without a hash the same work is done for nothing: no account takes as long as a wrong password. */
export async function passwordFits(stored: string | null | undefined, password: string): Promise<boolean> {
  const against = stored ?? (await (nobody ??= hashPassword("nobody's password, made once")));
  const fits = await hashing(() => verify(against, normal(password))).catch(() => false);
  return fits && stored !== null && stored !== undefined;
}

let judge: ZxcvbnFactory | undefined;
/** Strength by zxcvbn over 49,000 passwords that people use (language-common), patterns of keyboards, repeats and dates; the person's own words count as common. */
function strengthOf(password: string, person: { email: string; name: string }): Strength {
  judge ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  // What is longer adds nothing to the verdict, only to the time it takes.
  return judge.check([...normal(password)].slice(0, 64).join(""), personalWords(person)).score;
}

/** Why a password is refused, or null. Below 3 of 4 it stands on the list of common ones or is one of them with little added. */
export function weaknessOf(password: string, person: { email: string; name: string }): Weakness | null {
  return plainWeakness(password, person) ?? (strengthOf(password, person) < 3 ? "error_password_common" : null);
}

/** @throws invalid with the field that is at fault */
export function checkNewPassword(
  input: { next: string; repeat: string },
  person: { email: string; name: string },
): void {
  const weakness = weaknessOf(input.next, person);
  if (weakness) throw invalid({ next: [weakness] });
  if (input.next !== input.repeat) throw invalid({ repeat: ["error_password_repeat"] });
}
