import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import { noteDocumentChange } from "#app/features/document/approval.server.ts";
import { isEditable, loadDocument, lockDocument } from "#app/features/document/document.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { reachOf } from "#app/request/permissions.ts";
import { AppError, conflict, invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { evidence, measures, pilots, risks, systems } from "#db/schema/index.ts";
import { controls } from "#seeds/catalogue/index.ts";
import type { SealedEvidence, Target } from "./evidence.schema.ts";

/*
 * Files that bear a site's word out. Policies decide who sees which; here is what a site may add and take away, how much of
 * it, and what is sealed with a document.
 */

export type EvidenceRow = typeof evidence.$inferSelect;
/** A file as pages and the API show it. */
export interface EvidenceItem {
  id: string;
  name: string;
  type: string;
  bytes: number;
  sha256: string;
  by: string;
  at: Date;
  part: string;
  measureId: string | null;
  /** Handed over: stays for ever. */
  fixed: boolean;
}

const toItem = (r: EvidenceRow): EvidenceItem => ({
  id: r.id,
  name: r.name,
  type: r.mediaType,
  bytes: r.bytes,
  sha256: r.sha256,
  by: r.uploadedByName,
  at: r.createdAt,
  part: r.part,
  measureId: r.measureId,
  fixed: r.submissionId !== null || r.measureId !== null,
});

const list = async (tx: Tx, where: ReturnType<typeof and>): Promise<EvidenceItem[]> =>
  (await tx.select().from(evidence).where(where).orderBy(asc(evidence.createdAt), asc(evidence.id))).map(toItem);

/** Files of a document that the caller may see. */
export const evidenceOfDocument = (tx: Tx, document: { tenantId: string; id: string }) =>
  list(tx, and(eq(evidence.tenantId, document.tenantId), eq(evidence.documentId, document.id)));
/** Files of a pilot's reports and measures that the caller may see. */
export const evidenceOfPilot = (tx: Tx, pilot: { tenantId: string; id: string }) =>
  list(tx, and(eq(evidence.tenantId, pilot.tenantId), eq(evidence.pilotId, pilot.id)));

/** Files by the part they belong to. */
export function byPart(items: readonly EvidenceItem[]): Record<string, EvidenceItem[]> {
  const parts: Record<string, EvidenceItem[]> = {};
  for (const item of items) (parts[item.part] ??= []).push(item);
  return parts;
}

/** @throws notFound, also for somebody else's. */
export async function loadEvidence(tx: Tx, id: string): Promise<EvidenceRow> {
  const [row] = await tx.select().from(evidence).where(eq(evidence.id, id));
  if (!row) throw notFound({ logMessage: `evidence ${id}` });
  return row;
}

/** Where the bytes of a row lie. */
export const keptUnder = (row: Pick<EvidenceRow, "tenantId" | "id">): string => `${row.tenantId}/${row.id}`;

interface Place {
  tenantId: string;
  projectId: string;
  siteId: string;
  documentId: string | null;
  part: string;
  measureId: string | null;
  pilotId: string | null;
  /** Whether files may be added now. */
  open: boolean;
  /** Approved with the files it has: another one asks for a new approval. */
  approved: boolean;
  /** Whose it is, in words of the register: a control's code and title, a measure's code and title. */
  title: { zh: string; en: string };
  of: string;
  /** Page that it belongs to. */
  back: string;
}

/** What a target means to the caller. @throws notFound for what the caller does not see or what takes no files. */
export async function placeOfTarget(tx: Tx, actor: Actor, target: Target): Promise<Place> {
  return target.document === undefined
    ? measurePlace(tx, actor, target)
    : documentPlace(tx, actor, target.document, target.part);
}

async function documentPlace(tx: Tx, actor: Actor, documentId: string, part: string): Promise<Place> {
  // Testers read files by their grants of pilots; documents are closed to them.
  if (reachOf(actor.role, "surveyResponse") === null) throw notFound({ logMessage: `document ${documentId}` });
  const document = await loadDocument(tx, documentId);
  const { tenantId, projectId, siteId, pilotId, systemId } = document;
  if (siteId === null || (document.kind !== "surveyResponse" && document.kind !== "progressReport"))
    throw notFound({ logMessage: `document ${documentId} takes no evidence` });
  const base = {
    tenantId,
    projectId,
    siteId,
    documentId,
    part,
    measureId: null,
    pilotId,
    open: actor.level === "site" && isEditable(document),
    approved: document.state === "approved",
  };
  const [system] =
    systemId === null
      ? []
      : await tx
          .select({ name: systems.name })
          .from(systems)
          .where(and(eq(systems.tenantId, tenantId), eq(systems.id, systemId)));
  const of = system?.name ?? "";
  if (document.kind === "progressReport") {
    if (part !== "") throw notFound({ logMessage: "a report has no parts of evidence" });
    return {
      ...base,
      title: { zh: document.title, en: document.title },
      of,
      back: `/pilots/${pilotId ?? ""}?report=${documentId}#report`,
    };
  }
  const control = controls.find((c) => c.id === part);
  if (!control) throw notFound({ logMessage: `no control ${part}` });
  return {
    ...base,
    title: { zh: `${part} ${control.title_zh}`, en: `${part} ${control.title_en}` },
    of,
    back: `/projects/${projectId}/survey/${documentId}#control-${part}`,
  };
}

async function measurePlace(tx: Tx, actor: Actor, { measure = "", pilot = "" }: Target): Promise<Place> {
  // The same of measures: to ask the register for one is refused by the database, and would end the page's transaction.
  if (reachOf(actor.role, "measure") === null) throw notFound({ logMessage: `measure ${measure}` });
  const [row] = await tx
    .select({
      tenantId: pilots.tenantId,
      projectId: pilots.projectId,
      siteId: pilots.siteId,
      code: measures.code,
      title: measures.title,
      of: pilots.name,
    })
    .from(pilots)
    .innerJoin(
      risks,
      and(
        eq(risks.tenantId, pilots.tenantId),
        eq(risks.projectId, pilots.projectId),
        eq(risks.systemId, pilots.systemId),
      ),
    )
    .innerJoin(measures, and(eq(measures.tenantId, risks.tenantId), eq(measures.riskId, risks.id)))
    .where(and(eq(pilots.id, pilot), eq(measures.id, measure)));
  if (!row) throw notFound({ logMessage: `measure ${measure} of pilot ${pilot}` });
  const title = `${row.code} ${row.title}`;
  return {
    tenantId: row.tenantId,
    projectId: row.projectId,
    siteId: row.siteId,
    documentId: null,
    part: "",
    measureId: measure,
    pilotId: pilot,
    open: actor.level === "site",
    approved: false,
    title: { zh: title, en: title },
    of: row.of,
    back: `/pilots/${pilot}#measures`,
  };
}

/** Files of a target that the caller may see. */
export const evidenceOfTarget = (tx: Tx, place: Place): Promise<EvidenceItem[]> =>
  list(
    tx,
    and(
      eq(evidence.tenantId, place.tenantId),
      place.documentId === null
        ? and(eq(evidence.measureId, place.measureId ?? ""), eq(evidence.pilotId, place.pilotId ?? ""))
        : and(eq(evidence.documentId, place.documentId), eq(evidence.part, place.part)),
    ),
  );

/** Bytes that a site has filed. */
export async function filedBytes(tx: Tx, place: Pick<Place, "tenantId" | "siteId">): Promise<number> {
  const [row] = await tx
    .select({ sum: sql<string>`coalesce(sum(${evidence.bytes}), 0)::text` })
    .from(evidence)
    .where(and(eq(evidence.tenantId, place.tenantId), eq(evidence.siteId, place.siteId)));
  return Number(row?.sum ?? 0);
}

const mega = 1024 * 1024;
/** @throws conflict `sealed` while a document is under review, invalid `evidence_quota` when `bytes` more are too many. */
export async function demandRoom(tx: Tx, place: Place, bytes: number, quotaMb: number): Promise<void> {
  if (!place.open) throw conflict({ code: "sealed", logMessage: "no evidence is added now" });
  if ((await filedBytes(tx, place)) + bytes > quotaMb * mega)
    throw invalid(
      { file: [`error_evidence_quota|quota=${quotaMb}`] },
      { code: "evidence_quota", params: { quota: quotaMb } },
    );
}

export interface NewEvidence {
  id: string;
  name: string;
  mediaType: string;
  bytes: number;
  sha256: string;
}
export const newEvidenceId = (): string => uuidv7();

/**
 * Adds the row of a file whose bytes lie in storage, or gives the row of the same bytes that stands there already. Uploads
 * of one site stand in a row, so that the quota holds for all together.
 * @throws what `placeOfTarget` and `demandRoom` throw
 */
export async function addEvidence(
  tx: Tx,
  actor: Actor,
  target: Target,
  file: NewEvidence,
  quotaMb: number,
): Promise<EvidenceItem> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`evidence ${actor.tenantId} ${actor.siteId ?? ""}`}, 0))`,
  );
  if (target.document !== undefined) await lockDocument(tx, target.document);
  const place = await placeOfTarget(tx, actor, target);
  const same = (await evidenceOfTarget(tx, place)).find((item) => item.sha256 === file.sha256);
  if (same && place.open) return same;
  await demandRoom(tx, place, file.bytes, quotaMb);
  const { tenantId, projectId, siteId, documentId, part, measureId, pilotId } = place;
  const [row] = await tx
    .insert(evidence)
    .values({
      tenantId,
      projectId,
      siteId,
      documentId,
      part,
      measureId,
      pilotId,
      ...file,
      uploadedByName: actor.name,
      createdAt: actor.now,
    })
    .returning();
  if (!row) throw new AppError("internal", 500, "evidence was not stored");
  await noteFiles(tx, actor, documentId);
  return toItem(row);
}

/** An approval answers for the files it was given with: what came or went since is noted on the document. */
async function noteFiles(tx: Tx, actor: Actor, documentId: string | null): Promise<void> {
  if (documentId !== null) await noteDocumentChange(tx, actor, await loadDocument(tx, documentId));
}

/** Takes a file away that was not handed over yet; returns where its bytes lie. @throws conflict `sealed` for one that was. */
export async function removeEvidence(tx: Tx, actor: Actor, id: string): Promise<string> {
  const { documentId } = await loadEvidence(tx, id);
  if (documentId !== null) await lockDocument(tx, documentId);
  const row = await loadEvidence(tx, id);
  if (toItem(row).fixed) throw conflict({ code: "sealed", logMessage: `evidence ${id} was handed over` });
  const gone = await tx
    .delete(evidence)
    .where(and(eq(evidence.tenantId, row.tenantId), eq(evidence.id, id)))
    .returning({ id: evidence.id });
  if (gone.length !== 1) throw notFound({ logMessage: `evidence ${id} may not be removed` });
  await noteFiles(tx, actor, row.documentId);
  return keptUnder(row);
}

/** What is sealed of a document's files, by id; undefined where there are none, so that what was sealed before keeps its digest. */
export async function evidenceToSeal(
  tx: Tx,
  document: { tenantId: string; id: string },
): Promise<SealedEvidence[] | undefined> {
  const items = await evidenceOfDocument(tx, document);
  if (items.length === 0) return undefined;
  return items
    .map(({ id, part, name, bytes, sha256 }) => ({ id, part, name, bytes, sha256 }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Names the submission that sealed the files: from now on they are seen by whoever sees it, and stay. */
export async function sealEvidence(
  tx: Tx,
  submission: { tenantId: string; id: string; documentId: string },
  sealed: readonly SealedEvidence[] | undefined,
): Promise<void> {
  if (!sealed?.length) return;
  await tx
    .update(evidence)
    .set({ submissionId: submission.id })
    .where(
      and(
        eq(evidence.tenantId, submission.tenantId),
        eq(evidence.documentId, submission.documentId),
        isNull(evidence.submissionId),
        inArray(
          evidence.id,
          sealed.map((s) => s.id),
        ),
      ),
    );
}
