import { and, eq } from "drizzle-orm";
import type { z } from "zod";
import { saveText } from "#app/features/document/approval.server.ts";
import {
  type DocumentRow,
  latestSubmission,
  loadDraft,
  projectDocument,
  type SubmissionRow,
} from "#app/features/document/document.server.ts";
import { ensureDocument } from "#app/features/document/transition.server.ts";
import { loadProject, type ProjectRow } from "#app/features/project/project.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pickField } from "#app/i18n/pick.ts";
import { conflict, invalid } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import { may, openIn } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import { systems } from "#db/schema/index.ts";
import { planSections } from "#seeds/catalogue/index.ts";
import { isHandedIn } from "#workflows/index.ts";
import {
  emptyPlan,
  knownSections,
  type PlanBody,
  type PlanContent,
  planContent,
  requiredSections,
} from "./plan-content.server.ts";
import type { nominateSchema, planTextSchema, shareReasonSchema, withdrawNominationSchema } from "./plan.schema.ts";

/*
 * The pilot plan of a sector: its texts, nominations and reasons. What moves it is said in `plan.kind.ts`.
 */

export interface OpenPlan {
  project: ProjectRow;
  document: DocumentRow | null;
  rev: number;
  content: PlanContent;
  /** Set when `content` is the sealed one: it is with a reviewer, or approved. */
  submission: SubmissionRow | null;
  /** An approved plan as its author changes it. */
  working: boolean;
}
/** The plan as its reader may see it: the sector's draft over its rows, a site's own rows, or what was sealed. Null for the national office before it was sent. `work`: its author's rows of an approved one. */
export async function openPlan(
  tx: Tx,
  actor: Actor,
  projectId: string,
  { work = false } = {},
): Promise<OpenPlan | null> {
  const [project, document] = await Promise.all([
    loadProject(tx, projectId),
    projectDocument(tx, projectId, "pilotPlan"),
  ]);
  const working = work && may(actor.role, "plan.write") && document?.state === "approved";
  if (
    actor.level === "national" ||
    (actor.level === "sector" && document !== null && isHandedIn(document.state) && !working)
  ) {
    const submission = document ? await latestSubmission(tx, document.id) : null;
    if (!document || !submission) return null;
    return { project, document, rev: 0, content: submission.content as PlanContent, submission, working: false };
  }
  const draft =
    document && actor.level === "sector"
      ? await loadDraft<PlanBody>(tx, document.id, emptyPlan)
      : { body: emptyPlan, rev: 0 };
  return {
    project,
    document,
    rev: draft.rev,
    content: await planContent(tx, actor, project, { ...emptyPlan, ...draft.body }),
    submission: null,
    working,
  };
}

/** Changes the working text from the revision the person saw. @throws conflict `sealed` or `stale_revision`. */
async function changeBody(
  tx: Tx,
  actor: Actor,
  projectId: string,
  rev: number,
  change: (body: PlanBody) => PlanBody,
): Promise<number> {
  const document = await ensureDocument(tx, actor, { projectId, kind: "pilotPlan" });
  if (!openIn("plan.write", document.state))
    throw conflict({ code: "sealed", logMessage: `plan ${document.id} is ${document.state}` });
  const { body } = await loadDraft<PlanBody>(tx, document.id, emptyPlan);
  return saveText(tx, actor, document, { body: change({ ...emptyPlan, ...body }), rev });
}

/** Saves the texts of some sections in one language. Returns the new revision. */
export async function savePlanTexts(
  tx: Tx,
  actor: Actor,
  input: z.output<typeof planTextSchema> & { projectId: string },
): Promise<number> {
  if (Object.keys(input.texts).some((k) => !knownSections.has(k))) throw invalid({ texts: ["error_field_choice"] });
  const side = input.language === "zh" ? "sections" : "sectionsEn";
  return changeBody(tx, actor, input.projectId, input.rev, (b) => ({ ...b, [side]: { ...b[side], ...input.texts } }));
}

/** Nominates a system for a batch; once a batch, the direction can be changed by nominating again. */
export async function nominateSystem(
  tx: Tx,
  actor: Actor,
  { projectId, rev, ...wanted }: z.output<typeof nominateSchema> & { projectId: string },
): Promise<number> {
  const [system] = await tx
    .select({ id: systems.id })
    .from(systems)
    .where(and(eq(systems.tenantId, actor.tenantId), eq(systems.id, wanted.systemId)));
  if (!system) throw invalid({ systemId: ["error_field_unknown_id"] });
  return changeBody(tx, actor, projectId, rev, (b) => ({
    ...b,
    nominations: [
      ...b.nominations.filter((n) => n.systemId !== wanted.systemId || n.batchNo !== wanted.batchNo),
      wanted,
    ],
  }));
}
/** Takes a nomination back; nothing where there is none. Returns the new revision of the plan's text. */
export const withdrawNomination = (
  tx: Tx,
  actor: Actor,
  { projectId, rev, systemId, batchNo }: z.output<typeof withdrawNominationSchema> & { projectId: string },
): Promise<number> =>
  changeBody(tx, actor, projectId, rev, (b) => ({
    ...b,
    nominations: b.nominations.filter((n) => n.systemId !== systemId || n.batchNo !== batchNo),
  }));

/** Why a site stays below the threshold; an empty text takes the reason back. */
export const explainShare = (
  tx: Tx,
  actor: Actor,
  { projectId, rev, siteId, reason }: z.output<typeof shareReasonSchema> & { projectId: string },
): Promise<number> =>
  changeBody(tx, actor, projectId, rev, (b) => {
    const { [siteId]: _, ...others } = b.shareReasons;
    return { ...b, shareReasons: reason === "" ? others : { ...others, [siteId]: reason } };
  });

/** Share of required sections that are written, 0–100, and those that are not, in words. */
export function completenessOfPlan(
  content: PlanContent,
  locale: Locale,
): { completeness: number; missingParts: string[] } {
  const open = planSections.filter(
    (s) => requiredSections.includes(s.key) && (content.sections[s.key] ?? "").trim() === "",
  );
  const missingParts = open.map((s) => pickField(s, "title", locale));
  if (content.nominations.length === 0) missingParts.push(m.plan_part_nominations({}, { locale }));
  return {
    completeness: Math.floor(((requiredSections.length - open.length) * 100) / requiredSections.length),
    missingParts,
  };
}
