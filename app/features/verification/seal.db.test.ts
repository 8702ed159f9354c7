import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDocument, latestSubmission, loadDocument } from "#app/features/document/document.server.ts";
import { approveDocument, submitDocument, noteOther } from "#tests/builders/documents.ts";
import type { Actor } from "#app/request/actor.ts";
import { canonicalJson, sealOf } from "#app/platform/canonical.server.ts";
import { withActor } from "#db/client.server.ts";
import { levels } from "#db/roles.ts";
import { testWorld } from "#tests/builders/world.ts";
import type { EntryProof } from "#app/features/audit/inclusion.server.ts";
import { leafHashOf } from "#app/features/audit/chain.server.ts";
import { rootFromInclusion } from "#app/features/audit/merkle.server.ts";
import { knownSeal, sealChain, sealedContent } from "./seal.server.ts";

const world = testWorld();
const nobody = { level: "public", secret: null } as const;
const locale = "zh-CN" as const;
const full = { completeness: { completeness: 100, missingParts: [] }, locale };

let root: postgres.Sql;
let documentId = "";
let digests: [string, string] = ["", ""];
const content = (text: string) => ({ kind: "surveyResponse", text, 𠮷: [1, "二", null] });
const people = () => {
  const w = world();
  const [sector, foreign] = w.sectors;
  const [site, neighbour] = sector.sites;
  if (!site || !neighbour) throw new Error("no sites");
  return { w, sector, foreign, site, neighbour };
};
const chainFor = (actor: Actor, sha256 = digests[1]) =>
  withActor(world().db.read, actor, (tx) => sealChain(tx, actor, sha256, locale));

/** Submitted, approved, changed, submitted and approved again. */
beforeAll(async () => {
  const { w, sector, site } = people();
  root = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
  const submit = (text: string) =>
    w.as(
      site.lead,
      async (tx) =>
        (
          await submitDocument(tx, site.lead, {
            document: await loadDocument(tx, documentId),
            sealing: { content: content(text), summary: {} },
            ...full,
          })
        ).submission.sha256,
    );
  const approve = () =>
    w.as(sector.regulator, async (tx) =>
      approveDocument(tx, sector.regulator, { document: await loadDocument(tx, documentId), locale }),
    );
  const document = await w.as(site.lead, (tx) =>
    createDocument(tx, site.lead, {
      kind: "surveyResponse",
      projectId: sector.projectId,
      title: "门禁系统调研表",
      siteId: site.id,
      systemId: site.systemId,
    }),
  );
  documentId = document.id;
  const first = await submit("一");
  await approve();
  await w.as(site.lead, async (tx) =>
    noteOther(tx, site.lead, await loadDocument(tx, documentId), content("二"), locale),
  );
  digests = [first, await submit("二")];
  await approve();
});
afterAll(() => root.end());

