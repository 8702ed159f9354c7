import { m } from "#app/i18n/paraglide/messages.js";
import type { Locale } from "#app/i18n/locale.ts";
import type { MemberRole } from "#db/roles.ts";

/** A role in the reader's words. */
export const roleName = (role: MemberRole): string => words[role]();
/** The same for somebody who reads another language: the reader of an e-mail. */
export const roleNameIn = (role: MemberRole, locale: Locale): string => words[role]({}, { locale });

const words = {
  site_officer: m.identity_role_site_officer,
  site_lead: m.identity_role_site_lead,
  regulator: m.identity_role_regulator,
  regulator_lead: m.identity_role_regulator_lead,
  assessor: m.identity_role_assessor,
  expert: m.identity_role_expert,
  national_editor: m.identity_role_national_editor,
  national_director: m.identity_role_national_director,
  auditor: m.identity_role_auditor,
  operator: m.identity_role_operator,
} as const satisfies Record<MemberRole, unknown>;
