import { z } from "zod";
import { eventSchema, eventOf } from "#app/features/workflow/workflow.schema.ts";
import type { EventOption } from "#app/features/workflow/workflow.view.server.ts";
import { loadInstance } from "#app/features/workflow/instance.server.ts";
import { stateLabel } from "#app/features/workflow/labels.server.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { moment, readCursor, writeCursor } from "#app/platform/cursor.ts";
import { uuid } from "#app/platform/fields.ts";
import { orNone } from "#app/platform/form-values.ts";
import { type Api, listQuery } from "#app/request/api.server.ts";
import { documentKinds } from "#db/vocabulary.ts";
import { documentLeaves } from "#workflows/document/labels.ts";
import { type DocumentRow, latestSubmission, loadDocument, marksOf } from "./document.server.ts";
import { documentsQuery } from "./list.server.ts";
import { standingOf } from "./standing.server.ts";
import { transition } from "./transition.server.ts";

const id = z.object({ id: uuid() });
const reason = z.object({ code: z.string(), text: z.string() });

const line = z
  .object({
    id: z.uuid(),
    kind: z.enum(documentKinds),
    projectId: z.uuid(),
    siteId: z.uuid().nullable(),
    pilotId: z.uuid().nullable(),
    period: z
      .string()
      .openapi({ description: "Month `YYYY-MM` or `summary` of a progress report, batch of a review, else empty" }),
    title: z.string(),
    state: z.enum(documentLeaves),
    stateLabel: z.string(),
    dueOn: z.string().nullable(),
    updatedAt: z.string(),
  })
  .openapi("DocumentLine");

const event = z
  .object({
    type: z.string(),
    label: z.string(),
    enabled: z.boolean(),
    reasons: z.array(reason),
    needs: z.array(z.enum(["reason", "parts", "result"])),
    sealing: z.boolean(),
    to: z.string().nullable(),
  })
  .openapi("DocumentEvent");
const events = z
  .object({
    state: z.enum(documentLeaves),
    version: z.number().int().openapi({ description: "Send it back as expectedVersion" }),
    events: z.array(event),
    parts: z
      .array(z.object({ part: z.string(), label: z.string() }))
      .openapi({ description: "What RETURN may name with a reason of its own; `*` stands for the whole" }),
    unprintable: z.array(z.object({ place: z.string().nullable(), characters: z.string() })).openapi({
      description: "Characters of what would be sealed that no printed file will show, by where they stand",
    }),
  })
  .openapi("DocumentEvents");

const change = z.object({ label: z.string(), before: z.string().nullable(), after: z.string().nullable() });
const detail = line
  .extend({
    version: z.number().int(),
    submission: z
      .object({ seq: z.number().int(), sha256: z.string(), sealedAt: z.string(), sealedByName: z.string() })
      .nullable()
      .openapi({ description: "The last seal that the caller may read; null before anything was handed in" }),
    approval: z
      .object({ sha256: z.string(), at: z.string(), by: z.string().nullable() })
      .nullable()
      .openapi({ description: "The last approval; null before the first" }),
    reapprovalNeeded: z.boolean(),
    changes: z
      .array(change)
      .openapi({ description: "What the approval does not cover, as far as the caller may read it" }),
    returned: z.array(z.object({ part: z.string(), reason: z.string(), byName: z.string(), at: z.string() })),
  })
  .openapi("Document");

const query = listQuery.extend({
  kind: orNone(z.enum(documentKinds, { error: "error_field_choice" })),
  state: orNone(z.enum(documentLeaves, { error: "error_field_choice" })),
  projectId: orNone(uuid()),
});

const stateOf = (state: string) => documentLeaves.find((leaf) => leaf === state) ?? "draft";
const lineOf = (d: DocumentRow): z.output<typeof line> => ({
  id: d.id,
  kind: d.kind,
  projectId: d.projectId,
  siteId: d.siteId,
  pilotId: d.pilotId,
  period: d.period,
  title: d.title,
  state: stateOf(d.state),
  stateLabel: stateLabel("document", d.state, getLocale()),
  dueOn: d.dueOn,
  updatedAt: d.updatedAt.toISOString(),
});
const eventLine = ({ type, label, enabled, reasons, needs, sealing, to }: EventOption): z.input<typeof event> => ({
  type,
  label,
  enabled,
  reasons,
  needs: [...needs] as z.input<typeof event>["needs"],
  sealing,
  to,
});
const place = z.tuple([moment(), uuid()]);

