import type { LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { auditLines, auditSearch } from "#app/features/audit/audit.server.ts";
import { fileLoader } from "#app/features/identity/file.server.ts";
import { AppError } from "#app/platform/errors.ts";

const load = fileLoader({ can: "audit.read", params: z.object({}) }, async ({ request, actor, read }) => {
  const parsed = auditSearch.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!parsed.success) throw new AppError("bad_query", 400, parsed.error.message);
  const lines = await read((tx) => auditLines(tx, actor, { ...parsed.data, before: undefined }));
  return { name: `audit-${actor.tenantCode}.jsonl`, type: "application/x-ndjson; charset=utf-8", body: new TextEncoder().encode(lines) };
});
/** The trail under the page's filter, one event a line. */
export const loader = (args: LoaderFunctionArgs): Promise<Response> => load(args);
