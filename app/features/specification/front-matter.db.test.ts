import { expect, test } from "vitest";
import { testWorld } from "#tests/builders/world.ts";
import { loadSpecification } from "./edition.server.ts";
import { createSpecification, saveFrontMatter } from "./editing.server.ts";
import { frontMatterSchema } from "./specification.schema.ts";

const world = testWorld();

test("lists of the front matter are saved, emptied by a form that has them, and left alone by one that has not", async () => {
  const w = world();
  const titles = { titleZh: "规范", titleEn: "Specification" };
  const specificationId = await w.as(w.editor, (tx) =>
    createSpecification(tx, w.editor, { programmeId: w.programmeId, number: "", ...titles }),
  );
  const body = async () => w.as(w.editor, async (tx) => (await loadSpecification(tx, specificationId)).body);
  let rev = 1;
  const save = async (more: object) => {
    const typed = { rev: String(rev), ...titles, scope: "范围", issuedBy: "办公室", ...more };
    const input = frontMatterSchema.parse(typed);
    rev = await w.as(w.editor, (tx) => saveFrontMatter(tx, w.editor, { specificationId, ...input }));
    const { terms, abbreviations, ics, ccs } = await body();
    return { terms: terms.map((t) => t.term), abbreviations, ics, ccs };
  };
  const lists = {
    lists: "on",
    terms: [{ term: "网关", termEn: "gateway", definition: "连接两个网络的设备" }],
    abbreviations: "RFID 射频识别",
    ics: "35.020",
    ccs: "L 81",
  };
  const saved = { terms: ["网关"], abbreviations: [{ short: "RFID", full: "射频识别" }], ics: "35.020", ccs: "L 81" };
  expect(await save(lists)).toEqual(saved);
  expect(await save({})).toEqual(saved);
  expect(await save({ lists: "on" })).toEqual({ terms: [], abbreviations: [], ics: "", ccs: "" });
});
