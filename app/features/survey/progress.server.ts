import { and, count, desc, eq, sql } from "drizzle-orm";
import { type Actor, today } from "#app/request/actor.ts";
import { daysFrom } from "#app/platform/days.ts";
import {
  responseSummary,
  type ResponseSummary,
  summaryOf,
  type SummaryScore,
} from "#app/features/project/summaries.schema.ts";
import type { ProjectRow } from "#app/features/project/project.server.ts";
import { stateLabel } from "#app/features/workflow/labels.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import type { Tx } from "#db/client.server.ts";
import { answers, documents, reviewMarks, submissions } from "#db/schema/index.ts";
import { dimensions, lifecycles, mechanisms, objects } from "#db/vocabulary.ts";
import { responseRate, roundHalfUp } from "./survey.rules.ts";
import { questionnaire } from "./locked.server.ts";
import { isHandedIn } from "#workflows/index.ts";
import { listResponses } from "./survey.server.ts";

/* How far a survey is: for a site its own responses, for the sector who has not submitted, how late, and the scores of what was. */

export interface ResponseLine {
  documentId: string;
  siteId: string;
  siteName: string;
  siteCode: string;
  systemName: string;
  grade: number;
  state: string;
  stateLabel: string;
  dueOn: string | null;
  /** Days past the due day while it is not in, negative while there is time; after it came in: days it came late, 0 if in time. */
  daysLate: number | null;
  submitted: boolean;
  submittedOn: string | null;
  submittedBy: string;
  /** Percent: of the site's working answers for the site itself, of the sealed ones for the sector; null when there is none. */
  completeness: number | null;
  /** Questions that came back with the last review. */
  returned: number;
  overallBp: number | null;
  summary: ResponseSummary | null;
}

const zoned = (at: Date): string => today({ now: at });

/** What is sealed of the project's survey. */
const sealedOf = (actor: Actor, project: ProjectRow) =>
  and(
    eq(submissions.tenantId, actor.tenantId),
    eq(submissions.projectId, project.id),
    eq(submissions.kind, "surveyResponse"),
  );

/** The newest seal of each response. */
const latestSeals = (tx: Tx, actor: Actor, project: ProjectRow) =>
  tx
    .selectDistinctOn([submissions.documentId], {
      documentId: submissions.documentId,
      id: submissions.id,
      summary: submissions.summary,
      by: submissions.sealedByName,
    })
    .from(submissions)
    .where(sealedOf(actor, project))
    .orderBy(submissions.documentId, desc(submissions.seq));

/** When each response first came in. */
const firstSeals = (tx: Tx, actor: Actor, project: ProjectRow) =>
  tx
    .select({
      documentId: submissions.documentId,
      at: sql<Date>`min(${submissions.sealedAt})`.mapWith(submissions.sealedAt),
    })
    .from(submissions)
    .where(sealedOf(actor, project))
    .groupBy(submissions.documentId);

/** How many questions came back with each seal. */
const returnedMarks = (tx: Tx, actor: Actor, project: ProjectRow) =>
  tx
    .select({ submissionId: reviewMarks.submissionId, n: count() })
    .from(reviewMarks)
    .innerJoin(documents, and(eq(documents.tenantId, reviewMarks.tenantId), eq(documents.id, reviewMarks.documentId)))
    .where(
      and(
        eq(reviewMarks.tenantId, actor.tenantId),
        eq(documents.projectId, project.id),
        eq(documents.kind, "surveyResponse"),
        eq(reviewMarks.verdict, "returned"),
      ),
    )
    .groupBy(reviewMarks.submissionId);

/** How many questions a site has answered so far; nobody else sees what it is still writing. */
const workingAnswers = async (tx: Tx, actor: Actor) =>
  actor.level === "site"
    ? tx
        .select({ documentId: answers.documentId, n: sql<number>`count(${answers.value})`.mapWith(Number) })
        .from(answers)
        .where(eq(answers.tenantId, actor.tenantId))
        .groupBy(answers.documentId)
    : [];

/** Days past the due day: to the day on which it came in, none if that was in time, or to today. */
function daysLateOf(dueOn: string | null, inOn: string | null, day: string): number | null {
  if (dueOn === null) return null;
  return inOn === null ? daysFrom(dueOn, day) : Math.max(0, daysFrom(dueOn, inOn));
}

