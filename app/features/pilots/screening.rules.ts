/** Form and duplicate checks of a nomination, after the conditions of published pilot notices (工信厅联网安函〔2022〕2号 and others). */
import { readOrganisationCode } from "#app/domain/organisation-code.ts";
import { type Reason, reason, reasonFor } from "#app/domain/reasons.ts";

export type Nomination = {
  pilotId: string;
  siteId: string;
  systemId: string;
  systemName: string;
  /** Code of the applicant: unified, or the organisation code of before. */
  creditCode: string;
  /** Form fields by code; a blank one is missing. */
  fields: Readonly<Record<string, string | number | null>>;
  partners: readonly string[];
  /** The system is built and in use; one not built or under construction is refused. */
  systemBuilt: boolean;
  /** Other national pilots the system takes part in, in words. */
  otherProgrammes: readonly string[];
};
export type ScreeningRules = { requiredFields: readonly string[]; maxPartners?: number; maxPerSite?: number };
export type ScreeningResult = { missing: string[]; duplicates: string[]; reasons: Reason[]; passes: boolean };

const plain = (name: string) =>
  name
    .normalize("NFKC")
    .replaceAll(/[\s\p{P}]+/gu, "")
    .toLowerCase();
const isBlank = (value: string | number | null | undefined) =>
  value === null || value === undefined || String(value).trim() === "";

/** `others` are the live nominations and pilots of both batches, the one judged may be among them. */
export function screenNomination(
  nomination: Nomination,
  others: readonly Nomination[],
  rules: ScreeningRules,
): ScreeningResult {
  const rest = others.filter((o) => o.pilotId !== nomination.pilotId);
  const missing = rules.requiredFields.filter((code) => isBlank(nomination.fields[code]));
  const duplicates = rest
    .filter(
      (o) =>
        o.systemId === nomination.systemId ||
        (o.siteId === nomination.siteId && plain(o.systemName) === plain(nomination.systemName)),
    )
    .map((o) => o.pilotId)
    .sort();
  const ofSite = rest.filter((o) => o.siteId === nomination.siteId && !duplicates.includes(o.pilotId)).length + 1;
  const [maxPartners, maxPerSite] = [rules.maxPartners ?? 2, rules.maxPerSite ?? 2];
  const self = [{ kind: "pilot" as const, id: nomination.pilotId }];
  const when = (holds: boolean, r: Reason): Reason[] => (holds ? [r] : []);
  const reasons = [
    ...when(
      missing.length > 0,
      reason("blocking", "rule_pilots_form_missing", { count: missing.length }, [
        ...self,
        ...missing.map((id) => ({ kind: "section" as const, id })),
      ]),
    ),
    ...reasonFor("blocking", "rule_pilots_duplicate_system", "pilot", duplicates),
    ...when(!nomination.systemBuilt, reason("blocking", "rule_pilots_system_not_built", {}, self)),
    ...when(
      !readOrganisationCode(nomination.creditCode).ok,
      reason("blocking", "rule_pilots_credit_code_wrong", { code: nomination.creditCode }, self),
    ),
    ...when(
      nomination.partners.length > maxPartners,
      reason(
        "blocking",
        "rule_pilots_too_many_partners",
        { count: nomination.partners.length, max: maxPartners },
        self,
      ),
    ),
    ...when(
      nomination.otherProgrammes.length > 0,
      reason("blocking", "rule_pilots_double_entry", { programmes: nomination.otherProgrammes.join(" · ") }, self),
    ),
    ...when(
      ofSite > maxPerSite,
      reason("warning", "rule_pilots_many_of_one_site", { count: ofSite, max: maxPerSite }, self),
    ),
  ];
  return { missing, duplicates, reasons, passes: reasons.every((r) => r.severity !== "blocking") };
}

/** The same to an outside expert, who may not be told whose nomination it is. */
export const mustRecuseUnnamed = (): Reason => reason("blocking", "rule_pilots_serves_unnamed");
/** A site at which a scorer's account serves (`ended` null) or served. */
export type Tie = { siteId: string; siteName: string; ended: Date | null };
/**
 * Why a scorer must step aside, or null: they serve at the applicant, or did within three years (政府采购法实施条例 art. 9,
 * on who was employed there; callers leave older ties out). The same organisation may be registered in another sector
 * under another id, so names are compared too.
 */
export function mustRecuse(ties: readonly Tie[], applicant: { siteId: string; name: string }): Reason | null {
  const name = plain(applicant.name);
  const own = ties.filter((t) => t.siteId === applicant.siteId || (name !== "" && plain(t.siteName) === name));
  if (own.length === 0) return null;
  const refs = [{ kind: "site" as const, id: applicant.siteId }];
  return own.some((t) => t.ended === null)
    ? reason("blocking", "rule_pilots_serves_at_applicant", { site: applicant.name }, refs)
    : reason("blocking", "rule_pilots_served_at_applicant", { site: applicant.name }, refs);
}
