import { printLoader } from "#app/features/document/print-route.server.ts";
import { pilotPlanJob } from "#app/features/plan/plan-pdf.server.ts";

export const loader = printLoader("/projects/:projectId/pilot-plan.pdf", pilotPlanJob);
