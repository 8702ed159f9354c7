import { and, eq, ne } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { documentContext, loadInstance } from "#app/features/workflow/instance.server.ts";
import { transitionProject } from "./move.server.ts";
import { inviteSystems } from "#app/features/survey/survey.server.ts";
import { organisationCheck, unifiedCheck } from "#app/domain/organisation-code.ts";
import type { Actor } from "#app/request/actor.ts";
import { documents, pilots, projects, sites, systems } from "#db/schema/index.ts";
import { send } from "#tests/builders/send.ts";
import { fillIn, responseOf } from "#tests/builders/survey.ts";
import { addDays } from "#app/platform/days.ts";
import { dated, moveProjectAs, nth, runningBatch, toBatchOne } from "#tests/builders/pilots.ts";
import { type TestSector, testWorld, type World } from "#tests/builders/world.ts";
import { correctionsOf, versionOf } from "./corrections.server.ts";
import { correctable, correctProject, projectCorrection } from "./project-correction.server.ts";
import { correctProjectSchema, correctSiteSchema, siteCorrectionBody, systemCorrectionBody } from "./project.schema.ts";
import { loadProject } from "./project.server.ts";
import {
  correctableSite,
  correctableSystem,
  correctSite,
  correctSystem,
  extendSite,
} from "./site-correction.server.ts";
import { loadSite, siteView } from "./site.view.server.ts";

const reason = "登记时录错";
const siteOf = (w: World, s: TestSector) => w.as(s.regulator, (tx) => loadSite(tx, nth(s.sites, 0).id));

