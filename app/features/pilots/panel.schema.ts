import { z } from "zod";
import { email } from "#app/features/identity/identity.schema.ts";
import { optionalText, text, uuid } from "#app/platform/fields.ts";
import { flag } from "#app/platform/form-values.ts";

/** Somebody of the sector gets a seat: a colleague of the office, or an expert who sat in an earlier panel. */
export const seatSchema = z.object({ membershipId: uuid() });
export const expertSchema = z.object({
  email: email(),
  name: text(100),
  language: z.enum(["zh-CN", "en"], { error: "error_field_choice" }),
});
export const releaseSchema = z.object({ membershipId: uuid(), reason: text(1000) });
export const anonymousSchema = z.object({ anonymous: flag() });
/** Organisations that a member has to do with; left empty, they declare that there are none. */
export const interestsSchema = z.object({ panelId: uuid(), interests: optionalText(2000) });
export const reconciliationSchema = z.object({ reconciliation: text(2000) });
