import { z } from "zod";
import { noteFile } from "#app/request/audit-note.server.ts";
import { type Api, idempotencyKey, parsePart } from "#app/request/api.server.ts";
import { serveFile } from "#app/request/file.server.ts";
import { once } from "#app/request/once.server.ts";
import { demandAcceptable, prefersJson } from "#app/platform/accept.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { dispositionName } from "#app/platform/disposition.server.ts";
import { AppError } from "#app/platform/errors.ts";
import { optionalText, uuid } from "#app/platform/fields.ts";
import { storageOf } from "#app/platform/storage.server.ts";
import { type EvidenceItem, type EvidenceRow, loadEvidence } from "./evidence.server.ts";
import { evidenceTypes } from "./evidence.rules.ts";
import { targetSchema } from "./evidence.schema.ts";
import { servedEvidence } from "./files.server.ts";
import { receiveEvidence } from "./upload.server.ts";

const evidenceBody = z
  .object({
    id: z.uuid(),
    name: z.string(),
    type: z.string(),
    bytes: z.number().int(),
    sha256: z.string(),
    by: z.string(),
    at: z.string(),
    part: z.string(),
    fixed: z.boolean(),
  })
  .openapi("Evidence");
const asBody = (e: EvidenceItem): z.input<typeof evidenceBody> => ({
  id: e.id,
  name: e.name,
  type: e.type,
  bytes: e.bytes,
  sha256: e.sha256,
  by: e.by,
  at: new Date(e.at).toISOString(),
  part: e.part,
  fixed: e.fixed,
});
const ofRow = (r: EvidenceRow): z.input<typeof evidenceBody> => ({
  id: r.id,
  name: r.name,
  type: r.mediaType,
  bytes: r.bytes,
  sha256: r.sha256,
  by: r.uploadedByName,
  at: r.createdAt.toISOString(),
  part: r.part,
  fixed: r.submissionId !== null || r.measureId !== null,
});

/** Described as an object: what `targetSchema` asks of its fields together, the description cannot say. */
const query = z.object({
  document: uuid().optional(),
  part: optionalText(20),
  measure: uuid().optional(),
  pilot: uuid().optional(),
  name: optionalText(1000),
});
const bytes = z.string().openapi({ format: "binary" });

const noFile = /^(?:application\/([\w.+-]+\+)?json|application\/x-www-form-urlencoded)\b/i;

export function evidenceApi(api: Api): void {
  api
    .raw({
      at: "POST /evidence",
      name: "fileEvidence",
      summary:
        "Files evidence of an answer, a report (document, part) or a measure (measure, pilot): a form with one file, or the bytes themselves",
      tag: "evidence",
      query,
      takes: {
        "multipart/form-data": { schema: z.object({ file: bytes }) },
        "application/octet-stream": { schema: bytes },
      },
      gives: { "application/json": { schema: evidenceBody } },
      status: 201,
      run: async ({ actor, query: asked, request, context }) => {
        if (noFile.test(request.headers.get("content-type") ?? ""))
          throw new AppError("unsupported_media_type", 415, "no file");
        const target = parsePart(targetSchema, asked);
        const key = idempotencyKey(request);
        const named = asked.name || dispositionName(request.headers.get("content-disposition"));
        const item = await receiveEvidence(
          { request, context, actor, target },
          named,
          async (tx, add, { sha256, name }) => {
            // An earlier release took the digest without the name.
            const nameless = ["post", "/evidence", target, sha256];
            const digests = { requestSha256: sealOf([...nameless, name]), earlierSha256: sealOf(nameless) };
            const sent = key === null ? null : { key, ...digests, status: 201 };
            return (await once(tx, actor, sent, add)).response as EvidenceItem;
          },
        );
        return Response.json(asBody(item), { status: 201, headers: { Location: `/api/v1/evidence/${item.id}` } });
      },
    })
    .raw({
      at: "GET /evidence/{id}",
      name: "getEvidence",
      summary:
        "The bytes of a file, under its own type; what is known of it where JSON is liked better (Accept, RFC 9110 12.5.1)",
      tag: "evidence",
      params: z.object({ id: uuid() }),
      gives: {
        "application/json": { schema: evidenceBody },
        ...Object.fromEntries(Object.keys(evidenceTypes).map((type) => [type, { schema: bytes }])),
      },
      negotiates: true,
      run: async ({ actor, params, request, context }) => {
        const row = await loadEvidence(await context.scope.read(actor), params.id);
        const accept = request.headers.get("accept");
        demandAcceptable(accept, [row.mediaType, "application/json"], ["application/octet-stream"]);
        if (prefersJson(accept, row.mediaType)) return Response.json(ofRow(row), { headers: { Vary: "Accept" } });
        const file = await servedEvidence(storageOf(context.env), row);
        const response = serveFile(request, file);
        response.headers.append("Vary", "Accept");
        if (response.status === 200) await noteFile(context, actor, request, file);
        return response;
      },
    });
}
