import { eq } from "drizzle-orm";
import { sql } from "drizzle-orm";
import { grantAccess, recordVerification } from "#app/features/pilots/assessors.server.ts";
import { dayStart } from "#app/platform/days.ts";
import { createDocument, loadDocument, saveDraft } from "#app/features/document/document.server.ts";
import { approveDocument, endorseDocument, submitDocument } from "#tests/builders/documents.ts";
import type { Actor } from "#app/request/actor.ts";
import { setBatchStatus } from "#app/features/programme/programme.server.ts";
import { loadPilot, movePilot, nominatePilots } from "#app/features/pilots/pilot.server.ts";
import { stateNomination } from "#app/features/pilots/nomination.server.ts";
import { declareInterests, nameMember, panelOf } from "#app/features/pilots/panel.server.ts";
import { farApart } from "#app/features/pilots/scoring.rules.ts";
import { reconcile, submitScore } from "#app/features/pilots/scoring.server.ts";
import { registerSystem } from "#app/features/project/project.server.ts";
import { fire } from "#app/features/workflow/workflow.server.ts";
import { indicators, type NominationForm, systems } from "#db/schema/index.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Dimension } from "#db/vocabulary.ts";
import { reviewRubric } from "#seeds/catalogue/index.ts";
import { projectGood } from "#tests/workflows/scenarios.ts";
import type { TestSector, World } from "./world.ts";

/** Points of a sheet, the same for every criterion. */
export const pointsOf = (n: number): Record<string, number> => Object.fromEntries(reviewRubric.map((c) => [c.code, n]));

/** Moves a project by its machine with facts that let it through. */
export async function moveProjectAs(
  w: World,
  actor: Actor,
  projectId: string,
  type: string,
  payload: Record<string, unknown> = {},
): Promise<string> {
  return w.as(
    actor,
    async (tx) => (await fire(tx, actor, { objectId: projectId, type, payload, facts: projectGood }, "en")).to,
  );
}

/** From survey.preparing to batchOne.selecting. */
export async function toBatchOne(w: World, s: TestSector): Promise<void> {
  const steps: [Actor, string][] = [
    [s.regulator, "OPEN_SURVEY"],
    [s.regulator, "START_CLOSING"],
    [s.lead, "CLOSE_SURVEY"],
    [s.regulator, "SUBMIT_RISK_REPORT"],
    [s.lead, "APPROVE_RISK_REPORT"],
    [s.regulator, "SUBMIT_PLAN"],
    [s.lead, "APPROVE_PLAN_SECTOR"],
    [w.director, "APPROVE_PLAN"],
  ];
  for (const [actor, type] of steps) await moveProjectAs(w, actor, s.projectId, type);
}

export interface Nominated {
  systemId: string;
  batchNo: 1 | 2;
  direction: Dimension;
}
/** An approved plan with nominations. `beforeOffice`: what is looked at while it waits for the national office. */
export async function approvedPlan(
  w: World,
  s: TestSector,
  nominations: readonly Nominated[],
  beforeOffice: () => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const move = { locale: "en" as const };
  const doc = await w.as(s.regulator, async (tx) => {
    const d = await createDocument(tx, s.regulator, { kind: "pilotPlan", projectId: s.projectId, title: "plan" });
    await saveDraft(tx, s.regulator, d, { nominations }, 0);
    await submitDocument(tx, s.regulator, {
      document: d,
      ...move,
      sealing: { content: { nominations }, summary: {} },
      completeness: { completeness: 100, missingParts: [] },
    });
    return d;
  });
  await w.as(s.lead, async (tx) => endorseDocument(tx, s.lead, { document: await loadDocument(tx, doc.id), ...move }));
  await beforeOffice();
  await w.as(w.director, async (tx) =>
    approveDocument(tx, w.director, { document: await loadDocument(tx, doc.id), ...move }),
  );
  return doc.id;
}

/** Fills in what a nomination must tell of each system of the sector. */
export async function describeSystems(w: World, s: TestSector): Promise<void> {
  await w.as(s.lead, (tx) => tx.update(systems).set({ description: "视频监控与门禁" }).where(sql`true`));
}

