import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { Reapproval } from "#app/features/document/components/reapproval.tsx";
import { SealedDigest } from "#app/features/document/components/sealed-digest.tsx";
import { ClauseForm, RemoveClause } from "#app/features/specification/components/clause-form.tsx";
import { DraftList } from "#app/features/specification/components/draft-list.tsx";
import { sectorDraftView } from "../draft.view.server.ts";
import { sectorDraftAction } from "#app/features/specification/draft.actions.server.ts";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { text, uuid } from "#app/platform/fields.ts";
import { orNone } from "#app/platform/form-values.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { ActButton } from "#app/ui/act.tsx";
import { LinkButton } from "#app/ui/button.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { PageHeader, Section, Split } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";

const params = z.object({ projectId: uuid() });
export const meta: MetaFunction = () => [{ title: `${m.specification_phase_title()} · ${m.identity_product()}` }];

export const loader = pageLoader(
  { at: "/projects/:projectId/specification", params, search: z.object({ clause: orNone(text(60)) }) },
  ({ tx, actor, params: { projectId }, search, locale }) =>
    sectorDraftView(tx, actor, projectId, search.clause, locale),
);

export const action = sectorDraftAction;

export default function SectorDraft() {
  const view = useLoaderData<typeof loader>();
  const result = useResult();
  const count = view.summary.clauseCount;
  const propose = { key: "propose", label: m.specification_propose(), post: { intent: "propose", rev: view.rev } };
  const { standing } = view;
  const acts = standing ? (
    <EventButtons
      acts={standing.acts}
      version={standing.version}
      seals={[m.specification_seals_draft()]}
      parts={standing.parts}
    />
  ) : null;
  const list =
    count === 0 ? (
      <EmptyState
        title={view.editable ? m.specification_draft_none() : m.specification_draft_unsent()}
        {...(view.editable ? { text: m.specification_draft_none_text(), act: propose } : {})}
      />
    ) : (
      <DraftList view={view} />
    );
  return (
    <>
      <PageHeader
        title={m.specification_phase_title()}
        meta={m.specification_summary({ count, open: view.summary.clausesWithoutEvidence })}
      >
        {view.editable ? (
          <LinkButton size="s" to="?clause=new">
            {m.specification_new_clause()}
          </LinkButton>
        ) : null}
        {view.editable && count > 0 ? <ActButton act={propose} size="s" /> : null}
        {acts}
      </PageHeader>
      {result?.ok && result.notice ? <Notice tone="done" title={result.notice} live /> : null}
      {result && !result.ok && result.intent !== "saveClause" && result.error ? (
        <Notice tone="late" title={result.error.message} live />
      ) : null}
      <Reapproval standing={standing?.approval ?? null} state={view.state} />
      {view.submission && !view.editable ? (
        <p className="ui-hint">
          {m.specification_sealed_at({ at: formatDateTime(view.submission.at) })} · {view.submission.by} ·{" "}
          <SealedDigest sha256={view.submission.sha256} label={m.specification_seal_digest()} />
        </p>
      ) : null}
      {view.editable && view.marks.length > 0 ? (
        <Notice tone="returned" title={m.specification_marks()}>
          <ul>
            {view.marks.map((x, i) => (
              <li key={i}>{`${x.part || m.specification_part_whole()}：${x.reason}（${x.by}）`}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {view.editable && (view.chosen || view.isNew) ? (
        <Split
          even
          side={
            <Section
              level={3}
              title={view.chosen?.title || m.specification_new_clause()}
              acts={<RemoveClause view={view} />}
            >
              <ClauseForm view={view} result={result} />
            </Section>
          }
        >
          {list}
        </Split>
      ) : (
        list
      )}
    </>
  );
}
