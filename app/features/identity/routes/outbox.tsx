import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { ResultNotice } from "#app/features/identity/components/result-notice.public.tsx";
import { listOutbox, sendAgain } from "#app/features/identity/accounts.server.ts";
import { Outbox } from "#app/features/identity/components/outbox.tsx";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid } from "#app/platform/fields.ts";
import { Notice } from "#app/ui/notice.tsx";
import { PageHeader } from "#app/ui/page.tsx";

export const meta: MetaFunction = () => [{ title: `${m.signin_outbox()} · ${m.identity_product()}` }];

export const loader = pageLoader({ at: "/settings/outbox" }, async ({ tx, actor, context }) => ({
  of: actor.tenantName,
  mails: await listOutbox(tx, actor),
  mailServer: context.env.SMTP_URL !== undefined,
}));

export const action = pageAction(
  { at: "/settings/outbox" },
  {
    sendAgain: intent({
      schema: z.object({ mailId: uuid() }),
      run: async ({ tx, actor, input }) => {
        await sendAgain(tx, actor, input.mailId);
        return { notice: m.signin_mail_again_done() };
      },
    }),
  },
);

export default function OutboxPage() {
  const { mails, mailServer } = useLoaderData<typeof loader>();
  const result = useResult();
  return (
    <>
      <PageHeader title={m.signin_outbox()} of={mailServer ? m.signin_outbox_server() : m.signin_outbox_none_set()} />
      <ResultNotice result={result} />
      {mailServer ? null : <Notice tone="due">{m.signin_outbox_held_text()}</Notice>}
      <Outbox mails={mails} mailServer={mailServer} />
    </>
  );
}