describe("a site that was registered wrongly", () => {
  const world = testWorld();
  /** The site as it stands with a change, as its form would send it. */
  const fix = async (w: World, by: Actor, over: object) => {
    const s = w.sectors[0];
    const row = await siteOf(w, s);
    const { divisionCode, ...now } = correctableSite(row);
    const input = correctSiteSchema.parse({
      ...now,
      division: divisionCode,
      siteId: row.id,
      expectedVersion: versionOf(correctableSite(row)),
      reason,
      ...over,
    });
    return w.as(by, (tx) => correctSite(tx, by, input));
  };

  it("is put right by its sector, code and all, with the reason on its page", async () => {
    const w = world();
    const { regulator, sites: own } = w.sectors[0];
    const first17 = `9111000070000000${organisationCheck("70000000") ?? ""}`;
    const code = `${first17}${unifiedCheck(first17) ?? ""}`;
    const [, other] = await w.as(regulator, (tx) =>
      tx.select().from(sites).where(eq(sites.tenantId, regulator.tenantId)).orderBy(sites.id),
    );
    await expect(fix(w, regulator, { code: other?.code })).rejects.toMatchObject({
      fieldErrors: { code: ["project_site_known"] },
    });
    await fix(w, regulator, { code, name: "改名单位 𠮷", division: "420106" });
    const view = await w.as(regulator, (tx) => siteView(tx, regulator, nth(own, 0).id, "zh-CN"));
    expect(view.site).toMatchObject({
      code,
      name: "改名单位 𠮷",
      divisionCode: "420106",
      region: "湖北省武汉市武昌区",
      mark: "valid",
    });
    expect(view.corrected).toMatchObject([
      {
        reason,
        byName: regulator.name,
        fields: [{ field: "code" }, { field: "name" }, { field: "divisionCode" }, { field: "region" }],
      },
    ]);
    // Nothing different is no correction, and one read before another's is not written over it.
    await expect(fix(w, regulator, {})).rejects.toMatchObject({ code: "nothing_corrected" });
    await expect(fix(w, regulator, { contact: "x", expectedVersion: "0".repeat(16) })).rejects.toMatchObject({
      code: "stale_revision",
    });
  });

  it("keeps its code and name from its own people, who put right where it is and whom to call", async () => {
    const w = world();
    const { lead } = nth(w.sectors[0].sites, 0);
    await expect(fix(w, lead, { name: "自己改名" })).rejects.toMatchObject({
      fieldErrors: { name: ["project_error_sector"] },
    });
    await fix(w, lead, { contact: "张某 010-1", division: "昌平" });
    expect(await siteOf(w, w.sectors[0])).toMatchObject({ contact: "张某 010-1", divisionCode: null, region: "昌平" });
    // The database holds the same, whatever is asked of it.
    await expect(
      w.as(lead, (tx) =>
        tx
          .update(sites)
          .set({ code: "x" })
          .where(eq(sites.id, nth(w.sectors[0].sites, 0).id)),
      ),
    ).rejects.toThrow();
    await expect(w.as(lead, (tx) => tx.update(systems).set({ grade: 1 }))).rejects.toThrow();
  });

  it.each([
    ["420106", "", { divisionCode: "420106", region: "湖北省武汉市武昌区" }],
    // Directly under a province, without a prefecture that does not exist.
    ["429004", "", { divisionCode: "429004", region: "湖北省仙桃市" }],
    ["湖北省武汉市武昌区", "", { divisionCode: "420106" }],
    // One name, two places: the name is kept and no code guessed.
    ["朝阳区", "", { divisionCode: null, region: "朝阳区" }],
    ["999999", "某开发区", { divisionCode: "999999", region: "某开发区" }],
    ["４２０ １０６", "", { divisionCode: "420106", region: "湖北省武汉市武昌区" }],
  ])("takes the division %j with the name %j", async (division, region, kept) => {
    const w = world();
    await fix(w, w.sectors[0].regulator, { division, region, contact: `${division}${region}` });
    expect(await siteOf(w, w.sectors[0])).toMatchObject(kept);
  });

  it("is given longer by the lead, for what it has not handed in", async () => {
    const w = world();
    const s = w.sectors[0];
    const siteId = nth(s.sites, 0).id;
    const extend = (dueOn: string) =>
      w.as(s.lead, (tx) => extendSite(tx, s.lead, { siteId, dueOn, reason: "汛期停工" }));
    await expect(extend("2015-01-31")).rejects.toMatchObject({ code: "nothing_outstanding" });
    await w.as(s.regulator, (tx) => inviteSystems(tx, s.regulator, { projectId: s.projectId }));
    await expect(extend("2013-01-01")).rejects.toMatchObject({ fieldErrors: { dueOn: ["error_field_day_past"] } });
    await expect(extend("2115-01-31")).rejects.toMatchObject({
      fieldErrors: { dueOn: ["error_day_beyond_programme|from=2013-01-01|to=2016-12-31"] },
    });
    // A slip is put right: any day after the sector's own.
    expect(await extend("2015-11-30")).toBe(1);
    expect(await extend("2015-01-31")).toBe(1);
    await expect(extend("2013-09-30")).rejects.toMatchObject({ fieldErrors: { dueOn: ["project_error_no_later"] } });
    const due = await w.as(s.regulator, (tx) =>
      tx
        .select({ dueOn: documents.dueOn })
        .from(documents)
        .where(and(eq(documents.siteId, siteId), eq(documents.kind, "surveyResponse"))),
    );
    expect(due).toEqual([{ dueOn: "2015-01-31" }]);
    // A day of the phase that is moved leaves the site the longer day it was given.
    const project = await w.as(s.lead, (tx) => loadProject(tx, s.projectId));
    await w.as(s.lead, (tx) =>
      correctProject(tx, s.lead, {
        ...correctProjectSchema.parse({
          nameZh: project.nameZh,
          nameEn: project.nameEn,
          dueOn: { ...project.dueOn, survey: "2013-10-15" },
          responseThreshold: "80",
          securityShare: "10",
          expectedVersion: versionOf(correctable(project)),
          reason,
        }),
        projectId: s.projectId,
      }),
    );
    const all = await w.as(s.regulator, (tx) =>
      tx
        .select({ siteId: documents.siteId, dueOn: documents.dueOn })
        .from(documents)
        .where(ne(documents.siteId, siteId)),
    );
    expect(new Set(all.map((d) => d.dueOn))).toEqual(new Set(["2013-10-15"]));
    expect(await w.as(s.lead, (tx) => correctionsOf(tx, s.lead, { projectId: s.projectId }))).toMatchObject([
      { reason, fields: [{ field: "dueOn.survey", after: "2013-10-15" }] },
    ]);
  });
});

