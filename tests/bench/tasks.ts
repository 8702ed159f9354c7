import http from "node:http";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { projectGood, actor as scenarioActor } from "#tests/workflows/scenarios.ts";
import { builtServer, startServer } from "#tests/isolation/server.ts";
import { machineFor } from "#app/features/workflow/instance.server.ts";
import { apply, start, type StoredInstance } from "#workflows/index.ts";
import { benchDatabase, type BenchDatabase } from "./database.ts";
import { sideBySide } from "./measure.ts";
import type { BenchRow } from "./pdf.ts";

export const name = "tasks";

/** Questions that each system of a site is asked. */
const questions = 72;
const [few, many] = [5, 500];
const at = "2014-04-02T02:00:00.000Z";

/** A project in its survey: the state as its machine stores it. */
function collecting(): StoredInstance {
  const def = machineFor("project");
  const opened = apply(def, start(def, { at }), {
    type: "OPEN_SURVEY",
    actor: scenarioActor("regulator"),
    payload: {},
    facts: projectGood,
    at,
  });
  if (!opened.ok) throw new Error("the survey does not open");
  return opened.stored;
}

/**
 * A sector in its survey with so many sites: a response of each, three in four still written (a third of those past their day),
 * the rest handed in; an answer to each question.
 */
async function survey(b: BenchDatabase, nth: number, sites: number): Promise<string> {
  const [tenant = "", project = ""] = [b.tenants[nth], b.projects[nth]];
  const { state, snapshot, version } = collecting();
  const draft = start(machineFor("document"), { at, kind: "surveyResponse" });
  await b.superuser.begin(async (tx) => {
    await tx.unsafe("set local session_replication_role = replica; set local statement_timeout = 0");
    await tx`update projects set state = ${state}, due_on = jsonb_build_object('survey', current_date + 5) where id = ${project}`;
    await tx`insert into workflow_instances (tenant_id, id, machine, version, object_id, project_id, state, input, snapshot)
      values (${tenant}, gen_random_uuid(), 'project', ${version}, ${project}, ${project}, ${state}, '{}', ${JSON.stringify(snapshot)}::text::jsonb)`;
    await tx`delete from sites where tenant_id = ${tenant}`;
    await tx`insert into sites (tenant_id, id, code, name, size)
      select ${tenant}, md5(${tenant} || 'w' || n)::uuid, 'W' || n, '单位' || n, 'medium' from generate_series(1, ${sites}) n`;
    await tx`insert into systems (tenant_id, id, site_id, name, grade)
      select ${tenant}, md5(${tenant} || 'z' || n)::uuid, md5(${tenant} || 'w' || n)::uuid, '系统' || n, 3 from generate_series(1, ${sites}) n`;
    await tx`insert into documents (tenant_id, id, project_id, kind, site_id, system_id, title, due_on, state)
      select ${tenant}, md5(${tenant} || 'd' || n)::uuid, ${project}, 'surveyResponse', md5(${tenant} || 'w' || n)::uuid, md5(${tenant} || 'z' || n)::uuid,
        '信息安全调研表 ' || n, current_date - 10 + 20 * (n % 3), case when n % 4 = 0 then 'submitted.sector' else 'draft' end
      from generate_series(1, ${sites}) n`;
    await tx`insert into workflow_instances (tenant_id, id, machine, version, object_id, project_id, site_id, state, input, snapshot)
      select d.tenant_id, gen_random_uuid(), 'document', ${draft.version}, d.id, d.project_id, d.site_id, d.state, '{"kind":"surveyResponse"}',
        ${JSON.stringify(draft.snapshot)}::text::jsonb from documents d where d.tenant_id = ${tenant}`;
    await tx`insert into answers (tenant_id, document_id, site_id, questionnaire_version, control_code, value)
      select d.tenant_id, d.id, d.site_id, c.version, c.code, (array['compliant','partial','non_compliant'])[1 + (length(c.code) + extract(epoch from d.created_at)::int) % 3]
      from documents d, (select version, code from controls order by version, code limit ${questions}) c where d.tenant_id = ${tenant}`;
  });
  const [found] = await b.superuser<
    { n: number }[]
  >`select count(*)::int as n from answers where tenant_id = ${tenant}`;
  if (found?.n !== sites * questions) throw new Error(`${found?.n} answers instead of ${sites * questions}`);
  return tenant;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
const get = (url: string, cookie: string): Promise<string> =>
  new Promise((resolve, reject) => {
    http
      .get(url, { agent, headers: { cookie } }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (d: string) => (text += d));
        response.on("end", () =>
          response.statusCode === 200 ? resolve(text) : reject(new Error(`${url} answered ${response.statusCode}`)),
        );
        response.on("error", reject);
      })
      .on("error", reject);
  });

export async function run(): Promise<BenchRow[]> {
  if (!existsSync(builtServer)) spawnSync(process.execPath, ["app/cli/build.mjs"], { stdio: "inherit" });
  const b = await benchDatabase(2, 0);
  const stops: (() => Promise<unknown> | void)[] = [() => b.stop()];
  try {
    const tenants = [await survey(b, 0, few), await survey(b, 1, many)];
    for (const table of ["documents", "answers", "workflow_instances", "sites", "systems", "projects"])
      await b.superuser.unsafe(`vacuum (analyze) ${table}`);
    const members = await Promise.all(tenants.map((t) => b.member(t, "regulator")));
    const product = await startServer(b.urls);
    stops.push(() => product.stop());
    const asks = members.map(
      ({ secret }) =>
        () =>
          get(`${product.url}/tasks?lng=en`, `anshi_session=${secret}`),
    );
    const told = await Promise.all(asks.map((ask) => ask()));
    const [small, large] = await sideBySide(
      ["few", "many"].map((which, i) => ({ name: which, once: asks[i] ?? asks[0] ?? (() => Promise.resolve("")) })),
      { rounds: 7, milliseconds: 1200, workers: 1 },
    );
    return [
      {
        name: `the regulator's page of tasks, ${many} sites and ${many * questions} answers, over one of ${few} sites`,
        figure: `${(1000 / (large?.perSecond ?? Number.NaN)).toFixed(1)} ms against ${(1000 / (small?.perSecond ?? Number.NaN)).toFixed(1)} ms`,
        ratio: (small?.perSecond ?? Number.NaN) / (large?.perSecond ?? Number.NaN),
        target: "≤ 2",
        note: `by HTTP, the whole page; ${told[1]?.length ?? 0} and ${told[0]?.length ?? 0} characters; lists show their first 25`,
      },
    ];
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
