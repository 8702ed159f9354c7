import { and, eq } from "drizzle-orm";
import type { DocumentRow } from "#app/features/document/document.server.ts";
import { AppError, notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { documents } from "#db/schema/index.ts";
import { controls } from "#seeds/catalogue/index.ts";
import { catalogueVersion } from "#seeds/catalogue/load.server.ts";

/** The questions of a questionnaire version, in catalogue order. */
export function questionnaire(version: number): typeof controls {
  if (version !== catalogueVersion) throw new AppError("internal", 500, `questionnaire ${version} is not in this release`);
  return controls;
}

/** The response, locked against being submitted while a cell of it is written. @throws notFound; conflict `sealed` in review. */
export async function lockResponse(tx: Tx, documentId: string): Promise<DocumentRow> {
  const [row] = await tx
    .select()
    .from(documents)
    .where(and(eq(documents.id, documentId), eq(documents.kind, "surveyResponse")))
    .for("no key update");
  if (!row || row.siteId === null || row.systemId === null) throw notFound({ logMessage: `response ${documentId}` });
  return row;
}
