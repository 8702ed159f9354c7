import { z } from "zod";
import { uuid } from "#app/platform/fields.ts";

/** What may be read under an open access: what the tenant's lead sees himself. A site's drafts are not his to hand over. */
export const glassTables = ["projects", "sites", "systems", "submissions", "risks", "measures", "pilots"] as const;
export type GlassTable = (typeof glassTables)[number];

export const glassMinutes = [30, 60, 120, 240] as const;

export const newBreakGlassSchema = z.object({
  tenantId: uuid(),
  reason: z.string({ error: "glass_reason_short" }).trim().min(20, "glass_reason_short").max(2000, "glass_reason_long"),
  minutes: z.coerce.number().int().min(5).max(240, "glass_minutes_most"),
});
export type NewBreakGlass = z.output<typeof newBreakGlassSchema>;

export const accessSchema = z.object({ accessId: uuid() });
