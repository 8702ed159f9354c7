import { createTransport } from "nodemailer";
import { isLoopbackHost, type Env } from "./env.server.ts";

/** An e-mail as it is sent: both bodies say the same. */
export interface EmailMessage {
  subject: string;
  text: string;
  html: string;
  /** Where its reader takes no more of the kind, by one click (RFC 8058). */
  unsubscribeUrl?: string | undefined;
}
export interface Mailer {
  /**
   * @param id the e-mail's own, the same however often it is sent: a process may end between the server's yes and its note of
   * it, and mail systems show an e-mail that comes twice under one Message-ID once
   * @throws what the server answered; the e-mail is then not taken.
   */
  send(to: string, email: EmailMessage, id: string): Promise<void>;
  close(): void;
}

/**
 * Mail by SMTP_URL, or null without one. Outside this machine a connection must become TLS (RFC 8314) unless the address
 * itself says otherwise: `smtp://relay.inside?requireTLS=false`.
 */
export function openMailer({
  SMTP_URL,
  MAIL_FROM,
  BASE_URL,
}: Pick<Env, "SMTP_URL" | "MAIL_FROM" | "BASE_URL">): Mailer | null {
  if (SMTP_URL === undefined) return null;
  const plainly =
    isLoopbackHost(SMTP_URL.replace(/^smtps?:/, "http:")) || /[?&](requireTLS|ignoreTLS|secure)=/.test(SMTP_URL);
  const transport = createTransport({
    url: SMTP_URL,
    ...(plainly ? {} : { requireTLS: true }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const host = BASE_URL === undefined ? "localhost" : new URL(BASE_URL).hostname;
  const from = MAIL_FROM ?? `Anshi <no-reply@${host}>`;
  return {
    async send(to, { subject, text, html, unsubscribeUrl }, id) {
      // An object, not a line of text: no address can smuggle in a second one.
      await transport.sendMail({
        from,
        to: { name: "", address: to },
        subject,
        text,
        html,
        messageId: `<${id}@${host}>`,
        headers: {
          "Auto-Submitted": "auto-generated",
          ...(unsubscribeUrl
            ? {
                "List-Unsubscribe": { prepared: true, value: `<${unsubscribeUrl}>` },
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
              }
            : {}),
        },
      });
    },
    close: () => transport.close(),
  };
}

/**
 * Whether the server refused the address or the text itself for good: it says the same however often it is asked (RFC 5321,
 * 4.2.1). A sign-in or a connection that fails is no word on the e-mail.
 */
export function isRefusedForGood(error: unknown): boolean {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const ofTheMail = code === "EENVELOPE" || code === "EMESSAGE";
  return ofTheMail && typeof responseCode === "number" && responseCode >= 500 && responseCode <= 599;
}

export interface EmailParts {
  lang: string;
  subject: string;
  /** Paragraphs before and after the links. */
  before: readonly string[];
  link?: { label: string; url: string };
  /** Each a link with what is said of it. */
  items?: readonly EmailItem[];
  after: readonly string[];
  /** What ends the e-mail in small letters. */
  foot?: { text: string; label: string; url: string };
}
interface EmailItem {
  label: string;
  url: string;
  lines: readonly string[];
}

const escape = (text: string) => text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
/** Addresses in a text can be followed. */
const linked = (words: string) =>
  escape(words).replaceAll(/https?:\/\/[\w./?=&#;:%-]+/g, (url) => `<a href="${url}" style="color:#0a6079">${url}</a>`);
const paragraph = (words: string) => `<p style="margin:0 0 16px">${linked(words)}</p>`;
const small = "font-size:12px;color:#5b6570";

const button = ({ label, url }: { label: string; url: string }) =>
  `<p style="margin:0 0 16px"><a href="${escape(url)}" style="display:inline-block;padding:8px 16px;border-radius:4px;background:#0a6079;color:#fff;text-decoration:none">${escape(label)}</a></p><p style="margin:0 0 16px;${small};word-break:break-all">${escape(url)}</p>`;
const item = ({ label, url, lines }: EmailItem) =>
  `<li style="margin:0;padding:12px 0;border-top:1px solid #d8dee3"><a href="${escape(url)}" style="color:#0a6079;font-weight:600">${escape(label)}</a>${lines.map((line) => `<br>${escape(line)}`).join("")}</li>`;

/** The same words as text and as HTML that loads nothing. */
export function emailOf({ lang, subject, before, link, items = [], after, foot }: EmailParts): EmailMessage {
  const text = [
    ...before,
    ...(link ? [`${link.label}\n${link.url}`] : []),
    ...items.map((one) => [one.label, ...one.lines, one.url].join("\n")),
    ...after,
    ...(foot ? [`${foot.text}\n${foot.label} ${foot.url}`] : []),
  ].join("\n\n");
  const list =
    items.length > 0 ? `<ul style="list-style:none;margin:0 0 16px;padding:0">${items.map(item).join("")}</ul>` : "";
  const end = foot
    ? `<p style="margin:24px 0 0;${small}">${linked(foot.text)} <a href="${escape(foot.url)}" style="color:#5b6570">${escape(foot.label)}</a></p>`
    : "";
  const html = `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(subject)}</title></head><body style="margin:0;padding:24px;font:14px/1.75 'Noto Sans SC','PingFang SC','Microsoft YaHei',system-ui,sans-serif;color:#1d252c"><div style="max-width:36em;margin:0 auto">${before.map(paragraph).join("")}${link ? button(link) : ""}${list}${after.map(paragraph).join("")}${end}</div></body></html>`;
  return { subject: subject.replaceAll(/[\r\n]+/g, " ").slice(0, 250), text, html };
}
