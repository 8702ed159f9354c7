import type { Status } from "#app/ui/marks.tsx";
import { isInReview } from "#workflows/document/states.ts";

/** The mark of a document's state, wherever documents stand in a list. @param state a stored one: dotted path of the leaf */
export function documentStatus(state: string): Status {
  if (isInReview(state)) return "waiting";
  if (state === "approved") return "done";
  if (state === "superseded") return "off";
  return state === "returned" ? "returned" : "draft";
}
