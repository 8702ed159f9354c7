import { createClient } from "./generated/validating/client/index.ts";
import * as api from "./generated/validating/sdk.gen.ts";
import type { DocumentEvents, DocumentLine } from "./generated/validating/types.gen.ts";
import { zProblem } from "./generated/validating/zod.gen.ts";
import type { Walked } from "./walked.ts";

/*
 * The same walk by a client that checks with zod what it sends and what it gets: an answer that is not as described ends it.
 * Problems it hands on unchecked; they are held to their own schema here, which lets nothing pass that is not described.
 */

const found = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`the walk finds no ${what}`);
  return value;
};
const problemOf = (error: unknown) => zProblem.strict().parse(error);

export async function walk({ url, token }: { url: string; token: string }): Promise<Walked> {
  const client = createClient({ baseUrl: url, auth: token });
  const strict = { client, throwOnError: true } as const;
  const { data: me } = await api.getMe(strict);

  const lines: DocumentLine[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 4, ...(cursor === null ? {} : { cursor }) };
    const page: { items: DocumentLine[]; next: string | null } = (await api.listDocuments({ ...strict, query })).data;
    lines.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);

  const first = await api.listDocuments({ client });
  const etag = found(first.response?.headers.get("etag") ?? undefined, "ETag of the list");
  const again = await api.listDocuments({ client, headers: { "If-None-Match": etag } });
  const path = { id: found(lines[0], "document").id };
  const one = await api.getDocument({ client, path });
  const tag = found(one.response?.headers.get("etag") ?? undefined, "ETag of a document");
  const same = await api.getDocument({ client, path, headers: { "If-None-Match": `"x", ${tag}` } });

  const lists: (DocumentEvents & { id: string })[] = [];
  for (const { id } of lines) lists.push({ id, ...(await api.listDocumentEvents({ ...strict, path: { id } })).data });
  const listed = lists.flatMap((list) => list.events.map((event) => ({ list, event })));
  const disabled = found(
    listed.find(({ event }) => !event.enabled && event.needs.length === 0),
    "disabled event",
  );
  const no = await api.sendDocumentEvent({
    client,
    path: { id: disabled.list.id },
    body: { type: disabled.event.type, expectedVersion: disabled.list.version },
  });
  const refusal = problemOf(no.error);

  const open = listed.find(
    ({ event }) => event.enabled && !event.sealing && event.needs.every((need) => need === "parts"),
  );
  const moved =
    open ??
    found(
      listed.find(({ list, event }) => list.version > 0 && event.needs.length === 0),
      "document that has moved",
    );
  const parts = moved.event.needs.includes("parts") ? [{ part: "*", reason: "请补充" }] : [];
  const body = { type: moved.event.type, expectedVersion: moved.list.version, parts };
  const to = { path: { id: moved.list.id } };
  const stale = await api.sendDocumentEvent({
    client,
    ...to,
    body: { ...body, expectedVersion: body.expectedVersion - 1 },
  });
  const conflict = problemOf(stale.error);
  const headers = { "Idempotency-Key": `validating-client-${Date.now()}` };
  const once = async () => (await api.sendDocumentEvent({ ...strict, ...to, body, headers })).data.state;
  const sent = open && { told: open.event.to, state: await once(), again: await once() };
  return {
    role: me.membership.role,
    documents: new Set(lines.map(({ id }) => id)).size,
    unchanged: [again.response?.status ?? 0, same.response?.status ?? 0],
    refused: {
      status: no.response?.status ?? 0,
      listed: disabled.event.reasons.map(({ code }) => code),
      given: (refusal.reasons ?? []).map(({ code }) => code),
    },
    stale: {
      status: stale.response?.status ?? 0,
      state: conflict.state,
      since: (conflict.since ?? []).map(({ type }) => type),
    },
    sent: sent ?? null,
  };
}
