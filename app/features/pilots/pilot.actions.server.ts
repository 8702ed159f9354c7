import { z } from "zod";
import { grantSchema, revokeSchema, verificationSchema } from "./assessors.schema.ts";
import { grantAccess, recordVerification, revokeGrant } from "./assessors.server.ts";
import { dayEnd, dayStart } from "#app/platform/days.ts";
import type { Actor } from "#app/request/actor.ts";
import { intent, pageAction } from "#app/request/page.server.ts";
import { measureDoneSchema } from "#app/features/plan/plan.schema.ts";
import { transition } from "#app/features/document/transition.server.ts";
import { eventSchema, eventOf, irreversible } from "#app/features/workflow/workflow.schema.ts";
import { eventLabel } from "#app/features/workflow/labels.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { notFound } from "#app/platform/errors.ts";
import { uuid } from "#app/platform/fields.ts";
import type { Tx } from "#db/client.server.ts";
import { loadPilot, movePilot } from "./pilot.server.ts";
import {
  nominationFormSchema,
  objectionSchema,
  recusalSchema,
  reportFormSchema,
  scoreSchema,
  settlementSchema,
  startReportSchema,
} from "./pilots.schema.ts";
import { loadReport, reportMeasure, saveProgressDraft, startProgressReport } from "./progress.server.ts";
import { stateNomination } from "./nomination.server.ts";
import { reconciliationSchema } from "./panel.schema.ts";
import { demandNomination } from "./panel.server.ts";
import { raiseObjection, reconcile, recuse, settleObjection, submitScore } from "./scoring.server.ts";

export const pilotParams = z.object({ pilotId: uuid() });
const reportId = z.object({ documentId: uuid() });

const scoring = {
  score: intent({
    schema: scoreSchema,
    run: async ({ tx, actor, params, input }) => {
      const total = await submitScore(tx, actor, { pilotId: idOf(params), ...input });
      return {
        notice: total === null ? m.pilots_score_open() : m.pilots_score_saved({ total: (total / 100).toFixed(2) }),
      };
    },
  }),
  recuse: intent({
    schema: recusalSchema,
    run: async ({ tx, actor, params, input }) => {
      await recuse(tx, actor, { pilotId: idOf(params), reason: input.reason });
      return { notice: m.pilots_recused() };
    },
  }),
  reconcile: intent({
    schema: reconciliationSchema,
    run: async ({ tx, actor, params, input }) => {
      await reconcile(tx, actor, { pilotId: idOf(params), ...input });
      return { notice: m.pilots_reconciled() };
    },
  }),
  nomination: intent({
    schema: nominationFormSchema,
    run: async ({ tx, actor, params, input }) => {
      await stateNomination(tx, actor, { pilotId: idOf(params), ...input });
      return { notice: m.pilots_nomination_saved() };
    },
  }),
  object: intent({
    schema: objectionSchema,
    run: async ({ tx, actor, params, input }) => {
      await raiseObjection(tx, actor, { pilotId: idOf(params), ...input });
      return { notice: m.pilots_objection_saved() };
    },
  }),
  settle: intent({
    schema: settlementSchema,
    run: async ({ tx, actor, input }) => {
      await settleObjection(tx, actor, input);
      return { notice: m.pilots_objection_settled() };
    },
  }),
};

const reporting = {
  startReport: intent({
    schema: startReportSchema,
    run: async ({ tx, actor, params, input }) => {
      const document = await startProgressReport(tx, actor, { pilotId: idOf(params), period: input.period });
      return { to: `/pilots/${idOf(params)}?report=${document.id}#report` };
    },
  }),
  saveReport: intent({
    schema: reportFormSchema.extend(reportId.shape),
    run: async ({ tx, actor, params, input, locale }) => {
      const { rev, documentId, ...body } = input;
      await ofPilot(tx, documentId, idOf(params));
      return {
        notice: m.pilots_saved(),
        data: {
          rev: await saveProgressDraft(tx, actor, { documentId, body, rev, locale }),
          at: actor.now.toISOString(),
        },
      };
    },
  }),
  reportAct: intent({
    schema: eventSchema.extend(reportId.shape),
    stepUp: irreversible("document"),
    run: async ({ tx, actor, params, input, locale }) => {
      await ofPilot(tx, input.documentId, idOf(params));
      await transition(tx, actor, { ...eventOf(input), documentId: input.documentId, locale });
      return { notice: m.pilots_report_act_done({ act: eventLabel("document", input.type, locale) }) };
    },
  }),
  measure: intent({
    schema: measureDoneSchema,
    run: async ({ tx, actor, params, input }) => {
      await reportMeasure(tx, actor, {
        pilotId: idOf(params),
        measureId: input.measureId,
        doneOn: input.doneOn ?? null,
      });
      return { notice: m.pilots_measure_saved() };
    },
  }),
};

const assessing = {
  grant: intent({
    schema: grantSchema,
    run: async ({ tx, actor, params, input }) => {
      await grantAccess(tx, actor, {
        pilotId: idOf(params),
        institutionId: input.institutionId,
        purpose: input.purpose,
        startsAt: dayStart(input.from),
        endsAt: dayEnd(input.to),
      });
      return { notice: m.pilots_granted() };
    },
  }),
  revoke: intent({
    schema: revokeSchema,
    run: async ({ tx, actor, input }) => {
      await revokeGrant(tx, actor, input);
      return { notice: m.pilots_revoked() };
    },
  }),
  verify: intent({
    schema: verificationSchema,
    run: async ({ tx, actor, params, input }) => {
      await recordVerification(tx, actor, { pilotId: idOf(params), ...input });
      return { notice: m.pilots_verified() };
    },
  }),
};

/** What can be done on the page of a pilot. */
export const pilotAction = pageAction(
  {
    at: "/pilots/:pilotId",
    params: pilotParams,
    guardObject: (tx, path, actor) => guardPilot(tx, path.pilotId, actor),
  },
  {
    act: intent({
      schema: eventSchema,
      stepUp: irreversible("pilot"),
      run: async ({ tx, actor, params, input, locale }) => {
        await movePilot(tx, actor, { ...eventOf(input), pilotId: idOf(params), locale });
        return { notice: m.pilots_moved({ act: eventLabel("pilot", input.type, locale) }) };
      },
    }),
    ...scoring,
    ...reporting,
    ...assessing,
  },
);

/** A pilot that the caller may see, or a nomination that they score. */
const guardPilot = (tx: Tx, pilotId: string, actor: Actor): Promise<unknown> =>
  actor.level === "expert" ? demandNomination(tx, pilotId) : loadPilot(tx, pilotId);
const idOf = (params: unknown): string => pilotParams.parse(params).pilotId;
/** A report is acted on from the page of its own pilot. */
async function ofPilot(tx: Tx, documentId: string, pilotId: string): Promise<void> {
  const [document, pilot] = await Promise.all([loadReport(tx, documentId), loadPilot(tx, pilotId)]);
  if (document.pilotId !== pilot.id) throw notFound({ logMessage: `report ${documentId} of another pilot` });
}
