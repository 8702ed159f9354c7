import { OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import { Hono } from "hono";
import { declareAll } from "./declarations.server.ts";
import { auditApi } from "./features/audit/api.ts";
import { documentApi } from "./features/document/api.ts";
import { compareApi } from "./features/compare/api.ts";
import { evidenceApi } from "./features/evidence/api.ts";
import { Api, type ApiEnv, problem } from "#app/request/api.server.ts";
import { identityApi } from "./features/identity/identity-api.server.ts";
import { methodsAt } from "#app/request/methods.rules.ts";
import { pilotsApi } from "./features/pilots/api.ts";
import { projectApi } from "./features/project/api.ts";
import { riskApi } from "./features/risk/api.ts";
import { specificationApi } from "./features/specification/api.ts";
import { surveyApi } from "./features/survey/api.ts";
import { withLocale } from "./i18n/locale.server.ts";
import { methodNotAllowed, notFound } from "./platform/errors.ts";

declareAll();

/** Every endpoint, with the schemas it checks requests by: the description below is made of the same. */
export const api = new Api();
for (const add of [
  identityApi,
  projectApi,
  documentApi,
  surveyApi,
  riskApi,
  pilotsApi,
  evidenceApi,
  compareApi,
  specificationApi,
  auditApi,
])
  add(api);

const description = new OpenApiGeneratorV31(api.registry.definitions).generateDocument({
  openapi: "3.1.0",
  info: {
    title: "Anshi 安试",
    version: "1",
    description:
      "The same use-cases as the pages. A token acts in one membership. Errors are application/problem+json with a stable code; somebody else's id answers 404.",
  },
  servers: [{ url: "/" }],
});
const document = {
  ...description,
  components: { ...description.components, securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
};

/** The JSON API under /api/v1. Handlers find the request's context as `c.get("context")`. */
export const apiApp = new Hono<ApiEnv>();
apiApp.use(async (c, next) => {
  c.res = await withLocale(
    c.req.raw,
    async () => {
      await next();
      return c.res;
    },
    c.get("context").env.https,
  );
});
apiApp.get("/api/v1/openapi.json", (c) => c.json(document));
apiApp.route("/api/v1", api.app);
// Behind all endpoints: what comes here has a known address with another method, or none.
apiApp.all("/api/*", (c) => {
  const allowed = methodsAt(c.req.path);
  if (allowed === null) return problem(notFound(), c.get("context"));
  if (c.req.method === "OPTIONS") return c.body(null, 204, { allow: allowed.join(", ") });
  return problem(methodNotAllowed(allowed), c.get("context"));
});
apiApp.notFound((c) => problem(notFound(), c.get("context")));
