import { eventLabel, stateLabel } from "#app/features/workflow/labels.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { joinList } from "#app/i18n/pick.ts";
import { formatDateTime } from "#app/i18n/format.ts";
import { hasMessage, translate } from "#app/i18n/translate.server.ts";
import { type MachineId, machineIds } from "#db/schema/index.ts";
import { countOfAll } from "./check-record.rules.ts";
import { checkRecord } from "./check-record.schema.ts";
import type { AuditEntry } from "./audit.server.ts";

/* An entry in the reader's words. */

/** A row of the page. `text`: what happened, in words. */
export interface AuditRow {
  seq: number;
  at: Date;
  who: string;
  actLabel: string;
  objectLabel: string;
  objectId: string | null;
  text: string;
  hash: string;
  request: string;
}

const isMachine = (type: string): type is MachineId => (machineIds as readonly string[]).includes(type);
const word = (key: string, otherwise: string, locale: Locale) =>
  hasMessage(key) ? translate(key, {}, locale) : otherwise;
const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";
const listOf = (value: unknown, locale: Locale): string =>
  Array.isArray(value) ? joinList(value.map(textOf), locale) : "";

function transitionText({ objectType, details: d }: AuditEntry, locale: Locale): string {
  if (!isMachine(objectType)) return textOf(d["event"]);
  const [from, to] = [
    stateLabel(objectType, textOf(d["from"]), locale),
    stateLabel(objectType, textOf(d["to"]), locale),
  ];
  const course = from === to ? to : `${from} → ${to}`;
  const reason = textOf(d["reason"]);
  const label = eventLabel(objectType, textOf(d["event"]), locale);
  return translate(
    reason ? "audit_text_transition_reason" : "audit_text_transition",
    { label, course, reason },
    locale,
  );
}
function isolationText(details: AuditEntry["details"], locale: Locale): string {
  const record = checkRecord.safeParse(details).data;
  if (!record) return "";
  const { tried, through } = countOfAll(record);
  return translate("audit_text_isolation", { tried, through, complaints: record.catalogue.complaints }, locale);
}
function furtherText(d: AuditEntry["details"], locale: Locale): string {
  const time = (value: unknown) => formatDateTime(new Date(textOf(value)));
  return translate(
    "audit_text_further",
    { further: textOf(d["further"]), from: time(d["from"]), to: time(d["to"]) },
    locale,
  );
}
function text(e: AuditEntry, locale: Locale): string {
  const d = e.details;
  switch (e.act) {
    case "transition":
      return transitionText(e, locale);
    case "change":
      return translate(
        `audit_text_${textOf(d["verb"])}`,
        { rows: textOf(d["rows"]), columns: listOf(d["columns"], locale) },
        locale,
      );
    case "sign_in":
    case "sign_out":
      return textOf(d["ip"]);
    case "sign_in_failed":
      return translate("audit_text_failures", { failures: textOf(d["failures"]) }, locale);
    case "member_added":
    case "member_ended":
    case "invitation_sent":
    case "invitation_accepted":
    case "invitation_revoked":
      return word(`identity_role_${textOf(d["role"])}`, textOf(d["role"]), locale);
    case "factor_added":
    case "factor_removed":
      return word(`audit_factor_${textOf(d["factor"])}`, textOf(d["factor"]), locale);
    case "identity_linked":
      return textOf(d["issuer"]);
    case "token_created":
    case "token_revoked":
      return `${textOf(d["name"])} · ${listOf(d["scopes"], locale)}`;
    case "download":
    case "export":
      return textOf(d["name"]) || textOf(d["path"]);
    case "refusal":
      if (typeof d["further"] === "number") return furtherText(d, locale);
      return `${textOf(d["method"])} ${textOf(d["path"])} · ${word(`audit_refused_${textOf(d["code"])}`, textOf(d["code"]), locale)}`;
    case "reminder":
      return translate(
        "audit_text_reminder",
        { documents: textOf(d["documents"]), people: textOf(d["people"]) },
        locale,
      );
    case "isolation":
      return isolationText(d, locale);
    default:
      return "";
  }
}

/**
 * An entry in words, as a line of the trail shows it. An act or a table that has no word of its own is shown by
 * its code.
 */
export function auditRow(e: AuditEntry, locale: Locale): AuditRow {
  const role = word(`identity_role_${e.role}`, word(`audit_role_${e.role}`, e.role, locale), locale);
  return {
    seq: e.seq,
    at: e.at,
    who: e.name ? translate("audit_who_role", { name: e.name, role }, locale) : role,
    actLabel: word(`audit_act_${e.act}`, e.act, locale),
    objectLabel: isMachine(e.objectType)
      ? translate(`audit_machine_${e.objectType}`, {}, locale)
      : word(`audit_table_${e.objectType}`, e.objectType, locale),
    objectId: e.objectId,
    text: e.details["elsewhere"]
      ? translate("audit_text_elsewhere", { text: text(e, locale) }, locale)
      : text(e, locale),
    hash: e.hash,
    request: e.request,
  };
}
