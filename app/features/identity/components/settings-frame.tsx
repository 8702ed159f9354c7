import type { ReactNode } from "react";
import { ResultNotice } from "#app/features/identity/components/result-notice.public.tsx";
import type { ActionResult } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { PageHeader, Tabs } from "#app/ui/page.tsx";

const labels = {
  profile: m.identity_section_profile,
  security: m.identity_section_security,
  notices: m.identity_section_notices,
  calendar: m.identity_section_calendar,
  tokens: m.identity_section_tokens,
  members: m.identity_section_members,
  webhooks: m.identity_section_webhooks,
};

interface SettingsFrameProps {
  section: keyof typeof labels;
  /** Those that the reader's role opens, as their page was told. */
  sections: readonly (keyof typeof labels)[];
  /** Whose settings: the address the person signs in with. */
  of: string;
  result: ActionResult | undefined;
  children: ReactNode;
}

/** Head and tabs that all pages of the settings share, with the answer to the last act. */
export function SettingsFrame({ section, sections, of, result, children }: SettingsFrameProps) {
  const tabs = sections.map((key) => ({
    to: `/settings/${key}`,
    label: labels[key](),
    current: key === section,
  }));
  return (
    <>
      <PageHeader title={m.identity_settings()} of={of} />
      <Tabs label={m.identity_settings()} tabs={tabs} />
      <ResultNotice result={result} />
      {children}
    </>
  );
}
