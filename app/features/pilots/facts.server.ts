import { eq } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import type { Locale } from "#app/i18n/translate.server.ts";
import { type BatchStep, batchStep } from "#app/features/project/project.rules.ts";
import { conflict, notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { pilots, projects } from "#db/schema/index.ts";
import { type PilotFacts, stageIs } from "#workflows/index.ts";
import { courseFacts, noCourse, verificationFacts } from "./course-facts.server.ts";
import { operationsBegan } from "./operation.server.ts";
import { noSelection, selectionFacts } from "./selection-facts.server.ts";

export type PilotRow = typeof pilots.$inferSelect;

/** @throws notFound, also for somebody else's. */
export async function loadPilot(tx: Tx, pilotId: string): Promise<PilotRow> {
  const [row] = await tx.select().from(pilots).where(eq(pilots.id, pilotId));
  if (!row) throw notFound({ logMessage: `pilot ${pilotId}` });
  return row;
}

/** @throws conflict `batch_step` when the project stands elsewhere in this batch; notFound. */
export async function demandBatchStep(
  tx: Tx,
  projectId: string,
  batchNo: 1 | 2,
  steps: readonly BatchStep[],
): Promise<void> {
  const [row] = await tx.select({ state: projects.state }).from(projects).where(eq(projects.id, projectId));
  if (!row) throw notFound({ logMessage: `project ${projectId}` });
  if (!steps.includes(batchStep(row.state, batchNo))) throw conflict({ code: "batch_step" });
}

/**
 * Everything the machine of each pilot asks, from tables the caller may read: the facts of the selection stay neutral for a
 * site and an assessor, who may send no event that needs them. By pilot, in one round of queries for all of them.
 */
export async function factsOfPilots(
  tx: Tx,
  actor: Actor,
  list: readonly PilotRow[],
  locale: Locale,
): Promise<Map<string, PilotFacts>> {
  if (list.length === 0) return new Map();
  const began = await operationsBegan(
    tx,
    list.filter((p) => !stageIs(p.stage, "selecting")),
  );
  const shared = actor.level === "sector" || actor.level === "site";
  const [selection, verified, course] = await Promise.all([
    actor.level === "sector" ? selectionFacts(tx, actor, list, locale) : null,
    verificationFacts(tx, list, began),
    shared ? courseFacts(tx, actor, { list, began, locale }) : null,
  ]);
  return new Map(
    list.map((pilot): [string, PilotFacts] => [
      pilot.id,
      { ...(selection?.(pilot) ?? noSelection), ...verified(pilot), ...(course?.(pilot) ?? noCourse) },
    ]),
  );
}

/** The same of one. */
export async function pilotFacts(tx: Tx, actor: Actor, pilot: PilotRow, locale: Locale = "zh-CN"): Promise<PilotFacts> {
  const facts = (await factsOfPilots(tx, actor, [pilot], locale)).get(pilot.id);
  if (!facts) throw notFound({ logMessage: `pilot ${pilot.id}` });
  return facts;
}
