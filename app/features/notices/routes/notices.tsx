import type { MetaFunction } from "@remix-run/node";
import { Link, useFetcher, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { optionalText, uuid } from "#app/platform/fields.ts";
import { orNone } from "#app/platform/form-values.ts";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { ResultNotice } from "#app/features/identity/components/result-notice.public.tsx";
import { SubmitButton } from "#app/ui/button.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { PageHeader } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";
import { markOneRead, markRead } from "../notices.server.ts";
import { noticesView } from "../notices.view.server.ts";

export const meta: MetaFunction = () => [{ title: `${m.notices_title()} · ${m.identity_product()}` }];

const pageSize = 50;

export const loader = pageLoader(
  {
    at: "/notices",
    search: z.object({ view: orNone(z.enum(["unread"], { error: "error_field_choice" })), after: optionalText(300) }),
  },
  async ({ tx, actor, locale, search: { view, after } }) => ({
    view: view ?? null,
    ...(await noticesView(
      tx,
      actor,
      { unread: view === "unread", after: after || undefined, limit: pageSize },
      locale,
    )),
  }),
);

export const action = pageAction(
  { at: "/notices" },
  {
    read: intent({
      schema: z.object({ noticeId: uuid() }),
      run: async ({ tx, actor, input }) => {
        await markOneRead(tx, actor, input.noticeId);
      },
    }),
    readAll: intent({
      schema: z.object({}),
      run: async ({ tx, actor }) => ({ notice: m.notices_read_notice({ n: await markRead(tx, actor) }) }),
    }),
  },
);

export default function Notices() {
  const { view, rows, next, unread } = useLoaderData<typeof loader>();
  const result = useResult();
  // Whoever follows a notice has read it.
  const opened = useFetcher();
  return (
    <>
      <PageHeader title={m.notices_title()}>
        {unread > 0 ? (
          <PostForm>
            <SubmitButton name="intent" value="readAll">
              {m.notices_read_all()}
            </SubmitButton>
          </PostForm>
        ) : null}
      </PageHeader>
      <ResultNotice result={result} />
      <nav className="ui-acts" aria-label={m.notices_title()}>
        <Link to="/notices" aria-current={view === null ? "page" : undefined}>
          {m.notices_all()}
        </Link>
        <Link to="/notices?view=unread" aria-current={view === "unread" ? "page" : undefined}>
          {m.notices_unread_only()} {unread}
        </Link>
      </nav>
      {rows.length === 0 ? (
        <EmptyState
          title={view === "unread" ? m.notices_none_unread() : m.notices_none()}
          text={m.notices_none_text()}
        />
      ) : (
        <ul className="ui-work ui-work-told" aria-label={m.notices_title()}>
          {rows.map((row) => (
            <li key={row.id}>
              {row.href === null ? (
                <span className={row.read ? undefined : "font-bold"}>{row.says}</span>
              ) : (
                <Link
                  to={row.href}
                  className={row.read ? undefined : "font-bold"}
                  onClick={() => {
                    if (!row.read)
                      opened.submit({ intent: "read", noticeId: row.id }, { method: "post", action: "/notices" });
                  }}
                >
                  {row.says}
                </Link>
              )}
              <span className="ui-work-subject">
                {row.subject}
                {row.reason ? <span className="ui-hint block">{row.reason}</span> : null}
                <span className="ui-hint block">
                  {[row.byName, formatDateTime(row.at), row.times > 1 ? m.notices_times({ n: row.times }) : ""]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </span>
              <span className="ui-work-due" />
              <span className="ui-work-mark">
                {row.read ? null : (
                  <PostForm>
                    <input type="hidden" name="noticeId" value={row.id} />
                    <SubmitButton name="intent" value="read" kind="quiet">
                      {m.notices_read()}
                    </SubmitButton>
                  </PostForm>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {next ? (
        <p>
          <Link to={`/notices?${view ? `view=${view}&` : ""}after=${next}`}>{m.notices_older()}</Link>
        </p>
      ) : null}
    </>
  );
}
