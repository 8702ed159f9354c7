import type { Locale } from "#app/i18n/locale.ts";
import { translate } from "#app/i18n/translate.server.ts";
import { threatById, vulnerabilityById } from "#seeds/catalogue/index.ts";
import { stateLabel } from "#app/features/workflow/labels.server.ts";
import type { HomeView, Task } from "./home.server.ts";

export type WordedTask = Task & { label: string };
/** The act of each task in the reader's words. */
export const worded = (tasks: readonly Task[], locale: Locale): WordedTask[] =>
  tasks.map((t) => ({ ...t, label: translate(`home_task_${t.kind}`, {}, locale) }));

/** Puts what is known only by code into words: stages, threats, vulnerabilities. */
export function wordedHome(view: HomeView, locale: Locale) {
  const { extras } = view;
  const title = (entry: { title_zh: string; title_en: string } | undefined, code: string) =>
    entry ? (locale === "en" ? entry.title_en : entry.title_zh) : code;
  const stage = (s: string) => stateLabel("pilot", s, locale);
  return {
    ...view,
    tasks: worded(view.tasks, locale),
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
