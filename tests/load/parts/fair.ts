import postgres from "postgres";
import { figuresOf, longestStall, median, milliseconds, ratio, statusText, table } from "../figures.ts";
import type { Lane, Sample } from "../lanes.ts";
import { ask, bearer, signIn } from "../people.ts";
import type { Account, Product } from "../product.ts";
import { inTurn, type Part, type Run } from "./part.ts";

/*
 * A quiet sector's people read and write while another sector floods. The figure is the quiet ones' p95 then over their p95
 * alone, of the same round. What is still waiting at the end counts with the time it had waited.
 */

interface Cast {
  quiet: Lane[];
  floods: Record<string, Flood>;
}
interface Flood {
  lanes: Lane[];
  /** Something to hold meanwhile, such as a lock; gives back how to let go. */
  hold?: () => Promise<() => Promise<void>>;
}

const of = (product: Product, wanted: (one: Account) => boolean): Account => {
  const found = product.accounts.find(wanted);
  if (found === undefined) throw new Error("the demonstration lacks an account that the fairness part needs");
  return found;
};
const burst = (
  name: string,
  who: Account,
  parallel: number,
  step: Lane["steps"][number],
  headers: Lane["headers"],
): Lane => ({ name: `${name} by ${who.email}`, parallel, think: [0, 0], headers, steps: [step] });
const json = { "content-type": "application/json" };

interface Pilot {
  id: string;
  stage: string;
  nextReportDue: string | null;
}
/** A site lead with a pilot in operation, who can write its report of a month again and again. */
async function writerOf(product: Product): Promise<{ who: Account; pilot: Pilot }> {
  for (const who of product.accounts.filter((one) => one.role === "site_lead")) {
    const { items } = await ask<{ items: Pilot[] }>(product, who, "/pilots");
    const pilot = items.find((one) => one.stage === "operation" && one.nextReportDue !== null);
    if (pilot) return { who, pilot };
  }
  throw new Error("no pilot of the demonstration is in operation");
}
/** The month before the day that its report is due. */
export function monthBefore(day: string): string {
  const at = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() - 1);
  return at.toISOString().slice(0, 7);
}

async function castOf(product: Product): Promise<Cast> {
  const { who, pilot } = await writerOf(product);
  const reader = of(product, (one) => one.tenant === who.tenant && one.role === "regulator");
  const cookie = await signIn(product, reader);
  const body = JSON.stringify({ period: monthBefore(pilot.nextReportDue ?? ""), text: "load" }).replace(
    "{",
    '{"rev":{rev},',
  );
  const pause = [100, 300] as const;
  const quiet: Lane[] = [
    {
      name: "quiet page",
      parallel: 1,
      think: pause,
      headers: { cookie },
      steps: [{ kind: "page", method: "GET", path: "/pilots", headers: { accept: "text/html" } }],
    },
    {
      name: "quiet API",
      parallel: 1,
      think: pause,
      headers: bearer(reader),
      steps: [{ kind: "api", method: "GET", path: "/api/v1/pilots?limit=50" }],
    },
    {
      name: "quiet writer",
      parallel: 1,
      think: pause,
      headers: { ...bearer(who), ...json },
      steps: [{ kind: "write", method: "POST", path: `/api/v1/pilots/${pilot.id}/progress-reports`, body }],
    },
  ];
  const site = of(product, (one) => one.tenant !== who.tenant && one.role === "site_lead");
  const regulator = of(product, (one) => one.tenant === site.tenant && one.role === "regulator_lead");
  const [project] = (await ask<{ items: { id: string }[] }>(product, site, "/projects")).items;
  const theirs = await signIn(product, regulator);
  const file = (name: string): Lane =>
    burst(
      name,
      regulator,
      100,
      { kind: "flood", method: "GET", path: `/projects/${project?.id}/${name}` },
      { cookie: theirs },
    );
  const event = JSON.stringify({ type: "APPROVE", expectedVersion: 1 });
  const refused: Lane = burst(
    "refused events",
    site,
    200,
    { kind: "flood", method: "POST", path: `/api/v1/projects/${project?.id}/events`, body: event },
    { ...bearer(site), ...json },
  );
  const floods: Cast["floods"] = {
    "refused events": { lanes: [refused] },
    "survey.xlsx": { lanes: [file("survey.xlsx")] },
    "risk-report.pdf": { lanes: [file("risk-report.pdf")] },
  };
  const locked = await lockFlood(product, who.tenant);
  return { quiet, floods: locked === null ? floods : { "one row lock": locked, ...floods } };
}

