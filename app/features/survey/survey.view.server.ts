import type { Actor } from "#app/request/actor.ts";
import { projectFacts } from "#app/features/project/facts.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { type EventInput, eventOf } from "#app/features/workflow/workflow.schema.ts";
import { type EventOption, eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import type { Fired } from "#app/features/workflow/workflow.server.ts";
import { loadInstance } from "#app/features/workflow/instance.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { AppError } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { dimensions, lifecycles, mechanisms, objects } from "#db/vocabulary.ts";
import {
  bySite,
  rateOf,
  responseLines,
  type ResponseLine,
  type SurveyScores,
  surveyScores,
} from "./progress.server.ts";
import { surveyRanks } from "./ranks.server.ts";

const surveyEvents = new Set(["OPEN_SURVEY", "START_CLOSING", "REOPEN_SURVEY", "CLOSE_SURVEY"]);
export const surveyFilters = ["all", "missing", "late", "review", "returned", "approved"] as const;
export type SurveyFilter = (typeof surveyFilters)[number];

const passes: Readonly<Record<SurveyFilter, (l: ResponseLine) => boolean>> = {
  all: () => true,
  missing: (l) => !l.submitted,
  late: (l) => !l.submitted && (l.daysLate ?? 0) > 0,
  review: (l) => l.state === "submitted.sector",
  returned: (l) => l.state === "returned",
  approved: (l) => l.state === "approved",
};

interface ScoreRow {
  label: string;
  bp: number | null;
}

/** How a site stands among the others of the sector; null where there is nothing to compare. */
function rankRows(
  ranks: Awaited<ReturnType<typeof surveyRanks>> | null,
  { responses, overallBp, byTag }: SurveyScores,
  locale: Locale,
) {
  if (!ranks || responses === 0) return null;
  const percentile = (key: string) => ranks.percentiles[key] ?? null;
  return {
    k: ranks.k,
    others: ranks.others,
    rows: [
      {
        key: "overall",
        label: translate("survey_overall", {}, locale),
        bp: overallBp,
        percentile: percentile("overall"),
      },
      ...dimensions.map((d) => ({
        key: d as string,
        label: word("dimension", d, locale),
        bp: byTag.dimension[d] ?? null,
        percentile: percentile(d),
      })),
    ],
  };
}

/** Scores by each tag, what is weak, and where dimensions meet objects. */
function scoreView({ responses, overallBp, byTag, weak, cells }: SurveyScores, locale: Locale) {
  const rows = (tag: keyof SurveyScores["byTag"], codes: readonly string[]): ScoreRow[] =>
    codes.map((code) => ({ label: word(tag, code, locale), bp: byTag[tag][code] ?? null }));
  return {
    responses,
    overallBp,
    groups: [
      rows("dimension", dimensions),
      rows("object", objects),
      rows("lifecycle", lifecycles),
      rows("mechanism", mechanisms),
    ],
    weak: dimensions.map((d) => ({ label: word("dimension", d, locale), count: weak[d] ?? 0 })),
    heat: {
      rows: dimensions.map((d) => word("dimension", d, locale)),
      columns: objects.map((o) => word("object", o, locale)),
      cells: dimensions.map((d) => objects.map((o) => cells[`${d}/${o}`] ?? null)),
    },
  };
}

/** A survey as its page shows it: who is in, who is late, what scores say, what may be done. */
export async function surveyPage(
  tx: Tx,
  actor: Actor,
  projectId: string,
  { only, locale }: { only: SurveyFilter; locale: Locale },
) {
  const [project, instance] = await Promise.all([loadProject(tx, projectId), loadInstance(tx, projectId)]);
  const [lines, facts, ranks] = await Promise.all([
    responseLines(tx, actor, project, locale),
    projectFacts(tx, actor, project),
    actor.level === "site" ? surveyRanks(tx, project) : null,
  ]);
  const acts: EventOption[] = eventOptions(instance, actor, facts, locale).filter((a) => surveyEvents.has(a.type));
  const sites = bySite(lines);
  const scores = surveyScores(lines);
  return {
    projectId,
    level: actor.level,
    state: project.state,
    dueOn: project.dueOn.survey,
    thresholdBp: project.responseThresholdBp,
    version: instance.lockVersion,
    acts,
    counts: Object.fromEntries(surveyFilters.map((f) => [f, lines.filter(passes[f]).length])) as Record<
      SurveyFilter,
      number
    >,
    lines: lines.filter(passes[only]).map(({ summary: _summary, ...l }) => l),
    rate: rateOf(sites, project.responseThresholdBp),
    ranks: rankRows(ranks, scores, locale),
    scores: scoreView(scores, locale),
  };
}
export type SurveyPage = Awaited<ReturnType<typeof surveyPage>>;

/** A code of a word list of the domain in words: `word("answer", "partial", locale)`. */
export const word = (list: string, code: string, locale: Locale): string =>
  translate(`rule_word_${list}_${code}`, {}, locale);

/**
 * An act on the survey as a whole.
 * @throws AppError `unknown_intent` for a project's other events: those that move a document are sent with it, elsewhere.
 */
export async function transitionSurvey(
  tx: Tx,
  actor: Actor,
  { projectId, locale, ...input }: EventInput & { projectId: string; locale: Locale },
): Promise<Fired> {
  if (!surveyEvents.has(input.type)) throw new AppError("unknown_intent", 400, `no act ${input.type} on a survey`);
  return transitionProject(tx, actor, { ...eventOf(input), projectId, locale });
}
