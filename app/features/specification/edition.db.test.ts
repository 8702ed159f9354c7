import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Locale } from "#app/i18n/locale.ts";
import { closePdfPool } from "#app/pdf/render.server.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { fileStorage, type Storage } from "#app/platform/storage.server.ts";
import { withActor } from "#db/client.server.ts";
import {
  artifacts,
  clauseEvidence,
  clauses,
  clauseTellings,
  comments,
  disclosures,
  specifications,
  specificationSeals,
  submissions,
} from "#db/schema/index.ts";
import { clauseForm, handOnTwoDrafts, publishEdition } from "#tests/builders/specification.ts";
import { testWorld } from "#tests/builders/world.ts";
import { unnamed } from "#app/features/document/difference.rules.ts";
import { editionShape } from "./content-shapes.rules.ts";
import { editionStanding, sealEdition } from "./seals.server.ts";
import { comparable, editionContent, editionSha256, loadEdition, loadSpecification } from "./edition.server.ts";
import { diffEditions } from "./editions.rules.ts";
import {
  addClause,
  createEdition,
  createSpecification,
  moveClause,
  removeClause,
  saveClause,
} from "./editing.server.ts";
import { importFromDrafts, sealedDrafts } from "./import.server.ts";
import {
  approve,
  closeConsultation,
  commentsOf,
  openConsultation,
  printEdition,
  publish,
  reopenReview,
  settleComment,
  withdraw,
} from "./publication.server.ts";
import { specificationJob } from "./pdf.server.ts";
import { publicView } from "./public.view.server.ts";
import { addComment, listPublic, provenance, publicEdition, publicFile, verify } from "./published.server.ts";

const world = testWorld();
const locale = "zh-CN" as const;
const nobody = { level: "public", secret: null } as const;
const day = (d: string) => new Date(`${d}T02:00:00Z`);

let folder = "";
let storage: Storage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anshi-spec-"));
  storage = fileStorage(folder);
  await handOnTwoDrafts(world());
});
afterAll(async () => {
  await closePdfPool();
  await rm(folder, { recursive: true, force: true });
});

