import { and, desc, eq } from "drizzle-orm";
import { compare } from "#app/features/document/difference.rules.ts";
import { changeLines } from "#app/features/document/difference.server.ts";
import type { Approval } from "#app/features/document/approval.server.ts";
import { type Unprintable, unprintableIn } from "#app/features/document/printable.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { specificationSeals } from "#db/schema/index.ts";
import { editionShape } from "./content-shapes.rules.ts";
import { type Edition, editionContent, type SpecificationRow } from "./edition.server.ts";
import { diffEditions, type EditionClause } from "./editions.rules.ts";
import { sideOf } from "./sides.ts";

/* What each approval of an edition fixed, kept: an approval taken back leaves what it was about to compare with. */

type Content = ReturnType<typeof editionContent>;
type SealRow = typeof specificationSeals.$inferSelect;

/** The last approval's, or null. The national office's eyes only. */
async function lastSeal(tx: Tx, s: Pick<SpecificationRow, "tenantId" | "id">): Promise<SealRow | null> {
  const [row] = await tx
    .select()
    .from(specificationSeals)
    .where(and(eq(specificationSeals.tenantId, s.tenantId), eq(specificationSeals.specificationId, s.id)))
    .orderBy(desc(specificationSeals.seq))
    .limit(1);
  return row ?? null;
}

/** Keeps what the director approves; the same content approved again is a seal of its own. */
export async function sealEdition(tx: Tx, actor: Actor, e: Edition): Promise<void> {
  const { tenantId, id: specificationId } = e.specification;
  const last = await lastSeal(tx, e.specification);
  const content = editionContent(e);
  await tx.insert(specificationSeals).values({
    tenantId,
    id: uuidv7(),
    specificationId,
    seq: (last?.seq ?? 0) + 1,
    content,
    sha256: sealOf(content),
    previousSha256: last?.sha256 ?? null,
    sealedAt: actor.now,
    sealedByName: actor.name,
    sealedByRole: actor.role,
  });
}

/** Clauses of both sides with the pair they belong to, for neither side has ids: paired as two editions are. */
function pairedClauses(before: Content, after: Content): [unknown, unknown] {
  const facts = (side: string, clauses: Content["clauses"]): EditionClause[] =>
    clauses.map((c, i) => ({
      id: `${side}${i}`,
      number: c.number,
      headingZh: c.headingZh,
      headingEn: c.headingEn,
      textZh: c.textZh,
      textEn: c.textEn,
      verb: c.verb,
    }));
  const pairs = new Map<string, string>();
  for (const [i, change] of diffEditions(facts("b", before.clauses), facts("a", after.clauses)).entries()) {
    const no = String(i).padStart(4, "0");
    if (change.before) pairs.set(change.before.id, no);
    if (change.after) pairs.set(change.after.id, no);
  }
  const withPairs = (side: string, content: Content) => ({
    ...content,
    clauses: content.clauses.map((c, i) => ({ ...c, pair: pairs.get(`${side}${i}`) ?? `${side}${i}` })),
  });
  return [withPairs("b", before), withPairs("a", after)];
}

/** Characters of an edition that its printed files will not show. */
export const unprintableOf = (e: Edition, locale: Locale): Unprintable[] =>
  unprintableIn(editionContent(e), { shape: editionShape, words: { side: sideOf }, locale });

/** What differs from the last approval, once it was taken back or the text no longer is the approved one. */
export async function editionStanding(tx: Tx, e: Edition, locale: Locale): Promise<Approval | null> {
  const seal = await lastSeal(tx, e.specification);
  if (!seal) return null;
  const [before, after] = pairedClauses(seal.content as Content, editionContent(e));
  const { changes, material } = compare(before, after, editionShape);
  return {
    needed: material,
    changes: changeLines(changes, { shape: editionShape, before, after, words: { side: sideOf }, locale }),
    intact: sealOf(seal.content) === seal.sha256,
    approved: { sha256: seal.sha256, at: seal.sealedAt.toISOString(), by: seal.sealedByName },
  };
}
