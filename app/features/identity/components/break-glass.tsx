import { useForm } from "@conform-to/react";
import { Link } from "@remix-run/react";
import type { BreakGlassAccess, BreakGlassState } from "#app/features/identity/break-glass.server.ts";
import { breakGlassMinutes } from "#app/features/identity/break-glass.schema.ts";
import type { ActionResult } from "#app/request/page.server.ts";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { SubmitButton } from "#app/ui/button.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { selectProps, textProps } from "#app/ui/conform.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { type Choice, Select, TextArea } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { None, Section } from "#app/ui/page.tsx";
import { failureOf } from "./form-result.ts";

type AskForm = { tenantId: string; reason: string; minutes: string };

/** The operator's request to a tenant's lead. */
export function Ask({
  tenants,
  count,
  result,
}: {
  tenants: readonly Choice[];
  count: number;
  result: ActionResult | undefined;
}) {
  const [form, fields] = useForm<AskForm, string[]>({
    id: "ask",
    defaultValue: { minutes: "60" },
    ...failureOf(result, "ask"),
  });
  return (
    <Section title={m.glass_ask()} note={m.glass_wait_note()}>
      <PostForm action="/break-glass" id={form.id} className="ui-stack" key={count}>
        <Select label={m.glass_tenant()} width="m" choices={tenants} {...selectProps(fields.tenantId)} />
        <TextArea label={m.glass_reason()} hint={m.glass_reason_hint()} rows={3} {...textProps(fields.reason)} />
        <Select
          label={m.glass_minutes()}
          width="s"
          choices={breakGlassMinutes.map((n) => ({ value: String(n), label: m.glass_minutes_choice({ minutes: n }) }))}
          {...selectProps(fields.minutes)}
        />
        <div>
          <SubmitButton name="intent" value="ask">
            {m.glass_ask()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}

type Access = Omit<BreakGlassAccess, "askedAt" | "consentedAt" | "refusedAt" | "endsAt" | "endedAt"> &
  Record<"askedAt", Date | string> &
  Record<"consentedAt" | "refusedAt" | "endsAt" | "endedAt", Date | string | null>;

const marks = {
  asked: "waiting",
  open: "due",
  refused: "returned",
  lapsed: "returned",
  ended: "done",
} as const satisfies Record<BreakGlassState, string>;
const words: Readonly<Record<BreakGlassState, () => string>> = {
  asked: m.glass_state_asked,
  open: m.glass_state_open,
  refused: m.glass_state_refused,
  lapsed: m.glass_state_lapsed,
  ended: m.glass_state_ended,
};

/** Every request a person may know of: an operator all, a member those for their tenant. */
export function Accesses({
  accesses,
  answers,
  asks,
}: {
  accesses: readonly Access[];
  answers: boolean;
  asks: boolean;
}) {
  return (
    <Section title={m.glass_list()}>
      <DataTable
        plain
        caption={m.glass_list()}
        rows={accesses}
        rowKey={(a) => a.id}
        empty={m.glass_none()}
        columns={[
          asks
            ? { key: "tenant", head: m.glass_tenant(), rowHead: true, cell: (a) => pick(a.tenantName) }
            : { key: "who", head: m.glass_who(), rowHead: true, cell: (a) => a.operatorName },
          ...(asks ? [{ key: "who", head: m.glass_who(), cell: (a: Access) => a.operatorName }] : []),
          { key: "reason", head: m.glass_reason(), cell: (a) => a.reason },
          { key: "asked", head: m.glass_asked_at(), short: true, cell: (a) => formatDateTime(a.askedAt) },
          {
            key: "state",
            head: m.glass_state(),
            text: (a) => words[a.state](),
            cell: (a) => <StatusMark status={marks[a.state]}>{words[a.state]()}</StatusMark>,
          },
          { key: "by", head: m.glass_consented_by(), cell: (a) => a.consentedByName ?? <None /> },
          { key: "until", head: m.glass_until(), short: true, cell: (a) => until(a) },
          { key: "acts", head: m.glass_acts(), hideHead: true, cell: (a) => <Acts access={a} answers={answers} /> },
        ]}
      />
    </Section>
  );
}
const until = (a: Access) => {
  const at = a.endedAt ?? a.endsAt;
  return at ? formatDateTime(at) : m.glass_minutes_choice({ minutes: a.minutes });
};

function Acts({ access: a, answers }: { access: Access; answers: boolean }) {
  return (
    <div className="ui-acts">
      {a.state === "asked" && answers ? (
        <>
          <ConfirmDialog
            size="s"
            kind="main"
            label={m.glass_consent()}
            title={m.glass_consent_ask({ name: a.operatorName, minutes: a.minutes })}
            body={
              <>
                <p>{m.glass_consent_what()}</p>
                <p>{m.glass_consent_trail()}</p>
              </>
            }
            cancelLabel={m.glass_think()}
            action="/break-glass"
            fields={{ intent: "consent", accessId: a.id }}
          />
          <One intent="refuse" access={a} label={m.glass_refuse()} />
        </>
      ) : null}
      {a.state === "open" && a.mine ? <Link to={`/break-glass/${a.id}`}>{m.glass_read()}</Link> : null}
      {a.state === "asked" && a.mine ? <One intent="end" access={a} label={m.glass_take_back()} /> : null}
      {a.state === "open" && (answers || a.mine) ? <One intent="end" access={a} label={m.glass_end()} /> : null}
    </div>
  );
}

function One({ intent, access, label }: { intent: string; access: Access; label: string }) {
  return (
    <PostForm action="/break-glass">
      <input type="hidden" name="accessId" value={access.id} />
      <SubmitButton kind="quiet" size="s" name="intent" value={intent}>
        {label}
      </SubmitButton>
    </PostForm>
  );
}
