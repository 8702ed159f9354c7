import type { Actor } from "#app/features/identity/actor.ts";
import { projectFacts } from "#app/features/project/facts.server.ts";
import type { ProjectRow } from "#app/features/project/project.server.ts";
import { type Act, actsOf, loadInstance, stateLabel } from "#app/features/workflow/workflow.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import type { Tx } from "#db/client.server.ts";
import type { DocumentRow } from "./document.server.ts";

/*
 * Risk report, pilot plan and specification draft move with their project: an act on the document is possible only when
 * the project can make the step that goes with it. Both machines are asked, and the reader sees the reasons of both.
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

/** Acts of a document with what the project says to each. `facts` are those of both machines. */
export async function pairedActs(tx: Tx, actor: Actor, { project, document, pairs, facts, locale }: { project: ProjectRow; document: DocumentRow; pairs: Pairs; facts: object; locale: Locale }): Promise<DocumentStanding> {
  const [own, whole, known] = await Promise.all([loadInstance(tx, document.id), loadInstance(tx, project.id), projectFacts(tx, actor, project)]);
  const all = { ...known, ...facts };
  const steps = actsOf(whole, actor, all, locale);
  const acts = actsOf(own, actor, all, locale).flatMap((act): Act[] => {
    const wanted = pairs[act.type];
    if (!wanted) return [];
    const step = steps.find((s) => wanted.includes(s.type));
    if (!step) return [{ ...act, enabled: false, reasons: [{ code: "document_other_phase", text: m.risk_act_other_phase({ state: stateLabel("project", project.state, locale) }, { locale }) }] }];
    const reasons = [...(act.enabled ? [] : act.reasons), ...(step.enabled ? [] : step.reasons)];
    return [{ ...act, enabled: act.enabled && step.enabled, reasons: reasons.length > 0 ? reasons : act.reasons }];
  });
  return { acts, version: own.lockVersion, state: document.state, stateLabel: stateLabel("document", document.state, locale) };
}
