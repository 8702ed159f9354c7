/** Requirements of levels 1 and 2 of OWASP ASVS 5.0.0, as this product stands to them. */

export type Verdict = "met" | "partly" | "not met" | "not applicable";

/** A test that shows it: `name` as it stands in the file, without what a table of cases puts in. */
export interface TestProof {
  file: string;
  name: string;
}
/** A setting or a piece of code that shows it: `what` stands in the file, word for word. */
export interface SettingProof {
  file: string;
  what: string;
}
export type Proof = TestProof | SettingProof;

export interface Entry {
  /** `V6.2.1` */
  id: string;
  level: 1 | 2;
  /** In our own words, twelve at most. */
  title: string;
  verdict: Verdict;
  by: readonly Proof[];
  /** Why it does not apply; what is missing and what would mend it; what an assessor should know. */
  note: string;
}
export const isTest = (proof: Proof): proof is TestProof => "name" in proof;

export const test = (file: string, name: string): TestProof => ({ file, name });
export const setting = (file: string, what: string): SettingProof => ({ file, what });

type Level = Entry["level"];
/** Shows it. */
export const met = (id: string, level: Level, title: string, by: readonly [Proof, ...Proof[]], note = ""): Entry => ({
  id,
  level,
  title,
  verdict: "met",
  by,
  note,
});
/** Shows a part of it; `note` says what is missing and what would mend it. */
export const partly = (
  id: string,
  level: Level,
  title: string,
  by: readonly [Proof, ...Proof[]],
  note: string,
): Entry => ({ id, level, title, verdict: "partly", by, note });
export const notMet = (id: string, level: Level, title: string, note: string, by: readonly Proof[] = []): Entry => ({
  id,
  level,
  title,
  verdict: "not met",
  by,
  note,
});
export const notApplicable = (id: string, level: Level, title: string, note: string): Entry => ({
  id,
  level,
  title,
  verdict: "not applicable",
  by: [],
  note,
});
