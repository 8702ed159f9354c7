import { transition } from "#app/features/document/transition.server.ts";
import { recordVerification } from "#app/features/pilots/assessors.server.ts";
import { stateNomination } from "#app/features/pilots/nomination.server.ts";
import { versionOf } from "#app/features/project/corrections.server.ts";
import {
  correctableSite,
  correctableSystem,
  correctSite,
  correctSystem,
  extendSite,
} from "#app/features/project/site-correction.server.ts";
import { sites, systems } from "#db/schema/index.ts";
import { AppError } from "#app/platform/errors.ts";
import { and, eq } from "drizzle-orm";
import type { Actors } from "./actors.ts";
import { move, type PilotRow, pilotsIn, siteOf } from "./pilots-of-batch.ts";
import { on, plus, type Script } from "./schedule.ts";
import { locale, type SectorScript } from "./sector-script.ts";

/*
 * What goes wrong in the play, on the days on which such things happen: each through the same acts as everything else, and each
 * mended the way the product offers. In batch two, so that the mid-flight picture stays that of batch one.
 */

/** The sector in which a thing goes wrong. */
const troubled = {
  returned: "PSF",
  acceptance: "TEN",
  withdrawn: "URB",
  suspended: "WSF",
  expired: "IND",
  corrected: "URB",
  longer: "WSF",
} as const;
export const goesWrong = (what: keyof typeof troubled, p: SectorScript, batchNo: 1 | 2 = 2): boolean =>
  batchNo === 2 && p.plausible.code === troubled[what];

/** A nomination that says too little goes back to the site, which states it anew. */
export async function returnNomination(cast: Actors, p: SectorScript, pilot: PilotRow): Promise<void> {
  await move(cast, p.regulator, pilot, "RETURN_NOMINATION", { reason: "联合单位的名称与公章不一致，请核对后重报。" });
  await cast.act(siteOf(p, pilot).officer, (tx, a) =>
    stateNomination(tx, a, {
      pilotId: pilot.id,
      partners: [`${siteOf(p, pilot).plausible.zh}运行管理中心`],
      otherProgrammes: [],
      builtOn: "2011-05-20",
      committed: true,
    }),
  );
  await move(cast, p.regulator, pilot, "START_SCREENING");
}

/** Acceptance fails: what the institution found is mended, and acceptance is asked for once more. */
export async function failAcceptance(
  cast: Actors,
  p: SectorScript,
  pilot: PilotRow,
  assess: (result: "passed" | "failed", note: string) => Promise<void>,
): Promise<void> {
  await assess("failed", "三台网关仍使用出厂口令，断链告警未接入平台。");
  await move(cast, p.regulator, pilot, "FAIL_ACCEPTANCE", {
    reason: "网关出厂口令未更换，断链告警未接入，整改后重新申请验收。",
  });
  await move(cast, siteOf(p, pilot).lead, pilot, "REQUEST_ACCEPTANCE");
  await assess("passed", "口令已逐台更换，断链告警已接入，复测通过。");
}

/** One site stops in the middle: its system is given up. */
export async function withdrawOne(cast: Actors, p: SectorScript, batchNo: 1 | 2): Promise<void> {
  const last = (await pilotsIn(cast, p, batchNo, ["construction"])).at(-1);
  if (last) await move(cast, siteOf(p, last).lead, last, "WITHDRAW", { reason: "所在片区整体搬迁，系统停止建设。" });
}

/** A pilot is interrupted by an incident and goes on where it was. */
export async function suspendOne(cast: Actors, p: SectorScript, batchNo: 1 | 2): Promise<PilotRow | undefined> {
  const [, second] = await pilotsIn(cast, p, batchNo, ["construction"]);
  if (second) await move(cast, p.lead, second, "SUSPEND", { reason: "现场发生安全生产事故，停工排查。" });
  return second;
}
export const resumeOne = (cast: Actors, p: SectorScript, pilot: PilotRow) => move(cast, p.lead, pilot, "RESUME");

/** An institution comes after its grant has ended, and is turned away. */
export async function triedTooLate(cast: Actors, who: Parameters<Actors["act"]>[0], pilot: PilotRow): Promise<void> {
  const late = {
    pilotId: pilot.id,
    kind: "design" as const,
    result: "passed" as const,
    reportNumber: "过期",
    note: "",
  };
  try {
    await cast.act(who, (tx, a) => recordVerification(tx, a, late));
  } catch (error) {
    if (error instanceof AppError && ["no_grant", "not_found"].includes(error.code)) return;
    throw error;
  }
  throw new Error(`${pilot.code}: a verification was taken after the grant had ended`);
}

/** What was registered wrongly is put right after a response was approved with it: the approval is marked, and given anew. */
export async function* putRight(cast: Actors, p: SectorScript): Script {
  const [first] = p.sites;
  if (!first || !goesWrong("corrected", p)) return;
  yield on(plus(p.course.batchTwo, -20));
  const own = <T extends typeof sites | typeof systems>(table: T, id: string) =>
    and(eq(table.tenantId, p.tenantId), eq(table.id, id));
  const systemId = first.systems[0]?.id ?? "";
  const [site] = await cast.act(p.regulator, (tx) => tx.select().from(sites).where(own(sites, first.id)));
  const [system] = await cast.act(p.regulator, (tx) => tx.select().from(systems).where(own(systems, systemId)));
  if (!site || !system) throw new Error(`nothing registered in ${p.plausible.code}`);
  const now = correctableSite(site);
  await cast.act(p.regulator, (tx, a) =>
    correctSite(tx, a, {
      siteId: site.id,
      code: site.code,
      name: site.name,
      division: site.divisionCode ?? site.region,
      region: site.region,
      size: site.size,
      contact: `${site.contact}（值班）`,
      expectedVersion: versionOf(now),
      reason: "联系人电话改为值班电话。",
    }),
  );
  await cast.act(p.regulator, (tx, a) =>
    correctSystem(tx, a, {
      systemId: system.id,
      ...correctableSystem(system),
      description: `${system.description}（含远程维护通道）`,
      expectedVersion: versionOf(correctableSystem(system)),
      reason: "登记时漏报远程维护通道。",
    }),
  );
  const documentId = first.systems[0]?.documentId ?? "";
  yield on(plus(p.course.batchTwo, -18), "15:00");
  await cast.act(first.lead, (tx, a) => transition(tx, a, { documentId, type: "RESUBMIT", locale }));
  yield on(plus(p.course.batchTwo, -16), "10:00");
  await cast.act(p.regulator, (tx, a) => transition(tx, a, { documentId, type: "APPROVE", locale }));
}

/** A site that cannot answer in time is given longer. */
export const giveLonger = (cast: Actors, p: SectorScript, siteId: string, dueOn: string) =>
  cast.act(p.lead, (tx, a) => extendSite(tx, a, { siteId, dueOn, reason: "单位机房搬迁，调研人员月底前无法到场。" }));
