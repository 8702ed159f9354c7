import { getFormProps, useForm } from "@conform-to/react";
import { Link } from "@remix-run/react";
import { formatMoney, formatPercent, moneyUnit } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { ActButton } from "#app/ui/act.tsx";
import { SubmitButton } from "#app/ui/button.tsx";
import { BudgetBar } from "#app/ui/charts/budget-bar.tsx";
import { checkProps, selectProps, textProps } from "#app/ui/conform.ts";
import { Checkbox } from "#app/ui/choices.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { NumberInput, Select, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Section } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";
import { choicesOf, type Page, type PartProps } from "./part-props.ts";

type Site = Page["budgets"][number];
type Line = Site["lines"][number];
type Fields = Record<"siteId" | "title" | "amount" | "security" | "lifecycle", string>;

function LineForm({
  page,
  siteId,
  line,
  result,
}: {
  page: Page;
  siteId: string | null;
  line: Line | null;
  result: PartProps["result"];
}) {
  const intent = line ? "updateLine" : "addLine";
  const [form, fields] = useForm<Fields>({
    id: line ? `line-${line.id}` : `line-new-${siteId ?? ""}`,
    lastResult: result && !result.ok && result.intent === intent ? result.lastResult : null,
    defaultValue: {
      siteId: line?.siteId ?? siteId ?? "",
      title: line?.title ?? "",
      amount: line ? (line.amountCenti / 100).toFixed(2) : "",
      security: line?.security ? "on" : "",
      lifecycle: line?.lifecycle ?? "design",
    },
  });
  return (
    <PostForm {...getFormProps(form)} className="ui-filter" preventScrollReset>
      {line ? <input type="hidden" name="budgetLineId" value={line.id} /> : null}
      <Select
        label={m.risk_col_site()}
        choices={page.sites.map((s) => ({ value: s.id, label: s.name }))}
        empty={m.risk_choose_one()}
        {...selectProps(fields.siteId)}
      />
      <TextInput label={m.plan_line_title()} maxLength={200} {...textProps(fields.title)} />
      <NumberInput label={m.plan_amount()} unit={moneyUnit()} {...textProps(fields.amount)} />
      <Select label={m.plan_lifecycle()} choices={choicesOf(page.words.lifecycle)} {...selectProps(fields.lifecycle)} />
      <Checkbox label={m.plan_security()} {...checkProps(fields.security)} />
      <SubmitButton name="intent" value={intent}>
        {line ? m.plan_save() : m.plan_line_add()}
      </SubmitButton>
    </PostForm>
  );
}

function columns(page: Page): Column<Line>[] {
  return [
    {
      key: "title",
      head: m.plan_line_title(),
      rowHead: true,
      text: (l) => l.title,
      cell: (l) =>
        page.editable ? (
          <Link to={`?line=${l.id}#budget-${l.siteId}`} preventScrollReset>
            {l.title}
          </Link>
        ) : (
          l.title
        ),
    },
    { key: "lifecycle", head: m.plan_lifecycle(), cell: (l) => page.words.lifecycle[l.lifecycle] ?? l.lifecycle },
    {
      key: "security",
      head: m.plan_security(),
      text: (l) => (l.security ? "1" : ""),
      cell: (l) => (l.security ? <StatusMark status="done">{m.plan_security_yes()}</StatusMark> : null),
    },
    { key: "amount", head: m.plan_amount(), unit: moneyUnit(), numeric: true, cell: (l) => formatMoney(l.amountCenti) },
    ...(page.editable
      ? [
          {
            key: "acts",
            head: m.plan_acts(),
            hideHead: true,
            text: () => "",
            cell: (l: Line) => (
              <ActButton
                size="s"
                act={{
                  key: "delete",
                  label: m.plan_delete(),
                  kind: "danger",
                  post: { intent: "deleteLine", budgetLineId: l.id },
                  confirm: { title: m.plan_delete_line({ title: l.title }), confirmLabel: m.plan_delete() },
                }}
              />
            ),
          },
        ]
      : []),
  ];
}

function ShareReason({ page, site }: { page: Page; site: Site }) {
  if (site.met && site.reason === null) return null;
  if (!page.editable) return site.reason ? <p>{m.plan_share_reason_given({ reason: site.reason })}</p> : null;
  return (
    <PostForm className="ui-stack" preventScrollReset>
      <input type="hidden" name="siteId" value={site.siteId} />
      <input type="hidden" name="rev" value={page.rev} />
      <TextArea
        name="reason"
        label={m.plan_share_reason()}
        hint={m.plan_share_reason_hint()}
        rows={2}
        maxLength={1000}
        defaultValue={site.reason ?? ""}
      />
      <div>
        <SubmitButton name="intent" value="share" size="s">
          {m.plan_save()}
        </SubmitButton>
      </div>
    </PostForm>
  );
}

/** Each site's lines, its security share as one bar against the threshold, and the reason where it falls short. */
export function Budget({ page, open, result }: PartProps) {
  const threshold = page.project.thresholdBp / 10_000;
  return (
    <Section
      id="budget"
      title={m.plan_budget()}
      note={m.plan_budget_note({ threshold: formatPercent(threshold) })}
      acts={
        page.editable ? (
          <Link to={`?budget=${page.sites[0]?.id ?? ""}#budget`} preventScrollReset>
            {m.plan_line_add()}
          </Link>
        ) : null
      }
    >
      {page.editable && open.budget ? <LineForm page={page} siteId={open.budget} line={null} result={result} /> : null}
      {page.budgets.length === 0 ? <p className="ui-hint">{m.plan_budget_none()}</p> : null}
      {page.budgets.map((site) => {
        const share = formatPercent((site.shareBp ?? 0) / 10_000, undefined, 2);
        return (
          <Section
            key={site.siteId}
            id={`budget-${site.siteId}`}
            level={3}
            title={site.siteName}
            acts={
              page.editable ? (
                <Link to={`?budget=${site.siteId}#budget`} preventScrollReset>
                  {m.plan_line_add()}
                </Link>
              ) : null
            }
          >
            <BudgetBar
              title={
                site.met
                  ? m.plan_share_met({ share, threshold: formatPercent(threshold) })
                  : m.plan_share_short({
                      share,
                      threshold: formatPercent(threshold),
                      short: formatMoney(site.shortCenti),
                      unit: moneyUnit(),
                    })
              }
              partCenti={site.securityCenti}
              totalCenti={site.totalCenti}
              threshold={threshold}
              partLabel={m.plan_security()}
              totalLabel={m.plan_total()}
            />
            <ShareReason page={page} site={site} />
            <DataTable
              plain
              prefix={`b${site.siteId.slice(-4)}_`}
              caption={`${m.plan_budget()} ${site.siteName}`}
              columns={columns(page)}
              rows={site.lines}
              rowKey={(l) => l.id}
              empty={m.plan_budget_none()}
              current={open.line ?? null}
              extra={(l) =>
                page.editable && l.id === open.line ? (
                  <LineForm key={l.id} page={page} siteId={null} line={l} result={result} />
                ) : null
              }
              totals={{ amount: formatMoney(site.totalCenti) }}
            />
          </Section>
        );
      })}
    </Section>
  );
}
