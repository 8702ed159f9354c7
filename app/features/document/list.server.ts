import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { documents } from "#db/schema/index.ts";
import type { DocumentRow } from "./document.server.ts";

export interface DocumentFilter {
  kind?: DocumentRow["kind"] | undefined;
  state?: string | undefined;
  projectId?: string | undefined;
}
/** Where a page ended: the last row shown. `at` is an ISO instant. */
export interface Place {
  at: string;
  id: string;
}

/** Documents that the caller sees, the last changed first, from a place on. One comparison of both, which an index follows. */
export const documentsQuery = (
  tx: Tx,
  { kind, state, projectId }: DocumentFilter,
  { after, limit }: { after: Place | null; limit: number },
) =>
  tx
    .select()
    .from(documents)
    .where(
      and(
        kind ? eq(documents.kind, kind) : undefined,
        state ? eq(documents.state, state) : undefined,
        projectId ? eq(documents.projectId, projectId) : undefined,
        after ? isBehind(after) : undefined,
      ),
    )
    .orderBy(desc(documents.updatedAt), desc(documents.id))
    .limit(limit);

const isBehind = ({ at, id }: Place): SQL =>
  sql`(${documents.updatedAt}, ${documents.id}) < (${at}::timestamptz, ${id}::uuid)`;
