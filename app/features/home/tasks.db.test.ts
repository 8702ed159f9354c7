import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { loadDocument } from "#app/features/document/document.server.ts";
import { standingOf } from "#app/features/document/standing.server.ts";
import { pilotFacts } from "#app/features/pilots/facts.server.ts";
import { loadPilot } from "#app/features/pilots/pilot.server.ts";
import { startProgressReport } from "#app/features/pilots/progress.server.ts";
import { projectFacts } from "#app/features/project/facts.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { setBatchStatus } from "#app/features/programme/programme.server.ts";
import { inviteSystems } from "#app/features/survey/survey.server.ts";
import { loadInstance } from "#app/features/workflow/instance.server.ts";
import { eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import { addDays } from "#app/platform/days.ts";
import type { Actor } from "#app/request/actor.ts";
import { documents, pilots, sites } from "#db/schema/index.ts";
import * as builders from "#tests/builders/pilots.ts";
import { send } from "#tests/builders/send.ts";
import { fillIn, responseOf } from "#tests/builders/survey.ts";
import { type TestSector, testWorld, type World } from "#tests/builders/world.ts";
import { sendersOf } from "#workflows/authority.ts";
import { isDocumentEvent, optionalEvents } from "#workflows/index.ts";
import { ownCount } from "./own-count.server.ts";
import { workOf } from "./tasks.server.ts";

const locale = "en" as const;
const { nth } = builders;

/** Everybody of a sector, and who decides above it. */
const people = (w: World, s: TestSector): Actor[] => [
  s.regulator,
  s.lead,
  ...s.sites.flatMap((x) => [x.officer, x.lead]),
  w.director,
  w.assessor,
];

/** What this person may send now and owes, as the pages of the things themselves say it. */
async function enabledFor(w: World, actor: Actor, s: TestSector): Promise<string[]> {
  const owed = (machine: keyof typeof optionalEvents, id: string, acts: { type: string; enabled: boolean }[]) =>
    acts
      .filter((a) => a.enabled && !optionalEvents[machine].includes(a.type) && !isDocumentEvent(a.type))
      .map((a) => (machine === "document" ? id : `${id}:${a.type}`));
  return w.as(actor, async (tx) => {
    const reads = (level: Actor["level"][]) => level.includes(actor.level);
    const ofProject = reads(["sector"])
      ? await (async () => {
          const project = await loadProject(tx, s.projectId);
          const facts = await projectFacts(tx, actor, project);
          return owed("project", project.id, eventOptions(await loadInstance(tx, project.id), actor, facts, locale));
        })()
      : [];
    const found: string[] = [...ofProject];
    if (reads(["sector", "site"]))
      for (const { id } of await tx.select({ id: pilots.id }).from(pilots)) {
        const facts = await pilotFacts(tx, actor, await loadPilot(tx, id), locale);
        found.push(...owed("pilot", id, eventOptions(await loadInstance(tx, id), actor, facts, locale)));
      }
    if (reads(["sector", "site", "national"]))
      for (const { id } of await tx.select({ id: documents.id }).from(documents)) {
        const { acts } = await standingOf(tx, actor, await loadDocument(tx, id), locale);
        found.push(...owed("document", id, acts));
      }
    return found.sort();
  });
}

/** Which of them stand in the list without anything in their way, and which with. */
async function listedFor(w: World, actor: Actor): Promise<{ ready: string[]; held: string[] }> {
  return w.as(actor, async (tx) => {
    const work = await workOf(tx, actor);
    const all = await work.page("own", null, 1000);
    expect(all.length, `${actor.role}: counted and listed`).toBe(work.counts.own);
    // A step of a machine is called by its name for whoever may take it; whoever clears its way is not told to take it.
    for (const { kind } of all) {
      const [, mends, machine, event] = /^(mend\.)?(project|pilot)\.([A-Z_]+)$/.exec(kind) ?? [];
      if (!machine || !event) continue;
      const sends = sendersOf(machine as "project" | "pilot", null, event).some((role) => role === actor.role);
      expect(mends === undefined, `${actor.role}: ${kind}`).toBe(sends);
    }
    // An event is named by itself, a document by its id.
    const name = (id: string) => (/:[A-Z_]+$/.test(id) ? id : (id.split(":")[0] ?? ""));
    return {
      ready: all.filter((t) => !t.why).map((t) => name(t.id)),
      held: all.filter((t) => t.why).map((t) => name(t.id)),
    };
  });
}

/** Enabled for somebody ⇔ in their list; drafts are listed before they are whole. */
async function agree(w: World, s: TestSector, where: string): Promise<number> {
  let n = 0;
  for (const actor of people(w, s)) {
    if (actor.level === "assessor") continue;
    const enabled = await enabledFor(w, actor, s);
    const { ready, held } = await listedFor(w, actor);
    const who = `${where}: ${actor.role}`;
    for (const one of enabled) expect(ready, `${who} may send ${one}`).toContain(one);
    for (const one of enabled) expect(held, `${who}: nothing is in the way of ${one}`).not.toContain(one);
    const events = ready.filter((one) => /:[A-Z_]+$/.test(one));
    for (const one of events) expect(enabled, `${who} is told of ${one}`).toContain(one);
    n += enabled.length;
  }
  return n;
}

/** A month that was not reported is late for its site and waits for it in its office's list, begun or not, and once. */
async function reportsWaited(w: World, s: TestSector, pilotId: string): Promise<void> {
  const kinds = (who: Actor, side: "own" | "waiting") =>
    w.as(who, async (tx) => {
      const work = await workOf(tx, who);
      const all = await work.page(side, null, 1000);
      expect(all.length).toBe(work.counts[side]);
      return all.filter((t) => /^progress_?report/i.test(t.kind)).map((t) => [t.kind, t.waitsFor, t.subject]);
    });
  const pilot = await w.as(s.lead, (tx) => loadPilot(tx, pilotId));
  const site = s.sites.find((x) => x.id === pilot.siteId) ?? nth(s.sites, 0);
  const due = pilot.nextReportDue ?? "";
  const on = (who: Actor, days: number) => w.at(who, `${addDays(due, days)}T03:00:00Z`);
  const [of] = await w.as(s.lead, (tx) =>
    tx.select({ name: sites.name }).from(sites).where(eq(sites.id, pilot.siteId)),
  );
  const siteName = of?.name ?? expect.fail("no site");
  const subject = `${pilot.code} ${pilot.name} · ${siteName}`;
  for (const office of [s.regulator, s.lead]) {
    expect(await kinds(on(office, 0), "waiting")).toEqual([]);
    expect(await kinds(on(office, 1), "waiting")).toEqual([["progressReport_missing", "site", subject]]);
  }
  expect((await kinds(on(site.officer, 1), "own")).map(([kind]) => kind)).toEqual(["progress_report_due"]);
  const officer = on(site.officer, 1);
  await w.as(officer, (tx) => startProgressReport(tx, officer, { pilotId, period: addDays(due, -20).slice(0, 7) }));
  const [begun, ...more] = await kinds(on(s.lead, 1), "waiting");
  expect([begun?.[0], begun?.[1], more]).toEqual(["progressReport_missing", "site", []]);
  expect(begun?.[2]).toContain(siteName);
}

describe("an event is enabled for somebody just when it stands in their list", () => {
  const world = testWorld();
  it("through a survey", async () => {
    const w = world();
    const s = w.sectors[0];
    let n = await agree(w, s, "preparing");
    await w.as(s.regulator, (tx) => inviteSystems(tx, s.regulator, { projectId: s.projectId }));
    const move = (who: Actor, type: string, payload = {}) =>
      w.as(who, (tx) => transitionProject(tx, who, { projectId: s.projectId, type, payload, locale }));
    await move(s.regulator, "OPEN_SURVEY");
    n += await agree(w, s, "collecting");
    const site = nth(s.sites, 0);
    const id = await responseOf(w, site.officer, s.projectId, site.id);
    await fillIn(w, site, id);
    n += await agree(w, s, "a response is whole");
    await send(w, site.lead, id, "SUBMIT");
    n += await agree(w, s, "a response is in");
    await send(w, s.lead, id, "APPROVE");
    await move(s.regulator, "START_CLOSING");
    n += await agree(w, s, "closing");
    await move(s.lead, "CLOSE_SURVEY", { reason: "其余单位停用" });
    n += await agree(w, s, "the report");
    expect(n).toBeGreaterThan(5);
  }, 120_000);

  it("through a batch", async () => {
    const w = world();
    const s = builders.dated(w, "2014-04-02T02:00:00Z", w.sectors[1]);
    await builders.addIndicators(w, s, ["identity"]);
    await builders.toBatchOne(w, s);
    await builders.describeSystems(w, s);
    const plan = s.sites.map(({ systemId }) => ({ systemId, batchNo: 1 as const, direction: "identity" as const }));
    await builders.approvedPlan(w, s, plan, async () => {
      // The office is asked for a plan without being told of the sector's sites, whose table it may not read.
      const { own } = (await w.as(w.director, (tx) => workOf(tx, w.director))).counts;
      expect(own).toBe((await listedFor(w, w.director)).ready.length);
      const all = await w.as(w.director, async (tx) => (await workOf(tx, w.director)).page("own", null, 1000));
      expect(all.map((t) => t.kind)).toContain("pilotPlan_national_approve");
    });
    let n = await agree(w, s, "selecting");
    // A sector that stands before a shut window, or has no places, is the office's to see to.
    const director = w.at(w.director, s.lead.now);
    const gates = () =>
      w.as(director, async (tx) => {
        const all = await (await workOf(tx, director)).page("own", null, 1000);
        return all.filter((t) => t.id.startsWith(s.projectId)).map((t) => t.kind);
      });
    expect(await gates()).toEqual(["batch_window"]);
    const [first = "", second = ""] = await builders.nominate(w, s);
    expect(await gates()).toEqual([]);
    n += await agree(w, s, "nominated");
    await builders.toScoring(w, s, first);
    n += await agree(w, s, "scoring");
    await builders.stateAll(w, s, second);
    n += await agree(w, s, "stated");
    for (const [who, points] of [
      [s.regulator, 80],
      [s.regulator2, 90],
    ] as const)
      await builders.score(w, who, first, points);
    n += await agree(w, s, "scored");
    await builders.move(w, s.lead, first, "FINISH_SCORING");
    n += await agree(w, s, "public notice");
    const may = builders.dated(w, "2014-05-05T02:00:00Z", w.sectors[1]);
    n += await agree(w, may, "after the notice");
    await builders.move(w, may.lead, first, "SELECT");
    await builders.move(w, may.lead, second, "REJECT", { reason: "x" }).catch(() => undefined);
    n += await agree(w, may, "selected");
    await builders.moveProjectAs(w, may.lead, s.projectId, "START_BATCH");
    n += await agree(w, may, "the batch runs");
    const { siteId } = await w.as(s.lead, (tx) => loadPilot(tx, first));
    const site = may.sites.find((x) => x.id === siteId) ?? nth(may.sites, 0);
    for (const type of ["START_DESIGN", "COMPLETE_DESIGN"]) await builders.move(w, site.lead, first, type);
    n += await agree(w, may, "design handed in");
    await builders.grant(w, may, first, "design");
    const verify = (result: "passed" | "failed") =>
      builders.verify(w, w.at(w.assessor, may.lead.now), first, "design", result);
    const asked = () => {
      const assessor = w.at(w.assessor, may.lead.now);
      return w.as(assessor, async (tx) => (await workOf(tx, assessor)).counts.own);
    };
    // The institution is asked until this round's design is verified, however often one was before (F8).
    expect(await asked()).toBe(1);
    await verify("failed");
    expect(await asked()).toBe(1);
    await builders.move(w, may.regulator, first, "RETURN_DESIGN", { reason: "补充接口清单" });
    await builders.move(w, site.lead, first, "COMPLETE_DESIGN");
    expect(await asked()).toBe(1);
    await verify("passed");
    expect(await asked()).toBe(0);
    n += await agree(w, may, "design verified");
    await builders.move(w, may.regulator, first, "APPROVE_DESIGN");
    await builders.toOperation(w, may, site.lead, first);
    n += await agree(w, may, "operation");
    await reportsWaited(w, w.sectors[1], first);
    expect(n).toBeGreaterThan(15);
  }, 120_000);

  it("the frame counts what the list holds, whoever changed what it rests on", async () => {
    const w = world();
    const s = builders.dated(w, "2014-05-05T02:00:00Z", w.sectors[1]);
    const both = async (where: string) => {
      for (const actor of people(w, s)) {
        const [shown, listed] = await Promise.all([
          w.as(actor, (tx) => ownCount(tx, actor)),
          w.as(actor, async (tx) => (await workOf(tx, actor)).counts.own),
        ]);
        expect(shown, `${where}: ${actor.role}`).toBe(listed);
      }
    };
    await both("first");
    await both("kept");
    await w.as(w.director, (tx) =>
      setBatchStatus(tx, w.director, { programmeId: w.programmeId, no: 1, status: "closed" }),
    );
    await both("the office closed a window");
    const [pilot] = await w.as(s.lead, (tx) =>
      tx.select({ id: pilots.id }).from(pilots).where(eq(pilots.stage, "operation")),
    );
    await builders.move(w, s.lead, pilot?.id ?? "", "SUSPEND", { reason: "专项检查" });
    await both("a pilot was suspended");
  });
});
