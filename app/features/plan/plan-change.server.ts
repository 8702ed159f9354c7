import type { OwnWords } from "#app/features/document/difference.server.ts";
import { type DocumentRow, loadDraft, projectDocument } from "#app/features/document/document.server.ts";
import { noteChange, type Working } from "#app/features/document/reapproval.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { loadProject, type ProjectRow } from "#app/features/project/project.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { pickField } from "#app/i18n/pick.ts";
import type { Tx } from "#db/client.server.ts";
import { planSections } from "#seeds/catalogue/index.ts";
import { emptyPlan, type PlanBody, type PlanContent, planContent } from "./plan-content.server.ts";
import { planShape } from "./plan-shape.rules.ts";

/* An approved plan over rows that move on: what is held against the seal is derived as the seal was. */

const wordsOf = (content: PlanContent): OwnWords => ({
  site: (id) => content.sites.find((s) => s.id === id)?.name ?? id,
  section: (key, locale) => {
    const found = planSections.find((s) => s.key === key);
    return found ? pickField(found, "title", locale) : key;
  },
});
/** A plan's content ready to be compared with the sealed one. */
export const asWorking = (content: PlanContent): Working => ({ content, shape: planShape, words: wordsOf(content) });

/** The plan as it would be sealed now. For the sector. */
export async function planAsNow(
  tx: Tx,
  actor: Actor,
  project: ProjectRow,
  document: Pick<DocumentRow, "id">,
): Promise<PlanContent> {
  const { body } = await loadDraft<PlanBody>(tx, document.id, emptyPlan);
  return planContent(tx, actor, project, { ...emptyPlan, ...body });
}

/** After a change of what a plan is made of: whether its approval still covers it. For the sector. */
export async function notePlanChange(
  tx: Tx,
  actor: Actor,
  projectId: string,
  locale: Locale = "zh-CN",
): Promise<boolean> {
  const [project, document] = await Promise.all([
    loadProject(tx, projectId),
    projectDocument(tx, projectId, "pilotPlan"),
  ]);
  return noteChange(tx, actor, document, async (own) => asWorking(await planAsNow(tx, actor, project, own)), locale);
}
