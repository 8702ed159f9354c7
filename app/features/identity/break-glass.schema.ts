import { z } from "zod";
import { text, uuid, whole } from "#app/platform/fields.ts";

/** What may be read under an open access: what the tenant's lead sees. A site's drafts are not the lead's to hand over. */
export const breakGlassTables = ["projects", "sites", "systems", "submissions", "risks", "measures", "pilots"] as const;
export type BreakGlassTable = (typeof breakGlassTables)[number];

export const breakGlassMinutes = [30, 60, 120, 240] as const;

export const newBreakGlassSchema = z.object({
  tenantId: uuid(),
  reason: text(2000).refine((s) => [...s].length >= 20, { message: "glass_reason_short" }),
  minutes: whole(5, 240),
});
export type NewBreakGlass = z.output<typeof newBreakGlassSchema>;

export const accessSchema = z.object({ accessId: uuid() });
