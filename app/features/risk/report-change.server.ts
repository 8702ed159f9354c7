import { projectDocument, loadDraft, type DocumentRow } from "#app/features/document/document.server.ts";
import type { OwnWords } from "#app/features/document/difference.server.ts";
import { noteChange, type Working } from "#app/features/document/reapproval.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { notePlanChange } from "#app/features/plan/plan-change.server.ts";
import { loadProject, type ProjectRow } from "#app/features/project/project.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { pickField } from "#app/i18n/pick.ts";
import type { Tx } from "#db/client.server.ts";
import { reportChapters } from "#seeds/catalogue/index.ts";
import { emptyReport, type ReportBody, type ReportContent, reportContent } from "./report-content.server.ts";
import { reportShape } from "./report-shape.rules.ts";

/* An approved report over a register that moves on: what is held against the seal is derived as the seal was. */

const sections = reportChapters.flatMap((c) => c.sections);
const wordsOf = (...contents: readonly ReportContent[]): OwnWords => {
  const systems = new Map(
    contents.flatMap((c) => c.sites).flatMap((s) => s.systems.map((x) => [x.id, `${s.name} ${x.name}`] as const)),
  );
  return {
    system: (id) => systems.get(id) ?? id,
    section: (key, locale) => {
      const found = sections.find((s) => s.key === key);
      return found ? `${found.no} ${pickField(found, "title", locale)}` : key;
    },
  };
};
/** A report's content ready to be compared with the sealed one. */
export const asWorking = (content: ReportContent, sealed?: ReportContent): Working => ({
  content,
  shape: reportShape,
  words: wordsOf(...(sealed?.sites ? [sealed] : []), content),
});

/** The report as it would be sealed now. For the sector. */
export async function reportAsNow(
  tx: Tx,
  actor: Actor,
  project: ProjectRow,
  document: Pick<DocumentRow, "id">,
): Promise<ReportContent> {
  const { body } = await loadDraft<ReportBody>(tx, document.id, emptyReport);
  return reportContent(tx, actor, project, body);
}

/** After a change of the register or of the text: whether the approval of the report still covers it. For the sector. */
export async function noteReportChange(
  tx: Tx,
  actor: Actor,
  projectId: string,
  locale: Locale = "zh-CN",
): Promise<boolean> {
  const [project, document] = await Promise.all([
    loadProject(tx, projectId),
    projectDocument(tx, projectId, "riskReport"),
  ]);
  return noteChange(tx, actor, document, async (own) => asWorking(await reportAsNow(tx, actor, project, own)), locale);
}

/** After a change of the register: report and plan both rest on it. */
export async function noteRegisterChange(
  tx: Tx,
  actor: Actor,
  projectId: string,
  locale: Locale = "zh-CN",
): Promise<void> {
  await noteReportChange(tx, actor, projectId, locale);
  await notePlanChange(tx, actor, projectId, locale);
}
