import { eq } from "drizzle-orm";
import postgres from "postgres";
import { expect, it } from "vitest";
import { inviteSystems, saveAnswers } from "#app/features/survey/survey.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { buildRegister } from "#app/features/risk/build.server.ts";
import { riskChain } from "#app/features/risk/register.view.server.ts";
import { emptyReport, reportContent } from "#app/features/risk/report-content.server.ts";
import { draftTexts } from "#app/features/risk/report-texts.server.ts";
import { evidenceSources } from "#app/features/specification/evidence-sources.server.ts";
import { risks } from "#db/schema/index.ts";
import { controls } from "#seeds/catalogue/index.ts";
import { loadCatalogue } from "#seeds/catalogue/load.server.ts";
import { send } from "#tests/builders/send.ts";
import { cell, gateway, responseOf, siteOf } from "#tests/builders/survey.ts";
import { testWorld } from "#tests/builders/world.ts";
import { addAsset } from "./assets.server.ts";
import { responseView } from "./response.view.server.ts";
import { sheetPage } from "./sheet.view.server.ts";
import { surveyWorkbook } from "./workbook.server.ts";

const world = testWorld();
const locale = "zh-CN" as const;
/** A questionnaire of another release: three questions, one of them in words of its own. */
const version = 7;

it("a project keeps the questionnaire it was begun with when a release brings another", async () => {
  const w = world();
  const { regulator, lead, projectId } = w.sectors[0];
  const owner = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
  await owner`insert into controls (version, code, position, dimension, object, lifecycle, mechanism, weight, text)
    select ${version}, code, position, dimension, object, lifecycle, mechanism, weight,
      jsonb_set(text, '{titleZh}', to_jsonb('旧版：' || (text ->> 'titleZh'))) from controls where version = 1 and position < 3`;
  await owner`insert into threats select ${version}, code, default_frequency, text from threats where version = 1`;
  await owner`insert into vulnerabilities select ${version}, code, default_severity, text from vulnerabilities where version = 1`;
  await owner`update projects set questionnaire_version = ${version} where id = ${projectId}`;
  await owner.end();
  const site = siteOf(w);
  const open = async () => {
    await w.as(regulator, (tx) => transitionProject(tx, regulator, { projectId, type: "OPEN_SURVEY", locale }));
    await w.as(regulator, (tx) => inviteSystems(tx, regulator, { projectId }));
    return responseOf(w, site.officer, projectId, site.id);
  };
  // The process that knows it not says so by name, and takes it over when it starts.
  await expect(open()).rejects.toMatchObject({ code: "questionnaire_unknown" });
  await loadCatalogue({ ownerUrl: w.database.urls.owner });
  const documentId = await responseOf(w, site.officer, projectId, site.id).catch(open);

  const sheet = await w.as(site.officer, (tx) => sheetPage(tx, site.officer, { documentId, locale }));
  const asked = sheet.sections.flatMap((s) => s.questions);
  expect(asked.map((q) => q.title)).toEqual(controls.slice(0, 3).map((c) => `旧版：${c.title_zh}`));
  const saved = await w.as(site.officer, (tx) =>
    saveAnswers(tx, site.officer, {
      documentId,
      cells: [cell(0, { value: "partial", note: "部分落实" }), ...[1, 2, 3].map((n) => cell(n))],
      locale,
    }),
  );
  // The fourth question is this release's and not this questionnaire's.
  expect([saved.saved.length, saved.refused.map((r) => r.controlCode)]).toEqual([3, [controls[3]?.id]]);
  await w.as(site.officer, (tx) =>
    addAsset(tx, site.officer, { documentId, locale, ...gateway, object: controls[0]?.object ?? "equipment" }),
  );
  await send(w, site.lead, documentId, "SUBMIT");
  await send(w, lead, documentId, "APPROVE");
  expect(await w.as(regulator, (tx) => responseView(tx, regulator, { documentId, locale }))).toMatchObject({
    completeness: { percent: 100 },
    standing: { state: "approved" },
  });
  expect((await w.as(lead, (tx) => surveyWorkbook(tx, lead, projectId, locale))).byteLength).toBeGreaterThan(1000);

  // What follows from an answer tells it in the words under which it was asked.
  await w.as(regulator, (tx) => transitionProject(tx, regulator, { projectId, type: "START_CLOSING", locale }));
  const closing = { type: "CLOSE_SURVEY", payload: { reason: "本测试只有一个单位答复" }, locale };
  await w.as(lead, (tx) => transitionProject(tx, lead, { projectId, ...closing }));
  await w.as(regulator, (tx) => buildRegister(tx, regulator, projectId));
  const [risk] = await w.as(regulator, (tx) => tx.select().from(risks).where(eq(risks.projectId, projectId)));
  const asAsked = `旧版：${controls[0]?.title_zh}`;
  const chain = await w.as(regulator, (tx) => riskChain(tx, risk?.id ?? "", locale));
  expect(chain?.answers).toMatchObject([{ code: controls[0]?.id, title: asAsked }]);
  await w.as(regulator, (tx) =>
    tx.update(risks).set({ status: "confirmed", owner: "责任人" }).where(eq(risks.projectId, projectId)),
  );
  const project = await w.as(regulator, (tx) => loadProject(tx, projectId));
  const content = await w.as(regulator, (tx) => reportContent(tx, regulator, project, emptyReport));
  expect(Object.values(draftTexts(content, locale)).join()).toContain(asAsked);
  const sources = await w.as(regulator, (tx) => evidenceSources(tx, regulator, projectId));
  expect(sources.find((s) => s.kind === "risk")?.statement).toContain(asAsked);
});
