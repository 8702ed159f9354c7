import { Link } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { typed, typedText } from "#app/request/refused.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { NumberInput, TextInput } from "#app/ui/inputs.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { Section } from "#app/ui/page.tsx";
import type { DisclosureView } from "../national.view.server.ts";

/** What editions that are out tell of smaller groups, and the way to one that takes their place. */
function Small({ view }: { view: DisclosureView }) {
  if (view.small.length === 0) return null;
  return (
    <Notice tone="due" title={m.national_small_title({ k: view.k })}>
      <p>{m.national_small_text()}</p>
      <ul className="ui-list">
        {view.small.map((e) => (
          <li key={e.id}>
            <details>
              <summary>{m.national_small_edition({ number: e.number, state: e.mark, count: e.groups.length })}</summary>
              <ul className="ui-list">
                {e.groups.map((g, i) => (
                  <li key={i}>
                    {m.national_small_group({ clause: g.clause, who: g.who, batches: g.batches, n: g.n })}
                  </li>
                ))}
              </ul>
            </details>
            <Link to={`/national/specifications/${e.id}`}>{m.national_small_supersede()}</Link>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Fewest days of a public consultation; the director changes them, with the reason. */
export function ConsultationDays({ view, result }: { view: DisclosureView; result: ActionResult | undefined }) {
  const { errors } = typed(result, "consultationDays");
  const again = (name: string) => typedText(result, "consultationDays", name);
  return (
    <Section title={m.national_consultation()} note={m.national_consultation_note()} id="consultation">
      <p>{m.national_consultation_now({ days: view.consultation.days })}</p>
      {view.consultation.reason ? (
        <p className="ui-hint">{m.national_consultation_because({ reason: view.consultation.reason })}</p>
      ) : null}
      {view.mayDirect ? (
        <details className="mt-3" open={Object.keys(errors).length > 0}>
          <summary>{m.national_consultation_set()}</summary>
          <PostForm className="mt-3 flex flex-wrap items-end gap-3">
            <input type="hidden" name="programmeId" value={view.programmeId} />
            <NumberInput
              id="consultation-days"
              name="days"
              label={m.national_consultation_days()}
              whole
              required
              defaultValue={again("days") ?? view.consultation.days}
              errors={errors["days"]}
            />
            <TextInput
              id="consultation-reason"
              name="reason"
              label={m.national_consultation_reason()}
              maxLength={2000}
              required
              defaultValue={again("reason") ?? ""}
              errors={errors["reason"]}
            />
            <SubmitButton name="intent" value="consultationDays">
              {m.national_consultation_save()}
            </SubmitButton>
          </PostForm>
        </details>
      ) : null}
    </Section>
  );
}

/** How small a group may be that figures outside its sector speak of; the director changes it, with the reason. */
export function Disclosure({ view, result }: { view: DisclosureView; result: ActionResult | undefined }) {
  const { errors } = typed(result, "threshold");
  const again = (name: string) => typedText(result, "threshold", name);
  return (
    <Section title={m.national_disclosure()} note={m.national_disclosure_note()} id="disclosure">
      <p>{m.national_threshold_now({ k: view.k })}</p>
      {view.kChanges.length > 0 ? (
        <ul className="ui-list">
          {view.kChanges.map((c) => (
            <li key={c.at}>{m.national_threshold_change({ day: c.day, from: c.from, to: c.to, reason: c.reason })}</li>
          ))}
        </ul>
      ) : null}
      <Small view={view} />
      {view.mayDirect ? (
        <details className="mt-3" open={Object.keys(errors).length > 0}>
          <summary>{m.national_threshold_set()}</summary>
          <PostForm className="mt-3 flex flex-wrap items-end gap-3">
            <input type="hidden" name="programmeId" value={view.programmeId} />
            <input type="hidden" name="from" value={view.k} />
            <NumberInput
              id="threshold-k"
              name="kThreshold"
              label={m.national_programme_k()}
              whole
              required
              defaultValue={again("kThreshold") ?? view.k}
              errors={errors["kThreshold"]}
            />
            <TextInput
              id="threshold-reason"
              name="reason"
              label={m.national_threshold_reason()}
              maxLength={2000}
              required
              defaultValue={again("reason") ?? ""}
              errors={errors["reason"]}
            />
            <SubmitButton name="intent" value="threshold">
              {m.national_threshold_save()}
            </SubmitButton>
          </PostForm>
        </details>
      ) : null}
    </Section>
  );
}
