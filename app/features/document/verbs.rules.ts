import { type DocumentEventType, type DocumentKind, documentSteps, movesWithProject } from "#workflows/index.ts";

/* The events of a document that a person sends; what the product notes by itself is not among them. */

export const verbs = [
  "SUBMIT",
  "RESUBMIT",
  "WITHDRAW",
  "START_REVIEW",
  "RETURN",
  "ENDORSE",
  "APPROVE",
] as const satisfies readonly DocumentEventType[];
export type Verb = (typeof verbs)[number];
/** Whether a name is one of them, in any state. */
export const isVerb = (type: string): type is Verb => verbs.some((v) => v === type);

/** The event meant by a name in a state: handing in is SUBMIT from a draft and RESUBMIT afterwards. Null for what is none. */
export function verbOf(type: string, state: string): Verb | null {
  if (!isVerb(type)) return null;
  if (type !== "SUBMIT" && type !== "RESUBMIT") return type;
  return state === "draft" ? "SUBMIT" : "RESUBMIT";
}

/** Whether documents of a kind go through an event. One that moves with its project takes no step that its project does not take. */
export const takes = (kind: DocumentKind, verb: Verb): boolean =>
  !movesWithProject(kind) ||
  documentSteps.some((s) => s.kind === kind && s.event === (verb === "RESUBMIT" ? "SUBMIT" : verb));
