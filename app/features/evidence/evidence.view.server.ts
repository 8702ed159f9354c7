import { type ActionFunctionArgs, json, redirect } from "@remix-run/node";
import { z } from "zod";
import type { Actor } from "#app/request/actor.ts";
import { flashCookie } from "#app/request/flash.server.ts";
import { asResponse, type Base, errorText, requireActor, taking } from "#app/request/asker.server.ts";
import { intentField, issueText } from "#app/request/page.server.ts";
import { permissionOfIntent } from "#app/request/access.rules.ts";
import { getLocale } from "#app/i18n/paraglide/runtime.js";
import { m } from "#app/i18n/paraglide/messages.js";
import { readFields, readQuery } from "#app/platform/body.server.ts";
import { AppError, notFound } from "#app/platform/errors.ts";
import { uuid } from "#app/platform/fields.ts";
import type { Tx } from "#db/client.server.ts";
import { filedBytes, evidenceOfTarget, placeOfTarget } from "./evidence.server.ts";
import { type Target, targetSchema } from "./evidence.schema.ts";
import { discardEvidence, receiveEvidence } from "./upload.server.ts";

/** The files of one answer, report or measure, and whether more may be added. */
export async function evidencePage(
  tx: Tx,
  actor: Actor,
  target: Target,
  { UPLOAD_MAX_MB: maxMb, UPLOAD_QUOTA_MB: quotaMb }: { UPLOAD_MAX_MB: number; UPLOAD_QUOTA_MB: number },
) {
  const place = await placeOfTarget(tx, actor, target);
  const [items, filed] = await Promise.all([evidenceOfTarget(tx, place), place.open ? filedBytes(tx, place) : 0]);
  return {
    title: place.title,
    of: place.of,
    back: place.back,
    open: place.open,
    approved: place.approved,
    measure: place.measureId !== null,
    items,
    maxMb,
    quotaMb,
    filed,
  };
}

/** What the page gets back when a file was not taken. */
export interface Refused {
  ok: false;
  message: string;
}

const ofFile = z.object({ evidenceId: uuid() });

/**
 * Adding a file (a multipart body, streamed: it is never in memory as a whole) or taking one away (an ordinary form), then
 * back to the list. Which object it is about stands in the address, so it is known before the body is read.
 */
export const evidenceAction = taking([targetSchema, ofFile], evidenceActed);

async function evidenceActed({ request, context }: ActionFunctionArgs): Promise<Response> {
  const base: Base = { request, context, locale: getLocale() };
  try {
    const adding = /^multipart\/form-data\b/i.test(request.headers.get("content-type") ?? "");
    const actor = await requireActor(base, permissionOfIntent("/evidence", adding ? "add" : "remove"));
    const target = targetSchema.safeParse(readQuery(request.url));
    if (!target.success) throw notFound({ logMessage: "evidence of nothing" });
    const done = await (adding ? add(base, actor, target.data) : remove(base, actor));
    const to = `/evidence?${new URLSearchParams(Object.entries(target.data).filter((e): e is [string, string] => typeof e[1] === "string" && e[1] !== "")).toString()}`;
    return redirect(to, { headers: { "Set-Cookie": flashCookie({ tone: "done", text: done }, context.env.https) } });
  } catch (error) {
    const mendable = error instanceof AppError && [409, 413, 422].includes(error.status);
    if (!mendable) throw await asResponse(error, base);
    const [first] = Object.values(error.fieldErrors ?? {}).flat();
    return json<Refused>(
      { ok: false, message: first ? issueText({ message: first }, base.locale) : errorText(error, base.locale) },
      { status: error.status },
    );
  }
}

async function add({ request, context }: Base, actor: Actor, target: Target): Promise<string> {
  const item = await receiveEvidence({ request, context, actor, target }, null);
  return m.evidence_added({ name: item.name });
}

async function remove({ request, context }: Base, actor: Actor): Promise<string> {
  const form = new Map(await readFields(request));
  if (form.get(intentField) !== "remove") throw new AppError("unknown_intent", 400);
  const parsed = ofFile.safeParse(Object.fromEntries(form));
  if (!parsed.success) throw notFound({ logMessage: "no id of evidence" });
  await discardEvidence({ context, actor }, parsed.data.evidenceId);
  return m.evidence_removed();
}
