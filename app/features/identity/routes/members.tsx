import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { clearFactors, switchAccount } from "#app/features/identity/accounts.server.ts";
import { MembersSection } from "#app/features/identity/components/members-section.tsx";
import { SettingsFrame } from "#app/features/identity/components/settings-frame.tsx";
import { newInvitationSchema } from "#app/features/identity/identity.schema.ts";
import { endMembership } from "#app/features/identity/identity.server.ts";
import { invite, revokeInvitation } from "#app/features/identity/invitations.server.ts";
import { linkOrigin } from "#app/features/identity/mail.server.ts";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { membersView, settingsSections } from "#app/features/identity/settings.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid } from "#app/platform/fields.ts";

export const meta: MetaFunction = () => [{ title: `${m.identity_section_members()} · ${m.identity_product()}` }];

export const loader = pageLoader({ at: "/settings/members" }, async ({ tx, actor }) => ({
  email: actor.email,
  sections: settingsSections(actor.role),
  people: await membersView(tx, actor),
}));

export const action = pageAction(
  { at: "/settings/members" },
  {
    invite: intent({
      schema: newInvitationSchema,
      run: async ({ tx, actor, input, context, request }) => {
        await invite(tx, actor, input, { origin: linkOrigin(context, request) });
        return { notice: m.signin_invited({ name: input.name, email: input.email }) };
      },
    }),
    revokeInvitation: intent({
      schema: z.object({ invitationId: uuid() }),
      run: async ({ tx, actor, input }) => {
        await revokeInvitation(tx, actor, input.invitationId);
        return { notice: m.signin_invitation_revoked() };
      },
    }),
    switchAccount: intent({
      schema: z.object({ accountId: uuid(), off: z.enum(["0", "1"]) }),
      stepUp: true,
      run: async ({ tx, actor, input }) => {
        await switchAccount(tx, actor, input.accountId, input.off === "1");
        return { notice: input.off === "1" ? m.signin_account_off() : m.signin_account_on() };
      },
    }),
    clearFactors: intent({
      schema: z.object({ accountId: uuid() }),
      stepUp: true,
      run: async ({ tx, actor, input }) => {
        await clearFactors(tx, actor, input.accountId);
        return { notice: m.signin_factors_cleared() };
      },
    }),
    endMembership: intent({
      schema: z.object({ membershipId: uuid() }),
      run: async ({ tx, actor, input }) => {
        await endMembership(tx, actor, input.membershipId);
        return { notice: m.identity_member_ended() };
      },
    }),
  },
);

export default function Members() {
  const { email, sections, people } = useLoaderData<typeof loader>();
  const result = useResult();
  return (
    <SettingsFrame section="members" sections={sections} of={email} result={result}>
      <MembersSection people={people} result={result} />
    </SettingsFrame>
  );
}