describe("what a digest tells", () => {
  it("a stranger: kind and first time, and nothing more, at every level; of an unknown one nothing; of none no error", async () => {
    const { w } = people();
    const ask = (sha256: string) => withActor(w.db.read, nobody, (tx) => knownSeal(tx, sha256));
    expect(await ask(digests[0])).toEqual({ kind: "surveyResponse", sealedAt: people().site.lead.now });
    for (const wrong of [
      sealOf("no such"),
      digests[0].slice(1),
      `${digests[0]}0`,
      digests[0].toUpperCase(),
      "' or true --",
      "%",
      "",
    ])
      expect(await ask(wrong)).toBeNull();
    for (const level of levels)
      expect(await withActor(w.db.read, { level, secret: null }, (tx) => knownSeal(tx, digests[1]))).toMatchObject({
        kind: "surveyResponse",
      });
    // The function answers to a digest alone: no list, no prefix, no column beside.
    const rows = await root`select * from auth.known_seal(${digests[0]})`;
    expect([rows.length, Object.keys(rows[0] ?? {})]).toEqual([1, ["kind", "sealed_at"]]);
  });

  it("who may see it: each seal in its order with the one before, who, when, in which role", async () => {
    const { site, sector } = people();
    for (const actor of [site.officer, site.lead, sector.regulator, sector.auditor]) {
      const chain = await chainFor(actor);
      expect(chain, actor.role).toMatchObject({
        kind: "surveyResponse",
        title: "门禁系统调研表",
        standing: "approved",
        intact: true,
      });
      expect(chain?.steps.map((s) => [s.label, s.who, s.sha256, s.previous, s.asked])).toEqual([
        ["提交审核", site.lead.name, digests[0], null, false],
        ["批准并封存", sector.regulator.name, digests[0], null, false],
        [expect.any(String), site.lead.name, null, null, false],
        [expect.any(String), site.lead.name, digests[1], digests[0], true],
        ["批准并封存", sector.regulator.name, digests[1], null, true],
      ]);
    }
    expect(await chainFor(site.lead, digests[0])).toMatchObject({ standing: "earlier" });
    expect((await chainFor(site.lead))?.to).toBe(`/projects/${sector.projectId}/survey/${documentId}`);
  });

  it("everybody else: as a stranger", async () => {
    const { w, foreign, neighbour } = people();
    for (const actor of [
      foreign.regulator,
      foreign.lead,
      foreign.auditor,
      neighbour.lead,
      neighbour.officer,
      w.director,
      w.editor,
      w.assessor,
      w.operator,
    ]) {
      expect(await chainFor(actor), actor.role).toBeNull();
      expect(
        await withActor(w.db.read, actor, (tx) => sealedContent(tx, actor, digests[1])),
        actor.role,
      ).toBeUndefined();
    }
    expect(await chainFor(people().site.lead, "x")).toBeNull();
  });

  it("the content taken out has the digest of its bytes", async () => {
    const { w, site } = people();
    const found = await withActor(w.db.read, site.officer, (tx) => sealedContent(tx, site.officer, digests[1]));
    expect([found, sealOf(found)]).toEqual([content("二"), digests[1]]);
    expect(JSON.parse(canonicalJson(found))).toEqual(found);
  });
});

describe("the way to the national root", () => {
  const entryOf = async (actor: Actor): Promise<EntryProof | null> =>
    (await chainFor(actor))?.steps.at(-1)?.entry ?? null;

  it("waits for the sealing, and is there for who reads the trail: the entry, its links, its leaf, its path", async () => {
    const { sector, site } = people();
    expect(await entryOf(sector.auditor)).toMatchObject({ intact: true, inclusion: null });
    await root`select auth.seal_audit()`;
    const entry = await entryOf(sector.auditor);
    expect(entry?.inclusion).toMatchObject({ proven: true, linked: true });
    const { leaf, path, root: tree } = entry?.inclusion ?? expect.fail("no inclusion");
    const [at] = await root<
      { at: Date }[]
    >`select at from audit_leaves where tenant_id = ${sector.id} and no = ${leaf.no}`;
    const content_ = {
      v: 1,
      tenant: sector.id,
      seq: leaf.seq,
      head: leaf.head,
      at: at?.at.toISOString() ?? "",
    } as const;
    expect(rootFromInclusion(leafHashOf(content_), leaf.no, tree.size, path)).toBe(tree.root);
    // A lead does not see every entry between, and is told so; who does not read the trail gets none.
    expect((await entryOf(sector.lead))?.inclusion).toMatchObject({ proven: true });
    for (const actor of [site.lead, sector.regulator]) expect(await entryOf(actor)).toBeNull();
  });

  it("notices an entry that was changed by a superuser, and one that was left out", async () => {
    const { sector } = people();
    const seq = (await entryOf(sector.auditor))?.seq ?? 0;
    await root`update audit_entries set name = '别人' where tenant_id = ${sector.id} and seq = ${seq}`;
    expect(await entryOf(sector.auditor)).toMatchObject({ intact: false });
    await root`update audit_entries set name = ${sector.regulator.name} where tenant_id = ${sector.id} and seq = ${seq}`;
    expect(await entryOf(sector.auditor)).toMatchObject({ intact: true });
    await root`update audit_leaves set head = ${"0".repeat(64)} where tenant_id = ${sector.id}`;
    expect((await entryOf(sector.auditor))?.inclusion).toMatchObject({ proven: false, linked: false });
  });
});

describe("sealed content", () => {
  it("changed past the product is noticed by everybody who reads its course", async () => {
    const { site, sector, w } = people();
    await root`update submissions set content = jsonb_set(content, '{text}', '"三"') where sha256 = ${digests[1]}`;
    for (const actor of [site.officer, sector.lead, sector.auditor])
      expect(await chainFor(actor)).toMatchObject({ intact: false });
    expect((await w.as(site.lead, (tx) => latestSubmission(tx, documentId)))?.sha256).toBe(digests[1]);
  });
});