describe("the national edition", () => {
  let id = "";
  const edition = () => world().as(world().editor, async (tx) => loadEdition(tx, await loadSpecification(tx, id)));
  const byHeading = async (heading: string) =>
    (await edition()).clauses.find((c) => c.headingZh === heading) ?? expect.fail(heading);
  const take = (picks: string[]) =>
    world().as(world().editor, (tx) =>
      importFromDrafts(tx, world().editor, { specificationId: id, picks, intoClauseId: null }),
    );
  const consult = (from = "2015-04-01", to = "2015-04-30") => {
    const director = world().at(world().director, day("2015-03-20"));
    return world().as(director, (tx) => openConsultation(tx, director, { specificationId: id, from, to, locale }));
  };

  test("begins with the skeleton under a number of its own; a GB number is refused; a sector cannot make one", async () => {
    const w = world();
    const editor = w.at(w.editor, day("2015-03-02"));
    const input = {
      programmeId: w.programmeId,
      titleZh: "物联网安全管理规范",
      titleEn: "IoT security management",
      number: "",
    };
    await expect(
      w.as(editor, (tx) => createSpecification(tx, editor, { ...input, number: "GB/T 12345-2015" })),
    ).rejects.toMatchObject({ status: 422 });
    id = await w.as(editor, (tx) => createSpecification(tx, editor, input));
    const e = await edition();
    expect(e.specification.number).toBe("WLW-GF 001-2015");
    expect(e.clauses.filter((c) => c.parentId === null).map((c) => `${c.number} ${c.headingZh}`)).toEqual([
      "5 总体要求",
      "6 设计研发阶段",
      "7 竣工验收阶段",
      "8 运营阶段",
      "9 监测预警与应急",
      "10 变更、替换与退役",
      "11 监督检查与改进",
      "A 控制项表",
      "B 风险评估表样",
      "C 试点数据依据",
    ]);
    await expect(
      w.as(w.sectors[0].regulator, (tx) => createSpecification(tx, w.sectors[0].regulator, input)),
    ).rejects.toThrow();
    expect(await w.as(w.sectors[0].regulator, (tx) => tx.select().from(specifications))).toEqual([]);
  });

  test("takes clauses of sealed drafts and joins what several sectors say; the digest comes along", async () => {
    const w = world();
    const sealed = await w.as(w.editor, (tx) => sealedDrafts(tx, w.programmeId));
    expect(sealed.map((s) => [s.sector.code, s.clauses.length])).toEqual([
      ["AAA", 1],
      ["BBB", 2],
    ]);
    const picks = sealed.flatMap((s) => s.clauses.map((c) => `${s.submissionId}/${c.key}`));
    expect(await take(picks)).toEqual({ created: 2, merged: 1, evidence: 2 });
    expect(await take(picks)).toEqual({ created: 0, merged: 3, evidence: 0 });
    const joined = await byHeading("一机一密");
    expect(joined).toMatchObject({
      number: "6.1",
      verb: "requirement",
      grade: { strength: "strong", pilots: 7, sectors: 2 },
    });
    expect(joined.evidence.map((e) => [e.sector.code, e.batchNo, e.effectMilli, e.submissionSha256])).toEqual([
      ["AAA", 1, -4200, sealed[0]?.sha256],
      ["BBB", 2, -3100, sealed[1]?.sha256],
    ]);
    await expect(take([`${sealed[0]?.submissionId}/other`])).rejects.toMatchObject({ status: 404 });
  });

  test("clauses are added, changed under a revision, moved and removed", async () => {
    const w = world();
    const parent = await byHeading("设计研发阶段");
    const text = {
      parentId: parent.id,
      headingZh: "临时",
      headingEn: "",
      textZh: "方案必须评审。",
      textEn: "",
      dimension: null,
      object: null,
      lifecycle: null,
      mechanism: null,
      evidenceNone: true,
    };
    const added = await w.as(w.editor, (tx) => addClause(tx, w.editor, { specificationId: id, ...text }));
    await w.as(w.editor, (tx) => moveClause(tx, w.editor, { clauseId: added, direction: "up" }));
    expect((await byHeading("临时")).number).toBe("6.2");
    await expect(consult()).rejects.toMatchObject({ code: "workflow_refused" });
    await w.as(w.editor, (tx) =>
      saveClause(tx, w.editor, { ...text, textZh: "方案应评审。", clauseId: added, rev: 1 }),
    );
    await expect(
      w.as(w.director, (tx) => saveClause(tx, w.director, { ...text, clauseId: added, rev: 1 })),
    ).rejects.toMatchObject({ code: "stale_revision", extra: { theirs: { textZh: "方案应评审。" } } });
    await w.as(w.editor, (tx) => removeClause(tx, w.editor, { clauseId: added }));
    expect((await edition()).clauses.some((c) => c.id === added)).toBe(false);
  });

  test("a document without an element that the standard requires is neither put out for comments nor silent about it", async () => {
    const w = world();
    const scope = (await edition()).specification.body.scope;
    const write = (text: string) =>
      w.as(w.editor, async (tx) =>
        tx
          .update(specifications)
          .set({ body: { ...(await loadSpecification(tx, id)).body, scope: text } })
          .where(eq(specifications.id, id)),
      );
    await write(" ");
    const missing = (await edition()).gaps.filter((g) => g.severity === "blocking");
    expect(missing.map((g) => [g.key, g.params.element])).toEqual([["rule_specification_element_missing", "scope"]]);
    await expect(consult()).rejects.toMatchObject({ code: "workflow_refused" });
    await write(scope);
    expect((await edition()).gaps.filter((g) => g.severity === "blocking")).toEqual([]);
  });

  test("the public sees nothing before the consultation and may comment only while it is open", async () => {
    const w = world();
    const [visitor, text] = [
      { ip: "10.0.0.1", at: 1, now: day("2015-04-10") },
      { authorName: "李𠮷", authorOrganisation: "", text: "建议<明确>期限", proposal: "" },
    ];
    const target = await byHeading("一机一密");
    const comment = { specificationId: id, clauseId: target.id, ...text };
    expect(await withActor(w.db.read, nobody, listPublic)).toEqual([]);
    await expect(addComment(w.db, comment, visitor)).rejects.toMatchObject({ status: 404 });
    await expect(consult("2115-04-01", "2115-04-30")).rejects.toHaveProperty("fieldErrors.from");
    await expect(consult("2015-04-01", "2016-04-30")).rejects.toHaveProperty("fieldErrors.to");
    await consult();
    expect(await withActor(w.db.read, nobody, listPublic)).toHaveLength(1);
    await addComment(w.db, comment, visitor);
    await addComment(w.db, { ...comment, clauseId: null }, visitor);
    await expect(addComment(w.db, comment, { ...visitor, now: day("2015-05-01") })).rejects.toMatchObject({
      code: "consultation_closed",
    });
    await expect(withActor(w.db.read, nobody, (tx) => tx.select().from(comments))).rejects.toThrow();
    const early = w.at(w.editor, day("2015-04-20"));
    await expect(
      w.as(early, (tx) => closeConsultation(tx, early, { specificationId: id, locale })),
    ).rejects.toMatchObject({ code: "workflow_refused" });
    await expect(
      w.as(w.editor, (tx) => saveClause(tx, w.editor, { ...clauseForm(target), textZh: "改。" })),
    ).rejects.toMatchObject({ code: "sealed" });
    const late = w.at(w.editor, day("2015-05-02"));
    await w.as(late, (tx) => closeConsultation(tx, late, { specificationId: id, locale }));
    expect(await withActor(w.db.read, nobody, listPublic)).toEqual([]);
    // Past every check of ours: the database itself refuses.
    const insert = sql`insert into comments (tenant_id, id, specification_id, author_name, text, at) values (${w.nationalId}, gen_random_uuid(), ${id}, 'x', 'y', now())`;
    await expect(withActor(w.db.write, nobody, (tx) => tx.execute(insert))).rejects.toThrow();
  });

  test("a visitor who writes on and on is stopped", async () => {
    const w = world();
    const visitor = { ip: "10.0.0.9", at: 5, now: day("2015-04-10") };
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, () =>
        addComment(
          w.db,
          { specificationId: id, clauseId: null, authorName: "a", authorOrganisation: "", text: "b", proposal: "" },
          visitor,
        ),
      ),
    );
    expect(
      tries.filter((t) => t.status === "rejected" && (t.reason as { code?: string }).code === "too_many"),
    ).toHaveLength(2);
  });

  test("it is approved when every comment is settled, and only what was approved is published", async () => {
    const w = world();
    const director = w.at(w.director, day("2015-06-01"));
    const step = { specificationId: id, locale };
    await expect(w.as(director, (tx) => approve(tx, director, step))).rejects.toMatchObject({
      code: "workflow_refused",
    });
    const open = await w.as(w.editor, (tx) => commentsOf(tx, id));
    expect(open.map((c) => c.disposition)).toEqual(["open", "open"]);
    for (const c of open)
      await w.as(w.editor, (tx) =>
        settleComment(tx, w.editor, { commentId: c.id, rev: c.rev, disposition: "partly", reply: "已在条文中说明" }),
      );
    await expect(
      w.as(w.editor, (tx) =>
        settleComment(tx, w.editor, { commentId: open[0]?.id ?? "", rev: 1, disposition: "adopted", reply: "x" }),
      ),
    ).rejects.toMatchObject({ code: "stale_revision" });
    await w.as(director, (tx) => approve(tx, director, step));
    const target = await byHeading("一机一密");
    await w.as(w.editor, (tx) =>
      tx.update(clauses).set({ textZh: "每台设备应具有身份。" }).where(eq(clauses.id, target.id)),
    );
    await expect(
      publishEdition(w, director, { specificationId: id, effectiveOn: "2015-09-01" }, storage),
    ).rejects.toMatchObject({ code: "workflow_refused" });
    expect(await withActor(w.db.read, nobody, listPublic)).toEqual([]);
    await w.as(director, (tx) => reopenReview(tx, director, { ...step, reason: "核对文字" }));
    // What was approved is kept, so that it can be told what changed since.
    const since = await w.as(director, async (tx) => editionStanding(tx, await edition(), locale));
    expect(since).toMatchObject({
      needed: true,
      intact: true,
      changes: [{ label: "6.1 一机一密 · 内容", after: "每台设备应具有身份。" }],
    });
    expect(unnamed({ ...editionContent(await edition()), clauses: [] }, editionShape)).toEqual([]);
    await expect(w.as(w.editor, async (tx) => sealEdition(tx, w.editor, await edition()))).rejects.toThrow();
    await expect(
      w.as(director, (tx) => tx.update(specificationSeals).set({ sha256: "0".repeat(64) })),
    ).rejects.toThrow();
    await w.as(director, (tx) => approve(tx, director, step));
    // What was printed is not what would be published, or was not printed at all: nothing of the publication stays.
    const publication = { specificationId: id, effectiveOn: "2015-09-01", locale };
    const printed = await printEdition((work) => withActor(w.db.read, director, work), director, {
      ...publication,
      storage,
    });
    const otherDay = w.at(director, day("2015-06-02"));
    for (const [who, files] of [
      [otherDay, printed],
      [director, null],
      [director, printed && { ...printed, en: { ...printed.en, inputSha256: "0".repeat(64) } }],
    ] as const)
      await expect(w.as(who, (tx) => publish(tx, who, { ...publication, printed: files }))).rejects.toMatchObject({
        code: "changed_meanwhile",
        status: 409,
      });
    const broken: Storage = { ...storage, put: () => Promise.reject(new Error("disk full")) };
    await expect(
      printEdition((work) => withActor(w.db.read, director, work), director, { ...publication, storage: broken }),
    ).rejects.toThrow("disk full");
    expect([
      (await edition()).specification.state,
      await withActor(w.db.read, nobody, listPublic),
      await w.as(director, (tx) => tx.select().from(artifacts)),
    ]).toEqual(["approved", [], []]);
    await expect(
      publishEdition(w, director, { specificationId: id, effectiveOn: "2015-05-31" }, storage),
    ).rejects.toMatchObject({ code: "invalid" });
    const done = await publishEdition(w, director, { specificationId: id, effectiveOn: "2015-09-01" }, storage);
    expect(done).toMatchObject({ number: "WLW-GF 001-2015", contentSha256: editionSha256(await edition()) });
    expect(await storage.size(done.printed?.["zh-CN"].sha256 ?? "")).toBeGreaterThan(10_000);
  }, 60_000);

  test("published: read, traced and verified by everyone", async () => {
    const w = world();
    const asPublic = <T>(work: Parameters<typeof withActor<T>>[2]) => withActor(w.db.read, nobody, work);
    const e = await asPublic((tx) => publicEdition(tx, "wlw-gf 001-2015"));
    expect([e.specification.state, e.files.map((f) => f.locale)]).toEqual(["published", ["zh-CN", "en"]]);
    const p = provenance(e, "6.1");
    // Three pilots of one sector and four of another: told together, and neither by itself.
    expect(p).toMatchObject({
      strength: "strong",
      lines: [
        { sector: null, pilots: 7, batches: [1, 2], effectMilli: -3571, known: "reported", submissionSha256: null },
      ],
    });
    expect(() => provenance(e, "6.9")).toThrow();
    const { file } = await asPublic((tx) => publicFile(tx, "WLW-GF-001-2015", "en"));
    expect(await asPublic((tx) => verify(tx, file.sha256.toUpperCase()))).toMatchObject({
      kind: "file",
      locale: "en",
      number: "WLW-GF 001-2015",
    });
    expect(await asPublic((tx) => verify(tx, e.specification.contentSha256 ?? ""))).toMatchObject({
      kind: "specification",
      state: "published",
    });
    const own = (await edition()).clauses.flatMap((c) => c.evidence);
    for (const { submissionSha256 } of own) expect(await asPublic((tx) => verify(tx, submissionSha256))).toBeNull();
    const everything = ["zh-CN", "en"].map((l) =>
      JSON.stringify([publicView(e, l as Locale), specificationJob(e, [...e.tellings.values()], l as Locale).data]),
    );
    for (const text of everything) expect(text).not.toMatch(/领域AAA|领域BBB|[34] 个试点|[34] pilots/);
    expect(await asPublic((tx) => verify(tx, "0".repeat(64)))).toBeNull();
    expect(await asPublic((tx) => verify(tx, "' or 1=1"))).toBeNull();
    expect(await asPublic((tx) => tx.select().from(clauseTellings))).toHaveLength(e.tellings.size);
    for (const table of [clauseEvidence, disclosures])
      await expect(asPublic((tx) => tx.select().from(table))).rejects.toThrow();
    expect(
      await w.as(w.sectors[0].sites[0]?.officer ?? expect.fail(), (tx) =>
        tx.select().from(submissions).where(eq(submissions.kind, "specDraft")),
      ),
    ).toEqual([]);
  });

  test("a next edition supersedes it and shows what changed; withdrawn it stays readable", async () => {
    const w = world();
    const director = w.at(w.director, day("2017-02-01"));
    const next = await w.as(director, (tx) => createEdition(tx, director, { specificationId: id }));
    const editor = w.at(w.editor, day("2017-02-01"));
    const e = await w.as(editor, async (tx) => loadEdition(tx, await loadSpecification(tx, next)));
    const c = e.clauses.find((x) => x.number === "6.1") ?? expect.fail();
    expect(c.evidence).toHaveLength(2);
    await w.as(editor, (tx) =>
      saveClause(tx, editor, { ...clauseForm(c), textZh: "每台设备应具有唯一且可核验的身份。" }),
    );
    const [before, after] = await w.as(editor, async (tx) =>
      Promise.all([id, next].map(async (one) => comparable(await loadEdition(tx, await loadSpecification(tx, one))))),
    );
    const changed = diffEditions(before ?? [], after ?? []).filter((d) => d.status !== "same");
    expect(changed.map((d) => [d.status, d.after?.number, d.fields])).toEqual([["changed", "6.1", ["textZh"]]]);
    // Two pilots more: what the first edition told would tell of them, so that is told again and no other figure.
    const [known] = c.evidence;
    if (!known?.basis) return expect.fail();
    const two = Array.from({ length: 2 }, () => ({ site: uuidv7(), pilot: uuidv7(), version: "1" }));
    const added = { ...known, id: uuidv7(), tenantId: editor.tenantId, batchNo: 2, pilots: 2, createdAt: editor.now };
    await w.as(editor, (tx) =>
      tx.insert(clauseEvidence).values({
        ...added,
        statement: "两个试点",
        basis: { ...known.basis, subject: "effect:identity", members: two, sums: { change: -20_000, verified: 0 } },
      }),
    );
    const opening = w.at(director, day("2017-01-20"));
    await w.as(opening, (tx) =>
      openConsultation(tx, opening, { specificationId: next, from: "2017-02-01", to: "2017-03-02", locale }),
    );
    const later = w.at(director, day("2017-03-05"));
    await w.as(later, (tx) => closeConsultation(tx, later, { specificationId: next, locale }));
    await w.as(later, (tx) => approve(tx, later, { specificationId: next, locale }));
    await publishEdition(w, later, { specificationId: next, effectiveOn: "2017-06-01" }, storage);
    const told = provenance(await withActor(w.db.read, nobody, (tx) => publicEdition(tx, "WLW-GF 001-2017")), "6.1");
    expect(told.lines).toMatchObject([{ pilots: 7, effectMilli: -3571, atLeast: true }]);
    const states = async () => (await withActor(w.db.read, nobody, listPublic)).map((s) => `${s.number} ${s.state}`);
    expect(await states()).toEqual(["WLW-GF 001-2017 published", "WLW-GF 001-2015 superseded"]);
    await w.as(later, (tx) => withdraw(tx, later, { specificationId: next, reason: "合并入新规范", locale }));
    expect(await states()).toEqual(["WLW-GF 001-2017 withdrawn", "WLW-GF 001-2015 superseded"]);
  }, 60_000);
});
