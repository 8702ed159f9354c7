import type { z } from "zod";
import { AppError, malformed } from "./errors.ts";
import { judgeFieldCount, judgeJson, judgeParameterCount, knownFields, namesOf } from "./shape.rules.ts";

/*
 * The one place where forms, queries and JSON bodies are read (`tests/house/incoming.test.ts` holds it to that). Files are
 * streamed elsewhere and never come here.
 */

/**
 * A form's fields as they were sent, urlencoded or multipart; files in it are left out. Its body is limited in bytes before
 * (`http.server.ts`).
 * @throws malformed, form_too_many_fields
 */
export async function readFields(request: Request): Promise<[string, string][]> {
  const type = request.headers.get("content-type") ?? "";
  try {
    if (/^application\/x-www-form-urlencoded\b/i.test(type)) return urlencoded(await request.text());
    const boundary = /^multipart\/form-data\b.*\bboundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
    if (boundary)
      return await multipart(new Uint8Array(await request.arrayBuffer()), type, boundary[1] ?? boundary[2] ?? "");
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw malformed({ cause: error, logMessage: `body is no form: ${String(error)}` });
  }
  throw malformed({ logMessage: `body is no form: ${type.slice(0, 60)}` });
}

function urlencoded(text: string): [string, string][] {
  judgeFieldCount(occurrences(text, "&") + 1);
  return [...new URLSearchParams(text)];
}

async function multipart(bytes: Uint8Array<ArrayBuffer>, type: string, boundary: string): Promise<[string, string][]> {
  judgeFieldCount(occurrences(Buffer.from(bytes.buffer), `--${boundary}`));
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
  return [...form].filter((field): field is [string, string] => typeof field[1] === "string");
}

function occurrences(of: { indexOf(what: string, from: number): number }, what: string): number {
  let count = 0;
  for (let at = of.indexOf(what, 0); at >= 0; at = of.indexOf(what, at + what.length)) count += 1;
  return count;
}

/** Of a form's fields those that the schema has, ready for the library that unfolds names. @throws as `knownFields` */
export const fieldsFor = (fields: Iterable<readonly [string, string]>, schema: z.core.$ZodType): URLSearchParams =>
  new URLSearchParams(knownFields(fields, namesOf(schema)));

/** The query of an address by name; of a name that stands there twice the last. @throws query_too_long */
export function readQuery(url: string | URL): Record<string, string> {
  const { searchParams } = new URL(url);
  judgeParameterCount(searchParams.size);
  return Object.fromEntries(searchParams);
}

/** The body as JSON. @throws unsupported_media_type, malformed_json, json_too_deep, json_too_long */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type))
    throw new AppError("unsupported_media_type", 415, `content type ${type.slice(0, 60)}`);
  try {
    const text = await request.text();
    judgeJson(text);
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw malformed({ code: "malformed_json", cause: error });
  }
}
