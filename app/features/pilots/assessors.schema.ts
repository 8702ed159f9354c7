import { z } from "zod";
import { day, optionalText, text, uuid } from "#app/platform/fields.ts";

const purposes = ["design", "acceptance", "operation"] as const;
export type Purpose = (typeof purposes)[number];
const results = ["passed", "failed"] as const;

/** Days count in the programme's zone: from the first minute of `from` to the last of `to`. */
export const grantSchema = z
  .object({ institutionId: uuid(), purpose: z.enum(purposes, { error: "error_field_choice" }), from: day(), to: day() })
  .refine((g) => g.to >= g.from, { path: ["to"], message: "error_field_day_order" });
export const revokeSchema = z.object({ grantId: uuid() });
export const verificationSchema = z.object({
  kind: z.enum(purposes, { error: "error_field_choice" }),
  result: z.enum(results, { error: "error_field_choice" }),
  reportNumber: text(100),
  note: optionalText(4000),
});
