import { z } from "zod";
import { type Api, listQuery } from "#app/request/api.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import { loadInstance } from "#app/features/workflow/instance.server.ts";
import { eventSchema, payloadOf } from "#app/features/workflow/workflow.schema.ts";
import { getLocale } from "#app/i18n/paraglide/runtime.js";
import { day as isoDay, fieldType, revision, uuid, whole } from "#app/platform/fields.ts";
import type { Tx } from "#db/client.server.ts";
import { dimensions, healths } from "#db/vocabulary.ts";
import { assessorJobs } from "./assessors.server.ts";
import { latestSubmission, loadDraft } from "#app/features/document/document.server.ts";
import { transition } from "#app/features/document/transition.server.ts";
import { pilotFacts } from "./facts.server.ts";
import { pilotsPage, pilotsQuery, standingToday } from "./pilots.view.server.ts";
import { loadPilot, movePilot } from "./pilot.server.ts";
import { emptyReport, period, type ReportBody, reportTexts } from "./pilots.schema.ts";
import { demandNomination, type PanelNomination, panelNominations } from "./panel.server.ts";
import { reportMarks, reportsOf, saveProgressDraft, startProgressReport } from "./progress.server.ts";

const params = z.object({ id: uuid() });
const day = z.string().nullable();
const line = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  batchNo: z.number().int(),
  stage: z.string(),
  direction: z.enum(dimensions),
  grade: z.number().int(),
  health: z.enum(healths),
  rank: z.number().int().nullable(),
  nextReportDue: day,
  lastReportAt: day,
});
const event = z.object({
  type: z.string(),
  enabled: z.boolean(),
  reasons: z.array(z.object({ code: z.string(), text: z.string() })),
  needs: z.array(z.string()),
});
const pilot = line.extend({ version: z.number().int(), events: z.array(event) });
const report = z.object({
  id: z.string(),
  period: z.string(),
  state: z.string(),
  dueOn: day,
  sha256: z.string().nullable(),
  rev: z.number().int().nullable(),
});
const milli = whole(-1e12, 1e12);
const newReport = z.object({
  period: period(),
  /** Revision the text began from; 0 for a new one. */
  rev: revision().default(0),
  /** Thousandths of the unit by indicator id; null where nothing is reported. */
  values: z.record(uuid(), milli.nullable()).default({}),
  ...reportTexts,
  /** Day on which a measure was in place, by measure id. */
  done: z.record(uuid(), isoDay().nullable()).default({}),
  /** Hands it in at once; a site lead's to do. */
  submit: fieldType(z.boolean()).default(false),
});
const tag = "pilots";

/** A nomination as an outside expert is told of it: its code stands for a name that the call hides. */
const nominationLine = (n: PanelNomination): z.output<typeof line> => ({
  id: n.id,
  code: n.code,
  name: n.name ?? n.code,
  batchNo: n.batchNo,
  stage: "scoring",
  direction: n.direction,
  grade: n.grade,
  health: "none",
  rank: null,
  nextReportDue: null,
  lastReportAt: null,
});

async function one(tx: Tx, actor: Actor, id: string): Promise<z.output<typeof pilot>> {
  if (actor.level === "expert") return { ...nominationLine(await demandNomination(tx, id)), version: 0, events: [] };
  const row = await loadPilot(tx, id);
  const [instance, facts, { health, nextReportDue }] = await Promise.all([
    loadInstance(tx, row.id),
    pilotFacts(tx, actor, row, getLocale()),
    standingToday(tx, actor, row.id),
  ]);
  const { code, name, batchNo, stage, direction, grade, rank } = row;
  const events = eventOptions(instance, actor, facts, getLocale()).map(({ type, enabled, reasons, needs }) => ({
    type,
    enabled,
    reasons,
    needs: [...needs],
  }));
  return {
    id: row.id,
    code,
    name,
    batchNo,
    stage,
    direction,
    grade,
    health,
    rank,
    nextReportDue,
    lastReportAt: row.lastReportAt?.toISOString() ?? null,
    version: instance.lockVersion,
    events,
  };
}

