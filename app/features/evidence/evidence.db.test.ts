import { transition } from "#app/features/document/transition.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { describe, expect, it } from "vitest";
import { and, eq } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { addAssets } from "#app/features/survey/assets.server.ts";
import { sealedContent } from "#app/features/survey/response-content.server.ts";
import { saveAnswers } from "#app/features/survey/survey.server.ts";
import { responseView } from "#app/features/survey/response.view.server.ts";
import { documentContext, loadInstance } from "#app/features/workflow/instance.server.ts";
import { latestSubmission } from "#app/features/document/document.server.ts";
import { questionnaire } from "#app/features/survey/locked.server.ts";
import { saveProgressDraft, startProgressReport } from "#app/features/pilots/progress.server.ts";
import { emptyReport } from "#app/features/pilots/pilots.schema.ts";
import { documents, evidence } from "#db/schema/index.ts";
import {
  addIndicators,
  approvedPlan,
  describeSystems,
  grant,
  move,
  moveProjectAs,
  nominate,
  openBatch,
  toBatchOne,
  toNotice,
} from "#tests/builders/pilots.ts";
import { testWorld } from "#tests/builders/world.ts";
import { addEvidence, evidenceOfDocument, loadEvidence, newEvidenceId, removeEvidence } from "./evidence.server.ts";

const locale = "zh-CN";
const world = testWorld();
/** A file with bytes of its own, or with the same as every other `mark`. */
const file = (bytes = 10, mark?: string) => {
  const id = newEvidenceId();
  const sha256 = mark === undefined ? id.replaceAll("-", "").padEnd(64, "0") : mark.repeat(64);
  return { id, name: "记录.pdf", mediaType: "application/pdf", bytes, sha256 };
};
/** How many rows of an id somebody sees; who may not even ask sees none. */
const seen = async (actor: Actor, id: string): Promise<number> =>
  world()
    .as(actor, async (tx) => (await tx.select({ id: evidence.id }).from(evidence).where(eq(evidence.id, id))).length)
    .catch((error: unknown) => {
      if (/permission denied/.test(String((error as Error).cause))) return 0;
      throw error;
    });

