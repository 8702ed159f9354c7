import type { Submission, SubmissionResult } from "@conform-to/react";
import { parseWithZod } from "@conform-to/zod/v4";
import { type ActionFunctionArgs, json, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import type { $ZodIssue } from "zod/v4/core";
import type { z } from "zod";
import type { Locale } from "#app/i18n/locale.ts";
import { getLocale } from "#app/i18n/paraglide/runtime.js";
import { hasMessage, translate } from "#app/i18n/translate.server.ts";
import { fieldsFor, readFields } from "#app/platform/body.server.ts";
import { logFailure } from "#app/platform/context.server.ts";
import { fromDatabase } from "#app/platform/db-errors.server.ts";
import { AppError, unauthenticated } from "#app/platform/errors.ts";
import { fieldFault, splitMessage } from "#app/platform/fields.ts";
import { errorHeaders } from "#app/platform/http.server.ts";
import { type Tx, withActor } from "#db/client.server.ts";
import { type Aside, faultsOfMembers, withoutMembers } from "./aside.rules.ts";
import { inRequest, noteRefusal } from "./audit-note.server.ts";
import type { Actor } from "./actor.ts";
import { signedIn } from "./context.server.ts";
import { flashCookie } from "./flash.server.ts";
import type { SignedIn } from "./session.server.ts";
import { answered, inTurn, once, onceOfForm } from "./once.server.ts";
import { askToProve, isFresh, pathOf } from "./step-up.server.ts";
import {
  permissionOfIntent,
  type GuardedIntent,
  type GuardedPath,
  type OpenIntentName,
  type OpenPath,
  type PagePath,
  permissionOfPage,
  accessByPath,
} from "./access.rules.ts";
import {
  type Base,
  heavyWork,
  type Schema,
  type Out,
  errorText,
  asResponse,
  requireActor,
  parsePath,
  parseSearch,
  type Takes,
  taking,
} from "./asker.server.ts";

/*
 * The one way from a page to the database: parse, find the session, open a transaction as that membership, check the
 * permission, run the use-case, commit. A route hands in what differs and renders what comes back.
 */

interface Acting extends Base {
  tx: Tx;
  actor: Actor;
}
/** One transaction that reads, as the caller; closed when `work` is done. */
type Reading = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

interface LoaderOptions<P, S> {
  /** The page's path; what it asks for stands in `access.rules.ts`. */
  at: GuardedPath;
  /** Path parameters. */
  params?: P;
  /** Query parameters; give defaults, a wrong one is a 400. */
  search?: S;
}

/** A loader that reads as the caller. All loaders of a request share one read transaction. */
export function pageLoader<
  P extends Schema | undefined = undefined,
  S extends Schema | undefined = undefined,
  R = unknown,
>(
  options: LoaderOptions<P, S>,
  run: (input: Acting & { params: Out<P>; search: Out<S> }) => Promise<R>,
): ((args: LoaderFunctionArgs) => Promise<R>) & Takes {
  return taking([options.params, options.search], async ({ request, params, context }: LoaderFunctionArgs) => {
    const base: Base = { request, context, locale: getLocale() };
    try {
      const actor = await requireActor(base, permissionOfPage(options.at));
      const input = {
        params: parsePath(options.params as P, params),
        search: parseSearch(options.search as S, request),
      };
      return await context.scope.reading(actor, (tx) => run({ ...base, ...input, tx, actor }));
    } catch (error) {
      throw await asResponse(error, base);
    }
  });
}

/** A loader of a page that needs no sign-in. It reads as the public, whoever asks; in the share of who asks, where that is known. */
export function publicLoader<
  P extends Schema | undefined = undefined,
  S extends Schema | undefined = undefined,
  R = unknown,
>(
  options: { at: OpenPath; params?: P; search?: S },
  run: (input: Base & { tx: Tx; params: Out<P>; search: Out<S> }) => Promise<R>,
): ((args: LoaderFunctionArgs) => Promise<R>) & Takes {
  return taking([options.params, options.search], async ({ request, params, context }: LoaderFunctionArgs) => {
    const base: Base = { request, context, locale: getLocale() };
    try {
      const input = {
        params: parsePath(options.params as P, params),
        search: parseSearch(options.search as S, request),
      };
      const person = await signedIn(request, context);
      const share = person?.actor ? { tenantId: person.actor.tenantId, userId: person.userId } : {};
      return await context.scope.reading({ level: "public", secret: null, ...share }, (tx) =>
        run({ ...base, ...input, tx }),
      );
    } catch (error) {
      throw await asResponse(error, base);
    }
  });
}

/** What a form gets back. `lastResult` goes into useForm and keeps what was typed. */
interface ActionFailure {
  ok: false;
  intent: string;
  lastResult: SubmissionResult<string[]>;
  error: { code: string; message: string; extra: Readonly<Record<string, unknown>> } | null;
}
interface ActionSuccess {
  ok: true;
  intent: string;
  /** Told to the person once, in their language. */
  notice: string | null;
  /** What the page may want to show beside it. */
  data: unknown;
}
export type ActionResult = ActionFailure | ActionSuccess;

/** Whoever has not proved who they are within ten minutes does so first; a function says for which inputs. Their form is kept meanwhile. */
type StepUp<S extends Schema> = boolean | ((input: z.output<S>) => boolean);

interface Intent<P, S extends Schema, B = unknown> {
  schema: S;
  /** Fields that are never sent back with a form that failed: passwords. */
  secret?: readonly string[];
  stepUp?: StepUp<S>;
  /** List of the form whose members are things of their own: a faulty one is handed to `run` beside the others. */
  each?: string;
  /** What it answers with is a secret that is shown once: it is not kept for a repeat of the form, which acts anew. */
  answersSecret?: boolean;
  /** Slow work before the write transaction, with none held open: rendering. `run` is handed what it gives, and asks again whether it still holds. */
  prepare?(
    input: Base & {
      actor: Actor;
      params: Out<P>;
      input: z.output<S>;
      read: Reading;
      heavy<T>(work: () => Promise<T>): Promise<T>;
    },
  ): Promise<B>;
  /** Returns a notice to show, a page to go to, or both; throw AppError to refuse. */
  run(
    input: Acting & { params: Out<P>; input: z.output<S>; prepared: B; aside: readonly Aside[] },
  ): Promise<{ notice?: string; to?: string; data?: unknown } | void>;
}
/** Ties the schema of an intent to its use-case. */
export const intent = <P extends Schema | undefined, S extends Schema, B = unknown>(
  of: Intent<P, S, B>,
): Intent<P, Schema> => of;

/** The message of an issue in the reader's language. What is none of our keys is a check without words of its own. */
export function issueText(issue: { message?: string | undefined }, locale: Locale): string {
  const { key, params } = splitMessage(issue.message ?? "");
  return hasMessage(key) ? translate(key, params, locale) : translate("error_field_invalid", {}, locale);
}

function formatIssues(locale: Locale) {
  return (issues: $ZodIssue[]): string[] => issues.map((i) => issueText(i, locale));
}

/** Name of the submit button's field that tells which act of a page is meant. */
export const intentField = "intent";

/** Field errors of a use-case in the reader's language. */
const fieldTexts = (error: AppError, locale: Locale): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(error.fieldErrors ?? {}).map(([field, messages]) => [
      field,
      messages.map((message) => issueText({ message }, locale)),
    ]),
  );

