import type { PdfLocale, PilotPlanData, SpecificationData } from "./types.ts";
export function planFixture(_locale: PdfLocale): PilotPlanData { throw new Error("not yet"); }
export function specificationFixture(_locale: PdfLocale): SpecificationData { throw new Error("not yet"); }
