import { useForm } from "@conform-to/react";
import type { ActionResult } from "#app/request/page.server.ts";
import type { WordedHome } from "../home.view.server.ts";
import { formatDate } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { selectProps, textProps } from "#app/ui/conform.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Select, TextInput } from "#app/ui/inputs.tsx";
import { Section, Split } from "#app/ui/page.tsx";

type Extras = Extract<WordedHome["extras"], { kind: "operator" }>;
const kinds = {
  sector: m.home_kind_sector,
  national: m.home_kind_national,
  institution: m.home_kind_institution,
  platform: m.home_kind_platform,
} as const;

/** Operator: the tenants and how to add one. No tenant's data. */
export function OperatorExtras({ extras, result }: { extras: Extras; result: ActionResult | undefined }) {
  const [form, fields] = useForm<{ kind: string; code: string; nameZh: string; nameEn: string }, string[]>({
    id: "tenant",
    ...(result && !result.ok ? { lastResult: result.lastResult } : {}),
  });
  return (
    <Split
      side={
        <>
          <Section title={m.home_new_tenant()}>
            <PostForm action="/?index" id={form.id} className="ui-stack" key={extras.tenants.length}>
              <Select
                label={m.home_kind()}
                choices={(["sector", "national", "institution"] as const).map((k) => ({ value: k, label: kinds[k]() }))}
                {...selectProps(fields.kind)}
              />
              <TextInput label={m.home_code()} {...textProps(fields.code)} />
              <TextInput label={m.home_name_zh()} {...textProps(fields.nameZh)} />
              <TextInput label={m.home_name_en()} {...textProps(fields.nameEn)} />
              <div>
                <SubmitButton name="intent" value="createTenant">
                  {m.home_new_tenant()}
                </SubmitButton>
              </div>
            </PostForm>
          </Section>
          <Section title={m.home_health()} note={m.home_health_text()}>
            <p>
              <a href="/readyz">{m.home_health_ready()}</a>
            </p>
          </Section>
        </>
      }
    >
      <Section title={m.home_tenants()}>
        <DataTable
          plain
          caption={m.home_tenants()}
          rows={extras.tenants}
          rowKey={(t) => t.id}
          empty={m.home_tenants()}
          columns={[
            { key: "code", head: m.home_code(), short: true, rowHead: true, cell: (t) => t.code },
            { key: "kind", head: m.home_kind(), cell: (t) => kinds[t.kind]() },
            { key: "zh", head: m.home_name_zh(), cell: (t) => t.nameZh },
            { key: "en", head: m.home_name_en(), cell: (t) => t.nameEn },
            { key: "since", head: m.home_since(), cell: (t) => formatDate(t.createdAt) },
          ]}
        />
      </Section>
    </Split>
  );
}
