import { and, eq } from "drizzle-orm";
import { transition } from "#app/features/document/transition.server.ts";
import { loadPilot } from "#app/features/pilots/facts.server.ts";
import { emptyReport, type ReportBody } from "#app/features/pilots/pilots.schema.ts";
import { workingReport } from "#app/features/pilots/progress-content.server.ts";
import { saveProgressDraft, startProgressReport } from "#app/features/pilots/progress.server.ts";
import type { Tx } from "#db/client.server.ts";
import { drafts, indicators } from "#db/schema/index.ts";
import type { Actors } from "./actors.ts";
import { generateIndicators, generateProgress, generateReportDelay } from "./generator.ts";
import { code, type Days, move, type PilotRow, pilotsIn, siteOf } from "./pilots-of-batch.ts";
import { on, plus, type Script } from "./schedule.ts";
import { locale, type ScriptSite, type SectorScript } from "./sector-script.ts";

/** From the first month of operation to acceptance: reports, the check at half-time, the summary. */
export async function* operating(
  cast: Actors,
  p: SectorScript,
  batchNo: 1 | 2,
  day: Days,
  checked: (at: string) => Script,
): Script {
  const months = monthsFrom(day.operate, day.summary);
  const visits = (await pilotsIn(cast, p, batchNo, ["operation"])).flatMap((pilot) =>
    months.map((month, index) => ({ pilot, month, index, due: plus(nextMonth(month), 9) })),
  );
  const dated = visitDays(p, visits, day.summary);
  let midterm = false;
  const pending: Pending[] = [];
  for (const visit of dated.toSorted((a, b) => a.at.localeCompare(b.at) || a.pilot.code.localeCompare(b.pilot.code))) {
    yield* reviewDue(cast, p, pending, visit.at);
    if (!midterm && visit.index > 0 && visit.at >= day.midterm) {
      midterm = true;
      yield* midtermChecks(cast, p, batchNo, day);
      yield* checked(day.midterm);
    }
    yield on(visit.at, "16:10");
    const documentId = await handIn(
      cast,
      p,
      visit.pilot,
      visit.month,
      values(p, visit.pilot, visit.index, months.length + 1),
    );
    const slow = visit.pilot.code.endsWith("03");
    pending.push({
      documentId,
      pilot: visit.pilot,
      on: plus(visit.at, slow ? 9 : 4),
      returned: visit.index === 0 && visit.pilot.code.endsWith("02"),
    });
  }
  yield* reviewDue(cast, p, pending, "9999-12-31");
  if (!midterm) {
    yield* midtermChecks(cast, p, batchNo, day);
    yield* checked(day.midterm);
  }
  yield on(day.summary);
  for (const pilot of await pilotsIn(cast, p, batchNo, ["operation"])) {
    const documentId = await handIn(cast, p, pilot, "summary", values(p, pilot, months.length, months.length + 1));
    await cast.act(p.regulator, (tx, a) => transition(tx, a, { documentId, type: "APPROVE", locale }));
    await move(cast, siteOf(p, pilot).lead, pilot, "START_SUMMARY");
  }
  yield on(day.accepted);
  for (const pilot of await pilotsIn(cast, p, batchNo, ["summary"])) await move(cast, p.lead, pilot, "ACCEPT");
}

async function* midtermChecks(cast: Actors, p: SectorScript, batchNo: 1 | 2, day: Days): Script {
  yield on(day.midterm, "11:00");
  for (const [n, pilot] of (await pilotsIn(cast, p, batchNo, ["operation"])).entries()) {
    const result = n === 1 ? "warning" : "normal";
    await move(cast, p.regulator, pilot, "MIDTERM_CHECK", {
      result,
      reason: result === "warning" ? "两项指标低于计划进度，请在下一期报告中说明原因和措施。" : "按计划推进。",
    });
  }
}

/** Months of operation that are over before the summary, from that in which it began. */
function monthsFrom(from: string, to: string): string[] {
  const months: string[] = [];
  for (let m = from.slice(0, 7); nextMonth(m) < to; m = nextMonth(m).slice(0, 7)) months.push(m);
  return months;
}
interface Visit {
  pilot: PilotRow;
  month: string;
  index: number;
  due: string;
}
/** When each report is handed in: each month after it is over, one after the other, all in time for the summary; some are late. */
function visitDays(p: SectorScript, visits: readonly Visit[], summary: string): (Visit & { at: string })[] {
  const last = new Map<string, string>();
  return visits.map((v) => {
    const late = generateReportDelay(p.seed, code(p, v.pilot), v.month) ?? (v.index === 0 ? 4 : 24);
    const wanted = [plus(v.due, late), plus(summary, -10)].sort()[0] ?? v.due;
    const at = [wanted, nextMonth(v.month), last.get(v.pilot.id) ?? ""].sort().at(-1) ?? wanted;
    last.set(v.pilot.id, at);
    return { ...v, at };
  });
}
const nextMonth = (month: string): string => plus(`${month}-28`, 4).slice(0, 7).concat("-01");

