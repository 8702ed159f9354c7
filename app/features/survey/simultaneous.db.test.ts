import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { transitionProject } from "#app/features/project/move.server.ts";
import { answers } from "#db/schema/index.ts";
import { send } from "#tests/builders/send.ts";
import { cell, code, fillIn, responseOf, siteOf } from "#tests/builders/survey.ts";
import { testWorld } from "#tests/builders/world.ts";
import { saveAnswer } from "./survey.server.ts";

const locale = "zh-CN" as const;

describe("several sites at once", () => {
  const world = testWorld();

  it("neither loses a cell nor lets a submission pass one that is being written", async () => {
    const w = world();
    const { regulator, projectId } = w.sectors[0];
    await w.as(regulator, (tx) => transitionProject(tx, regulator, { projectId, type: "OPEN_SURVEY", locale }));
    const s = siteOf(w);
    const documentId = await responseOf(w, s.officer, projectId, s.id);
    await fillIn(w, s, documentId);
    const writes = Array.from({ length: 12 }, (_, n) =>
      w
        .as(s.officer, (tx) => saveAnswer(tx, s.officer, { ...cell(n, { rev: 1, note: "竞态" }), documentId, locale }))
        .then(
          () => n,
          () => null,
        ),
    );
    const submitted = send(w, s.lead, documentId, "SUBMIT");
    const kept = (await Promise.all(writes)).filter((n) => n !== null);
    const content = (await submitted).submission?.content;
    const sealed = (content as { answers: { controlCode: string; note: string }[] }).answers;
    const working = await w.as(s.officer, (tx) =>
      tx
        .select({ controlCode: answers.controlCode, note: answers.note })
        .from(answers)
        .where(eq(answers.documentId, documentId)),
    );
    // what was said to be saved is in the seal, and nothing is saved that is not
    expect(new Map(sealed.map((a) => [a.controlCode, a.note]))).toEqual(
      new Map(working.map((a) => [a.controlCode, a.note])),
    );
    for (const n of kept) expect(sealed.find((a) => a.controlCode === code(n))?.note).toBe("竞态");
  });
});