/** Writers of one sector that all wait for a row that somebody holds. Null where no superuser's address is known. */
async function lockFlood(product: Product, quietTenant: string): Promise<Flood | null> {
  const url = product.own?.superuserUrl ?? null;
  if (url === null) return null;
  for (const who of product.accounts.filter((one) => one.role === "site_lead" && one.tenant !== quietTenant)) {
    const [pilot] = (await ask<{ items: Pilot[] }>(product, who, "/pilots")).items;
    if (pilot === undefined) continue;
    const step = {
      kind: "flood",
      method: "POST",
      path: `/api/v1/pilots/${pilot.id}/events`,
      body: JSON.stringify({ type: "SUSPEND", expectedVersion: 1 }),
    } as const;
    return {
      lanes: [burst("writes", who, 40, step, { ...bearer(who), ...json })],
      async hold() {
        const sql = postgres(url, { max: 1, onnotice: () => undefined });
        const held = await sql.reserve();
        await held`begin`;
        await held`select 1 from workflow_instances where object_id = ${pilot.id} for update`;
        return async () => {
          await held`rollback`;
          held.release();
          await sql.end();
        };
      },
    };
  }
  return null;
}

interface Round {
  alone: Sample[];
  floods: Record<string, { samples: Sample[]; flood: Sample[]; stall: number }>;
}
const p95 = (samples: readonly Sample[], kind?: string): number =>
  figuresOf(
    samples.filter((s) => kind === undefined || s.kind === kind),
    1,
  ).p95;

async function once(run: Run, product: Product, cast: Cast): Promise<Round> {
  const job = { url: product.url, seconds: run.seconds };
  const alone = (await run.clients.send(job, [cast.quiet])).samples;
  const floods: Round["floods"] = {};
  for (const [name, flood] of Object.entries(cast.floods)) {
    await longestStall(product);
    const release = await flood.hold?.();
    let done: Awaited<ReturnType<typeof run.clients.send>>;
    try {
      done = await run.clients.send(job, [cast.quiet, flood.lanes]);
    } finally {
      await release?.();
    }
    floods[name] = {
      samples: done.samples.filter((s) => s.kind !== "flood"),
      flood: done.samples.filter((s) => s.kind === "flood"),
      stall: await longestStall(product),
    };
    // What was cut goes on at the server for a while.
    await run.clients.send({ url: product.url, seconds: 5 }, [
      [
        {
          name: "rest",
          parallel: 1,
          think: [500, 500],
          headers: {},
          steps: [{ kind: "probe", method: "GET", path: "/healthz" }],
          most: 6,
        },
      ],
    ]);
  }
  return { alone, floods };
}

export const fair: Part = {
  name: "fair",
  about: "a quiet sector's p95 while another floods, over its p95 alone",
  async run(run) {
    const casts = new Map<Product, Cast>();
    for (const product of run.products) casts.set(product, await castOf(product));
    const found = await inTurn(run, (product) => once(run, product, casts.get(product) ?? { quiet: [], floods: {} }));
    const rows = run.products.flatMap((product) =>
      Object.keys(casts.get(product)?.floods ?? {}).map((flood) => {
        const rounds = (found.get(product) ?? []).flatMap((r) =>
          r.floods[flood] === undefined ? [] : [{ alone: r.alone, ...r.floods[flood] }],
        );
        const by = (kind?: string) => median(rounds.map((r) => p95(r.samples, kind) / p95(r.alone, kind)));
        return {
          product: product.name,
          flood,
          alone: median(rounds.map((r) => p95(r.alone))),
          p95: median(rounds.map((r) => p95(r.samples))),
          ratio: by(),
          page: by("page"),
          api: by("api"),
          write: by("write"),
          stall: Math.max(...rounds.map((r) => r.stall)),
          answers: figuresOf(
            rounds.flatMap((r) => r.samples),
            1,
          ).statuses,
          flooded: figuresOf(
            rounds.flatMap((r) => r.flood),
            1,
          ).statuses,
        };
      }),
    );
    run.say(
      table(
        [
          "",
          "p95 alone",
          "p95 in the flood",
          "ratio",
          "pages",
          "API",
          "writes",
          "longest stall",
          "quiet answers",
          "flood's",
        ],
        rows.map((r) => [
          `${r.product}: ${r.flood}`,
          milliseconds(r.alone),
          milliseconds(r.p95),
          ratio(r.ratio),
          ratio(r.page),
          ratio(r.api),
          ratio(r.write),
          milliseconds(r.stall),
          statusText(r.answers),
          statusText(r.flooded),
        ]),
      ),
    );
    run.say("  target: ratio ≤ 2");
    if (run.products.some((one) => (one.own?.superuserUrl ?? null) === null))
      run.say("  writes behind one row lock were left out: DATABASE_SUPERUSER_URL is not set");
    return { rows };
  },
};
