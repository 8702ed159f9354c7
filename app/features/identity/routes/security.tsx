import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { FactorsSection } from "#app/features/identity/components/factors-section.tsx";
import { SecuritySection } from "#app/features/identity/components/security-section.tsx";
import { SettingsFrame } from "#app/features/identity/components/settings-frame.tsx";
import { signedIn } from "#app/request/context.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { beginTotp } from "#app/features/identity/factors.server.ts";
import { partyOf } from "#app/features/identity/passkeys.server.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { securityView, settingsSections } from "#app/features/identity/settings.server.ts";
import { isFresh } from "#app/request/step-up.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { known, securityAction } from "../security.actions.server.ts";

export const meta: MetaFunction = () => [{ title: `${m.identity_section_security()} · ${m.identity_product()}` }];

export const loader = pageLoader(
  { at: "/settings/security", search: z.object({ enrol: z.literal("totp").optional().catch(undefined) }) },
  async ({ request, context, actor, search }) => {
    const person = known(await signedIn(request, context));
    const fresh = await isFresh(context.db, person);
    return {
      ...(await securityView(context, person)),
      sections: settingsSections(actor.role),
      fresh,
      passkeysHere: partyOf(request, context) !== null,
      enrolment: search.enrol === "totp" && fresh ? await beginTotp(context.db, person) : null,
    };
  },
);
export const action = securityAction;

export default function Security() {
  const view = useLoaderData<typeof loader>();
  const result = useResult();
  return (
    <SettingsFrame section="security" sections={view.sections} of={view.person.email} result={result}>
      <FactorsSection view={view} result={result} />
      <SecuritySection view={view} result={result} />
    </SettingsFrame>
  );
}
