import { m } from "#app/i18n/paraglide/messages.js";
import { FilterBar } from "#app/ui/filter-bar.tsx";
import { DateInput, SearchInput, Select } from "#app/ui/inputs.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { type AuditEntryKind, auditEntryKinds, type AuditSearch } from "../audit.schema.ts";

const actWords: Record<AuditEntryKind, () => string> = {
  transition: m.audit_act_transition,
  change: m.audit_act_change,
  sign_in: m.audit_act_sign_in,
  sign_out: m.audit_act_sign_out,
  sign_in_failed: m.audit_act_sign_in_failed,
  member_added: m.audit_act_member_added,
  member_ended: m.audit_act_member_ended,
  token_created: m.audit_act_token_created,
  token_revoked: m.audit_act_token_revoked,
  password_changed: m.audit_act_password_changed,
  invitation_sent: m.audit_act_invitation_sent,
  invitation_accepted: m.audit_act_invitation_accepted,
  invitation_revoked: m.audit_act_invitation_revoked,
  factor_added: m.audit_act_factor_added,
  factor_removed: m.audit_act_factor_removed,
  recovery_codes_made: m.audit_act_recovery_codes_made,
  recovery_used: m.audit_act_recovery_used,
  identity_linked: m.audit_act_identity_linked,
  account_renamed: m.audit_act_account_renamed,
  account_disabled: m.audit_act_account_disabled,
  account_enabled: m.audit_act_account_enabled,
  break_glass_read: m.audit_act_break_glass_read,
  download: m.audit_act_download,
  export: m.audit_act_export,
  refusal: m.audit_act_refusal,
  reminder: m.audit_act_reminder,
  isolation: m.audit_act_isolation,
};

/** What a reader looks for in the trail; a GET form. */
export function AuditFilter({ filter }: { filter: Jsonify<AuditSearch> }) {
  const active = [
    ...(filter.act ? [{ name: "act", label: actWords[filter.act]() }] : []),
    ...(filter.who ? [{ name: "who", label: filter.who }] : []),
    ...(filter.object ? [{ name: "object", label: filter.object.slice(0, 8) }] : []),
    ...(filter.from ? [{ name: "from", label: m.audit_from_day({ day: filter.from }) }] : []),
    ...(filter.to ? [{ name: "to", label: m.audit_to_day({ day: filter.to }) }] : []),
  ];
  return (
    <FilterBar label={m.audit_filter()} names={["act", "who", "object", "from", "to", "before"]} active={active}>
      <SearchInput name="who" label={m.audit_who()} defaultValue={filter.who} placeholder={m.audit_who_hint()} />
      <Select
        name="act"
        label={m.audit_act()}
        empty={m.audit_all()}
        defaultValue={filter.act ?? ""}
        choices={auditEntryKinds.map((value) => ({ value, label: actWords[value]() }))}
      />
      <SearchInput name="object" label={m.audit_object_id()} defaultValue={filter.object} placeholder="00000000-…" />
      <DateInput name="from" label={m.audit_from()} defaultValue={filter.from} />
      <DateInput name="to" label={m.audit_to()} defaultValue={filter.to} />
    </FilterBar>
  );
}
