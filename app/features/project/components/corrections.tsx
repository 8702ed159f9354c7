import type { correctionsOf } from "../corrections.server.ts";
import { formatDate } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { DataTable } from "#app/ui/data-table.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { Section } from "#app/ui/page.tsx";

type Line = Jsonify<Awaited<ReturnType<typeof correctionsOf>>>[number];

/** A field in the reader's language; days of phases go by their phase. */
function fieldName(field: string): string {
  const names: Record<string, string> = {
    code: m.project_site_code(),
    name: m.project_site_name(),
    divisionCode: m.project_site_division(),
    region: m.project_site_region(),
    size: m.project_site_size(),
    contact: m.project_site_contact(),
    description: m.project_system_description(),
    grade: m.compare_grade(),
    devices: m.project_system_devices(),
    nameZh: m.project_name_zh(),
    nameEn: m.project_name_en(),
    responseThreshold: m.project_threshold(),
    securityShare: m.project_share(),
    dueOn: m.project_due(),
    "dueOn.survey": m.wf_project_state_survey(),
    "dueOn.riskReport": m.wf_project_state_risk_report(),
    "dueOn.pilotPlan": m.wf_project_state_pilot_plan(),
    "dueOn.batchOne": m.wf_project_state_batch_one(),
    "dueOn.batchTwo": m.wf_project_state_batch_two(),
    "dueOn.specification": m.wf_project_state_specification(),
  };
  return names[field] ?? field;
}
/** Shares are kept in hundredths of a percent. */
const said = (field: string, value: string): string =>
  value === ""
    ? m.project_correction_blank()
    : field === "responseThreshold" || field === "securityShare"
      ? `${Number(value) / 100}%`
      : value;

/** What was put right, by whom and why; nothing where nothing was. */
export function Corrections({ list }: { list: readonly Line[] }) {
  if (list.length === 0) return null;
  return (
    <Section title={m.project_corrections()} note={m.project_corrections_note()}>
      <DataTable
        plain
        caption={m.project_corrections()}
        rows={list}
        rowKey={(r) => r.id}
        empty={m.project_corrections_none()}
        columns={[
          { key: "at", head: m.project_correction_at(), short: true, cell: (r) => formatDate(r.at) },
          {
            key: "what",
            head: m.project_correction_what(),
            rowHead: true,
            cell: (r) => (
              <ul className="ui-list">
                {r.fields.map((f) => (
                  <li key={f.field}>
                    {m.project_correction_line({
                      field: fieldName(f.field),
                      before: said(f.field, f.before),
                      after: said(f.field, f.after),
                    })}
                  </li>
                ))}
              </ul>
            ),
          },
          { key: "why", head: m.project_correct_reason(), cell: (r) => r.reason },
          { key: "by", head: m.project_correction_by(), cell: (r) => r.byName },
        ]}
      />
    </Section>
  );
}