interface Parsed<I extends string> {
  name: I;
  /** As it was sent, with names that no schema has. */
  fields: readonly [string, string][];
  /** What does not go back to the reader. */
  hideFields: string[];
  submission: Submission<unknown, string[], unknown>;
  /** Faulty members of the list that is taken one by one. */
  aside: readonly Aside[];
}

const isOneOf = <I extends string>(intents: Readonly<Record<I, unknown>>, name: string): name is I =>
  Object.hasOwn(intents, name);

/** Reads the form and its intent. What does not even name a known act is answered with a page. */
async function readForm<I extends string>(
  base: Base,
  intents: Readonly<Record<I, { schema: Schema; secret?: readonly string[]; each?: string }>>,
): Promise<Parsed<I>> {
  const fields = await readFields(base.request);
  const name = fields.find(([field]) => field === intentField)?.[1] ?? "";
  if (!isOneOf(intents, name)) throw new AppError("unknown_intent", 400, `unknown intent ${name.slice(0, 40)}`);
  const chosen = intents[name];
  const judge = (some: readonly (readonly [string, string])[]) =>
    parseWithZod(fieldsFor(some, chosen.schema), {
      schema: chosen.schema,
      error: fieldFault,
      formatError: formatIssues(base.locale),
    });
  const whole = judge(fields);
  const parsed = (chosen.each === undefined ? null : withoutFaulty(whole, fields, chosen.each, judge)) ?? {
    submission: whole,
    aside: [],
  };
  return { name, fields, hideFields: [...(chosen.secret ?? [])], ...parsed };
}

