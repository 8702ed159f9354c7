import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { pilotAction, pilotParams } from "../pilot.actions.server.ts";
import { NominationPage } from "../components/panel-nominations.tsx";
import { PilotPage } from "../components/pilot-page.tsx";
import { nominationView, pilotView, reportView } from "../pilot.view.server.ts";
import { wordsOf } from "../pilot-words.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid } from "#app/platform/fields.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  const about = data && (data.kind === "pilot" ? data.view.pilot : data.view.nomination);
  return [{ title: `${about ? `${about.code} ${about.name ?? ""}`.trim() : m.pilots_title()} · ${m.ui_brand()}` }];
};

const search = z.object({ report: uuid().optional().catch(undefined) });
export const loader = pageLoader(
  { at: "/pilots/:pilotId", params: pilotParams, search },
  async ({ tx, actor, params, search: { report }, locale }) => {
    if (actor.level === "expert")
      return { kind: "nomination" as const, view: await nominationView(tx, actor, params.pilotId, locale) };
    const view = await pilotView(tx, actor, params.pilotId, locale);
    const opened =
      report && view.work?.reports.some((r) => r.id === report)
        ? await reportView(tx, actor, params.pilotId, report, locale)
        : null;
    return { kind: "pilot" as const, view, words: wordsOf(locale), report: opened };
  },
);

export const action = pilotAction;

export default function Pilot() {
  const data = useLoaderData<typeof loader>();
  const result = useResult();
  return data.kind === "nomination" ? (
    <NominationPage view={data.view} result={result} />
  ) : (
    <PilotPage view={data.view} words={data.words} report={data.report} result={result} />
  );
}