describe("a system that was registered wrongly", () => {
  const world = testWorld();
  let s: TestSector;
  let documentId = "";
  const fix = async (w: World, by: Actor, over: object) => {
    const [row] = await w.as(by, (tx) =>
      tx
        .select()
        .from(systems)
        .where(eq(systems.id, nth(s.sites, 0).systemId)),
    );
    if (!row) throw new Error("no system");
    const now = correctableSystem(row);
    const input = { ...now, systemId: row.id, expectedVersion: versionOf(now), reason, ...over };
    return w.as(by, (tx) => correctSystem(tx, by, input));
  };
  beforeAll(async () => {
    const w = world();
    s = w.sectors[0];
    const site = nth(s.sites, 0);
    await w.as(s.regulator, (tx) => inviteSystems(tx, s.regulator, { projectId: s.projectId }));
    await w.as(s.regulator, (tx) =>
      transitionProject(tx, s.regulator, { projectId: s.projectId, type: "OPEN_SURVEY", locale: "en" }),
    );
    documentId = await responseOf(w, site.officer, s.projectId, site.id);
    await fillIn(w, site, documentId);
    await send(w, site.lead, documentId, "SUBMIT");
    await send(w, s.lead, documentId, "APPROVE");
  });
  const marked = (w: World) =>
    w.as(s.regulator, async (tx) => documentContext(await loadInstance(tx, documentId)).reapprovalNeeded);

  it("marks the approval that rests on its grade, for the sector that corrected it, and not one for a new name", async () => {
    const w = world();
    await fix(w, s.regulator, { name: "新名称" });
    expect(await marked(w)).toBe(false);
    await fix(w, s.regulator, { grade: 4 });
    expect(await marked(w)).toBe(true);
    await fix(w, s.regulator, { grade: 3 });
    expect(await marked(w)).toBe(false);
    await expect(fix(w, nth(s.sites, 0).lead, { grade: 1 })).rejects.toMatchObject({
      fieldErrors: { grade: ["project_error_sector"] },
    });
    await expect(fix(w, nth(s.sites, 0).lead, { name: "本单位的叫法" })).rejects.toMatchObject({
      fieldErrors: { name: ["project_error_sector"] },
    });
  });

  it("gives the new name and grade to its pilots that are not over", async () => {
    const w = world();
    const april = dated(w, "2014-04-02T02:00:00Z", w.sectors[1]);
    const ids = await runningBatch(w, april);
    s = w.sectors[1];
    await fix(w, s.regulator, { name: "再改名称", grade: 5 });
    const rows = await w.as(s.regulator, (tx) =>
      tx
        .select()
        .from(pilots)
        .where(eq(pilots.id, nth(ids, 0))),
    );
    expect(rows).toMatchObject([{ name: "再改名称", grade: 5 }]);
  });
});

