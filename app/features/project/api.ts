import { z } from "zod";
import { type Api, listQuery } from "#app/request/api.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import { withDocuments } from "#app/features/document/standing.server.ts";
import { eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import { type Instance, loadInstance } from "#app/features/workflow/instance.server.ts";
import { eventSchema, payloadOf } from "#app/features/workflow/workflow.schema.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { badCursor } from "#app/platform/errors.ts";
import { uuid } from "#app/platform/fields.ts";
import { correctedThings } from "#db/vocabulary.ts";
import { transitionProject } from "./move.server.ts";
import { projectFacts } from "./facts.server.ts";
import { correctProject } from "./project-correction.server.ts";
import { correctProjectSchema, extensionSchema, siteCorrectionBody, systemCorrectionBody } from "./project.schema.ts";
import { loadProject } from "./project.server.ts";
import { listProjects } from "./project.view.server.ts";
import { correctSite, correctSystem, extendSite } from "./site-correction.server.ts";
import { type SiteView, sitesInOrder, siteView } from "./site.view.server.ts";

const id = z.object({ id: uuid() });

const line = z
  .object({
    id: z.uuid(),
    code: z.string(),
    name: z.string(),
    sector: z.string(),
    state: z.string(),
    stateLabel: z.string(),
    phase: z.string().nullable(),
    dueOn: z.string().nullable(),
    daysLate: z.number().int().nullable(),
    priority: z.boolean().openapi({ description: "The nation has named the sector as one to come first" }),
  })
  .openapi("ProjectLine");

const availableEvent = z
  .object({
    type: z.string(),
    label: z.string(),
    enabled: z.boolean(),
    reasons: z.array(z.object({ code: z.string(), text: z.string() })),
    needs: z.array(z.string()),
    to: z.string().nullable(),
  })
  .openapi("AvailableEvent");

const detail = z
  .object({
    id: z.uuid(),
    code: z.string(),
    nameZh: z.string(),
    nameEn: z.string(),
    state: z.string(),
    /** Version to send back as `expectedVersion`. */
    version: z.number().int(),
    snapshot: z.unknown(),
    dueOn: z.record(z.string(), z.string()),
    responseThresholdBp: z.number().int(),
    securityShareBp: z.number().int(),
    events: z.array(availableEvent),
  })
  .openapi("Project");

// A copy: `eventSchema` may be made before schemas learn to describe themselves (api.server.ts), whose order a bundler chooses.
const eventBody = eventSchema.extend({}).openapi("WorkflowEvent");

const eventResult = z
  .object({ from: z.string(), state: z.string(), version: z.number().int() })
  .openapi("WorkflowEventResult");

/** What the machine remembers, reasons among it, is for those who move it; where it stands is for all who see the project. */
function snapshotFor({ role }: Actor, { snapshot }: Instance): unknown {
  if (may(role, "project.act")) return snapshot;
  const { value, status } = snapshot as { value: unknown; status: unknown };
  return { value, status };
}

/** Which projects there are, and where each stands. */
function projectReads(api: Api): void {
  api
    .route({
      at: "GET /projects",
      name: "listProjects",
      summary: "Projects that the caller may see, ordered by code",
      tag: "projects",
      query: listQuery,
      response: z.object({ items: z.array(line), next: z.string().nullable() }),
      run: async ({ tx, actor, query }) => {
        // A programme has a sector's handful of projects: the page is cut from the list, the cursor names the last one.
        const all = await listProjects(tx, actor, getLocale());
        const after = query.cursor ? all.findIndex((p) => p.id === query.cursor) + 1 : 0;
        if (query.cursor && after === 0) throw badCursor({ logMessage: "cursor of no project" });
        const items = all.slice(after, after + query.limit);
        return { items, next: after + query.limit < all.length ? (items.at(-1)?.id ?? null) : null };
      },
    })
    .route({
      at: "GET /projects/{id}",
      name: "getProject",
      summary: "A project with its snapshot, version and the events open to the caller",
      tag: "projects",
      params: id,
      response: detail,
      run: async ({ tx, actor, params }) => {
        const [project, instance] = await Promise.all([loadProject(tx, params.id), loadInstance(tx, params.id)]);
        const facts = await projectFacts(tx, actor, project);
        const acts = await withDocuments(
          tx,
          actor,
          project.id,
          eventOptions(instance, actor, facts, getLocale()),
          getLocale(),
        );
        return {
          id: project.id,
          code: project.code,
          nameZh: project.nameZh,
          nameEn: project.nameEn,
          state: project.state,
          version: instance.lockVersion,
          snapshot: snapshotFor(actor, instance),
          dueOn: project.dueOn,
          responseThresholdBp: project.responseThresholdBp,
          securityShareBp: project.securityShareBp,
          events: acts.map((a) => ({
            type: a.type,
            label: a.label,
            enabled: a.enabled,
            reasons: a.reasons,
            needs: [...a.needs],
            to: a.to,
          })),
        };
      },
    });
}

/** One event to a project. */
function projectEvents(api: Api): void {
  api.route({
    at: "POST /projects/{id}/events",
    name: "sendProjectEvent",
    summary: "Sends one event to a project; the document of its phase goes along",
    tag: "projects",
    params: id,
    body: eventBody,
    response: eventResult,
    run: async ({ tx, actor, params, body }) => {
      const fired = await transitionProject(tx, actor, {
        projectId: params.id,
        type: body.type,
        payload: payloadOf(body),
        expectedVersion: body.expectedVersion,
        locale: getLocale(),
      });
      return { from: fired.from, state: fired.to, version: fired.instance.lockVersion };
    },
  });
}

const correction = z
  .object({
    thing: z.enum(correctedThings),
    fields: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
    reason: z.string(),
    byName: z.string(),
    at: z.string(),
  })
  .openapi("Correction");
const siteLine = z
  .object({
    id: z.uuid(),
    code: z.string().openapi({ description: "Unified social credit code, or the organisation code of before" }),
    name: z.string(),
    divisionCode: z.string().openapi({ description: "Six digits of GB/T 2260; empty where none is known" }),
    region: z.string(),
    size: z.string(),
    contact: z.string(),
  })
  .openapi("SiteLine");
const siteDetail = siteLine
  .extend({
    /** How the division is known on the business day. */
    mark: z.enum(["valid", "otherTime", "unverified", "none"]),
    version: z.string().openapi({ description: "Comes back as `expectedVersion` of a correction" }),
    systems: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        description: z.string(),
        grade: z.number().int(),
        devices: z.number().int(),
        version: z.string(),
      }),
    ),
    corrected: z.array(correction),
  })
  .openapi("Site");
