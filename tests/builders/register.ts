import { desc } from "drizzle-orm";
import { draftReportTexts, openReport, saveReportChapter } from "#app/features/risk/report.server.ts";
import { stated } from "#app/domain/blanks.ts";
import { createDocument, loadDocument } from "#app/features/document/document.server.ts";
import { approveDocument, submitDocument } from "#tests/builders/documents.ts";
import { buildRegister } from "#app/features/risk/build.server.ts";
import { measures, registerAssets, risks, submissions } from "#db/schema/index.ts";
import { controls, threats, vulnerabilities } from "#seeds/catalogue/index.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { fire } from "#app/features/workflow/workflow.server.ts";
import type { AnswerValue } from "#app/domain/vocabulary.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import type { TestSector, TestSite, World } from "./world.ts";

/*
 * A survey that is over, as sealed responses, for tests of what comes after it.
 */

export interface TestAsset {
  id: string;
  name: string;
  object: "solution" | "equipment" | "service";
  supplier: string;
  singleSource: boolean;
  replacementTested: boolean;
  c: number;
  i: number;
  a: number;
  note: string;
}
export const testAsset = (over: Partial<TestAsset> = {}): TestAsset => ({
  id: uuidv7(),
  name: "网关 𠮷",
  object: "equipment",
  supplier: "甲厂",
  singleSource: false,
  replacementTested: false,
  c: 3,
  i: 4,
  a: 2,
  note: "",
  ...over,
});

export const answersWith = (weak: Readonly<Record<string, AnswerValue>>) =>
  controls.map((c) => ({
    controlCode: c.id,
    value: weak[c.id] ?? ("compliant" as const),
    note: weak[c.id] ? "说明" : "",
    evidenceRef: "",
  }));

/** Submits (again) and, if wanted, approves the response of a site's system. Returns the document's id. */
export async function respond(
  w: World,
  sector: TestSector,
  site: TestSite,
  content: { answers: ReturnType<typeof answersWith>; assets: TestAsset[] },
  documentId?: string,
): Promise<string> {
  const document = documentId
    ? await w.as(site.lead, (tx) => loadDocument(tx, documentId))
    : await w.as(sector.regulator, (tx) =>
        createDocument(tx, sector.regulator, {
          kind: "surveyResponse",
          projectId: sector.projectId,
          title: "调研",
          siteId: site.id,
          systemId: site.systemId,
        }),
      );
  const sealing = { content, summary: {} };
  await w.as(site.lead, (tx) =>
    submitDocument(tx, site.lead, {
      document,
      locale: "en",
      sealing,
      completeness: { completeness: 100, missingParts: [] },
    }),
  );
  return document.id;
}
export const approveResponse = (w: World, sector: TestSector, documentId: string) =>
  w.as(sector.lead, async (tx) =>
    approveDocument(tx, sector.lead, { document: await loadDocument(tx, documentId), locale: "en" }),
  );

/** Opens and closes the survey of a sector's project. */
export async function closeSurvey(w: World, sector: TestSector): Promise<void> {
  const facts = { questionCount: 72, invitedSites: 2, respondedSites: 2, responseThreshold: 80 };
  for (const type of ["OPEN_SURVEY", "START_CLOSING", "CLOSE_SURVEY"])
    await w.as(sector.lead, (tx) => fire(tx, sector.lead, { objectId: sector.projectId, type, facts }, "en"));
}

/** A register built from what the first site of a sector answered. */
export async function builtRegister(
  w: World,
  sector: TestSector,
  weak: Parameters<typeof answersWith>[0],
  assets: TestAsset[],
): Promise<void> {
  const { regulator, projectId } = sector;
  const [site] = sector.sites;
  if (!site) throw new Error("no site");
  await closeSurvey(w, sector);
  await respond(w, sector, site, { answers: answersWith(weak), assets });
  await w.as(regulator, (tx) => buildRegister(tx, regulator, projectId));
}

/** First texts in every section of the report, with something stated wherever only a person knows. */
export async function writtenReport(tx: Tx, actor: Actor, projectId: string): Promise<number> {
  let { rev } = await draftReportTexts(tx, actor, projectId);
  for (const language of ["zh", "en"] as const) {
    const body = (await openReport(tx, actor, projectId))?.body;
    const sections = (language === "zh" ? body?.sections : body?.sectionsEn) ?? {};
    const texts = Object.fromEntries(
      Object.entries(sections).map(([key, text]) => [key, stated(text, (what) => `${what}: 无`)]),
    );
    rev = await saveReportChapter(tx, actor, { projectId, language, rev, texts });
  }
  return rev;
}

/**
 * Measures of a plan, as many as days are given: null for one that is not in place yet. They stand against one risk that the
 * register took over from the sector's newest submission, whatever it was.
 */
export async function plantMeasures(
  w: World,
  s: TestSector,
  doneOn: readonly (string | null)[],
): Promise<(typeof measures.$inferSelect)[]> {
  const { tenantId } = s.regulator;
  const { projectId } = s;
  const [site] = s.sites;
  if (!site) throw new Error("no site");
  const threat = threats[0]?.id ?? "";
  const vulnerability = vulnerabilities[0]?.id ?? "";
  const figures = { likelihood: "9", likelihoodLevel: 3, loss: "9", lossLevel: 3, value: "9", level: 3 };
  const tags = { dimension: "identity", object: "equipment", lifecycle: "design", mechanism: "defend" } as const;
  return w.as(s.regulator, async (tx) => {
    const [sealed] = await tx.select({ id: submissions.id }).from(submissions).orderBy(desc(submissions.seq)).limit(1);
    if (!sealed) throw new Error("nothing was submitted");
    const of = { tenantId, projectId, siteId: site.id, systemId: site.systemId };
    const assetId = uuidv7();
    const asset = { name: "网关", object: "equipment" as const, c: 3, i: 3, a: 3, value: 3, submissionId: sealed.id };
    await tx.insert(registerAssets).values({ ...of, ...asset, id: assetId });
    const risk = {
      threat: 3,
      vulnerability: 3,
      assetValue: 3,
      method: "matrix" as const,
      status: "confirmed" as const,
    };
    const [row] = await tx
      .insert(risks)
      .values({
        ...of,
        ...tags,
        ...figures,
        ...risk,
        id: uuidv7(),
        code: "R-9001",
        assetId,
        catalogueVersion: 1,
        threatCode: threat,
        vulnerabilityCode: vulnerability,
      })
      .returning();
    if (!row) throw new Error("no risk");
    return tx
      .insert(measures)
      .values(
        doneOn.map((day, n) => ({
          tenantId,
          projectId,
          siteId: of.siteId,
          id: uuidv7(),
          riskId: row.id,
          code: `M-900${n + 1}`,
          title: `措施 ${n + 1}`,
          doneOn: day,
        })),
      )
      .returning();
  });
}
