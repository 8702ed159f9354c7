import { and, eq } from "drizzle-orm";
import { transition } from "#app/features/document/transition.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { addAssets } from "#app/features/survey/assets.server.ts";
import { saveAnswers } from "#app/features/survey/survey.server.ts";
import { documents } from "#db/schema/index.ts";
import { createRng } from "../rng.ts";
import { giveLonger, goesWrong } from "./bad-days.ts";
import type { Actors } from "./actors.ts";
import { generateAnswers } from "./generator.ts";
import { on, plus, type Script } from "./schedule.ts";
import { locale, type ScriptSite, type ScriptSystem, type SectorScript } from "./sector-script.ts";

/** Survey: opened, answered by every site at its own pace, some answers returned, closed. */
export async function* surveyScript(cast: Actors, p: SectorScript): Script {
  const { survey, report, pace } = p.course;
  yield on(survey);
  await cast.act(p.regulator, (tx, a) =>
    transitionProject(tx, a, { projectId: p.projectId, type: "OPEN_SURVEY", locale }),
  );
  const opened = await cast.act(p.regulator, (tx, a) =>
    tx
      .select({ id: documents.id, systemId: documents.systemId })
      .from(documents)
      .where(and(eq(documents.tenantId, a.tenantId), eq(documents.kind, "surveyResponse"))),
  );
  for (const site of p.sites)
    for (const system of site.systems) system.documentId = opened.find((d) => d.systemId === system.id)?.id ?? "";
  const rng = createRng(`${p.seed}/${p.plausible.code}/survey`);
  const span = Math.round(80 * pace);
  const visits = p.sites.map((site, n) => ({
    site,
    n,
    begins: plus(survey, rng.int(4, 24)),
    ends: plus(survey, Math.round(span * (0.35 + 0.6 * rng.next()))),
  }));
  for (const { site, begins } of visits.toSorted((a, b) => a.begins.localeCompare(b.begins))) {
    yield on(begins, "10:00");
    for (const system of site.systems) await beginAnswers(cast, p, site, system);
  }
  for (const { site, n, ends } of visits.toSorted((a, b) => a.ends.localeCompare(b.ends))) {
    if (n === 0 && goesWrong("longer", p)) {
      yield on(plus(ends, -3), "11:00");
      await giveLonger(cast, p, site.id, plus(ends, 7));
    }
    yield on(ends, "15:00");
    for (const system of site.systems) await finishAnswers(cast, p, site, system);
    yield on(plus(ends, 5), "10:20");
    for (const system of site.systems) yield* reviewResponse(cast, p, site, system, n === 1, plus(ends, 5));
  }
  yield on(plus(report, -6));
  await cast.act(p.regulator, (tx, a) =>
    transitionProject(tx, a, { projectId: p.projectId, type: "START_CLOSING", locale }),
  );
  yield on(plus(report, -3));
  await cast.act(p.lead, (tx, a) =>
    transitionProject(tx, a, {
      projectId: p.projectId,
      type: "CLOSE_SURVEY",
      payload: { reason: "应报系统均已报送并通过审核。" },
      locale,
    }),
  );
}

const cellsOf = (p: SectorScript, site: ScriptSite, system: ScriptSystem) =>
  generateAnswers(p.seed, site.plausible, system.plausible).map((x) => ({
    controlCode: x.controlId,
    value: x.value,
    note: x.note,
    evidenceRef: x.evidence ?? "",
    rev: 0,
  }));

async function beginAnswers(cast: Actors, p: SectorScript, site: ScriptSite, system: ScriptSystem): Promise<void> {
  const half = cellsOf(p, site, system).slice(0, 40);
  const { documentId } = system;
  await cast.act(site.officer, (tx, a) => saveAnswers(tx, a, { documentId, cells: half, locale }));
  const list = system.plausible.assets.map((x) => ({
    name: x.zh,
    object: x.object,
    supplier: x.supplier,
    singleSource: x.singleSource,
    replacementTested: x.replacementTested,
    c: x.c,
    i: x.i,
    a: x.a,
    note: "",
  }));
  await cast.act(site.officer, (tx, a) => addAssets(tx, a, { documentId, list, locale }));
}

async function finishAnswers(cast: Actors, p: SectorScript, site: ScriptSite, system: ScriptSystem): Promise<void> {
  const { documentId } = system;
  await cast.act(site.officer, (tx, a) =>
    saveAnswers(tx, a, { documentId, cells: cellsOf(p, site, system).slice(40), locale }),
  );
  await cast.act(site.lead, (tx, a) => transition(tx, a, { documentId, type: "SUBMIT", locale }));
}

async function* reviewResponse(
  cast: Actors,
  p: SectorScript,
  site: ScriptSite,
  system: ScriptSystem,
  returned: boolean,
  day: string,
): Script {
  const { documentId } = system;
  await cast.act(p.regulator, (tx, a) => transition(tx, a, { documentId, type: "START_REVIEW", locale }));
  if (returned) {
    const part = cellsOf(p, site, system).find((c) => c.value === "partial")?.controlCode ?? "SUP-SOL-01";
    await cast.act(p.regulator, (tx, a) =>
      transition(tx, a, {
        documentId,
        type: "RETURN",
        payload: {
          parts: [{ part, reason: "说明与佐证不一致：请写明未覆盖的范围和完成时间，并补充现行版本的佐证材料。" }],
        },
        locale,
      }),
    );
    yield on(plus(day, 9), "16:00");
    await cast.act(site.officer, (tx, a) =>
      saveAnswers(tx, a, {
        documentId,
        cells: [
          {
            controlCode: part,
            value: "partial",
            note: "已覆盖中心机房和新建点位，早期点位尚余三成，计划本年底完成；佐证已更新。",
            evidenceRef: "整改说明及现场照片（现行版）",
            rev: 1,
          },
        ],
        locale,
      }),
    );
    await cast.act(site.lead, (tx, a) => transition(tx, a, { documentId, type: "SUBMIT", locale }));
    yield on(plus(day, 13), "10:40");
  }
  await cast.act(p.regulator, (tx, a) => transition(tx, a, { documentId, type: "APPROVE", locale }));
}
