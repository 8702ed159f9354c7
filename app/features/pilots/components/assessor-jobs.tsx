import { Link } from "@remix-run/react";
import { purposeWord, ResultMark, wordIn } from "./marks.tsx";
import { m } from "#app/i18n/paraglide/messages.js";
import { lastDay } from "#app/platform/days.ts";
import { pick } from "#app/i18n/pick.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import type { assessorJobs } from "../assessors.server.ts";
import type { PilotWords } from "./pilot-table.tsx";

type Job = Jsonify<Awaited<ReturnType<typeof assessorJobs>>>[number];

/** What an institution is to verify, a grant a row. */
export function AssessorJobs({ jobs, words }: { jobs: Job[]; words: PilotWords }) {
  return (
    <DataTable
      caption={m.pilots_jobs()}
      rows={jobs}
      rowKey={(r) => r.grantId}
      empty={m.pilots_jobs_empty()}
      columns={[
        { key: "code", head: m.pilots_code(), short: true, cell: (r) => r.code },
        {
          key: "name",
          head: m.pilots_name(),
          rowHead: true,
          cell: (r) => <Link to={`/pilots/${r.pilotId}`}>{r.name}</Link>,
          text: (r) => r.name,
        },
        { key: "sector", head: m.pilots_sector(), cell: (r) => pick({ zh: r.sectorZh, en: r.sectorEn }) },
        { key: "stage", head: m.pilots_stage(), cell: (r) => wordIn(words.stages, r.stage) },
        { key: "purpose", head: m.pilots_purpose(), cell: (r) => purposeWord(r.purpose) },
        { key: "result", head: m.pilots_last_result(), cell: (r) => <ResultMark result={r.lastResult} /> },
        { key: "until", head: m.pilots_grant_until(), cell: (r) => lastDay(new Date(r.endsAt)) },
      ]}
    />
  );
}
