import { type PrintJob, printed, type StoredFile } from "#app/features/document/artifact.server.ts";
import { coverDate, handsOf, paragraphs, sealFor } from "#app/features/document/print.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { wordText } from "#app/domain/reason-text.server.ts";
import { reportNumber } from "#app/features/risk/report-pdf.server.ts";
import { mechanisms, toLevel } from "#app/domain/vocabulary.ts";
import { formatDate, formatNumber, NO_VALUE } from "#app/i18n/format.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { joinList, pick, pickField } from "#app/i18n/pick.ts";
import type { Approval, PdfTable, PilotPlanData, PlanMeasure, PlanSectionKey } from "#app/pdf/types.ts";
import { notFound } from "#app/platform/errors.ts";
import type { Storage } from "#app/platform/storage.server.ts";
import type { Tx } from "#db/client.server.ts";
import { planSections, threatById, vulnerabilityById } from "#seeds/catalogue/index.ts";
import { openPlan, type OpenPlan } from "./plan.server.ts";
import type { PlanContent } from "./plan-content.server.ts";
import { maySend } from "#workflows/authority.ts";

/* The pilot plan as printed: from the seal where there is one, else from the draft as it stands, then without a digest. */

const sectionKeys: Readonly<Record<string, PlanSectionKey>> = {
  organisation: "organisation",
  system: "system",
  risks: "findings",
  goals: "goals",
  content: "construction",
  mechanism: "mechanism",
  technology: "technology",
  schedule: "schedule",
  budget: "budget",
  roles: "partners",
  results: "results",
  contingency: "risks",
  commitments: "commitment",
};

const textOf = (c: PlanContent, key: string, locale: Locale): string =>
  pick({ zh: c.sections[key] ?? "", en: c.sectionsEn[key] ?? "" }, locale);
const wan = (centi: number): number => centi / 100;

/** A line's amount divided among the measures paid from it, in whole hundredths, so that the column adds up to the line. */
function shares(c: PlanContent): Map<string, number> {
  const result = new Map<string, number>();
  for (const line of c.budgetLines) {
    const paid = c.measures.filter((x) => x.budgetLineId === line.id);
    paid.forEach((x, i) =>
      result.set(x.id, Math.floor(line.amountCenti / paid.length) + (i < line.amountCenti % paid.length ? 1 : 0)),
    );
  }
  return result;
}

function risksOf(c: PlanContent, locale: Locale): PilotPlanData["risks"] {
  const budget = shares(c);
  const named = (r: PlanContent["risks"][number]) => {
    const flaw = vulnerabilityById.get(r.vulnerabilityCode);
    const threat = threatById.get(r.threatCode);
    return m.plan_pdf_risk(
      {
        vulnerability: flaw ? pickField(flaw, "title", locale) : r.vulnerabilityCode,
        threat: threat ? pickField(threat, "title", locale) : r.threatCode,
      },
      { locale },
    );
  };
  return c.risks.map((r) => ({
    code: r.code,
    name: named(r),
    level: toLevel(r.level),
    measures: c.measures
      .filter((x) => x.riskId === r.id)
      .map(
        (x): PlanMeasure => ({
          code: x.code,
          name: x.title,
          dimension: x.dimension ?? r.dimension,
          stage: x.lifecycle ?? r.lifecycle,
          owner: x.owner || NO_VALUE,
          start: x.startsOn ?? NO_VALUE,
          end: x.endsOn ?? NO_VALUE,
          budget: wan(budget.get(x.id) ?? 0),
        }),
      ),
  }));
}

function rest(c: PlanContent, locale: Locale): Pick<PilotPlanData, "indicators" | "sites" | "tasks" | "budget"> {
  const site = new Map(c.sites.map((s) => [s.id, s.name]));
  const order = c.sites.map((s) => s.id);
  const system = new Map(c.systems.map((s) => [s.id, s]));
  return {
    indicators: c.indicators.flatMap((i) =>
      i.baselineMilli === null || i.targetMilli === null
        ? []
        : [
            {
              name: i.name,
              unit: i.unit,
              baseline: i.baselineMilli / 1000,
              target: i.targetMilli / 1000,
              method:
                i.direction === "up" ? m.plan_direction_up({}, { locale }) : m.plan_direction_down({}, { locale }),
            },
          ],
    ),
    sites: c.nominations.flatMap((n) => {
      const s = system.get(n.systemId);
      return s
        ? [
            {
              name: site.get(s.siteId) ?? NO_VALUE,
              system: s.name,
              grade: m.plan_grade({ grade: s.grade }, { locale }),
              batch: n.batchNo === 1 ? (1 as const) : (2 as const),
              reason: m.plan_pdf_direction({ direction: wordText("dimension", n.direction, locale) }, { locale }),
            },
          ]
        : [];
    }),
    tasks: c.measures
      .flatMap((x) =>
        x.startsOn && x.endsOn ? [{ name: `${x.code} ${x.title}`, start: x.startsOn, end: x.endsOn }] : [],
      )
      .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0)),
    budget: c.budgetLines
      // In the order of the sites, which is the register's.
      .toSorted((a, b) => order.indexOf(a.siteId) - order.indexOf(b.siteId))
      .map((l) => ({
        item: m.plan_pdf_line({ site: site.get(l.siteId) ?? "", line: l.title }, { locale }),
        total: wan(l.amountCenti),
        security: l.security ? wan(l.amountCenti) : 0,
      })),
  };
}

