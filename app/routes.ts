import { index, route, type RouteConfig } from "@remix-run/route-config";

/*
 * Every page of the product: a newcomer's map. Few modules, parameters instead of copies, because the framework ranks
 * all of them several times a request.
 */
const features = "features";
export default [
  // the root puts the shell around a page, or the public frame where its handle says so
  index(`${features}/home/routes/home.tsx`),
  route("projects", `${features}/project/routes/projects.tsx`),
  route("projects/:projectId", `${features}/project/routes/project.tsx`, [
    index(`${features}/project/routes/overview.tsx`),
    route("sites", `${features}/project/routes/sites.tsx`),
    route("survey", `${features}/survey/routes/survey.tsx`),
    route("survey/:documentId", `${features}/survey/routes/response.tsx`),
    route("risk-report", `${features}/risk/routes/risk-report.tsx`),
    route("pilot-plan", `${features}/plan/routes/pilot-plan.tsx`),
    route("batches/:batchNo", `${features}/pilots/routes/batch.tsx`),
    route("specification", `${features}/specification/routes/sector-draft.tsx`),
  ]),
  route("projects/:projectId/survey/:documentId/cells", `${features}/survey/routes/cells.ts`),
  route("projects/:projectId/survey.xlsx", `${features}/survey/routes/survey-file.ts`),
  route("sites/:siteId", `${features}/project/routes/site.tsx`),
  route("pilots", `${features}/pilots/routes/pilots.tsx`),
  route("pilots/:pilotId", `${features}/pilots/routes/pilot.tsx`),
  route("evidence", `${features}/evidence/routes/evidence.tsx`),
  route("compare", `${features}/compare/routes/compare.tsx`),
  route("tasks", `${features}/home/routes/tasks.tsx`),
  route("search", `${features}/home/routes/search.tsx`),
  route("search.json", `${features}/home/routes/search-json.ts`),
  route("national", `${features}/national/routes/national.tsx`),
  route("national/specifications/:specificationId", `${features}/specification/routes/editing.tsx`),
  route("action-plan", `${features}/national/routes/action-plan.tsx`),
  route("audit", `${features}/audit/routes/audit.tsx`),
  route("break-glass", `${features}/identity/routes/break-glass.tsx`),
  route("break-glass/:accessId", `${features}/identity/routes/break-glass-reading.tsx`),
  route("audit/isolation", `${features}/isolation/routes/isolation.tsx`),
  route("permissions", `${features}/permissions/routes/permissions.tsx`),
  route("settings/webhooks", `${features}/webhooks/routes/webhooks.tsx`),
  route("settings/security", `${features}/identity/routes/security.tsx`),
  route("settings/outbox", `${features}/identity/routes/outbox.tsx`),
  route("settings/members", `${features}/identity/routes/members.tsx`),
  route("settings/:section?", `${features}/identity/routes/settings.tsx`),
  // files
  route("projects/:projectId/risk-report.pdf", `${features}/risk/routes/risk-report-pdf.ts`),
  route("projects/:projectId/pilot-plan.pdf", `${features}/plan/routes/pilot-plan-pdf.ts`),
  route("audit/isolation/:checkId.pdf", `${features}/isolation/routes/certificate.ts`),
  route("evidence/:evidenceId", `${features}/evidence/routes/file.ts`),
  route("comparison.xlsx", `${features}/compare/routes/workbook.ts`),
  route("audit.jsonl", `${features}/audit/routes/export.ts`),
  route("permissions.xlsx", `${features}/permissions/routes/workbook.ts`),
  // no sign-in needed
  route("specifications", `${features}/specification/routes/published.tsx`),
  route("specifications/:number", `${features}/specification/routes/specification.tsx`),
  route("verify/:sha256?", `${features}/verification/routes/verify.tsx`),
  route("verify/:sha256/content.json", `${features}/verification/routes/content.ts`),
  route("specifications/:number.pdf", `${features}/specification/routes/pdf.ts`),
  route("login", `${features}/identity/routes/login.tsx`),
  route("login/second", `${features}/identity/routes/second.tsx`),
  route("login/oidc", `${features}/identity/routes/oidc.ts`),
  route("passkey.json", `${features}/identity/routes/passkey.ts`),
  route("reset", `${features}/identity/routes/reset.tsx`),
  route("invitation", `${features}/identity/routes/invitation.tsx`),
  route("step-up", `${features}/identity/routes/step-up.tsx`),
  route("logout", `${features}/identity/routes/logout.tsx`),
  route("switch", `${features}/identity/routes/switch.tsx`),
  route("*", `${features}/identity/routes/not-found.tsx`),
] satisfies RouteConfig;
