import { z } from "zod";
import { text, uuid } from "#app/platform/fields.ts";
import { memberRoles } from "#db/roles.ts";

export const signInSchema = z.object({
  email: text(254).transform((s) => s.toLowerCase()),
  password: z.string({ error: "error_field_required" }).min(1, { error: "error_field_required" }).max(1000),
  next: z.string().max(500).optional(),
});
export const passwordSchema = z.object({
  current: z.string({ error: "error_field_required" }).max(1000),
  next: z.string({ error: "error_field_required" }).max(1000),
  repeat: z.string({ error: "error_field_required" }).max(1000),
});
export const newMemberSchema = z.object({
  email: text(254).transform((s) => s.toLowerCase()).refine((s) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(s), { message: "error_field_email" }),
  name: text(100),
  password: z.string({ error: "error_field_required" }).min(12, { error: "error_password_weak" }).max(1000),
  role: z.enum(memberRoles, { error: "error_field_choice" }),
  tenantId: uuid(),
  siteId: z.union([uuid(), z.literal("")]).optional(),
});
export type NewMember = z.output<typeof newMemberSchema>;
export const newTokenSchema = z.object({
  name: text(100),
  days: z.coerce.number({ error: "error_field_number" }).int().min(1).max(366).default(90),
  write: z.coerce.boolean().default(false),
});