/** Indicators of the project, one a dimension: baseline 10, target 2, fewer is better. */
export async function addIndicators(
  w: World,
  s: TestSector,
  dimensions: readonly Dimension[] = ["identity"],
): Promise<string[]> {
  return w.as(s.regulator, async (tx) => {
    const rows = dimensions.map((dimension, i) => ({
      tenantId: s.id,
      id: uuidv7(),
      projectId: s.projectId,
      code: `I-${i + 1}`,
      name: `指标${i + 1}`,
      unit: "次",
      dimension,
      direction: "down" as const,
      baselineMilli: 10_000,
      targetMilli: 2_000,
      createdAt: s.regulator.now,
    }));
    await tx.insert(indicators).values(rows);
    return rows.map((r) => r.id);
  });
}

/** Another system of a site. */
export const addSystem = (w: World, s: TestSector, siteId: string, name: string, grade = 3): Promise<string> =>
  w.as(s.regulator, (tx) => registerSystem(tx, s.regulator, { siteId, name, description: "说明", grade, devices: 10 }));

export const openBatch = (w: World, no: number): Promise<void> =>
  w
    .as(w.director, (tx) => setBatchStatus(tx, w.director, { programmeId: w.programmeId, no, status: "open" }))
    .catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== "batch_order") throw error;
    });

export const move = (
  w: World,
  actor: Actor,
  pilotId: string,
  type: string,
  payload: Record<string, unknown> = {},
): Promise<string> =>
  w.as(actor, async (tx) => (await movePilot(tx, actor, { pilotId, type, payload, locale: "en" })).to);

/** Codes of the reasons for which a step of a pilot is refused, without what all have in front. */
export const refusedFor = (step: Promise<unknown>): Promise<string[]> =>
  step.then(
    () => [],
    (refusal: { extra: { reasons: { code: string }[] } }) =>
      refusal.extra.reasons.map((r) => r.code.replace("reason_pilot_", "")),
  );

/** What the applicant of a test states of its nomination. */
export const nominationStated: NominationForm = {
  partners: [],
  otherProgrammes: [],
  builtOn: "2012-05-01",
  committed: true,
};
/** The applicant states what a nomination must tell. */
export async function stateAll(
  w: World,
  s: TestSector,
  pilotId: string,
  form: NominationForm = nominationStated,
): Promise<void> {
  const { siteId } = await w.as(s.lead, (tx) => loadPilot(tx, pilotId));
  const officer = s.sites.find((site) => site.id === siteId)?.officer;
  if (!officer) throw new Error(`no officer of the applicant of ${pilotId}`);
  await w.as(officer, (tx) => stateNomination(tx, officer, { pilotId, ...form }));
}

/** Members of the batch's panel, named by the lead; each declares that they have no interests. Who sits in it already stays. */
export async function namePanel(
  w: World,
  s: TestSector,
  batchNo: 1 | 2 = 1,
  members: readonly Actor[] = [s.regulator, s.regulator2],
): Promise<void> {
  for (const member of members) {
    const named = await w
      .as(s.lead, (tx) =>
        nameMember(tx, s.lead, { projectId: s.projectId, batchNo, membershipId: member.membershipId }),
      )
      .then(() => true)
      .catch((error: unknown) => {
        if ((error as { code?: unknown }).code !== "panel_seat_taken") throw error;
        return false;
      });
    if (!named) continue;
    const panel = await w.as(s.lead, (tx) => panelOf(tx, s.projectId, batchNo));
    await w.as(member, (tx) => declareInterests(tx, member, { panelId: panel?.id ?? "", interests: "" }));
  }
}

/** Screened and given to the panel. */
export async function toScoring(w: World, s: TestSector, pilotId: string): Promise<void> {
  const { batchNo } = await w.as(s.lead, (tx) => loadPilot(tx, pilotId));
  await namePanel(w, s, batchNo === 1 ? 1 : 2);
  await stateAll(w, s, pilotId);
  await move(w, s.regulator, pilotId, "START_SCREENING");
  await move(w, s.regulator, pilotId, "PASS_SCREENING");
}

/** A sheet handed in whole, with the same points for each criterion. */
export const score = (w: World, who: Actor, pilotId: string, points: number): Promise<number | null> =>
  w.as(who, (tx) => submitScore(tx, who, { pilotId, points: pointsOf(points), comment: "" }));

