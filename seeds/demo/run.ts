import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { asc } from "drizzle-orm";
import postgres from "postgres";
import { chainLines } from "#app/features/audit/export.server.ts";
import { comparison } from "#app/features/compare/comparison.server.ts";
import { comparisonFilter } from "#app/features/compare/compare.schema.ts";
import { nationalComparison } from "#app/features/compare/national-comparison.server.ts";
import { replaceable } from "#app/features/compare/replaceable.server.ts";
import { comparisonWorkbook, nationalWorkbook } from "#app/features/compare/workbook.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { pilotPlanPdf } from "#app/features/plan/plan-pdf.server.ts";
import { riskReportPdf } from "#app/features/risk/report-pdf.server.ts";
import { publicFile } from "#app/features/specification/published.server.ts";
import { surveyWorkbook } from "#app/features/survey/workbook.server.ts";
import { closePdfPool } from "#app/pdf/render.server.ts";
import { fileStorage, type Storage } from "#app/platform/storage.server.ts";
import { type Database, openDatabase, withActor } from "#db/client.server.ts";
import { ensurePostgres } from "#db/embedded/launcher.server.ts";
import { migrate } from "#db/migrate.server.ts";
import { specifications } from "#db/schema/index.ts";
import { loadCatalogue } from "#seeds/catalogue/load.server.ts";
import { programmeEnd } from "./scenarios.ts";
import { timeline } from "./timeline.ts";
import { type ProgrammeResult, runProgramme } from "./programme-script.ts";
import { progressBar } from "./progress-bar.ts";

/*
 * `npm run demo`: drives every sector from survey to published specification on a throw-away database, through the same
 * use-cases as the pages, and writes what came of it to out/demo.
 */

const out = path.resolve("out/demo");
const locale = "zh-CN" as const;

/** Programme days as a share of its three years, for the bar. */
const shareOf = (at: Date): number =>
  (at.getTime() - Date.parse("2013-01-01")) / (Date.parse("2016-01-01") - Date.parse("2013-01-01"));

