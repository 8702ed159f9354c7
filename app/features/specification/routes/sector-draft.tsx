import type { MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { type ActionResult, intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { Reapproval } from "#app/features/document/components/reapproval.tsx";
import { SealedDigest } from "#app/features/document/components/sealed-digest.tsx";
import { ClauseForm, RemoveClause } from "#app/features/specification/components/clause-form.tsx";
import { DraftList } from "#app/features/specification/components/draft-list.tsx";
import { saveClauseForm } from "#app/features/specification/draft-form.server.ts";
import { sectorDraftView } from "#app/features/specification/draft-view.server.ts";
import { proposeClauses } from "#app/features/specification/proposals.server.ts";
import {
  actOnSectorDraft,
  approvedDraftActs,
  ensureSectorDraft,
  removeSectorClause,
  sectorDraftActs,
} from "#app/features/specification/sector-draft.server.ts";
import { clauseFormSchema } from "#app/features/specification/specification.schema.ts";
import { Acts } from "#app/features/workflow/components/acts.tsx";
import { actSchema, sealing } from "#app/features/workflow/workflow.schema.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { orNone } from "#app/platform/form-values.ts";
import { text, uuid, whole } from "#app/platform/fields.ts";
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

export const action = pageAction(
  { at: "/projects/:projectId/specification", params, sees: (tx, path) => loadProject(tx, path.projectId) },
  {
    saveClause: intent({
      schema: clauseFormSchema,
      run: async ({ tx, actor, params: p, input }) => {
        const { projectId } = p;
        const { key } = await saveClauseForm(tx, actor, projectId, input);
        return input.key
          ? { notice: m.specification_clause_saved() }
          : { to: `/projects/${projectId}/specification?clause=${encodeURIComponent(key)}` };
      },
    }),
    removeClause: intent({
      schema: z.object({ rev: whole(0, 1_000_000), key: text(40) }),
      run: async ({ tx, actor, params: p, input }) => {
        const { projectId } = p;
        await removeSectorClause(tx, actor, { projectId, ...input });
        return { to: `/projects/${projectId}/specification` };
      },
    }),
    propose: intent({
      schema: z.object({ rev: whole(0, 1_000_000) }),
      run: async ({ tx, actor, params: p, input, locale }) => {
        const { projectId } = p;
        await ensureSectorDraft(tx, actor, projectId, locale);
        const { added } = await proposeClauses(tx, actor, { projectId, rev: input.rev });
        return { notice: m.specification_proposed({ count: added }) };
      },
    }),
    act: intent({
      schema: actSchema.extend({ type: z.enum([...sectorDraftActs, ...approvedDraftActs]) }),
      stepUp: (input) => sealing("project")(input) || sealing("document")(input),
      run: async ({ tx, actor, params: p, input, locale }) => {
        const parts = (input.parts ?? []).map(({ part, reason }) => ({ part, reason: reason ?? "" }));
        await actOnSectorDraft(tx, actor, {
          projectId: p.projectId,
          type: input.type,
          expectedVersion: input.expectedVersion,
          reason: input.reason ?? "",
          parts,
          locale,
        });
        return { notice: m.specification_acted() };
      },
    }),
  },
);

export default function SectorDraft() {
  const view = useLoaderData<typeof loader>();
  const result = useActionData() as ActionResult | undefined;
  const count = view.summary.clauseCount;
  const propose = { key: "propose", label: m.specification_propose(), post: { intent: "propose", rev: view.rev } };
  const acts = (
    <Acts
      acts={view.acts}
      version={view.version}
      seals={[m.specification_seals_draft()]}
      parts={view.chapters.flatMap((c) =>
        c.clauses.map((x) => ({ part: x.key, label: x.title || x.text.slice(0, 20) })),
      )}
    />
  );
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
      <Reapproval standing={view.standing} state={view.state} />
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
