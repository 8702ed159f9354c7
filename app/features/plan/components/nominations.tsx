import { formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { ActButton } from "#app/ui/act.tsx";
import { SubmitButton } from "#app/ui/button.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Select } from "#app/ui/inputs.tsx";
import { Section } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";
import { choicesOf, type Page, type PartProps } from "./part-props.ts";

type Nomination = Page["nominations"][number];
const batchName = (no: number) => (no === 1 ? m.plan_batch_one() : m.plan_batch_two());

/** Systems that are put forward as pilots, with batch and direction. */
export function Nominations({ page }: PartProps) {
  const site = new Map(page.sites.map((s) => [s.id, s.name]));
  const columns: Column<Nomination>[] = [
    { key: "system", head: m.plan_system(), rowHead: true, cell: (n) => n.systemName },
    { key: "site", head: m.risk_col_site(), cell: (n) => n.siteName },
    { key: "grade", head: m.plan_grade_head(), cell: (n) => m.plan_grade({ grade: n.grade }) },
    { key: "devices", head: m.plan_devices(), numeric: true, cell: (n) => formatNumber(n.devices) },
    { key: "batch", head: m.plan_batch(), cell: (n) => batchName(n.batchNo) },
    { key: "direction", head: m.plan_pilot_direction(), cell: (n) => page.words.dimension[n.direction] ?? n.direction },
    ...(page.editable
      ? [
          {
            key: "acts",
            head: m.plan_acts(),
            hideHead: true,
            text: () => "",
            cell: (n: Nomination) => (
              <ActButton
                size="s"
                act={{
                  key: "withdraw",
                  label: m.plan_withdraw(),
                  post: { intent: "withdraw", systemId: n.systemId, batchNo: n.batchNo, rev: page.rev },
                }}
              />
            ),
          },
        ]
      : []),
  ];
  return (
    <Section id="nominations" title={m.plan_nominations()} note={m.plan_nominations_note()}>
      <DataTable
        plain
        prefix="n_"
        caption={m.plan_nominations()}
        columns={columns}
        rows={page.nominations}
        rowKey={(n) => `${n.systemId}${n.batchNo}`}
        empty={m.plan_nominations_none()}
      />
      {page.editable ? (
        <PostForm className="ui-filter" preventScrollReset>
          <input type="hidden" name="rev" value={page.rev} />
          <Select
            name="systemId"
            label={m.plan_system()}
            choices={page.systems.map((s) => ({ value: s.id, label: `${site.get(s.siteId) ?? ""} · ${s.name}` }))}
            empty={m.risk_choose_one()}
            required
          />
          <Select
            name="batchNo"
            label={m.plan_batch()}
            choices={[1, 2].map((no) => ({ value: String(no), label: batchName(no) }))}
          />
          <Select name="direction" label={m.plan_pilot_direction()} choices={choicesOf(page.words.dimension)} />
          <SubmitButton name="intent" value="nominate">
            {m.plan_nominate()}
          </SubmitButton>
        </PostForm>
      ) : null}
    </Section>
  );
}