function values(p: SectorScript, pilot: PilotRow, index: number, periods: number): Record<string, number> {
  const maturity = siteOf(p, pilot).plausible.maturity;
  return Object.fromEntries(
    generateIndicators(p.seed, p.plausible.code).map((i) => [
      i.name.zh,
      generateProgress(p.seed, code(p, pilot), maturity, i, periods)[index] ?? i.baselineMilli,
    ]),
  );
}

/** What the officer says of figures that are far from the ones before. */
async function reasonsFor(
  tx: Tx,
  pilotId: string,
  period: string,
  values: Record<string, number | null>,
): Promise<Record<string, string>> {
  const { leaps } = await workingReport(tx, await loadPilot(tx, pilotId), period, { ...emptyReport, values });
  return Object.fromEntries(leaps.map((id) => [id, "措施集中投入运行，数值与上次相差较大，已现场核对。"]));
}

/** One progress report, written by the officer and signed by the lead. Returns its document. */
async function handIn(
  cast: Actors,
  p: SectorScript,
  pilot: PilotRow,
  period: string,
  byName: Record<string, number>,
): Promise<string> {
  const site = siteOf(p, pilot);
  const document = await cast.act(site.officer, (tx, a) => startProgressReport(tx, a, { pilotId: pilot.id, period }));
  const body = await cast.act(site.officer, async (tx, a): Promise<ReportBody> => {
    const defined = await tx
      .select({ id: indicators.id, name: indicators.name })
      .from(indicators)
      .where(and(eq(indicators.tenantId, a.tenantId), eq(indicators.projectId, p.projectId)));
    const given = Object.fromEntries(defined.map((i) => [i.id, byName[i.name] ?? null] as const));
    const text =
      period === "summary"
        ? "试点任务已全部完成，措施均已投入运行；指标、问题与体会见附表。"
        : `${period} 运行平稳，按计划开展巡检与密钥轮换，未发生安全事件。`;
    return {
      values: given,
      text,
      problems: period.endsWith("8") ? "两处外场点位供电不稳，影响数据连续性。" : "",
      explanations: await reasonsFor(tx, pilot.id, period, given),
      next: "继续跟踪高风险项，完善备件与替代方案。",
      done: {},
    };
  });
  await writeAndSign(cast, site, document.id, body);
  return document.id;
}
async function writeAndSign(cast: Actors, site: ScriptSite, documentId: string, body: ReportBody): Promise<void> {
  const [kept] = await cast.act(site.officer, (tx) =>
    tx.select({ rev: drafts.rev }).from(drafts).where(eq(drafts.documentId, documentId)),
  );
  await cast.act(site.officer, (tx, a) => saveProgressDraft(tx, a, { documentId, body, rev: kept?.rev ?? 0 }));
  await cast.act(site.lead, (tx, a) => transition(tx, a, { documentId, type: "SUBMIT", locale }));
}

interface Pending {
  documentId: string;
  pilot: PilotRow;
  /** Day on which the regulator comes to it. */
  on: string;
  /** Comes back once before it is approved. */
  returned: boolean;
}
/** The regulator's desk: reports handed in some days before, in the order in which they are read. */
async function* reviewDue(cast: Actors, p: SectorScript, pending: Pending[], until: string): Script {
  for (;;) {
    const next = pending.toSorted((a, b) => a.on.localeCompare(b.on))[0];
    if (!next || next.on > until) return;
    pending.splice(pending.indexOf(next), 1);
    yield on(next.on, "11:20");
    const { documentId } = next;
    if (!next.returned) {
      await cast.act(p.regulator, (tx, a) => transition(tx, a, { documentId, type: "APPROVE", locale }));
      continue;
    }
    await cast.act(p.regulator, (tx, a) =>
      transition(tx, a, {
        documentId,
        type: "RETURN",
        payload: { parts: [{ part: "text", reason: "请补充密钥轮换的数量和失败处理情况。" }] },
        locale,
      }),
    );
    yield on(plus(next.on, 8), "09:40");
    const site = siteOf(p, next.pilot);
    const [draft] = await cast.act(site.officer, (tx) =>
      tx.select({ body: drafts.body }).from(drafts).where(eq(drafts.documentId, documentId)),
    );
    const body = draft?.body as ReportBody;
    await writeAndSign(cast, site, documentId, {
      ...body,
      text: `${body.text}本期轮换 312 台，失败 4 台，均已现场处理。`,
    });
    pending.push({ ...next, on: plus(next.on, 11), returned: false });
  }
}