async function assessorLines(tx: Tx, actor: Actor): Promise<z.output<typeof line>[]> {
  const jobs = await assessorJobs(tx, actor);
  const rows = new Map(
    jobs.map((j) => [
      j.pilotId,
      {
        id: j.pilotId,
        code: j.code,
        name: j.name,
        batchNo: Number(j.code[1]),
        stage: j.stage,
        direction: j.direction,
        grade: j.grade,
        health: "none" as const,
        rank: null,
        nextReportDue: null,
        lastReportAt: null,
      },
    ]),
  );
  return [...rows.values()];
}

/** Pilots over JSON: the list by cursor, one with its events, acts, progress reports. */
export function pilotsApi(api: Api): void {
  api.route({
    at: "GET /pilots",
    name: "listPilots",
    summary: "Pilots the caller may see",
    tag,
    query: listQuery.extend(pilotsQuery.omit({ cursor: true, view: true }).shape),
    response: z.object({ items: z.array(line), next: z.string().nullable() }),
    run: async ({ tx, actor, query: { limit, ...query } }) => {
      if (actor.level === "assessor") return { items: await assessorLines(tx, actor), next: null };
      if (actor.level === "expert") return { items: (await panelNominations(tx)).map(nominationLine), next: null };
      const { rows, next } = await pilotsPage(tx, actor, { ...query, view: "table" }, limit);
      return {
        items: rows.map(({ projectId: _p, siteName: _s, lastReportAt, ...r }) => ({
          ...r,
          lastReportAt: lastReportAt?.toISOString() ?? null,
        })),
        next,
      };
    },
  });
  api.route({
    at: "GET /pilots/{id}",
    name: "getPilot",
    summary: "One pilot with what the caller may do now",
    tag,
    params,
    response: pilot,
    run: ({ tx, actor, params: { id } }) => one(tx, actor, id),
  });
  api.route({
    at: "POST /pilots/{id}/events",
    name: "sendPilotEvent",
    summary: "Sends one event to a pilot",
    tag,
    params,
    body: eventSchema,
    response: pilot,
    run: async ({ tx, actor, params: { id }, body }) => {
      await movePilot(tx, actor, {
        pilotId: id,
        type: body.type,
        payload: payloadOf(body),
        expectedVersion: body.expectedVersion,
        locale: getLocale(),
      });
      return one(tx, actor, id);
    },
  });
  reportsApi(api);
}

function reportsApi(api: Api): void {
  api.route({
    at: "GET /pilots/{id}/progress-reports",
    name: "listProgressReports",
    summary:
      "Progress reports of a pilot with digest and, for its site, the revision of the text; that of the summary first, then the newest",
    tag,
    params,
    response: z.object({ items: z.array(report) }),
    run: async ({ tx, actor, params: { id } }) => {
      const rows = await reportsOf(tx, await loadPilot(tx, id));
      const marks = await reportMarks(
        tx,
        actor,
        rows.map((r) => r.id),
      );
      return {
        items: rows.map((r) => ({
          id: r.id,
          period: r.period,
          state: r.state,
          dueOn: r.dueOn,
          sha256: marks.get(r.id)?.sha256 ?? null,
          rev: marks.get(r.id)?.rev ?? null,
        })),
      };
    },
  });
  api.route({
    at: "POST /pilots/{id}/progress-reports",
    name: "writeProgressReport",
    summary: "Writes the report of a period, and hands it in when asked",
    tag,
    params,
    body: newReport,
    response: report,
    status: 201,
    run: async ({ tx, actor, params: { id }, body: { period: wanted, rev, submit, ...text } }) => {
      const document = await startProgressReport(tx, actor, { pilotId: id, period: wanted });
      await saveProgressDraft(tx, actor, { documentId: document.id, body: text, rev, locale: getLocale() });
      const state = submit
        ? (await transition(tx, actor, { documentId: document.id, type: "SUBMIT", locale: getLocale() })).to
        : document.state;
      const [sealed, draft] = await Promise.all([
        submit ? latestSubmission(tx, document.id) : null,
        loadDraft<ReportBody>(tx, document.id, emptyReport),
      ]);
      return {
        id: document.id,
        period: document.period,
        state,
        dueOn: document.dueOn,
        sha256: sealed?.sha256 ?? null,
        rev: draft.rev,
      };
    },
  });
}
