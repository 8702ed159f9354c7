import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { type EmailMessage, emailOf } from "#app/platform/mail.server.ts";

/*
 * What people are written, each in their own language. An e-mail never holds a password, and nothing of a tenant but its name.
 */

const date = (at: Date, locale: Locale) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone: "Asia/Shanghai" }).format(at);

export interface InvitationWords {
  name: string;
  by: string;
  tenant: string;
  role: string;
  until: Date;
  url: string;
}
/** The invitation, in the language of the person who is invited. */
export function invitationEmail(locale: Locale, { name, by, tenant, role, until, url }: InvitationWords): EmailMessage {
  const of = { locale };
  return emailOf({
    lang: locale,
    subject: m.signin_mail_invitation_subject({ tenant }, of),
    before: [m.signin_mail_hello({ name }, of), m.signin_mail_invitation_text({ by, tenant, role }, of)],
    link: { label: m.signin_mail_invitation_link({}, of), url },
    after: [
      m.signin_mail_invitation_until({ until: date(until, locale) }, of),
      m.signin_mail_unexpected({}, of),
      m.signin_mail_sign({}, of),
    ],
  });
}

/** The link that sets a password anew. @param url with the secret */
export function resetEmail(locale: Locale, url: string): EmailMessage {
  const of = { locale };
  return emailOf({
    lang: locale,
    subject: m.signin_mail_reset_subject({}, of),
    before: [m.signin_mail_reset_text({}, of)],
    link: { label: m.signin_mail_reset_link({}, of), url },
    after: [m.signin_mail_reset_until({}, of), m.signin_mail_reset_unexpected({}, of), m.signin_mail_sign({}, of)],
  });
}

const changes = ["password", "totp_on", "totp_off", "passkey_on", "passkey_off", "codes"] as const;
export type Change = (typeof changes)[number];
const changeWords: Record<Change, typeof m.signin_change_password> = {
  password: m.signin_change_password,
  totp_on: m.signin_change_totp_on,
  totp_off: m.signin_change_totp_off,
  passkey_on: m.signin_change_passkey_on,
  passkey_off: m.signin_change_passkey_off,
  codes: m.signin_change_codes,
};

/** Told to a person after anything that signs them in was changed (ASVS 5.0, 6.3.7). */
export function changeEmail(
  locale: Locale,
  { name, change, at, ip }: { name: string; change: Change; at: Date; ip: string },
): EmailMessage {
  const of = { locale };
  const what = changeWords[change]({}, of);
  return emailOf({
    lang: locale,
    subject: m.signin_mail_change_subject({ what }, of),
    before: [m.signin_mail_hello({ name }, of), m.signin_mail_change_text({ what, at: date(at, locale), ip }, of)],
    after: [m.signin_mail_change_unexpected({}, of), m.signin_mail_sign({}, of)],
  });
}