/** Ends the way to public notice: screened, scored by two, finished by the lead. */
export async function toNotice(
  w: World,
  s: TestSector,
  pilotId: string,
  points: [number, number] = [80, 90],
): Promise<void> {
  await toScoring(w, s, pilotId);
  await w.as(s.regulator, (tx) => submitScore(tx, s.regulator, { pilotId, points: pointsOf(points[0]), comment: "" }));
  await w.as(s.regulator2, (tx) =>
    submitScore(tx, s.regulator2, { pilotId, points: pointsOf(points[1]), comment: "" }),
  );
  if (farApart(points.map((p) => p * 100)))
    await w.as(s.lead, (tx) => reconcile(tx, s.lead, { pilotId, reconciliation: "两位成员核对后维持原分。" }));
  await move(w, s.lead, pilotId, "FINISH_SCORING");
}

/** All pilots of a batch nominated, in its window. */
export const nominate = async (w: World, s: TestSector, batchNo: 1 | 2 = 1): Promise<string[]> => {
  await openBatch(w, batchNo);
  return w.as(s.regulator, (tx) => nominatePilots(tx, s.regulator, s.projectId, batchNo));
};

/** A grant of a pilot to the world's institution that is alive for whoever acts at the real time. */
export const grant = (
  w: World,
  s: TestSector,
  pilotId: string,
  purpose: "design" | "acceptance" | "operation",
): Promise<string> =>
  w.as(s.lead, (tx) =>
    grantAccess(tx, s.lead, {
      pilotId,
      institutionId: w.institutionId,
      purpose,
      startsAt: dayStart("2013-01-01"),
      endsAt: dayStart("2099-01-01"),
    }),
  );

export const verify = (
  w: World,
  assessor: Actor,
  pilotId: string,
  kind: "design" | "acceptance" | "operation",
  result: "passed" | "failed" = "passed",
): Promise<string> =>
  w.as(assessor, (tx) =>
    recordVerification(tx, assessor, { pilotId, kind, result, reportNumber: `R-${kind}`, note: "" }),
  );

/** A member of a list that the test knows to be there. */
export function nth<T>(list: readonly T[], i: number): T {
  const one = list[i];
  if (one === undefined) throw new Error(`no item ${i}`);
  return one;
}
/** A sector whose people act at another business time. */
export const dated = (w: World, when: string, s: TestSector): TestSector => ({
  ...s,
  regulator: w.at(s.regulator, when),
  regulator2: w.at(s.regulator2, when),
  lead: w.at(s.lead, when),
  expert: w.at(s.expert, when),
  sites: s.sites.map((x) => ({ ...x, officer: w.at(x.officer, when), lead: w.at(x.lead, when) })),
});

/** A batch one that runs with a pilot of each site under construction: selected after the notice, designs verified and approved. */
export async function runningBatch(w: World, s: TestSector): Promise<string[]> {
  await toBatchOne(w, s);
  await describeSystems(w, s);
  const nominations = s.sites.map(({ systemId }) => ({ systemId, batchNo: 1, direction: "identity" }) as const);
  await approvedPlan(w, s, nominations);
  const ids = await nominate(w, s);
  await openBatch(w, 1);
  for (const id of ids) await toNotice(w, s, id);
  const afterNotice = w.at(s.lead, new Date(s.lead.now.getTime() + 14 * 86_400_000));
  for (const id of ids) await move(w, afterNotice, id, "SELECT");
  await moveProjectAs(w, afterNotice, s.projectId, "START_BATCH");
  for (const [i, id] of ids.entries()) {
    await move(w, nth(s.sites, i).lead, id, "START_DESIGN");
    await move(w, nth(s.sites, i).lead, id, "COMPLETE_DESIGN");
    await grant(w, s, id, "design");
    await verify(w, w.at(w.assessor, afterNotice.now), id, "design");
    await move(w, s.regulator, id, "APPROVE_DESIGN");
  }
  return ids;
}

/** From construction to operation: acceptance asked for by the site, tested, passed. */
export async function toOperation(w: World, s: TestSector, siteLead: Actor, pilotId: string): Promise<void> {
  await move(w, siteLead, pilotId, "REQUEST_ACCEPTANCE");
  await grant(w, s, pilotId, "acceptance");
  await verify(w, w.at(w.assessor, s.lead.now), pilotId, "acceptance");
  await move(w, s.regulator, pilotId, "PASS_ACCEPTANCE");
}

/** Ids of a project's first two indicators. */
export async function firstIndicators(w: World, s: TestSector): Promise<[string, string]> {
  const rows = await w.as(s.regulator, (tx) =>
    tx
      .select({ id: indicators.id })
      .from(indicators)
      .where(eq(indicators.projectId, s.projectId))
      .orderBy(indicators.code),
  );
  return [nth(rows, 0).id, nth(rows, 1).id];
}
