import { sql } from "drizzle-orm";
import { z } from "zod";
import { getLocale } from "#app/i18n/paraglide/runtime.js";
import { type Env, isLoopbackHost } from "#app/platform/env.server.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { jobTask, type JobTask } from "#app/platform/jobs.server.ts";
import { isRefusedForGood, type Mailer } from "#app/platform/mail.server.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import { type Change, changeEmail } from "./emails.server.ts";

/** After so many attempts, about a day, an e-mail is left to the operator. */
const attemptsAtMost = 12;

interface Taken extends Record<string, unknown> {
  recipient: string;
  subject: string;
  body_text: string;
  body_html: string;
  attempts: number;
  kind: string;
  unsubscribe_url: string;
}

/**
 * Sends one e-mail. It was written in the transaction of what it tells of, and its job was queued by a trigger there. Without
 * a mail server it is held: the log says so, and the operator's page shows it.
 */
export const mailTask = ({ mailer }: { mailer: Mailer | null }): JobTask =>
  jobTask({
    name: "identity.mail",
    keyed: true,
    schema: z.object({ mailId: z.uuid() }),
    run: async ({ mailId }, { db, log }) => {
      const settle = (state: string, error: string | null) =>
        db.execute(sql`select auth.settle_mail(${mailId}, ${state}, ${error})`);
      const { rows } = await db.execute<Taken>(sql`select * from auth.take_mail(${mailId})`);
      const [mail] = rows;
      if (!mail) return;
      const { recipient, subject, body_text: text, body_html: html, unsubscribe_url: stop } = mail;
      if (!mailer) {
        await settle("held", null);
        // A letter of notices names a tenant's affairs: neither the log nor the operator reads it.
        log.info(
          mail.kind === "letter" ? { mail: mailId, kind: mail.kind } : { mail: mailId, to: recipient, subject, text },
          "no mail server is set (SMTP_URL): the e-mail is held, the operator may pass it on",
        );
        return;
      }
      try {
        await mailer.send(recipient, { subject, text, html, unsubscribeUrl: stop || undefined }, mailId);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const isLast = mail.attempts >= attemptsAtMost || isRefusedForGood(error);
        await settle(isLast ? "failed" : "waiting", why);
        if (!isLast) throw new Error("the mail server did not take an e-mail", { cause: error });
        log.error({ mail: mailId }, "an e-mail could not be sent and is left to the operator");
        return;
      }
      await settle("sent", null);
    },
  });

/**
 * Where links in e-mails lead: BASE_URL. Without it never to a host that the request names, unless that is this machine: whoever
 * sends the request writes the host, and the link carries a secret.
 */
export function linkOrigin({ env }: Pick<RequestContext, "env">, request: Request): string {
  if (env.BASE_URL !== undefined) return env.BASE_URL;
  const { origin } = new URL(request.url);
  return isLoopbackHost(origin) ? origin : ownOrigin(env);
}
/** The same where no request is: in jobs. */
export const ownOrigin = ({ BASE_URL, PORT }: Pick<Env, "BASE_URL" | "PORT">): string =>
  BASE_URL ?? `http://localhost:${PORT}`;

/** Tells a person of a change to what signs them in; an e-mail that cannot be written undoes nothing. */
export async function tellOfChange(
  context: RequestContext,
  person: { userId: string; name: string },
  change: Change,
): Promise<void> {
  const email = changeEmail(getLocale(), { name: person.name, change, at: new Date(), ip: context.clientIp });
  await context.db
    .auth`select auth.notify_user(${person.userId}, ${uuidv7()}, ${email.subject}, ${email.text}, ${email.html})`;
}
