import { z } from "zod";
import { noteFile } from "#app/features/identity/acts.server.ts";
import { type Api, idempotencyKey } from "#app/features/identity/api.server.ts";
import { serveFile } from "#app/features/identity/file.server.ts";
import { once } from "#app/features/identity/once.server.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { AppError } from "#app/platform/errors.ts";
import { uuid } from "#app/platform/fields.ts";
import { storageOf } from "#app/platform/storage.server.ts";
import { type EvidenceItem, type EvidenceRow, loadEvidence } from "./evidence.server.ts";
import { targetSchema } from "./evidence.schema.ts";
import { servedEvidence } from "./files.server.ts";
import { receiveEvidence } from "./upload.server.ts";

const evidenceBody = z
  .object({ id: z.uuid(), name: z.string(), type: z.string(), bytes: z.number().int(), sha256: z.string(), by: z.string(), at: z.string(), part: z.string(), fixed: z.boolean() })
  .openapi("Evidence");
const asBody = (e: EvidenceItem): z.input<typeof evidenceBody> => ({ id: e.id, name: e.name, type: e.type, bytes: e.bytes, sha256: e.sha256, by: e.by, at: new Date(e.at).toISOString(), part: e.part, fixed: e.fixed });
const ofRow = (r: EvidenceRow): z.input<typeof evidenceBody> => ({ id: r.id, name: r.name, type: r.mediaType, bytes: r.bytes, sha256: r.sha256, by: r.uploadedByName, at: r.createdAt.toISOString(), part: r.part, fixed: r.submissionId !== null || r.measureId !== null });

/** Described as an object: what `targetSchema` asks of its fields together, the description cannot say. */
const query = z.object({ document: z.uuid().optional(), part: z.string().optional(), measure: z.uuid().optional(), pilot: z.uuid().optional(), name: z.string().max(1000).optional() });
const bytes = z.string().openapi({ format: "binary" });

/** A name that came beside the bytes: `?name=`, or Content-Disposition (RFC 6266). */
function nameOf(request: Request, given: string | undefined): string {
  if (given) return given;
  const header = request.headers.get("content-disposition") ?? "";
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  try {
    return extended ? decodeURIComponent(extended) : (/filename="([^"]*)"/i.exec(header)?.[1] ?? "");
  } catch {
    return "";
  }
}

const wantsJson = (request: Request): boolean => /\bapplication\/json\b/i.test(request.headers.get("accept") ?? "");
const noFile = /^(?:application\/([\w.+-]+\+)?json|application\/x-www-form-urlencoded)\b/i;

export function evidenceApi(api: Api): void {
  api
    .raw({
      at: "POST /evidence",
      summary: "Files evidence of an answer, a report (document, part) or a measure (measure, pilot): a form with one file, or the bytes themselves",
      tag: "evidence",
      query,
      takes: { "multipart/form-data": { schema: z.object({ file: bytes }) }, "application/octet-stream": { schema: bytes } },
      gives: { "application/json": { schema: evidenceBody } },
      status: 201,
      run: async ({ actor, query: asked, request, context }) => {
        if (noFile.test(request.headers.get("content-type") ?? "")) throw new AppError("unsupported_media_type", 415, "no file");
        const target = targetSchema.safeParse(asked);
        if (!target.success) throw new AppError("invalid", 422, "target", { fieldErrors: Object.fromEntries(target.error.issues.map((i) => [i.path.join(".") || "document", [i.message]])) });
        const key = idempotencyKey(request);
        const item = await receiveEvidence({ request, context, actor, target: target.data }, nameOf(request, asked.name), async (tx, add, { sha256, name }) => {
          const request = key === null ? null : { key, requestSha256: sealOf(["post", "/evidence", target.data, sha256, name]), status: 201 };
          return (await once(tx, actor, request, add)).response as EvidenceItem;
        });
        return Response.json(asBody(item), { status: 201, headers: { Location: `/api/v1/evidence/${item.id}` } });
      },
    })
    .raw({
      at: "GET /evidence/{id}",
      summary: "The bytes of a file; what is known of it where JSON alone is accepted",
      tag: "evidence",
      params: z.object({ id: uuid() }),
      gives: { "application/octet-stream": { schema: bytes }, "application/json": { schema: evidenceBody } },
      run: async ({ actor, params, request, context }) => {
        const row = await loadEvidence(await context.scope.read(actor), params.id);
        if (wantsJson(request)) return Response.json(ofRow(row));
        const file = await servedEvidence(storageOf(context.env), row);
        const response = serveFile(request, file);
        if (response.status === 200) await noteFile(context, actor, request, file);
        return response;
      },
    });
}
