import type { ActionFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { SignInFrame } from "#app/features/identity/components/sign-in-frame.public.tsx";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { optionalText, verbatim } from "#app/platform/fields.ts";
import { taking } from "#app/request/asker.server.ts";
import { openAction, openIntent, publicLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { SubmitButton } from "#app/ui/button.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Notice } from "#app/ui/notice.tsx";
import type { RouteHandle } from "#app/ui/shell/types.ts";
import { endLetters, readerOfLetters } from "../choices.server.ts";

export const handle = { frame: "bare", script: true } satisfies RouteHandle;
export const meta: MetaFunction = () => [{ title: `${m.letters_stop()} · ${m.identity_product()}` }];

const tokenOf = (request: Request): string => new URL(request.url).searchParams.get("token") ?? "";

/** Asks first: what opens links for their reader, to see whether they are safe, must end nothing. */
export const loader = publicLoader(
  { at: "/unsubscribe", search: z.looseObject({ token: optionalText(100) }) },
  async ({ context, search: { token } }) => ({ token, reader: await readerOfLetters(context.db, token) }),
);

const form = openAction(
  { at: "/unsubscribe" },
  {
    stop: openIntent({
      schema: z.object({ token: verbatim(100) }),
      run: async ({ input, context }) =>
        (await endLetters(context.db, input.token)) ? { notice: m.letters_stopped() } : { to: "/unsubscribe" },
    }),
  },
);

/** A mail program asks with a word of its own in place of ours, and with no cookie (RFC 8058). */
export const action = taking(form.takes, async (args: ActionFunctionArgs) => {
  if (!new URL(args.request.url).searchParams.has("now")) return form(args);
  const done = await endLetters(args.context.db, tokenOf(args.request));
  return new Response(done ? "ok" : "unknown", { status: done ? 200 : 404, headers: { "content-type": "text/plain" } });
});

export default function Unsubscribe() {
  const { token, reader } = useLoaderData<typeof loader>();
  const result = useResult();
  return (
    <SignInFrame title={m.letters_stop()} errors={undefined}>
      {result?.ok ? (
        <Notice tone="done" live>
          {result.notice}
        </Notice>
      ) : reader ? (
        <PostForm className="ui-stack">
          <p>{m.letters_stop_text({ name: reader.name, tenant: pick(reader.tenantName) })}</p>
          <input type="hidden" name="token" value={token} />
          <SubmitButton kind="main" name="intent" value="stop">
            {m.letters_stop()}
          </SubmitButton>
        </PostForm>
      ) : (
        <Notice tone="late">{m.letters_stop_unknown()}</Notice>
      )}
      <p>
        <Link to="/settings/notices">{m.letters_to_settings()}</Link>
      </p>
    </SignInFrame>
  );
}
