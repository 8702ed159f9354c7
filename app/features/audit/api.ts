import { z } from "zod";
import { type Api, listQuery } from "#app/request/api.server.ts";
import { readCursor, writeCursor } from "#app/platform/cursor.ts";
import { auditEntryKinds, auditSearch } from "./audit.schema.ts";
import { auditPage } from "./audit.server.ts";

const entry = z.object({
  seq: z.number().int(),
  at: z.string(),
  act: z.enum(auditEntryKinds),
  object: z.object({ type: z.string(), id: z.string().nullable() }),
  actor: z.object({ name: z.string(), role: z.string() }),
  request: z.string(),
  details: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
const cursorShape = z.tuple([z.number().int().min(1)]);

/** The trail as JSON, newest first: the entries and filters of its page. */
export function auditApi(api: Api): Api {
  return api.route({
    at: "GET /audit",
    name: "listAuditEntries",
    summary:
      "Audit trail of the caller's tenant, newest first; the whole chain with its proofs is the file /audit.jsonl",
    tag: "audit",
    query: listQuery.extend(auditSearch.omit({ before: true }).shape),
    response: z.object({ items: z.array(entry), next: z.string().nullable() }),
    run: async ({ tx, actor, query: { limit, cursor, ...filter } }) => {
      const { entries, next } = await auditPage(
        tx,
        actor,
        { ...filter, before: cursor === undefined ? undefined : readCursor("audit", cursor, cursorShape)[0] },
        limit,
      );
      const items = entries.map(({ seq, at, act, objectType, objectId, name, role, request, details, hash }) => ({
        seq,
        at: at.toISOString(),
        act,
        object: { type: objectType, id: objectId },
        actor: { name, role },
        request,
        details: { ...details },
        hash,
      }));
      return { items, next: next === null ? null : writeCursor("audit", [next]) };
    },
  });
}
