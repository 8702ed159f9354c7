import type { SubmissionResult } from "@conform-to/react";
import type { ActionResult } from "#app/request/page.server.ts";

/** The failed submission of one act of a page, to give a form its errors and what was typed. */
export function failureOf(
  result: ActionResult | undefined,
  intent: string,
): { lastResult: SubmissionResult<string[]> } | Record<string, never> {
  return result && !result.ok && result.intent === intent ? { lastResult: result.lastResult } : {};
}
