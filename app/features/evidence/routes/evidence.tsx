import type { MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { acceptedEndings } from "#app/features/evidence/evidence.rules.ts";
import { targetSchema } from "#app/features/evidence/evidence.schema.ts";
import { evidenceAction, evidencePage, type Refused } from "../evidence.view.server.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { formatBytes, formatDateTime, shortDigest } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { CopyId } from "#app/ui/copy-id.tsx";
import { SubmitButton } from "#app/ui/button.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { FileInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { PageHeader, Section } from "#app/ui/page.tsx";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${m.evidence_title()} · ${data?.name ?? ""} · ${m.ui_brand()}` },
];

export const loader = pageLoader(
  { at: "/evidence", search: targetSchema },
  async ({ tx, actor, search, locale, context }) => {
    const { title, ...page } = await evidencePage(tx, actor, search, context.env);
    return { ...page, name: locale === "en" ? title.en : title.zh };
  },
);

export const action = evidenceAction;

const useAnswer = useActionData as () => Refused | undefined;

export default function Evidence() {
  const page = useLoaderData<typeof loader>();
  const refused = useAnswer();
  return (
    <>
      <PageHeader
        title={m.evidence_title()}
        of={page.name}
        crumbs={[{ label: page.of || m.evidence_back(), to: page.back }]}
      />
      <Section
        title={m.evidence_filed()}
        {...(page.open && page.approved ? { note: m.evidence_after_approval() } : {})}
      >
        <DataTable
          plain
          caption={m.evidence_filed()}
          rows={page.items}
          rowKey={(r) => r.id}
          empty={m.evidence_none()}
          columns={[
            {
              key: "name",
              head: m.evidence_name(),
              rowHead: true,
              cell: (r) => (
                <a href={`/evidence/${r.id}`} download className="break-all">
                  {r.name}
                </a>
              ),
              text: (r) => r.name,
            },
            { key: "size", head: m.evidence_size(), numeric: true, cell: (r) => formatBytes(r.bytes) },
            {
              key: "sha256",
              head: "SHA-256",
              cell: (r) => <CopyId value={r.sha256} short={shortDigest(r.sha256)} label="SHA-256" />,
              text: (r) => r.sha256,
            },
            { key: "by", head: m.evidence_by(), cell: (r) => r.by },
            { key: "at", head: m.evidence_at(), cell: (r) => formatDateTime(r.at) },
            {
              key: "state",
              head: m.evidence_state(),
              cell: (r) =>
                r.fixed ? (
                  <StatusMark status="done">{m.evidence_handed_over()}</StatusMark>
                ) : page.open ? (
                  <ConfirmDialog
                    size="s"
                    label={m.evidence_remove()}
                    title={m.evidence_remove_title({ name: r.name })}
                    fields={{ intent: "remove", evidenceId: r.id }}
                  />
                ) : (
                  <StatusMark status="off">{m.evidence_not_handed_over()}</StatusMark>
                ),
            },
          ]}
        />
      </Section>
      {page.open ? (
        <Section title={m.evidence_add()} note={page.measure ? m.evidence_add_measure() : m.evidence_add_document()}>
          <Form method="post" encType="multipart/form-data" reloadDocument className="ui-form">
            <FileInput
              name="file"
              label={m.evidence_file()}
              hint={m.evidence_hint({
                max: page.maxMb,
                filed: formatBytes(page.filed),
                quota: formatBytes(page.quotaMb * 1024 * 1024),
              })}
              accept={acceptedEndings}
              required
              errors={refused?.message}
            />
            <div className="ui-form-acts">
              <SubmitButton kind="main">{m.evidence_send()}</SubmitButton>
            </div>
          </Form>
        </Section>
      ) : null}
    </>
  );
}
