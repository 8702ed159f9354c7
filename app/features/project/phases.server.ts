import { and, asc, eq } from "drizzle-orm";
import type { Phase } from "#app/domain/vocabulary.ts";
import type { Instance } from "#app/features/workflow/instance.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { workflowEvents } from "#db/schema/index.ts";
import { courseOf, isLate, phaseStandings, type Remembered } from "./phases.rules.ts";
import type { ProjectRow } from "./project.server.ts";

export interface PhaseStep {
  phase: Phase;
  state: "done" | "now" | "ahead" | "off";
  late: boolean;
  /** The day on which it was done, or is due; null for one that was passed by, or done on a day that the caller cannot see. */
  day: string | null;
  /** Passed by with a reason on record. */
  skipped: boolean;
}

/** The phases of one project as its line shows them. A site does not see the project's log, so to it no phase has a day on which it was done. */
export async function phaseSteps(
  tx: Tx,
  actor: Actor,
  project: ProjectRow,
  instance: Pick<Instance, "id" | "tenantId" | "snapshot">,
): Promise<PhaseStep[]> {
  const log = await tx
    .select({ from: workflowEvents.fromState, to: workflowEvents.toState, at: workflowEvents.at })
    .from(workflowEvents)
    .where(and(eq(workflowEvents.tenantId, instance.tenantId), eq(workflowEvents.instanceId, instance.id)))
    .orderBy(asc(workflowEvents.seq));
  const { context } = instance.snapshot as { context: Remembered };
  const course = courseOf(
    project,
    context,
    log.map(({ from, to, at }) => ({ from, to, day: today({ now: at }) })),
  );
  return phaseStandings(course, today(actor)).map((s) => ({
    phase: s.phase,
    state: s.place,
    late: isLate(s),
    day: s.place === "off" ? null : s.place === "done" ? s.doneOn : s.dueOn,
    skipped: s.status === "skipped",
  }));
}
