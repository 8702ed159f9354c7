import type { z } from "zod";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { evidenceSources } from "./evidence-sources.server.ts";
import { loadSectorDraft, saveSectorClause } from "./sector-draft.server.ts";
import type { clauseFormSchema, DraftEvidence } from "./specification.schema.ts";

/**
 * Stores a clause as the page posts it. Evidence is posted by reference: its words and figures come from the sector's rows as
 * they are now, or from the clause as it stood; a page cannot make evidence up.
 */
export async function saveClauseForm(
  tx: Tx,
  actor: Actor,
  projectId: string,
  input: z.output<typeof clauseFormSchema>,
): Promise<{ rev: number; key: string }> {
  const { rev, dimension, object, lifecycle, mechanism, evidence, dissent, ...rest } = input;
  const [sources, { draft }] = await Promise.all([
    evidenceSources(tx, actor, projectId),
    loadSectorDraft(tx, actor, projectId),
  ]);
  const before = draft?.body.clauses.find((c) => c.key === rest.key)?.evidence ?? [];
  const chosen = new Set(evidence);
  const id = (e: DraftEvidence) => `${e.kind}:${e.ref}`;
  const kept = before.filter((e) => chosen.has(id(e)));
  const fresh = sources
    .filter((s) => chosen.has(s.id) && !kept.some((e) => id(e) === s.id))
    .map(({ id: _id, dimension: _d, controlCode: _c, cell: _t, ...e }) => e);
  const marked = new Set(dissent);
  return saveSectorClause(tx, actor, {
    projectId,
    rev,
    clause: {
      ...rest,
      tags: { dimension, object, lifecycle, mechanism },
      evidence: [...kept, ...fresh].map((e) => ({ ...e, dissent: marked.has(id(e)) })),
    },
  });
}
