import { type EventOption, eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import { documentContext, type Instance, loadInstance } from "#app/features/workflow/instance.server.ts";
import { factRefusals } from "#app/features/workflow/workflow.server.ts";
import { refusedFor } from "#app/features/workflow/refusal.server.ts";
import { stateLabel } from "#app/features/workflow/labels.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import type { DocumentStep } from "#workflows/index.ts";

/*
 * The project's side of a document that moves with it. A project takes each step once: a document that was approved before
 * moves alone, under the conditions of that step.
 */

type Reasons = EventOption["reasons"];

/** Approved before: its project has gone on and does not come back for it. */
export const movesWithoutProject = (own: Instance): boolean => documentContext(own).seals.length > 0;
const stopped = ({ state }: Pick<Instance, "state">): boolean => state === "suspended" || state === "terminated";
const otherPhase = (state: string, locale: Locale) => ({
  code: "document_other_phase",
  text: m.risk_act_other_phase({ state: stateLabel("project", state, locale) }, { locale }),
});

/** What the project says to a step that its document takes alone; nothing where it may. */
const conditions = (whole: Instance, actor: Actor, step: DocumentStep, facts: object, locale: Locale): Reasons =>
  stopped(whole) ? [otherPhase(whole.state, locale)] : factRefusals(whole, actor, step.project, facts, locale);

interface Asked {
  step: DocumentStep;
  /** The gate's. */
  facts: object;
  locale: Locale;
}
/** What keeps a project from the step of its document; nothing where it may take it. */
export function stepReasons(
  actor: Actor,
  { whole, own, step, facts, locale }: Asked & { whole: Instance; own: Instance },
): Reasons {
  if (movesWithoutProject(own)) return conditions(whole, actor, step, facts, locale);
  const act = eventOptions(whole, actor, facts, locale).find((a) => a.type === step.project);
  if (!act) return [otherPhase(whole.state, locale)];
  return act.enabled ? [] : act.reasons;
}

/** Asks the conditions of a step for a document that moves alone. @throws workflow_refused with the project's reasons */
export async function demandStep(
  tx: Tx,
  actor: Actor,
  { projectId, step, facts, locale }: Asked & { projectId: string },
): Promise<void> {
  const whole = await loadInstance(tx, projectId);
  const reasons = conditions(whole, actor, step, facts, locale);
  if (reasons.length > 0) throw refusedFor(whole, reasons, locale);
}

/**
 * Asks whether it is the time of a step at all, before anything else is judged: a list of events tells nothing beside it.
 * @throws workflow_refused
 */
export async function demandTime(
  tx: Tx,
  actor: Actor,
  { projectId, step, locale }: Omit<Asked, "facts"> & { projectId: string },
): Promise<void> {
  const whole = await loadInstance(tx, projectId);
  if (!eventOptions(whole, actor, {}, locale).some((act) => act.type === step.project))
    throw refusedFor(whole, [otherPhase(whole.state, locale)], locale);
}
