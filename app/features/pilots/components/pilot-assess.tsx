import type { ActionResult } from "#app/request/page.server.ts";
import type { pilotView } from "../pilot.view.server.ts";
import { lastDay } from "#app/platform/days.ts";
import { formatDate } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { SubmitButton } from "#app/ui/button.tsx";
import { RadioGroup } from "#app/ui/choices.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput, Select, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Section } from "#app/ui/page.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { purposeWord, ResultMark } from "./marks.tsx";
import { fieldOf } from "./pilot-scoring.tsx";

type View = Jsonify<Awaited<ReturnType<typeof pilotView>>>;
/** A moment, whether it came as text or as a date. */
const ms = (moment: Date | string): number => new Date(moment).getTime();
const purposes = ["design", "acceptance", "operation"];
const purposeChoices = (codes: readonly string[] = purposes) =>
  codes.map((value) => ({ value, label: purposeWord(value) }));

/** What testing institutions found; an assessor adds to it under a live grant. */
export function Verifications({ view, result }: { view: View; result: ActionResult | undefined }) {
  const live = [
    ...new Set(
      view.grants
        .filter((g) => !g.revokedAt && ms(g.startsAt) <= ms(view.now) && ms(g.endsAt) > ms(view.now))
        .map((g) => g.purpose),
    ),
  ];
  const choice = fieldOf(result, "verify", "result");
  return (
    <Section title={m.pilots_verifications()}>
      <DataTable
        plain
        caption={m.pilots_verifications()}
        rows={view.verifications}
        rowKey={(r) => r.id}
        empty={m.pilots_no_verification()}
        columns={[
          { key: "kind", head: m.pilots_purpose(), rowHead: true, short: true, cell: (r) => purposeWord(r.kind) },
          { key: "result", head: m.pilots_result(), cell: (r) => <ResultMark result={r.result} /> },
          { key: "number", head: m.pilots_report_number(), short: true, cell: (r) => r.reportNumber },
          {
            key: "institution",
            head: m.pilots_institution(),
            cell: (r) => pick({ zh: r.institutionZh, en: r.institutionEn }),
          },
          { key: "at", head: m.pilots_date(), short: true, cell: (r) => formatDate(r.at) },
          { key: "note", head: m.pilots_note(), cell: (r) => r.note },
        ]}
      />
      {view.verifies && live.length > 0 ? (
        <PostForm className="ui-form mt-4" noValidate>
          <Select
            label={m.pilots_purpose()}
            choices={purposeChoices(live)}
            {...fieldOf(result, "verify", "kind", live[0])}
          />
          <RadioGroup
            inline
            legend={m.pilots_result()}
            id="verify-result"
            name="result"
            errors={choice.errors}
            defaultValue={choice.defaultValue}
            choices={[
              { value: "passed", label: m.pilots_result_passed() },
              { value: "failed", label: m.pilots_result_failed() },
            ]}
          />
          <TextInput
            label={m.pilots_report_number()}
            maxLength={100}
            width="m"
            {...fieldOf(result, "verify", "reportNumber")}
          />
          <TextArea label={m.pilots_note()} optional rows={4} maxLength={4000} {...fieldOf(result, "verify", "note")} />
          <div className="ui-form-acts">
            <SubmitButton kind="main" name="intent" value="verify">
              {m.pilots_verify()}
            </SubmitButton>
          </div>
        </PostForm>
      ) : null}
    </Section>
  );
}

function GrantState({ grant, now }: { grant: View["grants"][number]; now: string | Date }) {
  if (grant.revokedAt)
    return <StatusMark status="off">{m.pilots_revoked_on({ day: formatDate(grant.revokedAt) })}</StatusMark>;
  if (ms(grant.endsAt) <= ms(now)) return <StatusMark status="off">{m.pilots_grant_over()}</StatusMark>;
  return ms(grant.startsAt) > ms(now) ? (
    <StatusMark status="waiting">{m.pilots_grant_ahead()}</StatusMark>
  ) : (
    <StatusMark status="running">{m.pilots_grant_live()}</StatusMark>
  );
}

/** Grants: who may look, at what, until when. The lead gives and revokes them. */
export function Grants({ view, result }: { view: View; result: ActionResult | undefined }) {
  const lead = view.grantsAccess;
  const institutions = view.institutions.map((i) => ({ value: i.id, label: pick({ zh: i.nameZh, en: i.nameEn }) }));
  return (
    <Section title={m.pilots_grants()} id="grants">
      <DataTable
        plain
        caption={m.pilots_grants()}
        rows={view.grants}
        rowKey={(r) => r.id}
        empty={m.pilots_no_grant()}
        columns={[
          {
            key: "institution",
            head: m.pilots_institution(),
            rowHead: true,
            cell: (r) => pick({ zh: r.institutionZh, en: r.institutionEn }),
          },
          { key: "purpose", head: m.pilots_purpose(), cell: (r) => purposeWord(r.purpose) },
          // The end is the first instant after the last day.
          {
            key: "range",
            head: m.pilots_date(),
            cell: (r) => m.pilots_range({ from: formatDate(r.startsAt), to: lastDay(new Date(ms(r.endsAt))) }),
          },
          { key: "state", head: m.pilots_state(), cell: (r) => <GrantState grant={r} now={view.now} /> },
          ...(lead
            ? [
                {
                  key: "act",
                  head: m.pilots_revoke(),
                  hideHead: true,
                  cell: (r: View["grants"][number]) =>
                    r.revokedAt || ms(r.endsAt) <= ms(view.now) ? null : (
                      <ConfirmDialog
                        size="s"
                        kind="danger"
                        label={m.pilots_revoke()}
                        title={m.pilots_revoke()}
                        confirmLabel={m.pilots_revoke()}
                        fields={{ intent: "revoke", grantId: r.id }}
                      />
                    ),
                },
              ]
            : []),
        ]}
      />
      {lead && institutions.length > 0 ? (
        <PostForm className="ui-form mt-4" noValidate>
          <Select
            label={m.pilots_institution()}
            choices={institutions}
            empty={m.pilots_choose()}
            {...fieldOf(result, "grant", "institutionId")}
          />
          <Select
            label={m.pilots_purpose()}
            choices={purposeChoices()}
            {...fieldOf(result, "grant", "purpose", "design")}
          />
          <DateInput label={m.pilots_from()} {...fieldOf(result, "grant", "from", view.today)} />
          <DateInput label={m.pilots_to()} {...fieldOf(result, "grant", "to")} />
          <div className="ui-form-acts">
            <SubmitButton name="intent" value="grant">
              {m.pilots_grant()}
            </SubmitButton>
          </div>
        </PostForm>
      ) : null}
    </Section>
  );
}
