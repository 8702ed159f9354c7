import { and, desc, eq } from "drizzle-orm";
import { stated } from "#app/domain/blanks.ts";
import { ensureDocument, transitionOfProject } from "#app/features/document/transition.server.ts";
import { buildRegister } from "#app/features/risk/build.server.ts";
import { assignOwner, confirmRisks, dismissRisks } from "#app/features/risk/register.server.ts";
import { draftReportTexts, openReport, saveReportChapter } from "#app/features/risk/report.server.ts";
import { risks } from "#db/schema/index.ts";
import { dimensions } from "#db/vocabulary.ts";
import type { Actors } from "./actors.ts";
import { reportTexts } from "./generator.ts";
import { on, plus, type Script } from "./schedule.ts";
import statements from "./report-statements.json" with { type: "json" };
import { locale, type SectorScript } from "./sector-script.ts";

/** How many risks of each system go into the register; the rest stay out as of no weight. */
const keptPerSystem = 14;

/** Risk report: register built from what was sealed, the weightiest risks confirmed and owned, text, review, approval. */
export async function* reportScript(cast: Actors, p: SectorScript): Script {
  const { report, plan, pace, reportReturned } = p.course;
  const { projectId } = p;
  yield on(report);
  await cast.act(p.regulator, (tx, a) => buildRegister(tx, a, projectId));
  yield on(plus(report, 10 * pace));
  await decideRisks(cast, p);
  yield on(plus(report, 18 * pace));
  await cast.act(p.regulator, (tx, a) => ensureDocument(tx, a, { projectId, kind: "riskReport" }));
  const { rev } = await cast.act(p.regulator, (tx, a) => draftReportTexts(tx, a, projectId));
  const texts = reportTexts({
    sectorZh: p.plausible.name.zh,
    sites: p.sites.length,
    systems: p.sites.flatMap((s) => s.systems).length,
    risks: 0,
    high: 0,
    body: p.plausible.regulator.zh,
  });
  await cast.act(p.regulator, (tx, a) =>
    saveReportChapter(tx, a, {
      projectId,
      language: "zh",
      rev,
      texts: pickKeys(texts, ["1.1", "1.2", "2.1", "2.2", "2.4"]),
    }),
  );
  await stateBlanks(cast, p);
  yield on(plus(report, 26 * pace));
  await cast.act(p.regulator, (tx, a) =>
    transitionOfProject(tx, a, { projectId, kind: "riskReport", type: "SUBMIT", locale }),
  );
  if (reportReturned) {
    yield on(plus(report, 35 * pace));
    await cast.act(p.lead, (tx, a) =>
      transitionOfProject(tx, a, {
        projectId,
        kind: "riskReport",
        type: "RETURN",
        payload: { parts: [{ part: "remediation", reason: "整改意见未写明完成时限和责任单位，请逐条补充。" }] },
        locale,
      }),
    );
    yield on(plus(report, 50 * pace));
    await cast.act(p.regulator, (tx, a) =>
      transitionOfProject(tx, a, { projectId, kind: "riskReport", type: "SUBMIT", locale }),
    );
  }
  yield on(plus(plan, -10 * pace));
  await cast.act(p.lead, (tx, a) =>
    transitionOfProject(tx, a, { projectId, kind: "riskReport", type: "APPROVE", locale }),
  );
}
/**
 * What the demonstration states in a blank.
 * @throws for one that it has nothing to say on
 * @tests each blank of the first texts has its statement
 */
export function statementOn(what: string): string {
  const said = (statements as Readonly<Record<string, string>>)[what];
  if (said === undefined) throw new Error(`nothing is stated on «${what}»`);
  return said;
}
/** What only people know, stated where the first texts leave it open. */
async function stateBlanks(cast: Actors, p: SectorScript): Promise<void> {
  const { projectId } = p;
  for (const language of ["zh", "en"] as const)
    await cast.act(p.regulator, async (tx, a) => {
      const { body, rev } = (await openReport(tx, a, projectId)) ?? {};
      const sections = (language === "zh" ? body?.sections : body?.sectionsEn) ?? {};
      const texts = Object.fromEntries(
        Object.entries(sections).flatMap(([key, text]) => {
          const whole = stated(text, (what) => statementOn(what));
          return whole === text ? [] : [[key, whole]];
        }),
      );
      await saveReportChapter(tx, a, { projectId, language, rev: rev ?? 0, texts });
    });
}
const pickKeys = (all: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(keys.flatMap((k) => (all[k] === undefined ? [] : [[k, all[k]]])));

async function decideRisks(cast: Actors, p: SectorScript): Promise<void> {
  const all = await cast.act(p.regulator, (tx, a) =>
    tx
      .select({
        id: risks.id,
        systemId: risks.systemId,
        siteId: risks.siteId,
        level: risks.level,
        dimension: risks.dimension,
        assetId: risks.assetId,
      })
      .from(risks)
      .where(and(eq(risks.tenantId, a.tenantId), eq(risks.projectId, p.projectId)))
      .orderBy(desc(risks.level), risks.code),
  );
  const kept = p.sites
    .flatMap((s) => s.systems)
    .flatMap((system) =>
      spread(
        all.filter((r) => r.systemId === system.id),
        keptPerSystem,
      ),
    );
  const ids = new Set(kept.map((r) => r.id));
  const rest = all.filter((r) => !ids.has(r.id)).map((r) => r.id);
  for (const chunk of chunks([...ids], 500))
    await cast.act(p.regulator, (tx, a) => confirmRisks(tx, a, { riskIds: chunk }));
  for (const chunk of chunks(rest, 500))
    await cast.act(p.regulator, (tx, a) => dismissRisks(tx, a, { riskIds: chunk }));
  for (const site of p.sites) {
    const own = kept.filter((r) => r.siteId === site.id).map((r) => r.id);
    if (own.length > 0)
      await cast.act(p.regulator, (tx, a) => assignOwner(tx, a, { riskIds: own, owner: site.plausible.officer.zh }));
  }
}
/** The highest first, in turn over the four dimensions, so that each of them is there. */
function spread<R extends { dimension: string }>(list: readonly R[], n: number): R[] {
  const queues = dimensions.map((d) => list.filter((r) => r.dimension === d));
  const taken: R[] = [];
  for (let round = 0; taken.length < Math.min(n, list.length); round++)
    for (const queue of queues) if (queue[round] && taken.length < n) taken.push(queue[round] as R);
  return taken;
}
const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
