import { describe, expect, it } from "vitest";
import { createTenant } from "#app/features/identity/identity.server.ts";
import { createProgramme } from "#app/features/programme/programme.server.ts";
import { lessonsToPassOn } from "#app/features/pilots/national-lessons.server.ts";
import { firstOperator } from "#app/features/identity/setup.server.ts";
import { testWorld } from "#tests/builders/world.ts";
import { createProject, registerSite, registerSystem } from "./project.server.ts";
import { newSiteSchema } from "./project.schema.ts";
import { projectStart, sitesPage } from "./setup.server.ts";

const nobody = "00000000-0000-7000-8000-000000000000";
const newSite = {
  code: "91110000MA0000001X",
  name: "新单位",
  division: "",
  region: "",
  size: "small" as const,
  contact: "",
};
const system = { name: "新系统", description: "", grade: 2, devices: 0 };
const dueOn = {
  survey: "2013-09-30",
  riskReport: "2013-12-31",
  pilotPlan: "2014-03-31",
  batchOne: "2014-09-30",
  batchTwo: "2015-06-30",
  specification: "2015-12-31",
};
const project = {
  code: "X",
  nameZh: "x",
  nameEn: "x",
  riskMethod: "matrix" as const,
  assetRule: "max" as const,
  responseThresholdBp: 8000,
  securityShareBp: 1000,
  dueOn,
};
const programme = {
  code: "P2",
  titleZh: "二",
  titleEn: "two",
  startsOn: "2016-01-01",
  endsOn: "2018-12-31",
  kThreshold: 5,
  clockOffsetMs: 0,
};

describe("setting up", () => {
  const world = testWorld();

  it("makes no second operator", async () => {
    const w = world();
    const ownerUrl = w.database.urls.owner;
    expect(await firstOperator({ ownerUrl, email: "second@test.example", password: "another long password" })).toBe(
      "there",
    );
    expect(await firstOperator({ ownerUrl, email: undefined, password: undefined })).toBe("there");
  });

  it("lets the national office alone create a programme, the operator alone a tenant", async () => {
    const w = world();
    const [one] = w.sectors;
    for (const other of [one.lead, one.sites[0]?.lead ?? one.lead, w.operator])
      await expect(w.as(other, (tx) => createProgramme(tx, other, programme))).rejects.toBeDefined();
    await expect(
      w.as(w.director, (tx) => createProgramme(tx, w.director, { ...programme, code: "P2013" })),
    ).rejects.toMatchObject({ fieldErrors: { code: ["error_field_taken"] } });
    await expect(
      w.as(w.director, (tx) => createProgramme(tx, w.director, { ...programme, endsOn: "2015-01-01" })),
    ).rejects.toMatchObject({ fieldErrors: { endsOn: ["national_error_period"] } });
    await expect(
      w.as(one.lead, (tx) => createTenant(tx, one.lead, { kind: "sector", code: "NEW", nameZh: "n", nameEn: "n" })),
    ).rejects.toBeDefined();
    await expect(
      w.as(w.operator, (tx) => createTenant(tx, w.operator, { kind: "sector", code: "AAA", nameZh: "n", nameEn: "n" })),
    ).rejects.toMatchObject({ fieldErrors: { code: ["error_field_taken"] } });
  });

  it("takes one project a sector and programme, its phases in order", async () => {
    const w = world();
    const { lead } = w.sectors[0];
    expect(await w.as(lead, (tx) => projectStart(tx, lead, "zh-CN"))).toBeNull();
    await expect(
      w.as(lead, (tx) => createProject(tx, lead, { ...project, programmeId: w.programmeId })),
    ).rejects.toMatchObject({ code: "project_exists" });
    await expect(
      w.as(lead, (tx) => createProject(tx, lead, { ...project, programmeId: nobody })),
    ).rejects.toBeDefined();
    await expect(
      w.as(lead, (tx) =>
        createProject(tx, lead, {
          ...project,
          programmeId: w.programmeId,
          dueOn: { ...dueOn, pilotPlan: "2013-10-01" },
        }),
      ),
    ).rejects.toMatchObject({ fieldErrors: { "dueOn.pilotPlan": ["project_error_due_order"] } });
  });

  it("registers sites and systems in one's own sector alone", async () => {
    const w = world();
    const [one, two] = w.sectors;
    const { regulator } = one;
    const id = await w.as(regulator, (tx) => registerSite(tx, regulator, newSite));
    await expect(w.as(regulator, (tx) => registerSite(tx, regulator, newSite))).rejects.toMatchObject({
      fieldErrors: { code: ["project_site_known"] },
    });
    // The same organisation under its code of before.
    await expect(
      w.as(regulator, (tx) => registerSite(tx, regulator, { ...newSite, code: newSite.code.slice(8, 17) })),
    ).rejects.toMatchObject({ fieldErrors: { code: ["project_site_known"] } });
    await w.as(regulator, (tx) => registerSystem(tx, regulator, { ...system, siteId: id }));
    for (const siteId of [two.sites[0]?.id ?? nobody, nobody])
      await expect(w.as(regulator, (tx) => registerSystem(tx, regulator, { ...system, siteId }))).rejects.toBeDefined();
    const officer = one.sites[0]?.officer ?? regulator;
    await expect(
      w.as(officer, (tx) => registerSite(tx, officer, { ...newSite, code: "91110000MA0000002X" })),
    ).rejects.toBeDefined();
    await expect(w.as(regulator, (tx) => sitesPage(tx, regulator, two.projectId, {}))).rejects.toMatchObject({
      status: 404,
    });
    await expect(
      w.as(regulator, (tx) => sitesPage(tx, regulator, one.projectId, { site: two.sites[0]?.id })),
    ).rejects.toMatchObject({ status: 404 });
    await expect(
      w.as(regulator, (tx) => sitesPage(tx, regulator, one.projectId, { cursor: "x" })),
    ).rejects.toMatchObject({ status: 400 });
  });

  it("reads a code as people write it, and names the character that would be right", () => {
    const read = (code: string) => newSiteSchema.safeParse({ ...newSite, code });
    expect(read(" ９1350100m000-100y43 ").data?.code).toBe("91350100M000100Y43");
    expect(read("D2143569-X").data?.code).toBe("D2143569X");
    for (const [code, message] of [
      ["91350100M000100Y44", "error_field_code_check|place=18|right=3"],
      ["91350100M000100Y53", "error_field_code_check|place=17|right=4"],
      ["D21435691", "error_field_code_check|place=9|right=X"],
      ["江州水厂", "error_field_organisation_code"],
      ["", "error_field_required"],
    ] as const)
      expect(read(code).error?.issues[0]?.message).toBe(message);
  });

  it("pages through the sites by credit code, each once", async () => {
    const w = world();
    const { regulator, projectId } = w.sectors[0];
    const seen: string[] = [];
    for (let cursor: string | undefined, n = 0; n < 5; n += 1) {
      const page = await w.as(regulator, (tx) => sitesPage(tx, regulator, projectId, { cursor }, 2));
      seen.push(...page.sites.map((s) => s.code));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(seen).toHaveLength(3);
    expect(seen).toEqual([...new Set(seen)].sort());
  });

  it("counts no lesson to pass on before a review was approved", async () => {
    const w = world();
    expect(await w.as(w.director, (tx) => lessonsToPassOn(tx, w.director, w.programmeId))).toEqual({
      ready: 0,
      sectors: 0,
      passedOn: 0,
      none: null,
      underWay: 2,
    });
  });
});
