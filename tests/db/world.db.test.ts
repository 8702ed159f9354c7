import { describe, expect, it } from "vitest";
import { eq } from "drizzle-orm";
import { documents, projects, sites } from "#db/schema/index.ts";
import { createDocument, loadDraft, saveDraft } from "#app/features/document/document.server.ts";
import { submitDocument } from "#tests/builders/documents.ts";
import { fire } from "#app/features/workflow/workflow.server.ts";
import { testWorld } from "#tests/builders/world.ts";

describe("a world made through use-cases", () => {
  const world = testWorld();

  it("shows a sector to its own people only", async () => {
    const w = world();
    const [one, two] = w.sectors;
    expect(await w.as(one.regulator, (tx) => tx.select({ id: sites.id }).from(sites))).toHaveLength(2);
    const other = two.sites[0];
    if (!other) throw new Error("no site");
    expect(await w.as(one.regulator, (tx) => tx.select().from(sites).where(eq(sites.id, other.id)))).toHaveLength(0);
    const own = one.sites[0];
    expect(own && (await w.as(own.officer, (tx) => tx.select({ id: sites.id }).from(sites)))).toEqual([
      { id: own?.id },
    ]);
    expect(await w.as(w.director, (tx) => tx.select({ id: projects.id }).from(projects))).toHaveLength(2);
  });

  it("moves a project by its machine and refuses a stale version", async () => {
    const w = world();
    const [one] = w.sectors;
    const facts = { questionCount: 72, invitedSites: 2 };
    const fired = await w.as(one.regulator, (tx) =>
      fire(tx, one.regulator, { objectId: one.projectId, type: "OPEN_SURVEY", facts, expectedVersion: 0 }, "en"),
    );
    expect(fired.to).toBe("survey.collecting");
    await expect(
      w.as(one.regulator, (tx) =>
        fire(tx, one.regulator, { objectId: one.projectId, type: "START_CLOSING", facts, expectedVersion: 0 }, "en"),
      ),
    ).rejects.toMatchObject({
      code: "stale_version",
      status: 409,
      extra: { state: "survey.collecting", version: 1 },
    });
  });

  it("keeps a site's draft from its regulator until it is sealed", async () => {
    const w = world();
    const [one] = w.sectors;
    const site = one.sites[0];
    if (!site) throw new Error("no site");
    const doc = await w.as(one.regulator, (tx) =>
      createDocument(tx, one.regulator, {
        kind: "surveyResponse",
        projectId: one.projectId,
        title: "调研",
        siteId: site.id,
        systemId: site.systemId,
      }),
    );
    await w.as(site.officer, (tx) => saveDraft(tx, site.officer, doc, { secret: "草稿" }, 0));
    expect(await w.as(one.regulator, (tx) => loadDraft(tx, doc.id, null))).toMatchObject({ body: null, rev: 0 });
    await expect(
      w.as(site.officer, (tx) => saveDraft(tx, site.officer, doc, { secret: "x" }, 0)),
    ).rejects.toMatchObject({ code: "stale_revision", extra: { theirs: { secret: "草稿" } } });
    const sealing = { content: { a: 1 }, summary: {} };
    const completeness = { completeness: 100, missingParts: [] };
    await w.as(site.lead, (tx) =>
      submitDocument(tx, site.lead, { document: doc, locale: "en", sealing, completeness }),
    );
    expect(
      await w.as(one.regulator, (tx) =>
        tx.select({ state: documents.state }).from(documents).where(eq(documents.id, doc.id)),
      ),
    ).toEqual([{ state: "submitted.sector" }]);
  });
});
