import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { SettingsFrame } from "#app/features/identity/components/settings-frame.tsx";
import { linkOrigin } from "#app/features/identity/mail.server.ts";
import { settingsSections } from "#app/features/identity/settings.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { endCalendar, makeCalendar, myCalendar } from "../calendar.server.ts";
import { CalendarSection } from "../components/calendar-section.tsx";

export const meta: MetaFunction = () => [{ title: `${m.calendar_title()} · ${m.identity_product()}` }];

export const loader = pageLoader({ at: "/settings/calendar" }, async ({ tx, actor }) => ({
  email: actor.email,
  sections: settingsSections(actor.role),
  calendar: await myCalendar(tx, actor),
}));

export const action = pageAction(
  { at: "/settings/calendar" },
  {
    make: intent({
      schema: z.object({}),
      answersSecret: true,
      run: async ({ tx, actor, request, context }) => ({
        data: { url: `${linkOrigin(context, request)}/calendar/${await makeCalendar(tx, actor)}.ics` },
      }),
    }),
    end: intent({
      schema: z.object({}),
      run: async ({ tx, actor }) => {
        await endCalendar(tx, actor);
        return { notice: m.calendar_ended() };
      },
    }),
  },
);

export default function CalendarSettings() {
  const { email, sections, calendar } = useLoaderData<typeof loader>();
  const result = useResult();
  const made = result?.ok && result.intent === "make" ? (result.data as { url: string }).url : null;
  return (
    <SettingsFrame section="calendar" sections={sections} of={email} result={result}>
      <CalendarSection calendar={calendar} made={made} />
    </SettingsFrame>
  );
}
