import { type AppError, invalid } from "#app/platform/errors.ts";
import type { PackedFault, Remedy } from "./evidence.rules.ts";

export type Fault =
  | "evidence_empty"
  | "evidence_type"
  | "evidence_polyglot"
  | "evidence_behind"
  | "evidence_broken"
  | "evidence_locked_pdf"
  | PackedFault;

/** Codes are for programs and few; words say what to do about this very kind of file. */
const codeOf: Partial<Record<Fault, string>> = { evidence_locked_pdf: "evidence_locked" };

/** 422 on the field `file`. @param why for the log alone */
export const refuse = (fault: Fault, why: string): AppError =>
  invalid(
    { file: [`error_${fault}`] },
    { code: codeOf[fault] ?? fault, messageKey: `error_${fault}`, logMessage: why },
  );

/** A known kind that is not taken: its words name the way out. */
export const refuseKind = (way: Remedy | null, why: string): AppError => {
  const key = way === null ? "error_evidence_type" : `error_evidence_type_${way}`;
  return invalid({ file: [key] }, { code: "evidence_type", messageKey: key, logMessage: why });
};