describe("a project that was set up wrongly", () => {
  const world = testWorld();
  const fix = async (w: World, over: object, by?: Actor) => {
    const s = w.sectors[0];
    const lead = by ?? s.lead;
    const project = await w.as(s.lead, (tx) => loadProject(tx, s.projectId));
    const input = correctProjectSchema.parse({
      nameZh: project.nameZh,
      nameEn: project.nameEn,
      dueOn: project.dueOn,
      responseThreshold: String(project.responseThresholdBp / 100),
      securityShare: String(project.securityShareBp / 100),
      expectedVersion: versionOf(correctable(project)),
      reason,
      ...over,
    });
    return w.as(lead, (tx) => correctProject(tx, lead, { ...input, projectId: s.projectId }));
  };

  it("is put right where its gates are still ahead, in the order of its phases, by its own lead", async () => {
    const w = world();
    const s = w.sectors[0];
    const { dueOn } = await w.as(s.lead, (tx) => loadProject(tx, s.projectId));
    await fix(w, { responseThreshold: "0", securityShare: "12.5", nameZh: "改名项目" });
    expect(await w.as(s.lead, (tx) => loadProject(tx, s.projectId))).toMatchObject({
      responseThresholdBp: 0,
      securityShareBp: 1250,
      nameZh: "改名项目",
    });
    await expect(fix(w, { dueOn: { ...dueOn, survey: dueOn.specification } })).rejects.toMatchObject({
      fieldErrors: { "dueOn.riskReport": ["project_error_due_order"] },
    });
    await expect(fix(w, { nameZh: "别人的" }, w.sectors[1].lead)).rejects.toMatchObject({ status: 404 });
    await w.as(s.lead, (tx) =>
      tx.update(projects).set({ state: "batchOne.running" }).where(eq(projects.id, s.projectId)),
    );
    await expect(
      fix(w, { responseThreshold: "1", securityShare: "1", dueOn: { ...dueOn, survey: "2013-09-29" } }),
    ).rejects.toMatchObject({
      fieldErrors: {
        responseThreshold: ["project_error_survey_over"],
        securityShare: ["project_error_plan_over"],
        "dueOn.survey": ["project_error_phase_over"],
      },
    });
    // A phase that ended early does not hold back the days of those to come; a slip in a year does not pass.
    await fix(w, { dueOn: { ...dueOn, batchOne: addDays(dueOn.pilotPlan, -1) } });
    await expect(fix(w, { dueOn: { ...dueOn, specification: "2115-12-31" } })).rejects.toMatchObject({
      fieldErrors: { "dueOn.specification": ["error_day_beyond_programme|from=2013-01-01|to=2016-12-31"] },
    });
  });

  it("that is suspended has behind it what lay behind it then", async () => {
    const w = world();
    const s = w.sectors[1];
    await toBatchOne(w, s);
    await moveProjectAs(w, s.lead, s.projectId, "SUSPEND", { reason: "专项检查" });
    const project = await w.as(s.lead, (tx) => loadProject(tx, s.projectId));
    const { version, fixed } = (await w.as(s.lead, (tx) => projectCorrection(tx, s.lead, s.projectId, "en"))) ?? {};
    expect(fixed).toEqual(["responseThreshold", "securityShare", "survey", "riskReport", "pilotPlan"]);
    const input = correctProjectSchema.parse({
      nameZh: project.nameZh,
      nameEn: project.nameEn,
      dueOn: project.dueOn,
      responseThreshold: "0",
      securityShare: "0",
      expectedVersion: version,
      reason,
    });
    await expect(
      w.as(s.lead, (tx) => correctProject(tx, s.lead, { ...input, projectId: s.projectId })),
    ).rejects.toMatchObject({
      fieldErrors: { responseThreshold: ["project_error_survey_over"], securityShare: ["project_error_plan_over"] },
    });
  });
});

it("a program that corrects names every field: what it forgets is not emptied", () => {
  const common = { expectedVersion: "0123456789abcdef", reason: "x" };
  const site = siteCorrectionBody.safeParse({ ...common, code: "91350100M000100Y43", name: "x" });
  expect(site.error?.issues.map((i) => i.path.join()).sort()).toEqual(["contact", "division", "region", "size"]);
  const system = systemCorrectionBody.safeParse({ ...common, name: "x", grade: 3 });
  expect(system.error?.issues.map((i) => i.path.join()).sort()).toEqual(["description", "devices"]);
});