type Fields = readonly (readonly [string, string])[];
/** The form without the members of a list that are at fault; null when nothing else is left, or something else is at fault. */
function withoutFaulty(
  whole: Submission<unknown, string[], unknown>,
  fields: Fields,
  list: string,
  judge: (fields: Fields) => Submission<unknown, string[], unknown>,
): Pick<Parsed<string>, "submission" | "aside"> | null {
  const faults = Object.entries(whole.status === "error" ? (whole.error ?? {}) : {});
  const bad = faultsOfMembers(list, Object.fromEntries(faults.map(([name, texts]) => [name, texts ?? []])));
  if (!bad) return null;
  const rest = withoutMembers(fields, list, new Set(bad.keys()));
  const submission = judge(rest.fields);
  if (submission.status !== "success") return null;
  return { submission, aside: [...bad].map(([at, errors]) => ({ given: rest.out.get(at), errors })) };
}

/** Sends whoever has not proved who they are of late to do so. @throws the redirect */
async function stepUp(
  { request, context }: Base,
  { fields, hideFields, submission }: Parsed<string>,
  wanted: StepUp<Schema> | undefined,
): Promise<void> {
  if (!wanted || submission.status !== "success") return;
  if (typeof wanted === "function" && !wanted(submission.value)) return;
  const person = await signedIn(request, context);
  if (person && !(await isFresh(context.db, person)))
    await askToProve(context.db, person, { request, fields, secret: hideFields });
}

type Answer = { notice?: string; to?: string; data?: unknown; headers?: HeadersInit } | void;

/** The common end of every action: the form back as typed, a notice, or the next page. */
async function conclude(
  base: Base,
  { name, hideFields, submission }: Parsed<string>,
  run: () => Promise<Answer>,
): Promise<Response> {
  if (submission.status !== "success") {
    return json<ActionFailure>(
      { ok: false, intent: name, lastResult: submission.reply({ hideFields }), error: null },
      { status: 422 },
    );
  }
  try {
    const answer = await run();
    const headers = new Headers(answer?.headers);
    if (answer?.to) {
      if (answer.notice)
        headers.append("Set-Cookie", flashCookie({ tone: "done", text: answer.notice }, base.context.env.https));
      return redirect(answer.to, { headers });
    }
    return json<ActionSuccess>(
      { ok: true, intent: name, notice: answer?.notice ?? null, data: answer?.data ?? null },
      { headers },
    );
  } catch (error) {
    const known = error instanceof AppError ? error : error instanceof Response ? null : fromDatabase(error);
    // Who may not, what is not there and what is down get a page; what can be mended, or waited for, gets the form back as typed.
    if (!known || known.status === 403 || known.status === 404 || (known.status >= 500 && !passing.has(known.code)))
      throw error;
    await noteRefusal(known, base.context, base.request);
    logFailure(base.context, base.request, error, known);
    const message = errorText(known, base.locale);
    const lastResult = submission.reply({
      formErrors: [message],
      fieldErrors: fieldTexts(known, base.locale),
      hideFields,
    });
    return json<ActionFailure>(
      { ok: false, intent: name, lastResult, error: { code: known.code, message, extra: known.extra } },
      { status: known.status, headers: errorHeaders(known) },
    );
  }
}

/** Failures of ours that leave pages to be read: the form is sent again when they have passed. */
const passing: ReadonlySet<string> = new Set(["busy", "no_space", "storage_unavailable"]);