/** Every response of the project that the caller may see, in the order of sites. Five queries whatever the number. */
export async function responseLines(
  tx: Tx,
  actor: Actor,
  project: ProjectRow,
  locale: Locale,
): Promise<ResponseLine[]> {
  const [rows, latest, first, marks, working] = await Promise.all([
    listResponses(tx, actor, project.id),
    latestSeals(tx, actor, project),
    firstSeals(tx, actor, project),
    returnedMarks(tx, actor, project),
    workingAnswers(tx, actor),
  ]);
  const total = questionnaire(project.questionnaireVersion).length;
  const day = today(actor);
  return rows.map(({ document: d, ...row }): ResponseLine => {
    const seal = latest.find((s) => s.documentId === d.id);
    const firstAt = first.find((f) => f.documentId === d.id)?.at;
    const summary = seal ? summaryOf(responseSummary, seal.summary) : null;
    const own = working.find((w) => w.documentId === d.id);
    const submittedOn = firstAt ? zoned(firstAt) : null;
    const submitted = isHandedIn(d.state);
    return {
      documentId: d.id,
      siteId: d.siteId ?? "",
      ...row,
      state: d.state,
      stateLabel: stateLabel("document", d.state, locale),
      dueOn: d.dueOn,
      daysLate: daysLateOf(d.dueOn, submitted ? submittedOn : null, day),
      submitted,
      submittedOn,
      submittedBy: seal?.by ?? "",
      completeness:
        actor.level === "site" ? Math.floor(((own?.n ?? 0) * 100) / total) : (summary?.completeness ?? null),
      returned: d.state === "returned" && seal ? (marks.find((k) => k.submissionId === seal.id)?.n ?? 0) : 0,
      overallBp: summary?.overall.bp ?? null,
      summary,
    };
  });
}

export interface SiteProgress {
  siteId: string;
  siteName: string;
  siteCode: string;
  responses: ResponseLine[];
  /** The worst of its responses: none in the draft, something returned, or all in. */
  state: "draft" | "returned" | "submitted" | "approved";
  daysLate: number | null;
}

/** Responses by site with the state of the whole site; a site is in when all its systems are. */
export function bySite(lines: readonly ResponseLine[]): SiteProgress[] {
  const groups = new Map<string, ResponseLine[]>();
  for (const line of lines) groups.set(line.siteId, [...(groups.get(line.siteId) ?? []), line]);
  return [...groups.values()].flatMap((responses) => {
    const [head] = responses;
    if (!head) return [];
    const state = responses.some((r) => r.state === "returned")
      ? "returned"
      : responses.some((r) => !r.submitted)
        ? "draft"
        : responses.every((r) => r.state === "approved" || r.state === "superseded")
          ? "approved"
          : "submitted";
    const late = responses.flatMap((r) => (r.daysLate === null ? [] : [r.daysLate]));
    return [
      {
        siteId: head.siteId,
        siteName: head.siteName,
        siteCode: head.siteCode,
        responses,
        state,
        daysLate: late.length === 0 ? null : Math.max(...late),
      } as const,
    ];
  });
}

/** Response rate of the project in the sense of its gate. */
export const rateOf = (sites: readonly SiteProgress[], thresholdBp: number) =>
  responseRate(
    sites.map((s) => ({ siteId: s.siteId, state: s.state })),
    thresholdBp,
  );

const tags = { dimension: dimensions, object: objects, lifecycle: lifecycles, mechanism: mechanisms } as const;
export interface SurveyScores {
  /** Responses that count. */
  responses: number;
  overallBp: number | null;
  byTag: { [K in keyof typeof tags]: Record<string, number | null> };
  /** `identity/equipment` → basis points. */
  cells: Record<string, number | null>;
  weak: Record<string, number>;
}

function pooled(scores: readonly (SummaryScore | undefined)[]): number | null {
  const gained = scores.reduce((n, s) => n + (s?.gained ?? 0), 0);
  const possible = scores.reduce((n, s) => n + (s?.possible ?? 0), 0);
  return possible === 0 ? null : roundHalfUp(gained * 10_000, possible);
}

/** Scores of the sector from the sealed responses: half points summed, not percentages averaged. */
export function surveyScores(lines: readonly ResponseLine[]): SurveyScores {
  const all = lines.flatMap((l) => (l.summary && l.submitted ? [l.summary] : []));
  const byTag = <K extends keyof typeof tags>(tag: K) =>
    Object.fromEntries(tags[tag].map((code) => [code, pooled(all.map((s) => s[tag][code]))]));
  const keys = dimensions.flatMap((d) => objects.map((o) => `${d}/${o}`));
  return {
    responses: all.length,
    overallBp: pooled(all.map((s) => s.overall)),
    byTag: {
      dimension: byTag("dimension"),
      object: byTag("object"),
      lifecycle: byTag("lifecycle"),
      mechanism: byTag("mechanism"),
    },
    cells: Object.fromEntries(keys.map((k) => [k, pooled(all.map((s) => s.cells[k]))])),
    weak: Object.fromEntries(dimensions.map((d) => [d, all.reduce((n, s) => n + (s.weak[d] ?? 0), 0)])),
  };
}
