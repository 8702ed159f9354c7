import type { SerializeFrom } from "@remix-run/node";
import type { ActionResult } from "#app/request/page.server.ts";
import type { PlanPage } from "../plan.view.server.ts";

export type Page = SerializeFrom<PlanPage>;
/** What stands open for editing, from the address. */
interface Open {
  edit?: string | undefined;
  for?: string | undefined;
  line?: string | undefined;
  indicator?: string | undefined;
  budget?: string | undefined;
}
export interface PartProps {
  page: Page;
  open: Open;
  result: ActionResult | undefined;
}

/** A list of words as choices for a select. */
export const choicesOf = (words: Record<string, string>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
