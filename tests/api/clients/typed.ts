import createClient from "openapi-fetch";
import type { components, paths } from "./generated/schema.ts";
import type { Walked } from "./walked.ts";

/* A program that knows the API by its description alone: types by openapi-typescript, requests by openapi-fetch. */

type Line = components["schemas"]["DocumentLine"];
const found = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`the walk finds no ${what}`);
  return value;
};

export async function walk({ url, token }: { url: string; token: string }): Promise<Walked> {
  const api = createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${token}` } });
  const me = found((await api.GET("/api/v1/me")).data, "membership");

  const lines: Line[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 4, ...(cursor === null ? {} : { cursor }) };
    const page: { items: Line[]; next: string | null } = found(
      (await api.GET("/api/v1/documents", { params: { query } })).data,
      "page of documents",
    );
    lines.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);

  const first = await api.GET("/api/v1/documents");
  const etag = found(first.response.headers.get("etag") ?? undefined, "ETag of the list");
  const again = await api.GET("/api/v1/documents", { params: { header: { "If-None-Match": etag } } });
  const path = { id: found(lines[0], "document").id };
  const one = await api.GET("/api/v1/documents/{id}", { params: { path } });
  const tag = found(one.response.headers.get("etag") ?? undefined, "ETag of a document");
  const same = await api.GET("/api/v1/documents/{id}", {
    params: { path, header: { "If-None-Match": `"x", ${tag}` } },
  });

  const lists = [];
  for (const { id } of lines) {
    const { data } = await api.GET("/api/v1/documents/{id}/events", { params: { path: { id } } });
    lists.push({ id, ...found(data, "list of events") });
  }
  const send = (id: string, body: components["schemas"]["DocumentEventSent"], key?: string) =>
    api.POST("/api/v1/documents/{id}/events", {
      params: { path: { id }, ...(key === undefined ? {} : { header: { "Idempotency-Key": key } }) },
      body,
    });
  const listed = lists.flatMap((list) => list.events.map((event) => ({ list, event })));
  const disabled = found(
    listed.find(({ event }) => !event.enabled && event.needs.length === 0),
    "disabled event",
  );
  const no = await send(disabled.list.id, { type: disabled.event.type, expectedVersion: disabled.list.version });

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
  const stale = await send(moved.list.id, { ...body, expectedVersion: moved.list.version - 1 });
  const key = `typed-client-${Date.now()}`;
  const once = async (what: string) => found((await send(moved.list.id, body, key)).data, what).state;
  const sent = open && { told: open.event.to, state: await once("result"), again: await once("result of the repeat") };
  return {
    role: me.membership.role,
    documents: new Set(lines.map(({ id }) => id)).size,
    unchanged: [again.response.status, same.response.status],
    refused: {
      status: no.response.status,
      listed: disabled.event.reasons.map(({ code }) => code),
      given: (no.error?.reasons ?? []).map(({ code }) => code),
    },
    stale: {
      status: stale.response.status,
      state: stale.error?.state,
      since: (stale.error?.since ?? []).map(({ type }) => type),
    },
    sent: sent ?? null,
  };
}
