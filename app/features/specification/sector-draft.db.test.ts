import { ensureDocument } from "#app/features/document/transition.server.ts";
import { eq, inArray } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { Actor } from "#app/request/actor.ts";
import { documents, drafts, specifications, submissions } from "#db/schema/index.ts";
import { controls } from "#seeds/catalogue/index.ts";
import { sendOf } from "#tests/builders/send.ts";
import { sectorClause, toSpecification } from "#tests/builders/specification.ts";
import { testWorld } from "#tests/builders/world.ts";
import { unnamed } from "#app/features/document/difference.rules.ts";
import { draftShape } from "./content-shapes.rules.ts";
import { sectorDraftView } from "./draft.view.server.ts";
import { createSpecification } from "./editing.server.ts";
import { riskSources } from "./evidence-sources.server.ts";
import { proposedClauses } from "./proposals.server.ts";
import { loadSectorDraft, saveSectorClause } from "./sector-draft.server.ts";
import { sideOf } from "./sides.ts";
import type { DraftClause } from "./specification.schema.ts";

const world = testWorld();
const locale = "zh-CN" as const;

describe("a sector's draft", () => {
  test("wording that the standard rules out, missing evidence, and «none» beside evidence are refused", async () => {
    const w = world();
    const [a] = w.sectors;
    await toSpecification(w, a);
    const { projectId, regulator } = a;
    await expect(
      w.as(regulator, (tx) =>
        saveSectorClause(tx, regulator, { projectId, rev: 0, clause: sectorClause({ evidenceNone: true }) }),
      ),
    ).rejects.toMatchObject({ status: 422 });
    const { rev, key } = await w.as(regulator, (tx) =>
      saveSectorClause(tx, regulator, {
        projectId,
        rev: 0,
        clause: sectorClause({ text: "设备必须具有唯一身份，𠮷😀<b>字</b>。" }),
      }),
    );
    await expect(sendOf(w, regulator, { projectId, kind: "specDraft" }, "SUBMIT")).rejects.toMatchObject({
      code: "workflow_refused",
      params: { reasons: expect.stringContaining("一机一密") },
    });
    const again = await w.as(regulator, (tx) =>
      saveSectorClause(tx, regulator, { projectId, rev, clause: sectorClause({ key, evidence: [] }) }),
    );
    await expect(sendOf(w, regulator, { projectId, kind: "specDraft" }, "SUBMIT")).rejects.toMatchObject({
      code: "workflow_refused",
    });
    await expect(
      w.as(regulator, (tx) => saveSectorClause(tx, regulator, { projectId, rev, clause: sectorClause({ key }) })),
    ).rejects.toMatchObject({ code: "stale_revision", extra: { rev: again.rev, theirs: { evidence: [] } } });
    await w.as(regulator, (tx) =>
      saveSectorClause(tx, regulator, { projectId, rev: again.rev, clause: sectorClause({ key }) }),
    );
  });

  test("unsent it is nobody else's: not the national office's, not another sector's", async () => {
    const w = world();
    const [a, b] = w.sectors;
    const seen = (tx: Parameters<Parameters<typeof w.as>[1]>[0]) =>
      Promise.all([tx.select().from(documents).where(eq(documents.kind, "specDraft")), tx.select().from(submissions)]);
    expect(await w.as(w.editor, seen)).toEqual([[], []]);
    expect(await w.as(b.regulator, seen)).toEqual([[], []]);
    await expect(w.as(w.editor, (tx) => tx.select().from(drafts))).rejects.toThrow();
    expect(await w.as(b.regulator, (tx) => tx.select().from(drafts))).toEqual([]);
    await expect(
      w.as(b.regulator, (tx) => ensureDocument(tx, b.regulator, { projectId: a.projectId, kind: "specDraft" })),
    ).rejects.toMatchObject({
      status: 404,
    });
    await expect(sendOf(w, w.director, { projectId: a.projectId, kind: "specDraft" }, "APPROVE")).rejects.toMatchObject(
      { code: "nothing_submitted" },
    );
  });

  test("endorsed it crosses the wall under its digest; sent back it goes up again; accepted the project is complete", async () => {
    const w = world();
    const [a] = w.sectors;
    const { projectId } = a;
    await sendOf(w, a.regulator, { projectId, kind: "specDraft" }, "SUBMIT");
    await expect(sendOf(w, a.regulator, { projectId, kind: "specDraft" }, "ENDORSE")).rejects.toMatchObject({
      status: 403,
    });
    await sendOf(w, a.lead, { projectId, kind: "specDraft" }, "ENDORSE");
    await sendOf(w, w.director, { projectId, kind: "specDraft" }, "RETURN", { reason: "请补充依据", parts: [] });
    const returned = await w.as(a.regulator, (tx) => loadSectorDraft(tx, a.regulator, projectId));
    expect([returned.project.state, returned.document?.state]).toEqual(["specification.drafting", "returned"]);
    await sendOf(w, a.regulator, { projectId, kind: "specDraft" }, "SUBMIT");
    await sendOf(w, a.lead, { projectId, kind: "specDraft" }, "ENDORSE");
    await sendOf(w, w.director, { projectId, kind: "specDraft" }, "APPROVE");
    const [mine, theirs] = await Promise.all([
      w.as(w.editor, (tx) => loadSectorDraft(tx, w.editor, projectId)),
      w.as(a.lead, (tx) => loadSectorDraft(tx, a.lead, projectId)),
    ]);
    expect([mine.project.state, mine.draft, mine.submission?.sha256]).toEqual([
      "completed",
      null,
      theirs.submission?.sha256,
    ]);
  });

  test("accepted it may be changed: marked, read against the accepted one, taken anew without the project; white space is no change", async () => {
    const w = world();
    const [a] = w.sectors;
    const { projectId, regulator, lead } = a;
    const view = (actor: Actor) => w.as(actor, (tx) => sectorDraftView(tx, actor, projectId, undefined, locale));
    const now = async () => {
      const v = await view(regulator);
      return { rev: v.rev, ...(v.chapters.flatMap((c) => c.clauses)[0] ?? expect.fail("no clause")) };
    };
    const save = async (over: Partial<DraftClause>) => {
      const { rev, key } = await now();
      await w.as(regulator, (tx) =>
        saveSectorClause(tx, regulator, { projectId, rev, clause: sectorClause({ key, ...over }) }),
      );
    };
    const sealed = await w.as(regulator, (tx) =>
      tx.select({ content: submissions.content }).from(submissions).where(eq(submissions.kind, "specDraft")).limit(1),
    );
    expect(unnamed(sealed[0]?.content, draftShape)).toEqual([]);
    await save({ title: " 一机一密 " });
    expect(await view(w.director)).toMatchObject({ standing: { approval: { needed: false } } });
    await save({ textEn: "Each device shall have one identity of its own." });
    expect(await view(regulator)).toMatchObject({
      standing: {
        approval: {
          needed: true,
          changes: [
            {
              label: "一机一密 · 英文内容",
              before: "Each device shall have a unique identity.",
              after: "Each device shall have one identity of its own.",
            },
          ],
        },
      },
    });
    expect(await view(w.director)).toMatchObject({ standing: { approval: { needed: true, changes: [] } } });
    await sendOf(w, regulator, { projectId, kind: "specDraft" }, "RESUBMIT");
    await sendOf(w, lead, { projectId, kind: "specDraft" }, "ENDORSE");
    expect(await view(w.director)).toMatchObject({
      standing: {
        approval: { needed: false, changes: [{ after: "Each device shall have one identity of its own." }] },
        acts: [{ type: "RETURN" }, { type: "APPROVE", enabled: true }],
      },
    });
    await sendOf(w, w.director, { projectId, kind: "specDraft" }, "APPROVE");
    const done = await w.as(regulator, (tx) => loadSectorDraft(tx, regulator, projectId));
    expect([done.project.state, done.document?.state, (await view(regulator)).standing?.approval.changes]).toEqual([
      "completed",
      "approved",
      [],
    ]);
  });
});

