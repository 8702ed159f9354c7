import { useForm } from "@conform-to/react";
import { failureOf } from "#app/features/identity/components/form-result.ts";
import type { ActionResult } from "#app/request/page.server.ts";
import type { WebhooksView } from "#app/features/webhooks/webhooks.server.ts";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { CheckboxGroup } from "#app/ui/choices.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { checksProps, textProps } from "#app/ui/conform.ts";
import { CopyId } from "#app/ui/copy-id.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { None, Section } from "#app/ui/page.tsx";
import { machineWord, machineWords } from "./machine-words.ts";

type Endpoint = WebhooksView["endpoints"][number];
type EndpointForm = { url: string; description: string; events: string[] };

const isSecret = (data: unknown): data is { secret: string } =>
  typeof data === "object" && data !== null && "secret" in data && typeof data.secret === "string";

/** Who is told, what can be done with each, and how to add one. */
export function WebhooksSection({
  endpoints,
  result,
}: {
  endpoints: readonly Endpoint[];
  result: ActionResult | undefined;
}) {
  return (
    <>
      {result?.ok && isSecret(result.data) ? (
        <Notice tone="done" title={result.intent === "rotateSecret" ? m.webhooks_rotated() : m.webhooks_added()} live>
          <CopyId value={result.data.secret} label={m.webhooks_secret()} />
        </Notice>
      ) : null}
      <Section title={m.webhooks_endpoints()} note={m.webhooks_intro()}>
        <DataTable
          plain
          caption={m.webhooks_endpoints()}
          rows={endpoints}
          rowKey={(e) => e.id}
          empty={{ title: m.webhooks_none(), text: m.webhooks_none_text() }}
          columns={[
            {
              key: "url",
              head: m.webhooks_url(),
              rowHead: true,
              cell: (e) => <span className="break-all">{e.url}</span>,
            },
            { key: "description", head: m.webhooks_description(), cell: (e) => e.description || <None /> },
            {
              key: "events",
              head: m.webhooks_events(),
              cell: (e) => (e.events.length === 0 ? m.webhooks_all() : e.events.map(machineWord).join(" · ")),
            },
            { key: "state", head: m.webhooks_state(), cell: (e) => <EndpointState endpoint={e} /> },
            { key: "by", head: m.webhooks_by(), cell: (e) => e.createdByName },
            { key: "at", head: m.webhooks_at(), cell: (e) => formatDateTime(e.createdAt) },
            { key: "acts", head: m.webhooks_acts(), hideHead: true, cell: (e) => <EndpointActs endpoint={e} /> },
          ]}
        />
      </Section>
      <AddEndpoint count={endpoints.length} result={result} />
    </>
  );
}

function EndpointState({ endpoint: { state, previousUntil } }: { endpoint: Endpoint }) {
  return (
    <>
      {state === "active" ? <StatusMark status="running">{m.webhooks_active()}</StatusMark> : null}
      {state === "paused" ? <StatusMark status="off">{m.webhooks_paused()}</StatusMark> : null}
      {state === "gone" ? <StatusMark status="returned">{m.webhooks_gone()}</StatusMark> : null}
      {previousUntil ? (
        <div className="text-12 text-ink-2">{m.webhooks_previous({ until: formatDateTime(previousUntil) })}</div>
      ) : null}
    </>
  );
}

function EndpointActs({ endpoint: { id, state, url } }: { endpoint: Endpoint }) {
  const turn = state === "active" ? "pauseEndpoint" : "resumeEndpoint";
  return (
    <div className="flex flex-wrap gap-2">
      <PostForm className="flex flex-wrap gap-2">
        <input type="hidden" name="endpointId" value={id} />
        <SubmitButton size="s" name="intent" value="sendTest">
          {m.webhooks_test()}
        </SubmitButton>
        <SubmitButton size="s" name="intent" value={turn}>
          {state === "active" ? m.webhooks_pause() : m.webhooks_resume()}
        </SubmitButton>
      </PostForm>
      <ConfirmDialog
        size="s"
        label={m.webhooks_rotate()}
        title={m.webhooks_rotate_title()}
        body={<p>{m.webhooks_rotate_text()}</p>}
        fields={{ intent: "rotateSecret", endpointId: id }}
      />
      <ConfirmDialog
        kind="danger"
        size="s"
        label={m.webhooks_remove()}
        title={`${m.webhooks_remove_title()}: ${url}`}
        body={<p>{m.webhooks_remove_text()}</p>}
        fields={{ intent: "removeEndpoint", endpointId: id }}
      />
    </div>
  );
}

function AddEndpoint({ count, result }: { count: number; result: ActionResult | undefined }) {
  const [form, fields] = useForm<EndpointForm, string[]>({ id: "endpoint", ...failureOf(result, "createEndpoint") });
  return (
    <Section title={m.webhooks_add()}>
      <PostForm id={form.id} className="ui-form" key={count} noValidate>
        <TextInput
          label={m.webhooks_url()}
          hint={m.webhooks_url_hint()}
          {...textProps(fields.url, "url")}
          autoComplete="off"
        />
        <TextInput
          label={m.webhooks_description()}
          hint={m.webhooks_description_hint()}
          width="m"
          optional
          {...textProps(fields.description)}
        />
        <CheckboxGroup
          legend={m.webhooks_events()}
          hint={m.webhooks_events_hint()}
          inline
          choices={Object.entries(machineWords).map(([value, label]) => ({ value, label: label() }))}
          {...checksProps(fields.events)}
        />
        <div className="ui-form-acts">
          <SubmitButton kind={count === 0 ? "main" : "plain"} name="intent" value="createEndpoint">
            {m.webhooks_add()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}
