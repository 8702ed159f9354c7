import { countOfAll } from "#app/features/audit/check-record.rules.ts";
import { type Verdict, verdictOf } from "../isolation.rules.ts";
import type { ProbeKind, ProbeRole, SealedRecord } from "#app/features/audit/check-record.schema.ts";
import { formatNumber } from "#app/i18n/format.ts";
import { getLocale, type Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";

/* Kinds, roles and verdicts in the reader's words; each with options, so that a document asks in its own language. */

export const kindWords = {
  read: [m.isolation_kind_read, m.isolation_kind_read_text],
  change: [m.isolation_kind_change, m.isolation_kind_change_text],
  function: [m.isolation_kind_function, m.isolation_kind_function_text],
  trick: [m.isolation_kind_trick, m.isolation_kind_trick_text],
  role: [m.isolation_kind_role, m.isolation_kind_role_text],
  signIn: [m.isolation_kind_signIn, m.isolation_kind_signIn_text],
  server: [m.isolation_kind_server, m.isolation_kind_server_text],
} as const satisfies Record<ProbeKind, unknown>;

export const roleWords = {
  app: m.isolation_role_app,
  auth: m.isolation_role_auth,
  site: m.isolation_role_site,
  sector: m.isolation_role_sector,
  assessor: m.isolation_role_assessor,
  expert: m.isolation_role_expert,
  national: m.isolation_role_national,
  auditor: m.isolation_role_auditor,
  operator: m.isolation_role_operator,
  public: m.isolation_role_public,
} as const satisfies Record<ProbeRole, unknown>;

export const verdictWords = {
  held: m.isolation_verdict_held,
  failed: m.isolation_verdict_failed,
  incomplete: m.isolation_verdict_incomplete,
} as const satisfies Record<Verdict, unknown>;

/** What was found, in a sentence or two. */
export function sentences(record: SealedRecord, locale: Locale = getLocale()): string[] {
  const { tried, through } = countOfAll(record);
  const { catalogue, chain, wrote } = record;
  const n = (value: number) => formatNumber(value, locale);
  const verdict = verdictOf(record);
  if (verdict === "held") return [m.isolation_held({ tried: n(tried) }, { locale })];
  if (verdict === "incomplete") return [m.isolation_incomplete({ tried: n(tried) }, { locale })];
  return [
    m.isolation_failed({ tried: n(tried), through: n(through), complaints: n(catalogue.complaints) }, { locale }),
    ...(chain.problem ? [m.isolation_failed_chain({ seq: chain.problem.seq ?? 0 }, { locale })] : []),
    ...(wrote ? [m.isolation_failed_wrote({}, { locale })] : []),
  ];
}

export function chainText(
  { problem, complete, entries, head }: SealedRecord["chain"],
  locale: Locale = getLocale(),
): string {
  if (problem) return m.isolation_chain_broken({ seq: problem.seq ?? 0 }, { locale });
  return complete
    ? m.isolation_chain_whole({ entries: formatNumber(entries, locale) }, { locale })
    : m.isolation_chain_partly({ seq: head?.seq ?? 0 }, { locale });
}
