import { loadProject } from "#app/features/project/project.server.ts";
import { addAsset } from "#app/features/survey/assets.server.ts";
import { responseLines } from "#app/features/survey/progress.server.ts";
import { saveAnswers, type saveAnswer } from "#app/features/survey/survey.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { controls } from "#seeds/catalogue/index.ts";
import type { TestSite, World } from "./world.ts";

/* A survey that is being answered: sheets, assets and the responses of the world's sites. */

const locale = "zh-CN" as const;
/** The n-th question. */
export const code = (n: number): string => controls[n]?.id ?? "";
/** An answer to it, as the sheet sends it. */
export const cell = (n: number, more: Partial<Parameters<typeof saveAnswer>[2]> = {}) => ({
  controlCode: code(n),
  value: "compliant" as const,
  note: "",
  evidenceRef: "",
  rev: 0,
  ...more,
});
/** An answer to every question, each sixth a partial one. */
export const fullSheet = controls.map((c, n) => ({
  controlCode: c.id,
  value: n % 6 === 0 ? ("partial" as const) : ("compliant" as const),
  note: n % 6 === 0 ? "部分落实" : "",
  evidenceRef: "制度汇编",
  rev: 0,
}));
export const gateway = {
  name: "采集网关",
  object: "equipment" as const,
  supplier: "甲公司",
  singleSource: true,
  replacementTested: false,
  c: 3,
  i: 4,
  a: 5,
  note: "",
};

/** A site of the first sector, or of the second. */
export function siteOf(w: World, sector: 0 | 1 = 0, n = 0): TestSite {
  const found = w.sectors[sector].sites[n];
  if (!found) throw new Error("no site");
  return found;
}
/** The response that a site owes. */
export async function responseOf(w: World, actor: Actor, projectId: string, siteId: string): Promise<string> {
  const project = await w.as(actor, (tx) => loadProject(tx, projectId));
  const lines = await w.as(actor, (tx) => responseLines(tx, actor, project, locale));
  const line = lines.find((l) => l.siteId === siteId);
  if (!line) throw new Error("no response");
  return line.documentId;
}
/** Answers every question and names one asset. */
export async function fillIn(w: World, s: TestSite, documentId: string): Promise<void> {
  await w.as(s.officer, (tx) => saveAnswers(tx, s.officer, { documentId, cells: fullSheet, locale }));
  await w.as(s.officer, (tx) => addAsset(tx, s.officer, { documentId, locale, ...gateway }));
}
