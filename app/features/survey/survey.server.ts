import { and, eq, inArray, sql } from "drizzle-orm";
import { noteDocumentChange } from "#app/features/document/approval.server.ts";
import { createDocument, type DocumentRow, isEditable } from "#app/features/document/document.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { translate } from "#app/i18n/translate.server.ts";
import type { Aside } from "#app/request/aside.rules.ts";
import { conflict, invalid, notFound, staleRevision } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { answers, documents, sites, systems } from "#db/schema/index.ts";
import type { AnswerValue } from "#db/vocabulary.ts";
import { lockResponse, questionnaire } from "./locked.server.ts";
import type { AnswerInput } from "./survey.schema.ts";

/*
 * The survey of a project: one response a system, answered in cells that save by themselves. Each cell carries its own
 * revision, so that two officers may work on one sheet and neither overwrites the other unseen.
 */

/** Responses for systems that have none yet; again after systems were registered late. Returns the new ids. */
export async function inviteSystems(tx: Tx, actor: Actor, { projectId }: { projectId: string }): Promise<string[]> {
  const project = await loadProject(tx, projectId);
  const waiting = await tx
    .select({ id: systems.id, siteId: systems.siteId, name: systems.name })
    .from(systems)
    .where(
      and(
        eq(systems.tenantId, actor.tenantId),
        sql`not exists (select 1 from ${documents} d where d.tenant_id = ${systems.tenantId} and d.project_id = ${projectId} and d.kind = 'surveyResponse' and d.system_id = ${systems.id})`,
      ),
    )
    .orderBy(systems.siteId, systems.id);
  const made = await Promise.all(
    waiting.map((s) =>
      createDocument(tx, actor, {
        kind: "surveyResponse",
        projectId,
        title: s.name,
        siteId: s.siteId,
        systemId: s.id,
        dueOn: project.dueOn.survey,
      }),
    ),
  );
  return made.map((d) => d.id);
}

interface SavedCell {
  controlCode: string;
  rev: number;
}
interface OtherCell extends SavedCell {
  value: AnswerValue | null;
  note: string;
  evidenceRef: string;
  updatedAt: Date;
  updatedByName: string;
}
export interface SavedAnswers {
  saved: SavedCell[];
  /** Cells that somebody else changed since; theirs stand, nothing of the caller's was written there. */
  conflicts: OtherCell[];
  /** Cells that are wrong in themselves, with what is wrong by field in the reader's language; nothing of them was written. */
  refused: RefusedCell[];
}
interface SaveCells {
  documentId: string;
  cells: readonly AnswerInput[];
  aside?: readonly Aside[];
  locale: Locale;
}
interface RefusedCell {
  controlCode: string;
  errors: Record<string, string[]>;
}
/** Of a cell that could not be read the code is what was sent for it. */
const asRefused = ({ given, errors }: Aside): RefusedCell => {
  const code = (given as { controlCode?: unknown } | null | undefined)?.controlCode;
  return { controlCode: typeof code === "string" ? code.slice(0, 100) : "", errors };
};

/**
 * Saves many cells, each by its own revision. Cells that were changed meanwhile, and cells that are wrong, are reported and
 * hold back no other. @param aside those that could not be read @throws invalid when every one of them is wrong
 */
