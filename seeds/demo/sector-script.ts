import { createProject, registerSite, registerSystem } from "#app/features/project/project.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { type Actors, demoMail } from "./actors.ts";
import type { PlausibleSector, PlausibleSite, PlausibleSystem } from "./generator.ts";
import { type Scenario, dueOn } from "./scenarios.ts";

export const locale = "zh-CN";

export interface ScriptSystem {
  id: string;
  plausible: PlausibleSystem;
  documentId: string;
}
export interface ScriptSite {
  id: string;
  plausible: PlausibleSite;
  officer: Actor;
  lead: Actor;
  systems: ScriptSystem[];
}
export interface SectorScript {
  seed: string;
  tenantId: string;
  projectId: string;
  plausible: PlausibleSector;
  course: Scenario;
  regulator: Actor;
  second: Actor;
  lead: Actor;
  /** From outside, for the panels. */
  expert: Actor;
  auditor: Actor;
  sites: ScriptSite[];
}

/** The people of a sector's office, and an expert from outside. */
async function hireOffice(
  cast: Actors,
  operator: Actor,
  { tenantId, plausible }: { tenantId: string; plausible: PlausibleSector },
) {
  const { code, people } = plausible;
  const mail = (who: string) => demoMail(`${code.toLowerCase()}.${who}`);
  const base = { tenantId, tenantCode: code };
  const expert = await cast.hire(operator, {
    ...base,
    email: mail("expert"),
    name: people.scorers[0]?.zh ?? "专家",
    role: "expert",
  });
  const lead = await cast.hire(operator, {
    ...base,
    email: mail("lead"),
    name: people.lead.zh,
    role: "regulator_lead",
  });
  const regulator = await cast.hire(lead, {
    ...base,
    email: mail("regulator"),
    name: people.regulator.zh,
    role: "regulator",
  });
  const second = await cast.hire(lead, {
    ...base,
    email: mail("regulator2"),
    name: people.second.zh,
    role: "regulator",
  });
  const auditor = await cast.hire(lead, { ...base, email: mail("auditor"), name: people.auditor.zh, role: "auditor" });
  return { expert, lead, regulator, second, auditor };
}

/** The sector's tenant, people, project, sites and systems: what stands before the programme begins. */
export async function foundSector(
  cast: Actors,
  operator: Actor,
  programmeId: string,
  plausible: PlausibleSector,
  course: Scenario,
  seed: string,
): Promise<SectorScript> {
  const { code } = plausible;
  const tenantId = await cast.tenant(
    operator,
    "sector",
    code,
    plausible.name.zh,
    plausible.name.en,
    plausible.priority,
  );
  const { expert, lead, regulator, second, auditor } = await hireOffice(cast, operator, { tenantId, plausible });
  const projectId = await cast.act(regulator, (tx, a) =>
    createProject(tx, a, {
      programmeId,
      code: `${code}-2013`,
      nameZh: `${plausible.name.zh}物联网安全风险管理试点`,
      nameEn: `${plausible.name.en}: pilot of IoT security risk management`,
      riskMethod: "matrix",
      assetRule: "max",
      responseThresholdBp: 8000,
      securityShareBp: 1000,
      dueOn: { ...dueOn },
    }),
  );
  const sites: ScriptSite[] = [];
  for (const [n, one] of plausible.sites.entries())
    sites.push(await foundSite(cast, { lead, regulator, code, n: n + 1 }, one));
  return { seed, tenantId, projectId, plausible, course, regulator, second, lead, expert, auditor, sites };
}

async function foundSite(
  cast: Actors,
  of: { lead: Actor; regulator: Actor; code: string; n: number },
  plausible: PlausibleSite,
): Promise<ScriptSite> {
  const { lead, regulator } = of;
  const id = await cast.act(regulator, (tx, a) =>
    registerSite(tx, a, {
      code: plausible.creditCode,
      name: plausible.zh,
      division: plausible.region,
      region: "",
      size: plausible.size,
      contact: `${plausible.officer.zh} ${plausible.phone}`,
    }),
  );
  const systems: ScriptSystem[] = [];
  for (const s of plausible.systems) {
    const systemId = await cast.act(regulator, (tx, a) =>
      registerSystem(tx, a, { siteId: id, name: s.zh, description: s.about.zh, grade: s.grade, devices: s.devices }),
    );
    systems.push({ id: systemId, plausible: s, documentId: "" });
  }
  const person = (who: string, name: string, role: "site_officer" | "site_lead") =>
    cast.hire(lead, {
      email: demoMail(`${of.code.toLowerCase()}.s${of.n}.${who}`),
      name,
      role,
      tenantId: lead.tenantId,
      tenantCode: of.code,
      siteId: id,
      siteName: plausible.zh,
    });
  return {
    id,
    plausible,
    systems,
    officer: await person("officer", plausible.officer.zh, "site_officer"),
    lead: await person("lead", plausible.lead.zh, "site_lead"),
  };
}
