import type { ActionFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { MembersSection } from "#app/features/identity/components/members-section.tsx";
import { ProfileSection } from "#app/features/identity/components/profile-section.tsx";
import { TokensSection } from "#app/features/identity/components/tokens-section.tsx";
import { SettingsFrame } from "#app/features/identity/components/settings-frame.tsx";
import { signedIn } from "#app/features/identity/context.server.ts";
import { newInvitationSchema, newTokenSchema } from "#app/features/identity/identity.schema.ts";
import { clearFactors, switchAccount } from "#app/features/identity/accounts.server.ts";
import { createToken, endMembership, renameUser, revokeToken } from "#app/features/identity/identity.server.ts";
import { invite, revokeInvitation } from "#app/features/identity/invitations.server.ts";
import { linkOrigin } from "#app/features/identity/mail.server.ts";
import { type ActionResult, intent, openAction, openIntent, pageAction, pageLoader } from "#app/features/identity/route.server.ts";
import { sections, settingsView } from "#app/features/identity/settings.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { unauthenticated } from "#app/platform/errors.ts";
import { text, uuid } from "#app/platform/fields.ts";

export const meta: MetaFunction = () => [{ title: `${m.identity_settings()} · ${m.identity_product()}` }];

export const loader = pageLoader(
  { can: "settings.own", params: z.object({ section: z.enum(sections).default("profile") }) },
  async ({ tx, actor, params, request, context }) => {
    const person = await signedIn(request, context);
    if (!person) throw unauthenticated();
    return settingsView(tx, actor, person, context, params.section, request);
  },
);

const account = openAction(
  {},
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
  {},
  {
    createToken: intent({ can: "tokens.own", schema: newTokenSchema, stepUp: true, run: async ({ tx, actor, input }) => ({ data: await createToken(tx, actor, input) }) }),
    revokeToken: intent({
      can: "tokens.own",
      schema: z.object({ tokenId: uuid() }),
      run: async ({ tx, actor, input }) => {
        await revokeToken(tx, actor, input.tokenId);
        return { notice: m.identity_token_revoked_notice() };
      },
    }),
    invite: intent({
      can: "members.write",
      schema: newInvitationSchema,
      run: async ({ tx, actor, input, context, request }) => {
        await invite(tx, actor, input, { origin: linkOrigin(context, request) });
        return { notice: m.signin_invited({ name: input.name, email: input.email }) };
      },
    }),
    revokeInvitation: intent({
      can: "members.write",
      schema: z.object({ invitationId: uuid() }),
      run: async ({ tx, actor, input }) => {
        await revokeInvitation(tx, actor, input.invitationId);
        return { notice: m.signin_invitation_revoked() };
      },
    }),
    switchAccount: intent({
      can: "tenants.write",
      schema: z.object({ accountId: uuid(), off: z.enum(["0", "1"]) }),
      stepUp: true,
      run: async ({ tx, actor, input }) => {
        await switchAccount(tx, actor, input.accountId, input.off === "1");
        return { notice: input.off === "1" ? m.signin_account_off() : m.signin_account_on() };
      },
    }),
    clearFactors: intent({
      can: "tenants.write",
      schema: z.object({ accountId: uuid() }),
      stepUp: true,
      run: async ({ tx, actor, input }) => {
        await clearFactors(tx, actor, input.accountId);
        return { notice: m.signin_factors_cleared() };
      },
    }),
    endMembership: intent({
      can: "members.write",
      schema: z.object({ membershipId: uuid() }),
      run: async ({ tx, actor, input }) => {
        await endMembership(tx, actor, input.membershipId);
        return { notice: m.identity_member_ended() };
      },
    }),
  },
);

/** The account belongs to the person, tokens and people to the membership he acts in. */
export const action = (args: ActionFunctionArgs) =>
  args.params["section"] === "tokens" || args.params["section"] === "members" ? membership(args) : account(args);

export default function Settings() {
  const view = useLoaderData<typeof loader>();
  const result = useActionData() as ActionResult | undefined;
  return (
    <SettingsFrame section={view.section} of={view.person.email} result={result}>
      {"preferences" in view ? <ProfileSection view={view} result={result} /> : null}
      {"tokens" in view ? <TokensSection view={view} result={result} /> : null}
      {"members" in view ? <MembersSection view={view} result={result} /> : null}
    </SettingsFrame>
  );
}
