import { Link } from "@remix-run/react";
import { useForm } from "@conform-to/react";
import { failureOf } from "#app/features/identity/components/form-result.ts";
import { refusalText } from "#app/request/refused.ts";
import type { ActionResult } from "#app/request/page.server.ts";
import { formatDate, formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LinkButton, SubmitButton } from "#app/ui/button.tsx";
import { areaProps, summaryErrors, textProps } from "#app/ui/conform.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { FormErrorSummary } from "#app/ui/form-summary.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput, TextArea } from "#app/ui/inputs.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue, None, Section } from "#app/ui/page.tsx";
import type { DivisionMark, siteView } from "../site.view.server.ts";
import { SiteForm, sizeName, SystemForm } from "./site-forms.tsx";

type View = Jsonify<Awaited<ReturnType<typeof siteView>>>;

/** How a division is known, where it is not simply in the list of the day. */
export function DivisionNote({ mark, from, to }: { mark: DivisionMark; from: string; to: string }) {
  if (mark === "unverified") return <StatusMark status="due">{m.project_division_unverified()}</StatusMark>;
  if (mark !== "otherTime") return null;
  return (
    <StatusMark status="due">
      {to === "" ? m.project_division_later({ from }) : m.project_division_former({ to })}
    </StatusMark>
  );
}

/** What the register says of the site. */
export function SiteFacts({ view: { site, corrects } }: { view: View }) {
  return (
    <Section
      title={m.project_site()}
      acts={
        corrects ? (
          <LinkButton to="?correct=site#correct" size="s">
            {m.project_site_correct()}
          </LinkButton>
        ) : null
      }
    >
      <KeyValue
        items={[
          {
            key: m.project_site_region(),
            value:
              site.mark === "none" ? (
                <None />
              ) : (
                <>
                  <span>{[site.divisionCode, site.region].filter(Boolean).join(" ")}</span>{" "}
                  <DivisionNote mark={site.mark} from={site.from} to={site.to} />
                </>
              ),
          },
          { key: m.project_site_size(), value: sizeName(site.size) },
          { key: m.project_site_contact(), value: site.contact || <None /> },
        ]}
      />
    </Section>
  );
}

export function SystemsTable({ view }: { view: View }) {
  return (
    <Section title={m.project_systems()}>
      <DataTable
        plain
        caption={m.project_systems()}
        rows={view.systems}
        rowKey={(s) => s.id}
        empty={m.project_systems_none()}
        columns={[
          { key: "name", head: m.project_system_name(), rowHead: true, cell: (s) => s.name },
          {
            key: "grade",
            head: m.compare_grade(),
            short: true,
            cell: (s) => m.compare_grade_n({ n: String(s.grade) }),
          },
          { key: "devices", head: m.project_system_devices(), numeric: true, cell: (s) => formatNumber(s.devices) },
          { key: "description", head: m.project_system_description(), cell: (s) => s.description || <None /> },
          {
            key: "pilots",
            head: m.project_site_pilots(),
            cell: (s) =>
              s.pilots.length === 0 ? (
                <None />
              ) : (
                s.pilots.map((p) => (
                  <Link key={p.id} to={`/pilots/${p.id}`} className="mr-2">
                    {p.code}
                  </Link>
                ))
              ),
          },
          ...(view.corrects
            ? [
                {
                  key: "act",
                  head: m.project_system_correct(),
                  hideHead: true,
                  cell: (s: View["systems"][number]) => (
                    <Link to={`?correct=${s.id}#correct`} aria-label={m.project_system_correct_of({ name: s.name })}>
                      {m.project_correct_act()}
                    </Link>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Section>
  );
}

interface FormProps {
  view: View;
  /** «site», or the id of a system. */
  which: string | null;
  result: ActionResult | undefined;
}
/** The form that puts one thing right, with what would be marked by it. */
export function CorrectForm({ view, which, result }: FormProps) {
  const refused = refusalText(result);
  const said =
    refused && result && "error" in result && result.error ? <Notice tone="late" title={refused} live /> : null;
  const system = view.systems.find((s) => s.id === which);
  if (!view.corrects || (which !== "site" && !system)) return said;
  const { site } = view;
  return (
    <>
      {said}
      {system ? (
        <SystemForm
          key={system.version}
          site={site}
          result={result}
          correct={{ id: system.id, version: system.version, all: view.correctsAll }}
          initial={{
            name: system.name,
            description: system.description,
            grade: String(system.grade),
            devices: String(system.devices),
          }}
        />
      ) : (
        <SiteForm
          key={site.version}
          result={result}
          correct={{ id: site.id, version: site.version, all: view.correctsAll }}
          initial={{
            code: site.code,
            name: site.name,
            division: site.divisionCode,
            region: site.region,
            size: site.size,
            contact: site.contact,
          }}
        />
      )}
    </>
  );
}

/** A later day for what the site has not handed in, by the sector's lead. */
export function ExtensionForm({ view, result }: { view: View; result: ActionResult | undefined }) {
  const [form, fields] = useForm<{ dueOn: string; reason: string }, string[]>({
    id: "extension",
    ...failureOf(result, "extend"),
  });
  const labels = { dueOn: m.project_extension_day(), reason: m.project_correct_reason() };
  const latest =
    view.open
      .map((d) => d.dueOn ?? "")
      .toSorted()
      .at(-1) ?? "";
  return (
    <Section
      title={m.project_extension()}
      note={m.project_extension_note({ n: view.open.length, day: latest })}
      id="extension"
    >
      <PostForm className="ui-form" id={form.id} noValidate>
        <FormErrorSummary errors={summaryErrors(form, labels)} />
        <input type="hidden" name="siteId" value={view.site.id} />
        <DateInput label={labels.dueOn} {...textProps(fields.dueOn, "date")} />
        <TextArea label={labels.reason} rows={2} maxLength={2000} {...areaProps(fields.reason)} />
        <div className="ui-form-acts">
          <SubmitButton name="intent" value="extend">
            {m.project_extension_save()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}

/** What was sealed under the facts of its day, and keeps them. */
export function SealedNote({ view }: { view: View }) {
  if (view.sealed.length === 0) return null;
  return (
    <Section title={m.project_sealed()} note={m.project_sealed_note()}>
      <ul className="ui-list">
        {view.sealed.map((s) => (
          <li key={s.label}>
            {m.project_sealed_line({ kind: s.label, n: s.n, day: s.last ? formatDate(s.last) : "" })}
          </li>
        ))}
      </ul>
    </Section>
  );
}
