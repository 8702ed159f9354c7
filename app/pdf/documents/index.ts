import type { DocumentPlan } from "../engine/plan.ts";
import type { PdfData, PdfKind, PdfLocale } from "../types.ts";
import { certificate } from "./certificate.tsx";
import { pilotPlan } from "./pilot-plan.tsx";
import { riskReport } from "./risk-report.tsx";
import { specification } from "./specification.tsx";

const DOCUMENTS: { readonly [K in PdfKind]: (data: PdfData[K], locale: PdfLocale) => DocumentPlan } = {
  riskReport,
  pilotPlan,
  specification,
  certificate,
};

/** The plan of a document: a pure function of its data and language. */
export function documentPlan<K extends PdfKind>(kind: K, data: PdfData[K], locale: PdfLocale): DocumentPlan {
  return DOCUMENTS[kind](data, locale);
}
