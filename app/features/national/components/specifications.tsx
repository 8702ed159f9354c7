import { Link } from "@remix-run/react";
import { formatDate, formatPercent } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { EditionMark } from "#app/features/specification/components/cover.public.tsx";
import { SubmitButton } from "#app/ui/button.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { TextInput } from "#app/ui/inputs.tsx";
import { None, Section } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";
import type { NationalView } from "../national.view.server.ts";

/** What sectors have handed on and nobody has decided. */
export function Waiting({ view }: { view: NationalView }) {
  return (
    <Section title={m.national_waiting()} id="waiting">
      {view.waiting.length === 0 ? (
        <p className="ui-hint">{m.national_waiting_none()}</p>
      ) : (
        <ul className="divide-y divide-line">
          {view.waiting.map((w) => (
            <li key={w.documentId} className="py-2">
              <Link to={w.href}>{`${w.sector} · ${w.kind}`}</Link>
              <div className="text-12 text-ink-3">{`${w.title} · ${m.national_waiting_since({ day: formatDate(w.since) })}`}</div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Create({ view }: { view: NationalView }) {
  return (
    <details className="mt-3">
      <summary>{m.national_spec_create()}</summary>
      <PostForm className="ui-form mt-3">
        <input type="hidden" name="programmeId" value={view.programmeId} />
        <TextInput id="titleZh" name="titleZh" label={m.national_spec_title_zh()} required maxLength={200} />
        <TextInput id="titleEn" name="titleEn" label={m.national_spec_title_en()} required maxLength={200} />
        <div className="ui-form-acts">
          <SubmitButton name="intent" value="createSpecification">
            {m.national_spec_create()}
          </SubmitButton>
        </div>
      </PostForm>
    </details>
  );
}

/** Editions under way and published, with their comments; a new one begins here. */
export function Specifications({ view }: { view: NationalView }) {
  return (
    <Section title={m.national_specifications()} id="specifications">
      {view.specifications.length === 0 ? (
        <EmptyState title={m.national_spec_none()} />
      ) : (
        <DataTable
          plain
          prefix="s_"
          caption={m.national_specifications()}
          rows={view.specifications}
          rowKey={(s) => s.id}
          empty={m.national_spec_none()}
          columns={[
            {
              key: "number",
              head: m.national_spec_number(),
              rowHead: true,
              cell: (s) => <Link to={`/national/specifications/${s.id}`}>{s.number}</Link>,
              text: (s) => s.number,
            },
            { key: "title", head: m.national_specifications(), cell: (s) => s.title },
            {
              key: "state",
              head: m.national_state(),
              cell: (s) => <EditionMark state={s.state} word={s.mark} />,
              text: (s) => s.mark,
            },
            {
              key: "comments",
              head: m.national_spec_comments(),
              cell: (s) =>
                s.open + s.settled === 0 ? (
                  <None />
                ) : (
                  <Link to={`/national/specifications/${s.id}?view=comments`}>
                    {m.national_spec_comments_value({ open: s.open, settled: s.settled })}
                  </Link>
                ),
            },
          ]}
        />
      )}
      <Create view={view} />
    </Section>
  );
}

/** How much of each sector's draft came into the newest edition. */
export function Adoption({ view }: { view: NationalView }) {
  return (
    <Section title={m.national_adoption()} id="adoption">
      <DataTable
        plain
        prefix="a_"
        caption={m.national_adoption()}
        rows={view.adoption.some((a) => a.draftClauses !== null) ? view.adoption : []}
        rowKey={(a) => a.sectorId}
        empty={m.national_adoption_none()}
        columns={[
          { key: "sector", head: m.national_sector(), rowHead: true, cell: (a) => a.name },
          { key: "drafts", head: m.national_adoption_drafts(), numeric: true, cell: (a) => a.draftClauses ?? <None /> },
          {
            key: "used",
            head: m.national_adoption_used(),
            numeric: true,
            cell: (a) => (a.draftClauses === null ? <None /> : a.used),
          },
          {
            key: "share",
            head: m.national_adoption_share(),
            numeric: true,
            cell: (a) =>
              a.draftClauses ? formatPercent(Math.min(1, a.used / a.draftClauses), undefined, 0) : <None />,
          },
        ]}
      />
    </Section>
  );
}
