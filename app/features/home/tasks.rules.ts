import { hrefOf } from "#app/domain/hrefs.ts";
import { daysFrom } from "#app/platform/days.ts";
import type { documents } from "#db/schema/index.ts";
import type { Reason } from "#workflows/index.ts";

/* What a task is, and how the things that wait become one. */

/** What a task asks of its reader: to mend what came back, to do, to judge; others hold it; nobody can hurry it. */
export type TaskGroup = "returned" | "due" | "review" | "waiting" | "soon";
/** The three lists: waits for me, waits for others, comes soon. */
export const sides = ["own", "waiting", "soon"] as const;
export type Side = (typeof sides)[number];
export const sideOf = (group: TaskGroup): Side => (group === "waiting" || group === "soon" ? group : "own");
/** What came back stands before everything else. */
export const rankOf = (group: TaskGroup): number => (group === "returned" ? 0 : 1);

export interface Task {
  /** Stable: kind and object. */
  id: string;
  group: TaskGroup;
  /** Message key `home_task_<kind>`, or an event of a machine; with `mend.` before it for whoever does not send that event and can clear its way. */
  kind: string;
  /** What it is about: a document's title, a pilot's name. */
  subject: string;
  href: string;
  dueOn: string | null;
  /** Days past the due day; negative while there is time; null without one. */
  daysLate: number | null;
  /** Whom it waits for, where it is somebody else's: a role, or whose office. */
  waitsFor: string | null;
  /** What stands in its way, for whoever can mend it. */
  why?: readonly Reason[];
}

/** Where a task stands in its list: rank, due day, id. */
export type TaskKey = readonly [rank: number, dueOn: string, id: string];
const never = "9999-12-31";
export const keyOf = (t: Pick<Task, "group" | "dueOn" | "id">): TaskKey => [rankOf(t.group), t.dueOn ?? never, t.id];
export function compareKeys(a: TaskKey, b: TaskKey): number {
  for (const [i, mine] of a.entries()) {
    const theirs = b[i] ?? "";
    if (mine !== theirs) return mine < theirs ? -1 : 1;
  }
  return 0;
}

const lateBy = (dueOn: string | null, day: string): number | null => (dueOn === null ? null : daysFrom(dueOn, day));

export type DocumentTask = Pick<
  typeof documents.$inferSelect,
  "id" | "projectId" | "kind" | "siteId" | "pilotId" | "period" | "title" | "dueOn" | "state"
>;

/**
 * A task about a document.
 * @param day today, as 2026-11-29
 * @param waitsFor whom it waits for, where it is somebody else's
 * @param site whose it is, where its reader has many
 */
export function documentTask(
  d: DocumentTask,
  day: string,
  group: TaskGroup,
  kind: string,
  waitsFor: string | null = null,
  site: string | null = null,
): Task {
  return {
    id: `${d.id}:${kind}`,
    group,
    kind,
    subject: ofSite(d.title, site),
    href: hrefOf({ is: "document", ...d }),
    dueOn: d.dueOn,
    daysLate: lateBy(d.dueOn, day),
    waitsFor,
  };
}

/** What it is about with whose it is, for a reader of many sites; once, where the name says it already. */
export const ofSite = (subject: string, site: string | null): string =>
  site === null || subject.includes(site) ? subject : `${subject} · ${site}`;

/** A task about anything else, the person's own to do. */
export const plainTask = (
  about: Pick<Task, "id" | "group" | "kind" | "subject" | "href">,
  day: string,
  dueOn: string | null = null,
): Task => ({ ...about, dueOn, daysLate: lateBy(dueOn, day), waitsFor: null });
