import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { SettingsFrame } from "#app/features/identity/components/settings-frame.tsx";
import { settingsSections } from "#app/features/identity/settings.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { ChannelsSection } from "../components/channels-section.tsx";
import { choicesOf, choicesSchema, choose } from "../choices.server.ts";

export const meta: MetaFunction = () => [{ title: `${m.letters_settings()} · ${m.identity_product()}` }];

export const loader = pageLoader({ at: "/settings/notices" }, async ({ tx, actor, context }) => ({
  email: actor.email,
  sections: settingsSections(actor.role),
  choices: await choicesOf(tx, actor),
  mailServer: context.env.SMTP_URL !== undefined,
}));

export const action = pageAction(
  { at: "/settings/notices" },
  {
    choose: intent({
      schema: choicesSchema,
      run: async ({ tx, actor, input }) => {
        await choose(tx, actor, input);
        return { notice: m.letters_saved() };
      },
    }),
    usual: intent({
      schema: z.object({}),
      run: async ({ tx, actor }) => {
        const all = await choicesOf(tx, actor);
        await choose(tx, actor, Object.fromEntries(all.map(({ kind, usual }) => [kind, usual])));
        return { notice: m.letters_saved() };
      },
    }),
  },
);

export default function NoticeSettings() {
  const { email, sections, choices, mailServer } = useLoaderData<typeof loader>();
  const result = useResult();
  return (
    <SettingsFrame section="notices" sections={sections} of={email} result={result}>
      <ChannelsSection choices={choices} mailServer={mailServer} />
    </SettingsFrame>
  );
}
