import { Hono } from "hono";
import { etag } from "hono/etag";
import { declareAll } from "./declarations.server.ts";
import { auditApi } from "./features/audit/api.ts";
import { documentApi } from "./features/document/api.ts";
import { compareApi } from "./features/compare/api.ts";
import { evidenceApi } from "./features/evidence/api.ts";
import { Api, type ApiEnv, problem } from "#app/request/api.server.ts";
import { identityApi } from "./features/identity/identity-api.server.ts";
import { descriptionOf } from "#app/request/description.server.ts";
import { methodsAt } from "#app/request/methods.rules.ts";
import { pilotsApi } from "./features/pilots/api.ts";
import { projectApi } from "./features/project/api.ts";
import { riskApi } from "./features/risk/api.ts";
import { specificationApi } from "./features/specification/api.ts";
import { surveyApi } from "./features/survey/api.ts";
import { withLocale } from "./i18n/locale.server.ts";
import { demandAcceptable } from "./platform/accept.ts";
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

const description = descriptionOf(api.registry);

/** The JSON API under /api/v1. Handlers find the request's context as `c.get("context")`. */
export const apiApp = new Hono<ApiEnv>();
apiApp.use(async (c, next) => {
  const answer = await withLocale(
    c.req.raw,
    async () => {
      await next();
      return c.res;
    },
    c.get("context").env.https,
  );
  // Given back to Hono only where it is another: it would be made anew around a stream of its body.
  if (answer !== c.res) c.res = answer;
});
/*
 * What a client has kept it need not be sent again. Weak, since the answer is packed behind this; of who asks and in which
 * language, which `Vary` says. Caches keep nothing of it: `no-store` stands on everything that does not say otherwise.
 */
apiApp.use(etag({ weak: true }));
apiApp.use(async (c, next) => {
  await next();
  const { headers, ok } = c.res;
  if (ok && !headers.has("cache-control")) headers.append("vary", "Authorization, Cookie");
});
// Fit for everybody, and may be kept as long as it is asked for anew.
apiApp.get("/api/v1/openapi.json", (c) => {
  try {
    demandAcceptable(c.req.header("accept") ?? null, ["application/json"]);
  } catch (error) {
    return problem(error, c.get("context"));
  }
  return c.json(description, 200, { "cache-control": "no-cache" });
});
apiApp.route("/api/v1", api.app);
// Behind all endpoints: what comes here has a known address with another method, or none.
apiApp.all("/api/*", (c) => {
  const allowed = methodsAt(c.req.path);
  if (allowed === null) return problem(notFound(), c.get("context"));
  if (c.req.method === "OPTIONS") return c.body(null, 204, { allow: allowed.join(", ") });
  return problem(methodNotAllowed(allowed), c.get("context"));
});
apiApp.notFound((c) => problem(notFound(), c.get("context")));
