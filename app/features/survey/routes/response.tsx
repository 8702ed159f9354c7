import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { transition } from "#app/features/document/transition.server.ts";
import { addAsset, changeAsset, removeAsset } from "#app/features/survey/assets.server.ts";
import { Assets } from "#app/features/survey/components/assets.tsx";
import { failedCell, ResponseHead, ResponseNotices } from "../components/response-head.tsx";
import { SealedSheet } from "#app/features/survey/components/sealed-sheet.tsx";
import { Sheet } from "#app/features/survey/components/sheet.tsx";
import { sheetPage } from "../sheet.view.server.ts";
import { answerSchema, assetSchema } from "#app/features/survey/survey.schema.ts";
import { saveAnswer } from "#app/features/survey/survey.server.ts";
import { EventOutcome } from "#app/features/workflow/components/conflict.tsx";
import { History } from "#app/features/workflow/components/history.tsx";
import { eventSchema, eventOf, irreversible } from "#app/features/workflow/workflow.schema.ts";
import { eventLabel } from "#app/features/workflow/labels.server.ts";
import { history } from "#app/features/workflow/history.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid, verbatim, whole } from "#app/platform/fields.ts";
import { Tabs } from "#app/ui/page.tsx";

const params = z.object({ projectId: uuid(), documentId: uuid() });
const search = z.object({
  tab: z.enum(["answers", "assets", "history"]).catch("answers").default("answers"),
  asset: verbatim(40).optional(),
});

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.page.system.name ?? m.survey_title()} · ${m.survey_title()} · ${m.ui_brand()}` },
];

export const loader = pageLoader(
  { at: "/projects/:projectId/survey/:documentId", params, search },
  async ({ tx, actor, params: path, search: query, locale }) => {
    const [page, past] = await Promise.all([
      sheetPage(tx, actor, { documentId: path.documentId, locale }),
      query.tab === "history"
        ? history(tx, { objectId: path.documentId, limit: 50 }, locale)
        : Promise.resolve({ entries: [] }),
    ]);
    return {
      page: query.tab === "answers" ? page : { ...page, sections: [] },
      tab: query.tab,
      asset: query.asset ?? null,
      past: past.entries,
    };
  },
);

const assetsTab = (path: z.output<typeof params>): string =>
  `/projects/${path.projectId}/survey/${path.documentId}?tab=assets`;
const ofAsset = z.object({ assetId: uuid() });

export const action = pageAction(
  { at: "/projects/:projectId/survey/:documentId", params, guardObject: (tx, path) => loadProject(tx, path.projectId) },
  {
    cell: intent({
      schema: answerSchema,
      run: async ({ tx, actor, params: path, input, locale }) =>
        void (await saveAnswer(tx, actor, { ...input, documentId: path.documentId, locale })),
    }),
    act: intent({
      schema: eventSchema,
      stepUp: irreversible("document"),
      run: async ({ tx, actor, params: path, input, locale }) => {
        await transition(tx, actor, { ...eventOf(input), documentId: path.documentId, locale });
        return { notice: m.survey_moved({ act: eventLabel("document", input.type, locale) }) };
      },
    }),
    addAsset: intent({
      schema: assetSchema,
      run: async ({ tx, actor, params: path, input, locale }) => {
        await addAsset(tx, actor, { ...input, documentId: path.documentId, locale });
        return { notice: m.survey_asset_added({ name: input.name }), to: assetsTab(path) };
      },
    }),
    changeAsset: intent({
      schema: assetSchema.extend({ ...ofAsset.shape, rev: whole(0, 2_147_483_647) }),
      run: async ({ tx, actor, params: path, input, locale }) => {
        await changeAsset(tx, actor, { ...input, documentId: path.documentId, locale });
        return { notice: m.survey_asset_saved({ name: input.name }), to: assetsTab(path) };
      },
    }),
    removeAsset: intent({
      schema: ofAsset,
      run: async ({ tx, actor, params: path, input, locale }) => {
        await removeAsset(tx, actor, { ...input, documentId: path.documentId, locale });
        return { notice: m.survey_asset_removed(), to: assetsTab(path) };
      },
    }),
  },
);

export default function Response() {
  const { page, tab, asset, past } = useLoaderData<typeof loader>();
  const result = useResult();
  return (
    <>
      <ResponseHead page={page} />
      <EventOutcome result={result} />
      <EventOutcome result={result} intent="cell" />
      <ResponseNotices page={page} />
      <Tabs
        label={m.survey_tabs()}
        tabs={[
          { to: "?", label: m.survey_tab_answers(), count: page.gaps.answered, current: tab === "answers" },
          { to: "?tab=assets", label: m.survey_assets_title(), count: page.assets.length, current: tab === "assets" },
          { to: "?tab=history", label: m.workflow_ui_history(), current: tab === "history" },
        ]}
      />
      {tab === "assets" ? <Assets page={page} chosen={asset} result={result} /> : null}
      {tab === "history" ? <History entries={past} /> : null}
      {tab === "answers" ? (
        page.mode === "edit" ? (
          <Sheet key={page.document.id} page={page} failed={failedCell(result)} />
        ) : (
          <SealedSheet page={page} />
        )
      ) : null}
    </>
  );
}
