import { and, eq } from "drizzle-orm";
import { loadDraft, loadDocument } from "#app/features/document/document.server.ts";
import { saveText } from "#app/features/document/approval.server.ts";
import { ensureDocument } from "#app/features/document/transition.server.ts";
import { proposeClauses } from "#app/features/specification/proposals.server.ts";
import { clauseName, unsoundClauses } from "#app/features/specification/sector-draft.server.ts";
import { emptySpecDraft } from "#app/features/specification/specification.schema.ts";
import { saveAnswers } from "#app/features/survey/survey.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { answers, documents, projects, workflowInstances } from "#db/schema/index.ts";
import type { Tx } from "#db/client.server.ts";
import type { DocumentKind } from "#db/vocabulary.ts";
import { documentV1 } from "#workflows/document/v1.ts";
import { apply, current, type MachineDefinition, phaseDocument, start } from "#workflows/index.ts";
import type { ProjectPhase } from "#workflows/project/states.ts";
import { projectGood, send } from "#tests/workflows/scenarios.ts";
import type { DocumentLine } from "./doors.ts";
import type { Sandbox } from "./sandbox.ts";

/* Places that a document can stand in and the world has none of: reached by the machines, over what the world is made of. */

/** The events that bring a project to the phase of each document. */
const wayTo = [
  ["OPEN_SURVEY", "regulator"],
  ["START_CLOSING", "regulator"],
  ["CLOSE_SURVEY", "regulator_lead"],
  ["SUBMIT_RISK_REPORT", "regulator"],
  ["APPROVE_RISK_REPORT", "regulator_lead"],
  ["SUBMIT_PLAN", "regulator"],
  ["APPROVE_PLAN_SECTOR", "regulator_lead"],
  ["APPROVE_PLAN", "national_director"],
  ["START_BATCH", "regulator_lead"],
  ["START_REVIEW", "regulator"],
  ["CLOSE_BATCH", "regulator_lead"],
  ["FINISH_LEARNING", "regulator_lead"],
  ["START_BATCH", "regulator_lead"],
  ["START_REVIEW", "regulator"],
  ["CLOSE_BATCH", "regulator_lead"],
] as const;
const at = "2013-01-07T02:00:00.000Z";

function projectAt(state: string) {
  const def = current.project as unknown as MachineDefinition;
  let stored = start(def, { at });
  for (const [type, role] of wayTo) {
    if (stored.state === state) break;
    const done = apply(def, stored, send(type, role, projectGood));
    if (!done.ok) throw new Error(`${type}: ${JSON.stringify(done)}`);
    stored = done.stored;
  }
  if (stored.state !== state) throw new Error(`no way to ${state}`);
  return stored;
}

/** Sets a project back, or forward, to where the document of a phase is written. By its sector's lead. */
export async function projectTo(sandbox: Sandbox, lead: Actor, projectId: string, phase: ProjectPhase): Promise<void> {
  const { state, snapshot } = projectAt(`${phase}.drafting`);
  await sandbox.as(lead, async (tx) => {
    const own = and(eq(workflowInstances.tenantId, lead.tenantId), eq(workflowInstances.objectId, projectId));
    await tx.update(workflowInstances).set({ state, snapshot }).where(own);
    await tx
      .update(projects)
      .set({ state })
      .where(and(eq(projects.tenantId, lead.tenantId), eq(projects.id, projectId)));
  });
}

/** What the product proposes from the sector's course, as far as it may go up as it is worded. */
async function soundClauses(tx: Tx, author: Actor, projectId: string, documentId: string): Promise<void> {
  const { rev: begun } = await loadDraft(tx, documentId, emptySpecDraft);
  await proposeClauses(tx, author, { projectId, rev: begun });
  const { body, rev } = await loadDraft(tx, documentId, emptySpecDraft);
  const unsound = new Set(unsoundClauses(body));
  const clauses = body.clauses.filter((c) => !unsound.has(clauseName(c)));
  if (clauses.length === 0) throw new Error("no clause of the proposed ones is sound");
  await saveText(tx, author, await loadDocument(tx, documentId), { body: { clauses }, rev });
}

/** The document of a phase as it was never handed in, in its phase; begun where the project has none yet. */
export async function unsent(
  sandbox: Sandbox,
  { lead, author }: { lead: Actor; author: Actor },
  projectId: string,
  phase: ProjectPhase,
): Promise<string> {
  const kind = phaseDocument[phase];
  if (!kind) throw new Error(`${phase} has no document`);
  await projectTo(sandbox, lead, projectId, phase);
  const { id } = await sandbox.as(author, (tx) => ensureDocument(tx, author, { projectId, kind }));
  if (kind === "specDraft") await sandbox.as(author, (tx) => soundClauses(tx, author, projectId, id));
  const { state, snapshot } = start(documentV1 as unknown as MachineDefinition, { at, kind });
  await sandbox.as(author, async (tx) => {
    const own = and(eq(workflowInstances.tenantId, author.tenantId), eq(workflowInstances.objectId, id));
    await tx.update(workflowInstances).set({ state, snapshot }).where(own);
    await tx
      .update(documents)
      .set({ state })
      .where(and(eq(documents.tenantId, author.tenantId), eq(documents.id, id)));
  });
  return id;
}

type Body = Record<string, unknown>;
const inSections = (body: Body, text: string): Body => {
  const sections = (body["sections"] ?? {}) as Record<string, string>;
  const [key = "1.1"] = Object.keys(sections);
  return { ...body, sections: { ...sections, [key]: text } };
};
/** A draft with other words in it. */
const reworded: Readonly<Record<Exclude<DocumentKind, "surveyResponse">, (body: Body, text: string) => Body>> = {
  riskReport: inSections,
  pilotPlan: inSections,
  progressReport: (body, text) => ({ ...body, text }),
  batchReview: (body, text) => ({ ...body, advice: text }),
  specDraft: (body, text) => {
    const [first, ...others] = (body["clauses"] ?? []) as Body[];
    return { ...body, clauses: first ? [{ ...first, text: `${String(first["text"])}（${text}）` }, ...others] : [] };
  },
};

/** An author changes what a document says, so that what was approved is something else. */
export async function reword(sandbox: Sandbox, author: Actor, { id, kind }: DocumentLine, text: string): Promise<void> {
  await sandbox.as(author, async (tx) => {
    const document = await loadDocument(tx, id);
    if (kind !== "surveyResponse") {
      const { body, rev } = await loadDraft<Body>(tx, id, {});
      await saveText(tx, author, document, { body: reworded[kind](body, text), rev, locale: "zh-CN" });
      return;
    }
    const [cell] = await tx
      .select()
      .from(answers)
      .where(eq(answers.documentId, id))
      .orderBy(answers.controlCode)
      .limit(1);
    if (!cell) throw new Error(`no answer of ${id}`);
    const { controlCode, rev, evidenceRef } = cell;
    const value = cell.value === "compliant" ? ("non_compliant" as const) : ("compliant" as const);
    await saveAnswers(tx, author, {
      documentId: id,
      cells: [{ controlCode, value, note: text, evidenceRef, rev }],
      locale: "zh-CN",
    });
  });
}
