import { z } from "zod";
import { chainLines } from "#app/features/audit/export.server.ts";
import { fileLoader } from "#app/request/file.server.ts";
import { parseSearch, taking } from "#app/request/asker.server.ts";
import { whole } from "#app/platform/fields.ts";
import { orNone } from "#app/platform/form-values.ts";

const search = z.object({ since: orNone(whole(1, Number.MAX_SAFE_INTEGER)) });
/** The tenant's whole chain with the proof of its last sealing; `?since=SIZE` adds that the tree begins with an earlier one. */
export const loader = taking(
  [search],
  fileLoader({ at: "/audit.jsonl", kept: true, params: z.object({}) }, async ({ request, actor, read, context }) => {
    const { since } = parseSearch(search, request);
    const lines = chainLines(read, { id: actor.tenantId, name: actor.tenantName.zh }, context.clock(), since);
    // The frame is read before the answer begins, so that what is wrong is told with its status.
    const first = await lines.next();
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start(out) {
        if (first.done) out.close();
        else out.enqueue(encoder.encode(first.value));
      },
      async pull(out) {
        const { done, value } = await lines.next();
        if (done) out.close();
        else out.enqueue(encoder.encode(value));
      },
      cancel: async () => void (await lines.return(undefined)),
    });
    return { name: `audit-${actor.tenantCode}.jsonl`, type: "application/x-ndjson; charset=utf-8", body };
  }),
);
