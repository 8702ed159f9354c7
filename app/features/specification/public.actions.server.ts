import { type ActionFunctionArgs, json } from "@remix-run/node";
import { errorText, taking } from "#app/request/asker.server.ts";
import { issueText } from "#app/request/page.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { getLocale } from "#app/i18n/paraglide/runtime.js";
import { readFields } from "#app/platform/body.server.ts";
import { fromDatabase } from "#app/platform/db-errors.server.ts";
import { AppError } from "#app/platform/errors.ts";
import { fieldFault } from "#app/platform/fields.ts";
import { withActor } from "#db/client.server.ts";
import { findByNumber } from "./edition.server.ts";
import type { CommentResult } from "./components/cover.public.tsx";
import { addComment } from "./published.server.ts";
import { commentSchema } from "./specification.schema.ts";

const shown = ["clauseId", "text", "proposal", "authorName", "authorOrganisation"] as const;

/** What is no form gets a page that says so. @throws what is no AppError */
function unread(error: unknown, locale: Locale, requestId: string): Response {
  if (!(error instanceof AppError)) throw error;
  return json({ code: error.code, message: errorText(error, locale), requestId }, { status: error.status });
}

/** Takes a comment from anyone; the page comes back with the thanks, or with what was typed and what is wrong with it. */
export const commentAction = taking([commentSchema], comment);

async function comment({ request, params, context }: ActionFunctionArgs): Promise<Response> {
  const locale = getLocale();
  const fields = await readFields(request).catch((error: unknown) => {
    throw unread(error, locale, context.requestId);
  });
  const typed = new Map(fields);
  const values = Object.fromEntries(shown.map((name) => [name, (typed.get(name) ?? "").slice(0, 10_000)]));
  const answer = (errors: Record<string, string[]>, status: number) =>
    json<CommentResult>({ ok: false, errors, values }, { status });
  const parsed = commentSchema.safeParse(values, { error: fieldFault });
  if (!parsed.success) {
    const errors: Record<string, string[]> = {};
    for (const issue of parsed.error.issues)
      (errors[String(issue.path[0] ?? "")] ??= []).push(issueText(issue, locale));
    return answer(errors, 422);
  }
  try {
    const specification = await withActor(context.db.read, { level: "public", secret: null }, (tx) =>
      findByNumber(tx, params["number"] ?? ""),
    );
    await addComment(
      context.db,
      { ...parsed.data, specificationId: specification.id },
      { ip: context.clientIp, at: Date.now() },
    );
    return json<CommentResult>({ ok: true, errors: {}, values: {} });
  } catch (error) {
    const known = error instanceof AppError ? error : fromDatabase(error);
    if (!known) throw error;
    const fields = Object.fromEntries(
      Object.entries(known.fieldErrors ?? {}).map(([f, list]) => [
        f,
        list.map((message) => issueText({ message }, locale)),
      ]),
    );
    return answer(Object.keys(fields).length > 0 ? fields : { "": [errorText(known, locale)] }, known.status);
  }
}
