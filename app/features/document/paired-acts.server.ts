import type { Actor } from "#app/request/actor.ts";
import { projectFacts } from "#app/features/project/facts.server.ts";
import type { ProjectRow } from "#app/features/project/project.server.ts";
import {
  type Act,
  actsOf,
  documentContext,
  factRefusals,
  fire,
  type Firing,
  type Instance,
  loadInstance,
  refusedFor,
  stateLabel,
} from "#app/features/workflow/workflow.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import type { Tx } from "#db/client.server.ts";
import type { DocumentRow } from "./document.server.ts";

/*
 * Risk report, pilot plan and specification draft move with their project: an act on the document is possible only when
 * the project can make the step that goes with it. Both machines are asked, and the reader sees the reasons of both. A
 * project takes each step once: a document that was approved before moves alone, under the conditions of that step.
 */

/** Event of the document → events of the project of which one goes with it. */
export type Pairs = Readonly<Record<string, readonly string[]>>;

export interface DocumentStanding {
  acts: Act[];
  /** Version of the document's machine: comes back as `expectedVersion`. */
  version: number;
  state: string;
  stateLabel: string;
}

/** Approved before: its project has gone on and does not come back for it. */
const isAlone = (own: Instance): boolean => documentContext(own).seals.length > 0;
const stopped = ({ state }: Pick<ProjectRow, "state">): boolean => state === "suspended" || state === "terminated";
const otherPhase = (project: ProjectRow, locale: Locale) => ({
  code: "document_other_phase",
  text: m.risk_act_other_phase({ state: stateLabel("project", project.state, locale) }, { locale }),
});

/**
 * Acts of a document with what the project says to each. `facts` are those of both machines. `instance` the document's, where
 * the caller has it in another standing than the stored one (`asNoted`).
 */
export async function pairedActs(
  tx: Tx,
  actor: Actor,
  {
    project,
    document,
    pairs,
    facts,
    locale,
    instance,
  }: { project: ProjectRow; document: DocumentRow; pairs: Pairs; facts: object; locale: Locale; instance?: Instance },
): Promise<DocumentStanding> {
  const [own, whole, known] = await Promise.all([
    instance ?? loadInstance(tx, document.id),
    loadInstance(tx, project.id),
    projectFacts(tx, actor, project),
  ]);
  const all = { ...known, ...facts };
  const alone = isAlone(own);
  const steps = alone ? [] : actsOf(whole, actor, all, locale);
  const acts = actsOf(own, actor, all, locale).flatMap((act): Act[] => {
    const wanted = pairs[act.type];
    if (!wanted) return [];
    const refusedBy = (): { enabled: boolean; reasons: Act["reasons"] } => {
      if (alone) {
        const reasons = stopped(project)
          ? [otherPhase(project, locale)]
          : factRefusals(whole, actor, wanted.length === 1 ? (wanted[0] ?? "") : "", all, locale);
        return { enabled: reasons.length === 0, reasons };
      }
      return steps.find((s) => wanted.includes(s.type)) ?? { enabled: false, reasons: [otherPhase(project, locale)] };
    };
    const step = refusedBy();
    if (!step.enabled && step.reasons[0]?.code === "document_other_phase")
      return [{ ...act, enabled: false, reasons: step.reasons }];
    const reasons = [...(act.enabled ? [] : act.reasons), ...(step.enabled ? [] : step.reasons)];
    return [{ ...act, enabled: act.enabled && step.enabled, reasons: reasons.length > 0 ? reasons : act.reasons }];
  });
  return {
    acts,
    version: own.lockVersion,
    state: document.state,
    stateLabel: stateLabel("document", document.state, locale),
  };
}

/**
 * The project's step that goes with an event of its document; to be prepared before that event, for approving is what makes a
 * document one that moves alone. The step of such a document changes nothing and only asks the step's conditions.
 * @throws workflow_refused, and for a project that is suspended or terminated as well.
 */
export async function stepOf(
  tx: Tx,
  actor: Actor,
  project: ProjectRow,
  document: DocumentRow,
  locale: Locale,
): Promise<(step: Omit<Firing, "objectId">) => Promise<void>> {
  if (!isAlone(await loadInstance(tx, document.id)))
    return async (step) => {
      await fire(tx, actor, { ...step, objectId: project.id }, locale);
    };
  return async ({ type, facts }) => {
    const whole = await loadInstance(tx, project.id);
    const reasons = stopped(project) ? [otherPhase(project, locale)] : factRefusals(whole, actor, type, facts, locale);
    if (reasons.length > 0) throw refusedFor(whole, reasons, locale);
  };
}
