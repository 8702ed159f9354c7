import type { MachineId } from "#workflows/index.ts";
import { joinList } from "#app/i18n/pick.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { translate } from "#app/i18n/translate.server.ts";
import { threatById, vulnerabilityById } from "#seeds/catalogue/index.ts";
import { eventLabel, stateLabel } from "#app/features/workflow/labels.server.ts";
import type { HomeView, Task } from "./home.server.ts";

export type WordedTask = Omit<Task, "why"> & { label: string; why: string | null };
/** The act of each task in the reader's words, and what stands in its way. An event of a machine has the words of the machine. */
export const worded = (tasks: readonly Task[], locale: Locale): WordedTask[] =>
  tasks.map(({ why, ...t }) => {
    const mends = t.kind.startsWith("mend.");
    const [machine, type] = t.kind.replace(/^mend\./, "").split(".") as [MachineId, string | undefined];
    const act = type ? eventLabel(machine, type, locale) : translate(`home_task_${t.kind}`, {}, locale);
    return {
      ...t,
      label: mends ? translate("home_task_mend", { act }, locale) : act,
      why: why?.length
        ? joinList(
            why.map((r) => translate(r.code, r.params ?? {}, locale)),
            locale,
            "clauses",
          )
        : null,
    };
  });

/** Puts what is known only by code into words: stages, threats, vulnerabilities. */
export function wordedHome(view: HomeView, locale: Locale) {
  const { extras } = view;
  const title = (entry: { title_zh: string; title_en: string } | undefined, code: string) =>
    entry ? (locale === "en" ? entry.title_en : entry.title_zh) : code;
  const stage = (s: string) => stateLabel("pilot", s, locale);
  return {
    ...view,
    tasks: {
      counts: view.tasks.counts,
      own: worded(view.tasks.own, locale),
      waiting: worded(view.tasks.waiting, locale),
    },
    stages: Object.fromEntries(stagesOf(extras).map((s) => [s, stage(s)])),
    risks:
      extras.kind === "site"
        ? extras.topRisks.map((r) => ({
            ...r,
            text: `${title(threatById.get(r.threat), r.threat)} · ${title(vulnerabilityById.get(r.vulnerability), r.vulnerability)}`,
          }))
        : [],
  };
}
export type WordedHome = ReturnType<typeof wordedHome>;

function stagesOf(extras: HomeView["extras"]): string[] {
  if (extras.kind === "site") return extras.pilots.map((p) => p.stage);
  if (extras.kind === "sector") return extras.board.map((b) => b.stage);
  if (extras.kind === "assessor") return extras.jobs.map((j) => j.stage);
  return [];
}
