import { and, eq, inArray } from "drizzle-orm";
import { hrefOf } from "#app/domain/hrefs.ts";
import { remindSites } from "#app/features/notices/tell.server.ts";
import { conflict } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import { noteEntry } from "#app/request/audit-note.server.ts";
import type { Tx } from "#db/client.server.ts";
import { documents } from "#db/schema/index.ts";
import { withAuthorStates } from "#workflows/index.ts";

/**
 * Reminds the sites whose responses are still with them: all, or those named. It is on record how many responses and people. Who
 * has not read the last reminder of a response gets no second one, but sees how often they were reminded.
 * @returns how many responses
 * @throws conflict `nothing_to_remind` where every response has been handed in
 */
export async function remindOfResponses(
  tx: Tx,
  actor: Actor,
  { projectId, documentIds }: { projectId: string; documentIds: readonly string[] },
): Promise<number> {
  const rows = await tx
    .select()
    .from(documents)
    .where(
      and(
        eq(documents.tenantId, actor.tenantId),
        eq(documents.projectId, projectId),
        eq(documents.kind, "surveyResponse"),
        inArray(documents.state, [...withAuthorStates]),
        documentIds.length > 0 ? inArray(documents.id, [...documentIds]) : undefined,
      ),
    );
  const owed = rows.flatMap(({ siteId, ...d }) =>
    siteId === null ? [] : [{ siteId, subject: d.title, href: hrefOf({ is: "document", ...d }), dueOn: d.dueOn }],
  );
  if (owed.length === 0) throw conflict({ code: "nothing_to_remind" });
  const people = await remindSites(tx, actor, owed);
  await noteEntry(tx, "reminder", "document", null, { documents: owed.length, people });
  return owed.length;
}