/** What there is, and where each stands. */
function documentReads(api: Api): void {
  api
    .route({
      at: "GET /documents",
      name: "listDocuments",
      summary: "Documents that the caller may see, the last changed first",
      tag: "documents",
      query,
      response: z.object({ items: z.array(line), next: z.string().nullable() }),
      run: async ({ tx, query: { limit, cursor, kind, state, projectId } }) => {
        const [at, last] = cursor ? readCursor("documents", cursor, place) : [];
        const after = at !== undefined && last !== undefined ? { at, id: last } : null;
        const rows = await documentsQuery(tx, { kind, state, projectId }, { after, limit: limit + 1 });
        const shown = rows.slice(0, limit);
        const end = shown.at(-1);
        const next =
          rows.length > limit && end ? writeCursor("documents", [end.updatedAt.toISOString(), end.id]) : null;
        return { items: shown.map(lineOf), next };
      },
    })
    .route({
      at: "GET /documents/{id}",
      name: "getDocument",
      summary: "One document with its last seal, its approval and what that does not cover",
      tag: "documents",
      params: id,
      response: detail,
      run: async ({ tx, actor, params }) => {
        const document = await loadDocument(tx, params.id);
        const latest = await latestSubmission(tx, document.id);
        const [standing, marks] = await Promise.all([
          standingOf(tx, actor, document, getLocale(), { latest, printed: false }),
          marksOf(tx, document.id),
        ]);
        const { approval, version } = standing;
        return {
          ...lineOf(document),
          version,
          submission: latest && {
            seq: latest.seq,
            sha256: latest.sha256,
            sealedAt: latest.sealedAt.toISOString(),
            sealedByName: latest.sealedByName,
          },
          approval: approval.approved,
          reapprovalNeeded: approval.needed,
          changes: approval.changes.map(({ label, before, after }) => ({ label, before, after })),
          returned: marks
            .filter((x) => x.verdict === "returned" && x.submissionId === document.submissionId)
            .map(({ part, reason: why, byName, at }) => ({ part, reason: why, byName, at: at.toISOString() })),
        };
      },
    });
}

/** What may be done with a document, and doing it. */
function documentEvents(api: Api): void {
  api
    .route({
      at: "GET /documents/{id}/events",
      name: "listDocumentEvents",
      summary: "The events that the caller may send to a document, each with what keeps it from being taken",
      tag: "documents",
      params: id,
      response: events,
      run: async ({ tx, actor, params }) => {
        const standing = await standingOf(tx, actor, await loadDocument(tx, params.id), getLocale());
        const { state, version, acts, parts, unprintable } = standing;
        return { state: stateOf(state), version, events: acts.map(eventLine), parts, unprintable };
      },
    })
    .route({
      at: "POST /documents/{id}/events",
      name: "sendDocumentEvent",
      summary: "Sends one event to a document; its project takes the step that goes with it",
      tag: "documents",
      params: id,
      body: eventSchema.extend({}).openapi("DocumentEventSent"),
      response: z
        .object({ from: z.string(), state: z.string(), version: z.number().int(), sha256: z.string().nullable() })
        .openapi("DocumentEventResult"),
      run: async ({ tx, actor, params, body }) => {
        const done = await transition(tx, actor, { ...eventOf(body), documentId: params.id, locale: getLocale() });
        // What rests on it, or what it rests on, may have been noted on its machine behind the event.
        const { lockVersion } = await loadInstance(tx, params.id);
        return { from: done.from, state: done.to, version: lockVersion, sha256: done.submission?.sha256 ?? null };
      },
    });
}

/** Documents of all six kinds over JSON: what there is, where each stands, what may be done with it and what came of it. */
export function documentApi(api: Api): void {
  documentReads(api);
  documentEvents(api);
}