describe("proposals", () => {
  test("what the product itself says of figures is read in either language, what a person typed as it was typed", () => {
    const [weak] = riskSources(
      [{ id: "p", siteId: "o", batchNo: 1, systemId: "s" }],
      [
        {
          controlCode: controls[0]?.id ?? "",
          catalogueVersion: 1,
          siteId: "o",
          systemId: "s",
          level: 5,
          dimension: "identity",
          updatedAt: new Date(0),
        },
      ],
    );
    expect(sideOf(weak?.statement ?? "", "zh-CN")).toContain("1 个系统");
    expect(sideOf(weak?.statement ?? "", "en")).toMatch(/^1 systems? .*high$/);
    expect(sideOf(weak?.statement ?? "", "en")).not.toMatch(/\p{Script=Han}/u);
    expect(["zh-CN", "en"].map((l) => sideOf("现场验证过", l))).toEqual(["现场验证过", "现场验证过"]);
  });
  test("lessons of the same number from two sectors bear no heading that would put them together in the national edition", () => {
    const lesson = (statement: string) =>
      proposedClauses([
        {
          kind: "lesson",
          ref: "L1-01",
          batchNo: 1,
          pilots: 1,
          statement,
          effectMilli: null,
          dissent: false,
          basis: null,
          id: "lesson:L1-01",
          dimension: "identity",
          controlCode: null,
          cell: null,
        },
      ]);
    // A lesson knows its dimension; the other tags and the chapter are for the author to say.
    const [{ tags, chapter } = expect.fail("no clause")] = lesson("密钥在线更新。");
    expect([tags, chapter]).toEqual([
      { dimension: "identity", object: null, lifecycle: null, mechanism: null },
      "general",
    ]);
    expect([...lesson("密钥在线更新。"), ...lesson("离厂前清除存储。")]).toMatchObject([
      { title: "", text: expect.stringContaining("密钥在线更新") as string, verb: "requirement" },
      { title: "", text: expect.stringContaining("离厂前清除存储") as string, verb: "requirement" },
    ]);
  });
});

test("two that are begun at the same moment have a number each", async () => {
  const w = world();
  const day = new Date("2019-03-02T02:00:00Z");
  const begin = (by: Actor) =>
    w.as(by, (tx) =>
      createSpecification(tx, by, {
        programmeId: w.programmeId,
        titleZh: "规范",
        titleEn: "Specification",
        number: "",
      }),
    );
  const ids = await Promise.all([begin(w.at(w.editor, day)), begin(w.at(w.director, day))]);
  const made = await w.as(w.editor, (tx) =>
    tx.select({ number: specifications.number }).from(specifications).where(inArray(specifications.id, ids)),
  );
  expect(new Set(made.map((s) => s.number)).size).toBe(2);
});
