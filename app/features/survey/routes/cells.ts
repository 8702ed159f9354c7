import { z } from "zod";
import { intent, pageAction } from "#app/request/page.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { answerSchema } from "#app/features/survey/survey.schema.ts";
import { saveAnswers } from "#app/features/survey/survey.server.ts";
import { uuid } from "#app/platform/fields.ts";

/** Where the sheet saves its cells while it is being filled in: nothing is rendered, nothing is loaded again. */
export const action = pageAction(
  {
    at: "/projects/:projectId/survey/:documentId/cells",
    params: z.object({ projectId: uuid(), documentId: uuid() }),
    guardObject: (tx, path) => loadProject(tx, path.projectId),
  },
  {
    cells: intent({
      schema: z.object({ cells: z.array(answerSchema).min(1).max(100) }),
      each: "cells",
      run: async ({ tx, actor, params, input, aside, locale }) => ({
        data: await saveAnswers(tx, actor, { documentId: params.documentId, cells: input.cells, aside, locale }),
      }),
    }),
  },
);
