import { printLoader } from "#app/features/document/print-route.server.ts";
import { riskReportJob } from "#app/features/risk/report-pdf.server.ts";

export const loader = printLoader("/projects/:projectId/risk-report.pdf", riskReportJob);
