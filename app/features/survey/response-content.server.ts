import { and, eq } from "drizzle-orm";
import type { Completeness as DocumentCompleteness, SubmissionRow } from "#app/features/document/document.server.ts";
import type { Subject } from "#app/features/document/kind.ts";
import { evidenceToSeal } from "#app/features/evidence/evidence.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { translate } from "#app/i18n/translate.server.ts";
import { notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { answers, sites, systems } from "#db/schema/index.ts";
import { assetContent, listAssets } from "./assets.server.ts";
import { factsOf } from "./content.rules.ts";
import { questionnaire } from "./locked.server.ts";
import { completeness } from "./survey.rules.ts";
import { responseContent, type ResponseContent } from "./survey.schema.ts";

/* The content of a response: answers and assets as its site has them now, or as they were sealed. */

const byCode = (a: { controlCode: string }, b: { controlCode: string }) => (a.controlCode < b.controlCode ? -1 : 1);
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** The working content of a response in the form in which it would be sealed. A site's eyes only. */
export async function workingContent(tx: Tx, document: Subject): Promise<ResponseContent> {
  const { tenantId, siteId, systemId } = document;
  if (siteId === null || systemId === null) throw notFound({ logMessage: `response ${document.id} without system` });
  const [project, [site], [system], cells, list, files] = await Promise.all([
    loadProject(tx, document.projectId),
    tx
      .select()
      .from(sites)
      .where(and(eq(sites.tenantId, tenantId), eq(sites.id, siteId))),
    tx
      .select()
      .from(systems)
      .where(and(eq(systems.tenantId, tenantId), eq(systems.id, systemId))),
    tx
      .select()
      .from(answers)
      .where(and(eq(answers.tenantId, tenantId), eq(answers.documentId, document.id))),
    listAssets(tx, document),
    evidenceToSeal(tx, document),
  ]);
  if (!site || !system) throw notFound({ logMessage: `site or system of response ${document.id}` });
  return {
    kind: "surveyResponse",
    projectCode: project.code,
    questionnaireVersion: project.questionnaireVersion,
    site: { id: site.id, code: site.code, name: site.name, region: site.region, size: site.size },
    system: {
      id: system.id,
      name: system.name,
      description: system.description,
      grade: system.grade,
      devices: system.devices,
    },
    answers: cells
      .map((a) => ({ controlCode: a.controlCode, value: a.value, note: a.note, evidenceRef: a.evidenceRef }))
      .sort(byCode),
    assets: list.map(assetContent).sort(byId),
    ...(files ? { evidence: files } : {}),
  };
}

/** Content of a sealed submission. Throws for one that was not sealed as a response. */
export const sealedContent = (submission: Pick<SubmissionRow, "content">): ResponseContent =>
  responseContent.parse(submission.content);

const shownParts = 12;

/** What still keeps a response from being submitted, as facts of the document's machine. */
export function submissionFacts(content: ResponseContent, locale: Locale): DocumentCompleteness {
  const known = completeness(questionnaire(content.questionnaireVersion), factsOf(content.answers));
  const all = [
    ...(content.assets.length === 0 ? [translate("survey_part_assets", {}, locale)] : []),
    ...known.missing,
    ...known.needsNote.map((code) => translate("survey_part_note", { code }, locale)),
  ];
  // The number is told beside them; a sentence with seventy codes helps nobody.
  const missingParts =
    all.length > shownParts ? [...all.slice(0, shownParts - 1), `+${all.length - shownParts + 1}`] : all;
  return { completeness: known.percent, missingParts };
}
