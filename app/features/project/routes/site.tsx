import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid, verbatim } from "#app/platform/fields.ts";
import { PageHeader } from "#app/ui/page.tsx";
import { Corrections } from "../components/corrections.tsx";
import { CorrectForm, ExtensionForm, SealedNote, SiteFacts, SystemsTable } from "../components/site-parts.tsx";
import { correctSiteSchema, correctSystemSchema, extensionSchema } from "../project.schema.ts";
import { correctSite, correctSystem, extendSite } from "../site-correction.server.ts";
import { loadSite, siteView } from "../site.view.server.ts";

const params = z.object({ siteId: uuid() });
const siteQuery = z.object({ correct: verbatim(40).optional() });

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.view.site.name ?? m.project_site()} · ${m.ui_brand()}` },
];

export const loader = pageLoader(
  { at: "/sites/:siteId", params, search: siteQuery },
  async ({ tx, actor, params: path, search, locale }) => ({
    view: await siteView(tx, actor, path.siteId, locale),
    correct: search.correct ?? null,
  }),
);

const back = (siteId: string) => ({ to: `/sites/${siteId}` });

export const action = pageAction(
  { at: "/sites/:siteId", params, guardObject: (tx, path) => loadSite(tx, path.siteId) },
  {
    correctSite: intent({
      schema: correctSiteSchema,
      run: async ({ tx, actor, params: path, input }) => {
        await correctSite(tx, actor, { ...input, siteId: path.siteId });
        return { ...back(path.siteId), notice: m.project_corrected() };
      },
    }),
    correctSystem: intent({
      schema: correctSystemSchema,
      run: async ({ tx, actor, params: path, input }) => {
        await correctSystem(tx, actor, input);
        return { ...back(path.siteId), notice: m.project_corrected() };
      },
    }),
    extend: intent({
      schema: extensionSchema,
      run: async ({ tx, actor, params: path, input }) => {
        const n = await extendSite(tx, actor, { ...input, siteId: path.siteId });
        return { ...back(path.siteId), notice: m.project_extended({ n, day: input.dueOn }) };
      },
    }),
  },
);

export default function Site() {
  const { view, correct } = useLoaderData<typeof loader>();
  const result = useResult();
  return (
    <>
      <PageHeader title={view.site.name} meta={<span className="tabular-nums">{view.site.code}</span>} />
      <SiteFacts view={view} />
      <SystemsTable view={view} />
      <CorrectForm view={view} which={correct} result={result} />
      {view.extends && view.open.length > 0 ? <ExtensionForm view={view} result={result} /> : null}
      <SealedNote view={view} />
      <Corrections list={view.corrected} />
    </>
  );
}
