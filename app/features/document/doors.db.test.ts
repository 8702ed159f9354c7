import { and, asc, eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadDraft, type DocumentRow, projectDocument } from "#app/features/document/document.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { buildRegister } from "#app/features/risk/build.server.ts";
import { assignOwner, confirmRisks } from "#app/features/risk/register.server.ts";
import { saveReportChapter } from "#app/features/risk/report.server.ts";
import { eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import { documentContext, loadInstance } from "#app/features/workflow/instance.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { assets, reviewMarks, risks, submissions, workflowEvents } from "#db/schema/index.ts";
import {
  answersWith,
  approveResponse,
  closeSurvey,
  respond,
  testAsset,
  writtenReport,
} from "#tests/builders/register.ts";
import { type TestSector, testWorld, type World } from "#tests/builders/world.ts";
import { stepWith } from "#workflows/index.ts";
import { standingOf, withDocuments } from "./standing.server.ts";
import { transition } from "./transition.server.ts";
import { isVerb } from "./verbs.rules.ts";

const locale = "zh-CN" as const;
const weak = { "IDN-EQP-01": "non_compliant", "NET-SOL-02": "non_compliant" } as const;

/** A sector whose report lacks nothing: its survey is over, its risks have owners, its sections are written. */
async function ready(w: World, s: TestSector): Promise<DocumentRow> {
  const one = s.sites[0] ?? expect.fail("no site");
  const { regulator: reg, projectId } = s;
  const list = [testAsset()];
  await w.as(one.officer, (tx) =>
    tx.insert(assets).values(list.map((a) => ({ ...a, tenantId: s.id, siteId: one.id, systemId: one.systemId }))),
  );
  await closeSurvey(w, s);
  await approveResponse(w, s, await respond(w, s, one, { answers: answersWith(weak), assets: list }));
  await w.as(reg, (tx) => buildRegister(tx, reg, projectId));
  await w.as(reg, async (tx) => {
    const found = await tx.select({ id: risks.id }).from(risks).where(eq(risks.projectId, projectId));
    const riskIds = found.map((r) => r.id);
    await confirmRisks(tx, reg, { riskIds });
    await assignOwner(tx, reg, { riskIds, owner: "运维部" });
    await writtenReport(tx, reg, projectId);
  });
  const document = await w.as(reg, (tx) => projectDocument(tx, projectId, "riskReport"));
  return document ?? expect.fail("no report");
}

/** What stands in the rows after an event, without what differs from sector to sector: ids and digests. */
async function rowsOf(w: World, s: TestSector, documentId: string) {
  return w.as(s.regulator, async (tx) => {
    const [document, project] = [
      await projectDocument(tx, s.projectId, "riskReport"),
      await loadProject(tx, s.projectId),
    ];
    const [own, whole, sealed, log, marks] = await Promise.all([
      loadInstance(tx, documentId),
      loadInstance(tx, s.projectId),
      tx.select().from(submissions).where(eq(submissions.documentId, documentId)).orderBy(asc(submissions.seq)),
      tx.select().from(workflowEvents).where(eq(workflowEvents.projectId, s.projectId)).orderBy(asc(workflowEvents.no)),
      tx
        .select()
        .from(reviewMarks)
        .where(and(eq(reviewMarks.documentId, documentId)))
        .orderBy(asc(reviewMarks.at)),
    ]);
    const { seals, reapprovalNeeded, returnedParts } = documentContext(own);
    return {
      states: [document?.state, own.state, project.state, whole.state],
      versions: [own.lockVersion, whole.lockVersion],
      national: [document?.national, own.national],
      submissions: sealed.map((x) => [x.seq, x.national]),
      latest: sealed.at(-1)?.id === document?.submissionId,
      context: { seals: seals.length, reapprovalNeeded, returnedParts },
      log: log.map((e) => [e.machine, e.type, e.fromState, e.toState, e.reason, e.actorRole]),
      marks: marks.map((x) => [x.part, x.verdict, x.reason]),
    };
  });
}

interface Choice {
  actor: Actor;
  type: string;
  enabled: boolean;
  needs: readonly string[];
}
async function choices(w: World, s: TestSector, documentId: string): Promise<Choice[]> {
  const lists = await Promise.all(
    [s.regulator, s.lead].map((actor) =>
      w.as(actor, async (tx) => {
        const document = (await projectDocument(tx, s.projectId, "riskReport")) ?? expect.fail();
        expect(document.id).toBe(documentId);
        const standing = await standingOf(tx, actor, document, locale);
        return standing.acts.map(({ type, enabled, needs }) => ({ actor, type, enabled, needs }));
      }),
    ),
  );
  return lists.flat();
}
const payloadOf = ({ needs }: Choice) =>
  needs.includes("parts")
    ? { parts: [{ part: "*", reason: "请补充" }] }
    : needs.includes("reason")
      ? { reason: "请补充" }
      : {};

describe("a document by whichever door", () => {
  const world = testWorld();
  let reports: DocumentRow[] = [];
  let tried = 0;
  beforeAll(async () => {
    const w = world();
    reports = [await ready(w, w.sectors[0]), await ready(w, w.sectors[1])];
  });

  /** The same event: by the document in the first sector, by the door that is drawn in the second. */
  const send = async (s: TestSector, document: DocumentRow, choice: Choice, byProject: boolean) => {
    const w = world();
    const actor = choice.actor.role === "regulator" ? s.regulator : s.lead;
    const payload = payloadOf(choice);
    await w.as(actor, async (tx) => {
      const now = (await projectDocument(tx, s.projectId, "riskReport")) ?? expect.fail();
      const instance = await loadInstance(tx, s.projectId);
      const step = isVerb(choice.type) ? stepWith("riskReport", choice.type, now.state) : null;
      // Once the project has gone on the document alone takes the step.
      const takes = step && eventOptions(instance, actor, {}, locale).some((a) => a.type === step.project);
      if (!byProject || !takes)
        return transition(tx, actor, { documentId: document.id, type: choice.type, payload, locale });
      const listed = await withDocuments(tx, actor, s.projectId, eventOptions(instance, actor, {}, locale), locale);
      expect(listed.find((a) => a.type === step.project)).toMatchObject({ enabled: true });
      return transitionProject(tx, actor, { projectId: s.projectId, type: step.project, payload, locale });
    });
  };
  const change = async (s: TestSector, text: string) => {
    const w = world();
    await w.as(s.regulator, async (tx) => {
      const document = (await projectDocument(tx, s.projectId, "riskReport")) ?? expect.fail();
      if (!["draft", "returned", "approved"].includes(document.state)) return;
      const { rev } = await loadDraft(tx, document.id, {});
      const input = { projectId: s.projectId, language: "zh" as const, texts: { "1.1": text }, rev };
      await saveReportChapter(tx, s.regulator, input);
    });
  };

  it("leaves the same rows after every event; what the list offers is accepted, and what it does not is refused", async () => {
    const w = world();
    const [a, b] = w.sectors;
    const [first, second] = [reports[0] ?? expect.fail(), reports[1] ?? expect.fail()];
    const step = fc.record({ pick: fc.nat(99), byProject: fc.boolean(), change: fc.boolean() });
    // One walk through both sectors, drawn anew where it fails to hold.
    const walk = fc.sample(fc.array(step, { minLength: 24, maxLength: 24 }), { numRuns: 1, seed: 20130815 })[0] ?? [];
    for (const [n, { pick, byProject, change: changes }] of walk.entries()) {
      if (changes) for (const s of [a, b]) await change(s, `第 ${n} 稿`);
      const offered = await choices(w, a, first.id);
      const shape = (list: Choice[]) => list.map((c) => [c.actor.role, c.type, c.enabled]);
      expect(shape(await choices(w, b, second.id))).toEqual(shape(offered));
      for (const refused of offered.filter((c) => !c.enabled))
        await expect(send(a, first, refused, false), refused.type).rejects.toMatchObject({ code: "workflow_refused" });
      const possible = offered.filter((c) => c.enabled);
      tried += offered.length;
      const chosen = possible[pick % Math.max(1, possible.length)];
      if (!chosen) continue;
      await send(a, first, chosen, false);
      await send(b, second, chosen, byProject);
      expect(await rowsOf(w, b, second.id)).toEqual(await rowsOf(w, a, first.id));
    }
    expect(tried).toBeGreaterThan(20);
    const { log } = await rowsOf(w, a, first.id);
    const sent = new Set(log.filter((e) => e[0] === "document").map((e) => e[1]));
    for (const type of ["SUBMIT", "RETURN", "RESUBMIT", "APPROVE", "NOTE_CHANGE"]) expect([...sent]).toContain(type);
  });
});
