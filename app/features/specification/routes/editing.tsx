import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { FrontPart } from "#app/features/specification/components/front-part.tsx";
import { Unprintable } from "#app/features/document/components/unprintable.tsx";
import { Reapproval } from "#app/features/document/components/reapproval.tsx";
import { pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { refusalText } from "#app/request/refused.ts";
import { EditingHead, Gaps, ViewTabs } from "#app/features/specification/components/editing-head.tsx";
import { ChangesPart, CommentsPart, CoveragePart, ImportPart } from "../components/editing-tabs.tsx";
import { ClausePane, Tree } from "#app/features/specification/components/editing-text.tsx";
import { editingAction } from "../editing.actions.server.ts";
import { editingView, editingViews } from "../editing.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { orNone } from "#app/platform/form-values.ts";
import { text, uuid } from "#app/platform/fields.ts";
import { Notice } from "#app/ui/notice.tsx";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.number} · ${m.identity_product()}` : m.identity_product() },
];

export const loader = pageLoader(
  {
    at: "/national/specifications/:specificationId",
    params: z.object({ specificationId: uuid() }),
    search: z.object({ view: z.enum(editingViews).default("text").catch("text"), clause: orNone(text(40)) }),
  },
  ({ tx, actor, params, search, locale }) =>
    editingView(tx, actor, params.specificationId, search.view, search.clause, locale),
);
export const action = editingAction;

export default function Editing() {
  const view = useLoaderData<typeof loader>();
  const result = useResult();
  const formHasIt =
    result && !result.ok && ["saveClause", "addClause", "frontMatter", "import"].includes(result.intent);
  return (
    <>
      <EditingHead view={view} />
      {result?.ok && result.notice ? <Notice tone="done" title={result.notice} live /> : null}
      {result && !result.ok && !formHasIt ? <Notice tone="late" title={refusalText(result) ?? ""} live /> : null}
      <Unprintable places={view.unprintable} />
      <Reapproval standing={view.editable ? view.standing : null} state={view.state} />
      <ViewTabs view={view} />
      {["text", "coverage", "front"].includes(view.view) ? <Gaps view={view} /> : null}
      {view.view === "text" ? (
        <div className="grid items-start gap-6 lg:grid-cols-[22rem_minmax(0,1fr)]">
          <Tree view={view} />
          <div className="ui-stack">
            <ClausePane view={view} result={result} />
          </div>
        </div>
      ) : null}
      {view.view === "import" ? <ImportPart view={view} result={result} /> : null}
      {view.view === "comments" ? <CommentsPart view={view} /> : null}
      {view.view === "coverage" ? <CoveragePart view={view} /> : null}
      {view.view === "front" ? <FrontPart view={view} result={result} /> : null}
      {view.view === "changes" ? <ChangesPart view={view} /> : null}
    </>
  );
}
