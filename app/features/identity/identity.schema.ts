import { z } from "zod";
import { text, uuid } from "#app/platform/fields.ts";
import { memberRoles } from "#db/roles.ts";

export const email = () => text(254).transform((s) => s.toLowerCase()).refine((s) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(s), { message: "error_field_email" });
const typed = () => z.string({ error: "error_field_required" }).max(1000, { error: "error_password_long" });
/** A password that is set anew, typed twice. */
export const newPasswordFields = { next: typed(), repeat: typed() };
export const linkToken = () => z.string({ error: "error_signin_link_dead" }).max(100, { error: "error_signin_link_dead" });
export const code = () => text(40);
/** What a browser says of a passkey, as JSON. */
export const credential = () => z.string({ error: "error_signin_passkey_refused" }).min(2, { error: "error_signin_passkey_refused" }).max(60_000, { error: "error_signin_passkey_refused" });

export const signInSchema = z.object({
  email: text(254).transform((s) => s.toLowerCase()),
  password: z.string({ error: "error_field_required" }).min(1, { error: "error_field_required" }).max(1000),
  next: z.string().max(500).optional(),
});
export const passwordSchema = z.object({
  current: z.string({ error: "error_field_required" }).max(1000),
  ...newPasswordFields,
});
export const newInvitationSchema = z.object({
  email: email(),
  name: text(100),
  role: z.enum(memberRoles, { error: "error_field_choice" }),
  tenantId: uuid(),
  siteId: z.union([uuid(), z.literal("")]).optional(),
  language: z.enum(["zh-CN", "en"], { error: "error_field_choice" }).default("zh-CN"),
});
export type NewInvitation = z.output<typeof newInvitationSchema>;
/** Sign-up by a letter; the last three are of no account where there is one already. */
export const acceptSchema = z.object({ token: linkToken(), name: text(100).optional(), next: typed().optional(), repeat: typed().optional() });
export const resetSchema = z.object({ token: linkToken(), ...newPasswordFields });
export const newMemberSchema = z.object({
  email: email(),
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
  seal: z.coerce.boolean().default(false),
});
