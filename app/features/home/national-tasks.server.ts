import { and, asc, eq, inArray, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { hrefOf } from "#app/domain/hrefs.ts";
import { lessonsToPassOn } from "#app/features/pilots/national-lessons.server.ts";
import { windowOf } from "#app/features/project/facts.server.ts";
import { pick } from "#app/i18n/pick.ts";
import { addDays } from "#app/platform/days.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import { actionMilestones, batchQuotas, comments, projects, specifications } from "#db/schema/index.ts";
import { plainTask, type Task } from "./tasks.rules.ts";

/* What waits for the national office: editions and what was said of them, milestones, and gates of sectors that it alone opens. */

export async function nationalTasks(tx: Tx, actor: Actor): Promise<Task[]> {
  const day = today(actor);
  const [specs, gates, milestones, claimed] = await Promise.all([
    specificationTasks(tx, actor, day),
    gateTasks(tx, actor, day),
    tx
      .select({ id: actionMilestones.id, dueOn: actionMilestones.dueOn })
      .from(actionMilestones)
      .where(and(isNull(actionMilestones.doneOn), lt(actionMilestones.dueOn, addDays(day, 90))))
      .orderBy(asc(actionMilestones.dueOn)),
    may(actor.role, "actionPlan.accept")
      ? tx
          .select({ id: actionMilestones.id, dueOn: actionMilestones.dueOn })
          .from(actionMilestones)
          .where(and(isNotNull(actionMilestones.doneOn), isNull(actionMilestones.acceptedAt)))
          .orderBy(asc(actionMilestones.dueOn))
      : [],
  ]);
  return [
    ...specs,
    ...gates,
    ...claimed.map(({ id, dueOn }) =>
      plainTask(
        { id: `accept:${id}`, group: "review", kind: "milestone_accept", subject: id, href: `/action-plan#${id}` },
        day,
        dueOn,
      ),
    ),
    ...milestones.map(({ id, dueOn }) =>
      plainTask(
        { id: `milestone:${id}`, group: "due", kind: "milestone", subject: id, href: `/action-plan#${id}` },
        day,
        dueOn,
      ),
    ),
  ];
}

/**
 * Gates at which sectors stand and that the office opens: a window that is shut, a sector without places, lessons that nobody has
 * handed on. Of those who may open them: whoever else reads it would look for the act in vain.
 */
async function gateTasks(tx: Tx, actor: Actor, day: string): Promise<Task[]> {
  const [opens, hands] = [may(actor.role, "programme.write"), may(actor.role, "national.write")];
  const standing = await tx
    .select({
      id: projects.id,
      tenantId: projects.tenantId,
      programmeId: projects.programmeId,
      state: projects.state,
      zh: projects.nameZh,
      en: projects.nameEn,
    })
    .from(projects)
    .where(inArray(projects.state, ["batchOne.selecting", "batchTwo.selecting", "batchTwo.learning"]));
  const selecting = standing
    .filter((p) => opens && p.state !== "batchTwo.learning")
    .map((p) => ({ ...p, no: p.state.startsWith("batchOne") ? 1 : 2 }));
  const windows = new Map(selecting.map((p) => [`${p.programmeId}/${p.no}`, p]));
  const learning = [
    ...new Set(standing.filter((p) => hands && p.state === "batchTwo.learning").map((p) => p.programmeId)),
  ];
  const [quotas, shut, waiting] = await Promise.all([
    selecting.length === 0
      ? []
      : tx
          .select()
          .from(batchQuotas)
          .where(
            inArray(
              batchQuotas.programmeId,
              selecting.map((p) => p.programmeId),
            ),
          ),
    Promise.all(
      [...windows].map(async ([key, p]) =>
        (await windowOf(tx, actor, p.programmeId, p.no))?.standing === "open" ? "" : key,
      ),
    ),
    Promise.all(learning.map(async (id) => ({ id, found: await lessonsToPassOn(tx, actor, id) }))),
  ]);
  const of = (kind: string, id: string, subject: string, href: string) =>
    plainTask({ id: `${id}:${kind}`, group: "due", kind, subject, href }, day);
  return [
    ...selecting.flatMap((p) => [
      ...(shut.includes(`${p.programmeId}/${p.no}`) ? [of("batch_window", p.id, pick(p), "/national#batches")] : []),
      ...(quotas.some(
        (q) => q.tenantId === p.tenantId && q.programmeId === p.programmeId && q.batchNo === p.no && q.quota > 0,
      )
        ? []
        : [of("batch_quota", p.id, pick(p), "/national#batches")]),
    ]),
    ...waiting
      .filter(({ found }) => found.ready > 0 || (found.passedOn === 0 && found.none === null))
      .map(({ id }) => of("lessons_hand_on", id, "", "/national#lessons")),
  ];
}

/** Editions that are worked on, and the comments on them that nobody has answered. */
async function specificationTasks(tx: Tx, actor: Actor, day: string): Promise<Task[]> {
  const [specs, open] = await Promise.all([
    tx
      .select({
        id: specifications.id,
        title: specifications.titleZh,
        state: specifications.state,
        consultTo: specifications.consultTo,
      })
      .from(specifications)
      .where(
        and(
          eq(specifications.tenantId, actor.tenantId),
          inArray(specifications.state, ["drafting", "consultation", "reviewing", "approved"]),
        ),
      ),
    tx
      .select({ specificationId: comments.specificationId, n: sql<number>`count(*)::int` })
      .from(comments)
      .where(and(eq(comments.tenantId, actor.tenantId), eq(comments.disposition, "open")))
      .groupBy(comments.specificationId),
  ]);
  const openBySpecification = new Map(open.map((o) => [o.specificationId, o.n]));
  const editingHref = (id: string) => hrefOf({ is: "edition", id });
  return [
    ...specs.map(({ id, title, state, consultTo }) =>
      plainTask(
        {
          id: `specification:${id}`,
          group: "due",
          kind: `specification_${state}`,
          subject: title,
          href: editingHref(id),
        },
        day,
        state === "consultation" ? consultTo : null,
      ),
    ),
    ...specs
      .filter(({ id }) => openBySpecification.has(id))
      .map(({ id, title }) =>
        plainTask(
          {
            id: `comments:${id}`,
            group: "review",
            kind: "comments_open",
            subject: `${title} (${openBySpecification.get(id) ?? 0})`,
            href: `${editingHref(id)}?view=comments`,
          },
          day,
        ),
      ),
  ];
}
