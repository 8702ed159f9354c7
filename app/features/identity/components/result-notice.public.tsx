import type { ActionResult } from "#app/request/page.server.ts";
import { Notice } from "#app/ui/notice.tsx";

/** What came of the last act of a page: done, or why not as a whole. Faults of single fields stand beside them. */
export function ResultNotice({ result }: { result: ActionResult | undefined }) {
  if (!result) return null;
  if (result.ok) return result.notice ? <Notice tone="done" title={result.notice} live /> : null;
  const why = result.error?.message ?? result.lastResult.error?.[""]?.join(" ");
  return why ? <Notice tone="late" title={why} live /> : null;
}