async function main(): Promise<void> {
  const begun = performance.now();
  const dataDir = await mkdtemp(path.join(tmpdir(), "anshi-demo-"));
  const server = await ensurePostgres({ dataDir, durable: false });
  try {
    await migrate({ ownerUrl: server.urls.owner });
    await loadCatalogue({ ownerUrl: server.urls.owner });
    const db = openDatabase({ appUrl: server.urls.app, authUrl: server.urls.auth });
    const storage = fileStorage(path.join(dataDir, "files"));
    try {
      const bar = progressBar(process.stdout);
      const played = await runProgramme({
        db,
        ownerUrl: server.urls.owner,
        authUrl: server.urls.auth,
        storage,
        until: programmeEnd,
        progress: (at) => bar.show(shareOf(at) * 0.8, at.toISOString().slice(0, 10)),
      });
      await rm(out, { recursive: true, force: true });
      await mkdir(out, { recursive: true });
      const total = played.sectors.length + 1;
      for (const [i, sector] of played.sectors.entries()) {
        bar.show(0.8 + (0.2 * i) / total, `${sector.plausible.code}/`);
        await writeSector(db, storage, played, i);
      }
      bar.show(0.8 + (0.2 * played.sectors.length) / total, "specification.pdf");
      await writeNation(db, storage, played);
      const { transitions, bad } = await writeTimeline(db, played);
      const notices = await writeNotices(server.urls.owner);
      await writeTrails(db, server.urls.owner, played);
      bar.end();
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      process.stdout.write(
        `${played.sectors.length} sectors, ${transitions} transitions, from survey to published specification in ${seconds} s.\nBad days: ${kinds(bad)}.\nNotices: ${kinds(notices)}.\nWritten to ${path.relative(process.cwd(), out)}/\n`,
      );
    } finally {
      await db.close();
      await closePdfPool();
    }
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const as = <T>(db: Database, who: Actor, work: Parameters<typeof withActor<T>>[2]): Promise<T> =>
  withActor(db.write, who, work);

async function writeSector(
  db: Database,
  storage: Storage,
  { sectors, cast }: ProgrammeResult,
  index: number,
): Promise<void> {
  const sector = sectors[index];
  if (!sector) return;
  const folder = path.join(out, sector.plausible.code);
  await mkdir(folder, { recursive: true });
  const lead = { ...sector.lead, now: cast.clock.now };
  const { projectId } = sector;
  const files = [
    ["risk-report.pdf", () => as(db, lead, (tx) => riskReportPdf(tx, lead, storage, { projectId, locale }))],
    ["pilot-plan.pdf", () => as(db, lead, (tx) => pilotPlanPdf(tx, lead, storage, { projectId, locale }))],
  ] as const;
  for (const [name, make] of files) await save(storage, (await make()).sha256, path.join(folder, name));
  await writeFile(
    path.join(folder, "survey.xlsx"),
    await as(db, lead, (tx) => surveyWorkbook(tx, lead, projectId, locale)),
  );
  const filter = comparisonFilter.parse({});
  await writeFile(
    path.join(folder, "comparison.xlsx"),
    await as(db, lead, async (tx) =>
      comparisonWorkbook(
        tx,
        lead,
        projectId,
        await comparison(tx, lead, projectId, filter),
        await replaceable(tx, lead, projectId, filter),
        locale,
      ),
    ),
  );
}

async function writeNation(db: Database, storage: Storage, { national, cast }: ProgrammeResult): Promise<void> {
  const director = { ...national.director, now: cast.clock.now };
  await writeFile(
    path.join(out, "comparison.xlsx"),
    await as(db, director, async (tx) =>
      nationalWorkbook(await nationalComparison(tx, director, national.programmeId, 2), locale),
    ),
  );
  const published = await withActor(db.read, { level: "public", secret: null }, (tx) =>
    tx.select().from(specifications).orderBy(asc(specifications.publishedAt)),
  );
  const last = published.at(-1);
  if (!last) throw new Error("no specification was published");
  const { file } = await withActor(db.read, { level: "public", secret: null }, (tx) =>
    publicFile(tx, last.number, locale),
  );
  await save(storage, file.sha256, path.join(out, "specification.pdf"));
}

const save = async (storage: Storage, sha256: string, target: string): Promise<void> =>
  writeFile(target, await storage.read(sha256));

/** What happened, bad days among it. Returns how many transitions there were and how many bad days, by kind. */
async function writeTimeline(db: Database, result: ProgrammeResult) {
  const { rows, transitions, bad } = await timeline(db, result);
  await writeFile(path.join(out, "timeline.json"), `${JSON.stringify(rows, null, 1)}\n`);
  return { transitions, bad };
}

/** Everything that anybody was told, and how often each kind. Past the walls: each notice is its reader's alone. */
async function writeNotices(ownerUrl: string): Promise<Record<string, number>> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    const rows = await sql<{ kind: string; times: number }[]>`
      select n.at, t.code as tenant, m.role, n.kind, n.subject, n.by_name as "by", n.reason, n.params, n.times, n.channel
      from notices n join auth.memberships m on m.id = n.membership_id join tenants t on t.id = n.tenant_id
      order by n.at, n.id`;
    await writeFile(path.join(out, "notices.json"), `${JSON.stringify(rows, null, 1)}\n`);
    const told: Record<string, number> = {};
    for (const { kind, times } of rows) told[kind] = (told[kind] ?? 0) + times;
    return told;
  } finally {
    await sql.end();
  }
}

const kinds = (bad: Readonly<Record<string, number>>): string =>
  Object.entries(bad)
    .toSorted()
    .map(([kind, n]) => `${kind} ${n}`)
    .join(", ");

/** Sealed, then each tenant's chain as its auditor takes it out: `npm run audit:verify -- FILE` holds it against itself. */
async function writeTrails(db: Database, ownerUrl: string, { sectors, national }: ProgrammeResult): Promise<void> {
  const owner = postgres(ownerUrl, { max: 1 });
  await owner`select auth.seal_audit()`;
  await owner.end();
  const readers = [
    { folder: out, who: national.auditor },
    ...sectors.map((s) => ({ folder: path.join(out, s.plausible.code), who: s.auditor })),
  ];
  for (const { folder, who } of readers) {
    const lines = chainLines(
      (work) => withActor(db.read, who, work),
      { id: who.tenantId, name: who.tenantName.zh },
      new Date(),
    );
    await writeFile(path.join(folder, "audit.jsonl"), lines);
  }
}

await main();
