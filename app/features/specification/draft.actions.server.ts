import { z } from "zod";
import { ensureDocument, transitionOfProject } from "#app/features/document/transition.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { eventSchema, eventOf, irreversible } from "#app/features/workflow/workflow.schema.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { text, uuid, whole } from "#app/platform/fields.ts";
import { intent, pageAction } from "#app/request/page.server.ts";
import { stepOfProject } from "#workflows/index.ts";
import { saveClauseForm } from "./draft-form.server.ts";
import { proposeClauses } from "./proposals.server.ts";
import { removeSectorClause } from "./sector-draft.server.ts";
import { clauseFormSchema } from "./specification.schema.ts";

const params = z.object({ projectId: uuid() });

/** A page may name the project's side of the step, as it did before the draft had events of its own. */
const draftActSchema = eventSchema.transform((input) => ({
  ...input,
  type: stepOfProject(input.type)?.event ?? input.type,
}));

/** What can be done on the page of the sector's draft. */
export const sectorDraftAction = pageAction(
  { at: "/projects/:projectId/specification", params, guardObject: (tx, path) => loadProject(tx, path.projectId) },
  {
    saveClause: intent({
      schema: clauseFormSchema,
      run: async ({ tx, actor, params: p, input }) => {
        const { projectId } = p;
        const { key } = await saveClauseForm(tx, actor, projectId, input);
        return input.key
          ? { notice: m.specification_clause_saved() }
          : { to: `/projects/${projectId}/specification?clause=${encodeURIComponent(key)}` };
      },
    }),
    removeClause: intent({
      schema: z.object({ rev: whole(0, 1_000_000), key: text(40) }),
      run: async ({ tx, actor, params: p, input }) => {
        const { projectId } = p;
        await removeSectorClause(tx, actor, { projectId, ...input });
        return { to: `/projects/${projectId}/specification` };
      },
    }),
    propose: intent({
      schema: z.object({ rev: whole(0, 1_000_000) }),
      run: async ({ tx, actor, params: p, input }) => {
        const { projectId } = p;
        await ensureDocument(tx, actor, { projectId, kind: "specDraft" });
        const { added } = await proposeClauses(tx, actor, { projectId, rev: input.rev });
        return { notice: m.specification_proposed({ count: added }) };
      },
    }),
    act: intent({
      schema: draftActSchema,
      stepUp: irreversible("document"),
      run: async ({ tx, actor, params: p, input, locale }) => {
        const event = { ...eventOf(input), kind: "specDraft", locale } as const;
        await transitionOfProject(tx, actor, { ...event, projectId: p.projectId });
        return { notice: m.specification_acted() };
      },
    }),
  },
);
