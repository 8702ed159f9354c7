import type { Actor } from "#app/request/actor.ts";
import { formatDate, formatDateTime, formatNumber, NO_VALUE } from "#app/i18n/format.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import type { CertificateData, CertificatePart, PdfTable } from "#app/pdf/types.ts";
import { chainText, kindWords, roleWords, sentences, verdictWords } from "./components/check-words.ts";
import { type Count, countOfAll, countOfKind, countOfRole } from "#app/features/audit/check-record.rules.ts";
import { verdictOf } from "./isolation.rules.ts";
import { probeKinds, probeRoles, type SealedRecord } from "#app/features/audit/check-record.schema.ts";
import type { Check } from "./isolation.server.ts";

/* A check's entry in the trail as a certificate: nothing is looked up anew, so that it says the same years later. */

const options = (locale: Locale) => ({ locale });
/** «2026-11-28 11:27:02» by universal time. */
const utc = (at: string): string => at.slice(0, 19).replace("T", " ");
const grouped = (digest: string): string => digest.replaceAll(/(.{8})(?=.)/g, "$1 ");

export const certificateName = (check: Check, actor: Actor, locale: Locale): string =>
  m.isolation_file({ tenant: pick(actor.tenantName, locale), day: formatDate(check.record.at) }, options(locale));

/** Tenant and entry: nobody has the same. */
const certificateNumber = (check: Check, actor: Actor): string => `IC-${actor.tenantCode}-${check.seq}`;

type Row = readonly string[];
const countCells = (count: Count, locale: Locale): string[] =>
  [count.tried, count.through, count.undecided].map((n) => formatNumber(n, locale));
const countHeads = (locale: Locale, share: number) =>
  [m.isolation_tried, m.isolation_through, m.isolation_undecided].map((head) => ({
    head: head({}, options(locale)),
    share,
    align: "right" as const,
  }));

function byKind(record: SealedRecord, locale: Locale): PdfTable {
  const rows = probeKinds.map(
    (kind): Row => [
      kindWords[kind][0]({}, options(locale)),
      kindWords[kind][1]({}, options(locale)),
      ...countCells(countOfKind(record, kind), locale),
    ],
  );
  // «Undecided» is a longer word than «未能判定».
  const share = locale === "en" ? 12 : 10;
  return {
    caption: m.isolation_pdf_by_kind({}, options(locale)),
    columns: [
      { head: m.isolation_kind({}, options(locale)), share: 20 },
      { head: m.isolation_pdf_tried({}, options(locale)), share: 80 - 3 * share },
      ...countHeads(locale, share),
    ],
    rows: [...rows, [m.isolation_total({}, options(locale)), "", ...countCells(countOfAll(record), locale)]],
  };
}
function byRole(record: SealedRecord, locale: Locale): PdfTable {
  return {
    caption: m.isolation_pdf_by_role({}, options(locale)),
    columns: [
      { head: m.isolation_hole_role({}, options(locale)), share: 28 },
      { head: m.isolation_pdf_database_role({}, options(locale)), share: 30 },
      ...countHeads(locale, 14),
    ],
    rows: probeRoles.map(
      (role): Row => [
        roleWords[role]({}, options(locale)),
        `anshi_${role}`,
        ...countCells(countOfRole(record, role), locale),
      ],
    ),
    note: m.isolation_pdf_by_role_note({}, options(locale)),
  };
}
/** What got through, by name; null where nothing did. */
function holes({ through }: SealedRecord, all: number, locale: Locale): PdfTable | null {
  if (through.length === 0) return null;
  const more = all - through.length;
  const heads = [
    [m.isolation_hole_table, 20],
    [m.isolation_kind, 18],
    [m.isolation_hole_role, 12],
    [m.isolation_hole_name, 38],
  ] as const;
  return {
    caption: m.isolation_pdf_through({}, options(locale)),
    columns: [
      ...heads.map(([head, share]) => ({ head: head({}, options(locale)), share })),
      { head: m.isolation_hole_rows({}, options(locale)), share: 12, align: "right" },
    ],
    rows: through.map(
      (t): Row => [
        t.table ?? NO_VALUE,
        kindWords[t.kind][0]({}, options(locale)),
        roleWords[t.role]({}, options(locale)),
        t.name,
        t.rows === null ? NO_VALUE : formatNumber(t.rows, locale),
      ],
    ),
    ...(more > 0 ? { note: m.isolation_more({ count: more }, options(locale)) } : {}),
  };
}

