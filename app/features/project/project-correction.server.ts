import { loadInstance, projectContext } from "#app/features/workflow/instance.server.ts";
import { and, eq } from "drizzle-orm";
import type { z } from "zod";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { invalid } from "#app/platform/errors.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import { documents, projects } from "#db/schema/index.ts";
import { type Phase, phases } from "#db/vocabulary.ts";
import { phaseDocument } from "#workflows/index.ts";
import { snake } from "#workflows/labels.ts";
import { beyondItsProgramme } from "#app/features/programme/programme.server.ts";
import { demandVersion, differing, noteCorrected, versionOf } from "./corrections.server.ts";
import { phaseOf } from "./project.rules.ts";
import { noteChange } from "#app/features/document/approval.server.ts";
import type { correctProjectSchema } from "./project.schema.ts";
import { loadProject, lockProject, type ProjectRow } from "./project.server.ts";

/*
 * A project put right by its sector's lead: names, days of phases that are not over, and the thresholds whose gate is still
 * ahead. What was judged by an old figure stays judged by it.
 */

type Input = z.output<typeof correctProjectSchema>;

/** What of a project can be put right, as the form shows it. */
export const correctable = (p: ProjectRow) => ({
  nameZh: p.nameZh,
  nameEn: p.nameEn,
  responseThreshold: p.responseThresholdBp,
  securityShare: p.securityShareBp,
  ...Object.fromEntries(phases.map((phase) => [`dueOn.${phase}`, p.dueOn[phase]])),
});

/** What the lead's form begins with and what was put right so far; null for others. */
export async function projectCorrection(tx: Tx, actor: Actor, projectId: string, locale: Locale) {
  if (!may(actor.role, "project.correct")) return null;
  const project = await standing(tx, await loadProject(tx, projectId));
  return {
    version: versionOf(correctable(project)),
    fields: {
      nameZh: project.nameZh,
      nameEn: project.nameEn,
      responseThreshold: String(project.responseThresholdBp / 100),
      securityShare: String(project.securityShareBp / 100),
    },
    phases: phases.map((key) => ({
      key,
      label: translate(`wf_project_state_${snake(key)}`, {}, locale),
      dueOn: project.dueOn[key],
    })),
    /** Fields that stay as they are: their gate is behind. */
    fixed: [
      ...(over(project, "survey") ? ["responseThreshold"] : []),
      ...(over(project, "pilotPlan") ? ["securityShare"] : []),
      ...phases.filter((phase) => over(project, phase)),
    ],
  };
}

/** The project as it stood when it was suspended: what lay behind it then still does. */
async function standing(tx: Tx, project: ProjectRow): Promise<ProjectRow> {
  if (project.state !== "suspended") return project;
  const { suspendedFrom } = projectContext(await loadInstance(tx, project.id));
  return { ...project, state: suspendedFrom ?? project.state };
}
const ended = new Set(["completed", "terminated"]);
/** Whether a phase lies behind, and with it the gate that asks its threshold. */
const over = (p: ProjectRow, phase: Phase): boolean => ended.has(p.state) || rank(p) > phases.indexOf(phase);
const rank = (p: Pick<ProjectRow, "state">): number => {
  const phase = phaseOf(p.state);
  return phase === null ? -1 : phases.indexOf(phase);
};

/** Fields whose gate is behind, by the message that says so. */
function tooLate(p: ProjectRow, input: Input): Record<string, string[]> {
  const faults: Record<string, string[]> = {};
  if (over(p, "survey") && input.responseThreshold !== p.responseThresholdBp)
    faults["responseThreshold"] = ["project_error_survey_over"];
  if (over(p, "pilotPlan") && input.securityShare !== p.securityShareBp)
    faults["securityShare"] = ["project_error_plan_over"];
  for (const phase of phases)
    if (over(p, phase) && input.dueOn[phase] !== p.dueOn[phase])
      faults[`dueOn.${phase}`] = ["project_error_phase_over"];
  return faults;
}

/** Days that cannot stand: out of order among the phases that are still ahead, past, or beyond the programme. */
async function wrongDays(
  tx: Tx,
  actor: Actor,
  p: ProjectRow,
  dueOn: Input["dueOn"],
): Promise<Record<string, string[]>> {
  const faults: Record<string, string[]> = {};
  const ahead = phases.filter((phase) => !over(p, phase));
  const early = ahead.find((phase, i) => i > 0 && dueOn[phase] < dueOn[ahead[i - 1] ?? phase]);
  if (early) faults[`dueOn.${early}`] = ["project_error_due_order"];
  const moved = ahead.filter((phase) => dueOn[phase] !== p.dueOn[phase]);
  for (const phase of moved) if (dueOn[phase] < today(actor)) faults[`dueOn.${phase}`] ??= ["error_field_day_past"];
  const beyond = await beyondItsProgramme(
    tx,
    p.programmeId,
    Object.fromEntries(moved.map((phase) => [`dueOn.${phase}`, dueOn[phase]])),
  );
  return { ...beyond, ...faults };
}

/** @throws invalid by field; conflict `stale_revision`, `nothing_corrected`; notFound */
export async function correctProject(tx: Tx, actor: Actor, input: Input & { projectId: string }): Promise<void> {
  const project = await standing(tx, await lockProject(tx, input.projectId));
  const before = correctable(project);
  demandVersion(before, input.expectedVersion);
  const faults = { ...(await wrongDays(tx, actor, project, input.dueOn)), ...tooLate(project, input) };
  if (Object.keys(faults).length > 0) throw invalid(faults);
  const changed = {
    nameZh: input.nameZh,
    nameEn: input.nameEn,
    dueOn: input.dueOn,
    responseThresholdBp: input.responseThreshold,
    securityShareBp: input.securityShare,
  };
  await tx
    .update(projects)
    .set({ ...changed, updatedAt: actor.now })
    .where(and(eq(projects.tenantId, actor.tenantId), eq(projects.id, project.id)));
  await noteCorrected(tx, actor, {
    thing: "project",
    objectId: project.id,
    projectId: project.id,
    fields: differing(before, correctable({ ...project, ...changed })),
    reason: input.reason,
  });
  await moveDocuments(tx, actor, project, input.dueOn);
  for (const kind of ["riskReport", "pilotPlan"] as const) await noteChange(tx, actor, kind, { projectId: project.id });
}

/** Documents that were due on the old day of their phase are due on the new one; what a site was given longer for stays. */
async function moveDocuments(tx: Tx, actor: Actor, project: ProjectRow, dueOn: Record<Phase, string>): Promise<void> {
  for (const phase of phases) {
    const kind = phase === "survey" ? "surveyResponse" : phaseDocument[phase];
    if (!kind || dueOn[phase] === project.dueOn[phase]) continue;
    await tx
      .update(documents)
      .set({ dueOn: dueOn[phase] })
      .where(
        and(
          eq(documents.tenantId, actor.tenantId),
          eq(documents.projectId, project.id),
          eq(documents.kind, kind),
          eq(documents.dueOn, project.dueOn[phase]),
        ),
      );
  }
}
