import { and, eq, inArray, not } from "drizzle-orm";
import { hrefOf } from "#app/domain/hrefs.ts";
import { factsOfPilots } from "#app/features/pilots/facts.server.ts";
import { projectFacts } from "#app/features/project/facts.server.ts";
import { phasePage } from "#app/features/project/phase-page.ts";
import { phaseOf } from "#app/features/project/project.rules.ts";
import { type Instance, machineFor, toStored } from "#app/features/workflow/instance.server.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { pick } from "#app/i18n/pick.ts";
import { daysFrom } from "#app/platform/days.ts";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { pilots, projects, workflowInstances } from "#db/schema/index.ts";
import { type Ahead, ahead, isDocumentEvent, mendersOf, optionalEvents, stagesWhere } from "#workflows/index.ts";
import type { Task } from "./tasks.rules.ts";

/*
 * Tasks of projects and pilots, derived from their machines: whoever may send an event that nothing stands in the way of, and
 * whoever can mend what does. Nothing is listed by hand, so that no gate is open without somebody being told.
 */

interface About {
  machine: "project" | "pilot";
  id: string;
  subject: string;
  href: string;
  dueOn: string | null;
  /** Today. */
  day: string;
}

const task = (about: About, e: Ahead, more: Pick<Task, "group" | "waitsFor" | "why">, mends = false): Task => ({
  id: `${about.id}:${e.type}`,
  kind: `${mends ? "mend." : ""}${about.machine}.${e.type}`,
  subject: about.subject,
  href: about.href,
  dueOn: about.dueOn,
  daysLate: about.dueOn === null ? null : daysFrom(about.dueOn, about.day),
  ...more,
});

/** What of one instance waits for the caller; where nothing does, whom it waits for. */
function tasksOfInstance(role: Actor["role"], about: About, events: readonly Ahead[]): Task[] {
  const owed = events.filter((e) => !optionalEvents[about.machine].includes(e.type) && !isDocumentEvent(e.type));
  const own = owed.flatMap((e): Task[] => {
    const sends = e.senders.includes(role);
    if (sends && e.reasons.length === 0) return [task(about, e, { group: "due", waitsFor: null })];
    const mine = e.reasons.filter((r) => mendersOf(r.code, e.senders).includes(role));
    // Who does not send it themselves is asked to clear its way, not to do what is another's.
    return mine.length > 0 ? [task(about, e, { group: "due", waitsFor: null, why: mine }, !sends)] : [];
  });
  const [next] = owed;
  if (own.length > 0 || next === undefined) return own;
  const [who] = next.reasons.length === 0 ? next.senders : next.reasons.flatMap((r) => mendersOf(r.code, next.senders));
  // What time alone brings comes by itself.
  if (who === undefined) return [task(about, next, { group: "soon", waitsFor: null, why: next.reasons })];
  return [task(about, next, { group: "waiting", waitsFor: who, why: next.reasons })];
}

const eventsOf = (instance: Instance, facts: object): Ahead[] =>
  ahead(machineFor(instance.machine, instance.version), toStored(instance), facts);

/** The sector's project, for its office. */
export async function projectTasks(tx: Tx, actor: Actor): Promise<Task[]> {
  const rows = await tx
    .select({ project: projects, instance: workflowInstances })
    .from(projects)
    .innerJoin(
      workflowInstances,
      and(eq(workflowInstances.tenantId, projects.tenantId), eq(workflowInstances.objectId, projects.id)),
    )
    .where(
      and(
        eq(projects.tenantId, actor.tenantId),
        not(inArray(projects.state, ["completed", "terminated", "suspended"])),
      ),
    );
  const found = await Promise.all(
    rows.map(async ({ project, instance }) => {
      const facts = await projectFacts(tx, actor, project);
      const phase = phaseOf(project.state);
      const about: About = {
        machine: "project",
        id: project.id,
        subject: pick({ zh: project.nameZh, en: project.nameEn }),
        href: phase ? `/projects/${project.id}/${phasePage(phase)}` : hrefOf({ is: "project", id: project.id }),
        dueOn: phase ? project.dueOn[phase] : null,
        day: today(actor),
      };
      return tasksOfInstance(actor.role, about, eventsOf(instance, facts));
    }),
  );
  return found.flat();
}

/** Pilots that are not over: the sector's for its office, their own for a site. One round of queries, however many there are. */
export async function pilotTasks(tx: Tx, actor: Actor): Promise<Task[]> {
  const rows = await tx
    .select({ pilot: pilots, instance: workflowInstances })
    .from(pilots)
    .innerJoin(
      workflowInstances,
      and(eq(workflowInstances.tenantId, pilots.tenantId), eq(workflowInstances.objectId, pilots.id)),
    )
    .where(and(eq(pilots.tenantId, actor.tenantId), not(inArray(pilots.stage, [...stagesWhere("over"), "suspended"]))));
  const facts = await factsOfPilots(
    tx,
    actor,
    rows.map((r) => r.pilot),
    getLocale(),
  );
  return rows.flatMap(({ pilot, instance }) => {
    const about: About = {
      machine: "pilot",
      id: pilot.id,
      subject: `${pilot.code} ${pilot.name}`,
      href: hrefOf({ is: "pilot", id: pilot.id }),
      dueOn: pilot.stage === "publicNotice" ? pilot.noticeTo : null,
      day: today(actor),
    };
    return tasksOfInstance(actor.role, about, eventsOf(instance, facts.get(pilot.id) ?? {}));
  });
}