const schemasOf = (intents: Readonly<Record<string, { schema: Schema }>>): Schema[] =>
  Object.values(intents).map(({ schema }) => schema);

interface ActionOptions<At, P> {
  at: At;
  params?: P;
  /** Throws notFound for an object in the address that is not the caller's, whatever the act then looks at. */
  guardObject?(tx: Tx, params: Out<P>, actor: Actor): Promise<unknown>;
}

/**
 * An action with several acts, told apart by `intent`: all those of its page that `access.rules.ts` lets roles do, no other.
 * One write transaction; all of it happens or nothing. The same form sent again, after an answer that was lost or by a double
 * click, gets the answer of the first and is no second act.
 */
export function pageAction<At extends PagePath, P extends Schema | undefined = undefined>(
  options: ActionOptions<At, P>,
  intents: Readonly<Record<GuardedIntent<At>, Intent<P, Schema>>>,
): ((args: ActionFunctionArgs) => Promise<Response>) & Takes {
  return taking([options.params, ...schemasOf(intents)], async ({ request, params, context }: ActionFunctionArgs) => {
    const base: Base = { request, context, locale: getLocale() };
    try {
      const parsed = await readForm(base, intents);
      const chosen = intents[parsed.name];
      const actor = await requireActor(base, permissionOfIntent(options.at, parsed.name));
      const path = parsePath(options.params as P, params);
      await stepUp(base, parsed, chosen.stepUp);
      return await conclude(base, parsed, async () => {
        const { aside } = parsed;
        const given = { ...base, actor, params: path, input: (parsed.submission as { value: unknown }).value, aside };
        const read: Reading = (work) => withActor(context.db.read, actor, work);
        const sent = chosen.answersSecret ? null : onceOfForm(pathOf(request), parsed.fields);
        // What was done already is not prepared again: it could not be.
        const told = sent && chosen.prepare ? await read((tx) => answered(tx, actor, sent)) : null;
        if (told) return told.response as Answer;
        const prepared = await chosen.prepare?.({ ...given, read, heavy: (work) => heavyWork(base, actor, work) });
        const act = async (tx: Tx) => {
          await options.guardObject?.(tx, path, actor);
          return once(tx, actor, sent, async () => (await chosen.run({ ...given, tx, prepared })) ?? {});
        };
        return (await inTurn(() => withActor(context.db.write, inRequest(actor, context), act))).response as Answer;
      });
    } catch (error) {
      throw await asResponse(error, base);
    }
  });
}

/** An act outside any membership: signing in, one's own account, a comment from the public. It opens what transaction it needs. */
export interface OpenIntent<P, S extends Schema> {
  schema: S;
  /** As with Intent. */
  secret?: readonly string[];
  stepUp?: StepUp<S>;
  run(input: Base & { person: SignedIn | null; params: Out<P>; input: z.output<S> }): Promise<Answer>;
}
export const openIntent = <P extends Schema | undefined, S extends Schema>(
  of: OpenIntent<P, S>,
): OpenIntent<P, Schema> => of;

/** As pageAction, for acts that need no membership. */
export function openAction<At extends PagePath, P extends Schema | undefined = undefined>(
  options: { at: At; params?: P },
  intents: Readonly<Record<OpenIntentName<At>, OpenIntent<P, Schema>>>,
): ((args: ActionFunctionArgs) => Promise<Response>) & Takes {
  return taking([options.params, ...schemasOf(intents)], async ({ request, params, context }: ActionFunctionArgs) => {
    const base: Base = { request, context, locale: getLocale() };
    try {
      const parsed = await readForm(base, intents);
      const chosen = intents[parsed.name];
      const person = await signedIn(request, context);
      if (!person && accessByPath[options.at].acts?.[parsed.name] === "signedIn") throw unauthenticated();
      const path = parsePath(options.params as P, params);
      await stepUp(base, parsed, chosen.stepUp);
      return await conclude(base, parsed, () =>
        chosen.run({ ...base, person, params: path, input: (parsed.submission as { value: unknown }).value }),
      );
    } catch (error) {
      throw await asResponse(error, base);
    }
  });
}
