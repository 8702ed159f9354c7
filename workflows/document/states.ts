import type { DocumentState } from "./labels.ts";

/** What a state of a document means to those who read, count and write it; said here and nowhere else. */
interface DocumentStateTraits {
  /** Authors may change the text: before it goes up, after it came back, and of an approved one, which then needs approval anew. */
  readonly written: boolean;
  /** With a reviewer. */
  readonly inReview: boolean;
  /** What others read is a sealed submission; it counts as handed in. */
  readonly handedIn: boolean;
  /** Waits for its author: begun, or come back. */
  readonly withAuthor: boolean;
  /** Handed in, and no later one has taken its place. */
  readonly current: boolean;
}

const documentStateTraits: Readonly<Record<DocumentState, DocumentStateTraits>> = {
  draft: { written: true, inReview: false, handedIn: false, withAuthor: true, current: false },
  "submitted.sector": { written: false, inReview: true, handedIn: true, withAuthor: false, current: true },
  "submitted.national": { written: false, inReview: true, handedIn: true, withAuthor: false, current: true },
  approved: { written: true, inReview: false, handedIn: true, withAuthor: false, current: true },
  returned: { written: true, inReview: false, handedIn: false, withAuthor: true, current: false },
  superseded: { written: false, inReview: false, handedIn: true, withAuthor: false, current: false },
};
const statesWhere = (flag: keyof DocumentStateTraits): readonly DocumentState[] =>
  (Object.keys(documentStateTraits) as DocumentState[]).filter((state) => documentStateTraits[state][flag]);

/** States in which authors may change the text. */
export const writtenStates = statesWhere("written");
/** States that wait for the author. */
export const withAuthorStates = statesWhere("withAuthor");
/** States of a document that is handed in and not replaced. */
export const currentStates = statesWhere("current");
/** States in which a reviewer has it. */
export const reviewStates = statesWhere("inReview");
const handedInStates = statesWhere("handedIn");

const isOne = (states: readonly string[], state: string): boolean => states.includes(state);
/** @param state a stored one: dotted path of the leaf. */
export const isInReview = (state: string): boolean => isOne(reviewStates, state);
/** Whether others read a sealed submission. @param state a stored one */
export const isHandedIn = (state: string): boolean => isOne(handedInStates, state);
/** Whether it waits for its author. @param state a stored one */
export const isWithAuthor = (state: string): boolean => isOne(withAuthorStates, state);
