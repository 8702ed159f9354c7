import { Link } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Notice } from "#app/ui/notice.tsx";
import { Section } from "#app/ui/page.tsx";
import type { DisclosureView } from "../national.view.server.ts";
import { ReasonedNumber } from "./reasoned-number.tsx";

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
  return (
    <Section title={m.national_consultation()} note={m.national_consultation_note()} id="consultation">
      <p>{m.national_consultation_now({ days: view.consultation.days })}</p>
      {view.consultation.reason ? (
        <p className="ui-hint">{m.national_consultation_because({ reason: view.consultation.reason })}</p>
      ) : null}
      {view.mayDirect ? (
        <ReasonedNumber
          intent="consultationDays"
          result={result}
          hidden={{ programmeId: view.programmeId }}
          summary={m.national_consultation_set()}
          save={m.national_consultation_save()}
          number={{ name: "days", label: m.national_consultation_days(), initial: view.consultation.days }}
          reason={{ name: "reason", label: m.national_consultation_reason() }}
        />
      ) : null}
    </Section>
  );
}

/** How small a group may be that figures outside its sector speak of; the director changes it, with the reason. */
export function Disclosure({ view, result }: { view: DisclosureView; result: ActionResult | undefined }) {
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
        <ReasonedNumber
          intent="threshold"
          result={result}
          hidden={{ programmeId: view.programmeId, from: view.k }}
          summary={m.national_threshold_set()}
          save={m.national_threshold_save()}
          number={{ name: "kThreshold", label: m.national_programme_k(), initial: view.k }}
          reason={{ name: "reason", label: m.national_threshold_reason() }}
        />
      ) : null}
    </Section>
  );
}
