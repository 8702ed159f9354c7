import { z } from "zod";
import { type Api, listQuery } from "#app/request/api.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { dimensions, lifecycles, mechanisms, objects, riskMethods, treatments } from "#app/domain/vocabulary.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { uuid } from "#app/platform/fields.ts";
import { listRisks } from "./register.view.server.ts";
import { registerFilterSchema } from "./risk.schema.ts";

const level = z.number().int().min(1).max(5);
const titled = z.object({ code: z.string(), title: z.string() });
/** One line of the register. Levels are 1–5; `likelihood`, `loss` and `value` are as the method gives them, as text. */
const risk = z.object({
  id: z.string(),
  code: z.string(),
  rev: z.number().int(),
  status: z.enum(["proposed", "confirmed", "dismissed"]),
  siteId: z.string(),
  siteName: z.string(),
  systemId: z.string(),
  asset: z.object({ id: z.string(), name: z.string(), value: level }),
  threat: titled.extend({ frequency: level }),
  vulnerability: titled.extend({ severity: level }),
  controlCode: z.string().nullable(),
  dimension: z.enum(dimensions),
  object: z.enum(objects),
  lifecycle: z.enum(lifecycles),
  mechanism: z.enum(mechanisms),
  method: z.enum(riskMethods),
  likelihood: z.string(),
  likelihoodLevel: level,
  loss: z.string(),
  lossLevel: level,
  value: z.string(),
  level,
  residualLevel: level.nullable(),
  treatment: z.enum(treatments).nullable(),
  owner: z.string(),
  note: z.string(),
  measures: z.number().int(),
});

/** The register as JSON: the same lines and filters as on its page. */
export function riskApi(api: Api): Api {
  return api.route({
    at: "GET /projects/{id}/risks",
    name: "listRisks",
    summary: "Risk register of a project, highest first; a site reads its own confirmed risks",
    tag: "risks",
    params: z.object({ id: uuid() }),
    query: listQuery.extend(registerFilterSchema.shape),
    response: z.object({ items: z.array(risk), next: z.string().nullable() }),
    run: async ({ tx, actor, params, query }) => {
      const { limit, cursor, ...filter } = query;
      const project = await loadProject(tx, params.id);
      const page = await listRisks(tx, actor, { projectId: project.id, filter, cursor, limit }, getLocale());
      const items = page.lines.map(
        ({
          assetId,
          assetName,
          assetValue,
          threatCode,
          threatTitle,
          threat,
          vulnerabilityCode,
          vulnerabilityTitle,
          vulnerability,
          ...rest
        }) => ({
          ...rest,
          asset: { id: assetId, name: assetName, value: assetValue },
          threat: { code: threatCode, title: threatTitle, frequency: threat },
          vulnerability: { code: vulnerabilityCode, title: vulnerabilityTitle, severity: vulnerability },
        }),
      );
      return { items, next: page.next };
    },
  });
}
