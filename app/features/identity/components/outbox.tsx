import { Link } from "@remix-run/react";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { None } from "#app/ui/page.tsx";

interface Mail {
  id: string;
  kind: "invitation" | "reset" | "notice" | "letter";
  recipient: string;
  subject: string;
  text: string;
  state: "waiting" | "sent" | "held" | "failed";
  attempts: number;
  lastError: string | null;
  createdAt: Date | string;
  over: boolean;
  withheld: boolean;
}

const marks = { waiting: "waiting", sent: "done", held: "returned", failed: "late" } as const;
const words = {
  waiting: m.signin_mail_waiting,
  sent: m.signin_mail_sent,
  held: m.signin_mail_held,
  failed: m.signin_mail_failed,
} as const;

/** E-mails of the last months; the text of one that is held, for the operator to pass on. */
export function Outbox({ mails, mailServer }: { mails: readonly Mail[]; mailServer: boolean }) {
  return (
    <DataTable
      caption={m.signin_outbox()}
      rows={mails}
      rowKey={(one) => one.id}
      empty={m.signin_outbox_empty()}
      columns={[
        { key: "to", head: m.signin_mail_to(), rowHead: true, cell: (one) => one.recipient },
        {
          key: "subject",
          head: m.signin_mail_subject(),
          cell: (one) =>
            one.kind === "letter" ? m.signin_mail_letter() : <span {...languageOf(one.subject)}>{one.subject}</span>,
        },
        { key: "at", head: m.signin_mail_at(), cell: (one) => formatDateTime(one.createdAt) },
        {
          key: "state",
          head: m.identity_member_state(),
          text: (one) => words[one.state](),
          cell: (one) => <StatusMark status={marks[one.state]}>{words[one.state]()}</StatusMark>,
        },
        {
          key: "why",
          head: m.signin_mail_why(),
          cell: (one) =>
            one.withheld ? <Link to="/break-glass">{m.glass_letter_withheld()}</Link> : (one.lastError ?? <None />),
        },
        {
          key: "act",
          head: m.signin_mail_again(),
          hideHead: true,
          cell: (one) =>
            (one.state === "failed" || (one.state === "held" && mailServer)) && !one.over ? (
              <Again id={one.id} />
            ) : null,
        },
      ]}
      extra={(one) =>
        one.text === "" ? null : (
          <pre className="ui-letter" {...languageOf(one.subject)}>
            {one.text}
          </pre>
        )
      }
    />
  );
}

/** An e-mail is in its reader's language, whatever that of the page. */
const languageOf = (text: string): { lang: string } => ({ lang: /\p{Script=Han}/u.test(text) ? "zh-CN" : "en" });

function Again({ id }: { id: string }) {
  return (
    <PostForm>
      <input type="hidden" name="mailId" value={id} />
      <SubmitButton kind="quiet" size="s" name="intent" value="sendAgain">
        {m.signin_mail_again()}
      </SubmitButton>
    </PostForm>
  );
}