export async function saveAnswers(
  tx: Tx,
  actor: Actor,
  { documentId, cells: given, aside = [], locale }: SaveCells,
): Promise<SavedAnswers> {
  const document = await lockResponse(tx, documentId);
  if (!isEditable(document))
    throw conflict({ code: "sealed", logMessage: `response ${document.id} is ${document.state}` });
  const project = await loadProject(tx, document.projectId);
  const known = new Set(questionnaire(project.questionnaireVersion).map((c) => c.id));
  const cells = given.filter((c) => known.has(c.controlCode));
  if (cells.length === 0 && given.length > 0) throw invalid({ controlCode: ["error_field_unknown_id"] });
  const refused = [
    ...aside.map(asRefused),
    ...given
      .filter((c) => !known.has(c.controlCode))
      .map(({ controlCode }) => ({
        controlCode,
        errors: { controlCode: [translate("error_field_unknown_id", {}, locale)] },
      })),
  ];
  if (cells.length === 0 || document.siteId === null) return { saved: [], conflicts: [], refused };
  const unique = [...new Map(cells.map((c) => [c.controlCode, c])).values()];
  const saved = await tx
    .insert(answers)
    .values(
      unique.map((c) => ({
        tenantId: document.tenantId,
        documentId: document.id,
        siteId: document.siteId as string,
        questionnaireVersion: project.questionnaireVersion,
        controlCode: c.controlCode,
        value: c.value,
        note: c.note,
        evidenceRef: c.evidenceRef,
        rev: c.rev + 1,
        updatedAt: actor.now,
        updatedByName: actor.name,
      })),
    )
    .onConflictDoUpdate({
      target: [answers.tenantId, answers.documentId, answers.controlCode],
      set: {
        value: sql`excluded.value`,
        note: sql`excluded.note`,
        evidenceRef: sql`excluded.evidence_ref`,
        rev: sql`excluded.rev`,
        updatedAt: sql`excluded.updated_at`,
        updatedByName: sql`excluded.updated_by_name`,
      },
      setWhere: sql`${answers.rev} = excluded.rev - 1`,
    })
    .returning({ controlCode: answers.controlCode, rev: answers.rev });
  const done = new Set(saved.map((s) => s.controlCode));
  const missed = unique.filter((c) => !done.has(c.controlCode)).map((c) => c.controlCode);
  if (saved.length > 0) await noteDocumentChange(tx, actor, document, locale);
  return { saved, conflicts: missed.length === 0 ? [] : await cellsOf(tx, document, missed), refused };
}

const cellsOf = (tx: Tx, document: DocumentRow, codes: readonly string[]): Promise<OtherCell[]> =>
  tx
    .select({
      controlCode: answers.controlCode,
      value: answers.value,
      note: answers.note,
      evidenceRef: answers.evidenceRef,
      rev: answers.rev,
      updatedAt: answers.updatedAt,
      updatedByName: answers.updatedByName,
    })
    .from(answers)
    .where(
      and(
        eq(answers.tenantId, document.tenantId),
        eq(answers.documentId, document.id),
        inArray(answers.controlCode, [...codes]),
      ),
    );

/**
 * Saves one cell.
 * @returns its new revision.
 * @throws conflict `stale_revision` with the other person's cell in `extra.theirs`; conflict `sealed` while in review.
 */
export async function saveAnswer(
  tx: Tx,
  actor: Actor,
  input: AnswerInput & { documentId: string; locale: Locale },
): Promise<number> {
  const { documentId, locale, ...cell } = input;
  const { saved, conflicts } = await saveAnswers(tx, actor, { documentId, cells: [cell], locale });
  const [theirs] = conflicts;
  if (theirs) throw staleRevision(theirs.updatedByName, { rev: theirs.rev, theirs });
  const [mine] = saved;
  if (!mine) throw notFound({ logMessage: `answer ${cell.controlCode}` });
  return mine.rev;
}

/** The caller's responses of a project (a site: its own; a sector: all), with site and system. One query. */
export const listResponses = (tx: Tx, actor: Actor, projectId: string) =>
  tx
    .select({
      document: documents,
      siteName: sites.name,
      siteCode: sites.code,
      systemName: systems.name,
      grade: systems.grade,
    })
    .from(documents)
    .innerJoin(sites, and(eq(sites.tenantId, documents.tenantId), eq(sites.id, documents.siteId)))
    .innerJoin(systems, and(eq(systems.tenantId, documents.tenantId), eq(systems.id, documents.systemId)))
    .where(
      and(
        eq(documents.tenantId, actor.tenantId),
        eq(documents.projectId, projectId),
        eq(documents.kind, "surveyResponse"),
      ),
    )
    .orderBy(sites.code, systems.id);
