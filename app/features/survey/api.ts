import { z } from "zod";
import type { Api } from "#app/request/api.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { answerValues, objects } from "#db/vocabulary.ts";
import { answerSchema } from "./survey.schema.ts";
import { listResponses, saveAnswers } from "./survey.server.ts";
import { responseView } from "./response.view.server.ts";
import { uuid } from "#app/platform/fields.ts";

const params = z.object({ id: uuid(), siteId: uuid() });

const cell = z.object({
  controlCode: z.string(),
  value: z.enum(answerValues).nullable(),
  note: z.string(),
  evidenceRef: z.string(),
  rev: z.number().int(),
});
const response = z
  .object({
    documentId: z.uuid(),
    systemId: z.uuid().nullable(),
    system: z.string(),
    state: z.string(),
    version: z.number().int(),
    dueOn: z.string().nullable(),
    completeness: z.number(),
    sha256: z.string().nullable(),
    answers: z.array(cell),
    assets: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        object: z.enum(objects),
        supplier: z.string(),
        singleSource: z.boolean(),
        replacementTested: z.boolean(),
        c: z.number(),
        i: z.number(),
        a: z.number(),
        note: z.string(),
      }),
    ),
    marks: z.array(z.object({ part: z.string(), verdict: z.string(), reason: z.string(), open: z.boolean() })),
  })
  .openapi("SurveyResponse");

/** Responses of a site that the caller may read: its working sheets for the site, sealed ones for the sector. */
async function responsesOf(tx: Tx, actor: Actor, projectId: string, siteId: string) {
  await loadProject(tx, projectId);
  const own = (await listResponses(tx, actor, projectId)).filter(
    (r) => r.document.siteId === siteId && (actor.level === "site" || r.document.submissionId !== null),
  );
  if (own.length === 0) throw notFound({ logMessage: `no readable response of site ${siteId}` });
  const views = await Promise.all(
    own.map((r) => responseView(tx, actor, { documentId: r.document.id, locale: getLocale() })),
  );
  return views.map((v, n) => ({
    documentId: v.document.id,
    systemId: own[n]?.document.systemId ?? null,
    system: v.system.name,
    state: v.document.state,
    version: v.standing.version,
    dueOn: v.document.dueOn,
    completeness: v.completeness.percent,
    sha256: v.submission?.sha256 ?? null,
    answers: v.cells.map(({ controlCode, value, note, evidenceRef, rev }) => ({
      controlCode,
      value,
      note,
      evidenceRef,
      rev,
    })),
    assets: v.assets.map(({ rev: _rev, ...a }) => a),
    marks: v.marks.map(({ part, verdict, reason, open }) => ({ part, verdict, reason, open })),
  }));
}

export function surveyApi(api: Api): void {
  api
    .route({
      at: "GET /projects/{id}/survey/responses/{siteId}",
      name: "getSurveyResponses",
      summary: "The survey responses of a site, one a system",
      tag: "survey",
      params,
      response: z.object({ items: z.array(response) }),
      run: async ({ tx, actor, params: p }) => ({ items: await responsesOf(tx, actor, p.id, p.siteId) }),
    })
    .route({
      at: "PUT /projects/{id}/survey/responses/{siteId}",
      name: "saveSurveyAnswers",
      summary:
        "Saves answers of one response, each by its own revision; conflicts come back with what stands there, faulty ones with what is wrong",
      tag: "survey",
      params,
      body: z.object({ documentId: uuid(), answers: z.array(answerSchema).min(1).max(200) }).openapi("SurveyAnswers"),
      response: z.object({
        saved: z.array(z.object({ controlCode: z.string(), rev: z.number().int() })),
        conflicts: z.array(cell.extend({ updatedByName: z.string() })),
        refused: z.array(z.object({ controlCode: z.string(), errors: z.record(z.string(), z.array(z.string())) })),
      }),
      each: "answers",
      run: async ({ tx, actor, params: p, body, aside }) => {
        const own = await listResponses(tx, actor, p.id);
        if (!own.some((r) => r.document.id === body.documentId && r.document.siteId === p.siteId))
          throw notFound({ logMessage: `response ${body.documentId} of site ${p.siteId}` });
        const { saved, conflicts, refused } = await saveAnswers(tx, actor, {
          documentId: body.documentId,
          cells: body.answers,
          aside,
          locale: getLocale(),
        });
        return { saved, conflicts: conflicts.map(({ updatedAt: _at, ...c }) => c), refused };
      },
    });
}
