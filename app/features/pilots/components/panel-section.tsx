import type { ActionResult } from "#app/request/page.server.ts";
import { roleName } from "#app/domain/role-name.ts";
import type { batchView } from "../batch.view.server.ts";
import { formatDate } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { Checkbox } from "#app/ui/choices.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Select, TextArea, TextInput } from "#app/ui/inputs.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { StatusMark } from "#app/ui/marks.tsx";
import { Section } from "#app/ui/page.tsx";
import { fieldOf } from "./pilot-scoring.tsx";

type Panel = NonNullable<Jsonify<Awaited<ReturnType<typeof batchView>>>["sector"]>["panel"];
type Seat = Panel["seats"][number];

/** Who scores the batch: the lead names and releases, each member declares their interests. */
export function PanelSection({ panel, result }: { panel: Panel; result: ActionResult | undefined }) {
  const mine = panel.seats.find((s) => s.mine && s.released === null);
  return (
    <Section title={m.pilots_panel()} note={m.pilots_panel_note()} id="panel">
      <DataTable
        plain
        caption={m.pilots_panel()}
        rows={panel.seats}
        rowKey={(s) => s.membershipId}
        empty={{ title: m.pilots_panel_none(), text: m.pilots_panel_none_text() }}
        columns={[
          { key: "name", head: m.pilots_panel_member(), rowHead: true, cell: (s) => s.name },
          { key: "kind", head: m.pilots_panel_kind(), cell: (s) => kindWord(s.kind) },
          { key: "interests", head: m.pilots_panel_interests(), cell: (s) => <Interests seat={s} /> },
          { key: "progress", head: m.pilots_panel_progress(), cell: (s) => <Progress seat={s} /> },
          ...(panel.names
            ? [
                {
                  key: "act",
                  head: m.pilots_panel_release(),
                  hideHead: true,
                  cell: (s: Seat) => (s.released === null && !s.left ? <Release seat={s} /> : null),
                },
              ]
            : []),
        ]}
      />
      {mine && mine.declaredAt === null && panel.id ? <Declare panelId={panel.id} result={result} /> : null}
      {panel.names ? <Naming panel={panel} result={result} /> : null}
    </Section>
  );
}
const kindWord = (kind: Seat["kind"]) => (kind === "expert" ? m.pilots_panel_expert() : m.pilots_panel_office());

function Interests({ seat }: { seat: Seat }) {
  if (seat.declaredAt === null) return <StatusMark status="waiting">{m.pilots_panel_undeclared()}</StatusMark>;
  return seat.interests === "" ? (
    m.pilots_panel_interests_none()
  ) : (
    <>
      {seat.interests} <small>{formatDate(seat.declaredAt)}</small>
    </>
  );
}
function Progress({ seat }: { seat: Seat }) {
  if (seat.released !== null)
    return <StatusMark status="off">{m.pilots_panel_released({ reason: seat.released })}</StatusMark>;
  if (seat.left) return <StatusMark status="off">{m.pilots_panel_left()}</StatusMark>;
  if (seat.finished + seat.pending === 0) return <StatusMark status="draft">{m.pilots_panel_nothing()}</StatusMark>;
  return (
    <StatusMark status={seat.pending === 0 ? "done" : "waiting"}>
      {m.pilots_panel_finished({ done: seat.finished, open: seat.pending })}
    </StatusMark>
  );
}
const Release = ({ seat }: { seat: Seat }) => (
  <ConfirmDialog
    size="s"
    label={m.pilots_panel_release()}
    title={`${m.pilots_panel_release_title()}: ${seat.name}`}
    confirmLabel={m.pilots_panel_release()}
    fields={{ intent: "release", membershipId: seat.membershipId }}
    body={
      <>
        <p>{m.pilots_panel_release_text()}</p>
        <TextArea name="reason" label={m.pilots_panel_release_reason()} required rows={3} maxLength={1000} />
      </>
    }
  />
);

/** The form in which a member says with whom they have to do. */
export function Declare({ panelId, result }: { panelId: string; result: ActionResult | undefined }) {
  return (
    <Section level={3} title={m.pilots_panel_declare()} note={m.pilots_panel_declare_text()}>
      <PostForm className="ui-form" noValidate>
        <input type="hidden" name="panelId" value={panelId} />
        <TextArea
          label={m.pilots_panel_interests()}
          optional
          rows={3}
          maxLength={2000}
          {...fieldOf(result, "declare", "interests")}
        />
        <div className="ui-form-acts">
          <SubmitButton name="intent" value="declare">
            {m.pilots_panel_declare_submit()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}

function Naming({ panel, result }: { panel: Panel; result: ActionResult | undefined }) {
  return (
    <>
      {panel.nameable.length > 0 ? (
        <PostForm className="ui-form mt-4" noValidate key={`seat${panel.seats.length}`}>
          <Select
            label={m.pilots_panel_name()}
            width="m"
            choices={panel.nameable.map((p) => ({ value: p.id, label: `${p.name} · ${roleName(p.role)}` }))}
            {...fieldOf(result, "seat", "membershipId")}
          />
          <div className="ui-form-acts">
            <SubmitButton name="intent" value="seat" kind="plain">
              {m.pilots_panel_add()}
            </SubmitButton>
          </div>
        </PostForm>
      ) : null}
      <details className="ui-details mt-4">
        <summary>{m.pilots_panel_invite()}</summary>
        <PostForm className="ui-form mt-3" noValidate>
          <TextInput label={m.identity_name()} width="m" {...fieldOf(result, "inviteExpert", "name")} />
          <TextInput
            label={m.identity_email()}
            width="m"
            type="email"
            autoComplete="off"
            {...fieldOf(result, "inviteExpert", "email")}
          />
          <Select
            label={m.signin_letter_language()}
            width="m"
            choices={[
              { value: "zh-CN", label: m.identity_language_zh() },
              { value: "en", label: m.identity_language_en() },
            ]}
            {...fieldOf(result, "inviteExpert", "language", getLocale())}
          />
          <div className="ui-form-acts">
            <SubmitButton name="intent" value="inviteExpert" kind="plain">
              {m.pilots_panel_invite()}
            </SubmitButton>
          </div>
        </PostForm>
      </details>
      <PostForm className="ui-form mt-4" noValidate>
        <Checkbox name="anonymous" value="1" label={m.pilots_panel_anonymous()} defaultChecked={panel.anonymous} />
        <div className="ui-form-acts">
          <SubmitButton name="intent" value="anonymous" kind="plain">
            {m.pilots_panel_anonymous_save()}
          </SubmitButton>
        </div>
      </PostForm>
    </>
  );
}
