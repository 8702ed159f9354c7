import { and, eq } from "drizzle-orm";
import { noteDocumentChange } from "#app/features/document/approval.server.ts";
import { type DocumentRow, isEditable } from "#app/features/document/document.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { conflict, notFound, staleRevision } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { assets } from "#db/schema/index.ts";
import type { AssetInput, SealedAsset } from "./survey.schema.ts";
import { lockResponse } from "./locked.server.ts";

/* The assets of a system: the site's working list, worked on beside its response and sealed with it. */

export type AssetRow = typeof assets.$inferSelect;

/** An asset as it is shown and sealed. */
export const assetContent = (a: AssetRow): SealedAsset => ({
  id: a.id,
  name: a.name,
  object: a.object,
  supplier: a.supplier,
  singleSource: a.singleSource,
  replacementTested: a.replacementTested,
  c: a.c,
  i: a.i,
  a: a.a,
  note: a.note,
});

/** The assets of the system that a response is about: those of one kind together, the oldest first. */
export const listAssets = (
  tx: Tx,
  document: Pick<DocumentRow, "tenantId" | "siteId" | "systemId">,
): Promise<AssetRow[]> =>
  tx
    .select()
    .from(assets)
    .where(
      and(
        eq(assets.tenantId, document.tenantId),
        eq(assets.siteId, document.siteId ?? ""),
        eq(assets.systemId, document.systemId ?? ""),
      ),
    )
    .orderBy(assets.object, assets.id);

interface Of {
  documentId: string;
  locale: Locale;
}

async function editableResponse(
  tx: Tx,
  documentId: string,
): Promise<DocumentRow & { siteId: string; systemId: string }> {
  const document = await lockResponse(tx, documentId);
  const { siteId, systemId } = document;
  if (siteId === null || systemId === null) throw notFound({ logMessage: `response ${documentId}` });
  if (!isEditable(document))
    throw conflict({ code: "sealed", logMessage: `response ${documentId} is ${document.state}` });
  return { ...document, siteId, systemId };
}

/** Adds an asset to the system of a response. Returns its id. */
export async function addAsset(
  tx: Tx,
  actor: Actor,
  { documentId, locale, ...input }: Of & AssetInput,
): Promise<string> {
  const document = await editableResponse(tx, documentId);
  const id = uuidv7();
  await tx.insert(assets).values({
    tenantId: document.tenantId,
    id,
    siteId: document.siteId,
    systemId: document.systemId,
    ...input,
    updatedAt: actor.now,
  });
  await noteDocumentChange(tx, actor, document, locale);
  return id;
}

/** Many at once, for imports and the demonstration. Returns their ids in order. */
export async function addAssets(
  tx: Tx,
  actor: Actor,
  { documentId, locale, list }: Of & { list: readonly AssetInput[] },
): Promise<string[]> {
  const document = await editableResponse(tx, documentId);
  if (list.length === 0) return [];
  const rows = list.map((a) => ({
    tenantId: document.tenantId,
    id: uuidv7(),
    siteId: document.siteId,
    systemId: document.systemId,
    ...a,
    updatedAt: actor.now,
  }));
  await tx.insert(assets).values(rows);
  await noteDocumentChange(tx, actor, document, locale);
  return rows.map((r) => r.id);
}

/** Changes an asset from the revision the person saw. Returns the new one. @throws conflict `stale_revision` with theirs. */
export async function changeAsset(
  tx: Tx,
  actor: Actor,
  { documentId, locale, assetId, rev, ...input }: Of & AssetInput & { assetId: string; rev: number },
): Promise<number> {
  const document = await editableResponse(tx, documentId);
  const own = and(
    eq(assets.tenantId, document.tenantId),
    eq(assets.id, assetId),
    eq(assets.systemId, document.systemId),
  );
  const changed = await tx
    .update(assets)
    .set({ ...input, rev: rev + 1, updatedAt: actor.now })
    .where(and(own, eq(assets.rev, rev)))
    .returning({ rev: assets.rev });
  const [done] = changed;
  if (!done) {
    const [theirs] = await tx.select().from(assets).where(own);
    if (!theirs) throw notFound({ logMessage: `asset ${assetId}` });
    throw staleRevision(theirs.name, { rev: theirs.rev, theirs });
  }
  await noteDocumentChange(tx, actor, document, locale);
  return done.rev;
}

/** Takes an asset off the list; sealed submissions keep it. */
export async function removeAsset(
  tx: Tx,
  actor: Actor,
  { documentId, locale, assetId }: Of & { assetId: string },
): Promise<void> {
  const document = await editableResponse(tx, documentId);
  const gone = await tx
    .delete(assets)
    .where(and(eq(assets.tenantId, document.tenantId), eq(assets.id, assetId), eq(assets.systemId, document.systemId)))
    .returning({ id: assets.id });
  if (gone.length !== 1) throw notFound({ logMessage: `asset ${assetId}` });
  await noteDocumentChange(tx, actor, document, locale);
}