const corrected = z.object({ corrected: z.literal(true) }).openapi("Corrected");
const lineOf = ({ mark: _mark, from: _from, to: _to, version: _version, ...line }: SiteView["site"]) => line;

/** Sites and their systems as the register has them. */
function siteReads(api: Api): void {
  api
    .route({
      at: "GET /sites",
      name: "listSites",
      summary: "Sites that the caller may see, ordered by division and name",
      tag: "sites",
      query: listQuery,
      response: z.object({ items: z.array(siteLine), next: z.string().nullable() }),
      run: async ({ tx, actor, query }) => sitesInOrder(tx, actor, query),
    })
    .route({
      at: "GET /sites/{id}",
      name: "getSite",
      summary: "A site with its systems, and what was put right of them",
      tag: "sites",
      params: id,
      response: siteDetail,
      run: async ({ tx, actor, params }) => {
        const view = await siteView(tx, actor, params.id, getLocale());
        return {
          ...lineOf(view.site),
          mark: view.site.mark,
          version: view.site.version,
          systems: view.systems.map(({ pilots: _pilots, ...system }) => system),
          corrected: view.corrected.map(({ thing, fields, reason, byName, at }) => ({
            thing,
            fields,
            reason,
            byName,
            at: at.toISOString(),
          })),
        };
      },
    });
}

/** What was registered is put right, with a reason. */
function corrections(api: Api): void {
  api
    .route({
      at: "POST /projects/{id}/corrections",
      name: "correctProject",
      summary: "Puts names, days of phases and thresholds of a project right; the shares are in percent",
      tag: "projects",
      params: id,
      body: correctProjectSchema.extend({}).openapi("ProjectCorrection"),
      response: corrected,
      run: async ({ tx, actor, params, body }) => {
        await correctProject(tx, actor, { ...body, projectId: params.id });
        return { corrected: true as const };
      },
    })
    .route({
      at: "POST /sites/{id}/corrections",
      name: "correctSite",
      summary: "Puts a site right; all fields as they are to stand",
      tag: "sites",
      params: id,
      body: siteCorrectionBody.extend({}).openapi("SiteCorrection"),
      response: corrected,
      run: async ({ tx, actor, params, body }) => {
        await correctSite(tx, actor, { ...body, siteId: params.id });
        return { corrected: true as const };
      },
    })
    .route({
      at: "POST /systems/{id}/corrections",
      name: "correctSystem",
      summary: "Puts a system right; approvals that rest on its grade or description are marked",
      tag: "sites",
      params: id,
      body: systemCorrectionBody.extend({}).openapi("SystemCorrection"),
      response: corrected,
      run: async ({ tx, actor, params, body }) => {
        await correctSystem(tx, actor, { ...body, systemId: params.id });
        return { corrected: true as const };
      },
    })
    .route({
      at: "POST /sites/{id}/extensions",
      name: "extendSite",
      summary: "Gives a site a later day for what it has not handed in of the survey",
      tag: "sites",
      params: id,
      body: extensionSchema.omit({ siteId: true }).openapi("SiteExtension"),
      response: z.object({ extended: z.number().int() }),
      run: async ({ tx, actor, params, body }) => ({
        extended: await extendSite(tx, actor, { ...body, siteId: params.id }),
      }),
    });
}

/** Projects and the register of sites: what the pages show and do, for programs. */
export function projectApi(api: Api): void {
  projectReads(api);
  projectEvents(api);
  siteReads(api);
  corrections(api);
}
