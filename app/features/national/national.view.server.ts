import { type Actor, today } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import { stateLabel } from "#app/features/workflow/labels.server.ts";
import { formatDate } from "#app/i18n/format.ts";
import { joinList, pick } from "#app/i18n/pick.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { Tx } from "#db/client.server.ts";
import { several } from "#app/features/specification/tellings.server.ts";
import { toldBelow } from "#app/features/specification/told-below.server.ts";
import { type WindowStanding, windowStanding } from "#app/features/programme/programme.rules.ts";
import { currentProgramme } from "#app/features/programme/programme.server.ts";
import { nationalOverview, type Waiting } from "./national.server.ts";
import { actionPlan, milestones } from "#seeds/catalogue/index.ts";
import { phases } from "#app/domain/vocabulary.ts";

/* The overview put into words: states, sectors, phases. */

const status = (code: string, locale: Locale) => translate(`rule_word_status_${code}`, {}, locale);

/** What the director begins with while there is no programme; null for others. The period begins with the year. */
export function programmeStart(actor: Actor) {
  if (!may(actor.role, "programme.write")) return null;
  const year = Number(today(actor).slice(0, 4));
  return {
    startsOn: `${year}-01-01`,
    endsOn: `${year + 2}-12-31`,
    tasks: actionPlan.tasks.length,
    milestones: milestones.length,
  };
}
export type Beginning = NonNullable<ReturnType<typeof programmeStart>>;

/** How small a group may be that is told of, how that came about, and for the director what is out that tells of smaller ones. */
export async function disclosureView(tx: Tx, actor: Actor, locale: Locale) {
  const programme = await currentProgramme(tx);
  if (!programme) return null;
  const small = may(actor.role, "programme.write") ? await toldBelow(tx, actor, programme) : [];
  return {
    programmeId: programme.id,
    mayDirect: may(actor.role, "programme.write"),
    k: programme.kThreshold,
    consultation: { days: programme.consultationDays, reason: programme.consultationDaysReason },
    kChanges: programme.kChanges.map((c) => ({ ...c, day: formatDate(new Date(c.at)) })).reverse(),
    small: small.map((e) => ({
      ...e,
      mark: translate(`specification_mark_${e.state}`, {}, locale),
      groups: e.groups.map((g) => ({
        clause: pick(g.clause, locale),
        who: pick(g.sector ?? several(), locale),
        batches: joinList(
          g.batches.map((no) => translate(`rule_word_batch_${no}`, {}, locale)),
          locale,
        ),
        n: g.n,
      })),
    })),
  };
}
export type DisclosureView = NonNullable<Awaited<ReturnType<typeof disclosureView>>>;

const waitingWords = (w: Waiting, locale: Locale) => ({
  documentId: w.documentId,
  title: w.title,
  sector: pick(w.sector, locale),
  since: w.since,
  kind: translate(`national_kind_${w.kind}`, {}, locale),
  href: `/projects/${w.projectId}/${w.kind === "pilotPlan" ? "pilot-plan" : "specification"}`,
});

/** The programme in words, as the national office's first page shows it; null before there is one. */
export async function nationalView(tx: Tx, actor: Actor, locale: Locale) {
  const o = await nationalOverview(tx, actor);
  if (!o) return null;
  const name = new Map(o.sectors.map((s) => [s.id, pick(s.name, locale)]));
  return {
    programmeId: o.programme.id,
    programme: pick({ zh: o.programme.titleZh, en: o.programme.titleEn }, locale),
    today: o.today,
    late: o.late.length,
    mayDirect: may(actor.role, "programme.write"),
    phases: phases.map((p) => ({ key: p, label: translate(`national_phase_${p}`, {}, locale) })),
    sectors: o.sectors.map((s) => ({
      id: s.id,
      code: s.code,
      name: pick(s.name, locale),
      priority: s.priority,
      projectId: s.projectId,
      stateLabel: s.state ? stateLabel("project", s.state, locale) : null,
      cells: s.cells.map((c) => ({
        phase: c.phase,
        status: c.status,
        word: status(c.status, locale),
        day: c.doneOn ?? c.dueOn,
        daysLate: c.daysLate,
      })),
    })),
    batches: [1, 2].map((no) => {
      const b = o.batches.find((x) => x.no === no);
      const standing: WindowStanding | "none" = b ? windowStanding(b, o.today) : "none";
      return {
        no,
        label: translate(`national_batch_${no}`, {}, locale),
        planned: b !== undefined,
        opensOn: b?.opensOn ?? "",
        extensionReason: b?.extensionReason ?? "",
        closesOn: b?.closesOn ?? "",
        status: b?.status ?? "none",
        standing,
        word: translate(`national_batch_${standing}`, { day: b?.opensOn ?? "" }, locale),
        totals: b?.totals ?? { sectors: 0, quota: 0, selected: 0 },
      };
    }),
    quotas: o.sectors.map((s) => ({
      sectorId: s.id,
      name: name.get(s.id) ?? "",
      batches: [1, 2].map((no) => o.batches.find((b) => b.no === no)?.quotas.find((q) => q.sectorId === s.id) ?? null),
    })),
    waiting: o.waiting.map((w) => waitingWords(w, locale)),
    specifications: o.specifications.map((s) => ({
      ...s,
      title: pick(s.title, locale),
      mark: translate(`specification_mark_${s.state}`, {}, locale),
    })),
    adoption: o.adoption.map((a) => ({ ...a, name: pick(a.name, locale) })),
  };
}
export type NationalView = NonNullable<Awaited<ReturnType<typeof nationalView>>>;
