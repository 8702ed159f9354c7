import type { WebhooksView } from "#app/features/webhooks/webhooks.server.ts";
import { formatDateTime, formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { CopyId } from "#app/ui/copy-id.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { None, Section } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";
import { machineWord } from "./machine-words.ts";

type Delivery = WebhooksView["deliveries"]["rows"][number];
interface DeliveriesProps {
  deliveries: { rows: readonly Delivery[]; next: number | null };
  endpoints: readonly { id: string; url: string; state: string }[];
}

/** What was sent, what waits and what never arrived; newest first. */
export function DeliveriesSection({ deliveries, endpoints }: DeliveriesProps) {
  const of = new Map(endpoints.map((e) => [e.id, e]));
  const columns: Column<Delivery>[] = [
    { key: "at", head: m.webhooks_created(), rowHead: true, cell: (d) => formatDateTime(d.createdAt) },
    { key: "message", head: m.webhooks_message(), cell: messageOf, text: messageOf },
    {
      key: "url",
      head: m.webhooks_url(),
      cell: (d) => <span className="break-all">{of.get(d.endpointId)?.url ?? <None />}</span>,
    },
    { key: "state", head: m.webhooks_state(), cell: (d) => <DeliveryState delivery={d} />, text: (d) => d.state },
    { key: "result", head: m.webhooks_result(), cell: (d) => resultOf(d) ?? <None />, text: (d) => resultOf(d) ?? "" },
    { key: "attempts", head: m.webhooks_attempts(), numeric: true, cell: (d) => formatNumber(d.attempts) },
    {
      key: "id",
      head: "webhook-id",
      optional: true,
      cell: (d) => <CopyId value={d.eventId} short={d.eventId.slice(0, 8)} />,
      text: (d) => d.eventId,
    },
    {
      key: "act",
      head: m.webhooks_again(),
      hideHead: true,
      cell: (d) => (d.state === "dead" && of.get(d.endpointId)?.state === "active" ? <SendAgain id={d.id} /> : null),
    },
  ];
  return (
    <Section title={m.webhooks_deliveries()} note={m.webhooks_deliveries_note()}>
      <DataTable
        caption={m.webhooks_deliveries()}
        rows={deliveries.rows}
        rowKey={(d) => d.id}
        empty={m.webhooks_deliveries_none()}
        pager={{ next: deliveries.next === null ? null : String(deliveries.next), param: "before" }}
        columns={columns}
      />
    </Section>
  );
}

function messageOf({ kind, body }: Delivery): string {
  if (kind === "test") return m.webhooks_message_test();
  const { data } = body as { data?: { machine?: string; event?: string } };
  return m.webhooks_message_event({ machine: machineWord(data?.machine ?? ""), event: data?.event ?? "" });
}

function DeliveryState({ delivery: { state, attempts, nextAt } }: { delivery: Delivery }) {
  if (state === "delivered") return <StatusMark status="done">{m.webhooks_delivered()}</StatusMark>;
  if (state === "dead") return <StatusMark status="late">{m.webhooks_dead()}</StatusMark>;
  return (
    <StatusMark status="waiting">
      {attempts === 0 ? m.webhooks_waiting() : m.webhooks_retry({ at: formatDateTime(nextAt) })}
    </StatusMark>
  );
}

function resultOf({ lastError, lastStatus }: Delivery): string | null {
  const status = lastStatus ?? 0;
  switch (lastError) {
    case null:
      return lastStatus === null ? null : m.webhooks_error_status({ status });
    case "status":
      return m.webhooks_error_status({ status });
    case "redirect":
      return m.webhooks_error_redirect({ status });
    case "gone":
      return m.webhooks_error_gone();
    case "timeout":
      return m.webhooks_error_timeout();
    case "dns":
      return m.webhooks_error_dns();
    case "refused_target":
      return m.webhooks_error_refused_target();
    case "tls":
      return m.webhooks_error_tls();
    case "connection":
      return m.webhooks_error_connection();
  }
}

function SendAgain({ id }: { id: string }) {
  return (
    <PostForm>
      <input type="hidden" name="deliveryId" value={id} />
      <SubmitButton size="s" name="intent" value="sendAgain">
        {m.webhooks_again()}
      </SubmitButton>
    </PostForm>
  );
}
