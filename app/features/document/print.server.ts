import { desc, eq } from "drizzle-orm";
import { ZONE } from "#app/i18n/format.ts";
import type { Locale } from "#app/i18n/locale.ts";
import type { Tx } from "#db/client.server.ts";
import { workflowEvents } from "#db/schema/index.ts";
import type { SubmissionRow } from "./document.server.ts";

/* What printed documents of a project have in common. */

/** Where the printed digest can be checked; `baseUrl` without a slash at its end, absent where nobody knows the address. */
export const sealFor = (submission: Pick<SubmissionRow, "sha256"> | null, baseUrl: string | undefined) =>
  submission
    ? { sha256: submission.sha256, ...(baseUrl ? { verifyUrl: `${baseUrl}/verify/${submission.sha256}` } : {}) }
    : {};

/** A day as a cover writes it: «2013年12月1日», “1 December 2013”. */
export const coverDate = (at: Date, locale: Locale): string =>
  new Intl.DateTimeFormat(locale === "en" ? "en-GB" : "zh-CN", { dateStyle: "long", timeZone: ZONE }).format(at);

export interface Hand {
  name: string;
  at: Date;
}
/** Who last sent each kind of event to a document, as far as the reader sees the log. */
export async function handsOf(tx: Tx, documentId: string): Promise<Map<string, Hand>> {
  const rows = await tx
    .select({ type: workflowEvents.type, name: workflowEvents.actorName, at: workflowEvents.at })
    .from(workflowEvents)
    .where(eq(workflowEvents.objectId, documentId))
    .orderBy(desc(workflowEvents.no))
    .limit(50);
  const hands = new Map<string, Hand>();
  for (const r of rows) {
    const type = r.type === "RESUBMIT" ? "SUBMIT" : r.type;
    if (!hands.has(type)) hands.set(type, { name: r.name, at: r.at });
  }
  return hands;
}

/** Lines of a text as paragraphs. */
export const paragraphs = (text: string): string[] =>
  text
    .split("\n")
    .map((p) => p.trim())
    .filter((p) => p !== "");