describe("evidence of an answer", () => {
  let documentId = "";
  let sealedId = "";
  const code = questionnaire(1)[0]?.id ?? "";

  it("is filed by the site while the response may be written, and nobody else sees it", async () => {
    const w = world();
    const [sector, other] = w.sectors;
    const [site, sibling] = sector.sites;
    if (!site || !sibling) throw new Error("no sites");
    await w.as(sector.regulator, (tx) =>
      transitionProject(tx, sector.regulator, { projectId: sector.projectId, type: "OPEN_SURVEY", locale }),
    );
    const [own] = await w.as(site.officer, (tx) =>
      tx.select({ id: documents.id }).from(documents).where(eq(documents.kind, "surveyResponse")),
    );
    documentId = own?.id ?? "";
    const added = await w.as(site.officer, (tx) =>
      addEvidence(tx, site.officer, { document: documentId, part: code }, file(10, "a"), 1),
    );
    sealedId = added.id;
    const again = await w.as(site.officer, (tx) =>
      addEvidence(tx, site.officer, { document: documentId, part: code }, file(10, "a"), 1),
    );
    expect(again.id, "the same bytes under the same answer are one file").toBe(sealedId);
    expect([added.fixed, added.part]).toEqual([false, code]);
    const eyes: [Actor, number][] = [
      [site.officer, 1],
      [site.lead, 1],
      [sibling.officer, 0],
      [sector.regulator, 0],
      [sector.lead, 0],
      [sector.auditor, 0],
      [other.regulator, 0],
      [w.assessor, 0],
      [w.director, 0],
      [w.operator, 0],
    ];
    for (const [actor, n] of eyes)
      expect([actor.role, actor.tenantCode, await seen(actor, sealedId)]).toEqual([actor.role, actor.tenantCode, n]);
  });

  it("of somebody else's response, of a question that is none and beyond the quota is refused", async () => {
    const w = world();
    const [sector] = w.sectors;
    const [site, sibling] = sector.sites;
    if (!site || !sibling) throw new Error("no sites");
    const add = (actor: Actor, part: string, bytes: number) =>
      w.as(actor, (tx) => addEvidence(tx, actor, { document: documentId, part }, file(bytes), 1));
    await expect(add(sibling.officer, code, 1)).rejects.toMatchObject({ status: 404 });
    await expect(add(sector.regulator, code, 1)).rejects.toMatchObject({ code: "sealed" });
    await expect(add(site.officer, "NO-SUCH-01", 1)).rejects.toMatchObject({ status: 404 });
    await expect(add(site.officer, code, 1024 * 1024)).rejects.toMatchObject({ code: "evidence_quota", status: 422 });
  });

  it("keeps to the quota however many come at once", async () => {
    const w = world();
    const site = w.sectors[0].sites[0];
    if (!site) throw new Error("no site");
    const third = 300 * 1024;
    const tries = await Promise.allSettled(
      Array.from({ length: 6 }, () =>
        w.as(site.officer, (tx) => addEvidence(tx, site.officer, { document: documentId, part: code }, file(third), 1)),
      ),
    );
    const added = tries.flatMap((t) => (t.status === "fulfilled" ? [t.value.id] : []));
    expect(added).toHaveLength(3);
    for (const id of added) await w.as(site.officer, (tx) => removeEvidence(tx, site.officer, id));
  });

  it("is sealed with the response: named in it by digest, seen by the regulator, and there to stay", async () => {
    const w = world();
    const [sector, other] = w.sectors;
    const [site, sibling] = sector.sites;
    if (!site || !sibling) throw new Error("no sites");
    const taken = await w.as(site.officer, (tx) =>
      addEvidence(tx, site.officer, { document: documentId, part: code }, file(), 1),
    );
    await w.as(site.officer, (tx) => removeEvidence(tx, site.officer, taken.id));
    await w.as(site.officer, async (tx) => {
      await addAssets(tx, site.officer, {
        documentId,
        list: [
          {
            name: "网关",
            object: "equipment",
            supplier: "",
            singleSource: false,
            replacementTested: false,
            c: 1,
            i: 1,
            a: 1,
            note: "",
          },
        ],
        locale,
      });
      await saveAnswers(tx, site.officer, {
        documentId,
        cells: questionnaire(1).map((c) => ({
          controlCode: c.id,
          value: "compliant" as const,
          note: "",
          evidenceRef: "",
          rev: 0,
        })),
        locale,
      });
    });
    await w.as(site.lead, (tx) => transition(tx, site.lead, { documentId, type: "SUBMIT", locale }));
    const submission = await w.as(sector.regulator, (tx) => latestSubmission(tx, documentId));
    if (!submission) throw new Error("not submitted");
    expect(sealedContent(submission).evidence).toEqual([
      { id: sealedId, part: code, name: "记录.pdf", bytes: 10, sha256: "a".repeat(64) },
    ]);
    const eyes: [Actor, number][] = [
      [site.officer, 1],
      [sibling.officer, 0],
      [sector.regulator, 1],
      [sector.auditor, 0],
      [other.regulator, 0],
      [w.assessor, 0],
      [w.editor, 0],
    ];
    for (const [actor, n] of eyes) expect([actor.role, await seen(actor, sealedId)]).toEqual([actor.role, n]);
    await expect(w.as(site.officer, (tx) => removeEvidence(tx, site.officer, sealedId))).rejects.toMatchObject({
      code: "sealed",
    });
    // Past the use-case as well: the policy lets nothing sealed go, and nothing sealed change.
    expect(await w.as(site.officer, (tx) => tx.delete(evidence).where(eq(evidence.id, sealedId)).returning())).toEqual(
      [],
    );
    await expect(
      w.as(site.officer, (tx) => addEvidence(tx, site.officer, { document: documentId, part: code }, file(), 1)),
    ).rejects.toMatchObject({ code: "sealed" });
    await w.as(site.lead, (tx) => transition(tx, site.lead, { documentId, type: "WITHDRAW", locale }));
    const late = await w.as(site.officer, (tx) =>
      addEvidence(tx, site.officer, { document: documentId, part: code }, file(), 1),
    );
    expect(await seen(sector.regulator, late.id)).toBe(0);
    expect(
      await w.as(sector.regulator, (tx) => evidenceOfDocument(tx, { tenantId: sector.id, id: documentId })),
    ).toHaveLength(1);
  });

  it("that comes or goes after approval asks for a new one, and is told with its name", async () => {
    const w = world();
    const [sector] = w.sectors;
    const [site] = sector.sites;
    if (!site) throw new Error("no site");
    const send = (actor: Actor, type: "SUBMIT" | "APPROVE") =>
      w.as(actor, (tx) => transition(tx, actor, { documentId, type, locale }));
    await send(site.lead, "SUBMIT");
    await send(sector.regulator, "APPROVE");
    const approval = async () =>
      (await w.as(site.lead, (tx) => responseView(tx, site.lead, { documentId, locale }))).standing.approval;
    expect(await approval()).toMatchObject({ needed: false, changes: [] });
    const { id } = await w.as(site.officer, (tx) =>
      addEvidence(tx, site.officer, { document: documentId, part: code }, { ...file(), name: "新记录.pdf" }, 1),
    );
    const noted = () =>
      w.as(site.officer, async (tx) => documentContext(await loadInstance(tx, documentId)).reapprovalNeeded);
    expect(await noted()).toBe(true);
    expect((await approval()).changes.map((c) => [c.label, c.before])).toEqual([
      [`${code} 新记录.pdf · 佐证文件`, null],
    ]);
    await w.as(site.officer, (tx) => removeEvidence(tx, site.officer, id));
    expect([await noted(), (await approval()).needed]).toEqual([false, false]);
    await w.as(site.officer, (tx) =>
      addEvidence(tx, site.officer, { document: documentId, part: code }, { ...file(), name: "新记录.pdf" }, 1),
    );
    await w.as(site.lead, (tx) => transition(tx, site.lead, { documentId, type: "RESUBMIT", locale }));
    const submission = await w.as(sector.regulator, (tx) => latestSubmission(tx, documentId));
    expect(submission && sealedContent(submission).evidence?.map((e) => e.name)).toContain("新记录.pdf");
  });

  it("that arrives while the response is handed in is sealed with it or refused", async () => {
    const w = world();
    const [sector] = w.sectors;
    const [site] = sector.sites;
    if (!site) throw new Error("no site");
    const add = () =>
      w.as(site.officer, (tx) => addEvidence(tx, site.officer, { document: documentId, part: code }, file(), 1));
    await w.as(site.lead, (tx) => transition(tx, site.lead, { documentId, type: "WITHDRAW", locale }));
    const [sent, ...files] = await Promise.allSettled([
      w.as(site.lead, (tx) => transition(tx, site.lead, { documentId, type: "RESUBMIT", locale })),
      ...Array.from({ length: 6 }, add),
    ]);
    expect(sent.status).toBe("fulfilled");
    const taken = files.flatMap((one) => (one.status === "fulfilled" ? [one.value.id] : []));
    for (const one of files) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "sealed" });
    const submission = await w.as(sector.regulator, (tx) => latestSubmission(tx, documentId));
    const sealed = submission ? (sealedContent(submission).evidence ?? []).map((e) => e.id) : [];
    expect(taken.filter((id) => !sealed.includes(id))).toEqual([]);
  });

  it("cannot be slipped under another's document, submission or measure by hand", async () => {
    const w = world();
    const [sector] = w.sectors;
    const sibling = sector.sites[1];
    if (!sibling) throw new Error("no site");
    const row = await w.as(sector.sites[0]?.officer as Actor, (tx) => loadEvidence(tx, sealedId));
    const forged = { ...row, ...file(), siteId: sibling.id, createdAt: new Date() };
    for (const change of [
      { submissionId: null },
      { submissionId: null, documentId: null, measureId: newEvidenceId() },
      {},
    ])
      await expect(
        w.as(sibling.officer, (tx) => tx.insert(evidence).values({ ...forged, ...change })),
        JSON.stringify(change),
      ).rejects.toThrow();
    expect(
      await w.as(sibling.officer, (tx) =>
        tx
          .update(evidence)
          .set({ submissionId: row.submissionId })
          .where(and(eq(evidence.tenantId, sector.id)))
          .returning(),
      ),
    ).toEqual([]);
  });
});

