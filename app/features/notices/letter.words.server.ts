import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { type EmailMessage, emailOf } from "#app/platform/mail.server.ts";
import type { NoticeChannel, NoticeKind } from "#db/vocabulary.ts";
import { sayingOf } from "./saying.server.ts";

/** A notice as `auth.letters_due` hands it out. */
export interface Told {
  id: string;
  kind: NoticeKind;
  subject: string;
  href: string;
  by_name: string;
  params: Record<string, string | number>;
  times: number;
  at: string;
}
interface Letter {
  channel: NoticeChannel;
  name: string;
  /** The reader's sector or office, and site. */
  place: string;
  /** All that is told; of many, the letter names the newest. */
  count: number;
  told: readonly Told[];
  origin: string;
  /** Where its reader takes no more of them. */
  stop: string;
}

/** Longer ones are cut: a letter keeps its measure whatever a title holds. */
const cut = (text: string, most: number): string => {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
};
const moment = (at: string, locale: Locale) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Shanghai" }).format(
    new Date(at),
  );

/**
 * A letter of notices: what happened, of what, by whom, with a link to the very place. Reasons and figures stay in the product: a letter
 * passes through other people's servers.
 */
export function letterEmail(locale: Locale, { channel, name, place, count, told, origin, stop }: Letter): EmailMessage {
  const of = { locale };
  const [only] = told;
  const link = (href: string) => `${origin}${href}${href.includes("?") ? "&" : "?"}lng=${locale}`;
  // The part of a page comes last in an address.
  const toPlace = (href: string) => {
    const [path = href, part] = href.split("#");
    return part === undefined ? link(path) : `${link(path)}#${part}`;
  };
  const items = told.map((one) => ({
    label: cut(one.subject, 80),
    url: toPlace(one.href),
    lines: [
      sayingOf(one, locale),
      [one.by_name, moment(one.at, locale), one.times > 1 ? m.notices_times({ n: one.times }, of) : ""]
        .filter(Boolean)
        .join(" · "),
    ],
  }));
  const subject =
    channel === "mail" && count === 1 && only
      ? m.letters_subject_one({ says: sayingOf(only, locale), subject: cut(only.subject, 80) }, of)
      : channel === "mail"
        ? m.letters_subject_many({ n: count, place }, of)
        : channel === "daily"
          ? m.letters_subject_daily({ n: count, place }, of)
          : m.letters_subject_weekly({ n: count, place }, of);
  const more = count - told.length;
  return emailOf({
    lang: locale,
    subject,
    before: [m.letters_hello({ name, place }, of)],
    items,
    after: [
      ...(more > 0 ? [m.letters_more({ n: more }, of)] : []),
      m.letters_all({ url: link("/notices") }, of),
      m.signin_mail_sign({}, of),
    ],
    foot: { text: m.letters_foot({ url: link("/settings/notices") }, of), label: m.letters_stop({}, of), url: stop },
  });
}
