import { z } from "zod";
import { emailPattern, text, uuid, verbatim, whole } from "#app/platform/fields.ts";
import { memberRoles } from "#db/roles.ts";
import { flag } from "#app/platform/form-values.ts";

export const email = () =>
  text(254)
    .transform((s) => s.toLowerCase())
    .refine((s) => emailPattern.test(s), { message: "error_field_email" });
const typed = () => verbatim(1000);
/** A password that is set anew, typed twice. */
const newPasswordFields = { next: typed(), repeat: typed() };
const linkToken = () => verbatim(100, "error_signin_link_dead");
export const code = () => text(40);
/** What a browser says of a passkey, as JSON. */
export const credential = () =>
  verbatim(60_000, "error_signin_passkey_refused").refine((s) => s.length >= 2, {
    message: "error_signin_passkey_refused",
  });

export const signInSchema = z.object({
  email: text(254).transform((s) => s.toLowerCase()),
  password: verbatim(1000).refine((s) => s.length > 0, { message: "error_field_required" }),
  next: verbatim(500).optional(),
});
export const passwordSchema = z.object({
  current: verbatim(1000),
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
/** Sign-up by invitation; the last three are of no account where there is one already. */
export const acceptSchema = z.object({
  token: linkToken(),
  name: text(100).optional(),
  next: typed().optional(),
  repeat: typed().optional(),
});
export const resetSchema = z.object({ token: linkToken(), ...newPasswordFields });
const newMemberSchema = z.object({
  email: email(),
  name: text(100),
  password: verbatim(1000).refine((s) => [...s].length >= 12, { message: "error_password_weak" }),
  role: z.enum(memberRoles, { error: "error_field_choice" }),
  tenantId: uuid(),
  siteId: z.union([uuid(), z.literal("")]).optional(),
});
export type NewMember = z.output<typeof newMemberSchema>;
export const newTokenSchema = z.object({
  name: text(100),
  days: whole(1, 366).default(90),
  write: flag(),
  seal: flag(),
});