describe("evidence of a pilot", () => {
  it("of a report: the institution sees it under a live grant of that pilot, once it was submitted", async () => {
    const w = world();
    const sector = w.sectors[1];
    const s = {
      ...sector,
      regulator: w.at(sector.regulator, "2014-05-02T02:00:00Z"),
      regulator2: w.at(sector.regulator2, "2014-05-02T02:00:00Z"),
      lead: w.at(sector.lead, "2014-05-02T02:00:00Z"),
    };
    const [one, two] = sector.sites;
    if (!one || !two) throw new Error("no sites");
    const [officer, siteLead] = [w.at(one.officer, "2014-07-02T02:00:00Z"), w.at(one.lead, "2014-06-02T02:00:00Z")];
    const [indicatorId = ""] = await addIndicators(w, s);
    await toBatchOne(w, s);
    await describeSystems(w, s);
    await approvedPlan(w, s, [{ systemId: one.systemId, batchNo: 1, direction: "identity" }]);
    const [pilotId = ""] = await nominate(w, s);
    await openBatch(w, 1);
    await toNotice(w, s, pilotId);
    await move(w, { ...s.lead, now: new Date("2014-05-20T02:00:00Z") }, pilotId, "SELECT");
    await moveProjectAs(w, s.lead, s.projectId, "START_BATCH");
    await move(w, siteLead, pilotId, "START_DESIGN");
    const report = await w.as(officer, (tx) => startProgressReport(tx, officer, { pilotId, period: "2014-06" }));
    const filed = await w.as(officer, (tx) => addEvidence(tx, officer, { document: report.id, part: "" }, file(), 1));
    await grant(w, s, pilotId, "design");
    expect([await seen(w.assessor, filed.id), await seen(s.regulator, filed.id)]).toEqual([0, 0]);
    await w.as(officer, (tx) =>
      saveProgressDraft(tx, officer, {
        documentId: report.id,
        body: { ...emptyReport, text: "完成", values: { [indicatorId]: 5000 } },
        rev: 0,
      }),
    );
    await w.as(siteLead, (tx) => transition(tx, siteLead, { documentId: report.id, type: "SUBMIT", locale }));
    expect([
      await seen(w.assessor, filed.id),
      await seen(s.regulator, filed.id),
      await seen(two.officer, filed.id),
      await seen(w.sectors[0].regulator, filed.id),
    ]).toEqual([1, 1, 0, 0]);
  });
});
