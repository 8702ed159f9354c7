import type { ActionFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { taking } from "#app/request/asker.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { z } from "zod";
import { ProfileSection } from "#app/features/identity/components/profile-section.tsx";
import { TokensSection } from "#app/features/identity/components/tokens-section.tsx";
import { SettingsFrame } from "#app/features/identity/components/settings-frame.tsx";
import { signedIn } from "#app/request/context.server.ts";
import { newTokenSchema } from "#app/features/identity/identity.schema.ts";
import { createToken, renameUser, revokeToken } from "#app/features/identity/identity.server.ts";
import { intent, openAction, openIntent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { sections, settingsView } from "#app/features/identity/settings.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { unauthenticated } from "#app/platform/errors.ts";
import { text, uuid } from "#app/platform/fields.ts";

export const meta: MetaFunction = () => [{ title: `${m.identity_settings()} · ${m.identity_product()}` }];

export const loader = pageLoader(
  { at: "/settings/:section?", params: z.object({ section: z.enum(sections).default("profile") }) },
  async ({ tx, actor, params, request, context }) => {
    const person = await signedIn(request, context);
    if (!person) throw unauthenticated();
    return settingsView(tx, actor, person, context, params.section, request);
  },
);

const account = openAction(
  { at: "/settings/:section?" },
  {
    rename: openIntent({
      schema: z.object({ name: text(100) }),
      run: async ({ person, input, context }) => {
        if (!person) throw unauthenticated();
        await renameUser(context.db, person.userId, input.name);
        return { notice: m.identity_name_saved() };
      },
    }),
  },
);

const membership = pageAction(
  { at: "/settings/:section?" },
  {
    createToken: intent({
      schema: newTokenSchema,
      stepUp: true,
      answersSecret: true,
      run: async ({ tx, actor, input }) => ({ data: await createToken(tx, actor, input) }),
    }),
    revokeToken: intent({
      schema: z.object({ tokenId: uuid() }),
      run: async ({ tx, actor, input }) => {
        await revokeToken(tx, actor, input.tokenId);
        return { notice: m.identity_token_revoked_notice() };
      },
    }),
  },
);

/** The account belongs to the person, tokens to the membership they act in. */
export const action = taking([...membership.takes, ...account.takes], (args: ActionFunctionArgs) =>
  args.params["section"] === "tokens" ? membership(args) : account(args),
);

export default function Settings() {
  const view = useLoaderData<typeof loader>();
  const result = useResult();
  return (
    <SettingsFrame section={view.section} sections={view.sections} of={view.person.email} result={result}>
      {"preferences" in view ? <ProfileSection view={view} result={result} /> : null}
      {"tokens" in view ? <TokensSection view={view} result={result} /> : null}
    </SettingsFrame>
  );
}
