import postgres from "postgres";
import type { loadEdition } from "#app/features/specification/edition.server.ts";
import { printEdition, publish } from "#app/features/specification/publication.server.ts";
import { saveSectorClause } from "#app/features/specification/sector-draft.server.ts";
import type { DraftClause } from "#app/features/specification/specification.schema.ts";
import type { Storage } from "#app/platform/storage.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { withActor } from "#db/client.server.ts";
import fixtures from "#workflows/project/fixtures/v1.json" with { type: "json" };
import { sendOf } from "./send.ts";
import type { TestSector, World } from "./world.ts";

/* Sectors' drafts as they are written and handed on, and the national edition that is made of them. */

const locale = "zh-CN" as const;

/** What the pilots of a batch showed: the risk of the identity dimension fell by so many points. */
const pilotEvidence = (batchNo: 1 | 2, pilots: number, cut: number): DraftClause["evidence"][number] => ({
  kind: "pilot",
  ref: `B${batchNo}-identity`,
  batchNo,
  pilots,
  statement: `第${batchNo === 1 ? "一" : "二"}批 ${pilots} 个试点的身份维度风险平均下降 ${cut}`,
  effectMilli: Math.round(cut * -1000),
  dissent: false,
  basis: {
    subject: "effect:identity",
    members: Array.from({ length: pilots }, () => ({ site: uuidv7(), pilot: uuidv7(), version: "1" })),
    sums: { change: Math.round(cut * -1000) * pilots, verified: 0 },
  },
});

/** A clause of a sector's draft that lacks nothing. */
export const sectorClause = (over: Partial<DraftClause> = {}): Omit<DraftClause, "verb"> => ({
  key: "",
  chapter: "design",
  title: "一机一密",
  text: "每台设备应具有唯一身份。",
  titleEn: "One identity",
  textEn: "Each device shall have a unique identity.",
  tags: { dimension: "identity", object: "equipment", lifecycle: "design", mechanism: "defend" },
  evidence: [pilotEvidence(1, 3, 4.2)],
  evidenceNone: false,
  ...over,
});

/** Puts a project where its sector writes the draft: the way there has tests of its own. */
export async function toSpecification(w: World, sector: TestSector): Promise<void> {
  const owner = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
  const golden = fixtures["specification.drafting"];
  await owner`update workflow_instances set state = ${golden.state}, snapshot = ${owner.json(golden.snapshot)} where object_id = ${sector.projectId}`;
  await owner`update projects set state = ${golden.state} where id = ${sector.projectId}`;
  await owner.end();
}

/** A sector's draft with the national office: written, submitted, endorsed. */
async function handOnDraft(w: World, sector: TestSector, given: readonly Omit<DraftClause, "verb">[]): Promise<void> {
  const { projectId, regulator, lead } = sector;
  await toSpecification(w, sector);
  await w.as(regulator, async (tx) => {
    let rev = 0;
    for (const clause of given) ({ rev } = await saveSectorClause(tx, regulator, { projectId, rev, clause }));
  });
  await sendOf(w, regulator, { projectId, kind: "specDraft" }, "SUBMIT");
  await sendOf(w, lead, { projectId, kind: "specDraft" }, "ENDORSE");
}

/** Both sectors say the same of one clause, each from a batch of its own; the second adds one that rests on nothing yet. */
export async function handOnTwoDrafts(w: World): Promise<void> {
  const [a, b] = w.sectors;
  await handOnDraft(w, a, [sectorClause()]);
  await handOnDraft(w, b, [
    sectorClause({ evidence: [pilotEvidence(2, 4, 3.1)] }),
    sectorClause({
      title: "口令",
      text: "设备宜提示修改口令。",
      textEn: "",
      tags: { dimension: "identity", object: "equipment", lifecycle: "operation", mechanism: "discover" },
      evidence: [],
      evidenceNone: true,
    }),
  ]);
}

type EditionClause = Awaited<ReturnType<typeof loadEdition>>["clauses"][number];
/** A clause of the edition as its form sends it back. */
export const clauseForm = (c: EditionClause) => ({
  clauseId: c.id,
  rev: c.rev,
  parentId: null,
  headingZh: c.headingZh,
  headingEn: c.headingEn,
  textZh: c.textZh,
  textEn: c.textEn,
  dimension: c.dimension,
  object: c.object,
  lifecycle: c.lifecycle,
  mechanism: c.mechanism,
  evidenceNone: false,
});

/** Publishes as the page does it: the files first, with nothing held, then the transaction. */
export async function publishEdition(
  w: World,
  actor: Actor,
  edition: { specificationId: string; effectiveOn: string },
  storage: Storage,
) {
  const publication = { ...edition, locale };
  const printed = await printEdition((work) => withActor(w.db.read, actor, work), actor, { ...publication, storage });
  const done = await w.as(actor, (tx) => publish(tx, actor, { ...publication, printed }));
  return { ...done, printed };
}