function found(record: SealedRecord, locale: Locale): CertificatePart {
  const table = holes(record, countOfAll(record).through, locale);
  return {
    title: m.isolation_pdf_found({}, options(locale)),
    tables: [byKind(record, locale), ...(table ? [table] : []), byRole(record, locale)],
  };
}
function catalogue({ catalogue: { complaints, compared, first } }: SealedRecord, locale: Locale): CertificatePart {
  const title = m.isolation_pdf_catalogue({}, options(locale));
  if (complaints > 0) {
    const table: PdfTable = {
      caption: m.isolation_pdf_complaints({}, options(locale)),
      columns: [{ head: m.isolation_pdf_complaint({}, options(locale)), share: 1 }],
      rows: first.map((text): Row => [text]),
    };
    return {
      title,
      paragraphs: [m.isolation_pdf_catalogue_holes({ count: complaints, shown: first.length }, options(locale))],
      tables: [table],
    };
  }
  return {
    title,
    paragraphs: [
      compared
        ? m.isolation_pdf_catalogue_sound({}, options(locale))
        : m.isolation_pdf_catalogue_partly({}, options(locale)),
    ],
  };
}
function chain(record: SealedRecord, locale: Locale): CertificatePart {
  const { head, tree, sealed } = record.chain;
  const o = options(locale);
  return {
    title: m.isolation_pdf_chain({}, o),
    facts: [
      [m.isolation_pdf_chain_state({}, o), chainText(record.chain, locale)],
      [m.isolation_pdf_chain_head({}, o), head ? m.isolation_entry_value({ seq: head.seq }, o) : NO_VALUE],
      [m.isolation_pdf_chain_head_hash({}, o), head ? grouped(head.hash) : NO_VALUE],
      [
        m.isolation_pdf_chain_sealed({}, o),
        sealed > 0 ? m.isolation_entry_value({ seq: sealed }, o) : m.isolation_no_root({}, o),
      ],
      [m.isolation_pdf_chain_root({}, o), tree ? grouped(tree.root) : m.isolation_no_root({}, o)],
      [
        m.isolation_pdf_chain_root_at({}, o),
        tree ? m.isolation_pdf_chain_root_at_value({ size: tree.size, at: utc(tree.at) }, o) : NO_VALUE,
      ],
    ],
  };
}

/** What the paper is and is not worth, and how somebody else finds out whether it is genuine. */
function worth({ seq, hash, record }: Check, locale: Locale): CertificatePart[] {
  const o = options(locale);
  return [
    {
      title: m.isolation_pdf_not_tried({}, o),
      paragraphs: [m.isolation_pdf_not_text({}, o), m.isolation_pdf_not_command({}, o), m.isolation_not_bodies({}, o)],
    },
    {
      title: m.isolation_pdf_means({}, o),
      items: [
        m.isolation_pdf_means_1({}, o),
        record.wrote ? m.isolation_pdf_means_2_wrote({}, o) : m.isolation_pdf_means_2({}, o),
        m.isolation_pdf_means_3({}, o),
      ],
    },
    {
      title: m.isolation_pdf_verify({}, o),
      items: [m.isolation_pdf_verify_1({ seq }, o), m.isolation_pdf_verify_2({}, o), m.isolation_pdf_verify_3({}, o)],
      facts: [
        [m.isolation_entry_hash({}, o), grouped(hash)],
        [m.isolation_digest({}, o), grouped(record.sha256)],
        [m.isolation_probes({}, o), grouped(record.probes)],
      ],
    },
  ];
}

/** @param actor the reader, of the tenant that was checked. */
export function certificateData(check: Check, actor: Actor, locale: Locale): CertificateData {
  const o = options(locale);
  const { record } = check;
  const tenant = pick(actor.tenantName, locale);
  const verdict = verdictOf(record);
  return {
    title: m.isolation_pdf_title({ tenant }, o),
    heading: m.isolation_pdf_heading({}, o),
    kind: m.isolation_pdf_kind({}, o),
    of: tenant,
    number: certificateNumber(check, actor),
    body: m.isolation_pdf_body({}, o),
    subject: m.isolation_pdf_subject({}, o),
    createdAt: record.at,
    seal: { sha256: record.sha256 },
    verdict: {
      word: verdictWords[verdict]({}, o),
      text: sentences(record, locale).join(locale === "en" ? " " : ""),
      bad: verdict !== "held",
    },
    facts: [
      [
        m.isolation_at({}, o),
        m.isolation_pdf_at({ local: formatDateTime(record.at, undefined, true), utc: utc(record.at) }, o),
      ],
      [m.isolation_by({}, o), m.isolation_pdf_by({ name: check.name }, o)],
      [m.isolation_pdf_tenant({}, o), tenant],
      [
        m.isolation_system({}, o),
        m.isolation_system_value({ system: `Anshi ${record.system}`, tables: record.tables }, o),
      ],
      [m.isolation_server({}, o), m.isolation_server_value({ server: record.server }, o)],
      [m.isolation_took({}, o), m.isolation_seconds({ seconds: formatNumber(record.ms / 1000, locale, 1) }, o)],
      [m.isolation_pdf_number({}, o), certificateNumber(check, actor)],
      [m.isolation_pdf_check({}, o), check.id],
      [m.isolation_entry({}, o), m.isolation_entry_value({ seq: check.seq }, o)],
    ],
    parts: [found(record, locale), catalogue(record, locale), chain(record, locale), ...worth(check, locale)],
    approvals: [{ role: m.isolation_pdf_signed({}, o), unit: tenant, name: check.name, date: formatDate(record.at) }],
  };
}
