import { and, eq } from "drizzle-orm";
import type { DocumentRow } from "#app/features/document/document.server.ts";
import { conflict, notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { documents } from "#db/schema/index.ts";
import type { Control } from "#seeds/catalogue/index.ts";
import { questionsOf } from "#seeds/catalogue/load.server.ts";

/** The questions of a questionnaire version, in catalogue order. @throws conflict `questionnaire_unknown` for one that this release does not know. */
export function questionnaire(version: number): readonly Control[] {
  const questions = questionsOf(version);
  if (questions) return questions;
  throw conflict({
    code: "questionnaire_unknown",
    params: { version },
    logMessage: `questionnaire ${version} is neither in this release nor in the database`,
  });
}

/** The response, locked against being submitted while a cell of it is written. Whether its text may change is the caller's to ask. @throws notFound */
export async function lockResponse(tx: Tx, documentId: string): Promise<DocumentRow> {
  const [row] = await tx
    .select()
    .from(documents)
    .where(and(eq(documents.id, documentId), eq(documents.kind, "surveyResponse")))
    .for("no key update");
  if (!row || row.siteId === null || row.systemId === null) throw notFound({ logMessage: `response ${documentId}` });
  return row;
}
