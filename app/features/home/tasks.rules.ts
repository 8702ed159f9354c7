import { daysFrom } from "#app/platform/days.ts";
import type { documents } from "#db/schema/index.ts";
import type { DocumentKind } from "#db/vocabulary.ts";

/* What a task is, and how the things that wait become one. */

export type TaskGroup = "returned" | "due" | "review" | "waiting";

export interface Task {
  /** Stable: kind and object. */
  id: string;
  group: TaskGroup;
  /** Message key `home_task_<kind>`. */
  kind: string;
  /** What it is about: a document's title, a pilot's name. */
  subject: string;
  href: string;
  dueOn: string | null;
  /** Days past the due day; negative while there is time; null without one. */
  daysLate: number | null;
  /** Belongs to others to move; shown apart. */
  waitsFor: string | null;
}

const lateBy = (dueOn: string | null, day: string): number | null => (dueOn === null ? null : daysFrom(dueOn, day));

export type DocumentTask = Pick<
  typeof documents.$inferSelect,
  "id" | "projectId" | "kind" | "siteId" | "pilotId" | "period" | "title" | "dueOn" | "state"
>;

/** Where a document is worked on. */
function documentHref(d: Pick<DocumentTask, "id" | "projectId" | "kind" | "pilotId" | "period">): string {
  const project = `/projects/${d.projectId}`;
  const pages: Record<DocumentKind, string> = {
    surveyResponse: `${project}/survey/${d.id}`,
    riskReport: `${project}/risk-report?view=report`,
    pilotPlan: `${project}/pilot-plan`,
    progressReport: `/pilots/${d.pilotId ?? ""}?report=${d.id}`,
    batchReview: `${project}/batches/${d.period || "1"}`,
    specDraft: `${project}/specification`,
  };
  return pages[d.kind];
}

/**
 * A task about a document.
 * @param day today, as 2026-11-29
 * @param waitsFor whom it waits for, where it is somebody else's
 */
export function documentTask(
  d: DocumentTask,
  day: string,
  group: TaskGroup,
  kind: string,
  waitsFor: string | null = null,
): Task {
  return {
    id: `${kind}:${d.id}`,
    group,
    kind,
    subject: d.title,
    href: documentHref(d),
    dueOn: d.dueOn,
    daysLate: lateBy(d.dueOn, day),
    waitsFor,
  };
}

type PilotTask = { id: string; name: string; stage: string; nextReportDue: string | null; noticeTo: string | null };

/** The same about a pilot, which is «waiting» where it waits for somebody else, else «due». */
export const pilotTask = (
  p: PilotTask,
  day: string,
  kind: string,
  dueOn: string | null,
  waitsFor: string | null = null,
): Task => ({
  id: `${kind}:${p.id}`,
  group: waitsFor ? "waiting" : "due",
  kind,
  subject: p.name,
  href: `/pilots/${p.id}`,
  dueOn,
  daysLate: lateBy(dueOn, day),
  waitsFor,
});

/** A task about anything else, the person's own to do. */
export const plainTask = (
  about: Pick<Task, "id" | "group" | "kind" | "subject" | "href">,
  day: string,
  dueOn: string | null = null,
): Task => ({ ...about, dueOn, daysLate: lateBy(dueOn, day), waitsFor: null });
