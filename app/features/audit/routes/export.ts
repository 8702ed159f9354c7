import type { LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { chainLines } from "#app/features/audit/export.server.ts";
import { fileLoader } from "#app/features/identity/file.server.ts";
import { readQuery } from "#app/platform/body.server.ts";
import { AppError } from "#app/platform/errors.ts";

const search = z.object({ since: z.coerce.number().int().min(1).optional() });
const load = fileLoader({ at: "/audit.jsonl", params: z.object({}) }, async ({ request, actor, read, context }) => {
  const parsed = search.safeParse(readQuery(request.url));
  if (!parsed.success) throw new AppError("bad_query", 400, parsed.error.message);
  const lines = chainLines(read, { id: actor.tenantId, name: actor.tenantName.zh }, context.clock(), parsed.data.since);
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
});
/** The tenant's whole chain with the proof of its last sealing; `?since=SIZE` adds that the tree begins with an earlier one. */
export const loader = (args: LoaderFunctionArgs): Promise<Response> => load(args);
