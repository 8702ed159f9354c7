import type { DocumentState } from "./labels.ts";

/** What a state of a document means to those who read, count and write it; said here and nowhere else. */
interface DocumentStateTraits {
  /** Authors may change the text: before it goes up, after it came back, and of an approved one, which then needs approval anew. */
  readonly written: boolean;
  /** With a reviewer. */
  readonly inReview: boolean;
  /** What others read is a sealed submission; it counts as handed in. */
  readonly handedIn: boolean;
}

const documentStateTraits: Readonly<Record<DocumentState, DocumentStateTraits>> = {
  draft: { written: true, inReview: false, handedIn: false },
  "submitted.sector": { written: false, inReview: true, handedIn: true },
  "submitted.national": { written: false, inReview: true, handedIn: true },
  approved: { written: true, inReview: false, handedIn: true },
  returned: { written: true, inReview: false, handedIn: false },
  superseded: { written: false, inReview: false, handedIn: true },
};
const statesWhere = (flag: keyof DocumentStateTraits): readonly DocumentState[] =>
  (Object.keys(documentStateTraits) as DocumentState[]).filter((state) => documentStateTraits[state][flag]);

const reviewStates = statesWhere("inReview");
const handedInStates = statesWhere("handedIn");

const isOne = (states: readonly string[], state: string): boolean => states.includes(state);
/** @param state a stored one: dotted path of the leaf. */
export const isInReview = (state: string): boolean => isOne(reviewStates, state);
export const isHandedIn = (state: string): boolean => isOne(handedInStates, state);