/** Sections that the plan draws from its rows: the systems as they are, and what each part of the lasting mechanism rests on. */
function drawn(c: PlanContent, key: string, locale: Locale): PdfTable[] {
  const site = new Map(c.sites.map((s) => [s.id, s.name]));
  if (key === "system") {
    const nominated = new Set(c.nominations.map((n) => n.systemId));
    const rows = c.systems
      .filter((s) => nominated.has(s.id))
      .map((s) => [
        site.get(s.siteId) ?? NO_VALUE,
        s.name,
        m.plan_grade({ grade: s.grade }, { locale }),
        formatNumber(s.devices, locale),
      ]);
    const heads = [
      m.risk_col_site({}, { locale }),
      m.plan_system({}, { locale }),
      m.plan_grade_head({}, { locale }),
      m.plan_devices({}, { locale }),
    ] as const;
    return rows.length === 0
      ? []
      : [
          {
            caption: m.plan_pdf_systems({}, { locale }),
            columns: [
              { head: heads[0], share: 34 },
              { head: heads[1], share: 34 },
              { head: heads[2], share: 16 },
              { head: heads[3], share: 16, align: "right" },
            ],
            rows,
          },
        ];
  }
  if (key !== "mechanism" || c.measures.length === 0) return [];
  const rows = mechanisms.map((x) => {
    const own = c.measures.filter((y) => y.mechanism === x);
    return [
      wordText("mechanism", x, locale),
      String(own.length),
      joinList(
        own.map((y) => y.code),
        locale,
      ) || NO_VALUE,
    ];
  });
  return [
    {
      caption: m.plan_pdf_mechanism({}, { locale }),
      columns: [
        { head: m.plan_mechanism({}, { locale }), share: 20 },
        { head: m.plan_pdf_count({}, { locale }), share: 15, align: "right" },
        { head: m.plan_measures({}, { locale }), share: 65 },
      ],
      rows,
    },
  ];
}

async function approvals(tx: Tx, { document, submission, content }: OpenPlan, locale: Locale): Promise<Approval[]> {
  const hands = document && submission ? await handsOf(tx, document.id) : new Map<string, { name: string; at: Date }>();
  const sector = m.risk_pdf_body(
    { sector: pick({ zh: content.sector.nameZh, en: content.sector.nameEn }, locale) },
    { locale },
  );
  // The national office sees the seal it was handed: the lead's hand stands on it.
  const lead =
    hands.get("ENDORSE") ??
    (submission && maySend(submission.sealedByRole, "document", "ENDORSE", "submitted.sector", "pilotPlan")
      ? { name: submission.sealedByName, at: submission.sealedAt }
      : undefined);
  const line = (role: string, unit: string, hand: { name: string; at: Date } | undefined): Approval => ({
    role,
    unit,
    ...(hand ? { name: hand.name, date: formatDate(hand.at) } : {}),
  });
  const state = document?.state ?? "draft";
  return [
    line(m.risk_pdf_prepared({}, { locale }), sector, submission ? hands.get("SUBMIT") : undefined),
    line(
      m.plan_pdf_endorsed({}, { locale }),
      sector,
      state === "submitted.national" || state === "approved" ? lead : undefined,
    ),
    line(
      m.risk_pdf_approved({}, { locale }),
      m.plan_pdf_national({}, { locale }),
      state === "approved" ? hands.get("APPROVE") : undefined,
    ),
  ];
}

/** What there is to print, or null where the reader has nothing to read. */
export async function pilotPlanJob(
  tx: Tx,
  actor: Actor,
  projectId: string,
  locale: Locale,
  baseUrl?: string,
): Promise<(PrintJob<"pilotPlan"> & { name: string }) | null> {
  const plan = await openPlan(tx, actor, projectId);
  if (!plan) return null;
  const { content: c, submission } = plan;
  const sector = pick({ zh: c.sector.nameZh, en: c.sector.nameEn }, locale);
  const project = pick({ zh: c.project.nameZh, en: c.project.nameEn }, locale);
  const at = submission?.sealedAt ?? new Date(`${today(actor)}T00:00:00Z`);
  const title = m.plan_document({ project }, { locale });
  const names = new Map(c.sites.map((s) => [s.id, s.name]));
  const reasons = Object.entries(c.shareReasons).map(([siteId, reason]) =>
    m.plan_pdf_reason({ site: names.get(siteId) ?? "", reason }, { locale }),
  );
  const data: PilotPlanData = {
    head: {
      title,
      sector,
      project,
      number: `${c.project.code}-PP`,
      date: coverDate(at, locale),
      body: m.risk_pdf_body({ sector }, { locale }),
      createdAt: at.toISOString(),
      seal: sealFor(submission, baseUrl),
    },
    reportNumber: reportNumber(c.project.code),
    sections: planSections.flatMap((s) => {
      const key = sectionKeys[s.key];
      return key && key !== "goals"
        ? [{ key, paragraphs: paragraphs(textOf(c, s.key, locale)), tables: drawn(c, s.key, locale) }]
        : [];
    }),
    goals: paragraphs(textOf(c, "goals", locale)),
    risks: risksOf(c, locale),
    ...rest(c, locale),
    securityThreshold: c.thresholdBp / 10_000,
    ...(reasons.length > 0 ? { shortfallReason: joinList(reasons, locale, "clauses") } : {}),
    approvals: await approvals(tx, plan, locale),
  };
  return { kind: "pilotPlan", objectId: plan.document?.id ?? c.project.id, data, locale, name: `${title}.pdf` };
}

/** Prints the plan and keeps the file; the same content is printed once. For programs; pages print outside of a transaction. */
export async function pilotPlanPdf(
  tx: Tx,
  actor: Actor,
  storage: Storage,
  { projectId, locale, baseUrl }: { projectId: string; locale: Locale; baseUrl?: string },
): Promise<StoredFile> {
  const job = await pilotPlanJob(tx, actor, projectId, locale, baseUrl);
  if (!job) throw notFound({ logMessage: `no plan of project ${projectId}` });
  return printed(tx, actor, storage, job);
}
