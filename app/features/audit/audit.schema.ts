import { z } from "zod";
import { orNone } from "#app/platform/form-values.ts";
import { day, optionalText, uuid, whole } from "#app/platform/fields.ts";

/** What may stand in an entry: kinds of acts. Those but the first come from the application or from accounts. */
export const auditEntryKinds = [
  "transition",
  "change",
  "sign_in",
  "sign_out",
  "sign_in_failed",
  "member_added",
  "member_ended",
  "token_created",
  "token_revoked",
  "password_changed",
  "invitation_sent",
  "invitation_accepted",
  "invitation_revoked",
  "factor_added",
  "factor_removed",
  "recovery_codes_made",
  "recovery_used",
  "identity_linked",
  "account_renamed",
  "account_disabled",
  "account_enabled",
  "break_glass_read",
  "download",
  "export",
  "refusal",
  "reminder",
  "isolation",
] as const;
export type AuditEntryKind = (typeof auditEntryKinds)[number];

/** What a reader filters by; lives in the address. `before` is the cursor: the number of the last row seen. */
export const auditSearch = z.object({
  act: orNone(z.enum(auditEntryKinds)),
  who: orNone(optionalText(100)),
  object: orNone(uuid()),
  from: orNone(day()),
  to: orNone(day()),
  before: orNone(whole(1, Number.MAX_SAFE_INTEGER)),
});
export type AuditSearch = z.output<typeof auditSearch>;
