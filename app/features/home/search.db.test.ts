import { expect, it } from "vitest";
import { addClause, createSpecification } from "#app/features/specification/editing.server.ts";
import { loadEdition, loadSpecification } from "#app/features/specification/edition.server.ts";
import { specifications, clauses } from "#db/schema/index.ts";
import { testWorld } from "#tests/builders/world.ts";
import { search } from "./search.server.ts";

const world = testWorld();

it("leads who edits to the clause in work, and everyone else to the published text or nowhere", async () => {
  const w = world();
  const { lead } = w.sectors[0];
  const find = (actor: typeof lead, words: string) =>
    w.as(actor, async (tx) => (await search(tx, actor, words, "en")).map((i) => `${i.kind} ${i.to}`));
  const id = await w.as(w.editor, (tx) =>
    createSpecification(tx, w.editor, {
      programmeId: w.programmeId,
      titleZh: "规范",
      titleEn: "Rules for 100% of devices",
      number: "",
    }),
  );
  const clauseId = await w.as(w.editor, async (tx) => {
    const chapter =
      (await loadEdition(tx, await loadSpecification(tx, id))).clauses.find((c) => c.parentId === null)?.id ??
      expect.fail();
    return addClause(tx, w.editor, {
      specificationId: id,
      parentId: chapter,
      headingZh: "",
      headingEn: "",
      textZh: "每台设备应具有唯一身份_一。",
      textEn: "",
      dimension: null,
      object: null,
      lifecycle: null,
      mechanism: null,
      evidenceNone: true,
    });
  });
  const work = [`Clause in drafting /national/specifications/${id}?clause=${clauseId}#clause-${clauseId}`];
  expect([await find(w.editor, "唯一身份"), await find(w.director, "唯一身份"), await find(lead, "唯一身份")]).toEqual([
    work,
    work,
    [],
  ]);
  expect(await find(w.editor, "100%")).toEqual([`Specification in drafting /national/specifications/${id}`]);
  // Wildcards of the pattern language mean themselves.
  expect([await find(w.editor, "0_o"), await find(w.editor, "%"), await find(w.editor, "份_一")]).toEqual([
    [],
    [`Specification in drafting /national/specifications/${id}`],
    work,
  ]);

  const shown = async (state: string) => {
    await w.as(w.director, async (tx) => {
      await tx.update(specifications).set({ public: true, state });
      await tx.update(clauses).set({ public: true });
    });
    return { editor: await find(w.editor, "唯一身份"), sector: await find(lead, "唯一身份") };
  };
  const { number } = await w.as(w.editor, (tx) => loadSpecification(tx, id));
  const read = [`Clause /specifications/${number.replace(" ", "-")}#clause-${clauseId}`];
  expect(await shown("consultation")).toEqual({ editor: work, sector: read });
  expect(await shown("published")).toEqual({ editor: read, sector: read });
});
